"""How the largest share of one third country in EU imports has moved since the years of the Commission's study."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass

import polars as pl

from supplyrisk.scores.criticality.carried import ShareSeries

SCHEMA = {
    "product_id": pl.String,
    "strategic": pl.Boolean,
    "earlier": pl.Float64,
    "earlier_country": pl.String,
    "earlier_from": pl.Int64,
    "earlier_until": pl.Int64,
    "later": pl.Float64,
    "later_country": pl.String,
    "later_from": pl.Int64,
    "later_until": pl.Int64,
    "missing_reason": pl.String,
}


@dataclass(frozen=True)
class ImportShift:
    """Largest share of one country in what the EU buys outside, earlier and of late, each with its country and years.

    A mean over the years ``from`` … ``until``. The trade behind it has no draws, so there is no range.
    """

    earlier: float
    earlier_country: str
    earlier_from: int
    earlier_until: int
    later: float
    later_country: str
    later_from: int
    later_until: int


def import_shift(series: ShareSeries) -> ImportShift:
    """The largest shares of both ends of a series; of countries with equal shares the first by code."""
    earlier, later = _largest(series.before), _largest(series.after)
    return ImportShift(
        series.before[earlier], earlier, *series.early_years, series.after[later], later, *series.late_years
    )


def known_shifts(shifts: Mapping[str, ImportShift | str]) -> dict[str, ImportShift]:
    """Those that there are; the others are a word for the reason."""
    return {product: shift for product, shift in shifts.items() if isinstance(shift, ImportShift)}


def above_limit(shifts: Mapping[str, ImportShift], limit: float) -> tuple[int, int]:
    """How many products one country supplied more than ``limit`` of imports of, earlier and of late."""
    return (
        sum(shift.earlier > limit for shift in shifts.values()),
        sum(shift.later > limit for shift in shifts.values()),
    )


def shift_table(shifts: Mapping[str, ImportShift | str], strategic: Collection[str]) -> pl.DataFrame:
    """A row for each product in ``SCHEMA``, the largest share of late first, gaps with their reason last.

    ``strategic``: products of strategic raw materials.
    """
    rows = [
        {"product_id": product, "strategic": product in strategic}
        | ({"missing_reason": shift} if isinstance(shift, str) else asdict(shift))
        for product, shift in shifts.items()
    ]
    return pl.DataFrame(rows, schema=SCHEMA).sort("later", "product_id", descending=[True, False], nulls_last=True)


def _largest(shares: Mapping[str, float]) -> str:
    return max(sorted(shares), key=shares.__getitem__)
