"""Priors: who would serve whom before supply and demand are made to meet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def proportional_prior(supply: Array, demand: Array) -> Array:
    """Everyone buys the world mix: T_ij = supply_i·demand_j / Σ supply (home preference 0)."""
    return np.asarray(np.outer(supply, demand) / supply.sum())


def home_first_prior(
    supply: Array,
    demand: Array,
    levels: Sequence[tuple[Sequence[str | None], Sequence[str | None]]],
) -> Array:
    """Nested domestic-first allocation (home preference 1).

    ``levels`` runs from the narrowest market to the widest before the world; each level gives the market of every
    supplier and of every user (``None`` = belongs to no market at this level). Within a market the smaller of what is
    left of supply and demand changes hands, in proportion on both sides; what remains goes to the next level and at
    last to the world. Totals are met exactly when supply and demand are equal in total.
    """
    left_supply, left_demand = supply.astype(float).copy(), demand.astype(float).copy()
    flows = np.zeros((supply.size, demand.size))

    def serve(rows: NDArray[np.intp], columns: NDArray[np.intp]) -> None:
        offered, wanted = left_supply[rows].sum(), left_demand[columns].sum()
        volume = min(offered, wanted)
        if volume <= 0.0:
            return
        block = np.outer(left_supply[rows] / offered, left_demand[columns] / wanted) * volume
        flows[np.ix_(rows, columns)] += block
        left_supply[rows] = np.maximum(left_supply[rows] - block.sum(axis=1), 0.0)
        left_demand[columns] = np.maximum(left_demand[columns] - block.sum(axis=0), 0.0)

    for supplier_markets, user_markets in levels:
        markets = sorted({m for m in supplier_markets if m is not None} & {m for m in user_markets if m is not None})
        for market in markets:
            serve(
                np.flatnonzero([m == market for m in supplier_markets]),
                np.flatnonzero([m == market for m in user_markets]),
            )
    serve(np.arange(supply.size), np.arange(demand.size))
    return flows


def home_preference_prior(proportional: Array, home_first: Array, home_preference: float) -> Array:
    """(1 − δ)·proportional + δ·home-first, 0 ≤ δ ≤ 1. Both parts meet the totals, hence so does the mix."""
    if not 0.0 <= home_preference <= 1.0:
        raise ValueError(f"home preference is {home_preference}; it must lie between 0 and 1")
    return np.asarray((1.0 - home_preference) * proportional + home_preference * home_first)


def with_full_support(prior: Array, supply: Array, demand: Array, weight: float) -> Array:
    """``prior`` scaled to the world total, mixed with ``weight`` of the proportional prior.

    Without it a lane missing from the statistics could never carry anything, and balancing might be impossible.
    """
    proportional = proportional_prior(supply, demand)
    total = prior.sum()
    if total <= 0.0:
        return proportional
    return np.asarray((1.0 - weight) * prior * (supply.sum() / total) + weight * proportional)
