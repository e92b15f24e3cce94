"""What the table of export restrictions tells of events: which still run, and which are licences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.hazards.events import EXPORT_RESTRICTION, EventSet

Array = NDArray[np.float64]

HOLDING = ("ban", "quota")
"""Kinds of measure that hold back as much in their last month as in their first."""
LICENCE = "licence"
STOPPING = (*HOLDING, LICENCE)
"""Kinds that keep goods from leaving; taxes and royalties stop none, however long they run."""


@dataclass(frozen=True)
class Measures:
    """Numbers of events: ``in_force``: with a measure that runs on the day; ``licences``: with licences alone."""

    in_force: frozenset[str]
    licences: frozenset[str]


@dataclass(frozen=True)
class Licences:
    """How licences loosen: the fall of deliveries holds for ``fall_months``, then ``later_share`` is held back.

    ``part``: chance that a biting export restriction is of that kind; sanctions do not loosen.
    """

    part: float
    fall_months: float
    later_share: float

    def mean_loss(self, fall: Array, months: Array) -> Array:
        """Mean loss over ``months``: (fall·min(months, n) + min(fall, later)·max(months − n, 0))/months.

        n is ``fall_months``, later ``later_share``.
        """
        deep = np.minimum(months, self.fall_months)
        return np.asarray((fall * deep + np.minimum(fall, self.later_share) * (months - deep)) / months)


def licence_part(found: EventSet, licences: frozenset[str]) -> float:
    """Part of biting export restrictions that are licences alone: (k + ½)/(n + 1), mean of the posterior (Jeffreys)."""
    own = found.events.filter((pl.col("hazard") == EXPORT_RESTRICTION) & pl.col("biting"))["event_no"]
    return (len(licences.intersection(own)) + 0.5) / (len(own) + 1.0)
