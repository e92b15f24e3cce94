"""What changed between two score tables, and why: parts of every change that add up to it, and the main one as class.

The older quarter is looked at three times: as its report printed it, as today's program, models and data give it for
the same day, and, for the same year, from the data of the newer quarter. The steps between are the parts:

    method_change  today's result for the older day − what was printed (code, models, settings, corrected rows)
    data_revision  the same year from the newer data − today's result for the older day
    real_change    the newer year from the newer data − the older year from the newer data; of the live supply risk
                   the newer result − the newer result under the export restrictions of the older day
    not_split      a year moved on and the newer edition does not hold the older year, so that the two cannot be told
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from supplyrisk.scores.change_inputs import InputFacts, moves
from supplyrisk.scores.metrics import BY_STAGE_METRICS, MATERIAL_METRICS, METRICS
from supplyrisk.scores.trend import FORECAST

KEY = ("metric", "scenario", "product_id", "material_id", "stage", "scope", "country", "end_product")
PARTS = ("method_change", "data_revision", "real_change", "not_split")

SAME = 1e-6
"""Values that differ by less than this part of the larger one are equal: rows of the data are written with so many
digits. The parts keep the difference."""

LARGEST_SUPPLIER = ("top1_share", "n_minus_one", "n_minus_one_net", "n_minus_one_output", "reserves_top1_share")
"""Scores of the largest supplier: its country may change and is not what the score is of."""

LISTED = ("sourcing_share", "dispatch_share", "look_through_share", "hidden_dependency", "pass_through", FORECAST)
"""Scores listed only in part: countries from some share on, forecasts of the next two years. Others are not unknown."""

DRAW_SHARES = ("top_ten_share_data",)
"""Scores that are a part of the draws: their value itself has a sampling error. Others use draws for ranges only."""

NOISE_IN_ERRORS = 2.0
_LATEST = "latest"
_SCALES: Mapping[str, float] = {"index_10000": 10_000.0, "index_10000_per_year": 10_000.0, "index_10": 10.0}


class ChangeClass(StrEnum):
    """The main reason of a change."""

    real_change = "real_change"
    data_revision = "data_revision"
    not_split = "not_split"
    method_change = "method_change"
    sampling_noise = "sampling_noise"
    new_coverage = "new_coverage"
    coverage_lost = "coverage_lost"
    not_listed = "not_listed"
    no_change = "no_change"


@dataclass(frozen=True)
class Compared:
    """Score tables of two quarters.

    ``printed``: as kept with the older report, None where it was not kept; ``before`` and ``after``: today's results
    for the two days; ``older_year``: scores of the older year from the data and the edition of the newer quarter,
    where they differ in year and that edition holds it; ``older_events``: scores of the newer quarter under the export
    restrictions in force on the older day; ``draws``: number of draws behind before and after.
    """

    printed: pl.DataFrame | None
    before: pl.DataFrame
    after: pl.DataFrame
    older_year: pl.DataFrame
    older_events: pl.DataFrame
    facts: InputFacts
    draws: tuple[int, int]


def changes(compared: Compared) -> pl.DataFrame:
    """One row a score that has a value in either quarter; columns: see ``columns_of_changes``.

    Scores with several years are compared at their latest year, and the other years each with itself; forecasts year
    by year. A change equals the sum of its parts, to rounding.
    """
    pairs = _paired(compared)
    moved = moves(pairs, compared.facts)
    together = pairs.join(moved, on="pair", how="left").with_columns(
        (pl.lit(compared.printed is not None)).alias("is_kept")
    )
    return _shown(_classified(_parts(together), compared.draws))


def columns_of_changes() -> tuple[str, ...]:
    """Columns of the change table, in their order."""
    named = ("before", "after", "change", *PARTS, "class", "sampling_error", "year_before", "year_after")
    why = ("edition_before", "edition_after", "country_before", "moved", "rows_in", "rows_out", "missing_reason")
    return (*KEY, "unit", *named, *why, "size")


def keyed(scores: pl.DataFrame) -> pl.DataFrame:
    """Scores with what each is of as ``KEY``, and ``slot``: which of its years, ``latest`` or the year.

    What only describes it stands in ``of_product``, ``of_stage`` and ``of_country``.
    """
    material, largest = pl.col("metric").is_in(MATERIAL_METRICS), pl.col("metric").is_in(LARGEST_SUPPLIER)
    describes = (material | pl.col("product_id").is_not_null()) & ~pl.col("metric").is_in(BY_STAGE_METRICS)
    nothing = pl.lit(None, dtype=pl.String)
    described = scores.select(
        "metric",
        "scenario",
        pl.when(material).then(nothing).otherwise("product_id").alias("product_id"),
        "material_id",
        pl.when(describes).then(nothing).otherwise("stage").alias("stage"),
        "scope",
        pl.when(largest).then(nothing).otherwise("country").alias("country"),
        "end_product",
        "year",
        "value",
        "missing_reason",
        "edition",
        "input_row_ids",
        pl.col("product_id").alias("of_product"),
        pl.col("stage").alias("of_stage"),
        pl.col("country").alias("of_country"),
    )
    last = pl.col("year").max().over(KEY)
    by_year = (pl.col("metric") == FORECAST) | (pl.col("year") != last).fill_null(False)
    year = pl.col("year").cast(pl.String).fill_null(_LATEST)
    return described.with_columns(pl.when(by_year).then(year).otherwise(pl.lit(_LATEST)).alias("slot"))


def _paired(compared: Compared) -> pl.DataFrame:
    """Scores of both quarters side by side, with ``pair`` as number, and of the older year from newer data."""
    before, after = keyed(compared.before), keyed(compared.after)
    on = [*KEY, "slot"]
    paired = before.join(after, on=on, how="full", coalesce=True, nulls_equal=True, suffix="_after")
    if compared.printed is not None:
        printed = keyed(compared.printed).select(
            *on, pl.col("value").alias("printed"), pl.col("year").alias("printed_year")
        )
        paired = paired.join(printed, on=on, how="full", coalesce=True, nulls_equal=True)
    else:
        paired = paired.with_columns(
            pl.lit(None, dtype=pl.Float64).alias("printed"), pl.lit(None, dtype=pl.Int64).alias("printed_year")
        )
    paired = _without_middle_years(paired)
    same = [*KEY, "year", "edition"]
    listed = after.filter(pl.col("slot") != _LATEST).select(*same, pl.col("value").alias("listed"))
    older = keyed(compared.older_year).select(*on, "year", pl.col("value").alias("older"))
    events = keyed(compared.older_events).select(*on, pl.col("value").alias("without_events"))
    return (
        paired.join(
            listed,
            left_on=[*KEY, "year", "edition_after"],
            right_on=same,
            how="left",
            nulls_equal=True,
        )
        .join(older, on=[*on, "year"], how="left", nulls_equal=True)
        .join(events, on=on, how="left", nulls_equal=True)
        .with_columns(pl.coalesce("older", "listed").alias("older"))
        .drop("listed")
        .sort(on, nulls_last=False)
        .with_row_index("pair")
    )


def _without_middle_years(paired: pl.DataFrame) -> pl.DataFrame:
    """Without rows of the year that the latest of the other quarter is of: they are the middle of that comparison."""
    latest = pl.col("slot") == _LATEST
    last_before = pl.col("year").filter(latest).max().over(KEY)
    last_after = pl.col("year_after").filter(latest).max().over(KEY)
    forecast = pl.col("metric") == FORECAST
    middle = (
        ~latest
        & ~forecast
        & (
            ((pl.col("year_after") == last_before) & pl.col("year").is_null())
            | ((pl.col("year") == last_after) & pl.col("year_after").is_null())
        )
    )
    return paired.filter(~middle.fill_null(False))


def _parts(pairs: pl.DataFrame) -> pl.DataFrame:
    """Before, after, change and its parts; parts are null where there is no change of a number."""
    today = pl.col("value_after") - pl.col("value")
    splits = pl.col("older").is_not_null() & pl.col("is_moved") & pl.col("is_one_table")
    event = (pl.col("value_after") - pl.col("without_events")).fill_null(0.0)
    real = pl.when(splits).then(pl.col("value_after") - pl.col("older")).otherwise(event)
    unsplit = pl.when(pl.col("is_moved") & ~splits).then(today - real).otherwise(0.0)
    revision = pl.when(splits).then(pl.col("older") - pl.col("value")).when(pl.col("is_moved")).then(0.0)
    whole = pl.when("is_kept").then(pl.col("printed")).otherwise(pl.col("value"))
    found = pairs.with_columns(
        whole.alias("before"),
        pl.col("value_after").alias("after"),
        pl.when("is_kept").then(pl.coalesce("printed_year", "year")).otherwise("year").alias("year_before"),
    ).filter(pl.col("before").is_not_null() | pl.col("after").is_not_null())
    both = pl.col("before").is_not_null() & pl.col("after").is_not_null()
    told = both & pl.col("value").is_not_null()
    return found.with_columns(
        (pl.col("after") - pl.col("before")).alias("change"),
        pl.when(told & pl.col("is_kept")).then(pl.col("value") - pl.col("printed")).alias("method_change"),
        pl.when(told).then(revision.otherwise(today - real)).alias("data_revision"),
        pl.when(told).then(real).alias("real_change"),
        pl.when(told).then(unsplit).when(both).then(pl.col("after") - pl.col("before")).alias("not_split"),
    )


def _classified(found: pl.DataFrame, draws: tuple[int, int]) -> pl.DataFrame:
    """With the class and the sampling error of the change."""
    variance = _variance("before", draws[0]) + _variance("after", draws[1])
    error = pl.when(pl.col("metric").is_in(DRAW_SHARES) & pl.col("change").is_not_null()).then(variance.sqrt())
    sizes = {name: pl.col(name).abs().fill_null(0.0) for name in PARTS}
    largest = pl.max_horizontal(*sizes.values())
    order = ("real_change", "data_revision", "not_split", "method_change")
    main = pl.coalesce(*(pl.when(sizes[name] == largest).then(pl.lit(name)) for name in order))
    scale = pl.max_horizontal(pl.col("before").abs(), pl.col("after").abs())
    siblings = ("metric", "scenario", "product_id", "scope", "end_product")
    other = {
        side: pl.col(side).is_not_null().any().over(siblings) & pl.col("metric").is_in(LISTED)
        for side in ("before", "after")
    }
    return found.with_columns(error.alias("sampling_error")).with_columns(
        pl.when(pl.col("before").is_null() & other["before"] | pl.col("after").is_null() & other["after"])
        .then(pl.lit(ChangeClass.not_listed.value))
        .when(pl.col("before").is_null())
        .then(pl.lit(ChangeClass.new_coverage.value))
        .when(pl.col("after").is_null())
        .then(pl.lit(ChangeClass.coverage_lost.value))
        .when((pl.col("change").abs() <= SAME * scale) & (largest <= SAME * scale))
        .then(pl.lit(ChangeClass.no_change.value))
        .when((pl.col("change").abs() <= NOISE_IN_ERRORS * pl.col("sampling_error")).fill_null(False))
        .then(pl.lit(ChangeClass.sampling_noise.value))
        .otherwise(main)
        .alias("class")
    )


def _variance(side: str, draws: int) -> pl.Expr:
    """p·(1 − p)/n of a part of n draws, p = (k + 1)/(n + 2): none of all draws is not free of error."""
    part = (pl.col(side) * draws + 1.0) / (draws + 2.0)
    return part * (1.0 - part) / draws


def _shown(found: pl.DataFrame) -> pl.DataFrame:
    unit = pl.col("metric").replace_strict({name: metric.unit for name, metric in METRICS.items()}, default=None)
    scale = unit.replace_strict(_SCALES, default=1.0, return_dtype=pl.Float64)
    stage_of = pl.when(pl.col("product_id").is_null()).then(pl.coalesce("stage", "of_stage_after", "of_stage"))
    return (
        found.with_columns(
            unit.alias("unit"),
            pl.col("value_after").is_null().alias("is_gone"),
            pl.coalesce("product_id", "of_product_after", "of_product").alias("product_id"),
            pl.coalesce("country", "of_country_after", "of_country").alias("country"),
            stage_of.alias("stage"),
            pl.when(pl.col("of_country") != pl.col("of_country_after")).then("of_country").alias("country_before"),
            pl.col("edition").alias("edition_before"),
            pl.coalesce("missing_reason_after", "missing_reason").alias("missing_reason"),
            (pl.col("change").abs() / scale).alias("size"),
        )
        .sort("size", "metric", "pair", descending=[True, False, False], nulls_last=True)
        .select(columns_of_changes())
    )
