"""What the data give for a target: its value, its ends, what it covers, and what can be compared over the years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from supplyrisk.scores.criticality.import_series import NO_TRADE_OF_BOTH_ENDS
from supplyrisk.scores.import_shift import ImportShift, above_limit
from supplyrisk.scores.single_country import (
    ABOVE,
    BELOW,
    EACH_BELOW_A_HUNDREDTH,
    MOVED,
    NO_SUPPLY_KNOWN,
    NOT_DECIDED,
    NOT_MEASURABLE,
    by_assumption,
    strategic_products,
)
from supplyrisk.scores.sourcing import NOTHING_USED, PLACE_OF_USE_UNKNOWN
from supplyrisk.scores.stage_capacity import BY_VALUE, OF_MATERIAL, UNWEIGHTED, MaterialShare, mean_share, unweighted
from supplyrisk.scores.strategic_materials import strategic_entries

MET, NOT_MET = "met", "not_met"

NO_COMMON_MEASURE = "no_common_measure_of_materials"
NOT_IN_DATA = "no_figure_in_the_data"
A_DATE = "a_duty_from_a_date"
NO_EARLIER_USE = "consumption_of_earlier_years_unknown"
NO_EARLIER_NETWORK = "one_network_year"
EDITIONS_DIFFER = "editions_not_comparable"

VALUE_ADDED = "european_value_added"
SINGLE_COUNTRY = "share_from_one_third_country"
_COVERED = {
    "extraction_capacity_of_consumption": "extraction",
    "processing_capacity_of_consumption": "refining",
}
_RECYCLED = "recycling_capacity_of_consumption"
TOGETHER = (*_COVERED, _RECYCLED)
"""Metrics of the benchmarks over all strategic raw materials together."""


@dataclass(frozen=True)
class Measured:
    """What the data give for a target, in per cent; how many products or materials alone are on its right side.

    ``value_covered``: materials behind a ``value`` by worth. ``mean``: plain mean over materials, each up to 100, with
    those without a figure at 0 and at 100 as its ends; it is of ``with_figures`` of ``concerned`` materials.
    ``not_used``: products of which nothing is used in the region, which are not ``concerned``.
    ``earlier``, ``later``: what can be compared over the years, over ``compared`` products, each of the years
    ``from`` … ``until``; without it a reason. ``product_id``: the one product that ``value`` is about, if one.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    value_covered: int | None = None
    year: int | None = None
    outlook: float | None = None
    outlook_low: float | None = None
    outlook_high: float | None = None
    verdict: str = NOT_MEASURABLE
    missing_reason: str | None = NOT_IN_DATA
    on_right_side: int | None = None
    with_figures: int | None = None
    concerned: int | None = None
    not_used: int | None = None
    mean: float | None = None
    mean_low: float | None = None
    mean_high: float | None = None
    earlier: float | None = None
    earlier_from: int | None = None
    earlier_until: int | None = None
    later: float | None = None
    later_from: int | None = None
    later_until: int | None = None
    compared: int | None = None
    trend_missing_reason: str | None = NOT_IN_DATA
    product_id: str | None = None


@dataclass(frozen=True)
class TargetInputs:
    """Where targets are measured.

    ``scores``: the score table; ``single_country``: that table of the EU; ``shifts``: imports of the EU over the years
    by product.
    """

    scores: pl.DataFrame
    single_country: pl.DataFrame
    products: pl.DataFrame
    materials: pl.DataFrame
    eol_rir: pl.DataFrame
    shifts: Mapping[str, ImportShift]


def measure_target(row: Mapping[str, object], given: TargetInputs) -> Measured:
    """The measure of one row of policy_targets; without one the reason."""
    metric, line = str(row["metric"]), None if row["value"] is None else float(str(row["value"]))
    if row["unit"] == "date" or line is None:
        return Measured(missing_reason=A_DATE, trend_missing_reason=A_DATE)
    if metric == VALUE_ADDED:
        found = _value_added(given.scores, str(row["region"]), line)
        return replace(found, trend_missing_reason=NO_EARLIER_NETWORK)
    if metric == SINGLE_COUNTRY:
        return _with_shift(_largest_share(given.single_country, line), given, line)
    if metric in _COVERED:
        return _stage(given, _COVERED[metric], str(row["region"]), line)
    if metric == _RECYCLED:
        return _recycled(given, line)
    return Measured()


def _stage(given: TargetInputs, stage: str, region: str, line: float) -> Measured:
    """Output over use at a stage: by worth, as a mean of materials, and how many materials reach the line alone."""
    own = given.scores.filter((pl.col("scope") == region) & (pl.col("scenario") == "base") & (pl.col("stage") == stage))
    of_materials = own.filter(pl.col("metric") == OF_MATERIAL)["value"]
    counted = _counted(of_materials.drop_nulls().to_list(), of_materials.len(), line)
    counted = replace(counted, trend_missing_reason=NO_EARLIER_USE)
    worth, plain = (own.filter(pl.col("metric") == metric) for metric in (BY_VALUE, UNWEIGHTED))
    value, mean = _percent(worth), _percent(plain)
    if mean is not None:
        counted = replace(counted, mean=mean[0], mean_low=mean[1], mean_high=mean[2])
    if value is None or mean is None:
        return counted
    covered, concerned = worth["materials_covered"][0], worth["materials_concerned"][0]
    is_whole = covered == concerned and counted.with_figures == counted.concerned
    return replace(
        counted,
        value=value[0],
        low=value[1],
        high=value[2],
        value_covered=covered,
        year=worth["year"][0],
        missing_reason=None,
        verdict=_verdict([value, mean], is_whole, line),
    )


