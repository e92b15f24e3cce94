"""What events can hit in a network: makers of a product in a country, or what leaves that country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.shocks import Hit, Shock
from supplyrisk.hazards.events import CLASSES, ON_EXPORTS
from supplyrisk.hazards.model import HazardModel

Integers = NDArray[np.int64]
NOTHING = -1
"""Target of a product that a country makes but that has no node, or no lane, in the network."""

RUNNING = "running_measure"
"""Stands in the place of a class of hazard for a measure that is in force in every draw."""


@dataclass(frozen=True)
class InForce:
    """A measure in force from the first month on: who took it, on which products, and the shock it is."""

    country: str
    products: tuple[str, ...]
    shock: Shock


@dataclass(frozen=True)
class Targets:
    """Sets of nodes (``Hit.CAPACITY``) and of links (``Hit.LANE``) by product and country.

    ``set_start`` and ``members`` as in ``ShockTable``; ``output`` and ``exports``: set by (product, country).
    """

    set_start: Integers
    members: Integers
    hits: Sequence[Hit]
    output: dict[tuple[str, str], int]
    exports: dict[tuple[str, str], int]

    def of(self, hazard: str, products: Sequence[str], country: str) -> Integers:
        """Set hit for each of a country's products by a class of hazard, ``NOTHING`` where the network has none."""
        found = self.exports if hazard in ON_EXPORTS else self.output
        return np.array([found.get((product, country), NOTHING) for product in products], dtype=np.int64)


def _targets_of(named: NamedGraph, hazards: HazardModel, in_force: Sequence[InForce]) -> Targets:
    """Every maker of the network that the hazards know, and its lanes abroad; then what measures in force touch.

    The single market stays open: what a member of the EU restricts leaves the union.
    """
    members: list[Integers] = []
    hits: list[Hit] = []
    output: dict[tuple[str, str], int] = {}
    exports: dict[tuple[str, str], int] = {}
    everyone = np.ones(len(named.places.codes), dtype=np.bool_)
    for country, products in hazards.makers.made.items():
        if country not in named.places.index:
            continue
        seller = named.places.of_region(country)
        inside = bool((named.places.in_eu & seller).any())
        buyers = everyone & ~named.places.in_eu if inside else everyone
        for product in products:
            for found, hit, own in (
                (output, Hit.CAPACITY, named.nodes_of(frozenset([product]), seller)),
                (exports, Hit.LANE, named.links_of(frozenset([product]), seller, buyers)),
            ):
                if len(own) > 0:
                    found[product, country] = len(members)
                    members.append(own)
                    hits.append(hit)
    for measure in in_force:
        members.append(np.array(measure.shock.members, dtype=np.int64))
        hits.append(measure.shock.hit)
    sizes = [len(own) for own in members]
    return Targets(
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        np.concatenate(members).astype(np.int64),
        hits,
        output,
        exports,
    )


@dataclass(frozen=True)
class Cell:
    """A class of hazard in a country: products with the chance of a hit, share of world output, and target."""

    hazard: str
    country: str
    products: Sequence[str]
    chance: NDArray[np.float64]
    share: NDArray[np.float64]
    targets: Integers


@dataclass(frozen=True)
class Standing:
    """A measure in force as it enters every draw: its cell, its target, the part that it holds back and its months."""

    cell: int
    target: int
    severity: float
    length: int


@dataclass(frozen=True)
class HitMap:
    """Where events and measures in force fall: ``cells`` of hazards (and one for each measure), and their targets."""

    targets: Targets
    cells: tuple[Cell, ...]
    standing: tuple[Standing, ...] = ()


def hit_map(named: NamedGraph, hazards: HazardModel, in_force: Sequence[InForce] = ()) -> HitMap:
    """Every class in every country that makes something, in the order of the table of rates; then measures in force."""
    targets = _targets_of(named, hazards, in_force)
    cells = []
    for hazard in CLASSES:
        for country in sorted(hazards.makers.made):
            products, chance = hazards.chances(hazard, country)
            share = np.array([hazards.makers.share(product, country) for product in products])
            cells.append(Cell(hazard, country, products, chance, share, targets.of(hazard, products, country)))
    first = len(targets.hits) - len(in_force)
    standing = []
    for target, measure in enumerate(in_force, first):
        standing.append(Standing(len(cells), target, measure.shock.severity, measure.shock.length))
        nothing = np.zeros(0)
        cells.append(Cell(RUNNING, measure.country, measure.products, nothing, nothing, np.array([target])))
    return HitMap(targets, tuple(cells), tuple(standing))
