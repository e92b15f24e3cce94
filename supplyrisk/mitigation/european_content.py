"""A least share of European content in purchases: they move to European makers as far as idle capacity goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.supply_graph import Floats
from supplyrisk.foundation.errors import InputError
from supplyrisk.mitigation.purchase_masks import Mask, products_mask
from supplyrisk.mitigation.specification import EuContentRequirement


def with_european_content(named: NamedGraph, change: EuContentRequirement, places: Mask, strict: bool = True) -> Floats:
    """Shares of all links once the least share is met, product by product.

    With purchases Q of a region, E of them made in the EU and K made by European makers in all, what moves is
    min(least·Q − E, idle·K), taken from all makers elsewhere in proportion and given to the European makers of each
    buyer in proportion; buyers without one stay as they are. Raises ``InputError``, if ``strict``, for content that
    nobody makes, or that is there already.
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
        makers = named.nodes_of(frozenset([product]), in_eu)
        room = change.idle_share.value * float(graph.node_base[makers].sum())
        from_europe = np.bincount(graph.link_pool[own & european], graph.link_share[own & european], graph.pools)
        leaving = own & ~european & (from_europe[graph.link_pool] > 0.0)
        there = float(graph.link_flow[leaving].sum())
        if need <= 0.0 or there <= 0.0:
            continue
        part = min(1.0, need / there, room / there)
        given = part * np.bincount(graph.link_pool[leaving], graph.link_share[leaving], graph.pools)
        taking = own & european & (from_europe[graph.link_pool] > 0.0)
        pool = graph.link_pool[taking]
        share[taking] += given[pool] * graph.link_share[taking] / from_europe[pool]
        share[leaving] *= 1.0 - part
    return share


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
