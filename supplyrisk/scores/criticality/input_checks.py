"""Inputs of the study of 2023 against each other: shares that add up, main suppliers as printed, indices worked out.

Its scores can only be bounded from the shares (reproduce.implied_factors_2023), which a share that is too large or an
indicator that is too good would not break. These comparisons hold the inputs themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import polars as pl

from supplyrisk.scores.criticality.study import Scope, governance_of_year, study_mixes
from supplyrisk.scores.reproduction import Comparison, Reproduction

METHOD = "ec_criticality"
EDITION, GOVERNANCE_YEAR = 2023, 2020
"""Edition, and year of its indicators; with 2022 every implied factor stays within the bound as well."""

SCOPES: tuple[Scope, Scope] = ("global_supply", "eu_sourcing")
_SAFE = 1e-9

SHARE_STEP = 0.001
"""Step of the shares of world supply; small ones are rounded up to it, so that long lists add up to more than one."""

PRINTED_STEP = 0.01
"""Step of the share of the main supplier in the study's own table, and of shares of use."""

SHORT_LISTS = frozenset(
    {
        ("boron", "processing"),
        ("krypton", "processing"),
        ("nickel", "extraction"),
        ("nickel", "processing"),
        ("roundwood", "extraction"),
        ("tellurium", "processing"),
        ("titanium", "processing"),
        ("vanadium", "processing"),
    }
)
"""Blocks of world supply that annex 7 prints without the smaller makers: 0.89 to 0.99 in all."""

SHORT_USES = frozenset({"indium"})
"""Materials of which annex 6 leaves part of the use out (a tenth)."""

NACE_DIFFERS = "nace_differs"
"""Mark of uses whose division is not the one that their value added belongs to (manganese)."""

_SHARES = "European Commission 2023, Study on the critical raw materials for the EU, annex 7"
_USES = "European Commission 2023, Study on the critical raw materials for the EU, annex 6"
_SUPPLIERS = "European Commission 2023, Study on the critical raw materials for the EU, main suppliers and annex 7"
_WORKED_OUT = "worked out from annex 7 and the World Governance Indicators of 2020 apart from this program"

INDICES: Mapping[tuple[str, str], tuple[float, float | None]] = MappingProxyType(
    {
        ("beryllium", "extraction"): (1.79, None),
        ("boron", "extraction"): (1.67, 5.87),
        ("cobalt", "extraction"): (3.64, None),
        ("gallium", "processing"): (4.95, 2.73),
        ("lithium", "processing"): (2.19, 2.17),
        ("magnesium", "processing"): (4.62, 5.29),
        ("manganese", "extraction"): (0.72, 1.86),
        ("manganese", "processing"): (2.21, 0.45),
        ("natural_graphite", "extraction"): (2.59, 1.16),
        ("niobium", "processing"): (4.34, 3.73),
        ("phosphorus", "processing"): (3.88, 2.57),
        ("scandium", "processing"): (2.71, 1.80),
        ("silicon_metal", "processing"): (3.26, 0.42),
        ("strontium", "extraction"): (1.61, 2.72),
        ("titanium_metal", "processing"): (1.51, 1.61),
        ("tungsten", "processing"): (4.14, 0.81),
        ("vanadium", "extraction"): (2.47, None),
    }
)
"""HHI_WGI,t of world supply and of EU sourcing, to two decimals."""


def input_checks(
    assessment: pl.DataFrame, sourcing: pl.DataFrame, uses: pl.DataFrame, governance: pl.DataFrame
) -> Iterator[Reproduction]:
    """All of them, from the tables eu_assessment, eu_sourcing, eu_material_uses and governance."""
    yield from shares_add_up(sourcing)
    yield from main_suppliers(assessment, sourcing)
    yield from indices(sourcing, governance)
    yield from uses_add_up(uses)
    yield from one_value_added(uses)


def shares_add_up(sourcing: pl.DataFrame) -> Iterator[Reproduction]:
    """Shares of world supply of each material and stage add up to one, within a step for each share."""
    blocks = sourcing.filter((pl.col("edition") == EDITION) & (pl.col("scope") == "global_supply"))
    for (material, stage), rows in blocks.sort("material_id", "stage").group_by(
        ["material_id", "stage"], maintain_order=True
    ):
        is_short = (str(material), str(stage)) in SHORT_LISTS
        yield _adds_up("shares_add_up_2023", f"{material} {stage}", rows["share"], SHARE_STEP, is_short, _SHARES)


def uses_add_up(uses: pl.DataFrame) -> Iterator[Reproduction]:
    """Shares of use of each material add up to one, within half a step for each share."""
    of_edition = uses.filter(pl.col("edition") == EDITION).sort("material_id")
    for (material,), rows in of_edition.group_by(["material_id"], maintain_order=True):
        is_short = str(material) in SHORT_USES
        yield _adds_up("uses_add_up_2023", str(material), rows["share"], PRINTED_STEP / 2.0, is_short, _USES)


