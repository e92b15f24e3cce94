"""Findings of briefs: what the message is made from, why now, and what measures change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from supplyrisk.findings.brief import (
    Hardest,
    Loss,
    above_line_findings,
    course_finding,
    loss_finding,
    weakest_finding,
)
from supplyrisk.findings.brief_measures import (
    Effect,
    by_euro,
    help_finding,
    limits_of_help,
    matters,
    most_helpful,
    per_euro_findings,
    shown_in_table,
)
from supplyrisk.findings.brief_value import PlanEffect, risk_findings
from supplyrisk.findings.exposure import exposures, most_exposed
from supplyrisk.findings.finding import Finding
from supplyrisk.findings.why_now import (
    events_finding,
    large_makers,
    restriction_findings,
    status_finding,
    trend_finding,
)
from supplyrisk.scores.single_country import MOVED
from supplyrisk.scores.sourcing import MOVED_LANES, UNNAMED_LARGER
from tests.score_builders import COUNTRY_TABLE, score, score_frame

PRODUCTS = pl.DataFrame(
    {
        "product_id": ["cell", "ore", "metal", "cathode", "precursor"],
        "stage": ["cell", "extraction", "refining", "active_material", "precursor"],
        "tier": [4, 1, 2, 3, 3],
    }
)
DAY = date(2026, 3, 31)


def sourced(product: str, country: str, value: float, low: float, high: float, region: str = "EU27") -> dict[str, Any]:
    return score("sourcing_share", product, value, low=low, high=high, scope=region, country=country)


def behind(product: str, country: str, value: float) -> dict[str, Any]:
    return score("look_through_share", product, value, scope="EU27", country=country, end_product="battery")


SCORES = score_frame(
    [
        score("hhi", "ore", 5000.0, unit="index"),
        score("top1_share", "ore", 0.7, country="COD"),
        score("import_dependence", "ore", 1.0, scope="EU27"),
        sourced("ore", "COD", 0.4, 0.3, 0.5),
        sourced("ore", "DEU", 0.6, 0.5, 0.7),
        behind("ore", "COD", 0.8),
        score("top1_share", "metal", 0.75, country="CHN"),
        score("import_dependence", "metal", None, scope="EU27", missing_reason="place_of_use_unknown"),
        behind("metal", "CHN", 0.9),
        score("import_dependence", "cell", 0.3, scope="EU27"),
        sourced("cell", "CHN", 0.6, 0.5, 0.7),
    ]
)
FOUND = exposures(SCORES, COUNTRY_TABLE, PRODUCTS, ("cell", "ore", "metal"), ("EU27",))


def by_id(findings: Any) -> dict[str, Any]:
    return {finding.message_id: finding.numbers for finding in findings}


# --- exposure and message


def test_products_stand_in_the_order_of_making_with_precursors_before_cathodes() -> None:
    found = exposures(SCORES, COUNTRY_TABLE, PRODUCTS, ("cathode", "cell", "precursor", "ore"), ("EU27",))
    assert [one.product_id for one in found] == ["ore", "precursor", "cathode", "cell"]


def test_supplier_is_the_largest_from_outside_the_eu() -> None:
    ore = FOUND[0]
    assert (ore.direct["EU27"].country, ore.direct["EU27"].value, ore.output_quality) == ("COD", 0.4, "A")


def test_missing_supply_keeps_its_reason_and_is_no_zero() -> None:
    metal = FOUND[1]
    assert metal.direct == {}
    assert metal.untold == {"EU27": "place_of_use_unknown"}


def test_no_supplier_is_the_largest_where_more_has_no_name_or_trade_moved_to_fit() -> None:
    dependence = score("import_dependence", "ore", 1.0, scope="EU27")
    rows = [dependence, sourced("ore", "COD", 0.4, 0.3, 0.5), sourced("ore", "ROW", 0.41, 0.4, 0.5)]
    inside = [behind("ore", "COD", 0.4), behind("ore", "ROW", 0.41)]
    (ore,) = exposures(score_frame([*rows, *inside]), COUNTRY_TABLE, PRODUCTS, ("ore",), ("EU27",))
    assert (ore.direct, ore.behind, ore.untold) == ({}, {}, {"EU27": UNNAMED_LARGER})
    # EU output of unstated member is no supplier from outside.
    rows[2] = rows[2] | {"country": "EU_UNSPECIFIED"}
    (ore,) = exposures(score_frame(rows), COUNTRY_TABLE, PRODUCTS, ("ore",), ("EU27",))
    assert ore.direct["EU27"].country == "COD"
    moved = [row | {"interval_kind": MOVED_LANES} for row in rows]
    (ore,) = exposures(score_frame(moved), COUNTRY_TABLE, PRODUCTS, ("ore",), ("EU27",))
    assert (ore.direct, ore.untold) == ({}, {"EU27": MOVED})


def test_message_names_the_product_with_the_largest_share_of_one_country_outside_the_eu() -> None:
    first = weakest_finding(FOUND, ("ore", "metal", "cell"), "EU27")
    assert first.message_id == "weakest_behind"
    assert (first.numbers["product"], first.numbers["country"], first.numbers["range"][0]) == ("metal", "CHN", 0.9)
    assert first.score_keys == ("look_through_share/EU27/battery/metal/CHN/2024",)


def test_message_is_about_the_own_products_first_and_about_others_only_where_nothing_is_known_of_them() -> None:
    assert weakest_finding(FOUND, ("cell",), "EU27").numbers["product"] == "cell"
    assert weakest_finding(FOUND, ("unknown",), "EU27").numbers["product"] == "metal"


def test_what_is_inside_refined_goods_is_not_told_as_inside_batteries() -> None:
    inside = score("look_through_share", "ore", 0.99, scope="EU27", country="CHN", end_product="metal")
    rows = [inside, behind("ore", "COD", 0.8)]
    (ore,) = exposures(score_frame(rows), COUNTRY_TABLE, PRODUCTS, ("ore",), ("EU27",))
    assert (ore.behind["EU27"].country, ore.behind["EU27"].end) == ("COD", "battery")


def test_products_above_the_line_count_the_larger_of_direct_and_hidden_share() -> None:
    (found,) = above_line_findings(FOUND, "EU27", 0.65)
    assert [found.numbers[name] for name in ("count", "total", "surely", "possibly")] == [2, 3, 2, 3]
    assert list(above_line_findings(FOUND[:1], "EU27", 0.65)) == []


def open_share(**given: Any) -> Any:
    """China's share in the cells that the EU uses, told without a range."""
    rows = SCORES.filter(pl.col("product_id") != "cell").to_dicts()
    own = score("import_dependence", "cell", 1.0, scope="EU27")
    alone = {**sourced("cell", "CHN", 1.0, 1.0, 1.0), "quality": "D", **given}
    return exposures(score_frame([*rows, own, alone]), COUNTRY_TABLE, PRODUCTS, ("cell", "ore", "metal"), ("EU27",))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "assumed"),
        ({"quality": "C"}, None),
        ({"low": 0.9}, None),
        ({"low": None, "high": None}, "no_ends"),
    ],
)
def test_share_that_no_figures_tell_is_never_the_strongest_and_never_sure(
    given: dict[str, Any], why: str | None
) -> None:
    found = open_share(**given)
    assert found[2].direct["EU27"].without_range == why
    first = weakest_finding(found, ("ore", "metal", "cell"), "EU27")
    counted, *left = above_line_findings(found, "EU27", 0.65)
    if why is None:
        assert (first.message_id, first.numbers["product"]) == ("weakest_direct", "cell")
        assert (counted.numbers["total"], counted.numbers["surely"], left) == (3, 3, [])
    else:
        assert (first.message_id, first.numbers["product"]) == ("weakest_behind_partly", "metal")
        assert first.numbers["open"] == ["cell"]
        assert (counted.numbers["total"], counted.numbers["surely"]) == (2, 2)
        assert [(one.message_id, one.numbers["products"]) for one in left] == [("above_line_left_out", ["cell"])]


