"""Headline findings against counts made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pytest

from supplyrisk.findings.finding import Finding, score_key
from supplyrisk.findings.headline import headline_findings
from supplyrisk.runs.quarterly import Run
from tests.score_builders import COUNTRY_TABLE, score, score_frame

LINES = {"hhi_high": 4000.0, "single_country_share": 0.65, "negligible_share": 0.01, "short_cover_years": 25.0}
PRODUCTS = pl.DataFrame(
    {
        "product_id": ["one", "two", "three", "four", "gap"],
        "chain": ["battery", "battery", "battery", "magnet", "battery"],
        "tier": [2, 3, 1, 2, 2],
        "reporting": [False, False, False, False, False],
    }
)
SCORES: Sequence[Mapping[str, Any]] = (
    score("hhi", "one", 9000.0, low=8000.0, high=9500.0, quality="A"),
    score("hhi", "two", 4000.0, low=3900.0, high=4100.0, quality="B"),
    score("hhi", "three", 3900.0, low=3000.0, high=4200.0, quality="C"),
    score("hhi", "four", 2000.0, low=1900.0, high=2100.0, quality="D"),
    score("hhi", "gap", missing_reason="no_edition_known"),
    score("top1_share", "one", 0.90, low=0.85, high=0.95, country="CHN"),
    score("top1_share", "two", 0.65, low=0.60, high=0.70, country="CHN", quality="C"),
    score("top1_share", "three", 0.60, low=0.50, high=0.66, country="AUS"),
    score("top1_share", "four", 0.70, low=0.68, high=0.72, country="DEU"),
    score("top1_share", "gap", missing_reason="no_edition_known"),
    score("share_of_world_output", "one", 0.20, low=0.15, high=0.30, country="EU27"),
    score("share_of_world_output", "two", 0.005, low=0.004, high=0.009, country="EU27"),
    score("share_of_world_output", "three", 0.0, country="EU27"),
    score("share_of_world_output", "four", None, low=0.0, high=0.05, country="EU27", missing_reason="region_not_named"),
    score("share_of_world_output", "one", 0.0, low=0.0, high=0.02, country="NLD"),
    score("share_of_world_output", "two", 0.5, country="CHN"),
    score("reserves_years", "three", 20.0, low=18.0, high=22.0),
    score("reserves_years", "four", 25.0, low=18.0, high=30.0),
    score("reserves_years", "one", 12.0, low=10.0, high=None, interval_kind="lower_bound"),
    score("reserves_years", "two", None, missing_reason="output_not_printed"),
)


def headlines(scores: Sequence[Mapping[str, Any]] = SCORES, products: pl.DataFrame = PRODUCTS) -> list[Finding]:
    return list(headline_findings(score_frame(scores), products, COUNTRY_TABLE, LINES))


def one(message: str, scores: Sequence[Mapping[str, Any]] = SCORES) -> Finding:
    (found,) = (finding for finding in headlines(scores) if finding.message_id == message)
    return found


def without(metric: str) -> list[Mapping[str, Any]]:
    return [row for row in SCORES if row["metric"] != metric]


def test_concentrated_products_are_counted_with_the_line_itself() -> None:
    assert one("headline_concentrated").numbers == {"count": 2, "total": 4, "surely": 1, "possibly": 3, "line": 4000.0}


def test_concentrated_products_are_the_scores_behind_the_count() -> None:
    assert one("headline_concentrated").score_keys == ("hhi/one/2024", "hhi/two/2024")


def test_most_concentrated_products_come_in_order_with_the_lowest_index() -> None:
    assert one("headline_most").numbers == {"products": ["one", "two", "three", "four"], "lowest": 2000.0, "count": 4}


def test_at_most_five_products_are_named_and_equal_ones_by_name() -> None:
    scores = [score("hhi", name, 5000.0) for name in "gfedcba"]
    assert one("headline_most", scores).numbers["products"] == ["a", "b", "c", "d", "e"]


def test_country_that_leads_most_products_is_named_with_the_next_one() -> None:
    # China leads two; Australia and Germany one each, named by code.
    assert one("headline_leader").numbers == {
        "country": "CHN",
        "count": 2,
        "total": 4,
        "second": "AUS",
        "second_count": 1,
    }


def test_single_country_outside_the_union_counts_and_a_member_does_not() -> None:
    # One (0.90) and two (0.65, at the line) are China's; three may reach 0.66; four is Germany's.
    assert one("headline_single").numbers == {
        "count": 2,
        "total": 4,
        "surely": 1,
        "possibly": 3,
        "line": 0.65,
        "country": "CHN",
        "country_count": 2,
    }


def test_single_country_is_not_stated_when_none_reaches_the_line() -> None:
    scores = [score("top1_share", "one", 0.64, country="CHN"), score("top1_share", "two", 0.9, country="POL")]
    assert "headline_single" not in {finding.message_id for finding in headlines(scores)}


def test_battery_chain_is_looked_at_from_refining_on() -> None:
    # Three is a mine and four a magnet product: one and two remain.
    assert one("headline_battery").numbers == {
        "country": "CHN",
        "count": 2,
        "total": 2,
        "lowest": 0.65,
        "lowest_product": "two",
        "highest": 0.90,
        "highest_product": "one",
    }


def test_battery_chain_leaves_out_products_that_only_sum_others() -> None:
    products = PRODUCTS.with_columns((pl.col("product_id") == "one").alias("reporting"))
    (found,) = (f for f in headlines(products=products) if f.message_id == "headline_battery")
    assert (found.numbers["total"], found.numbers["highest_product"]) == (1, "two")


def test_region_counts_what_is_surely_small_what_is_unknown_and_what_it_makes() -> None:
    found = {
        finding.numbers["region"]: finding
        for finding in headlines()
        if finding.topic == "headline" and finding.message_id.startswith("headline_region")
    }
    assert found["EU27"].numbers == {
        "region": "EU27",
        "below": 2,  # two ends at 0.009, three makes nothing
        "unknown": 1,
        "total": 4,
        "line": 0.01,
        "products": ["one", "two"],
        "made": 2,
    }


def test_region_without_output_has_a_message_of_its_own() -> None:
    found = one("headline_region_none")
    assert (found.numbers["region"], found.numbers["below"], found.numbers["made"]) == ("NLD", 0, 0)


def test_country_outside_the_focus_gets_no_headline() -> None:
    assert {f.numbers["region"] for f in headlines() if "region" in f.numbers} == {"EU27", "NLD"}


def test_short_cover_leaves_out_lower_bounds_and_missing_years() -> None:
    # Three (20) is below 25 years, four (25) is not; one is only known to be at least 12.
    assert one("headline_reserves").numbers == {"count": 1, "total": 2, "line": 25.0, "product": "three", "years": 20.0}


def test_weak_figures_are_those_of_grade_c_and_d() -> None:
    assert one("headline_weak").numbers == {"count": 2, "total": 4}


def test_products_without_a_score_are_named() -> None:
    assert one("headline_gaps").numbers == {"count": 1, "products": ["gap"]}


def test_headlines_without_a_gap_name_none() -> None:
    scores = [row for row in SCORES if row["product_id"] != "gap"]
    assert "headline_gaps" not in {finding.message_id for finding in headlines(scores)}


def test_headlines_stand_in_the_order_of_the_report() -> None:
    assert [finding.message_id for finding in headlines()] == [
        "headline_concentrated",
        "headline_most",
        "headline_leader",
        "headline_single",
        "headline_battery",
        "headline_region",
        "headline_region_none",
        "headline_reserves",
        "headline_weak",
        "headline_gaps",
    ]


@pytest.mark.parametrize(
    ("metric", "message"), [("hhi", "headline_concentrated"), ("reserves_years", "headline_reserves")]
)
def test_headline_without_its_scores_is_left_out(metric: str, message: str) -> None:
    assert message not in {finding.message_id for finding in headlines(without(metric))}


def test_confidence_follows_the_grades_of_the_scores_behind_it() -> None:
    assert one("headline_concentrated").confidence == "high"  # A and B
    assert one("headline_battery").confidence == "medium"  # A and C: all reach C, only half reach B


def test_order_of_the_scores_changes_no_headline() -> None:
    forward, backward = headlines(), headlines(SCORES[::-1])
    assert {f.message_id: f.numbers for f in forward} == {f.message_id: f.numbers for f in backward}


@pytest.mark.parametrize("quarter", ["run_2026q1", "run_2025q4"])
def test_counts_of_a_real_run_lie_between_surely_and_possibly(quarter: str, request: pytest.FixtureRequest) -> None:
    run: Run = request.getfixturevalue(quarter)
    counted = [f.numbers for f in run.findings if f.message_id in ("headline_concentrated", "headline_single")]
    assert len(counted) == 2
    for numbers in counted:
        assert 0 < numbers["surely"] <= numbers["count"] <= numbers["possibly"] <= numbers["total"]


def test_scores_behind_every_finding_of_a_run_exist(run_2026q1: Run) -> None:
    known = {score_key(row) for row in run_2026q1.scores.table.iter_rows(named=True)}
    assert {key for finding in run_2026q1.findings for key in finding.score_keys} <= known