def one_value_added(uses: pl.DataFrame) -> Iterator[Reproduction]:
    """Each NACE division has one value added in all uses of annex 6: that of most, beside the one furthest from it.

    Rows marked ``nace_differs`` print the value of another division, which fits the end use, beside their own; they are
    listed one by one beside the nearest value of any division.
    """
    edition = uses.filter((pl.col("edition") == EDITION) & pl.col("nace").is_not_null()).sort("nace", "row_id")
    is_marked = (pl.col("mark") == NACE_DIFFERS).fill_null(value=False)
    usual: dict[str, float] = {}
    for (division,), rows in edition.filter(~is_marked).group_by(["nace"], maintain_order=True):
        values = rows["value_added_meur"].drop_nulls()
        most = None if values.is_empty() else float(values.mode().sort()[0])
        furthest = None if most is None else max(values, key=lambda one: abs(one - most))
        if most is not None:
            usual[str(division)] = most
        note = f"{values.len()} of {rows.height} uses, million EUR"
        yield Reproduction(METHOD, "value_added_2023", str(division), most, furthest, _SAFE, _USES, note)
    for row in edition.filter(is_marked).iter_rows(named=True):
        value = row["value_added_meur"]
        subject = f"{row['material_id']}: {row['application']}"
        if value is None or not usual:
            note = "inputs missing: no value added of the use, or none of any division"
            yield Reproduction(METHOD, "value_added_2023", subject, 1.0, None, _SAFE, _USES, note)
            continue
        of, nearest = min(usual.items(), key=lambda one: abs(one[1] - value))
        note = f"printed as {row['nace']} with the value added of {of}, million EUR"
        yield Reproduction(METHOD, "value_added_2023", subject, nearest, value, _SAFE, _USES, note)


def _adds_up(check: str, subject: str, shares: pl.Series, step: float, is_short: bool, source: str) -> Reproduction:
    note = f"{shares.len()} shares" + (", smaller ones not printed" if is_short else "")
    comparison: Comparison = "at_most" if is_short else "equal"
    allowed = step * shares.len() + _SAFE
    return Reproduction(METHOD, check, subject, 1.0, float(shares.sum()), allowed, source, note, comparison)


def main_suppliers(assessment: pl.DataFrame, sourcing: pl.DataFrame) -> Iterator[Reproduction]:
    """The share of the main supplier that the study prints by material, beside annex 7 at the stage that is nearest.

    Where annex 7 is known to print another one (``main_global_annex_share``), that is compared.
    """
    edition = assessment.filter(pl.col("edition") == EDITION).sort("material_id")
    for row in edition.iter_rows(named=True):
        annex = "_annex" if row["main_global_annex_share"] is not None else ""
        told = (
            (row[f"main_global{annex}_iso3"], row[f"main_global{annex}_share"]),
            (row["main_eu_iso3"], row["main_eu_share"]),
        )
        for scope, (country, share) in zip(SCOPES, told, strict=True):
            if share is None:
                continue
            printed = float(str(share))
            found = sourcing.filter(
                (pl.col("edition") == EDITION)
                & (pl.col("material_id") == row["material_id"])
                & (pl.col("scope") == scope)
            )
            shares = found.filter(pl.col("iso3") == country)["share"].to_list()
            nearest = min(shares, key=lambda one: abs(one - printed), default=None)
            yield Reproduction(
                METHOD,
                "main_supplier_2023",
                f"{row['material_id']} {scope}",
                printed,
                nearest,
                (PRINTED_STEP + SHARE_STEP) / 2.0 + _SAFE,
                _SUPPLIERS,
                str(country) if shares else f"inputs missing: {country} has no share in annex 7",
            )


def indices(
    sourcing: pl.DataFrame,
    governance: pl.DataFrame,
    expected: Mapping[tuple[str, str], tuple[float, float | None]] = INDICES,
) -> Iterator[Reproduction]:
    """HHI_WGI,t of the shares of the study beside the same worked out elsewhere, to its two decimals."""
    risks, mixes = governance_of_year(governance, GOVERNANCE_YEAR), study_mixes(sourcing, EDITION)
    for (material, stage), values in expected.items():
        for scope, value in zip(SCOPES, values, strict=True):
            if value is None:
                continue
            mix = mixes.get((material, stage, scope))
            ours = None if mix is None else mix.index(risks)
            note = stage if ours is not None else f"inputs missing: no shares of {stage}, or too little governance"
            yield Reproduction(
                METHOD, "index_2023", f"{material} {scope}", value, ours, 0.005 + _SAFE, _WORKED_OUT, note
            )
