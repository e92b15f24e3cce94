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

SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = MappingProxyType(
    {
        "metric": pl.String,
        "method_version": pl.String,
        "product_id": pl.String,
        "stage": pl.String,
        "scope": pl.String,
        "country": pl.String,
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
        "missing_reason": pl.String,
        "edition": pl.String,
        "input_row_ids": pl.List(pl.String),
    }
)

KEY = ("metric", "method_version", "product_id", "stage", "scope", "country", "year", "as_of", "scenario")


@dataclass(frozen=True)
class Metric:
    """A score the program knows: unit, whether rank 1 is the highest value (None: not ranked), and its formula."""

    name: str
    unit: str
    rank_one_is_highest: bool | None
    formula: str
    source: str


METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        metric.name: metric
        for metric in (
            Metric(
                "hhi",
                "index_10000",
                True,
                "10 000·(Σ s² + Σ r·min(r, s_min))",
                "Herfindahl 1950; docs/method.md, residuals",
            ),
            Metric("effective_suppliers", "count", False, "10 000 / HHI", "Laakso and Taagepera 1979"),
            Metric("top1_share", "fraction", True, "largest s of a country", "-"),
            Metric("top3_share", "fraction", True, "sum of the three largest s of countries", "-"),
            Metric(
                "share_of_world_output", "fraction", None, "output of the country or region / output of the world", "-"
            ),
            Metric(
                "hhi_governance", "index_10", True, "Σ s²·g, g = (2.5 − WGI)/5·10", "European Commission 2017, 2023"
            ),
            Metric(
                "n_minus_one_output", "fraction", False, "(S − S₁)/D with D = S, the output of the world", "IEA, N-1"
            ),
            Metric("hhi_series", "index_10000", None, "HHI of each year of the trend editions", "as hhi"),
            Metric("reserves_hhi", "index_10000", True, "HHI of the printed reserves", "as hhi"),
            Metric("reserves_top1_share", "fraction", True, "largest share of the printed reserves", "-"),
            Metric("reserves_years", "years", False, "reserves / mine output of the same file", "-"),
        )
    }
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
    """One score; ``draws`` are its centred draws, for ranks, and do not enter the table."""

    metric: str
    product_id: str
    stage: str
    basis: Basis
    value: float | None
    low: float | None = None
    high: float | None = None
    interval_kind: str = "none"
    country: str | None = None
    missing_reason: str | None = None
    scope: str = "world"
    method_version: str = "1"
    draws: NDArray[np.float64] | None = field(default=None, repr=False, compare=False)


def score_table(rows: Iterable[ScoreRow], as_of: date, scenario: str = "base") -> pl.DataFrame:
    """Rows as a frame in ``SCHEMA``, ranked within each metric and year-independent scope, sorted by key.

    Only rows with draws are ranked. Raises ``ValueError`` when a row breaks the contract: a value without its reason
    missing, or low ≤ value ≤ high not kept.
    """
    listed = list(rows)
    for row in listed:
        _check(row)
    ranks = _ranks(listed)
    records = [_record(row, ranks.get(position, (None, None, None))) for position, row in enumerate(listed)]
    frame = pl.DataFrame(records, schema={name: SCHEMA[name] for name in SCHEMA if name not in ("as_of", "scenario")})
    whole = frame.with_columns(pl.lit(as_of, dtype=pl.Date).alias("as_of"), pl.lit(scenario).alias("scenario"))
    return whole.select(list(SCHEMA)).sort(KEY, nulls_last=False)


def _record(row: ScoreRow, ranks: tuple[int | None, int | None, int | None]) -> dict[str, object]:
    own = (
        "metric",
        "method_version",
        "product_id",
        "stage",
        "scope",
        "country",
        "value",
        "low",
        "high",
        "interval_kind",
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
    if (row.value is None) == (row.missing_reason is None):
        raise ValueError(f"{row.metric} of {row.product_id}: a score has either a value or a reason why it is missing")
    ends = [end for end in (row.low, row.value, row.high) if end is not None]
    if any(not np.isfinite(end) for end in ends) or ends != sorted(ends):
        raise ValueError(f"{row.metric} of {row.product_id}: low ≤ value ≤ high does not hold ({ends})")


def _ranks(rows: Sequence[ScoreRow]) -> dict[int, tuple[int, int, int]]:
    found: dict[int, tuple[int, int, int]] = {}
    for name, metric in METRICS.items():
        places = [i for i, row in enumerate(rows) if row.metric == name and row.draws is not None]
        if metric.rank_one_is_highest is None or not places:
            continue
        values = np.array([float(rows[i].value or 0.0) for i in places])
        draws = np.stack([np.asarray(rows[i].draws) for i in places])
        rank, low, high = rank_intervals(values, draws, descending=metric.rank_one_is_highest)
        for place, triple in zip(places, zip(rank, low, high, strict=True), strict=True):
            found[place] = (int(triple[0]), int(triple[1]), int(triple[2]))
    return found
