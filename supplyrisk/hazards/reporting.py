"""How completely events were reported: older small stops were not written up, or not found."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from supplyrisk.foundation.errors import NotKnownError
from supplyrisk.hazards.events import EventSet

PERIODS = (2010, 2020, 2023)
"""First years of the periods of reporting; the last one counts as complete."""
_FEWEST_YEARS, _FEWEST_LARGE = 2.0, 4


@dataclass(frozen=True)
class Reporting:
    """How complete the list is.

    ``periods``: first_year, years, large, small, detected (part of small events that was reported, against the
    last period). ``exposure_years``: years of complete reporting that the whole window is worth for an event.
    """

    periods: pl.DataFrame
    exposure_years: float


def reporting(found: EventSet) -> Reporting:
    """Detection of small events by period, from how many there are for each large one.

    Large events would always have been reported (hazards.events), so their yearly rate n_L/Σ years is taken as it is.
    A period detects d = min(1, (small/large)/(small/large of the last period)) of the small ones; their rate is
    n_S/Σ d·years. The window is worth n/(rate_L + rate_S) years. A last period that is too short to tell, or holds too
    few large events, is taken together with the one before. Raises ``NotKnownError`` where the last period has no
    large event: then nothing tells how complete the others are.
    """
    end = found.first_year + found.years
    starts = [found.first_year, *(year for year in PERIODS if found.first_year < year < end)]
    rows = _counts(found, starts, end)
    while len(rows) > 1 and (rows[-1][1] < _FEWEST_YEARS or rows[-1][2] < _FEWEST_LARGE):
        starts.pop()
        rows = _counts(found, starts, end)
    if rows[-1][2] == 0:
        raise NotKnownError(
            f"The events since {rows[-1][0]} hold no large one, so nothing tells how complete older reports are. "
            "Choose a later --as-of or an earlier first year.",
            "events",
        )
    last_ratio = rows[-1][3] / rows[-1][2]
    detected = [min(1.0, (small / large) / last_ratio) if large and last_ratio else 1.0 for _, _, large, small in rows]
    large_rate = sum(row[2] for row in rows) / sum(row[1] for row in rows)
    watched = sum(part * row[1] for part, row in zip(detected, rows, strict=True))
    small_rate = sum(row[3] for row in rows) / watched if watched else 0.0
    frame = pl.DataFrame(rows, schema=["first_year", "years", "large", "small"], orient="row")
    total = found.events.height / (large_rate + small_rate)
    return Reporting(frame.with_columns(pl.Series("detected", detected)), total)


def _counts(found: EventSet, starts: list[int], end: float) -> list[tuple[int, float, int, int]]:
    """First year, years, large and small events of each period."""
    years = found.events["start"].dt.year()
    rows = []
    for first, last in zip(starts, [*starts[1:], end], strict=True):
        own = found.events.filter((years >= first) & (years < last))
        rows.append((first, float(last - first), int(own["large"].sum()), int((~own["large"]).sum())))
    return rows
