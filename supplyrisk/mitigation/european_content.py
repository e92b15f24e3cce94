"""A least share of European content in purchases: they move to European makers as far as idle capacity goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.supply_graph import Floats, Integers, SupplyGraph
from supplyrisk.foundation.errors import InputError
from supplyrisk.mitigation.purchase_masks import Mask, products_mask
from supplyrisk.mitigation.specification import EuContentRequirement

_NEXT_TO_NOTHING = 1e-9
Idle = Callable[[EuContentRequirement, str], float]
"""Idle capacity of European makers of a product, as a part of what they make."""


def central_idle(change: EuContentRequirement, product: str) -> float:
    """That of the measure."""
    return change.idle_share.value


def with_european_content(
    named: NamedGraph, change: EuContentRequirement, places: Mask, strict: bool = True, idle: Idle = central_idle
) -> Floats:
    """Shares of all links once the least share is met, product by product.

    With purchases Q of a region and E of them made in the EU, least·Q − E moves, taken from all makers elsewhere in
    proportion and given to the European makers of each buyer in proportion; buyers without one stay as they are. No
    maker gains more than ``idle`` × what it makes: what it cannot take goes to the others of its buyers, and to buyers
    whose makers can, as far as there are any. Raises ``InputError``, if ``strict``, for content that nobody makes, or
    that is there already.
    """
    graph, in_eu = named.graph, named.places.in_eu
    share = graph.link_share.copy()
    european = in_eu[named.node_place[graph.link_source]]
    inside = places[named.pool_place[graph.link_pool]]
    for product in change.products:
        own = inside & products_mask(named, [product])[named.pool_product[graph.link_pool]]
        bought = float(graph.link_flow[own].sum())
        made_here = float(graph.link_flow[own & european].sum())
        need = change.least_share * bought - made_here
        if strict and not made_here > 0.0:
            raise InputError(
                f"no European maker of {product} sells in {change.region}: purchases have nowhere to move to. "
                "Take it out, or see `supplyrisk graph --product PRODUCT` for who supplies whom."
            )
        if strict and not need > 0.0:
            raise InputError(
                f"{made_here / bought:.0%} of {product} bought in {change.region} is made in the EU already: "
                f"least_share {change.least_share:g} changes nothing. Raise it, or take {product} out."
            )
        here = np.flatnonzero(own & european & (graph.link_flow > 0.0))
        elsewhere = np.flatnonzero(own & ~european)
        gain = _gains(graph, here, elsewhere, need, idle(change, product) * graph.node_base)
        outside = np.bincount(graph.link_pool[elsewhere], graph.link_flow[elsewhere], graph.pools)
        gone = np.bincount(graph.link_pool[here], gain, graph.pools)
        left = 1.0 - np.divide(gone, outside, out=np.zeros(graph.pools), where=outside > 0.0)
        share[elsewhere] *= left[graph.link_pool[elsewhere]]
        share[here] += gain / graph.pool_use[graph.link_pool[here]]
    return share


def _gains(graph: SupplyGraph, here: Integers, elsewhere: Integers, need: float, room: Floats) -> Floats:
    """Units a month that move to each link with a European maker: ``need`` in all, no maker more than ``room``.

    In rounds: what is still wanted is asked of all buyers with a maker that has room, as the same part of what they
    buy elsewhere; a maker that is asked for more than it has room for takes that much and is full. Each round meets
    the need or fills a maker.
    """
    pool, maker, usual = graph.link_pool[here], graph.link_source[here], graph.link_flow[here]
    outside = np.bincount(graph.link_pool[elsewhere], graph.link_flow[elsewhere], graph.pools).astype(np.float64)
    gain, room = np.zeros(len(here)), room.copy()
    smallest = _NEXT_TO_NOTHING * max(need, 0.0)
    for _ in range(len(here) + 1):
        weight = np.where(room[maker] > smallest, usual, 0.0)
        of_pool = np.bincount(pool, weight, graph.pools)
        asked = np.where(of_pool > 0.0, outside, 0.0)
        there = float(asked.sum())
        if need <= smallest or there <= smallest:
            break
        asked = asked * min(1.0, need / there)
        more = np.divide(weight, of_pool[pool], out=np.zeros(len(here)), where=of_pool[pool] > 0.0) * asked[pool]
        of_maker = np.bincount(maker, more, graph.nodes)
        fits = np.minimum(1.0, np.divide(room, of_maker, out=np.ones(graph.nodes), where=of_maker > 0.0))
        more = more * fits[maker]
        gain, need = gain + more, need - float(more.sum())
        room = np.maximum(room - np.bincount(maker, more, graph.nodes), 0.0)
        outside = np.maximum(outside - np.bincount(pool, more, graph.pools), 0.0)
    return gain


def european_share(named: NamedGraph, product: str, region: str) -> float:
    """Part of what a region buys of a product that is made in the EU; 0 where it buys nothing."""
    graph = named.graph
    inside = named.places.of_region(region)[named.pool_place[graph.link_pool]]
    own = inside & products_mask(named, [product])[named.pool_product[graph.link_pool]]
    european = own & named.places.in_eu[named.node_place[graph.link_source]]
    bought = float(graph.link_flow[own].sum())
    return float(graph.link_flow[european].sum()) / bought if bought > 0.0 else 0.0


def with_plants_as_they_are(after: NamedGraph, before: NamedGraph, products: Sequence[str]) -> NamedGraph:
    """European makers that make more without building: by how much their output grew (``NamedGraph.grown_within``)."""
    grown = dict(after.grown_within)
    for node in after.nodes_of(frozenset(products), after.places.in_eu).tolist():
        usual = float(before.graph.node_base[node])
        if usual > 0.0 and after.graph.node_base[node] > usual:
            grown[node] = grown.get(node, 1.0) * float(after.graph.node_base[node]) / usual
    return replace(after, grown_within=grown)
