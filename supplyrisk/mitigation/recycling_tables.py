"""What recycling of batteries gives, in tables."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

SUPPLY = {
    "material_id": pl.String, "year": pl.Int64, "sold_tonnes": pl.Float64, "scrap_tonnes": pl.Float64,
    "returned_tonnes": pl.Float64, "won_back_tonnes": pl.Float64, "share": pl.Float64, "share_low": pl.Float64,
    "share_high": pl.Float64, "target": pl.Float64, "target_year": pl.Int64,
}  # fmt: skip
SENSITIVITY = {
    "material_id": pl.String, "year": pl.Int64, "number": pl.String, "at_low": pl.Float64, "at_high": pl.Float64,
    "swing": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class RecyclingTables:
    """Tables for the EU.

    ``supply``: a row a metal and year; ``share`` of what is in batteries sold, its low and high the smallest and
    largest with one number at an end of its range; the target that holds in the year, and for the last year the one
    to come. ``sensitivity``: the share of the year of the first target with each number at its ends, widest first.
    """

    supply: pl.DataFrame
    sensitivity: pl.DataFrame
