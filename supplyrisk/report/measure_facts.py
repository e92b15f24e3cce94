"""When a measure works, what it avoids within three years, and how large what it asks for is, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from supplyrisk.mitigation.market import HELD
from supplyrisk.report.wording import Wording

_LARGE_PART_OF_WORLD, _LARGE_GROWTH = 0.02, 0.2
"""From which part of world output a stock, and from which growth of makers a move, is told as large."""


def measure_facts(
    measure: str, timing: pl.DataFrame, market: pl.DataFrame, focus: Sequence[str], wording: Wording
) -> str:
    """Sentences on one measure; ``timing`` and ``market`` as in runs.measure_timing and mitigation.market."""
    own = timing.filter(pl.col("measure") == measure)
    return " ".join((*_when(own, focus, wording), *_large(market.filter(pl.col("measure") == measure), wording)))


def _when(own: pl.DataFrame, focus: Sequence[str], wording: Wording) -> Iterator[str]:
    rows = {row["region"]: row for row in own.iter_rows(named=True)}
    if not rows:
        return
    first, full = next((row["first_month"], row["full_month"]) for row in rows.values())
    at_once = "_at_once" if first == full else ""
    yield wording.page(f"measures_works{at_once}", first=wording.integer(first), full=wording.integer(full))
    for region in focus:
        row = rows.get(region)
        if row is not None and row["avoided_in_run"] is not None:
            value, low, high = (wording.format_millions(row[name]) for name in ("avoided_in_run", "low", "high"))
            place = wording.format_place(region)
            yield wording.page("measures_in_run", region=place, value=value, low=low, high=high)


def _large(own: pl.DataFrame, wording: Wording) -> Iterator[str]:
    held = own.filter((pl.col("what") == HELD) & (pl.col("share_of_world") >= _LARGE_PART_OF_WORLD))
    grown = own.filter(pl.col("growth_of_sellers") >= _LARGE_GROWTH)
    for rows, column, key in ((held, "share_of_world", "held"), (grown, "growth_of_sellers", "grown")):
        if rows.height:
            parts = [
                f"{wording.format_product(row['product_id'])} {wording.format_percent(row[column])}"
                for row in rows.iter_rows(named=True)
            ]
            yield wording.page(f"measures_large_{key}", parts=wording.listed(parts))
