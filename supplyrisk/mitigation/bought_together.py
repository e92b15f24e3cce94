"""Buyers of the EU who buy as one what comes from outside it: one mix of suppliers for all of them."""

from __future__ import annotations

import numpy as np

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.supply_graph import Floats, Integers
from supplyrisk.foundation.errors import InputError
from supplyrisk.mitigation.purchase_masks import Mask
from supplyrisk.mitigation.specification import JointPurchasing
from supplyrisk.network.places import REST_OF_WORLD


def with_bought_together(named: NamedGraph, change: JointPurchasing) -> Floats:
    """Shares of all links with the part bought together in the common mix of each product.

    Common mix: what the buyers together took from each country outside, after ``capped_mix``. A buyer without a lane
    to one of its countries takes that part from the others in proportion.
    """
    graph = named.graph
    share = graph.link_share.copy()
    for product in change.products:
        links = outside_links(named, product)
        if len(links) == 0:
            continue
        pool, seller = graph.link_pool[links], named.node_place[graph.link_source[links]]
        mix = common_mix(named, change, product)
        outside = np.bincount(pool, graph.link_share[links], graph.pools)
        reached = np.bincount(pool, mix[seller], graph.pools)
        joint = np.where(reached > 0.0, change.share, 0.0)
        common = np.divide(mix[seller], reached[pool], out=np.zeros(len(links)), where=reached[pool] > 0.0)
        share[links] = (1.0 - joint[pool]) * graph.link_share[links] + joint[pool] * outside[pool] * common
    return share


def outside_links(named: NamedGraph, product: str) -> Integers:
    """Links over which the EU buys a product from outside it."""
    if product not in named.products:
        return np.zeros(0, dtype=np.int64)
    graph, in_eu = named.graph, named.places.in_eu
    own = named.pool_product[graph.link_pool] == named.products.index(product)
    entering = in_eu[named.pool_place[graph.link_pool]] & ~in_eu[named.node_place[graph.link_source]]
    return np.flatnonzero(own & entering)


def joint_flows(named: NamedGraph, change: JointPurchasing, product: str) -> tuple[float, float]:
    """Units a month of a product that are bought together, and those of them that change country."""
    graph = named.graph
    links = outside_links(named, product)
    bought = np.bincount(named.node_place[graph.link_source[links]], graph.link_flow[links], len(named.places.codes))
    total = float(bought.sum())
    if total <= 0.0:
        return 0.0, 0.0
    gained = np.maximum(common_mix(named, change, product) - bought / total, 0.0).sum()
    return change.share * total, change.share * total * float(gained)


def common_mix(named: NamedGraph, change: JointPurchasing, product: str) -> Floats:
    """Part of each place in what is bought together of a product. Raises ``InputError`` for too few suppliers."""
    graph = named.graph
    links = outside_links(named, product)
    bought = np.bincount(named.node_place[graph.link_source[links]], graph.link_flow[links], len(named.places.codes))
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
