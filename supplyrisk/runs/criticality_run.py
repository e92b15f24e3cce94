"""The live supply risk of a project, what it changed by, and how firm its rank is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.runs.live_inputs import NO_STAGE, LiveInputs
from supplyrisk.scores.criticality.design import designs, standings
from supplyrisk.scores.criticality.live import LiveScore, live_supply_risk
from supplyrisk.scores.criticality.live_core import LiveInput
from supplyrisk.scores.criticality.rows import NO_PUBLISHED_SCORE, live_rows, standing_rows
from supplyrisk.scores.criticality.study import governance_by_dimension
from supplyrisk.scores.table import Basis, ScoreRow

TABLES = (
    "eu_assessment",
    "eu_imports",
    "eu_material_uses",
    "eu_sourcing",
    "export_restrictions",
    "hs_content",
    "production",
    "trade",
    "world_output",
)
DESIGN_YEARS = 3
"""Latest years of governance that the design varies over."""


def live_scores(given: LiveInputs) -> Iterator[ScoreRow]:
    """The live score of every material of the reference edition, its change by cause, and how firm its rank is."""
    scored = given.package.table("eu_assessment").filter(
        (pl.col("edition") == given.assumed.reference_edition) & pl.col("score_level").is_in(["own", "group"])
    )
    found = [_scored(given, row) for row in scored.sort("material_id").iter_rows(named=True)]
    for one in found:
        yield from live_rows(one.material, one.product, one.stage, one.basis, one.live)
    yield from _design_rows(given, found)


@dataclass(frozen=True)
class _Scored:
    """A material of the reference edition with its live score, or the reason why there is none."""

    material: str
    product: str | None
    stage: str | None
    published: float | None
    importance: float | None
    choices: tuple[tuple[LiveInput, ...], ...]
    basis: Basis
    live: LiveScore | str


def _design_rows(given: LiveInputs, every_material: Sequence[_Scored]) -> Iterator[ScoreRow]:
    """How often each material with a live score is in the top ten of all that are published, over designs and draws."""
    governance = given.package.table("governance")
    years = governance["year"].unique().sort(descending=True).head(DESIGN_YEARS)
    every = designs(
        governance_by_dimension(governance, given.assumed.reference_governance_year),
        {str(year): governance_by_dimension(governance, year) for year in years},
    )
    live = {
        one.material: one.live for one in every_material if isinstance(one.live, LiveScore) and one.live.is_complete
    }
    scored = [one for one in every_material if one.material in live]
    found = standings(
        {one.material: one.published for one in every_material if one.published is not None},
        {one.material: one.choices for one in scored},
        live,
        given.conditions,
        every,
        {one.material: one.importance for one in scored if one.importance is not None},
        given.assumed.thresholds.pairs,
    )
    for one in scored:
        yield from standing_rows(one.material, one.product, one.stage, one.basis, found.get(one.material))


def _scored(given: LiveInputs, row: Mapping[str, object]) -> _Scored:
    """Live score of one material or group of the reference edition."""
    material = str(row["material_id"])
    stage, members = given.members(row)
    product = members[material] if members.keys() == {material} else None
    choices: tuple[tuple[LiveInput, ...], ...] = ()
    reason: str | None = None
    published, importance = (
        None if row[name] is None else float(str(row[name])) for name in ("supply_risk", "economic_importance")
    )
    if published is None or importance is None:
        reason = NO_PUBLISHED_SCORE
    elif not members or stage is None:
        reason = NO_STAGE
    else:
        found = given.choices(members, stage)
        reason, choices = (found, ()) if isinstance(found, str) else (None, found)
    if reason is not None or published is None:
        return _Scored(material, product, stage, published, importance, (), Basis(), reason or NO_PUBLISHED_SCORE)
    live = live_supply_risk(published, choices[0], given.conditions, choices[1:])
    basis = _basis(given, str(row["row_id"]), choices, live)
    return _Scored(material, product, stage, published, importance, choices, basis, live)


def _basis(given: LiveInputs, row_id: str, choices: Sequence[Sequence[LiveInput]], found: LiveScore | str) -> Basis:
    """Year up to which all series of the central choice reach, its editions, and the rows of all."""
    if isinstance(found, LiveScore) and not found.is_complete:
        choices = [[one.at_study_shares() for one in choices[0]]]
    central = choices[0]
    if isinstance(found, str) or found.reading.supply_data == "global":
        sourcing = "world_supply_alone"
    else:
        sourcing = "eu_mix_carried" if "eu" in found.carried else "eu_mix_of_study"
    names = dict.fromkeys(mix.name for one in central if (mix := one.global_now) is not None)
    rows = [row for choice in choices for one in choice for row in (*one.row_ids, *given.governance_rows(one))]
    return Basis(
        found.year if isinstance(found, LiveScore) else None,
        "+".join([f"ec_{given.assumed.reference_edition}", *names, sourcing]),
        "C",
        list(dict.fromkeys([row_id, *rows])),
    )
