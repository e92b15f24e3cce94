"""The workload of propagation: 10,000 draws of 24 months, by the kernel, by numpy, and by plain loops."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from supplyrisk.disruption.engine import simulate
from supplyrisk.disruption.reference import simulate_plainly
from supplyrisk.disruption.shocks import Hit, Shock, shock_table
from supplyrisk.disruption.supply_graph import NOBODY, SupplyGraph
from tests.disruption.chain5_files import MONTHS, RULES, read_graph

CUT = Path(__file__).parents[1] / "tests" / "disruption" / "chain5_cut"
DRAWS = 10_000
PLAIN_DRAWS, NUMPY_DRAWS, CHUNK = 3, 640, 64

Floats = NDArray[np.float64]


def draws_of_workload(nodes: int, draws: int) -> list[list[Shock]]:
    """1 + Poisson(2) outages a draw: any node and month, 1 + 6·Weibull(1.3) months, severity Beta(2, 1.5)."""
    rng = np.random.default_rng(7)

    def outage() -> Shock:
        node, start = int(rng.integers(nodes)), int(rng.integers(MONTHS))
        length, severity = 1 + int(6.0 * rng.weibull(1.3)), float(rng.beta(2.0, 1.5))
        return Shock(Hit.CAPACITY, (node,), start, length, severity)

    return [[outage() for _ in range(1 + int(rng.poisson(2.0)))] for _ in range(draws)]


def numpy_losses(graph: SupplyGraph, draws: list[list[Shock]]) -> Floats:
    """Unserved final demand of each draw with sparse matrices, CHUNK draws side by side (nodes acting together)."""
    final = graph.slot_node == NOBODY
    by_pool = sparse.csr_matrix(
        (graph.link_share, (graph.link_pool, graph.link_source)), shape=(graph.pools, graph.nodes)
    )
    to_node = by_pool.T.tocsr()
    starts, slots = graph.slots_of_node
    inner = np.flatnonzero(np.diff(starts) > 0)
    unserved = np.zeros(len(draws))
    for first in range(0, len(draws), CHUNK):
        chunk = draws[first : first + CHUNK]
        stock = np.repeat(graph.slot_stock[:, None], len(chunk), axis=1)
        for month in range(MONTHS):
            left = np.ones((graph.nodes, len(chunk)))
            for draw, shocks in enumerate(chunk):
                for shock in shocks:
                    if shock.start <= month < shock.start + shock.length:
                        left[shock.members[0], draw] *= 1.0 - shock.severity
            gap = np.maximum(graph.slot_stock[:, None] - stock, 0.0) / graph.slot_refill_months[:, None]
            want = np.where(final[:, None], graph.slot_demand[:, None], graph.slot_use[:, None]) + gap
            seen = by_pool @ left
            ratio = np.divide(want, seen, out=np.zeros_like(want), where=seen > 0.0)
            blind = np.where(seen > 0.0, 0.0, want)
            orders = left * (to_node @ ratio) + to_node @ blind
            limit = np.full_like(orders, np.inf)
            cover = stock[slots] / graph.slot_need[slots][:, None]
            limit[inner] = np.minimum.reduceat(cover, starts[inner], axis=0)
            output = np.minimum(np.minimum(left * graph.node_capacity[:, None], orders), limit)
            fill = np.divide(output, orders, out=np.ones_like(output), where=orders > 0.0)
            received = ratio * (by_pool @ (left * fill)) + blind * (by_pool @ fill)
            used = np.where(final[:, None], 0.0, graph.slot_need[:, None] * output[graph.slot_node])
            stock += received - used
            served = np.minimum(graph.slot_demand[final][:, None], stock[final])
            stock[final] -= served
            unserved[first : first + len(chunk)] += (graph.slot_demand[final][:, None] - served).sum(axis=0)
    return unserved


def propagation_times(seconds: Callable[[Callable[[], object], int], float]) -> tuple[dict[str, float], str]:
    """Seconds for the whole workload by each way, the slower ones scaled up, and the name of the base."""
    graph = read_graph(CUT)
    draws = draws_of_workload(graph.nodes, DRAWS)
    table = shock_table(draws)
    fast = simulate(graph, table, MONTHS, RULES).sum(axis=1)
    assert np.allclose(numpy_losses(graph, draws[:CHUNK]), fast[:CHUNK], rtol=1e-9, atol=1e-9)
    base = "propagation, 10,000 draws of 24 months"
    by_numpy = seconds(lambda: numpy_losses(graph, draws[:NUMPY_DRAWS]), 1)

    def plainly() -> None:
        for shocks in draws[:PLAIN_DRAWS]:
            simulate_plainly(graph, shocks, MONTHS, RULES)

    return {
        base: seconds(lambda: simulate(graph, table, MONTHS, RULES), 3),
        "propagation, numpy and scipy.sparse": by_numpy * DRAWS / NUMPY_DRAWS,
        "propagation, plain loops": seconds(plainly, 1) * DRAWS / PLAIN_DRAWS,
    }, base
