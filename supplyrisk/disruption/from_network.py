"""A supply graph from a network: yearly flows as months at rest, with stocks, idle capacity and switching on top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from supplyrisk.disruption.named_graph import NamedGraph, Use
from supplyrisk.disruption.rules import Rules
from supplyrisk.disruption.supply_graph import NOBODY, Floats, Integers, SupplyGraph
from supplyrisk.foundation.units import MONTHS_PER_YEAR
from supplyrisk.network.model import Network


@dataclass(frozen=True)
class Hosts:
    """Products whose output limits a by-product.

    ``weights``: how much of the by-product the figures give to each, to choose between hosts at one place; ``share``:
    part of the world's by-product that hangs on all of them together.
    """

    weights: Mapping[str, float]
    share: float


def graph_of_network(network: Network, hosts: Mapping[str, Hosts]) -> NamedGraph:
    """The network of one year as a supply graph at rest, a twelfth of the year a month, without stocks or reserves.

    Base output is what is bought over the lanes; needs are those met (a shortage of the statistics is part of the
    base). ``hosts`` by by-product; at each place the host that weighs most there counts, with the share of all hosts.
    """
    products = tuple(reversed([product for product in network.chain.products if product in network.products]))
    named = _Builder(network, hosts, products).build()
    named.graph.check()
    return named


class _Builder:
    """Collects nodes, pools, slots and links product by product, from the mine to the end product."""

    def __init__(
        self,
        network: Network,
        hosts: Mapping[str, Hosts],
        products: tuple[str, ...],
    ) -> None:
        self.network, self.hosts, self.products = network, hosts, products
        self.places = network.places
        self.flows = {product: network.products[product].flows / MONTHS_PER_YEAR for product in products}
        self.made = {product: np.asarray(flows.sum(axis=1)) for product, flows in self.flows.items()}
        self.bought = {product: np.asarray(flows.sum(axis=0)) for product, flows in self.flows.items()}
        self.node_of: dict[tuple[int, int], int] = {}

    def build(self) -> NamedGraph:
        nodes = [
            (number, int(place))
            for number, product in enumerate(self.products)
            for place in np.flatnonzero(self.made[product] > 0.0)
        ]
        self.node_of = {node: position for position, node in enumerate(nodes)}
        pools = [
            (number, int(place))
            for number, product in enumerate(self.products)
            for place in np.flatnonzero(self.bought[product] > 0.0)
        ]
        node_product = np.array([number for number, _ in nodes], dtype=np.int64)
        node_place = np.array([place for _, place in nodes], dtype=np.int64)
        pool_product = np.array([number for number, _ in pools], dtype=np.int64)
        pool_place = np.array([place for _, place in pools], dtype=np.int64)
        slots = [slot for pool, (number, place) in enumerate(pools) for slot in self._slots(pool, number, place)]
        graph = SupplyGraph(
            **self._node_columns(nodes),
            **self._slot_columns(slots),
            pool_stage=pool_product,
            pool_switch_share=np.ones(len(pools)),
            pool_stockpile=np.zeros(len(pools)),
            pool_release=np.zeros(len(pools)),
            pool_refill=np.zeros(len(pools)),
            **self._link_columns(pools),
        )
        return NamedGraph(
            graph=graph,
            places=self.places,
            products=self.products,
            node_product=node_product,
            node_place=node_place,
            slot_use=tuple(slot.use for slot in slots),
            pool_product=pool_product,
            pool_place=pool_place,
            unit={product: self.network.products[product].unit for product in self.products},
            place_known={product: self.network.products[product].use_place_known for product in self.products},
            rules=Rules(),
            cut=self._cut(),
        )

    def _cut(self) -> frozenset[str]:
        """Products of the chain with an input, on any tier, that nobody is known to make."""
        chain = self.network.chain
        known = {product for product in self.products if self.made[product].sum() > 0.0}

        def is_cut(product: str) -> bool:
            return any(part not in known or is_cut(part) for part in chain.inputs[product])

        return frozenset(product for product in chain.products if product not in known or is_cut(product))

    def _node_columns(self, nodes: list[tuple[int, int]]) -> dict[str, Any]:
        product = np.array([number for number, _ in nodes], dtype=np.int64)
        base = np.array([self.made[self.products[number]][place] for number, place in nodes])
        host, share = np.full(len(nodes), NOBODY), np.zeros(len(nodes))
        for position, (number, place) in enumerate(nodes):
            host[position], share[position] = self._host(self.products[number], place)
        return {
            "node_stage": product,
            "node_base": base,
            "node_capacity": base,
            "node_spare_share": np.zeros(len(nodes)),
            "node_ramp_months": np.ones(len(nodes)),
            "node_unramp_months": np.ones(len(nodes)),
            "node_host": host,
            "node_host_share": share,
        }

    def _host(self, product: str, place: int) -> tuple[int, float]:
        """The host that weighs most at a place: its share times its part of the world's output of the host there."""
        best, most = NOBODY, 0.0
        known = self.hosts.get(product)
        if known is None:
            return NOBODY, 0.0
        for host, weight in known.weights.items():
            made = self.made.get(host)
            if made is None or not made[place] > 0.0:
                continue
            here = weight * float(made[place] / made.sum())
            if here > most:
                best, most = self.node_of[self.products.index(host), place], here
        return best, known.share if best != NOBODY else 0.0

    def _slots(self, pool: int, number: int, place: int) -> list[_Slot]:
        """Makers in the order of their product, then final and other uses; their uses add up to what is bought."""
        product = self.products[number]
        flows = self.network.products[product]
        parts: list[tuple[Use, int, float]] = [
            ("maker", self.node_of[self.products.index(user), place], float(need[place]))
            for user, need in sorted(flows.needs.items())
            if need[place] > 0.0 and user in self.made and self.made[user][place] > 0.0
        ]
        if flows.final_demand[place] > 0.0:
            parts.append(("final", NOBODY, float(flows.final_demand[place])))
        if flows.other_uses[place] > 0.0:
            parts.append(("other", NOBODY, float(flows.other_uses[place])))
        scale = self.bought[product][place] / sum(quantity for _, _, quantity in parts)
        return [_Slot(pool, number, use, node, quantity * scale) for use, node, quantity in parts]

    def _slot_columns(self, slots: list[_Slot]) -> dict[str, Any]:
        made = np.array([self._made_by(slot.node) for slot in slots])
        quantity = np.array([slot.quantity for slot in slots])
        inner = np.array([slot.node != NOBODY for slot in slots])
        mix, group, rise = self._groups(slots)
        return {
            "slot_pool": np.array([slot.pool for slot in slots], dtype=np.int64),
            "slot_node": np.array([slot.node for slot in slots], dtype=np.int64),
            "slot_need": np.where(inner, quantity / np.where(inner, made, 1.0) / mix, 0.0),
            "slot_mix": mix,
            "slot_mix_rise": rise,
            "slot_group": group,
            "slot_stock": np.zeros(len(slots)),
            "slot_refill_months": np.ones(len(slots)),
            "slot_demand": np.where(inner, 0.0, quantity),
            "slot_backorder_share": np.zeros(len(slots)),
        }

    def _made_by(self, node: int) -> float:
        if node == NOBODY:
            return 0.0
        number, place = self._nodes[node]
        return float(self.made[self.products[number]][place])

    @cached_property
    def _nodes(self) -> list[tuple[int, int]]:
        return list(self.node_of)

    def _groups(self, slots: list[_Slot]) -> tuple[Floats, Integers, Floats]:
        """Part, group and monthly rise of inputs that replace each other, tonne for tonne."""
        mix, group, rise = np.ones(len(slots)), np.full(len(slots), NOBODY), np.zeros(len(slots))
        for number, specification in enumerate(self.network.chain.groups):
            if specification.product is None or specification.product not in self.products:
                continue
            maker = self.products.index(specification.product)
            members = {self.products.index(name) for name in specification.members if name in self.products}
            by_node: dict[int, list[int]] = {}
            for position, slot in enumerate(slots):
                if slot.node != NOBODY and slot.product in members and self._nodes[slot.node][0] == maker:
                    by_node.setdefault(slot.node, []).append(position)
            for positions in by_node.values():
                if len(positions) > 1:
                    quantity = np.array([slots[position].quantity for position in positions])
                    mix[positions] = quantity / quantity.sum()
                    group[positions] = number
                    rise[positions] = specification.switching_limit_share.value / MONTHS_PER_YEAR
        return mix, group, rise

    def _link_columns(self, pools: list[tuple[int, int]]) -> dict[str, Any]:
        pool, source, share = [], [], []
        for position, (number, place) in enumerate(pools):
            flows = self.flows[self.products[number]][:, place]
            for seller in np.flatnonzero(flows > 0.0):
                pool.append(position)
                source.append(self.node_of[number, int(seller)])
                share.append(flows[seller])
        pools_of = np.array(pool, dtype=np.int64)
        shares = np.array(share)
        return {
            "link_pool": pools_of,
            "link_source": np.array(source, dtype=np.int64),
            "link_share": shares / np.bincount(pools_of, shares)[pools_of],
            "link_lag_months": np.zeros(len(pool), dtype=np.int64),
            "link_rank": np.zeros(len(pool), dtype=np.int64),
        }


@dataclass(frozen=True)
class _Slot:
    pool: int
    product: int
    use: Use
    node: int
    quantity: float
