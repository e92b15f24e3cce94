"""Private stocks that are given up because there is a public one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from supplyrisk.disruption.supply_graph import SupplyGraph


def with_crowding_out(graph: SupplyGraph, share: float) -> SupplyGraph:
    """The graph with less in private stocks: ``share`` of a day of use for each day of it in a public stock.

    A buyer's users keep max(stock − share·K·u, 0) and give up min(stock, share·K·u), K the public stock of the buyer's
    pool and u the part of the pool that the user takes at rest.
    """
    if share == 0.0 or not graph.pool_stockpile.any():
        return graph
    use = graph.pool_use[graph.slot_pool]
    part = np.divide(graph.slot_use, use, out=np.zeros(graph.slots), where=use > 0.0)
    given_up = share * graph.pool_stockpile[graph.slot_pool] * part
    return replace(graph, slot_stock=np.maximum(graph.slot_stock - given_up, 0.0))
