"""Score rows of trade dependency on hand-made trade, and the churn of a list."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from supplyrisk.scores.dependency_churn import Churn, churn, heading_flags
from supplyrisk.scores.dependency_scores import dependency_scores, judge
from supplyrisk.scores.table import Basis, ScoreRow
from supplyrisk.scores.trade_dependency import CORE, GEODEP
from supplyrisk.scores.trade_frames import latest_years, rows_of, rows_used, tabled, traded_goods, why_no_indicator
from supplyrisk.scores.world import Region
from tests.trade_builders import EU, trade_rows

UNION, DUTCH, BRITISH = (
    Region("EU27", EU),
    Region("NLD", frozenset({"NLD"})),
    Region("GBR", frozenset({"GBR"})),
)
STAGES = {"metal": "refining", "other": "extraction"}

# Imports 90 from China and 10 from Norway, sells 20 inside and 20 outside; China makes 0.9 of world exports.
YEAR = [("CHN", "DEU", 90.0), ("NOR", "NLD", 10.0), ("DEU", "NLD", 20.0), ("NLD", "USA", 20.0), ("CHN", "USA", 500.0)]


def table(years: tuple[int, ...] = (2022, 2023, 2024), **change: Any) -> pl.DataFrame:
    return trade_rows(
        [{"exporter": e, "importer": i, "value": v, "year": year} | change for year in years for e, i, v in YEAR]
    )


def rows_by_key(trade: pl.DataFrame, *regions: Region) -> dict[tuple[str, str, int | None], ScoreRow]:
    found = dependency_scores(trade, regions, EU, STAGES)
    return {(row.metric, row.scope, row.basis.year): row for row in found if row.product_id == "metal"}


def test_scores_of_the_union_worked_by_hand() -> None:
    found = rows_by_key(table(), UNION)
    values = {metric: row.value for (metric, _, year), row in found.items() if year == 2024}
    assert values == pytest.approx(
        {
            "import_hhi": 8200.0,
            "world_export_hhi": 10_000 * (590**2 + 10**2 + 20**2 + 20**2) / 640**2,
            "imports_to_exports": 5.0,
            "extra_eu_import_hhi": 8200.0,
            "extra_eu_import_share": 100.0 / 120.0,
            "extra_eu_imports_to_exports": 2.5,
            "import_dependent_geodep": 1.0,
            "import_dependent_core": 1.0,
        }
    )


def test_world_concentration_is_given_once_and_the_answer_over_years_for_the_newest() -> None:
    found = rows_by_key(table(), UNION, DUTCH)
    assert {key for key in found if key[0] == "world_export_hhi"} == {
        ("world_export_hhi", "world", year) for year in (2022, 2023, 2024)
    }
    assert {key for key in found if key[0] == "import_dependent_geodep"} == {
        ("import_dependent_geodep", "EU27", 2024),
        ("import_dependent_geodep", "NLD", 2024),
    }
    assert {year for metric, scope, year in found if (metric, scope) == ("import_dependent_core", "NLD")} == {
        2022,
        2023,
        2024,
    }


def test_member_is_judged_as_a_country() -> None:
    found = rows_by_key(table(), DUTCH)
    # From Germany 20, from Norway 10: (400 + 100)/900; from outside the EU Norway alone; sells 20.
    assert found["import_hhi", "NLD", 2024].value == pytest.approx(10_000 * 5 / 9)
    assert found["extra_eu_import_hhi", "NLD", 2024].value == pytest.approx(10_000.0)
    assert found["extra_eu_import_share", "NLD", 2024].value == pytest.approx(1 / 3)
    assert found["extra_eu_imports_to_exports", "NLD", 2024].value == pytest.approx(0.5)
    assert found["import_dependent_core", "NLD", 2024].value == 0.0


def test_commission_indicators_are_not_given_outside_the_union() -> None:
    trade = pl.concat([table(), trade_rows([{"exporter": "CHN", "importer": "GBR", "value": 9.0}])])
    metrics = {row.metric for row in dependency_scores(trade, [BRITISH], EU, STAGES)}
    assert metrics == {"import_hhi", "world_export_hhi", "imports_to_exports", "import_dependent_geodep"}


def test_one_year_alone_decides_nothing() -> None:
    found = rows_by_key(table((2024,)), UNION)
    answer = found["import_dependent_geodep", "EU27", 2024]
    assert (answer.value, answer.missing_reason) == (None, "not_decided")
    assert found["import_hhi", "EU27", 2022].missing_reason == "year_not_in_table"
    assert found["import_dependent_core", "EU27", 2024].value == 1.0
    assert found["import_dependent_core", "EU27", 2023].missing_reason == "not_decided"


def test_doubtful_row_stays_out_of_the_value_and_shows_in_the_ends() -> None:
    odd = {"exporter": "IND", "importer": "DEU", "value": 100.0, "suspect": "unit_value_high"}
    found = rows_by_key(pl.concat([table(), trade_rows([odd])]), UNION)
    row = found["import_hhi", "EU27", 2024]
    assert row.value == pytest.approx(8200.0)
    assert row.low == pytest.approx(10_000 * (90**2 + 10**2 + 100**2) / 200**2)
    assert len(row.basis.input_row_ids) == 2


def test_product_without_a_table_has_flags_missing_with_the_reason() -> None:
    found = [row for row in dependency_scores(table(), [UNION], EU, STAGES) if row.product_id == "other"]
    assert [(row.metric, row.value, row.missing_reason, row.stage) for row in found] == [
        ("import_dependent_geodep", None, "no_trade_table", "extraction"),
        ("import_dependent_core", None, "no_trade_table", "extraction"),
    ]


def test_good_without_a_product_makes_no_score_row() -> None:
    rows = list(dependency_scores(table(product=None, good="magnesite"), [UNION], EU, STAGES))
    assert {row.missing_reason for row in rows} == {"no_trade_table"}


def test_table_without_trade_gives_gaps_only() -> None:
    rows = list(dependency_scores(table().clear(), [UNION], EU, STAGES))
    assert {(row.product_id, row.missing_reason) for row in rows} == {(name, "no_trade_table") for name in STAGES}


def test_year_with_part_of_the_headings_is_missing() -> None:
    second = trade_rows([{"exporter": "CHN", "importer": "DEU", "value": 1.0, "hs6": "222222", "year": 2024}])
    rows = tabled(pl.concat([table(), second]))
    (good,) = traded_goods(rows)
    judged = judge(rows, good, UNION, EU)
    assert [year.missing_reason for year in judged.years] == ["heading_missing_in_year"] * 2 + [None]
    assert judged.dependent(GEODEP).value is None


def plain_basis(rows: pl.DataFrame, row: ScoreRow, region: Region | None) -> Basis:
    """Basis of a score of a product, found by looking through its rows year by year."""
    (good,) = (good for good in traded_goods(rows) if good.product_id == row.product_id)
    assert row.basis.year is not None
    years = [row.basis.year]
    if row.metric == "import_dependent_geodep":
        years = latest_years(rows, good, 3)
    used = []
    for year in years:
        own = rows_of(rows, good).filter(pl.col("year") == year)
        if why_no_indicator(own, good) is None:
            used.append(rows_used(own, row.metric, frozenset() if region is None else region.members, EU))
    found = pl.concat(used) if used else rows.clear()
    if found.is_empty():
        return Basis(years[-1])
    sources = ";".join(sorted(set(found["source_ids"])))
    return Basis(years[-1], sources, max(found["quality"]), found["row_id"].to_list())


def test_what_scores_rest_on_is_what_a_look_at_each_good_and_year_finds() -> None:
    odd = {"exporter": "IND", "importer": "DEU", "value": 100.0, "suspect": "unit_value_high"}
    other = {"product": "other", "hs6": "222222", "source_ids": "eurostat"}
    trade = (
        pl.concat(
            [
                table(),
                trade_rows([odd, {"exporter": "ROW", "importer": "NLD", "value": 3.0, "source_ids": "other"}]),
                table((2023, 2024), **other),
                trade_rows([{"exporter": "NOR", "importer": "ROW", "value": 2.0} | other]),
                table((2024,), **(other | {"record_kind": "eu_imports", "hs6": "333333"})),
            ]
        )
        .with_row_index()
        .with_columns(row_id=pl.format("trade.{}", "index"))
        .drop("index")
    )
    rows, regions = tabled(trade), {"EU27": UNION, "NLD": DUTCH, "world": None}
    found = list(dependency_scores(trade, [UNION, DUTCH], EU, STAGES))
    assert {row.product_id for row in found} == {"metal", "other"}
    for row in found:
        assert row.basis == plain_basis(rows, row, regions[row.scope]), row


# --- churn


def test_churn_worked_by_hand() -> None:
    flags: dict[str, dict[int, bool | None]] = {
        "a": {2022: True, 2023: True, 2024: False},
        "b": {2022: True, 2023: False, 2024: False},
        "c": {2022: True, 2023: True, 2024: True},
        "d": {2022: False, 2023: True, 2024: True},
        "e": {2022: True, 2023: None, 2024: True},
        "f": {2023: False, 2024: True},
    }
    first, second = churn(flags)
    assert first == Churn(2022, 2023, 4, ("a", "c"), ("b",), ("d",))
    assert second == Churn(2023, 2024, 5, ("c", "d"), ("a",), ("f",))
    assert first.share_that_stays == pytest.approx(2 / 3)


def test_churn_of_an_empty_list_has_no_share() -> None:
    (only,) = churn({"a": {2022: False, 2023: True}})
    assert (only.share_that_stays, only.new) == (None, ("a",))


def test_years_that_do_not_follow_are_not_compared() -> None:
    assert churn({"a": {2021: True, 2023: True}}) == []


def test_flags_of_headings_are_those_of_the_method() -> None:
    assert heading_flags(table(), UNION, EU, GEODEP) == {"111111": dict.fromkeys((2022, 2023, 2024), True)}
    assert heading_flags(table(), DUTCH, EU, CORE) == {"111111": dict.fromkeys((2022, 2023, 2024), False)}
