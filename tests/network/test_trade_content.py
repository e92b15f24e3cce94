"""Gross trade turned into content."""

from __future__ import annotations

import polars as pl
import pytest

from supplyrisk.network.trade_content import ContentTrade, mended_trade, usable_trade, weighted_median


def trade(*rows: tuple[str, int, str, str, float | None, float | None]) -> pl.DataFrame:
    schema = ["hs6", "year", "exporter_iso3", "importer_iso3", "quantity_t", "value_kusd"]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    ids = pl.Series("row_id", [f"trade.{number}" for number in range(len(rows))])
    return frame.with_columns(ids, pl.lit("reconciled").alias("record_kind"))


CONTENT = pl.DataFrame(
    {
        "product_id": ["metal", "metal", "other"],
        "hs6": ["111111", "222222", "333333"],
        "content": [0.5, 1.0, 1.0],
        "use": ["prior", "prior", "pattern"],
    }
)


def found_in(table: pl.DataFrame, year: int = 2024) -> ContentTrade:
    return usable_trade(mended_trade(table, 20.0), CONTENT)["metal"].nearest(year)


def flows(table: pl.DataFrame, year: int = 2024) -> dict[tuple[str, str], float]:
    found = found_in(table, year)
    return {(row[0], row[1]): row[2] for row in found.flows.iter_rows()}


def median(values: list[float], weights: list[float]) -> float:
    frame = pl.DataFrame({"value": values, "weight": weights})
    return float(frame.select(weighted_median(pl.col("value"), pl.col("weight"))).item())


def test_content_of_every_code_is_added_up() -> None:
    table = trade(("111111", 2024, "CHN", "DEU", 10.0, 10.0), ("222222", 2024, "CHN", "DEU", 3.0, 3.0))
    assert flows(table) == {("CHN", "DEU"): pytest.approx(10.0 * 0.5 + 3.0)}


def test_median_weighted_by_tonnes_follows_the_bulk_of_the_trade() -> None:
    # Nine small dear parcels and one ship that carries nearly everything: a plain median would call the ship mistaken.
    assert median([40.0, *[1000.0] * 9], [34.7e6, *[1000.0] * 9]) == 40.0


def test_the_usual_value_is_that_of_the_code_and_year() -> None:
    # A tonne worth 1 is usual in 2023 and for the other code, and a hundredth of what is usual here.
    table = trade(
        ("222222", 2024, "CHN", "DEU", 100.0, 10000.0),
        ("222222", 2024, "USA", "DEU", 50.0, 50.0),
        ("222222", 2023, "USA", "DEU", 60.0, 60.0),
        ("111111", 2024, "USA", "DEU", 70.0, 70.0),
    )
    mended = mended_trade(table, 20.0)
    assert mended["row_id"].to_list() == table["row_id"].to_list()
    assert mended["mended_t"].to_list() == pytest.approx([100.0, 0.5, 60.0, 70.0])


def test_a_tonne_worth_a_hundredth_is_weighed_again_by_its_value() -> None:
    table = trade(
        ("111111", 2024, "CHN", "DEU", 100.0, 100.0),
        ("222222", 2024, "CHN", "DEU", 100.0, 100.0),
        ("222222", 2024, "USA", "DEU", 50.0, 0.5),
    )
    found = found_in(table)
    assert dict(found.flows.select("exporter_iso3", "quantity").iter_rows())["USA"] == pytest.approx(0.5)
    assert (found.mended_tonnes, found.weighed_tonnes) == (pytest.approx(49.5), 0.0)


def test_the_nearest_year_is_taken_an_earlier_one_before_a_later_one() -> None:
    both = [("111111", year, "CHN", "DEU", float(year), 1.0) for year in (2022, 2024)]
    both += [("222222", year, "CHN", "USA", float(year), 1.0) for year in (2022, 2024)]
    assert flows(trade(*both), 2023)["CHN", "DEU"] == pytest.approx(1011.0)
    assert flows(trade(*both), 2030)["CHN", "DEU"] == pytest.approx(1012.0)


def test_a_year_that_lacks_a_code_is_not_taken_when_another_has_all() -> None:
    table = trade(
        ("111111", 2024, "CHN", "DEU", 10.0, 1.0),
        ("111111", 2023, "CHN", "DEU", 8.0, 1.0),
        ("222222", 2023, "CHN", "DEU", 8.0, 1.0),
    )
    found = found_in(table)
    assert (found.year, found.codes) == (2023, ("111111", "222222"))


