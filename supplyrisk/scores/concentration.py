"""Concentration of supply: Herfindahl-Hirschman index and what follows from it.

Shares are fractions along the first axis (countries); a second axis, where there is one, holds draws.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

HHI_SCALE = 10_000.0
"""The index is given on 0 … 10 000 (10 000 = one country makes everything)."""


def herfindahl_hirschman_index(shares: ArrayLike) -> Array:
    """10 000·Σ s_c² over countries. Source: Hirschman 1945; Herfindahl 1950."""
    return np.asarray(HHI_SCALE * np.square(np.asarray(shares, dtype=float)).sum(axis=0))


def residual_contribution(residual_shares: ArrayLike, smallest_named: ArrayLike) -> Array:
    """What rows without a country add to the HHI at its centre: 10 000·Σ_k r_k·min(r_k, s_min).

    A residual (``ROW``, or a region filed as one) hides an unknown number of countries. Spread infinitely thin it adds
    nothing, as one country it adds 10 000·r²: the low and the high end. The centre takes each hidden country to be as
    large as the smallest named one, because statistics name the larger producers first. ``smallest_named`` s_min is
    that share (0 where none is named counts as no limit).
    """
    residual = np.asarray(residual_shares, dtype=float)
    limit = np.asarray(smallest_named, dtype=float)
    limit = np.where(limit > 0.0, limit, 1.0)
    return np.asarray(HHI_SCALE * (residual * np.minimum(residual, limit)).sum(axis=0))


def effective_suppliers(hhi: ArrayLike) -> Array:
    """Number of equally large suppliers with the same index: 10 000 / HHI."""
    return HHI_SCALE / np.asarray(hhi, dtype=float)


def top_share(shares: ArrayLike, count: int) -> Array:
    """Sum of the ``count`` largest shares. Give countries only: a residual never counts as one."""
    ordered = np.sort(np.asarray(shares, dtype=float), axis=0)
    return np.asarray(ordered[-count:].sum(axis=0))


def n_minus_one(supply: float, largest: float, demand: float, largest_demand: float = 0.0) -> float:
    """Share of demand that can be met without the largest supplier: (S − S₁)/(D − D₁).

    ``largest_demand`` 0 gives the plain reading (S − S₁)/D; otherwise the demand of the missing country is taken out as
    well. Source: IEA, Global Critical Minerals Outlook, N-1 analysis.
    """
    return (supply - largest) / (demand - largest_demand)
