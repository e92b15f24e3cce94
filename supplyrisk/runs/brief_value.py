"""European value added as a brief needs it: by stage now and in the outlook, and the way to the target."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from supplyrisk.findings.exposure import STAGES
from supplyrisk.report.brief_given import StageValue
from supplyrisk.runs.quarterly import Run

VALUE_METRIC = "value_added_share"
_OUTLOOK = "outlook_2030"


def value_by_stage(run: Run) -> Iterator[StageValue]:
    """The whole first, then stage by stage: every focus region in the base year, the first one also in the outlook."""
    rows = run.scores.table.filter(
        (pl.col("metric") == VALUE_METRIC)
        & pl.col("value").is_not_null()
        & (
            ((pl.col("scenario") == "base") & pl.col("scope").is_in(list(run.focus)))
            | ((pl.col("scenario") == _OUTLOOK) & (pl.col("scope") == run.focus[0]))
        )
    )
    order = {region: place for place, region in enumerate(run.focus)}
    told = [
        StageValue(row["stage"] or "", row["scope"], row["year"], row["value"], row["low"], row["high"])
        for row in rows.iter_rows(named=True)
    ]
    yield from sorted(told, key=lambda one: (("", *STAGES).index(one.stage), one.year, order[one.region]))
