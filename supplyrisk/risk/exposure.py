"""How much of what a group of users needs passes what an event hits: the key by which losses are attributed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.shocks import Hit
from supplyrisk.disruption.supply_graph import NOBODY, Floats, Integers
from supplyrisk.risk.targets import Targets


def exposure_of(named: NamedGraph, targets: Targets, groups: Sequence[Integers]) -> Floats:
    """Share of all of a product that a group's use needs at rest which the target makes or lets pass: targets × groups.

    One pass from final use to the mine: what a pool buys comes over its links by share at rest; what a node makes needs
    its inputs.
    """
    graph = named.graph
    made = np.zeros((graph.nodes, len(groups)))
    bought = np.zeros((graph.pools, len(groups)))
    for number, slots in enumerate(groups):
        np.add.at(bought[:, number], graph.slot_pool[slots], graph.slot_demand[slots])
    inner = np.flatnonzero(graph.slot_node != NOBODY)
    of_node = graph.slot_node[inner]
    need = (graph.slot_need * graph.slot_mix)[inner]
    pool_of_slot = graph.slot_pool[inner]
    for stage in range(graph.stages - 1, -1, -1):
        links = np.flatnonzero(graph.pool_stage[graph.link_pool] == stage)
        np.add.at(made, graph.link_source[links], graph.link_share[links, None] * bought[graph.link_pool[links]])
        slots = np.flatnonzero(graph.node_stage[of_node] == stage)
        np.add.at(bought, pool_of_slot[slots], need[slots, None] * made[of_node[slots]])
    whole = np.zeros((len(named.products), len(groups)))
    np.add.at(whole, named.node_product, made)
    share = np.zeros((len(targets.hits), len(groups)))
    for number, hit in enumerate(targets.hits):
        members = targets.members[targets.set_start[number] : targets.set_start[number + 1]]
        if hit is Hit.CAPACITY:
            product, through = named.node_product[members[0]], made[members].sum(axis=0)
        else:
            pools = graph.link_pool[members]
            product = named.pool_product[pools[0]]
            through = (graph.link_share[members, None] * bought[pools]).sum(axis=0)
        share[number] = np.divide(through, whole[product], out=np.zeros_like(through), where=whole[product] > 0.0)
    return share