def test_share_that_no_figures_tell_is_named_as_that_where_there_is_no_other() -> None:
    (cell,) = open_share()[2:]
    told = weakest_finding([cell], ("cell",), "EU27")
    assert (told.message_id, told.confidence) == ("weakest_not_told_direct", "low")
    assert (told.numbers["country"], told.numbers["share"]) == ("CHN", 1.0)
    # All of world output made in one country is a figure, and no assumption on who supplies whom.
    world = score("top1_share", "cell", 1.0, low=1.0, high=1.0, quality="D", country="CHN")
    (made,) = exposures(score_frame([world]), COUNTRY_TABLE, PRODUCTS, ("cell",), ("EU27",))
    assert made.maker is not None
    assert made.maker.without_range is None


def test_without_regional_figures_the_message_is_about_the_world_and_says_so() -> None:
    scores = SCORES.filter(pl.col("metric") != "look_through_share")
    found = exposures(scores, COUNTRY_TABLE, PRODUCTS, ("metal",), ("EU27",))
    told = weakest_finding(found, ("metal",), "EU27")
    assert (told.message_id, told.numbers["reason"]) == ("weakest_world", "place_of_use_unknown")


def test_without_any_figure_the_message_says_that_nothing_is_known() -> None:
    found = exposures(SCORES, COUNTRY_TABLE, PRODUCTS, ("cathode",), ("EU27",))
    assert weakest_finding(found, ("cathode",), "EU27").message_id == "weakest_unknown"


