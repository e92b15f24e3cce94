"""Measures on a supply graph: purchases, needs and stocks changed, and everything upstream brought to rest again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from supplyrisk.disruption.at_rest import at_rest
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.supply_graph import NOBODY, Floats, SupplyGraph
from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.units import DAYS_PER_MONTH
from supplyrisk.mitigation.read import Measure, products_in
from supplyrisk.mitigation.specification import (
    ChangeSpecification,
    Demand,
    Diversification,
    Stockpile,
    Substitution,
)
from supplyrisk.network.places import EU_REGION

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Held:
    """Units of a product held in public stocks."""

    product: str
    quantity: float


@dataclass(frozen=True)
class Applied:
    """The graph with measures in place, and what they hold."""

    named: NamedGraph
    held: tuple[Held, ...]


def apply_measures(named: NamedGraph, measures: Sequence[Measure]) -> Applied:
    """All measures together, in the order given; stocks are sized on the use that the others leave.

    Raises ``InputError`` for a measure that touches nothing in the network.
    """
    stocks = []
    for measure in measures:
        for change in measure.file.changes:
            if isinstance(change, Stockpile):
                stocks.append((measure, change))
                continue
            changed = _changed(named, change)
            if changed is None:
                about = f"{change.kind} of {', '.join(products_in(change))} in {change.region}"
                raise InputError(
                    f"{measure.measure_id}.yaml: the {about} touches nothing in the network. "
                    "See `supplyrisk graph --product PRODUCT` for who supplies whom."
                )
            named = replace(named, graph=at_rest(changed, named.graph))
    held: list[Held] = []
    for measure, change in stocks:
        named, own = _stocked(named, change)
        if unused := sorted(set(change.products) - {item.product for item in own}):
            raise InputError(
                f"{measure.measure_id}.yaml: nobody in {change.region} is known to use {', '.join(unused)}, "
                "so nothing can be held in days of use. Take it out."
            )
        held += own
    return Applied(named, tuple(held))


def touches(named: NamedGraph, measure: Measure) -> bool:
    """Whether the measure changes anything in the graph."""
    try:
        apply_measures(named, [measure])
    except InputError:
        return False
    return True


def _changed(named: NamedGraph, change: ChangeSpecification) -> SupplyGraph | None:
    graph, places = named.graph, named.places.of_region(change.region)
    if isinstance(change, Diversification):
        share = _moved(named, change, places)
        return None if np.array_equal(share, graph.link_share) else replace(graph, link_share=share)
    final = graph.slot_node == NOBODY
    inside = places[named.pool_place[graph.slot_pool]]
    product_of = named.pool_product[graph.slot_pool]
    if isinstance(change, Demand):
        own = final & inside & _of(named, change.products)[product_of]
        more = np.where(own, 1.0 + change.change_share, 1.0)
        return replace(graph, slot_demand=graph.slot_demand * more) if own.any() else None
    assert isinstance(change, Substitution)
    return _substituted(named, change, final & inside, product_of)


def _substituted(
    named: NamedGraph, change: Substitution, own: Mask, product_of: NDArray[np.int64]
) -> SupplyGraph | None:
    """Use moves place by place; where the other product is not used yet, it stays."""
    graph = named.graph
    place_of = named.pool_place[graph.slot_pool]
    demand = graph.slot_demand.copy()
    sources = np.flatnonzero(own & _of(named, [change.from_product])[product_of])
    goals = np.flatnonzero(own & _of(named, [change.to_product])[product_of])
    moved = False
    for slot in sources:
        here = goals[place_of[goals] == place_of[slot]]
        if len(here) > 0:
            part = change.share * graph.slot_demand[slot]
            demand[slot] -= part
            demand[here[0]] += part
            moved = True
    return replace(graph, slot_demand=demand) if moved else None


def _moved(named: NamedGraph, change: Diversification, places: Mask) -> Floats:
    """Shares of links with purchases moved; where there is no other supplier to move to, they stay."""
    graph = named.graph
    wanted = _of(named, change.products)
    pools = np.flatnonzero(wanted[named.pool_product] & places[named.pool_place])
    away = _places(named, change.away_from)
    goal = _places(named, change.to) if change.to else ~away
    starts = np.searchsorted(graph.link_pool, np.arange(graph.pools + 1))
    share = graph.link_share.copy()
    for pool in pools:
        links = np.arange(starts[pool], starts[pool + 1])
        seller = named.node_place[graph.link_source[links]]
        home = seller == named.pool_place[pool]
        leaving = links[away[seller] & ~home]
        taking = links[goal[seller] & ~away[seller]]
        room = graph.link_share[taking].sum()
        if len(leaving) == 0 or room <= 0.0:
            continue
        part = change.share * graph.link_share[leaving].sum()
        share[leaving] -= change.share * graph.link_share[leaving]
        share[taking] += part * graph.link_share[taking] / room
    return share


def _stocked(named: NamedGraph, change: Stockpile) -> tuple[NamedGraph, list[Held]]:
    graph, places = named.graph, named.places.of_region(change.region)
    own = _of(named, change.products)[named.pool_product] & places[named.pool_place]
    quantity = np.where(own, graph.pool_use * change.days / DAYS_PER_MONTH, 0.0)
    by_product = np.bincount(named.pool_product, quantity, len(named.products))
    held = [Held(named.products[k], float(by_product[k])) for k in np.flatnonzero(by_product > 0.0)]
    stocked = replace(
        graph,
        pool_stockpile=graph.pool_stockpile + quantity,
        pool_release=graph.pool_release + quantity / change.release_months,
    )
    return replace(named, graph=stocked), held


def _of(named: NamedGraph, products: Collection[str]) -> Mask:
    return np.array([product in products for product in named.products])


def _places(named: NamedGraph, codes: Collection[str]) -> Mask:
    found = np.zeros(len(named.places.codes), dtype=np.bool_)
    for code in codes:
        if code == EU_REGION or code in named.places.index:
            found |= named.places.of_region(code)
    return found
