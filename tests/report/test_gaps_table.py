"""What is missing: one right count, and each name once."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from supplyrisk.findings.published import official_findings
from supplyrisk.report.criticality_tables import not_live_table
from supplyrisk.report.gaps_table import gaps_table
from supplyrisk.report.wording import LANGUAGES, Names, Wording
from supplyrisk.scores.table import SCHEMA

NAMES = Names(
    countries={"EU27": "European Union", "NLD": "Netherlands"},
    products={"tin_mine": "Tin, mine", "cobalt_mine": "Cobalt, mine", "tin_refined": "Tin, refined"},
    materials={"cobalt": "Cobalt", "tin": "Tin", "bismuth": "Bismuth"},
    editions={},
)


@pytest.fixture(params=LANGUAGES)
def wording(request: pytest.FixtureRequest) -> Wording:
    """Both languages."""
    return Wording(request.param, NAMES)


def row(metric: str, reason: str | None, **further: Any) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(SCHEMA)
    found |= {"metric": metric, "missing_reason": reason, "value": 1.0 if reason is None else None}
    return found | {"scope": "EU27", "scenario": "base", "quality": "C"} | further


def table_of(rows: list[dict[str, Any]]) -> pl.DataFrame:
    scores = pl.DataFrame(rows, schema=dict(SCHEMA))
    return scores.with_columns(is_focus=pl.col("country").is_in(["EU27", "NLD"]))


def live() -> pl.DataFrame:
    """Live scores: one with a product that stands for its material, two without, one of these a group."""
    no_series = "no_series_from_study_to_today"
    rows = [row("supply_risk_published", None, material_id=name, year=2023) for name in ("bismuth", "cobalt", "tin")]
    rows += [
        row("supply_risk_live", None, material_id="tin", product_id="tin_refined", year=2023, low=1.0, high=1.0),
        row("supply_risk_live", no_series, material_id="cobalt", product_id="cobalt_mine"),
        row("supply_risk_live", no_series, material_id="bismuth"),
    ]
    return table_of(rows)


def test_materials_without_a_product_are_counted_as_in_the_chapter(wording: Wording) -> None:
    (line,) = gaps_table(live(), wording).rows
    told = next(one for one in official_findings(live()) if one.message_id == "official_without")
    chapter = not_live_table(live(), wording)
    assert chapter is not None
    assert line[2] == str(told.numbers["count"]) == chapter.rows[0][1] == "2"
    assert line[3] == {"en": "bismuth and cobalt", "nl": "bismuth en cobalt"}[wording.language]


def test_a_name_stands_once_over_years_end_products_and_apart_by_outlook(wording: Wording) -> None:
    no_trade, no_year = "no_trade_table", "year_not_in_table"
    rows = [row("import_hhi", no_trade, product_id="cobalt_mine", year=year) for year in (2022, 2023, 2024)]
    rows += [
        row("import_hhi", no_trade, product_id="tin_mine", year=2023),
        row("import_hhi", no_year, product_id="tin_mine", year=2022),
        row("import_hhi", None, product_id="tin_mine", year=2024),
        row("import_dependence", no_trade, product_id="tin_mine", year=2024),
        row("import_dependence", no_trade, product_id="tin_mine", year=2030, scenario="outlook_2030"),
    ]
    lines = gaps_table(table_of(rows), wording).rows
    mined = {"en": "mined", "nl": "gewonnen"}[wording.language]
    cobalt, joint = {"en": ("cobalt", "and"), "nl": ("kobalt", "en")}[wording.language]
    assert [line[2:] for line in lines] == [
        ("1", f"{mined} tin"),
        ("1", f"{mined} tin"),
        ("2", f"{mined} {cobalt} {joint} {mined} tin (2023)"),
        ("1", f"{mined} tin (2022)"),
    ]
    assert [("2030" in line[0]) for line in lines] == [False, True, False, False]


def test_scores_of_stages_and_of_end_products_are_named_and_counted(wording: Wording) -> None:
    rows = [
        row("stage_capacity_by_value", "value_per_unit_missing", stage="refining"),
        row("stage_capacity_of_material", "place_of_use_unknown", stage="refining", material_id="tin"),
        row("stage_capacity_of_material", "place_of_use_unknown", stage="refining", material_id="cobalt"),
        row("stage_capacity_of_material", "place_of_use_unknown", stage="extraction", material_id="tin"),
        row("value_added_share_made", "nothing_used_in_region", scope="NLD", country="EU27", end_product="battery"),
    ]
    lines = gaps_table(table_of(rows), wording).rows
    refining, extraction = (str(wording.catalogue["stages"][stage]).lower() for stage in ("refining", "extraction"))
    assert lines[0][2:] == ("1", refining)
    assert [line[2] for line in lines[1:3]] == ["1", "2"]
    assert [name in line[0] for name, line in zip((extraction, refining), lines[1:3], strict=True)] == [True, True]
    assert lines[3][0].endswith("Netherlands")
    assert lines[3][2:] == ("1", wording.format_end("battery"))
