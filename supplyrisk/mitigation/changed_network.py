"""The network with measures in place: what a supply graph moved, put back into the flows that scores are made from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.foundation.units import MONTHS_PER_YEAR
from supplyrisk.network.model import Network, ProductFlows
from supplyrisk.network.places import EU_UNSPECIFIED

Array = NDArray[np.float64]
_NOTHING = 1e-9
"""Part of a product's flow up to which a change is rounding of the supply graph."""


def network_after(network: Network, before: NamedGraph, after: NamedGraph) -> Network:
    """The network of ``before`` with what ``after`` moves: T + 12·(flow after − flow before), lane by lane.

    Output, needs, final and other uses change by the same units; so does output as published, unit for unit. What
    makers from scrap make takes no input of the chain, which counts as secondary input there; a maker with a mine of
    its own mines what it takes at its place. Products that nothing moves keep their object. Both graphs are of
    ``network``, with the same links; raises ``ValueError`` else.
    """
    if before.graph.links != after.graph.links or before.graph.slots != after.graph.slots:
        raise ValueError("the two graphs differ in their links or slots: one is not the other with measures in place")
    products = dict(network.products)
    moved = MONTHS_PER_YEAR * (after.graph.link_flow - before.graph.link_flow)
    used = MONTHS_PER_YEAR * (after.graph.slot_use - before.graph.slot_use)
    of_link = before.pool_product[before.graph.link_pool]
    of_slot = before.pool_product[before.graph.slot_pool]
    for number, product in enumerate(before.products):
        links, slots = np.flatnonzero(of_link == number), np.flatnonzero(of_slot == number)
        if np.abs(moved[links]).max(initial=0.0) > _NOTHING * network.products[product].flows.sum():
            products[product] = _moved(network.products[product], before, moved, used, links, slots)
    for (product, code), node in before.standalone.items():
        made = MONTHS_PER_YEAR * float(after.graph.node_base[node])
        if made > 0.0:
            for part in network.chain.inputs[product]:
                flows = products.get(part)
                if flows is None or product not in flows.coefficients:
                    continue
                place = network.places.index[code]
                has_mine = code != EU_UNSPECIFIED and not network.chain.inputs[part]
                products[part] = (
                    _with_own_mine(flows, product, place, made)
                    if has_mine
                    else _without_input(flows, product, place, _part_of_place(after, product, node))
                )
    return replace(network, products=products)


def changed_products(before: Network, after: Network) -> frozenset[str]:
    """Products that ``network_after`` changed."""
    return frozenset(name for name, flows in after.products.items() if flows is not before.products[name])


def _moved(
    flows: ProductFlows,
    named: NamedGraph,
    moved: Array,
    used: Array,
    links: NDArray[np.int64],
    slots: NDArray[np.int64],
) -> ProductFlows:
    graph, size = named.graph, len(named.places.codes)
    more = np.zeros((size, size))
    np.add.at(
        more, (named.node_place[graph.link_source[links]], named.pool_place[graph.link_pool[links]]), moved[links]
    )
    lanes, made = _at_least_nothing(flows.flows + more), more.sum(axis=1)
    place = named.pool_place[graph.slot_pool[slots]]

    def by_use(use: str, user: str | None = None) -> Array:
        own = np.array([named.slot_use[slot] == use for slot in slots], dtype=np.bool_)
        if user is not None:
            own &= named.node_product[graph.slot_node[slots]] == named.products.index(user)
        return np.bincount(place[own], used[slots[own]], size).astype(np.float64)

    return replace(
        flows,
        flows=lanes,
        supply=_at_least_nothing(flows.supply + made),
        published_supply=_at_least_nothing(flows.published_supply + made),
        needs={
            user: _at_least_nothing(need + by_use("maker", user)) if user in named.products else need
            for user, need in flows.needs.items()
        },
        final_demand=_at_least_nothing(flows.final_demand + by_use("final")),
        other_uses=_at_least_nothing(flows.other_uses + by_use("other")),
        dispatch=None,
    )


def _at_least_nothing(values: Array) -> Array:
    """Values with what rounding leaves of a flow that is gone taken for nothing."""
    return np.where(values > 1e-12 * np.abs(values).max(initial=0.0), values, 0.0)


def _part_of_place(after: NamedGraph, product: str, node: int) -> float:
    """Part of what a place makes of a product that one of its makers makes."""
    own = (after.node_product == after.products.index(product)) & (after.node_place == after.node_place[node])
    return float(after.graph.node_base[node] / after.graph.node_base[own].sum())


def _with_own_mine(flows: ProductFlows, product: str, place: int, made: float) -> ProductFlows:
    """A raw material with what a maker of ``product`` mines for itself."""
    own = np.zeros_like(flows.supply)
    own[place] = made * flows.coefficients[product][place]
    return replace(
        flows,
        flows=flows.flows + np.diag(own),
        supply=flows.supply + own,
        published_supply=flows.published_supply + own,
        needs={**flows.needs, product: flows.needs.get(product, np.zeros_like(own)) + own},
        dispatch=None,
    )


def _without_input(flows: ProductFlows, product: str, place: int, part: float) -> ProductFlows:
    """An input of ``product`` of which a part of its makers at a place takes none."""
    coefficient = flows.coefficients[product].copy()
    secondary = flows.secondary_share.get(product, np.zeros_like(coefficient)).copy()
    coefficient[place] *= 1.0 - part
    secondary[place] = 1.0 - (1.0 - secondary[place]) * (1.0 - part)
    return replace(
        flows,
        coefficients={**flows.coefficients, product: coefficient},
        secondary_share={**flows.secondary_share, product: secondary},
    )
