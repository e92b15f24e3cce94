"""How many figures of each study there are: what is deleted would otherwise make a comparison vanish, not fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import polars as pl

from supplyrisk.scores.criticality.input_checks import METHOD
from supplyrisk.scores.reproduction import Reproduction

SCORES: Mapping[tuple[int, str], int] = MappingProxyType(
    {
        (2017, "supply_risk"): 81,
        (2017, "economic_importance"): 81,
        (2017, "sr_global_only"): 78,
        (2017, "sr_eu_only"): 77,
        (2017, "sr_both"): 77,
        (2020, "supply_risk"): 66,
        (2020, "economic_importance"): 66,
        (2023, "supply_risk"): 70,
        (2023, "economic_importance"): 70,
        (2023, "main_global_share"): 62,
        (2023, "main_eu_share"): 56,
    }
)
"""Scores of materials and groups by edition: 78, 63 and 67 of materials and three of groups; main suppliers."""

LISTS: Mapping[str, tuple[int, int]] = MappingProxyType({"global_supply": (122, 2561), "eu_sourcing": (96, 907)})
"""Lists of annex 7 (material and stage) and shares in them, by scope."""

USES = (60, 338, 321)
"""Materials of annex 6 whose uses were seen, uses, and those with a value added."""

_SOURCES: Mapping[int, str] = MappingProxyType(
    {
        2017: "European Commission 2017, Study on the review of the list of critical raw materials, tables 3, 18, 19",
        2020: "European Commission 2023, Study on the critical raw materials for the EU, annex 4",
        2023: "European Commission 2023, Study on the critical raw materials for the EU, annexes 4, 6, 7, Table A",
    }
)


def figures_printed(assessment: pl.DataFrame, sourcing: pl.DataFrame, uses: pl.DataFrame) -> Iterator[Reproduction]:
    """Number of figures in eu_assessment, eu_sourcing and eu_material_uses beside the number that was transcribed."""
    for (edition, column), count in SCORES.items():
        of_edition = assessment.filter(pl.col("edition") == edition)
        yield _counted(edition, column, count, of_edition[column].drop_nulls().len())
    shares = sourcing.filter(pl.col("edition") == 2023)
    for scope, (lists, rows) in LISTS.items():
        of_scope = shares.filter(pl.col("scope") == scope)
        yield _counted(2023, f"lists of {scope}", lists, of_scope.select("material_id", "stage").n_unique())
        yield _counted(2023, f"shares of {scope}", rows, of_scope.height)
    of_annex = uses.filter(pl.col("edition") == 2023)
    yield _counted(2023, "materials with uses", USES[0], of_annex["material_id"].n_unique())
    yield _counted(2023, "uses", USES[1], of_annex.height)
    yield _counted(2023, "uses with a value added", USES[2], of_annex["value_added_meur"].drop_nulls().len())


def _counted(edition: int, subject: str, expected: int, found: int) -> Reproduction:
    note = "" if found == expected else f"{abs(found - expected)} {'missing' if found < expected else 'too many'}"
    check, source = f"figures_printed_{edition}", _SOURCES[edition]
    return Reproduction(METHOD, check, subject, float(expected), float(found), 0.0, source, note)
