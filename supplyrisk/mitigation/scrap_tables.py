"""What scrap of base metals gives, in tables, with published figures beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.mitigation.base_metal_scrap import MetalScrap
from supplyrisk.mitigation.recycling_tables import largest_loss, sensitivity_table
from supplyrisk.mitigation.scrap_assumptions import Published

SUPPLY = {
    "metal": pl.String, "year": pl.Int64, "used_tonnes": pl.Float64, "new_scrap_tonnes": pl.Float64,
    "old_scrap_tonnes": pl.Float64, "old_scrap_low": pl.Float64, "old_scrap_high": pl.Float64,
    "share_without_data": pl.Float64, "collected_tonnes": pl.Float64, "exported_tonnes": pl.Float64,
    "remelted_tonnes": pl.Float64, "largest_loss": pl.String, "share": pl.Float64, "share_low": pl.Float64,
    "share_high": pl.Float64, "share_without_exports": pl.Float64, "input_rate": pl.Float64,
}  # fmt: skip
CHECKS = {
    "metal": pl.String, "figure": pl.String, "year": pl.Int64, "area": pl.String, "model": pl.Float64,
    "model_low": pl.Float64, "model_high": pl.Float64, "published": pl.Float64, "published_low": pl.Float64,
    "published_high": pl.Float64, "verdict": pl.String, "subject": pl.String, "row_id": pl.String,
    "source_ids": pl.String,
}  # fmt: skip
GAPS = {"metal": pl.String, "missing": pl.String}
WITHIN, APART, FITTED, NOT_KNOWN = "within", "apart", "fitted", "not_known"


@dataclass(frozen=True)
class KnownFigure:
    """A published figure: value, or the ends of a range, what it holds for, and whose it is."""

    value: float | None
    low: float | None
    high: float | None
    subject: str | None
    source_ids: str | None


_UNKNOWN = KnownFigure(None, None, None, None, None)


@dataclass(frozen=True)
class ScrapTables:
    """Tables for the EU.

    ``supply``: a row a metal and year; ``share``: melted again over use, its low and high the smallest and largest with
    one number at an end of its range; ``share_without_exports``: if no scrap left, all else as it is;
    ``share_without_data``: of old scrap, from goods of years without data. ``sensitivity``: that share with each number
    at its ends, widest first. ``checks``: the model's figure and range beside a published one; apart where the two
    ranges do not meet. ``gaps``: metals without a model, and what is missing.
    """

    supply: pl.DataFrame
    sensitivity: pl.DataFrame
    checks: pl.DataFrame
    gaps: pl.DataFrame


Ends = Mapping[str, tuple[MetalScrap, MetalScrap]]
"""By number: the metal with it at the low and at the high end of its range."""


def supply_rows(
    name: str, own: MetalScrap, ends: Ends, without_exports: MetalScrap, shown_from: int
) -> list[tuple[object, ...]]:
    """Rows of ``SUPPLY`` of a metal."""
    flows, all_of = own.flows, [own, *(other for pair in ends.values() for other in pair)]
    return [
        (
            name, year, own.use.used[t], flows.scrap[t], flows.returned[t],
            min(float(one.flows.returned[t]) for one in all_of), max(float(one.flows.returned[t]) for one in all_of),
            own.unseen[t] / flows.returned[t], flows.collected[t], flows.exported[t], flows.won_back[t],
            largest_loss(flows, t), own.share[t], min(float(one.share[t]) for one in all_of),
            max(float(one.share[t]) for one in all_of), without_exports.share[t], own.input_rate[t],
        )
        for t, year in enumerate(own.use.years)
        if year >= shown_from
    ]  # fmt: skip


def sensitivity_rows(name: str, own: MetalScrap, ends: Ends, year: int) -> list[tuple[object, ...]]:
    """Rows of the sensitivity of a metal: its share in a year with each number at its ends, where that moves it."""
    t = own.use.years.index(year)
    moved = {number: (float(low.share[t]), float(high.share[t])) for number, (low, high) in ends.items()}
    return [(name, year, number, *at, abs(at[1] - at[0])) for number, at in moved.items() if at[0] != at[1]]


def check_rows(
    name: str, own: MetalScrap, ends: Ends, published: Sequence[Published], known: Mapping[str, KnownFigure]
) -> list[tuple[object, ...]]:
    """Rows of ``CHECKS`` of a metal: apart where the range of the model and the published one do not meet."""
    rows: list[tuple[object, ...]] = []
    for one in published:
        t = own.use.years.index(one.year)
        model = [float(metal.figures[one.figure][t]) for metal in (own, *(m for pair in ends.values() for m in pair))]
        figure = known.get(one.row, _UNKNOWN)
        told = [value for value in (figure.value, figure.low, figure.high) if value is not None]
        rows.append(
            (
                name, one.figure, one.year, one.area, model[0], min(model), max(model), figure.value, figure.low,
                figure.high, _verdict(model, told, one.fitted), figure.subject, one.row, figure.source_ids,
            )
        )  # fmt: skip
    return rows


def _verdict(model: Sequence[float], told: Sequence[float], fitted: bool) -> str:
    if not told:
        return NOT_KNOWN
    if fitted:
        return FITTED
    return WITHIN if min(model) <= max(told) and min(told) <= max(model) else APART


def scrap_tables(
    supply: Sequence[tuple[object, ...]],
    sensitivity: Sequence[tuple[object, ...]],
    checks: Sequence[tuple[object, ...]],
    gaps: Mapping[str, Sequence[str]],
) -> ScrapTables:
    """The tables, from rows of all metals."""
    return ScrapTables(
        pl.DataFrame(supply, schema=SUPPLY, orient="row"),
        sensitivity_table(sensitivity).rename({"material_id": "metal"}),
        pl.DataFrame(checks, schema=CHECKS, orient="row"),
        pl.DataFrame([(name, ";".join(words)) for name, words in gaps.items()], schema=GAPS, orient="row"),
    )
