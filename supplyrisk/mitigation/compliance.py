"""Targets of policy with a measure in place: what the data give before and after, and the verdict on both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from supplyrisk.foundation.units import MONTHS_PER_YEAR
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.schedule import part_in_place
from supplyrisk.mitigation.specification import SecondarySupply
from supplyrisk.scores.criticality.restrictions import last_day
from supplyrisk.scores.single_country import NOT_DECIDED
from supplyrisk.scores.target_measures import MET, NOT_IN_DATA, NOT_MET, SINGLE_COUNTRY, TOGETHER, VALUE_ADDED

COMPLIANCE = {
    "measure": pl.String, "target_id": pl.String, "metric": pl.String, "material_id": pl.String,
    "direction": pl.String, "due": pl.String, "target": pl.Float64, "unit": pl.String, "counted_as": pl.String,
    "year": pl.Int64, "before": pl.Float64, "after": pl.Float64, "low_after": pl.Float64, "high_after": pl.Float64,
    "reached_before": pl.Int64, "reached_after": pl.Int64, "with_figures_before": pl.Int64,
    "with_figures_after": pl.Int64, "concerned": pl.Int64, "verdict_before": pl.String,
    "verdict_after": pl.String, "reason": pl.String,
}  # fmt: skip
RECYCLED_CONTENT = "recycled_content"
ASKED = (SINGLE_COUNTRY, *TOGETHER, VALUE_ADDED, RECYCLED_CONTENT)
"""What a measure can bring nearer: the 65 % line, 10/40/25 %, 50 % of value added, recycled content."""
STATED = "content_is_what_the_measure_asks_for"
"""Why a target of recycled content is met: the measure says so; whether scrap is there is told elsewhere."""
AS_VALUE, AS_MEAN, AS_CONTENT = "value", "mean_of_materials", "content_of_goods_sold"


def asked_targets(policy_targets: pl.DataFrame) -> pl.DataFrame:
    """Rows of policy_targets that are looked at."""
    return policy_targets.filter(pl.col("metric").is_in(list(ASKED)) & (pl.col("unit") == "percent"))


def secondary_shares(measures: Iterable[Measure]) -> dict[str, float]:
    """Part of purchases that measures give to makers from scrap, by product; of two measures the larger one."""
    found: dict[str, float] = {}
    for measure in measures:
        for change in measure.file.changes:
            if isinstance(change, SecondarySupply):
                for product, share in change.shares.items():
                    found[product] = max(found.get(product, 0.0), share)
    return found


def with_more_recycled(eol_rir: pl.DataFrame, more: Mapping[str, float], entry_of: Mapping[str, str]) -> pl.DataFrame:
    """Recycling input rates r with a part s of purchases (by material) from scrap: r + s·(1 − r).

    Purchases are what is not recycled yet. A material without a rate stays without one. ``entry_of``: entry of the list
    of strategic raw materials that a material belongs to; what is given for the entry holds for each (rare earths of
    magnets for neodymium).
    """
    own = {name: _share_of(name, more, entry_of) for name in eol_rir["material_id"].unique()}
    added = pl.col("material_id").replace_strict(own, default=0.0, return_dtype=pl.Float64)  # default: of no rows
    rate = pl.col("eol_rir_share")
    return eol_rir.with_columns((rate + added * (1.0 - rate)).alias("eol_rir_share"))


def _share_of(material: str, more: Mapping[str, float], entry_of: Mapping[str, str]) -> float:
    return more.get(material, more.get(entry_of.get(material, ""), 0.0))


def stated_content(
    policy_targets: pl.DataFrame, measures: Iterable[Measure], material_of: Mapping[str, str], decided: date
) -> dict[str, float]:
    """By target of recycled content, the content that measures ask for by then, as far as they work when it is due.

    ``material_of``: material of the products that come from scrap; ``decided``: the day on which the measures are. A
    target is due at the end of its day, month or year, as it is given; one without any asks for nothing yet.
    """
    found: dict[str, float] = {}
    asked = policy_targets.filter(pl.col("metric") == RECYCLED_CONTENT)
    for target, material, day, year in asked.select("target_id", "material_ids", "date", "year").iter_rows():
        told = day or year
        if told is None:
            continue
        due = date.fromisoformat(last_day(str(told)))
        month = (due.year - decided.year) * int(MONTHS_PER_YEAR) + due.month - decided.month + 1
        for measure in measures:
            part = part_in_place(measure.file, month)
            shares = secondary_shares([measure])
            of_material = [share for product, share in shares.items() if material_of.get(product) == material]
            found[target] = max([found.get(target, 0.0), *(part * share for share in of_material)])
    return found


def with_content(
    table: pl.DataFrame,
    policy_targets: pl.DataFrame,
    supply: pl.DataFrame | None,
    stated: Mapping[str, float],
) -> pl.DataFrame:
    """The table of targets (scores.targets) with recycled content: of the year that is due, or the last one known.

    ``supply`` as mitigation.recycling_tables (None: not known on the day); ``stated``: by target, the content that a
    measure asks for (``stated_content``), which stands in where it is larger. A metal that is not followed stays a gap.
    The range comes with one number at an end.
    """
    if supply is None:
        return table
    asked = {row["target_id"]: row for row in policy_targets.iter_rows(named=True)}
    rows = []
    for row in table.iter_rows(named=True):
        if row["metric"] == RECYCLED_CONTENT:
            material, due = asked[row["target_id"]]["material_ids"], asked[row["target_id"]]["year"]
            known = supply.filter((pl.col("material_id") == material) & (pl.col("year") <= due)).sort("year")
            if due is not None and known.height:
                rows.append(row | _content(row, known.row(-1, named=True), stated.get(row["target_id"], 0.0)))
                continue
        rows.append(row)
    return pl.DataFrame(rows, schema=table.schema)


def _content(row: Mapping[str, Any], known: Mapping[str, Any], stated: float) -> dict[str, Any]:
    value, low, high = (100.0 * max(known[name], stated) for name in ("share", "share_low", "share_high"))
    verdict = MET if low >= row["target"] else NOT_MET if high < row["target"] else NOT_DECIDED
    return {
        "value": value, "low": low, "high": high, "year": known["year"], "verdict": verdict,
        "missing_reason": STATED if 100.0 * stated >= row["target"] else None,
    }  # fmt: skip


def widened(table: pl.DataFrame, others: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The table of targets with ranges that hold those of ``others`` (the same with an assumption at its ends).

    A value without a range stands for both of its ends.

    A verdict that they do not share is not decided, and then there is no gap.
    """
    rows = []
    for row, *same in zip(table.iter_rows(named=True), *(one.iter_rows(named=True) for one in others), strict=True):
        every = [row, *same]
        ends = {}
        for centre, low, high in (("value", "low", "high"), ("mean", "mean_low", "mean_high")):
            for end, choose in ((low, min), (high, max)):
                known = [one[end] if one[end] is not None else one[centre] for one in every]
                told = [number for number in known if number is not None]
                if told and (max(told) > min(told) or row[end] is not None):
                    ends[end] = choose(told)
        if len({one["verdict"] for one in every}) > 1:
            ends |= {"verdict": NOT_DECIDED, "gap": None}
        rows.append(row | ends)
    return pl.DataFrame(rows, schema=table.schema)


