"""Bringing a changed supply graph to rest again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from supplyrisk.disruption.supply_graph import NOBODY, SupplyGraph


def at_rest(changed: SupplyGraph, before: SupplyGraph) -> SupplyGraph:
    """Output that meets the needs of a graph again, tier by tier; capacity keeps its ratio to output.

    Makers without output before get the capacity they need.
    """
    base = np.zeros(changed.nodes)
    use = np.zeros(changed.pools)
    inner = changed.slot_node != NOBODY
    for stage in range(changed.stages - 1, -1, -1):
        slots = np.flatnonzero(changed.pool_stage[changed.slot_pool] == stage)
        made = np.where(inner[slots], base[changed.slot_node[slots]], 0.0)
        wanted = changed.slot_need[slots] * changed.slot_mix[slots] * made + changed.slot_demand[slots]
        np.add.at(use, changed.slot_pool[slots], wanted)
        links = np.flatnonzero(changed.pool_stage[changed.link_pool] == stage)
        np.add.at(base, changed.link_source[links], changed.link_share[links] * use[changed.link_pool[links]])
    ratio = np.divide(before.node_capacity, before.node_base, out=np.ones(changed.nodes), where=before.node_base > 0.0)
    return replace(changed, node_base=base, node_capacity=base * ratio)
