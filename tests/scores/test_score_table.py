"""Contract of the score table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import polars as pl
import pytest

from supplyrisk.scores.metrics import METRICS
from supplyrisk.scores.table import KEY, SCHEMA, Basis, ScoreRow, score_table

DAY = date(2026, 3, 31)
BASIS = Basis(2024, "edition_a", "B", ("row.1", "row.2"))
ROW = ScoreRow("hhi", "metal", "extraction", BASIS, 5000.0, 4000.0, 6000.0, "p05_p95")


def drawn(product: str, value: float, metric: str = "hhi") -> ScoreRow:
    return replace(ROW, metric=metric, product_id=product, value=value, low=value, high=value, draws=np.full(9, value))


def test_columns_are_those_of_the_contract() -> None:
    table = score_table([ROW], DAY)
    assert dict(table.schema) == {name: pl.Schema(SCHEMA)[name] for name in SCHEMA}


def test_row_carries_its_basis_unit_day_and_scenario() -> None:
    row = score_table([replace(ROW, scenario="ban")], DAY).row(0, named=True)
    assert (row["year"], row["edition"], row["quality"], row["input_row_ids"]) == (
        2024,
        "edition_a",
        "B",
        ["row.1", "row.2"],
    )
    assert (row["unit"], row["as_of"], row["scenario"]) == ("index_10000", DAY, "ban")


def test_table_without_rows_keeps_its_columns() -> None:
    assert list(score_table([], DAY).columns) == list(SCHEMA)


def test_rows_are_sorted_by_key_whatever_their_order() -> None:
    rows = [drawn(product, 1.0, metric) for product in ("zinc", "alumina", "metal") for metric in ("hhi", "top1_share")]
    shuffled = rows[:]
    Random(3).shuffle(shuffled)
    table = score_table(rows, DAY)
    assert table.equals(score_table(shuffled, DAY))
    assert table.select("metric", "product_id").rows() == sorted(table.select("metric", "product_id").rows())
    assert table.equals(table.sort(KEY))


def test_score_with_neither_value_nor_reason_is_refused() -> None:
    bare = replace(ROW, value=None, low=None, high=None)
    with pytest.raises(ValueError, match="hhi of metal: a score has either a value or a reason why it is missing"):
        score_table([bare], DAY)


def test_score_with_value_and_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="either a value or a reason"):
        score_table([replace(ROW, missing_reason="no_edition_known")], DAY)


@pytest.mark.parametrize(
    ("low", "value", "high"),
    [(5001.0, 5000.0, 6000.0), (4000.0, 5000.0, 4999.0), (float("nan"), 5000.0, 6000.0), (1.0, 2.0, float("inf"))],
)
def test_ends_out_of_order_or_not_finite_are_refused(low: float, value: float, high: float) -> None:
    with pytest.raises(ValueError, match="low ≤ value ≤ high does not hold"):
        score_table([replace(ROW, low=low, value=value, high=high)], DAY)


def test_missing_score_may_still_have_ends() -> None:
    unknown = replace(ROW, value=None, low=0.0, high=0.2, missing_reason="region_not_named")
    row = score_table([unknown], DAY).row(0, named=True)
    assert (row["value"], row["low"], row["high"]) == (None, 0.0, 0.2)


def test_rank_one_is_the_highest_index_and_the_lowest_number_of_suppliers() -> None:
    rows = [drawn("one", 9000.0), drawn("two", 3000.0)]
    rows += [drawn("one", 1.1, "effective_suppliers"), drawn("two", 3.3, "effective_suppliers")]
    ranks = score_table(rows, DAY).select("metric", "product_id", "rank").rows()
    assert sorted(ranks) == [
        ("effective_suppliers", "one", 1),
        ("effective_suppliers", "two", 2),
        ("hhi", "one", 1),
        ("hhi", "two", 2),
    ]


def test_score_without_draws_has_no_rank() -> None:
    ranks = score_table([drawn("one", 9000.0), ROW], DAY).select("product_id", "rank", "rank_low", "rank_high").rows()
    assert ranks == [("metal", None, None, None), ("one", 1, 1, 1)]


def test_shares_by_country_are_not_ranked() -> None:
    assert score_table([drawn("one", 0.5, "share_of_world_output")], DAY)["rank"].to_list() == [None]


def test_missing_score_takes_no_rank_from_the_others() -> None:
    gap = replace(ROW, product_id="gap", value=None, low=None, high=None, missing_reason="no_edition_known")
    ranks = dict(score_table([gap, drawn("one", 5.0)], DAY).select("product_id", "rank").rows())
    assert ranks == {"gap": None, "one": 1}


def test_unknown_metric_is_refused() -> None:
    with pytest.raises(KeyError, match="hhj"):
        score_table([replace(ROW, metric="hhj")], DAY)


def test_every_metric_names_its_formula_and_unit() -> None:
    assert all(metric.formula and metric.unit for metric in METRICS.values())