def test_codes_that_are_only_a_pattern_are_no_trade() -> None:
    assert usable_trade(mended_trade(trade(("333333", 2024, "CHN", "DEU", 1.0, 1.0)), 20.0), CONTENT) == {}


def test_weights_of_a_code_without_any_value_are_left() -> None:
    table = trade(("111111", 2024, "CHN", "DEU", 100.0, 0.0), ("222222", 2024, "CHN", "DEU", 10.0, 10.0))
    found = found_in(table)
    assert found.flows["quantity"].to_list() == pytest.approx([60.0])
    assert (found.mended_tonnes, found.weighed_tonnes) == (0.0, 0.0)


def test_a_flow_is_mended_just_below_the_ratio_and_left_at_it() -> None:
    # Usual tonne: 20 thousand USD, so that 1 is a twentieth.
    def mended(value: float) -> float:
        table = trade(("222222", 2024, "CHN", "DEU", 100.0, 2000.0), ("222222", 2024, "USA", "DEU", 10.0, value))
        return found_in(table).mended_tonnes

    assert mended(10.0) == 0.0
    assert mended(9.9) == pytest.approx(10.0 - 9.9 / 20.0)


def test_a_flow_without_a_weight_is_weighed_by_its_value_and_left_where_nothing_tells_the_usual_one() -> None:
    # 20 thousand USD a tonne: 100 thousand are 5 t. Nothing of the other code has a weight: no trade of it.
    table = trade(
        ("222222", 2024, "CHN", "DEU", 10.0, 200.0),
        ("222222", 2024, "USA", "DEU", None, 100.0),
        ("222222", 2024, "PER", "DEU", None, None),
        ("111111", 2024, "USA", "DEU", None, 70.0),
    )
    found = found_in(table)
    assert dict(found.flows.select("exporter_iso3", "quantity").iter_rows()) == pytest.approx({"CHN": 10.0, "USA": 5.0})
    assert (found.codes, found.mended_tonnes, found.weighed_tonnes) == (("222222",), 0.0, pytest.approx(5.0))


def test_where_half_of_the_tonnes_may_be_mistaken_there_is_no_trade_in_tonnes() -> None:
    # 40 t worth 0.5 a tonne beside 10 t worth 10 and 1 t worth 11: half of the tonnes says 0.5, half of the worth 10.
    flows = (("CHN", 40.0, 20.0), ("USA", 10.0, 100.0), ("KAZ", 1.0, 11.0))
    table = trade(*(("222222", 2024, code, "DEU", tonnes, value) for code, tonnes, value in flows))
    assert mended_trade(table, 20.0).height == 3
    assert mended_trade(table, 19.9).is_empty()


def test_years_with_as_many_codes_but_others_are_not_taken_for_complete() -> None:
    table = trade(("111111", 2023, "CHN", "DEU", 8.0, 1.0), ("222222", 2024, "CHN", "DEU", 9.0, 1.0))
    assert found_in(table, 2023).year == 2024


def test_no_tonnes_no_trade() -> None:
    for row in (("111111", 2024, "CHN", "DEU", 0.0, 5.0), ("111111", 2024, "CHN", "CHN", 9.0, 5.0)):
        assert usable_trade(mended_trade(trade(row), 20.0), CONTENT) == {}


def test_only_reconciled_rows_count() -> None:
    table = trade(("222222", 2024, "CHN", "DEU", 9.0, 9.0), ("222222", 2024, "USA", "DEU", 7.0, 7.0))
    kinds = pl.Series("record_kind", ["reconciled", "importer_declared"])
    assert set(flows(table.with_columns(kinds))) == {("CHN", "DEU")}


@pytest.mark.parametrize(
    ("values", "weights", "expected"),
    [([3.0, 1.0, 2.0], [1.0, 1.0, 1.0], 2.0), ([1.0, 2.0], [1.0, 1.0], 1.0), ([5.0], [0.1], 5.0)],
)
def test_weighted_median_of_few(values: list[float], weights: list[float], expected: float) -> None:
    assert median(values, weights) == expected