def test_of_a_long_chain_own_products_stay_and_one_product_of_each_further_stage() -> None:
    same_stage = PRODUCTS.with_columns(pl.lit("cell").alias("stage"))
    found = exposures(SCORES, COUNTRY_TABLE, same_stage, ("cell", "ore", "metal"), ("EU27",))
    assert [one.product_id for one in most_exposed(found, "EU27", 2)] == ["metal"]
    assert [one.product_id for one in most_exposed(FOUND, "EU27", 2)] == ["ore", "metal"]
    assert [one.product_id for one in most_exposed(FOUND, "EU27", 2, always=("cell",))] == ["metal", "cell"]
    assert most_exposed(FOUND, "EU27", 3) == FOUND


# --- scenario and measures

LOSS = Loss("EU27", "cell", "final", 100.0, 5, 9, 0.4, 12, 90.0, 120.0, "cover_days")
HARDEST = Hardest("stop", 3, 36, losses={"EU27": LOSS})


def effect(
    name: str, days: float | None, low: float = 1e6, rank: int | None = None, fresh: int | None = None
) -> Effect:
    ratio = None if rank is None else (2.0, 1.0, 4.0)
    return Effect(name, 12, 13, (2e6, low, 3e6), days, 4e6, ratio, rank, fresh)


def test_loss_is_sure_to_a_degree_only_where_its_range_is_narrow() -> None:
    wide = replace(HARDEST, losses={"EU27": replace(LOSS, low=0.0, high=200.0)})
    assert (loss_finding(HARDEST, "EU27").confidence, loss_finding(wide, "EU27").confidence) == ("medium", "low")


@pytest.mark.parametrize(
    ("hardest", "message"),
    [
        (None, "loss_no_scenario"),
        (Hardest("stop", 2, 36), "loss_none"),
        (Hardest("stop", 2, 36, ("metal",)), "loss_cannot_tell"),
        (Hardest("stop", 2, 36, losses={"EU27": Loss("EU27", "ore", "other", 2.0, 5, 6, 0.1)}), "loss_other"),
    ],
)
def test_loss_that_cannot_be_told_is_no_loss_of_nothing(hardest: Hardest | None, message: str) -> None:
    assert loss_finding(hardest, "EU27").message_id == message


