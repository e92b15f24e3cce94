"""Makers from scrap in a supply graph: without inputs of the chain, they go on when mines and refineries stop."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.supply_graph import NOBODY, Integers
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.specification import SecondarySupply
from supplyrisk.network.places import EU_UNSPECIFIED

_NODE_COLUMNS = {
    "node_base": 0.0, "node_capacity": 0.0, "node_spare_share": 0.0, "node_ramp_months": 1.0,
    "node_unramp_months": 1.0, "node_host": NOBODY, "node_host_share": 0.0,
}  # fmt: skip


def with_recyclers_for(named: NamedGraph, measures: Sequence[Measure]) -> NamedGraph:
    """The graph with idle makers from scrap for what measures want won back."""
    changes = [change for measure in measures for change in measure.file.changes]
    return with_recyclers(
        named, {p for change in changes if isinstance(change, SecondarySupply) for p in change.shares}
    )


def with_recyclers(named: NamedGraph, products: Collection[str]) -> NamedGraph:
    """The graph with an idle maker from scrap in the EU for each refined product that EU buyers are known to take.

    Nothing is bought from it yet (links of share 0), so that runs come out as without it; a measure gives it a share.
    Its member state is not stated: events that hit one country pass it by. Products that have one already keep it.
    """
    graph = named.graph
    refined = set(named.node_product[graph.slot_node[graph.slot_node != NOBODY]])
    numbers = [
        number
        for number, name in enumerate(named.products)
        if name in products
        and name not in named.recyclers
        and number in refined
        and named.can_tell(number, named.places.in_eu)
    ]
    pools_of = {
        number: np.flatnonzero((named.pool_product == number) & named.places.in_eu[named.pool_place])
        for number in numbers
    }
    numbers = [number for number in numbers if len(pools_of[number]) > 0]
    if not numbers:
        return named
    stages = np.array([graph.pool_stage[pools_of[number][0]] for number in numbers], dtype=np.int64)
    at = np.searchsorted(graph.node_stage, stages, side="right")
    new = at + np.arange(len(at))
    moved = np.arange(graph.nodes) + np.searchsorted(at, np.arange(graph.nodes), side="right")
    place = named.places.index[EU_UNSPECIFIED]
    buyers = np.concatenate([pools_of[number] for number in numbers])
    sellers = np.repeat(new, [len(pools_of[number]) for number in numbers])
    order = np.argsort(buyers, kind="stable")
    behind = np.searchsorted(graph.link_pool, buyers[order], side="right")

    def nodes_moved(nodes: Integers) -> Integers:
        return np.where(nodes == NOBODY, NOBODY, moved[nodes])

    columns = {name: np.insert(getattr(graph, name), at, value) for name, value in _NODE_COLUMNS.items()}
    columns["node_stage"] = np.insert(graph.node_stage, at, stages)
    columns["node_host"] = np.insert(nodes_moved(graph.node_host), at, NOBODY)
    changed = replace(
        graph,
        **columns,
        slot_node=nodes_moved(graph.slot_node),
        link_pool=np.insert(graph.link_pool, behind, buyers[order]),
        link_source=np.insert(moved[graph.link_source], behind, sellers[order]),
        link_share=np.insert(graph.link_share, behind, 0.0),
        link_lag_months=np.insert(graph.link_lag_months, behind, 0),
        link_rank=np.insert(graph.link_rank, behind, 0),
    )
    return replace(
        named,
        graph=changed,
        node_product=np.insert(named.node_product, at, numbers),
        node_place=np.insert(named.node_place, at, place),
        recyclers={product: int(moved[node]) for product, node in named.recyclers.items()}
        | {named.products[number]: int(node) for number, node in zip(numbers, new, strict=True)},
    )
