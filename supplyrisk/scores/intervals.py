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
    last = draws.size - 1
    return np.asarray(draws + (value - _median(np.partition(draws, [last // 2, (last + 1) // 2, last]))))


def interval(draws: Array, value: float, minimum: float = -np.inf, maximum: float = np.inf) -> tuple[float, float]:
    """5 and 95 % quantiles of the centred draws, held within what the score can be.

    Moving draws keeps their order: those around the median and both quantiles are found at one go.
    """
    last = draws.size - 1
    places = [int(share * last) for share in (LOW_QUANTILE, 0.5, HIGH_QUANTILE)]
    after = [min(place + 1, last) for place in places]
    found = np.partition(draws, [*places, *after, last])
    moved = found + (value - _median(found))
    low, high = (
        _between(moved[places[i]], moved[after[i]], share * last - places[i])
        for i, share in ((0, LOW_QUANTILE), (2, HIGH_QUANTILE))
    )
    return min(max(low, minimum), value), max(min(high, maximum), value)


def _median(found: Array) -> float:
    """Median of draws of which those in the middle and the last are in their place; NaN where one is."""
    last = found.size - 1
    return np.nan if np.isnan(found[last]) else float(0.5 * (found[last // 2] + found[(last + 1) // 2]))


def _between(lower: float, upper: float, part: float) -> float:
    """Linear between two draws, from the nearer one: equal draws give their number exactly."""
    step = upper - lower
    return float(lower + step * part if part < 0.5 else upper - step * (1.0 - part))


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