def test_course_says_whether_the_shortage_ends_within_the_run() -> None:
    ended = course_finding(HARDEST, "EU27")
    open_still = course_finding(replace(HARDEST, losses={"EU27": replace(LOSS, recovered_month=None)}), "EU27")
    assert ended is not None
    assert open_still is not None
    assert (ended.message_id, open_still.message_id) == ("course", "course_open")
    assert (ended.numbers["recovered"], open_still.numbers["months"]) == (12, 36)
    assert course_finding(HARDEST, "NLD") is None


def test_message_names_the_measure_that_leaves_the_fewest_days() -> None:
    told = help_finding([effect("stock", 60.0), effect("shift", 40.0)], HARDEST, "EU27")
    assert told.message_id == "help_most"
    assert (told.numbers["measure"], told.numbers["before"], told.numbers["after"]) == ("shift", 100.0, 40.0)


@pytest.mark.parametrize("low", [-5e6, 0.0, 0.04e6])
def test_measure_whose_range_does_not_exclude_zero_in_what_is_shown_is_named_with_that_doubt(low: float) -> None:
    assert help_finding([effect("shift", 40.0, low)], HARDEST, "EU27").message_id == "help_most_doubtful"


@pytest.mark.parametrize(
    ("effects", "hardest", "message"),
    [
        ([], HARDEST, "help_none_touches"),
        ([effect("stock", 99.8)], HARDEST, "help_nothing"),
        ([effect("stock", None)], None, "help_expected"),
    ],
)
def test_measures_that_do_nothing_are_not_praised(effects: list[Effect], hardest: Hardest | None, message: str) -> None:
    assert help_finding(effects, hardest, "EU27").message_id == message


def test_limits_name_measures_that_harm_and_count_those_in_doubt() -> None:
    effects = [effect("stock", 97.0), effect("worse", 110.0), effect("shift", 40.0, -5e6)]
    told = by_id(limits_of_help(effects, HARDEST, "EU27"))
    assert told["help_worse"]["measures"] == ["worse"]
    assert (told["help_doubtful"]["count"], told["help_doubtful"]["total"]) == (1, 3)
    assert list(by_id(limits_of_help(effects[2:], HARDEST, "EU27"))) == ["help_doubtful_all"]


def test_measures_stand_by_euro_first_and_then_by_days_taken_off() -> None:
    effects = [effect("a", 90.0), effect("b", 40.0), effect("c", 99.0, rank=2), effect("d", 99.0, rank=1)]
    assert [one.measure_id for one in by_euro(effects, HARDEST, "EU27")] == ["d", "c", "b", "a"]


def test_measures_matter_that_change_a_twentieth_of_the_loss_or_have_a_place_by_euro() -> None:
    effects = (effect("a", 95.1), effect("b", 95.0), effect("c", 100.0, rank=1), effect("d", 105.0), effect("e", None))
    assert [matters(one, HARDEST, "EU27") for one in effects] == [False, True, True, True, False]


def test_measures_that_leave_the_same_to_half_a_day_are_all_named_the_cheapest_first() -> None:
    cost = {"alpha": 9e6, "dear": 5e6, "free": -1e6, "far": 1e6}
    days = {"alpha": 40.0, "dear": 40.4, "free": 40.49, "far": 40.5}
    effects = [replace(effect(name, days[name]), cost=cost[name]) for name in days]
    # What may raise losses over all events is not named first, however cheap.
    harms, unknown = replace(effect("harms", 40.1, -5e6), cost=-9e6), replace(effect("unknown", 40.1, -5e6), cost=None)
    told = help_finding([unknown, *effects, harms], HARDEST, "EU27")
    assert told.message_id == "help_several_doubtful"
    assert told.numbers["measures"] == ["free", "dear", "alpha", "harms", "unknown"]
    assert [told.numbers[name] for name in ("after", "alike", "doubtful", "count")] == [40.49, 5, 2, 6]
    assert help_finding(effects, HARDEST, "EU27").message_id == "help_several"
    # Nothing is praised that leaves the loss as it is, to half a day.
    assert most_helpful([effect("a", 99.4), effect("b", 99.6)], HARDEST, "EU27") == [effect("a", 99.4)]


