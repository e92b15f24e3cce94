"""Makers without inputs of the chain: from scrap or from a mine of their own, they go on when other mines stop."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.supply_graph import NOBODY, Integers
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.specification import IntegratedSupply, SecondarySupply
from supplyrisk.network.places import EU_UNSPECIFIED

Maker = tuple[str, str]
"""A product, and the code of the place where it is made."""

_NODE_COLUMNS = {
    "node_base": 0.0, "node_capacity": 0.0, "node_spare_share": 0.0, "node_ramp_months": 1.0,
    "node_unramp_months": 1.0, "node_host": NOBODY, "node_host_share": 0.0,
}  # fmt: skip


def with_standalone_for(named: NamedGraph, measures: Sequence[Measure]) -> NamedGraph:
    """The graph with idle makers for what measures want won back from scrap, or made from mines of their own."""
    changes = [change for measure in measures for change in measure.file.changes]
    scrap = [change for change in changes if isinstance(change, SecondarySupply)]
    mines = [change for change in changes if isinstance(change, IntegratedSupply)]
    wanted = {(product, EU_UNSPECIFIED) for change in scrap for product in change.shares}
    return with_standalone(
        named, wanted | {(product, change.place) for change in mines for product in change.quantities_per_year}
    )


def with_standalone(named: NamedGraph, makers: Collection[Maker]) -> NamedGraph:
    """The graph with idle makers without inputs, of products that EU buyers are known to take.

    Nothing is bought from them yet (links of share 0), so that runs come out as without them; a measure gives them a
    share. Makers from scrap stand in the EU without a member state: events that hit one country pass them by, and they
    are of products that have inputs in the chain. Makers that are there already stay.
    """
    graph = named.graph
    refined = set(named.node_product[graph.slot_node[graph.slot_node != NOBODY]])
    wanted = sorted(
        (number, place)
        for number, name in enumerate(named.products)
        for place in named.places.codes
        if (name, place) in makers
        and (name, place) not in named.standalone
        and (number in refined or place != EU_UNSPECIFIED)
        and named.can_tell(number, named.places.in_eu)
    )
    pools_of = {
        number: np.flatnonzero((named.pool_product == number) & named.places.in_eu[named.pool_place])
        for number, _ in wanted
    }
    wanted = [maker for maker in wanted if len(pools_of[maker[0]]) > 0]
    if not wanted:
        return named
    wanted.sort(key=lambda maker: int(graph.pool_stage[pools_of[maker[0]][0]]))
    numbers = [number for number, _ in wanted]
    stages = np.array([graph.pool_stage[pools_of[number][0]] for number in numbers], dtype=np.int64)
    at = np.searchsorted(graph.node_stage, stages, side="right")
    new = at + np.arange(len(at))
    moved = np.arange(graph.nodes) + np.searchsorted(at, np.arange(graph.nodes), side="right")
    places = [named.places.index[place] for _, place in wanted]
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
        node_place=np.insert(named.node_place, at, places),
        standalone={maker: int(moved[node]) for maker, node in named.standalone.items()}
        | {(named.products[number], place): int(node) for (number, place), node in zip(wanted, new, strict=True)},
    )