def compliance_rows(
    measure: str, before: pl.DataFrame, after: pl.DataFrame, material_of: Mapping[str, str]
) -> Iterator[tuple[object, ...]]:
    """Rows in ``COMPLIANCE`` from two tables of the same targets; ``material_of``: targets of one material."""
    for was, then in zip(before.iter_rows(named=True), after.iter_rows(named=True), strict=True):
        name, counted = _counted_as(was)
        ends = (then["low"], then["high"]) if name == "value" else (then["mean_low"], then["mean_high"])
        known = was[name] is not None
        yield (
            measure, was["target_id"], was["metric"], material_of.get(was["target_id"]), was["direction"], was["due"],
            was["target"], was["unit"],
            counted if known else None, then["year"], was[name], then[name], *(ends if known else (None, None)),
            was["on_right_side"], then["on_right_side"], was["with_figures"], then["with_figures"], was["concerned"],
            was["verdict"], then["verdict"],
            _reason(was, then, known),
        )  # fmt: skip


def _reason(was: Mapping[str, Any], then: Mapping[str, Any], known: bool) -> str | None:
    if not known:
        return str(was["missing_reason"] or NOT_IN_DATA)
    return STATED if then["missing_reason"] == STATED else None


def _counted_as(row: Mapping[str, Any]) -> tuple[str, str]:
    """Which column tells it, and what that is."""
    if row["metric"] == RECYCLED_CONTENT:
        return "value", AS_CONTENT
    return ("mean", AS_MEAN) if row["value"] is None and row["mean"] is not None else ("value", AS_VALUE)


def moved(table: pl.DataFrame) -> pl.DataFrame:
    """Rows of ``COMPLIANCE`` in which something moves: by a tenth of a point, a count, or the verdict."""
    apart = (pl.col("after") - pl.col("before")).abs() >= 0.1
    counts = pl.col("reached_after").ne_missing(pl.col("reached_before"))
    return table.filter(apart.fill_null(False) | counts | (pl.col("verdict_after") != pl.col("verdict_before")))
