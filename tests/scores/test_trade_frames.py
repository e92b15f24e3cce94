"""The trade table as flows: which rows count, and what is a region's own."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from supplyrisk.scores.trade_dependency import indicators
from supplyrisk.scores.trade_frames import (
    EU_IMPORTS,
    RECONCILED,
    flows_of,
    latest_years,
    region_trade,
    rows_of,
    rows_used,
    single_headings,
    tabled,
    traded_goods,
    why_no_indicator,
)
from tests.trade_builders import EU, trade_rows

FLOWS = [
    ("CHN", "DEU", 100.0),
    ("CHN", "NLD", 40.0),
    ("NOR", "DEU", 20.0),
    ("DEU", "NLD", 30.0),
    ("NLD", "DEU", 10.0),
    ("DEU", "USA", 25.0),
    ("NLD", "ROW", 4.0),
    ("CHN", "ROW", 6.0),
    ("ROW", "ROW", 2.0),
    ("CHN", "USA", 300.0),
]


def test_union_sees_its_members_as_one() -> None:
    trade = region_trade(FLOWS, EU, EU, RECONCILED)
    assert trade.imports == trade.extra_eu == {"CHN": 140.0, "NOR": 20.0}
    assert (trade.all_imports, trade.exports, trade.all_exports) == (200.0, 25.0, 69.0)
    assert trade.world == {"CHN": 446.0, "NOR": 20.0, "DEU": 55.0, "NLD": 14.0}
    # China's pool may hold imports of the union, the Dutch pool trade inside or exports, the last one anything.
    assert trade.unknown == {
        "imports": 8.0,
        "extra_eu": 8.0,
        "inside": 6.0,
        "exports": 6.0,
        "all_exports": 2.0,
        "world": 2.0,
    }


def test_member_counts_imports_from_other_members_as_imports_but_not_as_extra_eu() -> None:
    trade = region_trade(FLOWS, {"NLD"}, EU, RECONCILED)
    assert trade.imports == {"CHN": 40.0, "DEU": 30.0}
    assert trade.extra_eu == {"CHN": 40.0}
    assert (trade.all_imports, trade.exports, trade.all_exports) == (70.0, 14.0, 14.0)


def test_pooled_exports_of_a_single_country_are_exports_for_certain() -> None:
    trade = region_trade(FLOWS, {"NLD"}, EU, RECONCILED)
    assert trade.unknown["exports"] == trade.unknown["all_exports"] == 2.0
    assert trade.unknown["imports"] == 8.0


def test_origin_left_open_by_an_importer_is_unknown_from_both_sides() -> None:
    trade = region_trade([("NOR", "NLD", 10.0), ("ROW", "NLD", 1.0), ("ROW", "DEU", 5.0)], {"NLD"}, EU, EU_IMPORTS)
    assert trade.unknown["imports"] == trade.unknown["extra_eu"] == trade.unknown["inside"] == 1.0
    assert not trade.has_exports


# --- rows that count


def test_parts_of_years_shares_and_rows_without_value_are_left_out() -> None:
    rows = trade_rows(
        [
            {"exporter": "CHN", "importer": "DEU", "value": 5.0},
            {"exporter": "CHN", "importer": "FRA", "value": 5.0, "period": "2024-01..2024-06"},
            {"exporter": "CHN", "importer": "NLD", "value": None, "record_kind": "share"},
            {"exporter": "CHN", "importer": "POL", "value": 9.0, "record_kind": "press"},
            {"exporter": "CHN", "importer": "EU27", "value": None, "record_kind": "eu_imports"},
            {"exporter": "WLD", "importer": "NLD", "value": 9.0},
        ]
    )
    assert flows_of(tabled(rows)) == [("CHN", "DEU", 5.0)]


@pytest.mark.parametrize(
    ("suspect", "trusted"),
    [
        (None, True),
        ("tonnage_wrong", True),
        ("unit_value_low", False),
        ("unit_value_high", False),
        ("reporting_break", False),
    ],
)
def test_mistaken_weight_leaves_the_value_trusted(suspect: str | None, trusted: bool) -> None:
    rows = trade_rows([{"exporter": "GIN", "importer": "CHN", "value": 6.4e6, "suspect": suspect}])
    assert tabled(rows)["is_trusted"].to_list() == [trusted]


def test_heading_in_two_nomenclatures_counts_once() -> None:
    same = {"exporter": "CHN", "importer": "DEU", "value": 5.0}
    rows = trade_rows([{**same, "nomenclature": "HS1992"}, {**same, "nomenclature": "HS2017"}])
    assert tabled(rows)["nomenclature"].to_list() == ["HS1992"]


def two_headings(**second: Any) -> pl.DataFrame:
    """A product with headings 111111 and 222222 in 2023 and 2024, the latter changed by ``second`` in 2024."""
    flow = {"exporter": "CHN", "importer": "DEU", "value": 5.0}
    rows = [{**flow, "year": year, "hs6": hs6} for year in (2023, 2024) for hs6 in ("111111", "222222")]
    rows[-1] |= second
    return tabled(trade_rows(rows))


def test_product_takes_its_headings_together() -> None:
    (good,) = traded_goods(two_headings())
    assert (good.name, good.product_id, good.headings) == ("metal", "metal", ("111111", "222222"))
    of_year = rows_of(two_headings(), good).filter(pl.col("year") == 2024)
    assert of_year["value_kusd"].sum() == 10.0


def test_year_that_lacks_a_heading_or_is_not_tabled_says_so() -> None:
    rows = two_headings(year=2022)
    (good,) = traded_goods(rows)
    own = rows_of(rows, good)
    reasons = {year: why_no_indicator(own.filter(pl.col("year") == year), good) for year in (2024, 2023, 2021)}
    assert reasons == {2024: "heading_missing_in_year", 2023: None, 2021: "year_not_in_table"}
    assert latest_years(rows, good, 3) == [2022, 2023, 2024]


def test_reconciled_headings_stand_for_a_product_and_import_tables_only_where_there_is_none() -> None:
    rows = two_headings(record_kind=EU_IMPORTS, cn8="22222200", nomenclature="CN8")
    (good,) = traded_goods(rows)
    assert (good.headings, good.record_kind) == (("111111", "222222"), RECONCILED)
    alone = rows.filter(pl.col("record_kind") == EU_IMPORTS)
    assert [(good.headings, good.record_kind) for good in traded_goods(alone)] == [(("22222200",), EU_IMPORTS)]


def test_good_without_product_goes_by_its_name() -> None:
    rows = trade_rows([{"exporter": "TUR", "importer": "DEU", "value": 1.0, "product": None, "good": "magnesite"}])
    (good,) = traded_goods(tabled(rows))
    assert (good.name, good.product_id) == ("magnesite", None)


def test_same_trade_in_a_second_nomenclature_is_no_heading_of_its_own() -> None:
    rows = [{"exporter": "TUR", "importer": "DEU", "value": 1.0, "hs6": hs6} for hs6 in ("252890", "252800")]
    assert [good.headings for good in single_headings(tabled(trade_rows(rows)))] == [("252890",)]


# --- rows a value is made from


@pytest.mark.parametrize("members", [EU, frozenset({"NLD"})])
@pytest.mark.parametrize(
    "metric",
    [
        "import_hhi",
        "world_export_hhi",
        "imports_to_exports",
        "extra_eu_import_hhi",
        "extra_eu_import_share",
        "extra_eu_imports_to_exports",
    ],
)
def test_rows_used_give_the_same_value_and_none_of_them_can_be_spared(metric: str, members: frozenset[str]) -> None:
    listed = [{"exporter": e, "importer": i, "value": v} for e, i, v in FLOWS]
    rows = tabled(trade_rows(listed))
    whole = indicators(region_trade(FLOWS, members, EU, RECONCILED))[metric].value
    used = rows_used(rows, metric, members, EU)
    assert indicators(region_trade(flows_of(used), members, EU, RECONCILED))[metric].value == pytest.approx(whole)
    for i in range(used.height):
        less = flows_of(used.with_row_index().filter(pl.col("index") != i))
        assert indicators(region_trade(less, members, EU, RECONCILED))[metric].value != pytest.approx(whole)
