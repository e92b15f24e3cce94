"""Since when a row was public, from the release rules of its sources and the period it is about."""

from __future__ import annotations

import polars as pl


def known_from(rows: pl.DataFrame, sources: pl.DataFrame, period: str | None) -> pl.Series:
    """First day on which all sources of each row were public.

    Per source: ``published`` → the day its edition appeared; ``series_lag`` → min(last day of the row's period + lag,
    that day), because the value of a period of a running series was public in an earlier edition. What this edition was
    the first to print (its ``last_period`` and later) → the day it appeared. The latest source counts.

    ``rows``: any fact table with ``source_ids`` and, unless None, the column ``period`` (year as number, or text
    YYYY, YYYY-MM or YYYY-MM-DD); ``sources``: the sources table. Null where a source has no date.
    """
    period_end = _period_end(pl.col(period)) if period is not None else pl.lit(None, dtype=pl.Date)
    printed_before = (period_end < _period_start(pl.col("last_period"))).fill_null(True)
    lagged = period_end + pl.duration(days=pl.col("release_lag_days"))
    day = (
        pl.when((pl.col("release_rule") == "series_lag") & printed_before)
        .then(pl.min_horizontal(lagged, pl.col("published")))
        .otherwise(pl.col("published"))
    )
    columns = ["source_ids"] if period is None else ["source_ids", period]
    days = (
        rows.select(columns)
        .with_row_index("row")
        .with_columns(pl.col("source_ids").str.split(";").alias("source_id"))
        .explode("source_id")
        .join(sources, on="source_id", how="left")
        .with_columns(day.alias("day"))
        .group_by("row")
        .agg(pl.when(pl.col("day").has_nulls()).then(None).otherwise(pl.col("day").max()).alias("known_from"))
        .sort("row")
    )
    return days["known_from"]


def _period_start(period: pl.Expr) -> pl.Expr:
    """First day of a year or month, YYYY or YYYY-MM."""
    return (period + "-01-01").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)


def _period_end(period: pl.Expr) -> pl.Expr:
    text = period.cast(pl.String)
    year_end = (text.str.slice(0, 4) + "-12-31").str.to_date("%Y-%m-%d", strict=False)
    month_end = (text.str.slice(0, 7) + "-01").str.to_date("%Y-%m-%d", strict=False).dt.month_end()
    day = text.str.to_date("%Y-%m-%d", strict=False)
    return (
        pl.when(text.str.len_chars() == 4).then(year_end).when(text.str.len_chars() == 7).then(month_end).otherwise(day)
    )
