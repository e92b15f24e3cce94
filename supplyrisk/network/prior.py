"""Priors: who would serve whom before supply and demand are made to meet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Markets = NDArray[np.intp]

NO_MARKET = 0
"""Number of those who belong to no market; markets are numbered from 1."""


def proportional_prior(supply: Array, demand: Array) -> Array:
    """Everyone buys the world mix: T_ij = supply_i·demand_j / Σ supply (home preference 0)."""
    return np.asarray(np.outer(supply, demand) / supply.sum())


def home_first_prior(supply: Array, demand: Array, levels: Sequence[tuple[Markets, Markets]]) -> Array:
    """Nested domestic-first allocation (home preference 1).

    ``levels`` runs from the narrowest market to the widest before the world; each level gives the number of the market
    of every supplier and of every user (``NO_MARKET`` = belongs to none at this level). Within a market the smaller of
    what is left of supply and demand changes hands, in proportion on both sides; what remains goes to the next level
    and at last to the world. Totals are met exactly when supply and demand are equal in total.
    """
    left_supply, left_demand = supply.astype(float), demand.astype(float)
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

    for sellers, buyers in levels:
        # Most countries make or use nothing of a product: only markets with both sides are gone through.
        for market in set(sellers[left_supply > 0.0]) & set(buyers[left_demand > 0.0]) - {NO_MARKET}:
            serve(np.flatnonzero(sellers == market), np.flatnonzero(buyers == market))
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
