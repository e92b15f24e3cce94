"""The monthly step in plain loops: the specification that the compiled kernel must equal, slow and easy to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from supplyrisk.disruption.rules import NEGLIGIBLE, Rules
from supplyrisk.disruption.shocks import Hit, Shock, strength
from supplyrisk.disruption.supply_graph import NOBODY, Floats, SupplyGraph


@dataclass
class Trace:
    """What happened in every month of one draw; rows months, columns nodes, slots or pools.

    ``output`` and ``orders`` of nodes; ``available``: what their capacity allowed, ``supported``: what their inputs
    allowed; ``received``, ``stock`` (at the end of the month) and ``shortage`` (final use only) of slots; ``released``
    from the public stock of pools and the ``stockpile`` in it (at the end of the month); ``sent`` over links.
    """

    output: list[list[float]] = field(default_factory=list)
    orders: list[list[float]] = field(default_factory=list)
    available: list[list[float]] = field(default_factory=list)
    supported: list[list[float]] = field(default_factory=list)
    received: list[list[float]] = field(default_factory=list)
    used: list[list[float]] = field(default_factory=list)
    stock: list[list[float]] = field(default_factory=list)
    shortage: list[list[float]] = field(default_factory=list)
    released: list[list[float]] = field(default_factory=list)
    stockpile: list[list[float]] = field(default_factory=list)
    sent: list[list[float]] = field(default_factory=list)
    unserved: Floats = field(default_factory=lambda: np.zeros(0))


def simulate_plainly(graph: SupplyGraph, shocks: Sequence[Shock], months: int, rules: Rules) -> Trace:
    """One draw. ``unserved`` of the result: final demand never met, by slot."""
    return _Draw(graph, shocks, rules).run(months)


class _Draw:
    """State of one draw."""

    def __init__(self, graph: SupplyGraph, shocks: Sequence[Shock], rules: Rules) -> None:
        self.graph, self.shocks, self.rules = graph, shocks, rules
        self.stock = graph.slot_stock.tolist()
        self.backlog = [0.0] * graph.slots
        self.mix = graph.slot_mix.tolist()
        self.ramp = [0.0] * graph.nodes
        self.signal = [1.0] * graph.nodes
        self.share = graph.link_share.tolist()
        self.stockpile = graph.pool_stockpile.tolist()
        self.calm = [True] * graph.pools
        self.host_ratio = [1.0] * graph.nodes
        lags = int(graph.link_lag_months.max(initial=0))
        # What is under way to a pool, by the months until it arrives.
        self.under_way = [[0.0] * (lags + 1) for _ in range(graph.pools)]
        self.public_under_way = [[0.0] * (lags + 1) for _ in range(graph.pools)]
        for link in range(graph.links):
            for month in range(int(graph.link_lag_months[link])):
                self.under_way[graph.link_pool[link]][month] += float(graph.link_flow[link])
        self.at_rest = [sum(pool) for pool in self.under_way]
        self.pool_slots: list[list[int]] = [[] for _ in range(graph.pools)]
        self.pool_links: list[list[int]] = [[] for _ in range(graph.pools)]
        self.node_slots: list[list[int]] = [[] for _ in range(graph.nodes)]
        for slot in range(graph.slots):
            self.pool_slots[graph.slot_pool[slot]].append(slot)
        for link in range(graph.links):
            self.pool_links[graph.link_pool[link]].append(link)
        _, order = graph.slots_of_node
        for slot in order.tolist():
            self.node_slots[graph.slot_node[slot]].append(slot)
        self.ranks = graph.ranks

    def run(self, months: int) -> Trace:
        trace = Trace()
        unserved = [0.0] * self.graph.slots
        for month in range(months):
            self._meet_shocks(month)
            self._order()
            self._supply()
            self._settle(unserved)
            for name, values in (
                ("output", self.output), ("orders", self.orders), ("available", self.available),
                ("supported", self.supported), ("received", self.received), ("used", self.used), ("stock", self.stock),
                ("shortage", self.shortage), ("released", self.released), ("stockpile", self.stockpile),
                ("sent", self.sent),
            ):  # fmt: skip
                getattr(trace, name).append(list(values))
        trace.unserved = np.array(unserved) + np.array(self.backlog)
        return trace

    def _meet_shocks(self, month: int) -> None:
        graph = self.graph
        sizes = {
            Hit.CAPACITY: graph.nodes, Hit.LANE: graph.links, Hit.PREFERENCE: graph.links, Hit.DEMAND: graph.slots,
            Hit.RAMP: graph.nodes,
        }  # fmt: skip
        self.left = {hit: [1.0] * size for hit, size in sizes.items()}
        for shock in self.shocks:
            for member in shock.members:
                self.left[shock.hit][member] *= 1.0 - strength(shock, month)
        self.available = [
            self.left[Hit.CAPACITY][node]
            * float(graph.node_capacity[node])
            * (1.0 + self.ramp[node])
            * (
                1.0
                if graph.node_host[node] == NOBODY
                else 1.0 - float(graph.node_host_share[node]) * (1.0 - min(1.0, self.host_ratio[graph.node_host[node]]))
            )
            for node in range(graph.nodes)
        ]

    def _order(self) -> None:
        """From the end product to the mine: slots ask their pools, pools order from nodes, nodes plan."""
        graph = self.graph
        self.want = [0.0] * graph.slots
        self.refill = [0.0] * graph.pools
        self.need = [0.0] * graph.pools
        self.order = [0.0] * graph.links
        self.orders = [0.0] * graph.nodes
        self.by_rank = [[0.0] * self.ranks for _ in range(graph.nodes)]
        together = self.rules.timing == "together"
        self.planned = graph.node_base.tolist()
        for stage in reversed(range(graph.stages)):
            for pool in range(graph.pools):
                if graph.pool_stage[pool] == stage:
                    self._order_of_pool(pool)
            for node in range(graph.nodes):
                if graph.node_stage[node] == stage and not together:
                    self.planned[node] = min(self.orders[node], self.available[node])

    def _seen(self, node: int) -> float:
        """What buyers see of a supplier; next to nothing is nothing, lest rounding decides whom they turn to.

        And next to all is all: the memory of a shortage fades by a share a month, and would never end.
        """
        seen = min(self.left[Hit.CAPACITY][node], self.signal[node])
        if seen >= 1.0 - NEGLIGIBLE:
            return 1.0
        return seen if seen > NEGLIGIBLE else 0.0

    def _order_of_pool(self, pool: int) -> None:
        graph = self.graph
        under_way = self.at_rest[pool] - sum(self.under_way[pool])
        for slot in self.pool_slots[pool]:
            node = graph.slot_node[slot]
            use = (
                self.left[Hit.DEMAND][slot] * float(graph.slot_demand[slot]) + self.backlog[slot]
                if node == NOBODY
                else float(graph.slot_need[slot]) * self.mix[slot] * self.planned[node]
            )
            self.need[pool] += use + float(graph.slot_stock[slot]) - self.stock[slot]
            part = float(graph.slot_use[slot]) / float(graph.pool_use[pool])
            gap = float(graph.slot_stock[slot]) - self.stock[slot] + part * under_way
            if self.rules.timing == "together":
                gap = max(0.0, gap)
            self.want[slot] = max(0.0, use + gap / float(graph.slot_refill_months[slot]))
        if self.calm[pool]:
            empty = float(graph.pool_stockpile[pool]) - self.stockpile[pool] - sum(self.public_under_way[pool])
            self.refill[pool] = max(0.0, min(empty, float(graph.pool_refill[pool])))
        wanted = sum(self.want[slot] for slot in self.pool_slots[pool]) + self.refill[pool]
        links = self.pool_links[pool]
        weight = [
            float(graph.link_share[link])
            * self._seen(graph.link_source[link])
            * self.left[Hit.LANE][link]
            * self.left[Hit.PREFERENCE][link]
            for link in links
        ]
        total = sum(weight)
        target = [
            part / total if total > 0.0 else float(graph.link_share[link])
            for part, link in zip(weight, links, strict=True)
        ]
        moved = 0.5 * sum(abs(goal - self.share[link]) for goal, link in zip(target, links, strict=True))
        limit = float(graph.pool_switch_share[pool])
        step = 1.0 if moved <= limit else limit / moved
        for goal, link in zip(target, links, strict=True):
            self.share[link] = goal if step == 1.0 else self.share[link] + step * (goal - self.share[link])
            passes = self.left[Hit.LANE][link]
            order = self.share[link] * wanted
            if passes < 1.0:
                order = min(order, passes * float(graph.link_flow[link]))
            self.order[link] = order
            source = graph.link_source[link]
            self.orders[source] += order
            self.by_rank[source][graph.link_rank[link]] += order

    def _supply(self) -> None:
        """From the mine to the end product: nodes make what capacity, orders and inputs allow, pools receive."""
        graph = self.graph
        self.output = [0.0] * graph.nodes
        self.supported = [float("inf")] * graph.nodes
        self.received = [0.0] * graph.slots
        self.used = [0.0] * graph.slots
        self.released = [0.0] * graph.pools
        self.sent = [0.0] * graph.links
        self.fill = [[1.0] * self.ranks for _ in range(graph.nodes)]
        if self.rules.timing == "together":
            for node in range(graph.nodes):
                self._make(node)
            for pool in range(graph.pools):
                self._receive(pool)
            return
        for stage in range(graph.stages):
            for node in range(graph.nodes):
                if graph.node_stage[node] == stage:
                    self._make(node)
            for pool in range(graph.pools):
                if graph.pool_stage[pool] == stage:
                    self._receive(pool)

    def _make(self, node: int) -> None:
        graph = self.graph
        slots = self.node_slots[node]
        groups: list[list[int]] = []
        for slot in slots:
            same = (
                groups
                and graph.slot_group[slot] != NOBODY
                and graph.slot_group[groups[-1][0]] == graph.slot_group[slot]
            )
            if same:
                groups[-1].append(slot)
            else:
                groups.append([slot])
        limits = [self._limit_of_group(group) for group in groups]
        self.supported[node] = min(limits, default=float("inf"))
        made = min(self.available[node], self.orders[node], self.supported[node])
        self.output[node] = made
        for group in groups:
            self._use(group, made)
        rest = made
        for rank in range(self.ranks):
            asked = self.by_rank[node][rank]
            served = min(rest, asked)
            self.fill[node][rank] = served / asked if asked > 0.0 else 1.0
            rest -= served
        could = min(self.orders[node], self.available[node])
        met = made / could if could > NEGLIGIBLE * float(graph.node_base[node]) else 1.0
        weight = self.rules.signal_weight
        self.signal[node] = (1.0 - weight) * self.signal[node] + weight * met

    def _rise(self, slot: int) -> float:
        """The largest part of its group that a slot can meet this month."""
        graph = self.graph
        return float(min(1.0, max(graph.slot_mix[slot], self.mix[slot]) + graph.slot_mix_rise[slot]))

    def _limit_of_group(self, group: list[int]) -> float:
        """Output that a group of substitutes allows: the largest x with Σ min(stock/need, rise·x) ≥ x."""
        cover: list[float] = [self.stock[slot] / float(self.graph.slot_need[slot]) for slot in group]
        limit = sum(cover)
        for _ in group:
            bound = [held > self._rise(slot) * limit for held, slot in zip(cover, group, strict=True)]
            free = sum(held for held, tied in zip(cover, bound, strict=True) if not tied)
            tied_share = sum(self._rise(slot) for slot, tied in zip(group, bound, strict=True) if tied)
            if tied_share >= 1.0:
                break
            limit = min(limit, free / (1.0 - tied_share))
        return limit

    def _use(self, group: list[int], made: float) -> None:
        """Take inputs from stock: the usual mix as far as stocks go, then what can replace it."""
        graph = self.graph
        met = []
        for slot in group:
            cover = self.stock[slot] / float(graph.slot_need[slot])
            met.append(min(cover, float(graph.slot_mix[slot]) * made))
        rest = made - sum(met)
        if len(group) == 1:
            met[0] = made
        elif rest > 0.0:
            room = [
                max(0.0, min(self.stock[slot] / float(graph.slot_need[slot]), self._rise(slot) * made) - part)
                for slot, part in zip(group, met, strict=True)
            ]
            whole = sum(room)
            if whole > 0.0:
                met = [part + space * min(1.0, rest / whole) for part, space in zip(met, room, strict=True)]
        for slot, part in zip(group, met, strict=True):
            self.used[slot] = float(graph.slot_need[slot]) * part
            self.stock[slot] -= self.used[slot]
            if len(group) > 1 and made > NEGLIGIBLE * float(graph.node_base[graph.slot_node[slot]]):
                self.mix[slot] = part / made

    def _receive(self, pool: int) -> None:
        graph = self.graph
        arriving, to_stockpile = self.under_way[pool], self.public_under_way[pool]
        needed = sum(self.want[slot] for slot in self.pool_slots[pool])
        asked = needed + self.refill[pool]
        public = self.refill[pool] / asked if asked > 0.0 else 0.0
        for link in self.pool_links[pool]:
            sent = self.order[link] * self.fill[graph.link_source[link]][graph.link_rank[link]]
            self.sent[link] = sent
            arriving[graph.link_lag_months[link]] += sent * (1.0 - public)
            to_stockpile[graph.link_lag_months[link]] += sent * public
        arrived = arriving[0]
        self.stockpile[pool] += to_stockpile[0]
        self.under_way[pool], self.public_under_way[pool] = [*arriving[1:], 0.0], [*to_stockpile[1:], 0.0]
        short = min(needed, self.need[pool]) - arrived
        self.calm[pool] = short <= NEGLIGIBLE * float(graph.pool_use[pool])
        short = min(short, float(graph.pool_use[pool]) - arrived)
        if short > 0.0:
            self.released[pool] = min(self.stockpile[pool], float(graph.pool_release[pool]), short)
            self.stockpile[pool] -= self.released[pool]
        arrived += self.released[pool]
        for slot in self.pool_slots[pool]:
            part = (
                self.want[slot] / needed
                if needed > NEGLIGIBLE * float(graph.pool_use[pool])
                else float(graph.slot_use[slot]) / float(graph.pool_use[pool])
            )
            self.received[slot] = part * arrived
            self.stock[slot] += self.received[slot]

    def _settle(self, unserved: list[float]) -> None:
        """Final use takes from stock; capacity ramps after orders; hosts of by-products are looked up."""
        graph = self.graph
        self.shortage = [0.0] * graph.slots
        for slot in range(graph.slots):
            if graph.slot_node[slot] == NOBODY:
                due = self.left[Hit.DEMAND][slot] * float(graph.slot_demand[slot]) + self.backlog[slot]
                served = min(due, self.stock[slot])
                self.stock[slot] -= served
                self.used[slot] = served
                self.shortage[slot] = due - served
                waiting = float(graph.slot_backorder_share[slot])
                self.backlog[slot] = waiting * self.shortage[slot]
                unserved[slot] += (1.0 - waiting) * self.shortage[slot]
        for node in range(graph.nodes):
            spare = float(graph.node_spare_share[node])
            still = self.left[Hit.CAPACITY][node] * float(graph.node_capacity[node])
            wanted = min(spare, max(0.0, self.orders[node] / still - 1.0)) if still > 0.0 else 0.0
            up = spare / float(graph.node_ramp_months[node]) * self.left[Hit.RAMP][node]
            down = spare / float(graph.node_unramp_months[node])
            self.ramp[node] = min(max(wanted, self.ramp[node] - down), self.ramp[node] + up)
            self.host_ratio[node] = (
                self.output[node] / float(graph.node_base[node]) if graph.node_base[node] > 0.0 else 1.0
            )
