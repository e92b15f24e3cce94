"""A published figure beside our own: what `supplyrisk validate` lists, one row a comparison."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

SCHEMA = {
    "method": pl.String,
    "check": pl.String,
    "subject": pl.String,
    "published": pl.Float64,
    "ours": pl.Float64,
    "difference": pl.Float64,
    "tolerance": pl.Float64,
    "verdict": pl.String,
    "source": pl.String,
    "note": pl.String,
}

HOLDS, FAILS, NOT_CHECKED = "holds", "fails", "not_checked"


@dataclass(frozen=True)
class Reproduction:
    """One comparison of a published figure with ours.

    ``method``: family, as ``ec_supply_risk``; ``check``: what is compared; ``subject``: material, product or unit;
    ``tolerance``: largest |ours − published| that holds, in the unit of the figure. A comparison that cannot be made
    has ``published`` or ``ours`` None and says why in ``note``: it is ``not_checked``, never ``holds``.
    """

    method: str
    check: str
    subject: str
    published: float | None
    ours: float | None
    tolerance: float
    source: str
    note: str = ""

    @property
    def difference(self) -> float | None:
        """Our figure − the published one."""
        return None if self.published is None or self.ours is None else self.ours - self.published

    @property
    def verdict(self) -> str:
        """``holds``, ``fails`` or ``not_checked``; a figure that is no number fails."""
        if self.difference is None:
            return NOT_CHECKED
        return HOLDS if math.isfinite(self.difference) and abs(self.difference) <= self.tolerance else FAILS


def reproduction_table(rows: Iterable[Reproduction]) -> pl.DataFrame:
    """Rows as a frame in ``SCHEMA``, in the order given."""
    return pl.DataFrame([{name: getattr(row, name) for name in SCHEMA} for row in rows], schema=SCHEMA)
