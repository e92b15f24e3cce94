"""How the largest share of one third country in EU imports has moved since the years of the Commission's study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import polars as pl

from supplyrisk.scores.criticality.carried import ShareSeries

SCHEMA = {
    "product_id": pl.String,
    "earlier": pl.Float64,
    "earlier_country": pl.String,
    "later": pl.Float64,
    "later_country": pl.String,
    "later_year": pl.Int64,
}


@dataclass(frozen=True)
class ImportShift:
    """Largest share of one country in what the EU buys outside, earlier and of late, each with its country."""

    earlier: float
    earlier_country: str
    later: float
    later_country: str
    later_year: int


def import_shift(series: ShareSeries) -> ImportShift:
    """The largest shares of both ends of a series; of countries with equal shares the first by code."""
    earlier, later = _largest(series.before), _largest(series.after)
    return ImportShift(series.before[earlier], earlier, series.after[later], later, series.year)


def above_limit(shifts: Mapping[str, ImportShift], limit: float) -> tuple[int, int]:
    """How many products one country supplied more than ``limit`` of imports of, earlier and of late."""
    return (
        sum(shift.earlier > limit for shift in shifts.values()),
        sum(shift.later > limit for shift in shifts.values()),
    )


def shift_table(shifts: Mapping[str, ImportShift]) -> pl.DataFrame:
    """A row for each product in ``SCHEMA``, the largest share of late first."""
    rows = [{"product_id": product, **asdict(shift)} for product, shift in shifts.items()]
    return pl.DataFrame(rows, schema=SCHEMA).sort("later", "product_id", descending=[True, False])


def _largest(shares: Mapping[str, float]) -> str:
    return max(sorted(shares), key=shares.__getitem__)
