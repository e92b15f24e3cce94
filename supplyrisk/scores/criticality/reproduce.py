"""The Commission's published scores, reproduced from the inputs that the studies print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.scores.criticality.formulas import SupplyData, economic_importance, group_mean, is_critical
from supplyrisk.scores.criticality.input_checks import GOVERNANCE_YEAR, METHOD, input_checks
from supplyrisk.scores.criticality.printed import HALF_STEP, PERCENT_STEP
from supplyrisk.scores.criticality.reading import FACTOR_BOUND, Reading, implied_factor, read_published
from supplyrisk.scores.criticality.study import Mix, Scope, governance_of_year, members_of, study_mixes
from supplyrisk.scores.criticality.study_2017 import group_means_2017, supply_risk_2017
from supplyrisk.scores.criticality.study_counts import figures_printed
from supplyrisk.scores.reproduction import Reproduction

COARSE_STEP = 0.05
_SAFE = 1e-9

ADDED_AS_STRATEGIC = ("copper", "nickel")
"""On the list of 2024 because they are strategic, not by the thresholds."""

LISTED = {2020: 30, 2023: 32}
"""Materials and groups above both thresholds, as the studies of 2020 and 2023 count them."""

USES_NOT_SEEN = frozenset(
    {
        "bentonite", "germanium", "gypsum", "helium", "hydrogen", "krypton", "lead", "lithium", "molybdenum",
        "natural_cork", "natural_graphite", "natural_teak_wood", "neon", "nickel", "niobium", "perlite", "pgm",
        "phosphorus", "rare_earths_heavy", "rare_earths_light", "rhenium", "roundwood", "sapele_wood", "scandium",
        "tantalum", "tellurium", "titanium_metal", "xenon", "zinc",
    }
)  # fmt: skip
"""Materials and groups of 2023 whose uses in annex 6 were not seen."""

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
    yield from figures_printed(tables.eu_assessment, tables.eu_sourcing, tables.eu_material_uses)
    yield from implied_factors_2023(tables)
    yield from lists(tables.eu_assessment)
    yield from economic_importance_2023(tables.eu_assessment, tables.eu_material_uses)
    yield from input_checks(tables.eu_assessment, tables.eu_sourcing, tables.eu_material_uses, tables.governance)


def implied_factors_2023(tables: StudyTables) -> Iterator[Reproduction]:
    """(1 − EoL-RIR)·SI_SR that each score of 2023 implies: it cannot exceed one by more than the bound of the method.

    Compared is the smallest factor of the mix and the import reliances that the score allows (reading.read_published),
    with its range over these, at the stage scored, or at the stage with the larger index where that was not seen.
    """
    risks = governance_of_year(tables.governance, GOVERNANCE_YEAR)
    members, mixes = members_of(tables.materials, tables.eu_assessment), study_mixes(tables.eu_sourcing, 2023)
    edition = tables.eu_assessment.filter((pl.col("edition") == 2023) & pl.col("supply_risk").is_not_null()).sort(
        "material_id"
    )
    for row in edition.iter_rows(named=True):
        found = _implied(mixes, row, members.get(row["material_id"], ()), risks)
        has_range = found.low is not None and found.low != found.high
        yield Reproduction(
            METHOD,
            "implied_factor_2023",
            row["material_id"],
            1.0,
            found.low,
            FACTOR_BOUND - 1.0 + _SAFE,
            f"{_STUDY_2023}, annexes 4 and 7",
            f"published {row['supply_risk']:g}; {found.told}",
            "at_most",
            found.low if has_range else None,
            found.high if has_range else None,
        )


@dataclass(frozen=True)
class _Implied:
    """Smallest and largest implied factor, or None without shares, and what it rests on in words."""

    low: float | None
    high: float | None
    told: str


def _implied(mixes: _Mixes, row: Mapping[str, object], members: Sequence[str], risks: Mapping[str, float]) -> _Implied:
    published = float(str(row["supply_risk"]))
    if row["score_level"] == "group":
        found = [index for member in members if (index := _indices(mixes, member, "processing", risks)[0]) is not None]
        if not found or len(found) != len(members):
            return _Implied(None, None, f"inputs missing: {len(found)} of {len(members)} members have shares")
        of_group = published / group_mean(found)
        return _Implied(of_group, of_group, f"mean of {len(found)} members, processing, world supply alone")
    stages = [str(row["stage"])] if row["stage"] is not None else ["extraction", "processing"]
    by_stage = {stage: _indices(mixes, str(row["material_id"]), stage, risks) for stage in stages}
    factors = {
        stage: factor
        for stage, indices in by_stage.items()
        if (factor := implied_factor(published, *indices)) is not None
    }
    if not factors:
        return _Implied(None, None, "inputs missing: no shares, or too little governance, for the stage scored")
    stage = min(sorted(factors), key=factors.__getitem__)
    reading = read_published(published, *by_stage[stage])
    if reading is None:
        return _Implied(factors[stage], factors[stage], f"{stage}, no mix reaches the score")
    return _Implied(reading.factor_low, reading.factor_high, f"{stage}, {_told(reading, factors[stage])}")


_MIX_WORDS: Mapping[SupplyData, str] = {
    "both": "both mixes",
    "global": "world supply alone",
    "eu": "EU sourcing alone",
}


def _told(reading: Reading, smallest: float) -> str:
    """The mix; where it is both, the import reliances that the score allows, and a smaller factor of world supply."""
    mix = _MIX_WORDS[reading.supply_data]
    if reading.supply_data != "both":
        return mix
    at = f"{mix}, import reliance {reading.reliance_low:.2f} to {reading.reliance_high:.2f}"
    return f"{at}; world supply alone {smallest:.3f}" if smallest < reading.factor_low - _SAFE else at


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
            unseen = material in USES_NOT_SEEN
            note = "uses not seen" if unseen else f"inputs missing: none of {own.height} uses has a division"
            bound = None if unseen else 1.0
            yield Reproduction(METHOD, "implied_substitution_2023", material, bound, None, 0.0, _STUDY_2023, note)
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
