"""Targets, benchmarks and duties of policy beside what the data give for them; what cannot be measured stays a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.scores.single_country import ABOVE, BELOW, NOT_DECIDED, NOT_MEASURABLE, strategic_products

SCHEMA = {
    "target_id": pl.String,
    "region": pl.String,
    "kind": pl.String,
    "subject": pl.String,
    "metric": pl.String,
    "direction": pl.String,
    "target": pl.Float64,
    "unit": pl.String,
    "due": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "year": pl.Int64,
    "gap": pl.Float64,
    "outlook": pl.Float64,
    "outlook_low": pl.Float64,
    "outlook_high": pl.Float64,
    "verdict": pl.String,
    "missing_reason": pl.String,
    "on_right_side": pl.Int64,
    "with_figures": pl.Int64,
    "concerned": pl.Int64,
    "legal_basis": pl.String,
    "source_ids": pl.String,
}

TARGET_KINDS = ("target", "benchmark", "obligation")
MET, NOT_MET = "met", "not_met"

NO_COMMON_MEASURE = "no_common_measure_of_materials"
NOT_IN_DATA = "no_figure_in_the_data"
A_DATE = "a_duty_from_a_date"

_AS_PRINTED = ("target_id", "region", "kind", "subject", "metric", "direction", "unit", "legal_basis", "source_ids")
_VALUE_ADDED = "european_value_added"
_SINGLE_COUNTRY = "share_from_one_third_country"
_COVERED = {
    "extraction_capacity_of_consumption": "extraction",
    "processing_capacity_of_consumption": "refining",
}
_RECYCLED = "recycling_capacity_of_consumption"


@dataclass(frozen=True)
class Measured:
    """What the data give for a target, in per cent; how many products or materials alone are on its right side."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    year: int | None = None
    outlook: float | None = None
    outlook_low: float | None = None
    outlook_high: float | None = None
    verdict: str = NOT_MEASURABLE
    missing_reason: str | None = NOT_IN_DATA
    on_right_side: int | None = None
    with_figures: int | None = None
    concerned: int | None = None


def targets_table(
    policy_targets: pl.DataFrame,
    scores: pl.DataFrame,
    single_country: pl.DataFrame,
    products: pl.DataFrame,
    materials: pl.DataFrame,
    eol_rir: pl.DataFrame,
) -> pl.DataFrame:
    """Every target, benchmark and duty in ``SCHEMA``.

    ``gap``: what is still missing, in the unit of the target, positive when it is missed (value below a minimum or
    above a maximum). For the aggregate benchmarks of Regulation (EU) 2024/1252 ``value`` stays empty: they are on
    consumption of all strategic raw materials together, and there is no common measure to add them in. Instead
    ``on_right_side`` counts those that reach the line alone, ``with_figures`` those that have a figure, ``concerned``
    all of them. Output stands for capacity.
    """
    rows = []
    for row in policy_targets.filter(pl.col("kind").is_in(list(TARGET_KINDS))).sort("target_id").iter_rows(named=True):
        found = _measure(row, scores, single_country, products, materials, eol_rir)
        gap = None
        if found.value is not None and row["value"] is not None:
            apart = row["value"] - found.value
            gap = -apart if row["direction"] == "maximum" else apart
        rows.append(
            {
                **{name: row[name] for name in _AS_PRINTED},
                "target": row["value"],
                "due": row["date"] or (None if row["year"] is None else str(row["year"])),
                "gap": gap,
                **{name: getattr(found, name) for name in Measured.__dataclass_fields__},
            }
        )
    return pl.DataFrame(rows, schema=SCHEMA)


def _measure(
    row: Mapping[str, object],
    scores: pl.DataFrame,
    single_country: pl.DataFrame,
    products: pl.DataFrame,
    materials: pl.DataFrame,
    eol_rir: pl.DataFrame,
) -> Measured:
    metric, line = str(row["metric"]), None if row["value"] is None else float(str(row["value"]))
    if row["unit"] == "date" or line is None:
        return Measured(missing_reason=A_DATE)
    if metric == _VALUE_ADDED:
        return _value_added(scores, str(row["region"]), line)
    if metric == _SINGLE_COUNTRY:
        return _largest_share(single_country, line)
    if metric in _COVERED:
        strategic = strategic_products(products, materials)
        stage = pl.col("stage") == _COVERED[metric]
        ratios = scores.filter(
            (pl.col("metric") == "self_sufficiency")
            & (pl.col("scope") == row["region"])
            & (pl.col("scenario") == "base")
            & stage
            & pl.col("product_id").is_in(list(strategic))
        )["value"].drop_nulls()
        concerned = products.filter(stage & pl.col("product_id").is_in(list(strategic))).height
        return _counted(ratios.to_list(), concerned, line)
    if metric == _RECYCLED:
        strategic_ids = materials.filter(pl.col("strategic_2024"))["material_id"]
        latest = eol_rir.filter(pl.col("edition") == pl.col("edition").max())
        rates = latest.filter(pl.col("material_id").is_in(list(strategic_ids)))["eol_rir_share"].drop_nulls()
        return _counted(rates.to_list(), len(strategic_ids), line)
    return Measured()


def _counted(shares: Sequence[float], concerned: int, line: float) -> Measured:
    reached = sum(100.0 * share >= line for share in shares)
    return Measured(
        missing_reason=NO_COMMON_MEASURE, on_right_side=reached, with_figures=len(shares), concerned=concerned
    )


def _value_added(scores: pl.DataFrame, region: str, line: float) -> Measured:
    rows = scores.filter(
        (pl.col("metric") == "value_added_share") & (pl.col("scope") == region) & pl.col("stage").is_null()
    )
    base = rows.filter(pl.col("scenario") == "base")
    later = rows.filter(pl.col("scenario") != "base").sort("year")
    if base.is_empty() or base["value"][0] is None:
        reason = "no_supply_known" if base.is_empty() else base["missing_reason"][0]
        return Measured(missing_reason=reason)
    value, low, high = (100.0 * base[name][0] for name in ("value", "low", "high"))
    ahead: list[float | None] = [None, None, None]
    if later.height and later["value"][0] is not None:
        ahead = [100.0 * later[name][0] for name in ("value", "low", "high")]
    return Measured(
        value,
        low,
        high,
        base["year"][0],
        outlook=ahead[0],
        outlook_low=ahead[1],
        outlook_high=ahead[2],
        verdict=MET if low > line else NOT_MET if high <= line else NOT_DECIDED,
        missing_reason=None,
    )


def _largest_share(single_country: pl.DataFrame, line: float) -> Measured:
    """The largest share of all products measured; met when none lies above the line."""
    known = single_country.filter(pl.col("share").is_not_null())
    if known.is_empty():
        return Measured(missing_reason="place_of_use_unknown", with_figures=0, concerned=single_country.height)
    first = known.sort("share", "product_id", descending=[True, False]).row(0, named=True)
    above, below = (known.filter(pl.col("verdict") == verdict).height for verdict in (ABOVE, BELOW))
    low, high = (None if first[name] is None else 100.0 * first[name] for name in ("low", "high"))
    return Measured(
        100.0 * first["share"],
        low,
        high,
        verdict=NOT_MET if above else MET if below == single_country.height else NOT_DECIDED,
        missing_reason=None,
        on_right_side=below,
        with_figures=known.height,
        concerned=single_country.height,
    )
