"""A published figure beside our own: what `supplyrisk validate` lists, one row a comparison."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import polars as pl

Comparison = Literal["equal", "at_most"]

SCHEMA = {
    "method": pl.String,
    "check": pl.String,
    "subject": pl.String,
    "published": pl.Float64,
    "ours": pl.Float64,
    "ours_low": pl.Float64,
    "ours_high": pl.Float64,
    "difference": pl.Float64,
    "tolerance": pl.Float64,
    "comparison": pl.String,
    "verdict": pl.String,
    "source": pl.String,
    "note": pl.String,
}

HOLDS, FAILS, NOT_CHECKED = "holds", "fails", "not_checked"


@dataclass(frozen=True)
class Reproduction:
    """One comparison of a published figure with ours.

    ``method``: family, as ``ec_supply_risk``; ``check``: what is compared; ``subject``: material, product or unit;
    ``tolerance``: largest |ours − published| that holds, in the unit of the figure; with ``comparison`` ``at_most``
    ``published`` is a bound, and only ours above it is a difference that matters. ``ours_low``, ``ours_high``: range of
    ours where what is printed leaves one. What was never printed, or was not given, has ``published`` None and is
    ``not_checked``; what was printed and cannot be worked out from our data has ``ours`` None and fails. ``note`` says
    why.
    """

    method: str
    check: str
    subject: str
    published: float | None
    ours: float | None
    tolerance: float
    source: str
    note: str = ""
    comparison: Comparison = "equal"
    ours_low: float | None = None
    ours_high: float | None = None

    @property
    def difference(self) -> float | None:
        """Our figure − the published one."""
        return None if self.published is None or self.ours is None else self.ours - self.published

    @property
    def verdict(self) -> str:
        """``holds``, ``fails`` or ``not_checked``; a figure that is missing or no number fails."""
        if self.published is None:
            return NOT_CHECKED
        if self.difference is None:
            return FAILS
        apart = self.difference if self.comparison == "at_most" else abs(self.difference)
        return HOLDS if math.isfinite(self.difference) and apart <= self.tolerance else FAILS


def reproduction_table(rows: Iterable[Reproduction]) -> pl.DataFrame:
    """Rows as a frame in ``SCHEMA``, in the order given."""
    return pl.DataFrame([{name: getattr(row, name) for name in SCHEMA} for row in rows], schema=SCHEMA)
