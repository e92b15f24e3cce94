"""How much of a dependency lies with partners: raw-materials partnerships, trade agreements, and with neither."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from supplyrisk.network.places import EU_REGION
from supplyrisk.tables.known_from import known_from

SCHEMA = {
    "region": pl.String,
    "view": pl.String,
    "end_product": pl.String,
    "product_id": pl.String,
    "stage": pl.String,
    "own_region": pl.Float64,
    "other_eu_members": pl.Float64,
    "partnership_only": pl.Float64,
    "partnership_and_agreement": pl.Float64,
    "agreement_only": pl.Float64,
    "neither": pl.Float64,
    "secondary": pl.Float64,
    "not_named": pl.Float64,
    "eu_partnership": pl.Float64,
    "nl_partnership": pl.Float64,
    "trade_agreement": pl.Float64,
    "largest_neither": pl.String,
}

PARTS = (
    "own_region",
    "other_eu_members",
    "partnership_only",
    "partnership_and_agreement",
    "agreement_only",
    "neither",
    "secondary",
    "not_named",
)
"""Parts that add up to one; the columns after them overlap."""

VIEWS = {"sourcing_share": "direct", "look_through_share": "look_through"}
_SECONDARY = "look_through_secondary"


def partner_table(
    scores: pl.DataFrame, countries: pl.DataFrame, sources: pl.DataFrame, region: str, as_of: date
) -> pl.DataFrame:
    """Shares of one region's supply by who it has agreements with, in ``SCHEMA``; ``PARTS`` add up to one.

    ``view``: ``direct`` (sourcing by country of making) or ``look_through`` (behind ``end_product``). ``secondary``:
    what scrap or other input stands in for behind the end product; nought in the direct view, where all has a maker.
    ``not_named`` holds the rest of the world, EU output of unstated member for a single member, and countries whose
    share is too small to be listed. Partnerships and agreements count as in ``held_on``; a trade agreement that the
    data do not know of counts as none.
    """
    every = scores.filter(
        (pl.col("scope") == region)
        & (pl.col("scenario") == "base")
        & pl.col("value").is_not_null()
        & pl.col("product_id").is_not_null()
    )
    rows = every.filter(pl.col("metric").is_in(list(VIEWS)))
    secondary = every.filter(pl.col("metric") == _SECONDARY).select(
        pl.lit("look_through_share").alias("metric"), "end_product", "product_id", pl.col("value").alias("secondary")
    )
    about = held_on(countries, sources, as_of)
    own, member = pl.col("country") == region, pl.col("eu27").fill_null(False) & (pl.col("kind") == "country")
    named = (pl.col("kind") == "country").fill_null(False)
    third = named & ~own & ~member
    partner, agreed = pl.col("eu_partner").fill_null(False), pl.col("agreed").fill_null(False)
    value = pl.col("value")
    key = ["metric", "end_product", "product_id", "stage"]

    def part(name: str, where: pl.Expr) -> pl.Expr:
        return value.filter(where).sum().alias(name)

    inside_eu = pl.lit(False) if region == EU_REGION else member & ~own
    found = (
        rows.join(about, on="country", how="left")
        .sort(*key, "value", "country", descending=[*[False] * len(key), True, False], nulls_last=True)
        .group_by(key, maintain_order=True)
        .agg(
            part("own_region", own),
            part("other_eu_members", inside_eu),
            part("partnership_only", third & partner & ~agreed),
            part("partnership_and_agreement", third & partner & agreed),
            part("agreement_only", third & ~partner & agreed),
            part("neither", third & ~partner & ~agreed),
            part("eu_partnership", third & partner),
            part("nl_partnership", third & pl.col("nl_partner").fill_null(False)),
            part("trade_agreement", third & agreed),
            pl.col("country").filter(third & ~partner & ~agreed).first().alias("largest_neither"),
        )
    )
    known = pl.sum_horizontal(name for name in PARTS if name != "not_named")
    return (
        found.join(secondary, on=["metric", "end_product", "product_id"], how="left")
        .with_columns(pl.col("secondary").fill_null(0.0))
        .with_columns(
            (1.0 - known).clip(0.0, 1.0).alias("not_named"),
            pl.lit(region).alias("region"),
            pl.col("metric").replace_strict(VIEWS, return_dtype=pl.String).alias("view"),
        )
        .select(list(SCHEMA))
        .cast(SCHEMA)  # type: ignore[arg-type]
        .sort("view", "end_product", "product_id", nulls_last=True)
    )


def held_on(countries: pl.DataFrame, sources: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """By country: ``kind``, ``eu27``, and whether ``eu_partner``, ``agreed`` and ``nl_partner`` held on a day.

    One with a year counts once that year is over on ``as_of``: the data tell no day. One without a year counts from
    the day on which all sources of the country's row were public, never earlier.
    """
    last_year = (as_of + timedelta(days=1)).year - 1
    told = (known_from(countries, sources, None) <= as_of).alias("told")

    def held(flag: str, year: str) -> pl.Expr:
        over = pl.when(pl.col(year).is_null()).then(pl.col("told")).otherwise(pl.col(year) <= last_year)
        return (pl.col(flag) & over).fill_null(False)

    return countries.with_columns(told).select(
        pl.col("iso3").alias("country"),
        "kind",
        "eu27",
        (pl.col("eu_crm_partnership") <= last_year).fill_null(False).alias("eu_partner"),
        held("fta_with_eu", "fta_year").alias("agreed"),
        held("nl_partnership", "nl_partnership_year").alias("nl_partner"),
    )