def test_month_is_that_of_the_report_and_not_the_months_of_lead() -> None:
    assert help_finding([effect("shift", 40.0)], HARDEST, "EU27").numbers["month"] == 13


def test_table_of_measures_always_holds_what_is_named_and_what_harms() -> None:
    ranked = [effect(f"euro{number}", 99.0, rank=number) for number in range(1, 7)]
    best, middle, worse, little = (
        effect("best", 60.0),
        effect("middle", 80.0),
        effect("worse", 110.0),
        effect("x", 98.0),
    )
    shown = shown_in_table([little, worse, middle, *ranked, best], HARDEST, "EU27", 6)
    assert [one.measure_id for one in shown] == ["euro1", "euro2", "euro3", "euro4", "best", "worse"]
    shown = shown_in_table([little, worse, middle, best], HARDEST, "EU27", 1)
    assert [one.measure_id for one in shown] == ["best", "worse"]


def test_order_by_euro_is_told_with_whether_other_draws_agree() -> None:
    sure = per_euro_findings([effect("a", 90.0), effect("b", 90.0, rank=1, fresh=1)], "EU27")
    unsure = per_euro_findings([effect("b", 90.0, rank=1, fresh=2)], "EU27")
    none = per_euro_findings([effect("a", 90.0)], "EU27")
    assert [one.message_id for found in (sure, unsure, none) for one in found] == [
        "per_euro",
        "per_euro_unsure",
        "per_euro_none",
    ]
    assert list(per_euro_findings([], "EU27")) == []


@pytest.mark.parametrize(
    ("places", "cost", "messages"),
    [
        ((1, 1), 1000.0, ["per_euro"]),
        ((1, 3), 1000.0, ["per_euro", "per_euro_place"]),
        ((1, 3), 1000.1, ["per_euro_dear"]),
    ],
)
def test_first_by_euro_is_told_with_its_open_place_and_not_at_all_where_it_costs_too_much(
    places: tuple[int, int], cost: float, messages: list[str]
) -> None:
    first = replace(effect("b", 90.0, rank=1, fresh=1), per_avoided=(cost, 1.0, 5000.0), places=places)
    told = list(per_euro_findings([first, effect("c", 90.0, rank=2)], "EU27"))
    assert [one.message_id for one in told] == messages
    if "per_euro_place" in messages:
        assert (told[1].numbers["first"], told[1].numbers["last"]) == (1, 3)


@pytest.mark.parametrize(
    ("avoided", "message"),
    [
        ((2e6, 5e4, 3e6), "plan_falls"),
        ((2e6, 4.9e4, 3e6), "plan_unsure"),
        ((-2e6, -3e6, -4.9e4), "plan_unsure"),
        ((-2e6, -3e6, -5e4), "plan_rises"),
    ],
)
def test_plan_is_said_to_change_losses_where_its_range_as_it_is_told_excludes_zero(
    avoided: tuple[float, float, float], message: str
) -> None:
    told = risk_findings(PlanEffect("EU27", avoided, []))
    assert [one.message_id for one in told] == [message, "plan_no_days"]


def test_plan_that_may_change_nothing_is_not_said_to_lower_risk() -> None:
    plan = PlanEffect("EU27", (16.0, -1.0, 60.0), [("cell", 8.0, 7.5), ("ore", 3.0, 3.01)])
    assert [one.message_id for one in risk_findings(plan)] == ["plan_unsure", "plan_days"]
    assert [one.message_id for one in risk_findings(None)] == ["plan_none"]


