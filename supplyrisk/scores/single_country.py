"""The 65 % benchmark: what part of a region's supply comes from one third country, at every stage known.

Regulation (EU) 2024/1252, Article 5(1)(b): by 2030 no more than 65 % of the Union's annual consumption of each
strategic raw material at any relevant stage of processing from a single third country.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import polars as pl

from supplyrisk.network.places import EU_REGION

ABOVE, BELOW, NOT_DECIDED, NOT_MEASURABLE = "above", "below", "not_decided", "not_measurable"
NO_STUDY_SHARES = "no_shares_in_the_study"

SCHEMA = {
    "material_id": pl.String,
    "product_id": pl.String,
    "stage": pl.String,
    "region": pl.String,
    "country": pl.String,
    "share": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "quality": pl.String,
    "limit": pl.Float64,
    "verdict": pl.String,
    "missing_reason": pl.String,
    "dispatch_country": pl.String,
    "dispatch_share": pl.Float64,
    "study_stage": pl.String,
    "study_country": pl.String,
    "study_share": pl.Float64,
    "study_verdict": pl.String,
}


def verdict_of(low: float | None, high: float | None, limit: float) -> str:
    """``above`` when the low end lies above the limit, ``below`` when the high end does not, else ``not_decided``."""
    if low is None or high is None:
        return NOT_MEASURABLE
    return ABOVE if low > limit else BELOW if high <= limit else NOT_DECIDED


def by_assumption(quality: str | None, low: float | None, high: float | None) -> bool:
    """Whether a share of grade D (assumed home preference, or trade moved far to fit) has no range beside it."""
    return quality == "D" and low is not None and low == high


def strategic_products(products: pl.DataFrame, materials: pl.DataFrame) -> dict[str, str]:
    """Strategic raw material of every product that is one, at any stage: its own, or that of the EU's assessment."""
    strategic = set(materials.filter(pl.col("strategic_2024"))["material_id"])
    found = {}
    for product, *own in products.select("product_id", "material_id", "ec_material_id").sort("product_id").iter_rows():
        material = next((name for name in own if name in strategic), None)
        if material is not None:
            found[product] = material
    return found


def single_country_table(
    scores: pl.DataFrame,
    products: pl.DataFrame,
    materials: pl.DataFrame,
    countries: pl.DataFrame,
    eu_sourcing: pl.DataFrame,
    region: str,
    limit: float,
) -> pl.DataFrame:
    """A row for every product of a strategic raw material, in ``SCHEMA``, the largest share first.

    ``share``: of the third country with the largest share, by country of making (``sourcing_share`` of the score
    table); its interval gives the verdict, together with that of any other country that could pass the limit.
    ``dispatch``: by country the goods last left. ``study``: EU sourcing of the Commission's study of 2023, which
    counts domestic output and imports by origin. Rest of the world and EU output of unstated member are no country.
    """
    of_region = scores.filter((pl.col("scope") == region) & (pl.col("scenario") == "base"))
    third = _third_countries(countries, region)
    stages = dict(products.select("product_id", "stage").iter_rows())
    study = products.select("product_id", "ec_material_id", "ec_stage").iter_rows()
    asked = {product: (material, stage) for product, material, stage in study}
    rows: list[dict[str, Any]] = []
    for product, material in strategic_products(products, materials).items():
        own = of_region.filter(pl.col("product_id") == product)
        row: dict[str, Any] = dict.fromkeys(SCHEMA)
        row |= {"material_id": material, "product_id": product, "stage": stages[product], "region": region}
        row["limit"] = limit
        row |= _by_maker(own, third, limit)
        row |= _largest(own.filter(pl.col("metric") == "dispatch_share"), third, "dispatch_country", "dispatch_share")
        row |= _in_study(eu_sourcing, *asked[product], third, limit) if region == EU_REGION else {}
        rows.append(row)
    return pl.DataFrame(rows, schema=SCHEMA).sort("share", "product_id", descending=[True, False], nulls_last=True)


def _third_countries(countries: pl.DataFrame, region: str) -> set[str]:
    """Countries outside the EU, and outside the region where that is one of them."""
    outside = countries.filter((pl.col("kind") == "country") & ~pl.col("eu27"))["iso3"]
    return set(outside) - {region}


def _by_maker(own: pl.DataFrame, third: Collection[str], limit: float) -> dict[str, Any]:
    shares = own.filter((pl.col("metric") == "sourcing_share") & pl.col("country").is_in(list(third)))
    if shares.is_empty():
        dependence = own.filter(pl.col("metric") == "import_dependence")
        reason = dependence["missing_reason"][0] if dependence.height else "no_supply_known"
        known = reason is None  # all of it made in the region, or by third countries below a hundredth
        return {
            "share": 0.0 if known else None,
            "verdict": BELOW if known else NOT_MEASURABLE,
            "missing_reason": reason,
        }
    first = shares.sort("value", "country", descending=[True, False]).row(0, named=True)
    verdicts = {verdict_of(row["low"], row["high"], limit) for row in shares.iter_rows(named=True)}
    verdict = next(one for one in (ABOVE, NOT_DECIDED, BELOW, NOT_MEASURABLE) if one in verdicts)
    return {
        "country": first["country"],
        "share": first["value"],
        "low": first["low"],
        "high": first["high"],
        "quality": first["quality"],
        "verdict": verdict,
    }


def _largest(rows: pl.DataFrame, third: Collection[str], country: str, share: str) -> dict[str, Any]:
    found = rows.filter(pl.col("country").is_in(list(third))).sort("value", "country", descending=[True, False])
    return {} if found.is_empty() else {country: found["country"][0], share: found["value"][0]}


def _in_study(
    eu_sourcing: pl.DataFrame, material: str | None, stage: str | None, third: Collection[str], limit: float
) -> Mapping[str, Any]:
    if material is None or stage is None:
        return {"study_verdict": NOT_MEASURABLE}
    rows = eu_sourcing.filter(
        (pl.col("edition") == 2023)
        & (pl.col("material_id") == material)
        & (pl.col("stage") == stage)
        & (pl.col("scope") == "eu_sourcing")
        & ~pl.col("block_mark").is_in(["repeats_global", "incomplete"]).fill_null(False)
    )
    if rows.is_empty():
        return {"study_stage": stage, "study_verdict": NOT_MEASURABLE}
    third_rows = rows.filter(pl.col("iso3").is_in(list(third))).sort("share", "iso3", descending=[True, False])
    share = 0.0 if third_rows.is_empty() else third_rows["share"][0]
    return {
        "study_stage": stage,
        "study_country": None if third_rows.is_empty() else third_rows["iso3"][0],
        "study_share": share,
        "study_verdict": ABOVE if share > limit else BELOW,
    }
