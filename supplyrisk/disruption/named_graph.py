"""A supply graph with the product and place of its parts, so that shocks and results can be named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from supplyrisk.disruption.rules import Rules
from supplyrisk.disruption.supply_graph import NOBODY, Integers, SupplyGraph
from supplyrisk.network.places import Places

Use = Literal["maker", "final", "other"]
"""Who uses what a slot takes in: a maker of the chain, final demand, or uses outside the chain."""

Masks = Mapping[str, NDArray[np.bool_]]
"""Places of each region, by its code."""


@dataclass(frozen=True)
class NamedGraph:
    """A supply graph with the product and place of its parts.

    ``products`` and ``places.codes`` are what the numbers of ``node_product``, ``node_place`` … point into;
    ``slot_use``: who uses what a slot takes in; ``unit`` by product; ``place_known``: whether it is known where the
    product is used (else its uses stand at the makers, and nothing can be said about a region's).
    ``cut``: products of which something that goes into them, on any tier, has no known maker: what breaks above the
    cut cannot be seen in them, and they would look safer than they are.
    ``standalone``: nodes that take no input of the chain, by product and place code: makers from scrap (their member
    state of the EU is not stated) and makers with a mine of their own. They have no spare capacity: no more comes back
    because more is asked for.
    ``grown_within``: nodes that make so many times what they did with the plants they had, out of their idle capacity.
    """

    graph: SupplyGraph
    places: Places
    products: tuple[str, ...]
    node_product: Integers
    node_place: Integers
    slot_use: tuple[Use, ...]
    pool_product: Integers
    pool_place: Integers
    unit: Mapping[str, str]
    place_known: Mapping[str, bool]
    rules: Rules
    cut: frozenset[str] = frozenset()
    standalone: Mapping[tuple[str, str], int] = field(default_factory=dict)
    grown_within: Mapping[int, float] = field(default_factory=dict)

    @cached_property
    def node_of(self) -> Mapping[tuple[str, str], int]:
        """Node by product and place code, without those of ``standalone``."""
        apart = set(self.standalone.values())
        return {
            (self.products[product], self.places.codes[place]): node
            for node, (product, place) in enumerate(zip(self.node_product, self.node_place, strict=True))
            if node not in apart
        }

    def can_tell(self, product: int, places: NDArray[np.bool_] | None = None) -> bool:
        """Whether anything can be said of what ``places`` (none given: any region) lose of a product.

        Its place of use is known, or they are the world; and its chain is not cut.
        """
        name = self.products[product]
        whole = places is not None and bool(places.all())
        return name not in self.cut and (self.place_known[name] or whole)

    def nodes_of(self, products: frozenset[str], places: NDArray[np.bool_]) -> Integers:
        """Nodes that make one of ``products`` in one of ``places``."""
        wanted = np.array([product in products for product in self.products])
        return np.flatnonzero(wanted[self.node_product] & places[self.node_place])

    def links_of(self, products: frozenset[str], sellers: NDArray[np.bool_], buyers: NDArray[np.bool_]) -> Integers:
        """Links of ``products`` from sellers to buyers in another place."""
        wanted = np.array([product in products for product in self.products])
        seller = self.node_place[self.graph.link_source]
        buyer = self.pool_place[self.graph.link_pool]
        return np.flatnonzero(
            wanted[self.pool_product[self.graph.link_pool]] & sellers[seller] & buyers[buyer] & (seller != buyer)
        )

    def final_slots_of(self, products: frozenset[str], places: NDArray[np.bool_]) -> Integers:
        """Slots of final use, other uses included, of ``products`` in ``places``."""
        wanted = np.array([product in products for product in self.products])
        pool = self.graph.slot_pool
        final = self.graph.slot_node == NOBODY
        return np.flatnonzero(final & wanted[self.pool_product[pool]] & places[self.pool_place[pool]])
