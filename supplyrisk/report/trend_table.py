"""Trends of concentration as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from supplyrisk.report.content import Table
from supplyrisk.report.wording import Wording
from supplyrisk.scores.trend import FORECAST, ROBUST_90, SERIES_ENDS_EARLY, TREND


def trend_table(scores: pl.DataFrame, wording: Wording) -> Table | None:
    """Slope with interval, direction where the test supports one, and what is expected in two years."""
    rows = scores.filter((pl.col("metric") == TREND) & pl.col("value").is_not_null())
    if rows.is_empty():
        return None
    ahead = scores.filter((pl.col("metric") == FORECAST) & pl.col("value").is_not_null())
    page, lines = wording.page, []
    for row in rows.sort("value", "product_id", descending=[True, False]).iter_rows(named=True):
        last = ahead.filter(pl.col("product_id") == row["product_id"]).sort("year").tail(1).to_dicts()
        lines.append(
            (
                wording.names.products[row["product_id"]],
                wording.number(row["value"], 0),
                wording.interval(wording.number(row["low"], 0), wording.number(row["high"], 0)),
                str(wording.catalogue["directions_of_trend"][row["interval_kind"].removeprefix(ROBUST_90)]),
                str(last[0]["year"]) if last else "",
                _expected(last[0], wording) if last else wording.format_reason(SERIES_ENDS_EARLY),
            )
        )
    header = tuple(
        page(key) for key in ("product", "trend_slope", "live_range", "trend_direction", "year", "trend_expected")
    )
    return Table(page("trend_table"), header, tuple(lines), frozenset({1, 2, 4, 5}))


def _expected(row: Mapping[str, Any], wording: Wording) -> str:
    return wording.with_interval(*(wording.number(row[name], 0) for name in ("value", "low", "high")))
