"""Findings, tables and charts on official scores and on targets, from a few rows by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from supplyrisk.findings.finding import Finding
from supplyrisk.findings.live_reach import LiveReach, live_reach
from supplyrisk.findings.published import official_findings, single_country_findings, target_findings
from supplyrisk.report.criticality_tables import (
    change_table,
    criticality_table,
    partial_table,
    standing_table,
)
from supplyrisk.report.policy_tables import (
    imports_table,
    single_country_lines,
    targets_summary,
    together_table,
    trend_gaps_table,
    unmeasured_products,
)
from supplyrisk.report.published_chapters import official_chapter, policy_chapter
from supplyrisk.report.published_figures import official_figure, single_country_figure
from supplyrisk.report.wording import Names, Wording
from supplyrisk.runs.targets_run import PROJECTS
from supplyrisk.scores import import_shift, partners, single_country, targets
from supplyrisk.scores.table import SCHEMA

NAMES = Names(
    countries={"CHL": "Chile", "CHN": "China", "EU27": "European Union", "NLD": "Netherlands"},
    products={"lithium_chemicals": "Lithium chemicals", "copper_mine": "Copper, mined"},
    materials={"cobalt": "Cobalt", "tin": "Tin", "bismuth": "Bismuth"},
    editions={},
)


def test_a_share_by_assumption_alone_stands_without_a_range() -> None:
    row = dict.fromkeys(single_country.SCHEMA) | {
        "product_id": "copper_mine", "stage": "extraction", "region": "EU27", "country": "CHN", "share": 1.0,
        "low": 1.0, "high": 1.0, "quality": "D", "verdict": "above",
    }  # fmt: skip
    rows = pl.DataFrame([row, row | {"quality": "C", "low": 0.9}], schema=single_country.SCHEMA)
    table = single_country_lines(rows, "EU27", Wording("en", NAMES))
    assert table is not None
    first, second = (line[3].replace("\u00a0", " ") for line in table.rows)
    assert first == "100 %, by assumption"
    assert "90" in second


def test_an_open_verdict_says_why_and_targets_tell_what_is_not_used(wording: Wording) -> None:
    row = dict.fromkeys(single_country.SCHEMA) | {
        "product_id": "copper_mine", "stage": "extraction", "region": "EU27", "country": "CHN", "share": 0.3,
        "quality": "D", "verdict": "not_decided",
    }  # fmt: skip
    reasons = [single_country.MOVED, single_country.UNNAMED_MAY_PASS, single_country.RANGE_HOLDS_LINE]
    below = single_country.EACH_BELOW_A_HUNDREDTH
    blank = {"share": None, "verdict": "below", "missing_reason": below}
    rows = pl.DataFrame(
        [*(row | {"open_reason": reason} for reason in reasons), row | blank], schema=single_country.SCHEMA
    )
    table = single_country_lines(rows, "EU27", wording)
    assert table is not None
    told = [line[4] for line in table.rows]
    assert told == [
        *(f"{wording.catalogue['measured_verdicts']['not_decided']}: {wording.format_reason(one)}" for one in reasons),
        f"{wording.catalogue['measured_verdicts']['below']}: {wording.format_reason(below)}",
    ]
    assert table.rows[0][3] == wording.format_percent(0.3)  # no range that would look measured
    counts = {"on_right_side": 12, "with_figures": 23, "concerned": 33, "not_used": 5, "value": 99.0}
    target = dict.fromkeys(targets.SCHEMA) | {"metric": "share_from_one_third_country", "direction": "maximum"}
    summary = targets_summary(
        pl.DataFrame([target | counts | {"verdict": "not_met", "target": 65.0}], schema=targets.SCHEMA), wording
    )
    assert summary is not None
    assert summary.rows[0][7] == wording.page("target_counted_used", right=12, known=23, all=33, unused=5)


@pytest.fixture(params=["en", "nl"])
def wording(request: pytest.FixtureRequest) -> Wording:
    """Both languages."""
    return Wording(request.param, NAMES)


def score(metric: str, material: str, value: float | None, **further: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(SCHEMA)
    row |= {"metric": metric, "material_id": material, "value": value, "low": value, "high": value}
    return row | {"scope": "EU27", "scenario": "base", "quality": "C"} | further


def scores() -> pl.DataFrame:
    live = {"edition": "ec_2023+british_geological_survey+world_supply_alone", "year": 2023}
    gap = {"missing_reason": "no_series_from_study_to_today"}
    rows = [
        *(score("supply_risk_published", name, value, year=2023, quality="A") for name, value in PUBLISHED.items()),
        score("supply_risk_live", "cobalt", 3.8, **live | {"low": 3.6, "high": 4.3}),
        score("supply_risk_live", "tin", 1.0, **live | {"low": 0.85, "high": 1.2}),
        score("supply_risk_live", "bismuth", None, **gap),
        score("supply_risk_change_shares", "cobalt", 0.5),
        score("supply_risk_change_restrictions", "cobalt", 0.5),
        score("supply_risk_change_restrictions", "tin", None, missing_reason="restrictions_within_study_t"),
        score("supply_risk_source_difference", "cobalt", -0.3),
        score("supply_risk_change_shares", "bismuth", None, **gap),
        score("supply_risk_change_governance", "bismuth", 0.0),
        score("supply_risk_change_restrictions", "bismuth", 0.2),
        score("top_ten_share_design", "cobalt", 1.0),
        score("critical_share_design", "cobalt", 1.0),
        score("rank_best_design", "cobalt", 1.0),
        score("rank_worst_design", "cobalt", 2.0),
    ]
    return pl.DataFrame(rows, schema=dict(SCHEMA))


YEARS = {"earlier_from": 2018, "earlier_until": 2020, "later_from": 2022, "later_until": 2024}
PUBLISHED = {"cobalt": 2.8, "tin": 0.9, "bismuth": 1.9}


def test_what_rose_is_told_only_where_the_whole_range_lies_above() -> None:
    found = {one.message_id: one.numbers for one in official_findings(scores())}
    assert found["official_moved"] == {"count": 2, "up": 1, "down": 0, "year": 2023}
    change = found["official_change_restricted"]
    assert (change["material_id"], change["published"]) == ("cobalt", 2.8)
    assert found["official_crosses"] == {"materials": [("tin", True)], "line": 1.0}
    assert found["official_without"] == {"count": 1, "all": 3, "no_series": 1}


def moved(published: dict[str, float], today: dict[str, tuple[float, float, float]]) -> list[Finding]:
    """Findings on materials with a published score and one of today, given as low, value, high."""
    rows = [score("supply_risk_published", name, value, year=2023) for name, value in published.items()]
    rows += [
        score("supply_risk_live", name, mid, low=low, high=high, year=2022) for name, (low, mid, high) in today.items()
    ]
    return list(official_findings(pl.DataFrame(rows, schema=dict(SCHEMA))))


def test_falls_are_told_by_name_as_rises_are() -> None:
    found = moved({"cobalt": 2.8, "tin": 1.9}, {"cobalt": (3.6, 3.8, 4.3), "tin": (1.1, 1.3, 1.5)})
    named = [one.numbers["material_id"] for one in found if one.message_id == "official_change"]
    assert named == ["cobalt", "tin"]


def test_crossings_are_told_both_ways_and_say_where_the_range_covers_the_line(wording: Wording) -> None:
    published = {"bismuth": 0.9, "cobalt": 1.2, "tin": 1.0}
    today = {"bismuth": (0.96, 1.2, 1.3), "cobalt": (0.7, 0.8, 0.94), "tin": (0.8, 0.9, 1.1)}
    found = {one.message_id: one for one in moved(published, today)}
    assert found["official_crosses"].numbers["materials"] == [("bismuth", False)]  # 0.96 is printed as 1.0
    assert found["official_falls_below"].numbers["materials"] == [("cobalt", False), ("tin", True)]
    told = {"en": "for cobalt and tin (the range covers the line).", "nl": "cobalt en tin (de marge bevat de drempel)."}
    assert wording.sentence(found["official_falls_below"]).endswith(told[wording.language])


def test_a_change_tells_how_late_its_shares_are_and_that_the_weight_of_restrictions_is_ours(wording: Wording) -> None:
    (restricted,) = (one for one in official_findings(scores()) if one.message_id == "official_change_restricted")
    assert (restricted.numbers["restrictions"], restricted.numbers["shares"]) == (0.5, 2023)
    said = {"en": ["+0.5", "up to 2023", "our assumption"], "nl": ["+0,5", "tot en met 2023", "onze aanname"]}
    assert [words in wording.sentence(restricted) for words in said[wording.language]] == [True] * 3
    (plain,) = (one for one in moved({"tin": 0.9}, {"tin": (1.8, 1.9, 2.0)}) if one.message_id == "official_change")
    assert "2022" in wording.sentence(plain)
    assert said[wording.language][2] not in wording.sentence(plain)


def test_the_note_tells_by_which_year_each_part_of_the_updated_score_is(wording: Wording) -> None:
    rows = [score("supply_risk_published", name, 0.9, year=2023) for name in ("cobalt", "tin")]
    for name, year, behind in (
        ("tin", 2022, ["a.2020", "a.2023"]),
        ("cobalt", 2024, ["a.2023"]),
        ("bismuth", None, []),
    ):
        value = None if year is None else 1.0
        rows.append(
            score("supply_risk_live", name, value, year=year, input_row_ids=behind, as_of=date(2026, 3, 31))
            | {"edition": "ec_2023+world_supply_alone"}
            | {"missing_reason": "no_series_from_study_to_today" if value is None else None}
        )
    frame = pl.DataFrame(rows, schema=dict(SCHEMA))
    governance = pl.DataFrame({"row_id": ["a.2020", "a.2023", "a.2024"], "year": [2020, 2023, 2024]})
    assert live_reach(frame, governance) == LiveReach((2022, 2024), 2023, date(2026, 3, 31))
    assert live_reach(frame.filter(material_id="bismuth"), governance) is None
    chapter = official_chapter(frame, {"governance": governance, "by_products": pl.DataFrame()}, ["EU27"], wording)
    assert all(told in chapter.parts[0].note for told in ("2022–2024", "2023", wording.day(date(2026, 3, 31))))
    assert "2022–2024" in chapter.parts[0].figures[0].caption


def single() -> pl.DataFrame:
    rows = []
    for product, share, low, high, verdict in (
        ("lithium_chemicals", 0.8, 0.75, 0.85, "above"),
        ("copper_mine", 0.3, 0.2, 0.4, "below"),
    ):
        row: dict[str, Any] = dict.fromkeys(single_country.SCHEMA)
        row |= {"product_id": product, "region": "EU27", "country": "CHL", "share": share, "low": low, "high": high}
        rows.append(row | {"verdict": verdict, "quality": "C", "limit": 0.6})
    return pl.DataFrame(rows, schema=single_country.SCHEMA)


def policy() -> pl.DataFrame:
    rows = []
    for metric, numbers in (
        (
            "extraction_capacity_of_consumption",
            {"target": 10.0, "value": 49.0, "low": 18.0, "high": 52.0, "value_covered": 1},
        ),
        ("recycling_capacity_of_consumption", {"target": 25.0}),
        ("share_from_one_third_country", {"target": 65.0, "earlier": 3.0, "later": 4.0, "compared": 11, **YEARS}),
    ):
        row: dict[str, Any] = dict.fromkeys(targets.SCHEMA)
        row |= {"target_id": metric, "metric": metric, "direction": "minimum", "with_figures": 2, "concerned": 3}
        row |= numbers
        if "compared" not in numbers:
            row |= {"mean": 25.0, "mean_low": 14.0, "mean_high": 58.0}
            row |= {"trend_missing_reason": "consumption_of_earlier_years_unknown"}
        rows.append(row)
    return pl.DataFrame(rows, schema=targets.SCHEMA)


def test_benchmarks_are_told_with_both_measures_and_imports_over_the_years() -> None:
    assert [one.message_id for one in target_findings(policy())] == ["policy_worth", "policy_recycling"]
    worth = next(target_findings(policy())).numbers
    assert (worth["value"], worth["mean_high"], worth["target"]) == pytest.approx((0.49, 0.58, 0.10))
    assert (worth["covered"], worth["known"], worth["concerned"]) == (1, 2, 3)
    told = {one.message_id: one.numbers for one in single_country_findings(policy(), single(), ["EU27"])}
    counts = {"region": "EU27", "above": 1, "open": 0, "known": 2, "unknown": 0, "unused": 0}
    assert told["policy_single_country"] == {**counts, "limit": 0.6}
    gaps = [("nothing_used_in_region", "not_measurable"), ("place_of_use_unknown", "not_measurable")]
    blank = dict.fromkeys(single_country.SCHEMA) | {"region": "EU27"}
    rows = [{**blank, "missing_reason": reason, "verdict": verdict} for reason, verdict in gaps]
    with_gaps = pl.concat([single(), pl.DataFrame(rows, schema=single_country.SCHEMA)])
    (found, *_) = single_country_findings(policy(), with_gaps, ["EU27"])
    assert (found.numbers["known"], found.numbers["unknown"], found.numbers["unused"]) == (2, 1, 1)
    assert told["policy_imports"] == {"earlier": 3, "later": 4, "compared": 11, "limit": 0.65, **YEARS}


def test_every_message_becomes_a_whole_sentence(wording: Wording) -> None:
    found = [*official_findings(scores()), *target_findings(policy())]
    found += single_country_findings(policy(), single(), ["EU27"])
    found += moved({"tin": 1.0}, {"tin": (0.8, 0.9, 1.1)}) + moved({"cobalt": 2.8}, {"cobalt": (3.6, 3.8, 4.3)})
    own = {name for name in wording.catalogue["findings"] if name.startswith(("official_", "policy_"))}
    assert {one.message_id for one in found} == own
    for one in found:
        sentence = wording.sentence(one)
        assert sentence.endswith(".")
        assert "{" not in sentence
        assert sentence[0].isupper()


def test_no_table_is_wider_than_seven_columns(wording: Wording) -> None:
    tables = [make(scores(), wording) for make in (criticality_table, change_table, standing_table, partial_table)]
    for table in tables:
        assert table is not None
        assert len(table.header) <= 7
        assert all(len(line) == len(table.header) for line in table.rows)
    partial = tables[-1]
    assert partial is not None
    assert [line[0] for line in partial.rows] == ["Bismuth"]


def test_restrictions_that_the_study_hides_are_told_in_words_and_not_as_nought(wording: Wording) -> None:
    table = change_table(scores(), wording)
    assert table is not None
    cells = {line[0]: line[3] for line in table.rows}
    hidden = {"en": "in force, not measured", "nl": "van kracht, niet gemeten"}[wording.language]
    assert cells[wording.names.materials["cobalt"]].endswith(("0.5", "0,5"))
    assert cells[wording.names.materials["tin"]] == hidden
    assert hidden in wording.page("official_scores_note", risk="", importance="", reach="")


def test_imports_and_missing_trends_are_listed(wording: Wording) -> None:
    rows = [
        ("copper_mine", True, 0.2, "CHL", 2018, 2020, 0.3, "CHN", 2022, 2024, None),
        ("cobalt_mine", True, *[None] * 8, "heading_holds_other_goods"),
    ]
    imports = imports_table(pl.DataFrame(rows, schema=import_shift.SCHEMA, orient="row"), wording)
    gaps = trend_gaps_table(policy(), wording)
    assert imports is not None
    assert len(imports.rows) == 1
    assert imports.rows[0][2:5:2] == ("Chile", "China")
    assert ["2018" in imports.header[3], "2024" in imports.header[5]] == [True, True]
    assert gaps is not None
    assert len(gaps.rows) == 2
    together = together_table(policy(), wording)
    assert together is not None
    assert together.rows[0][2].startswith("49\u00a0%")
    assert together.rows[1][2:] == ("–", together.rows[0][3])


def test_charts_hold_their_data_and_say_what_they_show(wording: Wording) -> None:
    official = official_figure(scores(), wording)
    share = single_country_figure(single(), "EU27", wording)
    assert official is not None
    assert share is not None
    first = ["material,published,live,low,high,shares_until", "Cobalt,2.8,3.8,3.6,4.3,2023"]
    assert official.data.splitlines()[:2] == first
    assert share.data.splitlines()[1].endswith("80.0,75.0,85.0")
    assert "Cobalt" in official.alt


def test_chart_and_notes_tell_the_lines_that_verdicts_are_given_by(wording: Wording) -> None:
    rows = single().with_columns(stage=pl.lit("refining"))
    tables = {"targets": policy().with_columns(verdict=pl.lit("not_decided")), "single_country": rows}
    schemas = {"imports": import_shift.SCHEMA, "partners": partners.SCHEMA, "projects": PROJECTS}
    tables |= {name: pl.DataFrame(schema=schema) for name, schema in schemas.items()}
    parts = {part.anchor: part for part in policy_chapter(tables, ["EU27"], wording).parts}
    limit = wording.format_percent(0.6)
    assert limit in parts["single-country"].note
    assert limit in parts["single-country"].figures[0].caption.replace(" %", "\u00a0%")
    lines = wording.listed([wording.format_percent(0.1), wording.format_percent(0.25)])
    assert f"({lines})" in parts["policy-targets"].note


def test_a_share_by_assumption_says_so_and_the_target_names_its_product(wording: Wording) -> None:
    rows = []
    for product, quality in (("lithium_chemicals", "D"), ("copper_mine", "C")):
        row: dict[str, Any] = dict.fromkeys(single_country.SCHEMA)
        row |= {"product_id": product, "stage": "refining", "region": "EU27", "country": "CHN", "verdict": "above"}
        rows.append(row | {"share": 1.0, "low": 1.0, "high": 1.0, "quality": quality})
    table = single_country_lines(pl.DataFrame(rows, schema=single_country.SCHEMA), "EU27", wording)
    assert table is not None
    whole = wording.format_percent(1.0)
    expected = [wording.page("share_by_assumption", share=whole), wording.with_interval(whole, whole, whole)]
    assert [row[3] for row in table.rows] == expected
    target: dict[str, Any] = dict.fromkeys(targets.SCHEMA)
    target |= {"target_id": "a", "metric": "share_from_one_third_country", "direction": "maximum", "target": 65.0}
    target |= {"value": 90.0, "verdict": "not_met", "product_id": "copper_mine"}
    told = targets_summary(pl.DataFrame([target], schema=targets.SCHEMA), wording)
    assert told is not None
    assert told.rows[0][0].endswith(f": {wording.format_product('copper_mine')}")


def test_every_product_that_cannot_be_measured_is_listed_with_its_reason(wording: Wording) -> None:
    rows = []
    for product, reason, study in (
        ("cobalt_refined", "place_of_use_unknown", 0.02),
        ("gallium", "place_of_use_unknown", None),
        ("copper_mine", "nothing_used_in_region", None),
    ):
        row: dict[str, Any] = dict.fromkeys(single_country.SCHEMA)
        row |= {"product_id": product, "stage": "refining", "region": "EU27", "verdict": "not_measurable"}
        rows.append(row | {"missing_reason": reason, "study_share": study, "limit": 0.65})
    measured = rows[0] | {"product_id": "lithium_chemicals", "verdict": "below", "share": 0.1, "missing_reason": None}
    rows = [*rows, measured, rows[0] | {"region": "NLD"}]
    frame = pl.DataFrame(rows, schema=single_country.SCHEMA)
    names = Names({"EU27": "European Union"}, {row["product_id"]: row["product_id"] for row in rows}, {})
    table = unmeasured_products(frame, "EU27", Wording(wording.language, names))
    assert table is not None
    listed = [wording.format_products(found) for found in (["copper_mine"], ["cobalt_refined", "gallium"])]
    assert [line[1:] for line in table.rows] == [("1", listed[0]), ("2", listed[1])]
    assert table.rows[1][0] == wording.format_reason("place_of_use_unknown")
    (told,) = single_country_findings(policy().clear(), frame, ["EU27"])
    assert (told.numbers["unknown"], told.numbers["unused"]) == (2, 1)
    assert unmeasured_products(frame.clear(), "EU27", wording) is None
