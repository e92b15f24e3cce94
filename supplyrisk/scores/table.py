"""The score table: one row a score, with interval, rank, quality, reason when missing, and the rows it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
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


_OF_ROW = tuple(one.name for one in fields(ScoreRow) if one.name in SCHEMA)


def score_table(rows: Iterable[ScoreRow], as_of: date) -> pl.DataFrame:
    """Rows as a frame in ``SCHEMA``, ranked within each metric and year-independent scope, sorted by key.

    Only rows with draws are ranked. Raises ``ValueError`` when a row breaks the contract: a value without its reason
    missing, or low ≤ value ≤ high not kept.
    """
    listed = list(rows)
    ranks = _ranks(listed)
    columns: dict[str, list[object]] = {name: [getattr(row, name) for row in listed] for name in _OF_ROW}
    columns |= {name: [getattr(row.basis, name) for row in listed] for name in ("year", "edition", "quality")}
    columns |= {
        name: [ranks[place][end] if place in ranks else None for place in range(len(listed))]
        for end, name in enumerate(("rank", "rank_low", "rank_high"))
    }
    columns["unit"] = [METRICS[row.metric].unit for row in listed]
    frame = pl.DataFrame(columns, schema_overrides={name: SCHEMA[name] for name in columns})
    _check(frame)
    whole = frame.with_columns(
        _lists([row.basis.input_row_ids for row in listed]).alias("input_row_ids"),
        pl.lit(as_of, dtype=pl.Date).alias("as_of"),
    )
    return whole.select(list(SCHEMA)).sort(KEY, nulls_last=False)


def _lists(listed: Sequence[Sequence[str]]) -> pl.Series:
    """A column of lists; many rows rest on the very same list, which is made once."""
    place: dict[int, int] = {}
    places = [place.setdefault(id(one), len(place)) for one in listed]
    once = {place[id(one)]: list(one) for one in listed}
    return pl.Series([once[number] for number in range(len(once))], dtype=pl.List(pl.String)).gather(places)


def _check(frame: pl.DataFrame) -> None:
    """Raise ``ValueError`` for the first row that breaks the contract."""
    low, value, high = (pl.col(name) for name in ("low", "value", "high"))
    both_or_none = value.is_null() == pl.col("missing_reason").is_null()
    not_finite = pl.any_horizontal((~end.is_finite()).fill_null(False) for end in (low, value, high))
    out_of_order = pl.any_horizontal((a > b).fill_null(False) for a, b in ((low, value), (value, high), (low, high)))
    wrong = frame.filter(both_or_none | not_finite | out_of_order)
    if wrong.is_empty():
        return
    row = wrong.row(0, named=True)
    subject = f"{row['metric']} of {row['product_id'] or row['material_id']}"
    if (row["value"] is None) == (row["missing_reason"] is None):
        raise ValueError(f"{subject}: a score has either a value or a reason why it is missing")
    ends = [row[name] for name in ("low", "value", "high") if row[name] is not None]
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
