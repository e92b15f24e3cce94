"""The planner's linear programme on a supply graph: how little final use must lose if one mind directs all supply.

Everything is a rate per month, so that the window enters in one place: stocks give out at most stock/T a month.
Columns: x output of nodes, y deliveries over links, out and into the open market of a product (new lanes), take of
slots from their pools, service of inputs that replace each other, loss of final use, and τ = 1/T. Quantities of a
product are in thousandths of its world output, because tonnes, GWh and m² side by side are beyond what a solver's
tolerances can tell apart; weighted losses are in thousandths of all weighted use.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from supplyrisk.disruption.supply_graph import NOBODY, Floats, Integers, SupplyGraph


@dataclass(frozen=True)
class PlannerLimits:
    """What the planner may do within ``window_months``.

    Links gain what buyers can switch to them, on the mean of the window: flow + use·min(1, switching·(T + 1)/2).
    ``new_lane_share``: part of its use that a pool can buy over links that did not exist. Inputs that replace each
    other shift by half of what they can in the window.
    """

    window_months: float
    new_lane_share: float


@dataclass(frozen=True)
class PlannerModel:
    """Rows low ≤ A·columns ≤ high, bounds of columns, and where each kind of column starts.

    The last row is the weighted loss, without bounds until a planner sets them. ``unit``: units of the graph per unit
    of the programme, by final slot, ``node_unit`` by node; ``value_unit``: value per unit of weighted loss.
    ``under_way``: by node, what it has sent at rest and has not arrived yet, which still comes when the node is gone.
    """

    matrix: sparse.csc_matrix
    row_low: Floats
    row_high: Floats
    low: Floats
    high: Floats
    first: dict[str, int]
    final: Integers
    weight: Floats
    unit: Floats
    node_unit: Floats
    value_unit: float
    under_way: Floats

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.low)


def planner_model(
    graph: SupplyGraph, product_of_node: Integers, product_of_pool: Integers, weight: Floats, limits: PlannerLimits
) -> PlannerModel:
    """The programme with nothing removed.

    ``product_of_node``, ``product_of_pool``: numbers of products, each with an open market of its own. ``weight``:
    value of a unit of final use, by final slot in their order; 0 where it is not known, and not all of them.
    """
    products = int(max(product_of_node.max(), product_of_pool.max())) + 1
    world = np.asarray(np.bincount(product_of_node, graph.node_base, products), dtype=np.float64) * _THOUSANDTH
    node_unit, pool_unit = world[product_of_node], world[product_of_pool]
    slot_unit = pool_unit[graph.slot_pool]
    maker_unit = np.where(graph.slot_node == NOBODY, 1.0, node_unit[graph.slot_node])
    scaled = replace(
        graph,
        node_base=graph.node_base / node_unit,
        node_capacity=graph.node_capacity / node_unit,
        slot_need=graph.slot_need * maker_unit / slot_unit,
        slot_stock=graph.slot_stock / slot_unit,
        slot_demand=graph.slot_demand / slot_unit,
        pool_stockpile=graph.pool_stockpile / pool_unit,
        pool_release=graph.pool_release / pool_unit,
        pool_refill=graph.pool_refill / pool_unit,
    )
    final = np.flatnonzero(graph.slot_node == NOBODY)
    value_unit = float((weight * graph.slot_demand[final]).sum()) * _THOUSANDTH
    parts = _Assembly(scaled, product_of_node, product_of_pool, weight * slot_unit[final] / value_unit, limits)
    return parts.model(slot_unit[final], node_unit, value_unit)


_THOUSANDTH = 1e-3


class _Assembly:
    """Rows and columns of the programme, block by block."""

    def __init__(
        self,
        graph: SupplyGraph,
        product_of_node: Integers,
        product_of_pool: Integers,
        weight: Floats,
        limits: PlannerLimits,
    ) -> None:
        self.graph, self.limits, self.weight = graph, limits, weight
        self.product_of_node, self.product_of_pool = product_of_node, product_of_pool
        self.final = np.flatnonzero(graph.slot_node == NOBODY)
        self.grouped = np.flatnonzero(graph.slot_group != NOBODY)
        sizes = {
            "output": graph.nodes, "link": graph.links, "offered": graph.nodes, "bought": graph.pools,
            "take": graph.slots, "service": len(self.grouped), "loss": len(self.final), "tau": 1,
        }  # fmt: skip
        ends = np.cumsum(list(sizes.values()))
        self.first = dict(zip(sizes, (ends - list(sizes.values())).tolist(), strict=True))
        self.columns = int(ends[-1])
        self.entries: list[tuple[Integers, Integers, Floats]] = []
        self.row_low: list[Floats] = []
        self.row_high: list[Floats] = []
        self.rows = 0

    def model(self, unit: Floats, node_unit: Floats, value_unit: float) -> PlannerModel:
        self._made_is_sent()
        self._open_market()
        self._pools()
        self._slots()
        self._groups()
        self._hosts()
        loss = self.first["loss"] + np.arange(len(self.final))
        self._block([(np.zeros(len(loss), dtype=np.int64), loss, self.weight)], 1, -np.inf, np.inf)
        row, column, value = (np.concatenate(parts) for parts in zip(*self.entries, strict=True))
        matrix = sparse.csc_matrix((value, (row, column)), shape=(self.rows, self.columns))
        low, high = self._bounds()
        return PlannerModel(
            matrix, np.concatenate(self.row_low), np.concatenate(self.row_high), low, high, self.first, self.final,
            self.weight, unit, node_unit, value_unit, self._under_way(),
        )  # fmt: skip

    def _block(
        self, parts: list[tuple[Integers, Integers, Floats]], rows: int, low: Floats | float, high: Floats | float
    ) -> None:
        """Add ``rows`` rows; entries are numbered from 0 within the block."""
        self.entries += [(row + self.rows, column, np.asarray(value, dtype=float)) for row, column, value in parts]
        self.row_low.append(np.broadcast_to(np.asarray(low, dtype=float), rows).copy())
        self.row_high.append(np.broadcast_to(np.asarray(high, dtype=float), rows).copy())
        self.rows += rows

    def _made_is_sent(self) -> None:
        graph, nodes = self.graph, np.arange(self.graph.nodes)
        self._block(
            [
                (nodes, self.first["output"] + nodes, np.ones(graph.nodes)),
                (graph.link_source, self.first["link"] + np.arange(graph.links), -np.ones(graph.links)),
                (nodes, self.first["offered"] + nodes, -np.ones(graph.nodes)),
            ],
            graph.nodes, 0.0, 0.0,
        )  # fmt: skip

    def _open_market(self) -> None:
        graph = self.graph
        products = int(max(self.product_of_node.max(), self.product_of_pool.max())) + 1
        self._block(
            [
                (self.product_of_node, self.first["offered"] + np.arange(graph.nodes), np.ones(graph.nodes)),
                (self.product_of_pool, self.first["bought"] + np.arange(graph.pools), -np.ones(graph.pools)),
            ],
            products, 0.0, 0.0,
        )  # fmt: skip

    def _pools(self) -> None:
        graph, pools = self.graph, np.arange(self.graph.pools)
        stockpile = graph.pool_stockpile
        self._block(
            [
                (graph.link_pool, self.first["link"] + np.arange(graph.links), np.ones(graph.links)),
                (pools, self.first["bought"] + pools, np.ones(graph.pools)),
                (pools, np.full(graph.pools, self.first["tau"]), stockpile),
                (graph.slot_pool, self.first["take"] + np.arange(graph.slots), -np.ones(graph.slots)),
            ],
            graph.pools, 0.0, np.inf,
        )  # fmt: skip

    def _slots(self) -> None:
        """Makers: take + stock·τ − need·output ≥ 0 (service in groups); final use: take + stock·τ + loss ≥ demand."""
        graph, slots = self.graph, np.arange(self.graph.slots)
        alone = np.flatnonzero((graph.slot_node != NOBODY) & (graph.slot_group == NOBODY))
        service = self.first["service"] + np.arange(len(self.grouped))
        loss = self.first["loss"] + np.arange(len(self.final))
        self._block(
            [
                (slots, self.first["take"] + slots, np.ones(graph.slots)),
                (slots, np.full(graph.slots, self.first["tau"]), graph.slot_stock),
                (alone, self.first["output"] + graph.slot_node[alone], -graph.slot_need[alone]),
                (self.grouped, service, -graph.slot_need[self.grouped]),
                (self.final, loss, np.ones(len(self.final))),
            ],
            graph.slots, graph.slot_demand, np.inf,
        )  # fmt: skip

    def _groups(self) -> None:
        """Services of a group add up to the output; each at most its mix and half of what it can shift."""
        graph = self.graph
        if len(self.grouped) == 0:
            return
        keys = np.stack([graph.slot_node[self.grouped], graph.slot_group[self.grouped]])
        pairs, group = np.unique(keys, axis=1, return_inverse=True)
        count = pairs.shape[1]
        service = self.first["service"] + np.arange(len(self.grouped))
        self._block(
            [
                (group, service, np.ones(len(service))),
                (np.arange(count), self.first["output"] + pairs[0], -np.ones(count)),
            ],
            count, 0.0, 0.0,
        )  # fmt: skip
        shift = graph.slot_mix_rise[self.grouped] * self.limits.window_months / 2.0
        most = np.minimum(1.0, graph.slot_mix[self.grouped] + shift)
        rows = np.arange(len(service))
        self._block(
            [
                (rows, service, np.ones(len(service))),
                (rows, self.first["output"] + graph.slot_node[self.grouped], -most),
            ],
            len(service), -np.inf, 0.0,
        )  # fmt: skip

    def _hosts(self) -> None:
        """By-products: output ≤ what capacity allows · (1 − share·(1 − host's output over its base))."""
        graph = self.graph
        nodes = np.flatnonzero((graph.node_host != NOBODY) & (graph.node_host_share > 0.0))
        hosts = graph.node_host[nodes]
        nodes, hosts = nodes[graph.node_base[hosts] > 0.0], hosts[graph.node_base[hosts] > 0.0]
        share, most = graph.node_host_share[nodes], self._most()[nodes]
        rows = np.arange(len(nodes))
        self._block(
            [
                (rows, self.first["output"] + nodes, np.ones(len(nodes))),
                (rows, self.first["output"] + hosts, -most * share / graph.node_base[hosts]),
            ],
            len(nodes), -np.inf, most * (1.0 - share),
        )  # fmt: skip

    def _most(self) -> Floats:
        return np.asarray(self.graph.node_capacity * (1.0 + self.graph.node_spare_share))

    def _under_way(self) -> Floats:
        graph = self.graph
        sent = graph.link_flow * graph.link_lag_months
        return np.asarray(np.bincount(graph.link_source, sent, graph.nodes), dtype=np.float64)

    def _bounds(self) -> tuple[Floats, Floats]:
        graph, limits = self.graph, self.limits
        low, high = np.zeros(self.columns), np.full(self.columns, np.inf)
        high[self.first["output"] : self.first["link"]] = self._most()
        switched = np.minimum(1.0, graph.pool_switch_share * (limits.window_months + 1.0) / 2.0) * graph.pool_use
        high[self.first["link"] : self.first["offered"]] = graph.link_flow + switched[graph.link_pool]
        high[self.first["bought"] : self.first["take"]] = graph.pool_use * limits.new_lane_share
        high[self.first["loss"] : self.first["tau"]] = graph.slot_demand[self.final]
        return low, high
