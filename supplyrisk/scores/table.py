"""The score table: one row a score, with interval, rank, quality, reason when missing, and the rows it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.scores.intervals import rank_intervals
from supplyrisk.scores.metrics import METRICS

SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = MappingProxyType(
    {
        "metric": pl.String,
        "method_version": pl.String,
        "product_id": pl.String,
        "material_id": pl.String,
        "stage": pl.String,
        "scope": pl.String,
        "country": pl.String,
        "end_product": pl.String,
        "year": pl.Int64,
        "as_of": pl.Date,
        "scenario": pl.String,
        "value": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "interval_kind": pl.String,
        "rank": pl.Int64,
        "rank_low": pl.Int64,
        "rank_high": pl.Int64,
        "unit": pl.String,
        "quality": pl.String,
        "materials_covered": pl.Int64,
        "materials_concerned": pl.Int64,
        "missing_reason": pl.String,
        "edition": pl.String,
        "input_row_ids": pl.List(pl.String),
    }
)

KEY = (
    "metric",
    "method_version",
    "product_id",
    "material_id",
    "stage",
    "scope",
    "country",
    "end_product",
    "year",
    "as_of",
    "scenario",
)


@dataclass(frozen=True)
class Basis:
    """What a score rests on: year and edition of the figures, their grade, and the rows by id."""

    year: int | None = None
    edition: str | None = None
    quality: str | None = None
    input_row_ids: Sequence[str] = ()


@dataclass(frozen=True)
class ScoreRow:
    """One score; ``draws`` are its centred draws, for ranks, and do not enter the table.

    ``materials_covered``, ``materials_concerned``: of a score over several materials, how many have a figure of their
    own in it, and how many it is about.
    """

    metric: str
    product_id: str | None
    stage: str | None
    basis: Basis
    value: float | None
    low: float | None = None
    high: float | None = None
    interval_kind: str = "none"
    country: str | None = None
    missing_reason: str | None = None
    scope: str = "world"
    end_product: str | None = None
    material_id: str | None = None
    scenario: str = "base"
    method_version: str = "1"
    materials_covered: int | None = None
    materials_concerned: int | None = None
    draws: NDArray[np.float64] | None = field(default=None, repr=False, compare=False)


def score_table(rows: Iterable[ScoreRow], as_of: date) -> pl.DataFrame:
    """Rows as a frame in ``SCHEMA``, ranked within each metric and year-independent scope, sorted by key.

    Only rows with draws are ranked. Raises ``ValueError`` when a row breaks the contract: a value without its reason
    missing, or low ≤ value ≤ high not kept.
    """
    listed = list(rows)
    for row in listed:
        _check(row)
    ranks = _ranks(listed)
    records = [_record(row, ranks.get(position, (None, None, None))) for position, row in enumerate(listed)]
    frame = pl.DataFrame(records, schema={name: SCHEMA[name] for name in SCHEMA if name != "as_of"})
    whole = frame.with_columns(pl.lit(as_of, dtype=pl.Date).alias("as_of"))
    return whole.select(list(SCHEMA)).sort(KEY, nulls_last=False)


def _record(row: ScoreRow, ranks: tuple[int | None, int | None, int | None]) -> dict[str, object]:
    own = (
        "metric",
        "method_version",
        "product_id",
        "material_id",
        "stage",
        "scope",
        "country",
        "end_product",
        "scenario",
        "value",
        "low",
        "high",
        "interval_kind",
        "materials_covered",
        "materials_concerned",
    )
    return {
        **{name: getattr(row, name) for name in (*own, "missing_reason")},
        "year": row.basis.year,
        "edition": row.basis.edition,
        "quality": row.basis.quality,
        "input_row_ids": list(row.basis.input_row_ids),
        "unit": METRICS[row.metric].unit,
        **dict(zip(("rank", "rank_low", "rank_high"), ranks, strict=True)),
    }


def _check(row: ScoreRow) -> None:
    subject = f"{row.metric} of {row.product_id or row.material_id}"
    if (row.value is None) == (row.missing_reason is None):
        raise ValueError(f"{subject}: a score has either a value or a reason why it is missing")
    ends = [end for end in (row.low, row.value, row.high) if end is not None]
    if any(not np.isfinite(end) for end in ends) or ends != sorted(ends):
        raise ValueError(f"{subject}: low ≤ value ≤ high does not hold ({ends})")


def _ranks(rows: Sequence[ScoreRow]) -> dict[int, tuple[int, int, int]]:
    found: dict[int, tuple[int, int, int]] = {}
    groups: dict[tuple[str, str], list[int]] = {}
    for i, row in enumerate(rows):
        if row.draws is not None:
            groups.setdefault((row.metric, row.scope), []).append(i)
    for (name, _), places in groups.items():
        metric = METRICS[name]
        if metric.rank_one_is_highest is None:
            continue
        values = np.array([float(rows[i].value or 0.0) for i in places])
        draws = np.stack([np.asarray(rows[i].draws) for i in places])
        rank, low, high = rank_intervals(values, draws, descending=metric.rank_one_is_highest)
        for place, triple in zip(places, zip(rank, low, high, strict=True), strict=True):
            found[place] = (int(triple[0]), int(triple[1]), int(triple[2]))
    return found
