"""Copper as the yardstick of characterisation factors: whose copper, and where it is no yardstick.

The method divides by the copper of the same unit and year (documentation of geopolrisk-py 2.0.1, equation 3), the paper
by the copper of all countries over five years, the package by one constant (docs/method.md).
"""

from __future__ import annotations

from typing import Literal

import polars as pl

from supplyrisk.scores.geopolrisk.formulas import COPPER_REFERENCE, characterization_factor

CopperReference = Literal["eu27_and_year", "unit_and_year", "constant"]
COPPER = "Copper"
COPPER_COLUMNS = ("copper_reference", "copper_midpoint_usd_per_kg", "cf_missing_reason")

SMALLEST_COPPER_IMPORTS_TONNES = 100_000.0
"""Copper ore imported in a year, gross weight, below which its price is that of samples and not of a smelter's feed.

In BACI 2018 to 2024 EU units above it paid 1.1 to 3.9 USD/kg, those below 0.4 to 1,279.
"""


def with_factors(rows: pl.DataFrame, copper: pl.DataFrame, reference: CopperReference) -> pl.DataFrame:
    """``rows`` with cf and ``COPPER_COLUMNS``: whose copper and year, its score · price, why there is no factor.

    ``rows`` and ``copper``, which holds the copper of the EU27 or of the units: economic_unit_iso3, year, score,
    price_kusd_per_t, imports_t and missing_reason.
    """
    joined = _constant(rows) if reference == "constant" else _of_a_year(rows, copper, reference)
    midpoint, price = pl.col("copper_midpoint_usd_per_kg"), pl.col("price_kusd_per_t")
    reason = (
        pl.when(pl.col("missing_reason").is_not_null())
        .then("missing_reason")
        .when(price.is_null())
        .then(pl.lit("price_missing"))
        .when(midpoint.is_null() & pl.col("copper_reason").is_null())
        .then(pl.lit("copper_reference_missing"))
        .otherwise("copper_reason")
    )
    return joined.with_columns(
        characterization_factor(pl.col("score"), price, midpoint).alias("cf"), reason.alias("cf_missing_reason")
    )


def _constant(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        pl.lit("constant").alias("copper_reference"),
        pl.lit(COPPER_REFERENCE).alias("copper_midpoint_usd_per_kg"),
        pl.lit(None, dtype=pl.String).alias("copper_reason"),
    )


def _of_a_year(rows: pl.DataFrame, copper: pl.DataFrame, reference: CopperReference) -> pl.DataFrame:
    midpoint = pl.col("score") * pl.col("price_kusd_per_t")
    reason = (
        pl.when(pl.col("imports_t") < SMALLEST_COPPER_IMPORTS_TONNES)
        .then(pl.lit("copper_imports_small"))
        .when(~(midpoint > 0.0).fill_null(False))
        .then(pl.lit("copper_reference_missing"))
    )
    yardstick = copper.select(
        "economic_unit_iso3",
        "year",
        pl.format("{} {}", "economic_unit_iso3", "year").alias("copper_reference"),
        midpoint.alias("copper_midpoint_usd_per_kg"),
        reason.alias("copper_reason"),
    ).with_columns(pl.when(pl.col("copper_reason").is_null()).then("copper_midpoint_usd_per_kg").name.keep())
    if reference == "eu27_and_year":
        return rows.join(yardstick.drop("economic_unit_iso3"), on="year", how="left")
    return rows.join(yardstick, on=["economic_unit_iso3", "year"], how="left")
