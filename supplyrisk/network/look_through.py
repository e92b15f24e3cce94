"""Look-through: where everything inside a used or made product comes from, tier by tier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplyrisk.network.model import Network, primary_coefficients

Array = NDArray[np.float64]


@dataclass(frozen=True)
class LookThrough:
    """Volume of every product behind a final use, by place of making.

    ``made``: product → array over places, in the unit of the product; ``secondary``: product → volume that scrap or
    other input stands in for. Products that the use does not reach are absent.
    """

    made: Mapping[str, Array]
    secondary: Mapping[str, float]

    def shares(self, product: str) -> Array:
        """Made by place as a fraction of what the use needs of the product, secondary input included in the whole."""
        whole = self._whole(product)
        return self.made[product] / whole if whole > 0.0 else np.zeros_like(self.made[product])

    def secondary_share(self, product: str) -> float | None:
        """What scrap or other input stands in for, of the same whole; None where no recipe knows of such input."""
        if product not in self.secondary:
            return None
        whole = self._whole(product)
        return self.secondary[product] / whole if whole > 0.0 else 0.0

    def _whole(self, product: str) -> float:
        return float(self.made[product].sum()) + self.secondary.get(product, 0.0)


def look_through(network: Network, used: Mapping[str, Array]) -> LookThrough:
    """What is behind the use of a region, in one pass from the end products to the mine.

    ``used``: product → use by place (in its unit). With m_p[i,j] the mix of users j and a[p→q,j] the primary input per
    unit, u[p,i] = Σ_j m_p[i,j]·(used[p,j] + Σ_q a[p→q,j]·u[q,j]) (design: look-through).
    """
    return _pass_down(network, used, {})


def made_in(network: Network, products: tuple[str, ...], region: str) -> LookThrough:
    """What is behind the output of a region (production basis), the same pass started from what it makes."""
    inside = network.places.of_region(region)
    output = {
        product: np.where(inside, network.products[product].supply, 0.0)
        for product in products
        if product in network.products and network.products[product].supply[inside].sum() > 0.0
    }
    return _pass_down(network, {}, output)


def volume_left(network: Network, used: Mapping[str, Array], struck: Sequence[int]) -> dict[str, Array]:
    """Volume of every product behind the use that never touched a place, for each place in ``struck``.

    The look-through with one place that makes nothing on any tier, for all of them side by side.
    """
    made: dict[str, Array] = {}
    for product in network.chain.products:
        asking = [user for user in network.chain.users[product] if user in made]
        if product not in network.products or not (asking or product in used):
            continue
        flows = network.products[product]
        need = np.zeros((len(network.places.codes), len(struck)))
        if product in used:
            need += used[product][:, None]
        for user in asking:
            need += flows.coefficients[user][:, None] * made[user]
        made[product] = flows.mix @ need
        made[product][struck, range(len(struck))] = 0.0
    return {product: volume.sum(axis=0) for product, volume in made.items()}


def _pass_down(network: Network, used: Mapping[str, Array], output: Mapping[str, Array]) -> LookThrough:
    made: dict[str, Array] = {}
    secondary: dict[str, float] = {}
    for product in network.chain.products:
        flows = network.products.get(product)
        if flows is None:
            continue
        need = np.array(used.get(product, np.zeros(len(network.places.codes))), dtype=float)
        for user in network.chain.users[product]:
            if user in made:
                asked = flows.coefficients[user] * made[user]
                need += asked
                if user in flows.secondary_share:
                    gross = primary_coefficients(network.chain, network.places, product, user) * made[user]
                    secondary[product] = secondary.get(product, 0.0) + float((gross - asked).sum())
        if product not in output and not need.any():
            continue
        reached = flows.mix @ need + output.get(product, 0.0)
        if reached.sum() > 0.0:
            made[product] = reached
    return LookThrough(made, secondary)


def used_in(network: Network, end_products: tuple[str, ...], region: str) -> dict[str, Array]:
    """Use of the end products in a region, by place: final demand where the data name one, else all use.

    Products whose place of use is not known, or of which nothing is used in the region, are left out. Nothing where
    only part of the use of one of them is known: the others would pass for all.
    """
    if not network.partly_known_demand.isdisjoint(end_products):
        return {}
    inside = network.places.of_region(region)
    found = {}
    for product in end_products:
        flows = network.products.get(product)
        if flows is None or not flows.use_place_known:
            continue
        use = flows.final_demand if flows.final_demand.sum() > 0.0 else flows.demand
        if use[inside].sum() > 0.0:
            found[product] = np.where(inside, use, 0.0)
    return found


def cut_off(network: Network, end_products: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Products behind the end products whose volume is not complete, with the gaps that stand in between.

    A product without known output asks nothing of its suppliers: what lies behind it is only partly reached, and a
    share of that part would say nothing of the whole.
    """
    chain = network.chain
    behind = frozenset(end_products).union(*(chain.above(product) for product in end_products))
    missing = behind & frozenset(network.gaps)
    found = {product: tuple(sorted(missing & chain.below(product))) for product in sorted(behind)}
    return {product: gaps for product, gaps in found.items() if gaps}
