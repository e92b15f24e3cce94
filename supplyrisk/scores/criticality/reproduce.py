"""The Commission's published scores, reproduced from the inputs that the studies print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.scores.criticality.formulas import (
    economic_importance,
    group_mean,
    is_critical,
)
from supplyrisk.scores.criticality.input_checks import GOVERNANCE_YEAR, METHOD, input_checks
from supplyrisk.scores.criticality.printed import INDEX_STEP, PERCENT_STEP, PrintedInputs, supply_risk_bounds
from supplyrisk.scores.criticality.reading import FACTOR_BOUND, implied_factor
from supplyrisk.scores.criticality.study import Mix, Scope, governance_of_year, members_of, study_mixes
from supplyrisk.scores.reproduction import Reproduction

HALF_STEP = INDEX_STEP / 2.0
COARSE_STEP = 0.05
_SAFE = 1e-9

ADDED_AS_STRATEGIC = ("copper", "nickel")
"""On the list of 2024 because they are strategic, not by the thresholds."""

LISTED = {2020: 30, 2023: 32}
"""Materials and groups above both thresholds, as the studies of 2020 and 2023 count them."""

_STUDY_2017 = "European Commission 2017, Study on the review of the list of critical raw materials, tables 3, 18, 19"
_STUDY_2023 = "European Commission 2023, Study on the critical raw materials for the EU"


_Mixes = Mapping[tuple[str, str, Scope], Mix]


@dataclass(frozen=True)
class StudyTables:
    """The tables of the data package that the reproductions rest on."""

    eu_assessment: pl.DataFrame
    eu_sourcing: pl.DataFrame
    eu_material_uses: pl.DataFrame
    governance: pl.DataFrame
    materials: pl.DataFrame


def criticality_reproductions(tables: StudyTables) -> Iterator[Reproduction]:
    """Comparisons with the Commission's scores: 2017 by interval, groups, 2023 by implied factor, lists, EI; inputs."""
    yield from supply_risk_2017(tables.eu_assessment)
    yield from group_means_2017(tables.eu_assessment, members_of(tables.materials, tables.eu_assessment))
    yield from implied_factors_2023(tables)
    yield from lists(tables.eu_assessment)
    yield from economic_importance_2023(tables.eu_assessment, tables.eu_material_uses)
    yield from input_checks(tables.eu_assessment, tables.eu_sourcing, tables.eu_material_uses, tables.governance)


def supply_risk_2017(assessment: pl.DataFrame) -> Iterator[Reproduction]:
    """The 78 scores of 2017 from their printed inputs; holds where the rounding of inputs and result allows it."""
    rows = assessment.filter((pl.col("edition") == 2017) & (pl.col("score_level") == "own")).sort("material_id")
    for row in rows.iter_rows(named=True):
        printed = PrintedInputs(
            row["supply_data_used"],
            row["hhi_wgi_t_global"],
            row["hhi_wgi_t_eu"],
            row["import_reliance_share"],
            row["eol_rir_share"],
            row["substitution_index_sr"],
        )
        published = row["supply_risk"]
        try:
            bounds = supply_risk_bounds(printed)
        except ValueError as error:
            yield Reproduction(
                METHOD, "supply_risk_2017", row["material_id"], published, None, 0.0, _STUDY_2017, str(error)
            )
            continue
        side = bounds.high - bounds.value if published > bounds.value else bounds.value - bounds.low
        yield Reproduction(
            METHOD,
            "supply_risk_2017",
            row["material_id"],
            published,
            bounds.value,
            side + HALF_STEP + _SAFE,
            _STUDY_2017,
            f"inputs as rounded allow {bounds.low:.2f} to {bounds.high:.2f}",
        )


def group_means_2017(assessment: pl.DataFrame, members: Mapping[str, Sequence[str]]) -> Iterator[Reproduction]:
    """Groups of 2017 as the plain mean of their members, each rounded."""
    edition = assessment.filter(pl.col("edition") == 2017)
    scores = dict(edition.select("material_id", "supply_risk").iter_rows())
    for group in edition.filter(pl.col("score_level") == "group").sort("material_id")["material_id"]:
        own = [scores.get(member) for member in members.get(group, ())]
        known = [score for score in own if score is not None]
        whole = bool(known) and len(known) == len(own)
        yield Reproduction(
            METHOD,
            "group_mean_2017",
            group,
            scores[group],
            group_mean(known) if whole else None,
            2 * HALF_STEP + _SAFE,
            _STUDY_2017,
            f"mean of {len(known)} members" if whole else f"{len(known)} of {len(own)} members have a score",
        )


def implied_factors_2023(tables: StudyTables) -> Iterator[Reproduction]:
    """(1 − EoL-RIR)·SI_SR that each score of 2023 implies: it cannot exceed one by more than the bound of the method.

    The smallest factor over the mixes and import reliances is compared, at the stage scored, or at the stage with the
    larger index where that was not seen.
    """
    risks = governance_of_year(tables.governance, GOVERNANCE_YEAR)
    members, mixes = members_of(tables.materials, tables.eu_assessment), study_mixes(tables.eu_sourcing, 2023)
    edition = tables.eu_assessment.filter((pl.col("edition") == 2023) & pl.col("supply_risk").is_not_null()).sort(
        "material_id"
    )
    for row in edition.iter_rows(named=True):
        material, published = row["material_id"], row["supply_risk"]
        factor, told = _smallest_factor(mixes, row, members.get(material, ()), risks)
        yield Reproduction(
            METHOD,
            "implied_factor_2023",
            material,
            None if factor is None else 1.0,
            factor,
            FACTOR_BOUND - 1.0 + _SAFE,
            f"{_STUDY_2023}, annexes 4 and 7",
            f"published {published:g}; {told}",
            "at_most",
        )