# --- why now


def restriction(name: str, **given: Any) -> dict[str, Any]:
    standard = {
        "row_id": name, "iso3": "CHN", "material_id": "cobalt", "product_ids": None, "covers": None,
        "measure": "licence", "subject": "goods", "reach": "all", "target_iso3": None, "start": "2025-04-04",
        "end": None, "suspended_from": None, "suspended_until": None, "status": "in_force", "quality": "C",
    }  # fmt: skip
    return standard | given


def told_restrictions(*rows: dict[str, Any], makers: tuple[str, ...] = ("CHN",)) -> list[Any]:
    words = {"end": pl.String, "product_ids": pl.String, "covers": pl.String}
    table = pl.DataFrame(list(rows), schema_overrides=words)
    return list(restriction_findings(table, ("ore",), frozenset({"cobalt"}), frozenset(makers), DAY))


def test_restrictions_of_one_country_and_kind_are_one_finding_with_their_rows() -> None:
    (one,) = told_restrictions(restriction("b"), restriction("a", start="2023-01-01", product_ids="ore;cell"))
    assert (one.message_id, one.score_keys) == ("restriction_several", ("a", "b"))
    assert (one.numbers["goods"], one.numbers["first"]) == (["cell", "cobalt", "ore"], "2023-01-01")


@pytest.mark.parametrize(
    "other",
    [
        {"target_iso3": "USA"},
        {"measure": "royalty"},
        {"subject": "technology"},
        {"status": "ended"},
        {"status": "unknown"},
        {"end": "2025-12-31"},
        {"start": "2026-06-01"},
        {"material_id": "nickel"},
        {"product_ids": "cell"},
    ],
)
def test_restrictions_that_do_not_hold_for_all_buyers_of_these_goods_now_are_left_out(other: dict[str, Any]) -> None:
    assert [one.message_id for one in told_restrictions(restriction("a", **other))] == ["restriction_none"]


def test_a_restriction_that_ended_after_the_day_held_on_it() -> None:
    # Its status is that of the day of collection; a month counts to its last day.
    for later in ({"status": "ended", "end": "2026-03-31"}, {"status": "ended", "end": "2026-03"}):
        assert [one.message_id for one in told_restrictions(restriction("a", **later))] == ["restriction"]
    for never in ({"start": None}, {"status": "announced"}, {"suspended_from": "2025-11-07", "status": "suspended"}):
        assert [one.message_id for one in told_restrictions(restriction("a", **never))] == ["restriction_none"]


def test_suspended_restriction_says_until_when() -> None:
    pause = {"status": "suspended", "suspended_from": "2025-11-07", "suspended_until": "2026-11-10"}
    (one,) = told_restrictions(restriction("a", **pause))
    assert (one.message_id, one.numbers["until"]) == ("restriction_suspended", "2026-11-10")


def test_restrictions_of_large_makers_are_told_and_those_of_others_counted() -> None:
    rows = (restriction("new", iso3="NAM", start="2026-01-01"), restriction("old", iso3="COD", start="2018"))
    told = told_restrictions(*rows, makers=("COD",))
    assert [(one.message_id, one.score_keys) for one in told] == [
        ("restriction", ("old",)),
        ("restriction_more", ("new",)),
    ]
    assert [one.message_id for one in told_restrictions(*rows, makers=())] == ["restriction_small"]


@pytest.mark.parametrize(
    ("covers", "form"),
    [
        ((None, None), "all"),
        (("unprocessed", "unprocessed ore; concentrate exempt"), "raw"),
        (("unprocessed", None), "some"),
        (("metal, alloys", None), "some"),
    ],
)
def test_restriction_on_some_forms_only_says_so(covers: tuple[str | None, ...], form: str) -> None:
    (one,) = told_restrictions(*(restriction(str(number), covers=text) for number, text in enumerate(covers)))
    assert one.numbers["form"] == form


