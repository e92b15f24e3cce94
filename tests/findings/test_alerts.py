"""Alerts from hand-made frames: at, just above and below each line; what is missing is no alert and is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest

from supplyrisk.findings.alert import KINDS, Alert, FoundAlerts, Looked, shown_first, together
from supplyrisk.findings.alert_limits import AlertLimits
from supplyrisk.findings.alerts import AlertInput, find_alerts
from supplyrisk.findings.alerts_events import control_alerts, shortfall_alerts
from supplyrisk.findings.alerts_prices import price_alerts
from supplyrisk.findings.alerts_scores import (
    Since,
    concentration_alerts,
    named_parts,
    single_country_alerts,
    supply_risk_alerts,
)
from supplyrisk.foundation.quarters import Quarter
from supplyrisk.scores.single_country import SCHEMA as SINGLE
from supplyrisk.scores.trend import ROBUST_90
from tests.score_builders import score, score_frame

DAY = date(2026, 3, 31)
SINCE = Since({"row.old": date(2025, 1, 1), "row.new": date(2026, 2, 6)}, DAY)


def trend_of(product: str, slope: float, direction: str = "rising") -> dict[str, Any]:
    """A trend of concentration, with the direction that its test bears."""
    return score("hhi_trend", product, slope, interval_kind=f"{ROBUST_90}{direction}")


# --- one third country


def single(share: float | None, region: str = "EU27", **given: Any) -> dict[str, Any]:
    row = {
        "material_id": "lithium",
        "product_id": "lithium_chemicals",
        "stage": "refining",
        "region": region,
        "country": "CHL",
        "share": share,
        "low": share,
        "high": share,
        "quality": "C",
        "verdict": "above",
    }
    return dict.fromkeys(SINGLE) | row | given


def of_one_country(*rows: Mapping[str, Any], limit: float | None = 0.65) -> tuple[tuple[Alert, ...], Looked]:
    scores = [
        score("sourcing_share", row["product_id"], row["share"], scope=row["region"], country=row["country"],
              input_row_ids=["row.old", "row.new"])
        for row in rows
        if row["share"] is not None
    ]  # fmt: skip
    return single_country_alerts(pl.DataFrame(rows, schema=SINGLE), score_frame(scores), ["EU27"], limit, SINCE)


@pytest.mark.parametrize(("share", "alerts"), [(0.6499, 0), (0.65, 0), (0.6501, 1)])
def test_one_country_alerts_above_the_bound_and_not_at_it(share: float, alerts: int) -> None:
    found, looked = of_one_country(single(share))
    assert (len(found), looked.assessed, looked.gaps) == (alerts, 1, {})


def test_alert_on_one_country_names_its_score_and_the_newest_row_behind_it() -> None:
    (found,) = of_one_country(single(0.9))[0]
    assert found.alert_id == "single_country.EU27.lithium_chemicals.CHL"
    assert found.score_keys == ("sourcing_share/EU27/lithium_chemicals/CHL/2024",)
    assert (found.since, found.value, found.threshold) == (date(2026, 2, 6), 0.9, 0.65)


@pytest.mark.parametrize(
    ("quality", "high", "message"),
    [("D", 0.9, "single_country_assumed"), ("D", 0.95, "single_country"), ("C", 0.9, "single_country")],
)
def test_a_share_by_assumption_alone_is_told_without_a_range(quality: str, high: float, message: str) -> None:
    (found,) = of_one_country(single(0.9, quality=quality, high=high))[0]
    assert found.message_id == message


def test_share_that_is_not_measurable_is_no_alert_and_is_told_with_its_reason() -> None:
    gap = single(None, country=None, verdict="not_measurable", missing_reason="place_of_use_unknown")
    found, looked = of_one_country(gap)
    assert found == ()
    assert (looked.assessed, looked.gaps) == (0, {"place_of_use_unknown": ("lithium_chemicals",)})


def test_a_share_that_trade_moved_far_does_not_tell_is_a_gap_and_no_alert() -> None:
    moved = single(0.9, low=None, high=None, verdict="not_decided", open_reason="trade_moved_to_fit")
    found, looked = of_one_country(moved)
    assert (found, looked.assessed, looked.gaps) == ((), 0, {"trade_moved_to_fit": ("lithium_chemicals",)})


def test_only_regions_asked_for_are_looked_at() -> None:
    found, looked = of_one_country(single(0.9, "NLD"))
    assert (found, looked.assessed) == ((), 0)


# --- supply risk


def risk_scores(published: float | None, live: float | None, **given: Any) -> pl.DataFrame:
    of = {"material_id": "cobalt", "scope": "EU27"}
    rows = [score("supply_risk_live", "cobalt_mine", live, **of, **given)]
    if published is not None:
        rows.append(score("supply_risk_published", "", published, year=2020, **of) | {"product_id": None})
        rows.append(score("supply_risk_published", "", published, year=2023, **of) | {"product_id": None})
    for part, value in (("shares", 0.2), ("governance", 0.1), ("restrictions", 0.4)):
        rows.append(score(f"supply_risk_change_{part}", "cobalt_mine", value, **of))
    return score_frame(rows)


@pytest.mark.parametrize(("live", "alerts"), [(3.4999, 0), (3.5, 1), (3.5001, 1)])
def test_supply_risk_alerts_from_the_rise_asked_for(live: float, alerts: int) -> None:
    found, looked = supply_risk_alerts(risk_scores(2.8, live), 0.7, SINCE)
    assert (len(found), looked.assessed) == (alerts, 1)


@pytest.mark.parametrize(
    ("published", "live", "alerts"), [(0.9, 0.9499, 0), (0.9, 0.95, 1), (0.9, 1.0, 1), (1.0, 1.2, 0)]
)
def test_supply_risk_alerts_where_it_crosses_the_line_as_the_study_rounds(
    published: float, live: float, alerts: int
) -> None:
    found, _ = supply_risk_alerts(risk_scores(published, live), 0.7, SINCE)
    assert [alert.message_id for alert in found] == ["supply_risk_crosses_part"] * alerts


def test_supply_risk_names_the_latest_published_score_and_what_moved_it_most() -> None:
    (found,), _ = supply_risk_alerts(risk_scores(2.8, 3.6), 0.7, SINCE)
    assert found.alert_id == "supply_risk.EU27.cobalt"
    assert found.score_keys == ("supply_risk_live/EU27/cobalt/2024", "supply_risk_published/EU27/cobalt/2023")
    assert (found.numbers["part"], found.numbers["of_part"], found.numbers["year"]) == ("restrictions", 0.4, 2023)
    assert found.value == pytest.approx(0.8)
    assert found.since == DAY  # no row is named behind it


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ({"shares": 0.2, "governance": -0.05, "restrictions": 0.6}, ["restrictions"]),
        ({"shares": 0.52, "governance": -0.03, "restrictions": 0.54}, ["restrictions", "shares"]),
        ({"shares": 0.5, "restrictions": 0.5}, ["shares", "restrictions"]),  # the half is not more than the half
        ({"shares": 0.4, "governance": -0.3, "restrictions": -0.2}, []),
        ({"shares": -0.4, "governance": -0.1}, []),
        ({}, []),
    ],
)
def test_a_part_is_called_most_only_above_half_of_all_parts(parts: dict[str, float], named: list[str]) -> None:
    assert named_parts(parts) == tuple((part, parts[part]) for part in named)


def test_material_without_live_or_published_score_is_told_as_not_assessed() -> None:
    none = supply_risk_alerts(risk_scores(2.8, None, missing_reason="no_supply_known"), 0.7, SINCE)
    assert (none[0], none[1].assessed, none[1].gaps) == ((), 0, {"no_supply_known": ("cobalt",)})
    never = supply_risk_alerts(risk_scores(None, 5.0), 0.7, SINCE)
    assert (never[0], never[1].assessed, never[1].gaps) == ((), 0, {"no_published_score": ("cobalt",)})


# --- concentration


@pytest.mark.parametrize(
    ("hhi", "rise", "direction", "alerts"),
    [
        (4000.0, 150.0, "rising", 1),
        (3999.0, 150.0, "rising", 0),
        (4000.0, 149.0, "rising", 0),
        (4000.0, 300.0, "not_decided", 0),
        (9000.0, 151.0, "rising", 1),
    ],
)
def test_concentration_alerts_where_it_is_high_and_surely_rises(
    hhi: float, rise: float, direction: str, alerts: int
) -> None:
    scores = [score("hhi", "gallium", hhi), trend_of("gallium", rise, direction)]
    found, looked = concentration_alerts(score_frame(scores), 150.0, 4000.0, SINCE)
    assert (len(found), looked.assessed) == (alerts, 1)


def test_trend_of_too_few_years_is_told_as_not_assessed() -> None:
    scores = [score("hhi", "gallium", 9000.0), score("hhi_trend", "gallium", missing_reason="too_few_years")]
    found, looked = concentration_alerts(score_frame(scores), 150.0, 4000.0, SINCE)
    assert (found, looked.assessed, looked.gaps) == ((), 0, {"too_few_years": ("gallium",)})


# --- controls


def control(start: str | None = "2026-01-01", **given: Any) -> dict[str, Any]:
    row = {
        "measure_id": f"cod.cobalt.quota.{start}",
        "row_id": f"export_restrictions.cod.cobalt.quota.{start}",
        "iso3": "COD",
        "material_id": "cobalt",
        "measure": "quota",
        "subject": "goods",
        "reach": "all",
        "rate_share": None,
        "quota": 96600.0,
        "quota_unit": "t/y",
        "start": start,
        "status": "in_force",
        "quality": "B",
    }
    empty = dict.fromkeys(("product_ids", "target_iso3", "end", "suspended_from", "suspended_until"))
    return empty | row | given


CONTROL_TYPES = dict.fromkeys(control(), pl.String) | {"quota": pl.Float64, "rate_share": pl.Float64}


def controls(*rows: Mapping[str, Any], quarters: int | None = 1) -> tuple[tuple[Alert, ...], Looked]:
    seen = Quarter(2026, 1).back(quarters or 1).last_day
    return control_alerts(pl.DataFrame(rows, schema=CONTROL_TYPES), quarters, seen, DAY, {"EU27", "NLD"})


@pytest.mark.parametrize(
    ("start", "alerts"), [("2025-12-31", 0), ("2026-01-01", 1), ("2026-01", 1), ("2026-03-31", 1), ("2026-04-01", 0)]
)
def test_control_alerts_when_it_began_in_the_quarter(start: str, alerts: int) -> None:
    assert len(controls(control(start))[0]) == alerts


def test_control_of_the_quarter_before_alerts_when_two_are_asked_for() -> None:
    assert len(controls(control("2025-10-01"), quarters=2)[0]) == 1
    assert len(controls(control("2025-09-30"), quarters=2)[0]) == 0


@pytest.mark.parametrize(
    "given",
    [
        {"status": "announced"},
        {"end": "2026-03-30"},
        {"suspended_from": "2026-02-01", "suspended_until": "2026-11-10"},
        {"target_iso3": "USA"},
        {"subject": "technology"},
    ],
)
def test_control_that_does_not_bind_the_region_on_the_day_is_no_alert(given: Mapping[str, Any]) -> None:
    assert controls(control(**given))[0] == ()


def test_alert_on_a_control_carries_its_start_its_row_and_its_volume() -> None:
    (found,) = controls(control())[0]
    assert found.alert_id == "control.cod.cobalt.quota.2026-01-01"
    assert (found.since, found.value, found.unit) == (date(2026, 1, 1), 96600.0, "t/y")
    assert found.row_ids == ("export_restrictions.cod.cobalt.quota.2026-01-01",)
    assert found.confidence == "high"


def test_control_not_known_to_be_in_force_has_low_confidence() -> None:
    (found,) = controls(control(status="unknown"))[0]
    assert found.confidence == "low"


def test_control_without_a_start_is_told_as_not_assessed() -> None:
    found, looked = controls(control(None))
    assert (found, looked.assessed, looked.gaps) == ((), 0, {"start_not_stated": ("cod.cobalt.quota.None",)})


# --- prices

PRODUCTS = pl.DataFrame(
    {
        "product_id": ["cobalt_refined", "cobalt_mine", "bauxite"],
        "material_id": ["cobalt", "cobalt", "aluminium"],
        "tier": [2, 1, 1],
        "price_id": ["cobalt", "cobalt", "bauxite_alumina"],
    }
)


def price(period: str, value: float, **given: Any) -> dict[str, Any]:
    row = {
        "row_id": f"prices.{given.get('price_id', 'cobalt')}.{given.get('source_ids', 'one')}.{period}",
        "price_id": "cobalt",
        "series": "lme",
        "period": period,
        "main": True,
        "product_id": None,
        "value": value,
        "currency": "USD",
        "per": "lb",
        "content": None,
        "kind": "mean",
        "terms": "nominal",
        "mark": None,
        "source_ids": "one",
        "quality": "A",
        "known_from": date(2026, 3, 3),
    }
    return row | given


PRICE_TYPES = dict.fromkeys(price("2025", 1.0), pl.String) | {
    "value": pl.Float64,
    "main": pl.Boolean,
    "known_from": pl.Date,
}


def prices(*rows: Mapping[str, Any], months: float | None = 0.25, year: float | None = 0.5) -> list[Any]:
    told = PRODUCTS.filter(pl.col("price_id").is_in([row["price_id"] for row in rows]))
    return list(price_alerts(pl.DataFrame(rows, schema=PRICE_TYPES), told, months, year, DAY))


@pytest.mark.parametrize(("value", "alerts"), [(149.9, 0), (150.0, 1), (150.1, 1), (50.1, 0), (50.0, 1)])
def test_yearly_price_alerts_up_and_down_from_the_line(value: float, alerts: int) -> None:
    _, (found, looked) = prices(price("2024", 100.0), price("2025", value))
    assert (len(found), looked.assessed) == (alerts, 1)


@pytest.mark.parametrize(("value", "alerts"), [(124.9, 0), (125.0, 1), (75.0, 1), (75.1, 0)])
def test_monthly_price_is_held_against_three_months_before(value: float, alerts: int) -> None:
    rows = [price("2025-11", 100.0), price("2025-12", 1.0), price("2026-01", 1.0), price("2026-02", value)]
    (found, looked), _ = prices(*rows)
    assert (len(found), looked.assessed) == (alerts, 1)


def test_alert_on_a_price_names_both_rows_and_the_day_of_the_newer() -> None:
    _, ((found,), _) = prices(
        price("2024", 10.0, known_from=date(2025, 2, 1)), price("2025", 20.0, mark="estimated", quality="C")
    )
    assert found.alert_id == "price.cobalt.2025"
    assert found.row_ids == ("prices.cobalt.one.2025", "prices.cobalt.one.2024")
    assert (found.since, found.value, found.message_id) == (date(2026, 3, 3), 1.0, "price_rises_estimated")
    assert (found.numbers["good"], found.confidence) == ("material:cobalt", "medium")


def test_price_with_a_recent_month_is_not_told_a_second_time_by_the_year() -> None:
    rows = [price("2025-11", 100.0), price("2026-02", 200.0, known_from=date(2026, 3, 3))]
    rows += [price("2024", 10.0, source_ids="two"), price("2025", 20.0, source_ids="two")]
    (monthly, _), (yearly, looked) = prices(*rows)
    assert (len(monthly), len(yearly), looked.assessed) == (1, 0, 0)
    (monthly, _), (yearly, _) = prices(*rows, months=None)
    assert (len(monthly), len(yearly)) == (0, 1)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([price("2023", 1.0), price("2024", 9.0)], "price_too_old"),
        ([price("2023", 1.0), price("2025", 9.0)], "no_price_before"),
        ([price("2024", 1.0, kind="unit_value"), price("2025", 9.0, kind="unit_value")], "unit_value_only"),
        ([price("2024", 1.0, source_ids="two"), price("2025", 9.0)], "no_price_before"),
        ([price("2024", 1.0, currency="EUR"), price("2025", 9.0)], "no_price_before"),
    ],
)
def test_price_that_cannot_be_compared_is_no_alert_and_is_told(rows: Sequence[Mapping[str, Any]], reason: str) -> None:
    _, (found, looked) = prices(*rows)
    assert (found, looked.assessed, looked.gaps) == ((), 0, {reason: ("cobalt",)})


def test_price_of_one_product_among_several_is_named_after_it() -> None:
    of = {"price_id": "bauxite_alumina", "product_id": "bauxite"}
    _, ((found,), _) = prices(price("2024", 1.0, **of), price("2025", 9.0, **of))
    assert (found.alert_id, found.numbers["good"]) == ("price.bauxite_alumina.bauxite.2025", "product:bauxite")


def test_side_series_and_prices_of_no_product_are_not_looked_at() -> None:
    rows = [price("2024", 1.0, main=False), price("2025", 9.0, main=False)]
    rows += [price("2024", 1.0, price_id="lead"), price("2025", 9.0, price_id="lead")]
    (monthly, _), (yearly, looked) = prices(*rows)
    assert (monthly, yearly, looked.assessed, looked.gaps) == ((), (), 0, {"no_price_known": ("cobalt",)})


def test_prices_not_known_yet_and_products_without_one_are_told() -> None:
    products = pl.concat([PRODUCTS, PRODUCTS.head(1).with_columns(pl.lit("cell").alias("product_id"))])
    priced = pl.when(pl.col("product_id") != "cell").then("price_id")
    rows = pl.DataFrame([price("2024", 1.0), price("2025", 1.0)], schema=PRICE_TYPES)
    of = products.with_columns(priced.alias("price_id"))
    gaps = {"no_price_known": ("bauxite_alumina",), "no_price_in_the_data": ("cell",)}
    assert [looked.gaps for _, looked in price_alerts(rows, of, 0.25, 0.5, DAY)] == [{}, gaps]
    assert [looked.gaps for _, looked in price_alerts(rows, of, 0.25, None, DAY)] == [gaps, {}]


def test_kind_of_which_nothing_could_be_assessed_was_not_looked_at() -> None:
    assert together([((), Looked("price_year", 0.5, 0))]).not_looked[0].not_looked == "none_assessed"
    assert together([((), Looked("price_year", 0.5, 1))]).not_looked == ()
    assert together([((), Looked("price_year", None))]).not_looked == ()


# --- shortfall

RISK = pl.DataFrame(
    {
        "region": ["EU27", "EU27", "NLD"],
        "product_id": ["cobalt_mine", "copper_mine", "cobalt_mine"],
        "lost_days_per_year": [7.0, 6.9, 20.0],
        "lost_low": [3.0, 0.0, 1.0],
        "lost_high": [10.0, 9.0, 30.0],
    }
)


def test_shortfall_alerts_from_the_days_asked_for() -> None:
    found, looked = shortfall_alerts(RISK, ["EU27"], 7.0, DAY, "abc")
    assert [(alert.alert_id, alert.since, alert.confidence) for alert in found] == [
        ("shortfall.EU27.cobalt_mine", DAY, "medium")
    ]
    assert (looked.assessed, looked.source) == (2, "abc")


def test_region_outside_the_simulation_is_told_as_not_assessed() -> None:
    assert shortfall_alerts(RISK, ["DEU"], 7.0, DAY)[1].gaps == {"region_not_simulated": ("DEU",)}


def test_without_a_simulation_shortfall_is_not_looked_at_and_not_free_of_alerts() -> None:
    found, looked = shortfall_alerts("no_kept_run", ["EU27"], 7.0, DAY)
    assert (found, looked.not_looked, looked.assessed) == ((), "no_kept_run", None)
    assert together([(found, looked)]).not_looked == (looked,)


# --- all of them


def whole(limits: AlertLimits, turned: bool = False) -> FoundAlerts:
    scores = risk_scores(2.8, 5.0)
    scores = pl.concat([scores, score_frame([score("hhi", "a", 9e3), trend_of("a", 500.0)])])
    tables = [scores, RISK, pl.DataFrame([price("2024", 1.0), price("2025", 9.0)], schema=PRICE_TYPES)]
    if turned:
        tables = [table.reverse() for table in tables]
    return find_alerts(
        AlertInput(
            quarter=Quarter(2026, 1),
            as_of=DAY,
            regions=["EU27", "NLD"],
            buyers={"EU27", "NLD"},
            lines={"single_country_share": 0.65, "hhi_high": 4000.0},
            scores=tables[0],
            single_country=pl.DataFrame(schema=SINGLE),
            known_from={},
            restrictions=pl.DataFrame([control()], schema=CONTROL_TYPES),
            prices=tables[2],
            products=PRODUCTS,
            risk=tables[1],
        ),
        limits,
    )


def test_alerts_come_by_kind_and_then_the_largest_first() -> None:
    assert [alert.alert_id for alert in whole(AlertLimits()).alerts] == [
        "control.cod.cobalt.quota.2026-01-01",
        "price.cobalt.2025",
        "supply_risk.EU27.cobalt",
        "concentration.a",
        "shortfall.NLD.cobalt_mine",
        "shortfall.EU27.cobalt_mine",
    ]


def test_every_kind_is_accounted_for() -> None:
    assert [looked.kind for looked in whole(AlertLimits()).looked] == list(KINDS)


def test_order_of_the_rows_changes_no_alert() -> None:
    assert whole(AlertLimits(), turned=True).alerts == whole(AlertLimits()).alerts


def test_thresholds_that_are_null_switch_every_kind_off() -> None:
    names = [name for name in AlertLimits.model_fields if name not in ("shown", "regions", "reopen_change")]
    found = whole(AlertLimits.model_validate(dict.fromkeys(names)))
    assert found.alerts == ()
    assert [(looked.threshold, looked.assessed, looked.state) for looked in found.looked] == [
        (None, None, "off")
    ] * len(KINDS)


def test_margin_lets_the_alert_on_one_country_begin_earlier() -> None:
    looked = {one.kind: one.threshold for one in whole(AlertLimits(single_country_margin=0.05)).looked}
    assert looked["single_country"] == pytest.approx(0.60)


def test_the_largest_of_every_kind_is_shown_before_the_second_of_any() -> None:
    alerts = whole(AlertLimits()).alerts
    assert shown_first(alerts, 5) == alerts[:5]
    twice = (alerts[4], alerts[5], alerts[0])
    assert shown_first(twice, 2) == (alerts[4], alerts[0])
    assert shown_first(alerts, 50) == alerts
