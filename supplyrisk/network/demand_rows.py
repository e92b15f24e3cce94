"""Final demand of the demand table, laid out over places with nothing counted twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.foundation.errors import InputError
from supplyrisk.network.needs import split_total
from supplyrisk.network.places import EU_REGION, EU_UNSPECIFIED, REST_OF_WORLD, Places

Array = NDArray[np.float64]


@dataclass(frozen=True)
class FinalDemand:
    """Final demand of one product: by place, the part that is only the difference of two statistics, and its rows."""

    by_place: Array
    remainder: float
    row_ids: tuple[str, ...]
    named: frozenset[str]


def final_demand(
    rows: pl.DataFrame, places: Places, available: float, apparent_use: Array | None
) -> FinalDemand | None:
    """Final demand from the rows of one product and year (iso3, value, row_id), or None without rows.

    Member states lie inside EU27 and every other named country outside ROW: EU27 less its named members goes to its
    other members, and ROW to everybody not named for this product, by apparent use where trade tells it, else to
    EU_UNSPECIFIED and ROW. ``available`` is output that no maker takes in; beyond all rows it is the remainder (stocks,
    goods under way) and is filed with ROW. Raises ``InputError`` where the members use more than EU27 as a whole.
    """
    if rows.is_empty():
        return None
    totals = dict(rows.group_by("iso3").agg(pl.col("value").sum()).sort("iso3").iter_rows())
    named = frozenset(totals) - {EU_REGION, REST_OF_WORLD}
    found = np.zeros(len(places.codes))
    for iso3 in sorted(named):
        found[places.index[places.place_of(iso3)]] += totals[iso3]
    weight = np.zeros_like(found) if apparent_use is None else apparent_use
    is_named = np.array([code in named for code in places.codes])
    members = sum(value for iso3, value in totals.items() if iso3 in places.eu_members)
    if EU_REGION in totals:
        rest = totals[EU_REGION] - members
        if rest < -1e-9 * totals[EU_REGION]:
            raise InputError(
                f"data/demand.csv: EU members use {members:g} together, EU27 as a whole only {totals[EU_REGION]:g} "
                f"(rows {', '.join(sorted(rows['row_id']))}). Members lie inside EU27: raise it or lower theirs."
            )
        found += split_total(max(rest, 0.0), weight, places.in_eu & ~is_named, places.index[EU_UNSPECIFIED])
    known = float(found.sum()) + totals.get(REST_OF_WORLD, 0.0)
    remainder = max(available - known, 0.0)
    elsewhere = ~is_named if EU_REGION not in totals else ~is_named & ~places.in_eu
    rest = totals.get(REST_OF_WORLD, 0.0) + remainder
    found += split_total(rest, weight, elsewhere, places.index[REST_OF_WORLD])
    return FinalDemand(found, remainder, tuple(sorted(rows["row_id"])), named)
