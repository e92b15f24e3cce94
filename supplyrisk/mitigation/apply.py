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
from supplyrisk.foundation.units import DAYS_PER_MONTH, MONTHS_PER_YEAR
from supplyrisk.mitigation.purchases import Mask, products_mask, shares_after
from supplyrisk.mitigation.read import Measure, products_in
from supplyrisk.mitigation.specification import (
    ChangeSpecification,
    Demand,
    DemandPath,
    Diversification,
    Recycling,
    SecondarySupply,
    Stockpile,
    Substitution,
)


@dataclass(frozen=True)
class Quantity:
    """Units of a product."""

    product: str
    quantity: float


@dataclass(frozen=True)
class Applied:
    """The graph with measures in place.

    ``held`` in public stocks; ``moved`` a year to other suppliers, to makers from scrap, or to another product.
    """

    named: NamedGraph
    held: tuple[Quantity, ...]
    moved: tuple[Quantity, ...]


def apply_measures(named: NamedGraph, measures: Sequence[Measure]) -> Applied:
    """All measures together, in the order given; stocks are sized on the use that the others leave.

    Raises ``InputError`` for a measure that touches nothing in the network.
    """
    stocks, moved = [], []
    for measure in measures:
        for change in measure.file.changes:
            if isinstance(change, Stockpile):
                stocks.append((measure, change))
                continue
            assert not isinstance(change, Recycling | DemandPath), "it is worked out before a measure is applied"
            if isinstance(change, SecondarySupply):
                _check_used(measure, change, change.shares, bought_in(named, change.region))
            changed, quantities = _changed(named, change)
            if changed is None:
                about = f"{change.kind} of {', '.join(products_in(change))} in {change.region}"
                raise InputError(
                    f"{measure.measure_id}.yaml: the {about} touches nothing in the network. "
                    "See `supplyrisk graph --product PRODUCT` for who supplies whom."
                )
            named = replace(named, graph=at_rest(changed, named.graph))
            moved += _by_product(named, MONTHS_PER_YEAR * quantities)
    held: list[Quantity] = []
    for measure, change in stocks:
        named, own = _stocked(named, change)
        _check_used(measure, change, change.products, {item.product for item in own})
        held += own
    return Applied(named, tuple(held), tuple(moved))


def bought_in(named: NamedGraph, region: str) -> frozenset[str]:
    """Products that somebody in a region buys."""
    here = named.places.of_region(region)[named.pool_place] & (named.graph.pool_use > 0.0)
    return frozenset(named.products[number] for number in named.pool_product[here])


def _check_used(measure: Measure, change: ChangeSpecification, wanted: Collection[str], used: Collection[str]) -> None:
    if unused := sorted(set(wanted) - set(used)):
        raise InputError(
            f"{measure.measure_id}.yaml: nobody in {change.region} is known to use {', '.join(unused)}, "
            f"so a {change.kind.replace('_', ' ')} of it does nothing. Take it out."
        )


def touches(named: NamedGraph, measure: Measure) -> bool:
    """Whether the measure changes anything in the graph."""
    try:
        apply_measures(named, [measure])
    except InputError:
        return False
    return True


def _changed(named: NamedGraph, change: ChangeSpecification) -> tuple[SupplyGraph | None, Floats]:
    """The graph changed (None where nothing is), and units a month that move, by number of the product."""
    graph, places = named.graph, named.places.of_region(change.region)
    if isinstance(change, Diversification | SecondarySupply):
        share = shares_after(named, change, places)
        flow = np.maximum(share - graph.link_share, 0.0) * graph.pool_use[graph.link_pool]
        moved = np.bincount(named.pool_product[graph.link_pool], flow, len(named.products)).astype(np.float64)
        return replace(graph, link_share=share) if flow.any() else None, moved
    final = graph.slot_node == NOBODY
    inside = places[named.pool_place[graph.slot_pool]]
    product_of = named.pool_product[graph.slot_pool]
    if isinstance(change, Demand):
        own = final & inside & products_mask(named, change.products)[product_of]
        more = np.where(own, 1.0 + change.change_share, 1.0)
        return replace(graph, slot_demand=graph.slot_demand * more) if own.any() else None, np.zeros(0)
    assert isinstance(change, Substitution)
    demand = _substituted(named, change, final & inside, product_of)
    left = np.maximum(graph.slot_demand - demand, 0.0)
    moved = np.bincount(product_of, left, len(named.products)).astype(np.float64)
    return replace(graph, slot_demand=demand) if left.any() else None, moved


def _substituted(named: NamedGraph, change: Substitution, own: Mask, product_of: NDArray[np.int64]) -> Floats:
    """Final demand with use moved place by place; where the other product is not used yet, it stays."""
    graph = named.graph
    place_of = named.pool_place[graph.slot_pool]
    demand = graph.slot_demand.copy()
    sources = np.flatnonzero(own & products_mask(named, [change.from_product])[product_of])
    goals = np.flatnonzero(own & products_mask(named, [change.to_product])[product_of])
    for slot in sources:
        here = goals[place_of[goals] == place_of[slot]]
        if len(here) > 0:
            part = change.share * graph.slot_demand[slot]
            demand[slot] -= part
            demand[here[0]] += part
    return demand


def _stocked(named: NamedGraph, change: Stockpile) -> tuple[NamedGraph, list[Quantity]]:
    graph, places = named.graph, named.places.of_region(change.region)
    own = products_mask(named, change.products)[named.pool_product] & places[named.pool_place]
    quantity = np.where(own, graph.pool_use * change.days / DAYS_PER_MONTH, 0.0)
    by_product = np.bincount(named.pool_product, quantity, len(named.products)).astype(np.float64)
    stocked = replace(
        graph,
        pool_stockpile=graph.pool_stockpile + quantity,
        pool_release=graph.pool_release + quantity / change.release_months,
    )
    return replace(named, graph=stocked), _by_product(named, by_product)


def _by_product(named: NamedGraph, quantities: Floats) -> list[Quantity]:
    return [Quantity(named.products[number], float(quantities[number])) for number in np.flatnonzero(quantities > 0.0)]
