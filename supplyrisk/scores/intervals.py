"""Intervals and ranks from draws, centred so that low ≤ value ≤ high always holds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LOW_QUANTILE, HIGH_QUANTILE = 0.05, 0.95


def centre_draws(draws: Array, value: float) -> Array:
    """Draws moved so that their median is ``value``.

    Noise on shares biases a sum of squares upwards; the published figures, not the noise, give the centre.
    """
    return np.asarray(draws + (value - np.median(draws)))


def interval(draws: Array, value: float, minimum: float = -np.inf, maximum: float = np.inf) -> tuple[float, float]:
    """5 and 95 % quantiles of the centred draws, held within what the score can be."""
    low, high = np.quantile(centre_draws(draws, value), [LOW_QUANTILE, HIGH_QUANTILE])
    return float(min(max(low, minimum), value)), float(max(min(high, maximum), value))


def rank_intervals(values: Array, draws: Array, descending: bool = True) -> tuple[Array, Array, Array]:
    """Rank of each item (1 = highest, or lowest if not ``descending``) with its 5 and 95 % quantiles over draws.

    ``values``: items; ``draws``: items × draws, centred. Ties share the better rank.
    """
    sign = -1.0 if descending else 1.0
    rank = _ranks(sign * values[:, None])[:, 0]
    drawn = _ranks(sign * draws)
    low = np.floor(np.quantile(drawn, LOW_QUANTILE, axis=1))
    high = np.ceil(np.quantile(drawn, HIGH_QUANTILE, axis=1))
    return rank, np.minimum(low, rank), np.maximum(high, rank)


def _ranks(keys: Array) -> Array:
    """Rank by column, 1 = the smallest; equal ones share that of the first of them."""
    by_draw = np.ascontiguousarray(keys.T)
    order = np.argsort(by_draw, axis=1)
    ordered = np.take_along_axis(by_draw, order, axis=1)
    place = np.broadcast_to(np.arange(1.0, keys.shape[0] + 1.0), by_draw.shape)
    is_first = np.diff(ordered, axis=1, prepend=-np.inf) > 0.0
    ranks = np.empty_like(by_draw)
    np.put_along_axis(ranks, order, np.maximum.accumulate(np.where(is_first, place, 1.0), axis=1), axis=1)
    return np.asarray(ranks.T)
