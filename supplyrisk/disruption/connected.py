"""Products that act on each other in a supply graph, and the graph without all others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from scipy import sparse

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.supply_graph import NOBODY, Integers


def connected_to(named: NamedGraph, products: Collection[str]) -> frozenset[str]:
    """All products that ``products`` act on or are acted on by, on any way, themselves included.

    A maker and its inputs act on each other (orders go up, deliveries come down), and so do a by-product and its host.
    """
    graph, size = named.graph, len(named.products)
    inner = np.flatnonzero(graph.slot_node != NOBODY)
    hosted = np.flatnonzero(graph.node_host != NOBODY)
    one = np.concatenate([named.node_product[graph.slot_node[inner]], named.node_product[hosted]])
    other = np.concatenate([named.pool_product[graph.slot_pool[inner]], named.node_product[graph.node_host[hosted]]])
    links = sparse.coo_matrix((np.ones(len(one)), (one, other)), shape=(size, size))
    _, part = sparse.csgraph.connected_components(links, directed=False)
    wanted = {int(part[number]) for number, name in enumerate(named.products) if name in products}
    return frozenset(name for number, name in enumerate(named.products) if int(part[number]) in wanted)


def only_connected_to(named: NamedGraph, products: Collection[str]) -> NamedGraph:
    """The graph of what ``products`` are connected to: within it every run comes out as in the whole, bit for bit.

    Products keep their numbers; those that are left out have no maker, buyer or lane.
    """
    graph = named.graph
    kept = np.isin(named.products, list(connected_to(named, products)))
    nodes, pools = (np.flatnonzero(kept[own]) for own in (named.node_product, named.pool_product))
    slots = np.flatnonzero(kept[named.pool_product[graph.slot_pool]])
    links = np.flatnonzero(kept[named.pool_product[graph.link_pool]])
    node_to, pool_to = _moved(nodes, graph.nodes), _moved(pools, graph.pools)
    columns = {
        name: getattr(graph, name)[own]
        for kind, own in (("node", nodes), ("slot", slots), ("pool", pools), ("link", links))
        for name in graph.__dataclass_fields__
        if name.startswith(f"{kind}_")
    }
    columns["node_host"] = node_to[columns["node_host"]]
    columns["slot_node"] = node_to[columns["slot_node"]]
    columns["slot_pool"] = pool_to[columns["slot_pool"]]
    columns["link_pool"] = pool_to[columns["link_pool"]]
    columns["link_source"] = node_to[columns["link_source"]]
    return replace(
        named,
        graph=replace(graph, **columns),
        node_product=named.node_product[nodes],
        node_place=named.node_place[nodes],
        slot_use=tuple(named.slot_use[slot] for slot in slots),
        pool_product=named.pool_product[pools],
        pool_place=named.pool_place[pools],
        standalone={maker: int(node_to[node]) for maker, node in named.standalone.items() if node_to[node] != NOBODY},
        grown_within={
            int(node_to[node]): times for node, times in named.grown_within.items() if node_to[node] != NOBODY
        },
    )


def _moved(kept: Integers, size: int) -> Integers:
    """Where each position is once only those ``kept`` are left; NOBODY for the others, and for NOBODY itself."""
    found = np.full(size + 1, NOBODY, dtype=np.int64)
    found[kept] = np.arange(len(kept))
    return found
