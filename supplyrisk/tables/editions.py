"""Which edition of the figures stands for a product: one edition gives all its countries, never a mixture."""

from __future__ import annotations

from typing import Literal

import polars as pl

from supplyrisk.tables.vintage import IS_KNOWN

NOT_KNOWN_YET = "no_edition_known"
NO_EDITION = "no_edition_fit"


def choose_score_edition(production: pl.DataFrame, edition_choice: pl.DataFrame) -> pl.DataFrame:
    """Rows that stand for each product on the as-of day.

    Of the editions ranked for ``score``, the first that has a year of which every row is known and usable; of that
    edition the latest such year. ``production`` is marked with ``is_known`` (tables.vintage). World totals (WLD) are no
    producers and are left out.
    """
    complete = _complete_years(production, edition_choice, "score")
    chosen = (
        complete.sort("product_id", "rank", pl.col("year"), descending=[False, False, True])
        .group_by("product_id", maintain_order=True)
        .first()
    )
    return _rows_of(production, chosen)


def choose_trend_editions(production: pl.DataFrame, edition_choice: pl.DataFrame) -> pl.DataFrame:
    """Rows of the yearly series of each product: per year the best-ranked ``trend`` edition, complete and known."""
    complete = _complete_years(production, edition_choice, "trend")
    chosen = complete.sort("product_id", "year", "rank").group_by("product_id", "year", maintain_order=True).first()
    return _rows_of(production, chosen)


def score_gaps(products: pl.DataFrame, edition_choice: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """Products without rows to score, with ``missing_reason``: no edition known or usable yet, or none ranked."""
    ranked = edition_choice.filter(pl.col("use") == "score")["product_id"].unique().to_list()
    have = chosen["product_id"].unique().to_list()
    return (
        products.filter(~pl.col("product_id").is_in(have))
        .select("product_id")
        .with_columns(
            pl.when(pl.col("product_id").is_in(ranked))
            .then(pl.lit(NOT_KNOWN_YET))
            .otherwise(pl.lit(NO_EDITION))
            .alias("missing_reason")
        )
    )


def _complete_years(
    production: pl.DataFrame, edition_choice: pl.DataFrame, use: Literal["score", "trend"]
) -> pl.DataFrame:
    ranks = edition_choice.filter(pl.col("use") == use).select("product_id", "edition", "rank")
    return (
        production.filter(pl.col("iso3") != "WLD")
        .group_by("product_id", "edition", "year")
        .agg(pl.col(IS_KNOWN).all(), pl.col("value").sum().alias("output"))
        .filter(pl.col(IS_KNOWN) & (pl.col("output") > 0))
        .join(ranks, on=["product_id", "edition"])
    )


def _rows_of(production: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    return (
        production.filter(pl.col("iso3") != "WLD")
        .join(chosen.select("product_id", "edition", "year"), on=["product_id", "edition", "year"])
        .drop(IS_KNOWN)
        .sort("product_id", "year", "iso3")
    )
