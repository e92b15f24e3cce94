"""Targets before and after measures: recycling rates and recycled content by hand, and the rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from supplyrisk.mitigation.compliance import (
    AS_CONTENT,
    AS_MEAN,
    COMPLIANCE,
    STATED,
    asked_targets,
    compliance_rows,
    moved,
    secondary_shares,
    stated_content,
    widened,
    with_content,
    with_more_recycled,
)
from supplyrisk.mitigation.recycling_tables import SUPPLY
from supplyrisk.mitigation.specification import SecondarySupply
from supplyrisk.scores import targets
from supplyrisk.scores.target_measures import MET, NOT_IN_DATA, NOT_MET
from tests.mitigation.test_changed_network import measure_of
from tests.network_builders import CELL, CHEMICALS

POLICY = pl.DataFrame(
    [
        ("content_2031", "recycled_content", "lithium", 6.0, "percent", 2031, "2031-08-18"),
        ("content_2036", "recycled_content", "lithium", 12.0, "percent", 2036, None),
        ("content_lead", "recycled_content", "lead", 85.0, "percent", 2031, "2031-08-18"),
        ("recycling", "recycling_capacity_of_consumption", None, 25.0, "percent", 2030, None),
        ("a_date", "recycled_content", "lithium", 1.0, "date", 2031, "2031-08-18"),
        ("permit", "permit_duration", None, 27.0, "months", 2030, None),
    ],
    schema=["target_id", "metric", "material_ids", "value", "unit", "year", "date"],
    orient="row",
)
CONTENT = pl.DataFrame(
    [
        {"material_id": "lithium", "year": year, "share": share, "share_low": share / 2, "share_high": 2 * share}
        for year, share in ((2031, 0.04), (2035, 0.07))
    ],
    schema=SUPPLY,
)


def table(**mean: float) -> pl.DataFrame:
    rows = [
        {
            "target_id": row["target_id"], "metric": row["metric"], "target": row["value"], "unit": row["unit"],
            "direction": "minimum", "verdict": NOT_MET if row["target_id"] == "recycling" else "not_measurable",
            "missing_reason": "no_common_measure_of_materials" if row["target_id"] == "recycling" else NOT_IN_DATA,
            "mean": mean.get(row["target_id"]), "on_right_side": 2 if row["target_id"] == "recycling" else None,
            "concerned": 17 if row["target_id"] == "recycling" else None,
        }
        for row in asked_targets(POLICY).iter_rows(named=True)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=targets.SCHEMA)


def test_only_targets_that_a_measure_can_move_are_asked_for() -> None:
    assert asked_targets(POLICY)["target_id"].to_list() == ["content_2031", "content_2036", "content_lead", "recycling"]


def test_recycling_rates_rise_by_a_part_of_what_is_bought_and_gaps_stay() -> None:
    rates = pl.DataFrame({"material_id": ["copper", "lithium", "gallium"], "eol_rir_share": [0.5, 0.0, None]})
    found = with_more_recycled(rates, {"copper": 0.2, "lithium": 0.1, "gallium": 0.3}, {})
    assert found["eol_rir_share"].to_list() == [pytest.approx(0.6), pytest.approx(0.1), None]
    assert with_more_recycled(rates, {}, {}).equals(rates)
    assert with_more_recycled(rates.clear(), {"copper": 0.2}, {}).equals(rates.clear())


def test_what_comes_back_of_a_group_counts_for_the_member_that_has_a_rate() -> None:
    rates = pl.DataFrame({"material_id": ["neodymium", "copper"], "eol_rir_share": [0.01, 0.5]})
    entries = {"neodymium": "rare_earths_magnet", "copper": "copper"}
    found = with_more_recycled(rates, {"rare_earths_magnet": 0.2}, entries)
    assert found["eol_rir_share"].to_list() == pytest.approx([0.01 + 0.2 * 0.99, 0.5])


def test_content_that_a_measure_asks_for_counts_as_far_as_it_works_when_it_is_due() -> None:
    """Decided in March 2026, works from month 13 (March 2027) on, in full in month 121: August 2031 is month 66."""
    measure = measure_of(SecondarySupply(kind="secondary_supply", region="EU27", shares={CHEMICALS: 0.12}))
    slow = replace(measure, file=measure.file.model_copy(update={"lead_months": 120, "ramp_months": 109}))
    found = stated_content(asked_targets(POLICY), [slow], {CHEMICALS: "lithium"}, date(2026, 3, 31))
    assert found == {
        "content_2031": pytest.approx(0.12 * 54 / 109), "content_2036": pytest.approx(0.12), "content_lead": 0.0,
    }  # fmt: skip
    at_once = replace(measure, file=measure.file.model_copy(update={"lead_months": 0, "ramp_months": 0}))
    both = stated_content(asked_targets(POLICY), [slow, at_once], {CHEMICALS: "lithium"}, date(2026, 3, 31))
    assert both["content_2031"] == pytest.approx(0.12)


@pytest.mark.parametrize(
    ("day", "year", "part"), [("2031-08", 2031, 54 / 109), ("2031", None, 58 / 109), (None, 2031, 58 / 109)]
)
def test_a_target_is_due_at_the_end_of_its_month_or_year(day: str | None, year: int | None, part: float) -> None:
    """December 2031 is month 70, four steps after August."""
    measure = measure_of(SecondarySupply(kind="secondary_supply", region="EU27", shares={CHEMICALS: 0.12}))
    slow = replace(measure, file=measure.file.model_copy(update={"lead_months": 120, "ramp_months": 109}))
    asked = POLICY.filter(pl.col("target_id") == "content_2031").with_columns(
        date=pl.lit(day, dtype=pl.String), year=pl.lit(year, dtype=pl.Int64)
    )
    found = stated_content(asked, [slow], {CHEMICALS: "lithium"}, date(2026, 3, 31))
    assert found == {"content_2031": pytest.approx(0.12 * part)}
    undated = asked.with_columns(date=pl.lit(None, dtype=pl.String), year=pl.lit(None, dtype=pl.Int64))
    assert stated_content(undated, [slow], {CHEMICALS: "lithium"}, date(2026, 3, 31)) == {}


def test_of_two_measures_the_larger_share_counts() -> None:
    some, more = (
        measure_of(SecondarySupply(kind="secondary_supply", region="EU27", shares=shares))
        for shares in ({CHEMICALS: 0.1, CELL: 0.2}, {CHEMICALS: 0.3})
    )
    assert secondary_shares([some, more]) == {CHEMICALS: 0.3, CELL: 0.2}
    assert secondary_shares([]) == {}


def test_recycled_content_is_of_the_year_due_or_the_last_one_and_takes_what_a_measure_states() -> None:
    plain = with_content(table(), POLICY, CONTENT, {})
    rows = {row["target_id"]: row for row in plain.iter_rows(named=True)}
    assert (rows["content_2031"]["value"], rows["content_2031"]["year"]) == (pytest.approx(4.0), 2031)
    assert (rows["content_2036"]["value"], rows["content_2036"]["year"]) == (pytest.approx(7.0), 2035)
    # 2 to 8 % beside 6, and 3.5 to 14 % beside 12: both open; lead is not followed.
    assert [rows[name]["verdict"] for name in ("content_2031", "content_2036")] == ["not_decided"] * 2
    assert rows["content_lead"]["missing_reason"] == NOT_IN_DATA
    stated = with_content(table(), POLICY, CONTENT, {"content_2031": 0.1, "content_2036": 0.1})
    rows = {row["target_id"]: row for row in stated.iter_rows(named=True)}
    assert (rows["content_2031"]["low"], rows["content_2031"]["verdict"]) == (pytest.approx(10.0), MET)
    assert rows["content_2031"]["missing_reason"] == STATED
    assert (rows["content_2036"]["high"], rows["content_2036"]["verdict"]) == (pytest.approx(14.0), "not_decided")
    assert with_content(table(), POLICY, None, {}).equals(table())


def test_ranges_hold_those_of_all_ends_and_a_verdict_that_differs_is_open() -> None:
    def target(low: float | None, high: float | None, verdict: str) -> pl.DataFrame:
        row = {"target_id": "value", "value": 45.0, "low": low, "high": high, "verdict": verdict}
        return pl.DataFrame([row], schema=targets.SCHEMA)

    centre = target(40.0, 48.0, NOT_MET)
    row = widened(centre, [target(38.0, 47.0, NOT_MET), target(41.0, 53.0, "not_decided")]).row(0, named=True)
    assert (row["value"], row["low"], row["high"], row["verdict"]) == (45.0, 38.0, 53.0, "not_decided")
    assert row["mean_low"] is None
    assert widened(centre, []).equals(centre)
    alone = centre.with_columns(low=pl.lit(None, dtype=pl.Float64), high=pl.lit(None, dtype=pl.Float64))
    others = [alone.with_columns(value=pl.lit(30.0)), alone.with_columns(value=pl.lit(47.0))]
    assert widened(alone, others).select("value", "low", "high").rows() == [(45.0, 30.0, 47.0)]
    missed = centre.with_columns(gap=pl.lit(5.0))
    assert widened(missed, [target(41.0, 53.0, "not_decided")])["gap"].to_list() == [None]
    assert widened(missed, [target(38.0, 47.0, NOT_MET)])["gap"].to_list() == [5.0]


def test_rows_say_what_is_counted_and_which_move() -> None:
    before = with_content(table(recycling=11.9), POLICY, CONTENT, {})
    after = with_content(table(recycling=12.6), POLICY, CONTENT, {"content_2031": 0.1, "content_2036": 0.1})
    rows = compliance_rows("one", before, after, {"content_2031": "lithium"})
    found = pl.DataFrame(list(rows), schema=COMPLIANCE, orient="row")
    assert found["counted_as"].to_list() == [AS_CONTENT, AS_CONTENT, None, AS_MEAN]
    assert found["reason"].to_list() == [STATED, None, NOT_IN_DATA, None]
    assert found["material_id"].to_list() == ["lithium", None, None, None]
    first = found.row(0, named=True)
    assert (first["before"], first["after"]) == pytest.approx((4.0, 10.0))
    assert (first["verdict_before"], first["verdict_after"]) == ("not_decided", MET)
    assert moved(found)["target_id"].to_list() == ["content_2031", "content_2036", "recycling"]
    same = pl.DataFrame(list(compliance_rows("one", before, before, {})), schema=COMPLIANCE, orient="row")
    assert moved(same).is_empty()