def test_large_makers_have_a_twentieth_of_one_product() -> None:
    rows = [
        ("ore", "COD", 95.0),
        ("ore", "CHN", 5.0),
        ("metal", "NAM", 4.9),
        ("metal", "CHN", 95.1),
        ("cell", "USA", 1.0),
    ]
    production = pl.DataFrame(rows, schema=["product_id", "iso3", "value"], orient="row")
    assert large_makers(production, ("ore", "metal")) == {"COD", "CHN"}


def test_events_of_the_last_two_years_are_counted_by_country() -> None:
    event = {"row_id": "e1", "event_no": "E1", "iso3": "COD", "material_id": "cobalt", "product_ids": None,
             "hazard": "strike", "subject": "goods", "status": "realised", "start": "2025-02-22",
             "quality": "C"}  # fmt: skip
    rows = [event, event | {"row_id": "e2", "event_no": "E2"},
            event | {"row_id": "e3", "event_no": "E3", "iso3": "CHN"},
            event | {"row_id": "old", "start": "2024-02"}, event | {"row_id": "feared", "status": "threat"},
            event | {"row_id": "price", "hazard": "market_collapse"}]  # fmt: skip
    table = pl.DataFrame(rows, schema_overrides={"product_ids": pl.String})
    one = events_finding(table, ("ore",), frozenset({"cobalt"}), DAY)
    assert one is not None
    assert (one.message_id, *(one.numbers[name] for name in ("count", "country", "most"))) == ("events", 3, "COD", 2)
    assert one.score_keys == ("e1", "e2", "e3")


def test_an_event_with_several_rows_is_counted_once() -> None:
    event = {"row_id": "e1a", "event_no": "E1", "iso3": "CHN", "material_id": "cobalt", "product_ids": None,
             "hazard": "export_restriction", "subject": "goods", "status": "realised", "start": "2025-02-22",
             "quality": "C"}  # fmt: skip
    two_rows = [event, event | {"row_id": "e1b", "product_ids": "ore"}]

    def told(rows: list[dict[str, str | None]]) -> Finding:
        one = events_finding(
            pl.DataFrame(rows, schema_overrides={"product_ids": pl.String}), ("ore",), frozenset({"cobalt"}), DAY
        )
        assert one is not None
        return one

    assert (told(two_rows).message_id, told(two_rows).score_keys) == ("events_one", ("e1a", "e1b"))
    elsewhere = [event | {"row_id": f"e{number}", "event_no": f"E{number}", "iso3": "MMR"} for number in (2, 3)]
    numbers = told([*two_rows, *elsewhere]).numbers
    assert [numbers[name] for name in ("count", "country", "most")] == [3, "MMR", 2]


def test_product_of_a_group_counts_by_the_material_of_the_assessment() -> None:
    products = pl.DataFrame({"material_id": ["heavy"], "ec_material_id": ["dysprosium"]})
    materials = pl.DataFrame(
        {"material_id": ["heavy", "dysprosium"], "strategic_2024": [False, True], "critical_2024": [True, True]}
    )
    one = status_finding(products, materials)
    assert one is not None
    assert one.message_id == "status_strategic"


def test_only_a_trend_that_the_test_supports_is_told() -> None:
    rows = [
        score("hhi_trend", "ore", 300.0, interval_kind="hac_90_not_decided"),
        score("hhi_trend", "metal", -40.0, low=-60.0, high=-10.0, interval_kind="hac_90_falling"),
    ]
    one = trend_finding(score_frame(rows), ("ore", "metal"))
    assert one is not None
    assert (one.message_id, one.numbers["product"]) == ("trend_falling", "metal")
    assert [one.numbers[name] for name in ("value", "low", "high")] == [40.0, 10.0, 60.0]
    assert trend_finding(score_frame(rows), ("ore",)) is None
