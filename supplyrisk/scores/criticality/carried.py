"""Shares of the study carried to today by the change that one series shows, so that no change of source is a change.

A source of today that counts a country higher than the study did would otherwise look like a rise. A series of one
publisher that covers the years of the study and a recent year says what has changed since, like with like; the level
stays that of the study.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplyrisk.scores.criticality.study import Mix

Array = NDArray[np.float64]


@dataclass(frozen=True)
class LaterMix:
    """Shares by country, with draws (second axis): of the study carried to a later year, or of a series."""

    countries: tuple[str, ...]
    shares: Array
    draws: Array
    row_ids: tuple[str, ...]


@dataclass(frozen=True)
class ShareSeries:
    """Shares of named countries by one publisher (each adds up to one): mean of the study's years, and of late.

    ``early_years``, ``late_years``: first and last year behind ``before`` and ``after``; ``drawn``: ``after`` by
    country and draw; ``name`` says whose series it is.
    """

    name: str
    early_years: tuple[int, int]
    late_years: tuple[int, int]
    before: Mapping[str, float]
    after: Mapping[str, float]
    drawn: Mapping[str, Array]
    row_ids: tuple[str, ...]

    @property
    def year(self) -> int:
        """The last year in it."""
        return self.late_years[1]


@dataclass(frozen=True)
class CarriedMix:
    """A mix of the study by the figures of one series: of the study's own years, and carried to its last year."""

    before: LaterMix
    after: LaterMix
    name: str
    year: int


def carry(study: Mix, series: ShareSeries, held: Collection[str] = ()) -> CarriedMix:
    """The study's mix with the series in its place (``before``), and moved by what the series shows (``after``).

    after: s_study + w·(s_after − s_before), not below zero, scaled so that the shares that move still add up to w,
    their sum in the study. ``held``: countries whose share stands as in the study (members of the EU in EU sourcing:
    what part the EU makes itself is taken as in the study, as import reliance is). before: w·s_before.
    """
    printed = dict(zip(study.countries, study.shares.tolist(), strict=True))
    shown = {*series.before, *series.after}
    moving = sorted({*printed, *shown} - set(held))
    kept = [country for country in study.countries if country in held]
    of_study = np.array([printed.get(country, 0.0) for country in moving])
    whole = float(of_study.sum())
    earlier = _parts(series.before, moving)
    count = next(iter(series.drawn.values())).shape[0]
    later = np.stack([series.drawn.get(country, np.zeros(count)) for country in moving])
    later = np.divide(later, later.sum(axis=0), out=np.zeros_like(later), where=later.sum(axis=0) > 0.0)
    point = _moved(of_study, whole * (_parts(series.after, moving) - earlier), whole)
    drawn = _moved(of_study[:, None], whole * (later - earlier[:, None]), whole)
    fixed = np.array([printed[country] for country in kept])
    countries = (*moving, *kept)
    rows = (*study.row_ids, *series.row_ids)

    def mix(moved: Array, draws: Array) -> LaterMix:
        repeated = np.repeat(fixed[:, None], draws.shape[1], axis=1)
        return LaterMix(countries, np.concatenate([moved, fixed]), np.concatenate([draws, repeated]), rows)

    own = whole * earlier
    return CarriedMix(mix(own, np.repeat(own[:, None], count, axis=1)), mix(point, drawn), series.name, series.year)


def overlap(study: Mix, series: ShareSeries, held: Collection[str] = ()) -> float:
    """Σ min(s_study, s_before), both scaled to one: 1 where both say the same of the years of the study.

    ``held``: countries whose share stands (``carry``), left out of both; 0 where no other country is in both.
    """
    printed = dict(zip(study.countries, study.shares.tolist(), strict=True))
    moving = sorted({*printed, *series.before} - set(held))
    return float(np.minimum(_parts(printed, moving), _parts(series.before, moving)).sum())


def _parts(shares: Mapping[str, float], countries: Collection[str]) -> Array:
    found = np.array([shares.get(country, 0.0) for country in countries])
    total = float(found.sum())
    return found / total if total > 0.0 else found


def _moved(shares: Array, change: Array, whole: float) -> Array:
    moved = np.maximum(shares + change, 0.0)
    total = moved.sum(axis=0)
    return np.asarray(moved * np.divide(whole, total, out=np.ones_like(np.asarray(total)), where=total > 0.0))
