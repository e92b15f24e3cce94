"""Part of output won as a by-product: what adds up, what does not, and where a figure is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest

from supplyrisk.runs.quarterly import Run
from supplyrisk.scores.by_product import by_product_scores, combined_share, hosts_of, material_share
from supplyrisk.scores.table import ScoreRow

_TEXT = ("row_id", "share_scope", "host_product_id", "hosts_outside", "product_id", "source_ids", "quality")


def own(*rows: dict[str, Any], product: str = "cobalt_mine") -> pl.DataFrame:
    """Rows of by_products; each needs ``share``."""
    schema = dict.fromkeys(_TEXT, pl.String) | {
        "by_product_share": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "year": pl.Int64,
    }
    filled = [
        dict.fromkeys(schema)
        | {"row_id": f"b.{i}", "product_id": product, "source_ids": "s", "quality": "C", "share_scope": "host"}
        | {("by_product_share" if name == "share" else name): value for name, value in row.items()}
        for i, row in enumerate(rows)
    ]
    return pl.DataFrame(filled, schema=schema)


def of_material(*rows: tuple[str, float | None, date], material: str = "cobalt") -> pl.DataFrame:
    """Rows of by_products_materials: source, share, first public day."""
    return pl.DataFrame(
        [
            {
                "row_id": f"m.{i}",
                "material_id": material,
                "by_product_share": share,
                "known_from": day,
                "source_ids": source,
                "quality": "C",
                "year": None,
            }
            for i, (source, share, day) in enumerate(rows)
        ],
        schema={
            "row_id": pl.String,
            "material_id": pl.String,
            "by_product_share": pl.Float64,
            "known_from": pl.Date,
            "source_ids": pl.String,
            "quality": pl.String,
            "year": pl.Int64,
        },
    )


PRODUCTS = pl.DataFrame(
    {
        "product_id": ["cobalt_mine", "gallium", "steel"],
        "material_id": ["cobalt", "gallium", "iron"],
        "stage": ["extraction", "refining", "refining"],
    }
)


def scores_of(
    rows: pl.DataFrame, materials: pl.DataFrame, ever: Sequence[str] = (), ever_materials: Sequence[str] = ()
) -> dict[str | None, ScoreRow]:
    found = by_product_scores(rows, materials, PRODUCTS, frozenset(ever), frozenset(ever_materials))
    return {row.product_id: row for row in found}


# --- one figure from several hosts


def test_single_hosts_are_parts_of_the_same_output_and_add_up() -> None:
    rows = own(
        {"share": 0.68, "low": 0.6, "high": 0.75, "host_product_id": "copper_mine"},
        {"share": 0.3, "low": 0.2, "high": 0.35, "host_product_id": "nickel_mine"},
    )
    # 0.75 + 0.35 is more than all of it: held at 1.
    assert combined_share(rows) == pytest.approx((0.98, 0.8, 1.0))


def test_share_of_all_hosts_together_counts_once() -> None:
    rows = own({"share": 0.5, "share_scope": "all_hosts"}, {"share": 0.5, "share_scope": "all_hosts"})
    assert combined_share(rows) == (0.5, None, None)


def test_share_of_all_hosts_takes_the_place_of_single_ones() -> None:
    rows = own({"share": 0.9, "share_scope": "all_hosts", "low": 0.8, "high": 1.0}, {"share": 0.4})
    assert combined_share(rows) == (0.9, 0.8, 1.0)


def test_end_that_one_row_lacks_is_its_share() -> None:
    assert combined_share(own({"share": 0.5, "low": 0.4}, {"share": 0.3})) == pytest.approx((0.8, 0.7, None))


def test_rows_without_any_share_are_refused() -> None:
    with pytest.raises(ValueError, match="no row has a share"):
        combined_share(own({"share": None}))
    with pytest.raises(ValueError, match="no row has a share"):
        material_share(of_material(("a", None, date(2023, 1, 1))))


def test_hosts_in_the_table_come_before_those_outside() -> None:
    rows = own(
        {"share": 1.0, "host_product_id": "zinc_mine", "hosts_outside": "lead; gold"},
        {"share": 1.0, "host_product_id": "copper_mine", "hosts_outside": "gold"},
    )
    assert hosts_of(rows) == ("copper_mine", "zinc_mine", "gold", "lead")


# --- figures of a material


def test_newest_source_of_a_material_gives_the_value_and_all_of_them_the_ends() -> None:
    rows = of_material(("old", 1.0, date(2023, 12, 31)), ("new", 0.9, date(2026, 11, 21)))
    assert material_share(rows) == (0.9, 0.9, 1.0)


def test_hosts_of_one_source_add_up() -> None:
    rows = of_material(("a", 0.68, date(2018, 1, 1)), ("a", 0.3, date(2018, 1, 1)))
    value, low, high = material_share(rows)
    assert value == pytest.approx(0.98)
    assert (low, high) == (None, None)


# --- score rows


def test_product_without_own_rows_has_the_figure_of_its_material() -> None:
    found = scores_of(own(), of_material(("a", 0.9, date(2023, 1, 1))))
    assert (found["cobalt_mine"].value, found["cobalt_mine"].basis.input_row_ids) == (0.9, ["m.0"])


def test_own_rows_come_first() -> None:
    found = scores_of(own({"share": 0.7}), of_material(("a", 0.9, date(2023, 1, 1))))
    assert (found["cobalt_mine"].value, found["cobalt_mine"].basis.input_row_ids) == (0.7, ["b.0"])


def test_zero_is_a_figure() -> None:
    assert scores_of(own(), of_material(("a", 0.0, date(2023, 1, 1))))["cobalt_mine"].value == 0.0


def test_reasons_tell_not_printed_from_not_known_yet_from_none() -> None:
    assert scores_of(own(), of_material(("a", None, date(2023, 1, 1))))["cobalt_mine"].missing_reason == (
        "by_product_share_not_printed"
    )
    none = of_material()
    assert scores_of(own(), none, ["cobalt_mine"])["cobalt_mine"].missing_reason == "no_by_product_figure_known"
    assert scores_of(own(), none, [], ["cobalt"])["cobalt_mine"].missing_reason == "no_by_product_figure_known"
    assert scores_of(own(), none)["cobalt_mine"].missing_reason == "no_by_product_figure"


def test_products_beyond_extraction_are_scored_where_a_host_is_listed() -> None:
    assert set(scores_of(own(), of_material())) == {"cobalt_mine"}
    assert set(scores_of(own(), of_material(), ["gallium"])) == {"cobalt_mine", "gallium"}


# --- shipped figures


def test_cobalt_of_the_shipped_data_comes_with_copper_and_nickel(run_2026q1: Run) -> None:
    (row,) = run_2026q1.scores.table.filter(
        (pl.col("metric") == "by_product_share") & (pl.col("product_id") == "cobalt_mine")
    ).iter_rows(named=True)
    assert (row["value"], row["low"], row["high"], row["year"]) == (pytest.approx(0.98), pytest.approx(0.8), 1.0, 2017)
    assert row["input_row_ids"] == ["by_products.cobalt_mine.copper_mine", "by_products.cobalt_mine.nickel_mine"]
    assert row["country"] is None


def test_figures_published_later_are_hidden(run_2026q1: Run) -> None:
    table = run_2026q1.scores.table.filter(pl.col("metric") == "by_product_share")
    reason = dict(table.select("product_id", "missing_reason").iter_rows())
    assert reason["gallium"] == "no_by_product_figure_known"
    assert reason["rare_earths_mine"] == "by_product_share_not_printed"