def _percent(rows: pl.DataFrame) -> tuple[float, float, float] | None:
    if rows.is_empty() or rows["value"][0] is None:
        return None
    return (100.0 * rows["value"][0], 100.0 * rows["low"][0], 100.0 * rows["high"][0])


def _verdict(measures: Sequence[tuple[float, float, float]], is_whole: bool, line: float) -> str:
    """Met only where nothing is left out and all ``measures`` there are lie above at their low ends.

    Not met where all lie below at their high ends.
    """
    if all(high < line for _, _, high in measures):
        return NOT_MET
    return MET if is_whole and all(low >= line for _, low, _ in measures) else NOT_DECIDED


def _recycled(given: TargetInputs, line: float) -> Measured:
    """End-of-life recycling input rates of the latest edition: how many entries reach the line alone, and their mean.

    The mean is the only measure here and gives the verdict alone.
    """
    latest = given.eol_rir.filter(pl.col("edition") == pl.col("edition").max())
    rates = dict(latest.select("material_id", "eol_rir_share").iter_rows())
    of_entries = _rates_of_entries(strategic_entries(given.materials), rates)
    figures = [share.low for share in of_entries.values() if share is not None and share.is_figure]
    found = replace(_counted(figures, len(of_entries), line), trend_missing_reason=EDITIONS_DIFFER)
    mean = unweighted(of_entries)
    if mean is None or mean.value is None:
        return found
    ends = (100.0 * mean.value, 100.0 * mean.low, 100.0 * mean.high)
    verdict = _verdict([ends], mean.covered == mean.concerned, line)
    return replace(found, verdict=verdict, mean=ends[0], mean_low=ends[1], mean_high=ends[2])


def _rates_of_entries(
    entry_of: Mapping[str, str], rates: Mapping[str, float | None]
) -> dict[str, MaterialShare | None]:
    """Rate of every entry of Annex I: its own, or that of its materials together; None where no rate is known.

    Of a group some of whose materials have no rate, these are taken at 0 and at 1 at the ends.
    """
    found: dict[str, MaterialShare | None] = {}
    for entry in entry_of.values():
        members = [material for material, of in entry_of.items() if of == entry and material != entry]
        own = rates.get(entry)
        found[entry] = mean_share([rates.get(name) for name in members] if own is None else [own])
    return found


def _with_shift(found: Measured, given: TargetInputs, line: float) -> Measured:
    """How many products one country supplied more than the line of in EU imports, then and of late."""
    strategic = strategic_products(given.products, given.materials)
    shifts = {product: shift for product, shift in given.shifts.items() if product in strategic}
    if not shifts:
        return replace(found, trend_missing_reason=NO_TRADE_OF_BOTH_ENDS)
    earlier, later = above_limit(shifts, line / 100.0)
    return replace(
        found,
        earlier=earlier,
        earlier_from=min(shift.earlier_from for shift in shifts.values()),
        earlier_until=max(shift.earlier_until for shift in shifts.values()),
        later=later,
        later_from=min(shift.later_from for shift in shifts.values()),
        later_until=max(shift.later_until for shift in shifts.values()),
        compared=len(shifts),
        trend_missing_reason=None,
    )


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
        reason = NO_SUPPLY_KNOWN if base.is_empty() else base["missing_reason"][0]
        return Measured(missing_reason=reason)
    value, low, high = (100.0 * base[name][0] for name in ("value", "low", "high"))
    ahead: list[float | None] = [None, None, None]
    if later.height and later["value"][0] is not None:
        ahead = [100.0 * later[name][0] for name in ("value", "low", "high")]
    return Measured(
        value,
        low,
        high,
        year=base["year"][0],
        outlook=ahead[0],
        outlook_low=ahead[1],
        outlook_high=ahead[2],
        verdict=MET if low > line else NOT_MET if high <= line else NOT_DECIDED,
        missing_reason=None,
    )


def _largest_share(single_country: pl.DataFrame, line: float) -> Measured:
    """The largest share of all products measured; met when each of those that are used keeps to the line.

    Shares that hold by assumption without a range, or that trade moved far does not tell, are counted. While there are
    others they are no value and do not make the target missed, but none of these above or open lets it be met.
    """
    used = single_country.filter(~pl.col("missing_reason").eq_missing(NOTHING_USED))
    known = used.filter(pl.col("verdict") != NOT_MEASURABLE)
    below = known.filter(pl.col("verdict") == BELOW).height
    counted = Measured(
        missing_reason=NOTHING_USED if used.is_empty() else PLACE_OF_USE_UNKNOWN,
        with_figures=known.height,
        concerned=used.height,
        not_used=single_country.height - used.height,
    )
    if known.is_empty():
        return counted
    rows = known.drop_nulls("share").sort("share", "product_id", descending=[True, False]).to_dicts()
    told = [row for row in rows if not _is_assumed(row)] or rows
    above = any(row["verdict"] == ABOVE for row in told)
    verdict = NOT_MET if above else MET if below == used.height else NOT_DECIDED
    counted = replace(counted, verdict=verdict, on_right_side=below)
    if not told:
        return replace(counted, missing_reason=EACH_BELOW_A_HUNDREDTH)
    first = told[0]
    value, low, high = (None if first[name] is None else 100.0 * first[name] for name in ("share", "low", "high"))
    return replace(counted, value=value, low=low, high=high, missing_reason=None, product_id=first["product_id"])


def _is_assumed(row: Mapping[str, Any]) -> bool:
    return row["open_reason"] == MOVED or by_assumption(row["quality"], row["low"], row["high"])
