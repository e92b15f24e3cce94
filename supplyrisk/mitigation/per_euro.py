"""Which measures cut the risk most per euro: what an avoided euro of loss costs, and the order that gives."""

from __future__ import annotations

from typing import Any, overload

import polars as pl

PER_EURO = {
    "cost_per_avoided": pl.Float64, "cost_per_avoided_low": pl.Float64, "cost_per_avoided_high": pl.Float64,
    "rank_per_euro": pl.Int64,
}  # fmt: skip
ALL = "all"
SAVES = "costs_less_than_nothing"
UNSURE = "may_make_losses_larger"
_NEXT_TO_NOTHING = 0.001
"""Part of what is expected to be avoided that counts as nothing: few draws of rare events decide its sign."""


@overload
def helps(avoided: float, low: float) -> bool: ...
@overload
def helps(avoided: pl.Expr, low: pl.Expr) -> pl.Expr: ...
def helps(avoided: Any, low: Any) -> Any:
    """Whether losses fall, and hardly grow at the low end of the range (see ``with_cost_per_avoided``)."""
    return (avoided > 0.0) & (low > -_NEXT_TO_NOTHING * avoided)


def with_cost_per_avoided(table: pl.DataFrame) -> pl.DataFrame:
    """The table of measures with ``cost_per_avoided`` and its range, ``rank_per_euro`` by region, and the reason.

    Cost over avoided loss, both EUR a year; low = cost_low/high, high = cost_high/low, so that the range holds both
    uncertainties at their worst together. Without a low end where the lowest cost is below 0: the measure saves money
    there, and no ratio says how much. Without a high end where nothing is avoided at the low one. Only where the cost
    is known and it is sure enough that losses do not grow: the low end of what is avoided (compare.mean_and_range)
    is not below 0 by more than a thousandth of what is expected.
    A measure that costs nothing or less comes first and has no ratio, the one that avoids more before the others.
    All measures together have no rank.
    """
    nearly_nothing = _NEXT_TO_NOTHING * pl.col("avoided")
    helping = helps(pl.col("avoided"), pl.col("low"))
    sure = helping & pl.col("cost").is_not_null()
    paid = sure & (pl.col("cost") > 0.0)
    ranked = sure & (pl.col("measure") != ALL)
    ratios = table.with_columns(
        pl.when(paid).then(pl.col("cost") / pl.col("avoided")).alias("cost_per_avoided"),
        pl.when(paid & (pl.col("cost_low") >= 0.0))
        .then(pl.col("cost_low") / pl.col("high"))
        .alias("cost_per_avoided_low"),
        pl.when(paid & (pl.col("low") > nearly_nothing))
        .then(pl.col("cost_high") / pl.col("low"))
        .alias("cost_per_avoided_high"),
        pl.when(pl.col("missing_reason") != "")
        .then(pl.col("missing_reason"))
        .when(~helping)
        .then(pl.lit(UNSURE))
        .when(pl.col("cost") <= 0.0)
        .then(pl.lit(SAVES))
        .otherwise(pl.lit(""))
        .alias("missing_reason"),
    )
    order = pl.struct(pl.col("cost_per_avoided").fill_null(0.0), -pl.col("avoided"), pl.col("measure"))
    return ratios.with_columns(
        pl.when(ranked).then(order.rank("ordinal").over("region", ranked)).cast(pl.Int64).alias("rank_per_euro")
    )
