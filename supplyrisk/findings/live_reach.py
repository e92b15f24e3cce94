"""How late each part of the updated supply risk is: only the export restrictions are those of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from supplyrisk.scores.criticality.rows import LIVE


@dataclass(frozen=True)
class LiveReach:
    """First and last year that shares reach to over all materials, newest governance used, day of the restrictions."""

    shares: tuple[int, int]
    governance: int
    restrictions: date


def live_reach(scores: pl.DataFrame, governance: pl.DataFrame) -> LiveReach | None:
    """Reach of the live scores that have a value, by the rows of ``governance`` that they rest on; None without any."""
    live = scores.filter((pl.col("metric") == LIVE) & pl.col("value").is_not_null())
    used = governance.join(
        live.select(pl.col("input_row_ids").explode().alias("row_id")).unique(), on="row_id", how="semi"
    )
    if live.is_empty() or used.is_empty():
        return None
    years = live["year"].to_list()
    return LiveReach((min(years), max(years)), max(used["year"].to_list()), live["as_of"][0])
