"""Measures on a supply graph: purchases, needs and stocks changed, and everything upstream brought to rest again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from supplyrisk.disruption.at_rest import at_rest
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.supply_graph import NOBODY, Floats, SupplyGraph
from supplyrisk.foundation.errors import InputError, NotKnownError
from supplyrisk.foundation.units import DAYS_PER_MONTH, MONTHS_PER_YEAR
from supplyrisk.mitigation.bought_together import bought_outside, moved_between_countries
from supplyrisk.mitigation.european_content import Idle, central_idle, with_plants_as_they_are
from supplyrisk.mitigation.purchase_masks import Mask, places_mask, products_mask
from supplyrisk.mitigation.purchases import PurchaseChange, shares_after
from supplyrisk.mitigation.read import Measure, products_in
from supplyrisk.mitigation.specification import (
    ChangeSpecification,
    Demand,
    DemandPath,
    Diversification,
    EuContentRequirement,
    IntegratedSupply,
    JointPurchasing,
    Recycling,
    Retaliation,
    SecondarySupply,
    Stockpile,
    Substitution,
)
from supplyrisk.mitigation.standalone import with_standalone_for


@dataclass(frozen=True)
class Quantity:
    """Units of a product."""

    product: str
    quantity: float


@dataclass(frozen=True)
class MeasureRetaliation:
    """What a country may do to a region because of a measure."""

    measure: str
    region: str
    retaliation: Retaliation


@dataclass(frozen=True)
class Applied:
    """The graph with measures in place.

    ``held`` in public stocks; ``moved`` a year to other suppliers, to makers from scrap, or to another product;
    ``together``: bought together a year. ``retaliations``: what others may do because of it, by measure. ``again``: the
    graph with other idle capacity of European makers; None where nothing hangs on it.
    """

    named: NamedGraph
    held: tuple[Quantity, ...] = ()
    moved: tuple[Quantity, ...] = ()
    together: tuple[Quantity, ...] = ()
    retaliations: tuple[MeasureRetaliation, ...] = ()
    again: Callable[[Idle], NamedGraph] | None = None


_ORDER = (
    (Substitution, Demand),
    (Diversification,),
    (JointPurchasing,),
    (EuContentRequirement,),
    (IntegratedSupply,),
    (SecondarySupply,),
    (Stockpile,),
)
"""Use changes first, then who sells (a least share of European content counts what has moved already), then new makers
with mines of their own and scrap take their part of purchases, and stocks are sized on what is left."""


def apply_measures(named: NamedGraph, measures: Sequence[Measure]) -> Applied:
    """All measures together, kind by kind (``_ORDER``) and in the order given within a kind.

    Raises ``InputError`` for a measure that, taken alone, does nothing with a product that it names; ``NotKnownError``
    where that is so because its users or makers were not known on the day.
    """
    named = with_standalone_for(named, measures)
    changes = list(_in_order(named, measures))
    hangs = [number for number, (_, change) in enumerate(changes) if isinstance(change, EuContentRequirement)]
    first = hangs[0] if hangs else len(changes)
    strict = len(measures) == 1
    # What comes before the first requirement does not hang on idle capacity, and is done once for all sets of numbers.
    before = _after(Applied(named), changes[:first], strict, central_idle)
    found = _after(before, changes[first:], strict, central_idle)
    again = (lambda other: _after(before, changes[first:], False, other).named) if hangs else None
    return replace(found, retaliations=tuple(dict.fromkeys(found.retaliations)), again=again)


def _after(start: Applied, changes: Sequence[tuple[Measure, ChangeSpecification]], strict: bool, idle: Idle) -> Applied:
    """What is applied already, with more changes one after the other."""
    named = start.named
    held, moved, together = list(start.held), list(start.moved), list(start.together)
    retaliations = list(start.retaliations)
    for measure, change in changes:
        before = named
        try:
            if isinstance(change, JointPurchasing):
                flows = [(product, change.share * bought_outside(named, product).sum()) for product in change.products]
                together += [Quantity(product, MONTHS_PER_YEAR * float(flow)) for product, flow in flows if flow > 0.0]
            if isinstance(change, Stockpile):
                named, own = _stocked(named, change)
                _check_used(change, {item.product for item in own})
                held += own
                continue
            changed, quantities = _changed(named, change, strict, idle)
        except InputError as error:
            raise error.retold(f"{measure.measure_id}.yaml: {error}") from error
        if changed is not None:
            named = replace(named, graph=at_rest(changed, named.graph))
            moved += _by_product(named, MONTHS_PER_YEAR * quantities)
            if isinstance(change, EuContentRequirement):
                named = with_plants_as_they_are(named, before, change.products)
                if change.retaliation is not None:
                    retaliations.append(MeasureRetaliation(measure.measure_id, change.region, change.retaliation))
    return Applied(named, tuple(held), tuple(moved), tuple(together), tuple(retaliations))


def _in_order(named: NamedGraph, measures: Sequence[Measure]) -> Iterator[tuple[Measure, ChangeSpecification]]:
    for kinds in _ORDER:
        for measure in measures:
            for change in measure.file.changes:
                assert not isinstance(change, Recycling | DemandPath), "it is worked out before a measure is applied"
                if isinstance(change, kinds):
                    yield from ((measure, part) for part in _one_by_one(named, change))


def _one_by_one(named: NamedGraph, change: ChangeSpecification) -> list[ChangeSpecification]:
    """A requirement of European content product by product, from the end product back: what it makes needs inputs."""
    if not isinstance(change, EuContentRequirement):
        return [change]
    products = sorted(change.products, key=lambda name: -named.products.index(name) if name in named.products else 0)
    return [change.model_copy(update={"products": (product,)}) for product in products]


def bought_in(named: NamedGraph, region: str) -> frozenset[str]:
    """Products that somebody in a region is known to buy: their place of use is known, and their chain is not cut."""
    places = named.places.of_region(region)
    here = places[named.pool_place] & (named.graph.pool_use > 0.0)
    return frozenset(
        named.products[number] for number in np.unique(named.pool_product[here]) if named.can_tell(int(number), places)
    )


def _check_used(change: ChangeSpecification, used: Collection[str]) -> None:
    """Raises ``NotKnownError`` for products that nobody uses: who does hangs on the makers known further down."""
    if unused := sorted(set(products_in(change)) - set(used)):
        raise NotKnownError(
            f"nobody in {change.region} is known to use {', '.join(unused)}, "
            f"so the {change.kind.replace('_', ' ')} of it does nothing. Take it out, or choose a later --as-of.",
            "users",
            products=unused,
        )


def _check_made(named: NamedGraph, change: ChangeSpecification) -> None:
    """Raises ``NotKnownError`` where purchases are to move to places in which no maker is known.

    Raises ``InputError`` where a new maker is to stand in a place that the network does not have.
    """
    if isinstance(change, IntegratedSupply) and change.place not in named.places.index:
        raise InputError(
            f"{change.place} is no place of the network: no figure names it. Choose another member state of the EU."
        )
    if isinstance(change, EuContentRequirement):
        goal, where = named.places.in_eu, "the EU"
    elif isinstance(change, Diversification) and change.to:
        goal, where = places_mask(named, change.to), ", ".join(change.to)
    else:
        return
    makes = named.graph.node_base > 0.0
    if unmade := [name for name in change.products if not makes[named.nodes_of(frozenset([name]), goal)].any()]:
        raise NotKnownError(
            f"no maker of {', '.join(unmade)} in {where} is known: purchases have nowhere to move to. "
            "Take it out, or see `supplyrisk graph --product PRODUCT` for who supplies whom.",
            "makers",
            products=unmade,
        )


def touches(named: NamedGraph, measure: Measure) -> bool:
    """Whether the measure does something in a graph that it was not written for, where doing nothing is no mistake.

    As a measure checked on this year's network in that of a later year, or a plan that was worked out.
    """
    try:
        apply_measures(named, [measure])
    except InputError:
        return False
    return True


def _changed(
    named: NamedGraph, change: ChangeSpecification, strict: bool, idle: Idle
) -> tuple[SupplyGraph | None, Floats]:
    """The graph changed (None where nothing is), and units a month that move, by number of the product.

    Raises ``InputError`` where, if ``strict``, a product that the change names stays as it is.
    """
    graph, places = named.graph, named.places.of_region(change.region)
    if isinstance(change, PurchaseChange):
        if strict:
            _check_used(change, bought_in(named, change.region))
            _check_made(named, change)
        share = shares_after(named, change, places, strict, idle)
        flow = np.maximum(share - graph.link_share, 0.0) * graph.pool_use[graph.link_pool]
        changed = np.bincount(named.pool_product[graph.link_pool], flow, len(named.products)).astype(np.float64)
        moved = changed
        if isinstance(change, JointPurchasing):
            # Who in the region buys from whom is no move that anyone asks a premium for; another mix of countries is.
            moved = np.zeros(len(named.products))
            for product in set(change.products) & set(named.products):
                moved[named.products.index(product)] = moved_between_countries(named, share, product)
        stay = [product for product in products_in(change) if not changed[named.products.index(product)] > 0.0]
        if strict and stay:
            raise InputError(
                f"the {change.kind.replace('_', ' ')} of {', '.join(stay)} in {change.region} touches nothing in the "
                "network. Take it out, or see `supplyrisk graph --product PRODUCT` for who supplies whom."
            )
        return replace(graph, link_share=share) if flow.any() else None, moved
    final = graph.slot_node == NOBODY
    inside = places[named.pool_place[graph.slot_pool]]
    product_of = named.pool_product[graph.slot_pool]
    if isinstance(change, Demand):
        own = final & inside & products_mask(named, change.products)[product_of]
        more = np.where(own, 1.0 + change.change_share, 1.0)
        used = {named.products[number] for number in product_of[own]}
        if strict:
            _check_used(change, used)
        return replace(graph, slot_demand=graph.slot_demand * more) if own.any() else None, np.zeros(0)
    assert isinstance(change, Substitution)
    if strict:
        _check_used(change, bought_in(named, change.region))
    units = [named.unit.get(product) for product in (change.from_product, change.to_product)]
    if units[0] != units[1]:
        raise InputError(
            f"{change.from_product} is counted in {units[0]} and {change.to_product} in {units[1]}: "
            "they cannot replace each other in equal units. Choose two products with the same unit."
        )
    demand = _substituted(named, change, final & inside, product_of)
    left = np.maximum(graph.slot_demand - demand, 0.0)
    if strict and not left.any():
        raise InputError(
            f"the substitution of {change.from_product} by {change.to_product} in {change.region} "
            "touches nothing in the network: no place there uses both."
        )
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
    known = bought_in(named, change.region) & set(change.products)
    own = products_mask(named, known)[named.pool_product] & places[named.pool_place]
    quantity = np.where(own, graph.pool_use * change.days / DAYS_PER_MONTH, 0.0)
    by_product = np.bincount(named.pool_product, quantity, len(named.products)).astype(np.float64)
    stocked = replace(
        graph,
        pool_stockpile=graph.pool_stockpile + quantity,
        pool_release=graph.pool_release + quantity / change.release_months,
        pool_refill=graph.pool_refill + (0.0 if change.refill_months is None else quantity / change.refill_months),
    )
    return replace(named, graph=stocked), _by_product(named, by_product)


def _by_product(named: NamedGraph, quantities: Floats) -> list[Quantity]:
    return [Quantity(named.products[number], float(quantities[number])) for number in np.flatnonzero(quantities > 0.0)]
