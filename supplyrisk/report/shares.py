"""Shares of world output shaped for charts: EU members drawn as one, small countries drawn together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

OTHER, RESIDUAL = "other", "residual"


def region_shares(rows: pl.DataFrame, countries: pl.DataFrame) -> pl.DataFrame:
    """Shares by product and code, largest first: product_id, code, share.

    ``rows``: product_id, iso3, value (any unit, one a product). Members of EU27 become EU27; rests become ``residual``.
    """
    coded = rows.join(countries.select("iso3", "kind", "eu27"), on="iso3", how="left").with_columns(
        pl.when(pl.col("eu27") | (pl.col("iso3") == "EU27"))
        .then(pl.lit("EU27"))
        .when(pl.col("kind") != "country")
        .then(pl.lit(RESIDUAL))
        .otherwise(pl.col("iso3"))
        .alias("code")
    )
    return (
        coded.group_by("product_id", "code", maintain_order=True)
        .agg(pl.col("value").sum())
        .with_columns((pl.col("value") / pl.col("value").sum().over("product_id")).alias("share"))
        .select("product_id", "code", "share")
        .sort("product_id", "share", "code", descending=[False, True, False])
    )


def leading_codes(shares: pl.DataFrame, count: int) -> list[str]:
    """The ``count`` codes with the largest sums of shares, largest first; EU27 is among them where it has output."""
    sums = (
        shares.filter(pl.col("code") != RESIDUAL)
        .group_by("code", maintain_order=True)
        .agg(pl.col("share").sum())
        .sort("share", "code", descending=[True, False])
    )
    codes = sums["code"].to_list()
    leading = codes[:count]
    if "EU27" in codes and "EU27" not in leading:
        leading[-1] = "EU27"
    return leading


def draw_together(shares: pl.DataFrame, codes: Sequence[str]) -> pl.DataFrame:
    """Shares with every code outside ``codes`` drawn into ``other`` (residuals stay apart)."""
    kept = pl.col("code").is_in([*codes, RESIDUAL])
    return (
        shares.with_columns(pl.when(kept).then(pl.col("code")).otherwise(pl.lit(OTHER)).alias("code"))
        .group_by("product_id", "code", maintain_order=True)
        .agg(pl.col("share").sum())
        .sort("product_id", "code")
    )


def large_elsewhere(shares: pl.DataFrame, codes: Sequence[str], least: float) -> list[str]:
    """Codes outside ``codes`` that make ``least`` or more of any one product: they keep their name, not a colour."""
    outside = ~pl.col("code").is_in([*codes, RESIDUAL])
    return shares.filter(outside & (pl.col("share") >= least))["code"].unique().sort().to_list()


def tier_shares(shares: pl.DataFrame, products: pl.DataFrame) -> pl.DataFrame:
    """Mean share of each code over the products of a chain and stage: chain, stage, tier, code, share."""
    placed = shares.join(
        products.filter(~pl.col("reporting")).select("product_id", "chain", "stage", "tier"), on="product_id"
    )
    counts = placed.group_by("chain", "stage").agg(pl.col("product_id").n_unique().alias("products"))
    return (
        placed.group_by("chain", "stage", "tier", "code", maintain_order=True)
        .agg(pl.col("share").sum())
        .join(counts, on=["chain", "stage"])
        .with_columns((pl.col("share") / pl.col("products")).alias("share"))
        .sort("chain", "tier", "stage", "code")
    )


def labels(codes: Sequence[str], words: Mapping[str, str]) -> dict[str, str]:
    """Short labels inside bars: country codes as they are (EU for EU27), nothing for the drawn-together parts."""
    return {code: "EU" if code == "EU27" else code for code in codes} | {OTHER: words.get(OTHER, ""), RESIDUAL: ""}
