"""What was known on a day, and without the sources that a run leaves out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import polars as pl

IS_KNOWN = "is_known"
"""Marks rows that were public on the as-of day and rest on no excluded source."""


def mark_known(rows: pl.DataFrame, as_of: date, exclude_sources: Collection[str] = ()) -> pl.DataFrame:
    """``rows`` of a fact table with the column ``is_known``."""
    allowed = pl.col("source_ids").str.split(";").list.set_intersection(list(exclude_sources)).list.len() == 0
    known = pl.col("known_from") <= as_of
    return rows.with_columns((known & allowed if exclude_sources else known).alias(IS_KNOWN))


def known_rows(rows: pl.DataFrame, as_of: date, exclude_sources: Collection[str] = ()) -> pl.DataFrame:
    """Rows of a fact table that were public on ``as_of`` and rest on no excluded source."""
    return mark_known(rows, as_of, exclude_sources).filter(IS_KNOWN).drop(IS_KNOWN)
