"""Who needs how much: recipe needs, final demand, other uses, and what statistics leave over."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from supplyrisk.network.places import REST_OF_WORLD, Places

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Settled:
    """Supply and demand of a product made equal in total.

    ``supply`` and the demand parts are arrays over places; ``statistical_surplus`` is supply scaled away;
    ``shortage_factor`` = min(1, supply / (needs + final demand)).
    """

    supply: Array
    needs: Array
    final_demand: Array
    other_uses: Array
    statistical_surplus: float
    shortage_factor: float


def settle(
    supply: Array,
    needs: Array,
    final_demand: Array,
    surplus_is_statistical: bool,
    other_use_weight: Array | None,
) -> Settled:
    """Equal totals on both sides of one product.

    Demand above supply: needs and final demand are scaled down by supply / demand, the shortage factor. Supply above
    demand: a statistical surplus is scaled off supply; a real one is other use, spread by ``other_use_weight``
    (apparent use that nothing else accounts for), or placed where the product is made if nothing tells.
    """
    demand = float(needs.sum() + final_demand.sum())
    total = float(supply.sum())
    nothing = np.zeros_like(supply)
    if demand > total:
        factor = total / demand
        return Settled(supply, needs * factor, final_demand * factor, nothing, 0.0, factor)
    surplus = total - demand
    if surplus <= 1e-12 * total:
        return Settled(supply * (demand / total), needs, final_demand, nothing, 0.0, 1.0)
    if surplus_is_statistical and demand > 0.0:
        return Settled(supply * (demand / total), needs, final_demand, nothing, surplus, 1.0)
    weight = supply if other_use_weight is None or other_use_weight.sum() <= 0.0 else other_use_weight
    return Settled(supply, needs, final_demand, weight * (surplus / weight.sum()), 0.0, 1.0)


def pool_small_users(settled: Settled, places: Places, smallest_share: float) -> Settled:
    """Other uses of places outside the EU that matter little, moved to ROW; recipe needs and final demand stay."""
    demand = settled.needs + settled.final_demand + settled.other_uses
    small = (demand < smallest_share * demand.sum()) & ~places.in_eu & (settled.needs + settled.final_demand <= 0.0)
    rest = places.index[REST_OF_WORLD]
    small[rest] = False
    other = np.where(small, 0.0, settled.other_uses)
    other[rest] += settled.other_uses[small].sum()
    return replace(settled, other_uses=other)


def split_total(rest: float, weight: Array, allowed: NDArray[np.bool_], reserve: int) -> Array:
    """``rest`` over the allowed places in proportion to ``weight``; all at ``reserve`` where no weight is known."""
    spread = np.where(allowed, np.maximum(weight, 0.0), 0.0)
    if spread.sum() <= 0.0:
        found = np.zeros_like(weight)
        found[reserve] = rest
        return found
    return np.asarray(spread * (rest / spread.sum()))


def primary_need(primary: Array, apparent_use: Array) -> Array:
    """Primary input of makers that also use scrap: what the recipe asks for, capped by what the country could have."""
    return np.minimum(primary, np.maximum(apparent_use, 0.0))