def _smallest_factor(
    mixes: _Mixes, row: Mapping[str, object], members: Sequence[str], risks: Mapping[str, float]
) -> tuple[float | None, str]:
    published = float(str(row["supply_risk"]))
    if row["score_level"] == "group":
        found = [index for member in members if (index := _indices(mixes, member, "processing", risks)[0]) is not None]
        if not found or len(found) != len(members):
            return None, f"{len(found)} of {len(members)} members have shares"
        return published / group_mean(found), f"mean of {len(found)} members, processing, world supply alone"
    stages = [str(row["stage"])] if row["stage"] is not None else ["extraction", "processing"]
    factors = {
        stage: factor
        for stage in stages
        if (factor := implied_factor(published, *_indices(mixes, str(row["material_id"]), stage, risks))) is not None
    }
    if not factors:
        return None, "no shares printed for the stage scored"
    stage = min(sorted(factors), key=factors.__getitem__)
    return factors[stage], f"{stage}, smallest over the mixes and import reliances"


def _indices(mixes: _Mixes, material: str, stage: str, risks: Mapping[str, float]) -> tuple[float | None, float | None]:
    """Index of world supply and of EU sourcing."""
    of_world, of_eu = mixes.get((material, stage, "global_supply")), mixes.get((material, stage, "eu_sourcing"))
    return (
        None if of_world is None else of_world.index(risks),
        None if of_eu is None else of_eu.index(risks),
    )


def lists(assessment: pl.DataFrame) -> Iterator[Reproduction]:
    """Materials and groups above both thresholds: their number in 2020 and 2023, and the list of 2023 by name."""
    scored = assessment.filter(
        pl.col("score_level").is_in(["own", "group"])
        & pl.col("supply_risk").is_not_null()
        & pl.col("economic_importance").is_not_null()
    )
    for edition, count in LISTED.items():
        rows = scored.filter(pl.col("edition") == edition)
        above = _above(rows)
        yield Reproduction(
            METHOD, f"critical_materials_{edition}", "count", count, float(len(above)), 0.0, f"{_STUDY_2023}, annex 4"
        )
    rows = scored.filter(pl.col("edition") == 2023)
    listed = set(rows.filter(pl.col("critical") & (pl.col("critical_basis") == "list"))["material_id"])
    for material in sorted(rows["material_id"]):
        strategic_only = material in ADDED_AS_STRATEGIC
        on_list = material in listed and not strategic_only
        yield Reproduction(
            METHOD,
            "critical_list_2023",
            material,
            float(on_list),
            float(material in _above(rows)),
            0.0,
            "Regulation (EU) 2024/1252, Annex II",
            "on the list as strategic, below the threshold of supply risk" if strategic_only else "",
        )


def _above(rows: pl.DataFrame) -> set[str]:
    scores = rows.select("material_id", "supply_risk", "economic_importance").iter_rows()
    return {material for material, risk, importance in scores if is_critical(risk, importance)}


def economic_importance_2023(assessment: pl.DataFrame, uses: pl.DataFrame) -> Iterator[Reproduction]:
    """Published EI of 2023 over 10·Σ A·Q/Q_max of its uses: the substitution index it implies, which is at most one.

    A use without a NACE division adds nothing, so the implied index can exceed one by what such uses would add; the
    note names that part.
    """
    edition = uses.filter(pl.col("edition") == 2023)
    largest = float(edition["value_added_meur"].drop_nulls().max() or 0.0)  # type: ignore[arg-type]
    rows = assessment.filter((pl.col("edition") == 2023) & pl.col("economic_importance").is_not_null())
    for material, published in rows.select("material_id", "economic_importance").sort("material_id").iter_rows():
        own = edition.filter(pl.col("material_id") == material)
        given = own.filter(pl.col("nace").is_not_null() & pl.col("value_added_meur").is_not_null())
        if given.is_empty():
            note = "no use with a division" if own.height else "uses not in the data"
            yield Reproduction(METHOD, "implied_substitution_2023", material, None, None, 0.0, _STUDY_2023, note)
            continue
        scaled = economic_importance(given["share"].to_list(), given["value_added_meur"].to_list(), largest, 1.0)
        unallocated = max(1.0 - float(given["share"].sum()), 0.0)
        # What is not allocated could carry the largest division at most; shares are rounded, EI has one decimal.
        half = share_step(own["share"].to_list()) / 2.0
        rounding = economic_importance([half] * given.height, given["value_added_meur"].to_list(), largest, 1.0)
        slack = (HALF_STEP + rounding + 10.0 * unallocated) / scaled
        yield Reproduction(
            METHOD,
            "implied_substitution_2023",
            material,
            1.0,
            published / scaled,
            slack + _SAFE,
            f"{_STUDY_2023}, annexes 4 and 6",
            f"published {published:g}, uses give {scaled:.2f}, {unallocated:.0%} of use without a division",
            "at_most",
        )


def share_step(shares: Sequence[float]) -> float:
    """Step to which shares of use are rounded: five per cent where all of at least four are whole fives, else one."""
    fives = [share / COARSE_STEP for share in shares]
    return COARSE_STEP if len(fives) >= 4 and all(abs(five - round(five)) < 1e-6 for five in fives) else PERCENT_STEP
