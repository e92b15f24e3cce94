"""The scores of 2017 beside what their printed inputs give: with either mix alone, with both, and as chosen; groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import polars as pl

from supplyrisk.scores.criticality.formulas import SupplyData, group_mean
from supplyrisk.scores.criticality.input_checks import METHOD
from supplyrisk.scores.criticality.printed import HALF_STEP, INDEX_STEP, PrintedInputs, supply_risk_bounds
from supplyrisk.scores.reproduction import Reproduction

EDITION = 2017
_SAFE = 1e-9

BY_MIX: Mapping[SupplyData, str] = MappingProxyType({"global": "sr_global_only", "eu": "sr_eu_only", "both": "sr_both"})
"""Column with the score that the study prints for each mix beside the one that counts."""

STEP_APART = frozenset({"erbium", "samarium"})
"""Materials whose score in table 3 is 0.1 above the one that table 18 prints for the same mix."""

_SOURCE = "European Commission 2017, Study on the review of the list of critical raw materials, tables 3, 18, 19"
_RATES = ("eol_rir_share", "substitution_index_sr")
_INPUTS: Mapping[SupplyData, tuple[str, ...]] = MappingProxyType(
    {
        "global": ("hhi_wgi_t_global", *_RATES),
        "eu": ("hhi_wgi_t_eu", *_RATES),
        "both": ("hhi_wgi_t_global", "hhi_wgi_t_eu", "import_reliance_share", *_RATES),
    }
)


def supply_risk_2017(assessment: pl.DataFrame) -> Iterator[Reproduction]:
    """The 78 scores of 2017 from their printed inputs; holds where the rounding of inputs and result allows it.

    The score that counts, the scores with world supply alone, with EU sourcing alone and with both mixes, and the score
    that counts beside that of its mix.
    """
    own = assessment.filter((pl.col("edition") == EDITION) & (pl.col("score_level") == "own")).sort("material_id")
    rows = own.to_dicts()
    for row in rows:
        yield _from_inputs("supply_risk_2017", row, "supply_risk", row["supply_data_used"])
    for supply_data, column in BY_MIX.items():
        for row in rows:
            yield _from_inputs(f"supply_risk_{supply_data}_2017", row, column, supply_data)
    for row in rows:
        yield _as_chosen(row)


def _from_inputs(check: str, row: Mapping[str, Any], column: str, supply_data: SupplyData | None) -> Reproduction:
    published = row[column]
    needed = ("supply_data_used",) if supply_data is None else _INPUTS[supply_data]
    missing = [name for name in needed if row[name] is None]
    if published is None or supply_data is None or missing:
        note = "not printed" if published is None else f"inputs missing: {', '.join(missing)}"
        return Reproduction(METHOD, check, row["material_id"], published, None, 0.0, _SOURCE, note)
    bounds = supply_risk_bounds(
        PrintedInputs(
            supply_data,
            row["hhi_wgi_t_global"],
            row["hhi_wgi_t_eu"],
            row["import_reliance_share"],
            row["eol_rir_share"],
            row["substitution_index_sr"],
        )
    )
    side = bounds.high - bounds.value if published > bounds.value else bounds.value - bounds.low
    return Reproduction(
        METHOD,
        check,
        row["material_id"],
        published,
        bounds.value,
        side + HALF_STEP + _SAFE,
        _SOURCE,
        "range: what the inputs as rounded allow",
        ours_low=bounds.low,
        ours_high=bounds.high,
    )


def _as_chosen(row: Mapping[str, Any]) -> Reproduction:
    """The score that counts beside the one printed for the mix that it is said to rest on."""
    used, material = row["supply_data_used"], row["material_id"]
    of_mix = None if used is None else row[BY_MIX[used]]
    is_apart = material in STEP_APART
    note = "printed a step apart in tables 3 and 18" if is_apart else f"mix: {used}"
    if of_mix is None:
        note = "inputs missing: the score of the mix used"
    allowed = (INDEX_STEP if is_apart else 0.0) + _SAFE
    return Reproduction(METHOD, "supply_risk_mix_2017", material, row["supply_risk"], of_mix, allowed, _SOURCE, note)


def group_means_2017(assessment: pl.DataFrame, members: Mapping[str, Sequence[str]]) -> Iterator[Reproduction]:
    """Groups of 2017 as the plain mean of their members, each rounded."""
    edition = assessment.filter(pl.col("edition") == EDITION)
    scores = dict(edition.select("material_id", "supply_risk").iter_rows())
    for group in edition.filter(pl.col("score_level") == "group").sort("material_id")["material_id"]:
        own = [scores.get(member) for member in members.get(group, ())]
        known = [score for score in own if score is not None]
        whole = bool(known) and len(known) == len(own)
        told = f"mean of {len(known)} members"
        yield Reproduction(
            METHOD,
            "group_mean_2017",
            group,
            scores[group],
            group_mean(known) if whole else None,
            2 * HALF_STEP + _SAFE,
            _SOURCE,
            told if whole else f"inputs missing: {len(known)} of {len(own)} members have a score",
        )
