"""Shocks on a supply graph from the shocks of a scenario."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.shocks import Hit, Shock
from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.problems import ProblemCollector, describe_problems
from supplyrisk.network.places import EU_REGION, WORLD
from supplyrisk.scenario.compose import Scenario, ShockKind
from supplyrisk.scenario.specification import (
    Demand,
    DemandPath,
    ExportRestriction,
    HazardLoss,
    LaneClosure,
    OutputLoss,
    Tariff,
    TechnologyControl,
)

Mask = NDArray[np.bool_]


class ScenarioDoesNotFitError(InputError):
    """Shocks of a scenario touch nothing in the network: a mistake, or not known on the day; ``products`` of them."""

    def __init__(self, message: str, products: tuple[str, ...]) -> None:
        super().__init__(message)
        self.products = products


@dataclass(frozen=True)
class NamedShock:
    """A shock, its name in the scenario, and what it touches a month at rest, by product in its unit."""

    name: str
    shock: Shock
    hit_per_month: Mapping[str, float]


def shocks_of(named: NamedGraph, scenario: Scenario, hazards: Mapping[str, Collection[str]]) -> tuple[NamedShock, ...]:
    """The shocks of a scenario on a graph.

    ``hazards``: products that events of each class have hit. Raises ``ScenarioDoesNotFitError`` with every shock that
    touches nothing (nobody there makes, sells or uses the product) and every country that is only part of the rest of
    the world.
    """
    collector = ProblemCollector()
    found = []
    astray: set[str] = set()
    for name, specification in scenario.shocks.items():
        where = f"shocks.{name}"
        unknown = [code for code in _countries_of(specification) if not _has_place(named, code)]
        for code in unknown:
            collector.add(
                file=f"{scenario.scenario_id}.yaml",
                where=where,
                message=f"{code} is part of the rest of the world in the network: nothing is known of it alone",
                mend="Take it out; what it makes or uses of these products is small or not published.",
            )
        if unknown:
            astray |= _products_of(specification)
            continue
        hit, members, severity = _members(named, specification, hazards)
        if len(members) == 0:
            astray |= _products_of(specification)
            product = min(_products_of(specification), default="PRODUCT")
            collector.add(
                file=f"{scenario.scenario_id}.yaml",
                where=where,
                message="it touches nothing: no such maker, lane or user in the network",
                mend=f"See `supplyrisk graph --product {product}` for who supplies whom.",
            )
            continue
        shock = Shock(
            hit=hit,
            members=tuple(int(member) for member in members),
            start=specification.start_month - 1,
            length=specification.months,
            severity=severity,
            recovery=specification.recovery_months,
        )
        found.append(NamedShock(name, shock, touched(named, hit, members)))
    if collector.problems:
        title = f"The scenario {scenario.scenario_id} does not fit the network"
        raise ScenarioDoesNotFitError(describe_problems(title, collector.problems), tuple(sorted(astray)))
    return tuple(found)


def touched(named: NamedGraph, hit: Hit, members: NDArray[np.int64]) -> dict[str, float]:
    """What members make, carry or use a month at rest, by product."""
    graph = named.graph
    if hit in (Hit.CAPACITY, Hit.RAMP):
        product, quantity = named.node_product[members], graph.node_base[members]
    elif hit is Hit.DEMAND:
        product, quantity = named.pool_product[graph.slot_pool[members]], graph.slot_demand[members]
    else:
        product, quantity = named.pool_product[graph.link_pool[members]], graph.link_flow[members]
    total = np.bincount(product, quantity, len(named.products))
    return {named.products[number]: float(total[number]) for number in np.unique(product)}


def _members(
    named: NamedGraph, shock: ShockKind, hazards: Mapping[str, Collection[str]]
) -> tuple[Hit, NDArray[np.int64], float]:
    assert not isinstance(shock, DemandPath), "a path of demand is worked out before a scenario runs"
    if isinstance(shock, OutputLoss | HazardLoss):
        hit_by = hazards[shock.hazard] if isinstance(shock, HazardLoss) else shock.products
        return Hit.CAPACITY, named.nodes_of(_products(named, hit_by), _places(named, shock.countries)), shock.share
    if isinstance(shock, TechnologyControl):
        places = _places(named, shock.countries) & ~_places(named, shock.except_countries)
        return Hit.RAMP, named.nodes_of(_products(named, shock.products), places), shock.slows_share
    if isinstance(shock, Demand):
        slots = named.final_slots_of(_products(named, shock.products), _places(named, shock.countries))
        return Hit.DEMAND, slots, -shock.change_share
    products = _products(named, shock.products)
    if isinstance(shock, LaneClosure):
        one, other = _places(named, shock.between), _places(named, shock.and_)
        links = np.union1d(named.links_of(products, one, other), named.links_of(products, other, one))
        return Hit.LANE, links, shock.share
    buyers = _places(named, shock.to)
    if isinstance(shock, ExportRestriction):
        links = _exports(named, products, shock.from_, buyers & ~_places(named, shock.except_to))
        return Hit.LANE, links, shock.share
    assert isinstance(shock, Tariff)
    kept = (1.0 + shock.rate_share) ** -shock.elasticity
    return Hit.PREFERENCE, _exports(named, products, shock.from_, buyers), 1.0 - kept


def _exports(named: NamedGraph, products: frozenset[str], sellers: Collection[str], buyers: Mask) -> NDArray[np.int64]:
    """Links from sellers to buyers abroad: for the EU as a seller, what leaves its single market."""
    if sellers == "all" or EU_REGION not in sellers:
        return named.links_of(products, _places(named, sellers), buyers)
    others = [code for code in sellers if code != EU_REGION]
    leaving = named.links_of(products, named.places.in_eu, buyers & ~named.places.in_eu)
    return np.union1d(leaving, named.links_of(products, _places(named, others), buyers))


def _products(named: NamedGraph, words: Collection[str]) -> frozenset[str]:
    return frozenset(named.products) if words == "all" else frozenset(words)


def _places(named: NamedGraph, words: Collection[str]) -> Mask:
    codes = [WORLD] if words == "all" else words
    found = np.zeros(len(named.places.codes), dtype=np.bool_)
    for code in codes:
        found |= named.places.of_region(code)
    return found


def _has_place(named: NamedGraph, code: str) -> bool:
    return code == EU_REGION or code in named.places.index


def _countries_of(shock: ShockKind) -> list[str]:
    found: list[str] = []
    for field in ("countries", "except_countries", "from_", "to", "except_to", "between", "and_"):
        value = getattr(shock, field, ())
        found += [] if value == "all" else value
    return found


def _products_of(shock: ShockKind) -> frozenset[str]:
    """Products that a shock names; none where it is on all, or on a class of hazard."""
    products = getattr(shock, "products", "all")
    return frozenset() if products == "all" else frozenset(products)
