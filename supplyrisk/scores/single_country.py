"""The 65 % benchmark: what part of a region's supply comes from one third country, at every stage known.

Regulation (EU) 2024/1252, Article 5(1)(b): by 2030 no more than 65 % of the Union's annual consumption of each
strategic raw material at any relevant stage of processing from a single third country.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import polars as pl

from supplyrisk.network.places import EU_REGION, REST_OF_WORLD
from supplyrisk.scores.criticality.study import UNUSABLE_BLOCKS
from supplyrisk.scores.sourcing import MOVED_LANES, SMALLEST_LISTED_SHARE

ABOVE, BELOW, NOT_DECIDED, NOT_MEASURABLE = "above", "below", "not_decided", "not_measurable"
RANGE_HOLDS_LINE, UNNAMED_MAY_PASS, MOVED = "range_holds_the_line", "unnamed_may_pass_the_line", "trade_moved_to_fit"
"""Why a verdict is open."""
NO_SUPPLY_KNOWN, EACH_BELOW_A_HUNDREDTH = "no_supply_known", "each_third_country_below_a_hundredth"
_ROUNDING = 1e-9
_STUDY = 2023

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
    "unnamed": pl.Float64,
    "limit": pl.Float64,
    "verdict": pl.String,
    "open_reason": pl.String,
    "missing_reason": pl.String,
    "dispatch_country": pl.String,
    "dispatch_share": pl.Float64,
    "study_stage": pl.String,
    "study_country": pl.String,
    "study_share": pl.Float64,
    "study_verdict": pl.String,
}


def verdict_of(low: float | None, high: float | None, limit: float, unnamed: float = 0.0) -> str:
    """``above`` when the low end lies above the limit, else ``below`` or ``not_decided``.

    ``below`` only when the high end does not pass the limit with all supply that has no name (``unnamed``) added.
    """
    if low is None or high is None:
        return NOT_MEASURABLE
    return ABOVE if low > limit else BELOW if high + unnamed <= limit + _ROUNDING else NOT_DECIDED


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
    table); its interval gives the verdict, together with that of any other country that could pass the limit. Rest of
    the world is no country, but all of it may be made in one: ``unnamed``, where it is not listed the most that it can
    be. EU output of unstated member is of no third country. Where trade had to move far to fit, who supplies is not
    known: no interval, no verdict. ``open_reason``: why it is not decided.
    ``dispatch``: by country the goods last left. ``study``: EU sourcing of the Commission's study of 2023, which
    counts domestic output and imports by origin; what its shares leave of one has no name.
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
    every = own.filter(pl.col("metric") == "sourcing_share")
    if every.is_empty():
        dependence = own.filter(pl.col("metric") == "import_dependence")
        missing = dependence["missing_reason"][0] if dependence.height else NO_SUPPLY_KNOWN
        if missing is not None:
            return {"verdict": NOT_MEASURABLE, "missing_reason": missing}
    shares = every.filter(pl.col("country").is_in(list(third))).sort("value", "country", descending=[True, False])
    left = 1.0 - float(every["value"].sum())
    not_listed = min(left, SMALLEST_LISTED_SHARE) if left > _ROUNDING else 0.0
    rest = every.filter(pl.col("country") == REST_OF_WORLD)
    unnamed = not_listed if rest.is_empty() else float(rest["value"][0])
    first: dict[str, Any] = {"low": 0.0, "high": not_listed, "missing_reason": EACH_BELOW_A_HUNDREDTH}
    if shares.height:
        names = ("country", "share", "low", "high", "quality")
        first = shares.rename({"value": "share"}).select(names).row(0, named=True)
    ranges = shares.select("low", "high").rows() or [(first["low"], first["high"])]
    if (every["interval_kind"] == MOVED_LANES).any():
        open_ends = {"low": None, "high": None, "verdict": NOT_DECIDED, "open_reason": MOVED, "missing_reason": None}
        return {**first, "unnamed": unnamed, **open_ends}
    most = unnamed if rest.is_empty() or rest["high"][0] is None else float(rest["high"][0])
    verdict = _first_of({verdict_of(low, high, limit, most) for low, high in ranges})
    reason = None
    if verdict == NOT_DECIDED:
        named = _first_of({verdict_of(low, high, limit) for low, high in ranges})
        reason = RANGE_HOLDS_LINE if named == NOT_DECIDED else UNNAMED_MAY_PASS
    return {**first, "unnamed": unnamed, "verdict": verdict, "open_reason": reason}


def _first_of(verdicts: Collection[str]) -> str:
    return next(one for one in (ABOVE, NOT_DECIDED, BELOW, NOT_MEASURABLE) if one in verdicts)


def _largest(rows: pl.DataFrame, third: Collection[str], country: str, share: str) -> dict[str, Any]:
    found = rows.filter(pl.col("country").is_in(list(third))).sort("value", "country", descending=[True, False])
    return {} if found.is_empty() else {country: found["country"][0], share: found["value"][0]}


def _in_study(
    eu_sourcing: pl.DataFrame, material: str | None, stage: str | None, third: Collection[str], limit: float
) -> Mapping[str, Any]:
    if material is None or stage is None:
        return {"study_verdict": NOT_MEASURABLE}
    rows = eu_sourcing.filter(
        (pl.col("edition") == _STUDY)
        & (pl.col("material_id") == material)
        & (pl.col("stage") == stage)
        & (pl.col("scope") == "eu_sourcing")
        & ~pl.col("block_mark").is_in(UNUSABLE_BLOCKS).fill_null(False)
    )
    if rows.is_empty():
        return {"study_stage": stage, "study_verdict": NOT_MEASURABLE}
    third_rows = rows.filter(pl.col("iso3").is_in(list(third))).sort("share", "iso3", descending=[True, False])
    unnamed = max(1.0 - float(rows["share"].sum()), 0.0)
    if third_rows.is_empty():
        return {"study_stage": stage, "study_verdict": verdict_of(0.0, 0.0, limit, unnamed)}
    country, share = third_rows.select("iso3", "share").row(0)
    return {
        "study_stage": stage,
        "study_country": country,
        "study_share": share,
        "study_verdict": verdict_of(share, share, limit, unnamed),
    }
