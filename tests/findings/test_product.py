"""Findings on one product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from supplyrisk.findings.finding import Finding
from supplyrisk.findings.product import SHORTEST_STRETCH, product_findings
from supplyrisk.runs.quarterly import Run
from tests.score_builders import score, score_frame

Row = Mapping[str, Any]

WORLD: Sequence[Row] = (
    score("hhi", "metal", 6200.0, low=5900.0, high=6500.0, rank=3, rank_low=2, rank_high=5),
    score("hhi", "other", 7200.0, rank=1, rank_low=1, rank_high=1),
    score("hhi", "gap", missing_reason="no_edition_known"),
    score("effective_suppliers", "metal", 1.61),
    score("top1_share", "metal", 0.78, low=0.75, high=0.81, country="CHN"),
    score("hhi_governance", "metal", 3.6, low=3.4, high=3.9, rank=7, quality="B"),
)


def series(edition: str, *years: int) -> list[Row]:
    return [score("hhi_series", "metal", 1000.0 + year, year=year, edition=edition) for year in years]


def replaced(*rows: Row) -> list[Row]:
    """World scores with those of the same metric and product replaced."""
    new = {(row["metric"], row["product_id"]) for row in rows}
    return [*(row for row in WORLD if (row["metric"], row["product_id"]) not in new), *rows]


def findings(rows: Sequence[Row] = WORLD, product: str = "metal") -> list[Finding]:
    return list(product_findings(score_frame(rows), product))


def one(message: str, rows: Sequence[Row] = WORLD, product: str = "metal") -> Finding:
    (found,) = (finding for finding in findings(rows, product) if finding.message_id == message)
    return found


def messages(rows: Sequence[Row] = WORLD, product: str = "metal") -> list[str]:
    return [finding.message_id for finding in findings(rows, product)]


def test_largest_producer_is_stated_with_its_share_and_edition() -> None:
    assert one("largest_producer").numbers == {
        "product": "metal",
        "country": "CHN",
        "share": 0.78,
        "low": 0.75,
        "high": 0.81,
        "year": 2024,
        "edition": "edition_a",
    }


def share(country: str, value: float) -> Row:
    return score("share_of_world_output", "metal", value, country=country)


def test_producers_of_equally_much_are_all_named() -> None:
    tied = [share("CHN", 0.78), share("RUS", 0.78), share("AUS", 0.2), share("EU27", 0.78)]
    found = one("largest_producers", [*WORLD, *tied])
    assert found.numbers["countries"] == ["CHN", "RUS"]
    assert "country" not in found.numbers


def test_a_region_with_the_share_of_its_only_maker_is_no_second_producer() -> None:
    assert "largest_producers" not in messages([*WORLD, share("CHN", 0.78), share("EU27", 0.78)])


def test_largest_producer_that_is_unknown_is_stated_with_the_reason() -> None:
    unknown = score("top1_share", "metal", missing_reason="unnamed_larger_than_largest")
    found = one("largest_unknown", replaced(unknown))
    assert found.numbers == {"product": "metal", "year": 2024, "reason": "unnamed_larger_than_largest"}
    assert found.confidence == "low"


def test_concentration_is_stated_with_its_rank_among_the_ranked_products() -> None:
    assert one("concentration").numbers == {
        "product": "metal",
        "hhi": 6200.0,
        "low": 5900.0,
        "high": 6500.0,
        "effective": 1.61,
        "rank": 3,
        "rank_low": 2,
        "rank_high": 5,
        "count": 2,  # the gap is not ranked
    }


def test_product_without_a_score_is_a_gap_and_nothing_else() -> None:
    (found,) = findings(product="gap")
    assert (found.message_id, found.numbers["reason"]) == ("product_gap", "no_edition_known")


def test_reserves_of_a_product_without_a_score_are_still_stated() -> None:
    rows = [
        *WORLD,
        *(
            score(metric, "gap", None, stage="reserves", missing_reason="no_reserve_figure")
            for metric in ("reserves_hhi", "reserves_top1_share", "reserves_years")
        ),
    ]
    assert messages(rows, "gap") == ["reserves_gap", "product_gap"]


@pytest.mark.parametrize(
    ("row", "message", "numbers"),
    [
        (
            score("share_of_world_output", "metal", 0.12, low=0.10, high=0.20, country="EU27"),
            "region_share",
            {"share": 0.12, "low": 0.10, "high": 0.20},
        ),
        (
            score("share_of_world_output", "metal", 0.0, country="EU27"),
            "region_none",
            {"share": 0.0, "high": 0.0},
        ),
        (
            score(
                "share_of_world_output",
                "metal",
                None,
                low=0.0,
                high=0.05,
                country="EU27",
                missing_reason="region_not_named",
            ),
            "region_not_named",
            {"share": None, "high": 0.05},
        ),
    ],
)
def test_region_is_stated_by_what_is_known_of_it(row: Row, message: str, numbers: Mapping[str, Any]) -> None:
    assert one(message, [*WORLD, row]).numbers == {"product": "metal", "region": "EU27", **numbers}


def test_share_of_a_country_outside_the_focus_is_not_stated() -> None:
    row = score("share_of_world_output", "metal", 0.78, country="CHN")
    assert messages([*WORLD, row]) == messages()


def test_governance_is_stated_with_its_rank() -> None:
    assert one("governance").numbers == {"product": "metal", "value": 3.6, "low": 3.4, "high": 3.9, "rank": 7}


def test_governance_that_is_missing_is_stated_with_the_reason() -> None:
    missing = score("hhi_governance", "metal", missing_reason="governance_missing")
    assert one("governance_gap", replaced(missing)).numbers["reason"] == "governance_missing"


def reserves(years: Row) -> list[Row]:
    return [
        *WORLD,
        score("reserves_hhi", "metal", 4600.0, stage="reserves", year=2025),
        score("reserves_top1_share", "metal", 0.6, country="CHL", stage="reserves", year=2025),
        years,
    ]


def test_reserves_are_stated_first_with_largest_holder_and_years() -> None:
    rows = reserves(score("reserves_years", "metal", 30.0, stage="reserves"))
    assert messages(rows)[:2] == ["reserves_largest", "reserves_years"]
    assert one("reserves_largest", rows).numbers == {
        "product": "metal",
        "country": "CHL",
        "share": 0.6,
        "hhi": 4600.0,
        "year": 2025,
    }


def test_years_that_are_a_lower_bound_are_stated_as_at_least() -> None:
    years = score("reserves_years", "metal", 30.0, high=None, interval_kind="lower_bound")
    assert "reserves_years_at_least" in messages(reserves(years))


def test_years_that_are_missing_are_stated_with_the_reason() -> None:
    years = score("reserves_years", "metal", missing_reason="reserves_printed_for_a_group")
    assert one("reserves_years_gap", reserves(years)).numbers["reason"] == "reserves_printed_for_a_group"


@pytest.mark.parametrize(("grade", "message"), [("C", "quality_c"), ("D", "quality_d")])
def test_weak_grade_is_stated(grade: str, message: str) -> None:
    weak = score("hhi", "metal", 6200.0, rank=3, quality=grade)
    assert messages(replaced(weak))[-1] == message


def test_good_grade_is_not_stated() -> None:
    assert not any(message.startswith("quality") for message in messages())


# --- the trend: first and last year of one edition


def test_trend_compares_first_and_last_year_of_one_edition() -> None:
    found = one("trend", [*WORLD, *series("bgs", 2015, 2016, 2017, 2018, 2019), *series("usgs", 2020, 2021)])
    assert found.numbers == {
        "product": "metal",
        "first_year": 2015,
        "last_year": 2019,
        "first": 3015.0,
        "last": 3019.0,
        "edition": "bgs",
    }


def test_trend_takes_the_longest_stretch_and_of_equal_ones_the_latest() -> None:
    rows = [*WORLD, *series("bgs", *range(2005, 2010)), *series("usgs", *range(2010, 2015))]
    assert one("trend", rows).numbers["edition"] == "usgs"


def test_trend_is_not_stated_below_the_shortest_stretch() -> None:
    years = range(2015, 2015 + SHORTEST_STRETCH - 1)
    assert "trend" not in messages([*WORLD, *series("bgs", *years)])


def test_trend_does_not_reach_over_a_change_of_edition() -> None:
    rows = [*WORLD, *series("bgs", 2015, 2016, 2017), *series("usgs", 2018, 2019, 2020)]
    assert "trend" not in messages(rows)


def test_trend_does_not_reach_over_a_year_without_figures() -> None:
    assert "trend" not in messages([*WORLD, *series("bgs", 2014, 2015, 2016, 2018, 2019, 2020)])


def test_trend_does_not_join_two_stretches_of_one_edition_around_another() -> None:
    rows = [*WORLD, *series("bgs", 2015, 2016, 2017), *series("usgs", 2018), *series("bgs", 2019, 2020, 2021)]
    assert "trend" not in messages(rows)


def test_trends_of_a_real_run_stay_within_one_edition(run_2026q1: Run) -> None:
    table = run_2026q1.scores.table
    trends = [finding for finding in run_2026q1.findings if finding.message_id == "trend"]
    assert len(trends) > 20
    for finding in trends:
        numbers = finding.numbers
        own = table.filter(
            (table["metric"] == "hhi_series")
            & (table["product_id"] == numbers["product"])
            & table["year"].is_between(numbers["first_year"], numbers["last_year"])
        )
        assert own["edition"].unique().to_list() == [numbers["edition"]], finding.topic
        assert own.height == numbers["last_year"] - numbers["first_year"] + 1 >= SHORTEST_STRETCH, finding.topic


def test_every_product_of_a_real_run_has_a_finding(run_2026q1: Run) -> None:
    topics = {finding.topic for finding in run_2026q1.findings}
    of_the_network = {"network", "network_EU27", "network_NLD"}
    assert topics - of_the_network == {"headline", *run_2026q1.package.table("products")["product_id"]}
