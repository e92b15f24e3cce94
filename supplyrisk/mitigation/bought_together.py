"""Buyers of the EU who buy as one what comes from outside it: one mix of suppliers for all of them."""

from __future__ import annotations

import numpy as np

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.supply_graph import Floats, Integers
from supplyrisk.foundation.errors import InputError
from supplyrisk.mitigation.purchase_masks import Mask
from supplyrisk.mitigation.specification import JointPurchasing
from supplyrisk.network.places import REST_OF_WORLD

_CLOSE = 1e-9
_ROUNDS = 2000
_NOTHING = 1e-6
"""Part of what is bought that counts as no change of country: fitted flows are not exact."""


def with_bought_together(named: NamedGraph, change: JointPurchasing) -> Floats:
    """Shares of all links with the part bought together in the common mix of each product.

    Common mix: what the buyers together took from each country outside, after ``capped_mix``. Buyers without a lane to
    one of its countries take more from the others, and those who have one more from it (``joint_flows``).
    """
    graph = named.graph
    share = graph.link_share.copy()
    for product in change.products:
        links = outside_links(named, product)
        used = graph.pool_use[graph.link_pool[links]]
        joint = np.divide(joint_flows(named, change, product), used, out=graph.link_share[links], where=used > 0.0)
        share[links] = (1.0 - change.share) * graph.link_share[links] + change.share * joint
    return share


def joint_flows(named: NamedGraph, change: JointPurchasing, product: str) -> Floats:
    """Units a month over ``outside_links`` if all that the EU buys outside it were bought together.

    Every buyer takes as much from outside as before, and every country gives its part of the common mix: fitted from
    "each buyer takes the mix" by scaling countries and buyers in turn (iterative proportional fitting, Deming and
    Stephan 1940, Annals of Mathematical Statistics 11: 427-444). Where lanes do not allow the mix, it comes as near as
    they go (``reached_mix``). Raises ``InputError`` for too few suppliers.
    """
    graph = named.graph
    links = outside_links(named, product)
    pool, seller = graph.link_pool[links], named.node_place[graph.link_source[links]]
    wanted = _sums(pool, graph.link_flow[links], graph.pools)
    total = float(wanted.sum())
    if total <= 0.0:
        return np.zeros(len(links))
    mix = common_mix(named, change, product)
    flow: Floats = wanted[pool] * mix[seller]
    for _ in range(_ROUNDS):
        flow = flow * _scale(wanted, _sums(pool, flow, graph.pools))[pool]
        given = _sums(seller, flow, len(mix))
        if np.abs(given - total * mix).max() <= _CLOSE * total:
            break
        flow = flow * _scale(total * mix, given)[seller]
    return flow * _scale(wanted, _sums(pool, flow, graph.pools))[pool]


def reached_mix(named: NamedGraph, change: JointPurchasing, product: str) -> Floats:
    """Part of each place in what is bought together of a product, as far as the lanes of buyers allow."""
    flow = joint_flows(named, change, product)
    seller = named.node_place[named.graph.link_source[outside_links(named, product)]]
    total = float(flow.sum())
    return _sums(seller, flow, len(named.places.codes)) / total if total > 0.0 else np.zeros(len(named.places.codes))


def moved_between_countries(named: NamedGraph, share: Floats, product: str) -> float:
    """Units a month of a product that the EU buys from another country with these shares of links."""
    graph = named.graph
    links = outside_links(named, product)
    more = (share[links] - graph.link_share[links]) * graph.pool_use[graph.link_pool[links]]
    gained = _sums(named.node_place[graph.link_source[links]], more, len(named.places.codes))
    return float(gained[gained > _NOTHING * graph.link_flow[links].sum()].sum())


def _sums(of: Integers, flow: Floats, count: int) -> Floats:
    return np.bincount(of, flow, count).astype(np.float64)


def _scale(wanted: Floats, there: Floats) -> Floats:
    return np.divide(wanted, there, out=np.zeros(len(wanted)), where=there > 0.0)


def outside_links(named: NamedGraph, product: str) -> Integers:
    """Links over which the EU buys a product from outside it."""
    if product not in named.products:
        return np.zeros(0, dtype=np.int64)
    graph, in_eu = named.graph, named.places.in_eu
    own = named.pool_product[graph.link_pool] == named.products.index(product)
    entering = in_eu[named.pool_place[graph.link_pool]] & ~in_eu[named.node_place[graph.link_source]]
    return np.flatnonzero(own & entering)


def bought_outside(named: NamedGraph, product: str) -> Floats:
    """Units a month of a product that the EU buys from each place outside it."""
    graph = named.graph
    links = outside_links(named, product)
    return _sums(named.node_place[graph.link_source[links]], graph.link_flow[links], len(named.places.codes))


def common_mix(named: NamedGraph, change: JointPurchasing, product: str) -> Floats:
    """Part of each place in what is to be bought together. Raises ``InputError`` for too few suppliers."""
    bought = bought_outside(named, product)
    mix: Floats = bought / bought.sum()
    if change.most_from_one is None:
        return mix
    country = np.array([code != REST_OF_WORLD for code in named.places.codes])
    suppliers = int((mix[country] > 0.0).sum())
    if not mix[~country].any() and suppliers * change.most_from_one < 1.0:
        raise InputError(
            f"the EU buys {product} from {suppliers} countries outside it: none of them can be kept to "
            f"{change.most_from_one:.0%}. Raise most_from_one, or take {product} out."
        )
    return capped_mix(mix, country, change.most_from_one)


def capped_mix(mix: Floats, country: Mask, most: float) -> Floats:
    """A mix with no ``country`` above ``most``: what is beyond goes to the others in proportion to their parts.

    Makers that no statistics name (the rest of the world) are many, and are not capped. Repeated until none of those
    that took more is above the line, at most once a country.
    """
    capped, bound = mix, np.zeros(len(mix), dtype=np.bool_)
    while (over := country & ~bound & (capped > most)).any():
        bound = bound | over
        free = mix[~bound].sum()
        left = 1.0 - most * bound.sum()
        capped = np.where(bound, most, mix * (left / free if free > 0.0 else 0.0))
    return capped
