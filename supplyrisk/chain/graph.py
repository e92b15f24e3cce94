"""The composed chain: products in order of making, and the recipes between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from supplyrisk.chain.specification import ProductSpecification, RangedAssumption


@dataclass(frozen=True)
class Recipe:
    """Units of ``input_product`` per unit of ``output_product``, yields included, primary input only.

    ``iso3`` is None for the recipe of every country without one of its own. ``unit`` as published (t/GWh, t Li/t …);
    ``row_id`` is the row of data/recipes.csv the numbers come from.
    """

    input_product: str
    output_product: str
    iso3: str | None
    coefficient: float
    low: float
    high: float
    unit: str
    basis: str
    quality: str
    row_id: str


@dataclass(frozen=True)
class InputGroup:
    """Substitutes within a product's inputs (``product`` set) or between end products (``product`` None)."""

    group_id: str
    product: str | None
    members: tuple[str, ...]
    switching_limit_share: RangedAssumption


@dataclass(frozen=True)
class Chain:
    """Products, recipes and groups of all chains, as one directed graph without cycles.

    ``products`` runs from the end product to the mine, so that one pass meets every user before its supplier.
    ``chain_of`` gives the chain file a product is listed in; ``bundled`` the one whose final products are one good in
    several kinds; ``hosts`` the products whose output limits a by-product.
    """

    products: tuple[str, ...]
    recipes: tuple[Recipe, ...]
    specifications: Mapping[str, ProductSpecification]
    chain_of: Mapping[str, str]
    final_products: tuple[str, ...]
    groups: tuple[InputGroup, ...]
    bundled: str
    hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def bundle(self) -> tuple[str, ...]:
        """Final products of the ``bundled`` chain: the kinds of one good."""
        return tuple(product for product in self.final_products if self.chain_of[product] == self.bundled)

    @cached_property
    def _by_pair(self) -> dict[tuple[str, str], dict[str | None, Recipe]]:
        pairs: dict[tuple[str, str], dict[str | None, Recipe]] = {}
        for recipe in self.recipes:
            pairs.setdefault((recipe.input_product, recipe.output_product), {})[recipe.iso3] = recipe
        return pairs

    @cached_property
    def users(self) -> dict[str, tuple[str, ...]]:
        """Products that take a product in, by product."""
        table: dict[str, list[str]] = {product: [] for product in self.products}
        for input_product, output_product in self._by_pair:
            table[input_product].append(output_product)
        return {product: tuple(sorted(users)) for product, users in table.items()}

    @cached_property
    def inputs(self) -> dict[str, tuple[str, ...]]:
        """Products that a product is made from, by product."""
        return {product: self.specifications[product].inputs for product in self.products}

    def recipes_of(self, input_product: str, output_product: str) -> Mapping[str | None, Recipe]:
        """Every recipe of a pair by the country it is of; that for all countries under None."""
        return self._by_pair[input_product, output_product]

    def recipe(self, input_product: str, output_product: str, iso3: str) -> Recipe:
        """The recipe in force in a country: its own, else the one for all countries."""
        rows = self._by_pair[input_product, output_product]
        found = rows.get(iso3) or rows.get(None)
        if found is None:
            raise KeyError(f"no recipe {input_product} → {output_product} for {iso3}")
        return found

    def above(self, product: str) -> frozenset[str]:
        """Every product that goes into ``product``, directly or through others (towards the mine)."""
        return self._reach(product, self.inputs)

    def below(self, product: str) -> frozenset[str]:
        """Every product that ``product`` goes into, directly or through others (towards the end product)."""
        return self._reach(product, self.users)

    def roots_of(self, product: str) -> tuple[str, ...]:
        """Products without inputs of their own at the start of the ways to ``product`` (itself if it is one)."""
        reach = self.above(product) | {product}
        return tuple(name for name in self.products if name in reach and not self.inputs[name])

    @staticmethod
    def _reach(start: str, step: Mapping[str, Iterable[str]]) -> frozenset[str]:
        seen: set[str] = set()
        waiting = list(step[start])
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting.extend(step[name])
        return frozenset(seen)


def order_from_end_to_mine(inputs: Mapping[str, Iterable[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Products so that each stands before its inputs, and the products of a cycle if there is one.

    Ties are broken by name, so the order does not depend on the order of files.
    """
    open_users = dict.fromkeys(inputs, 0)
    for members in inputs.values():
        for member in members:
            open_users[member] += 1
    ready = sorted((name for name, count in open_users.items() if count == 0), reverse=True)
    order: list[str] = []
    while ready:
        name = ready.pop()
        order.append(name)
        for member in inputs[name]:
            open_users[member] -= 1
            if open_users[member] == 0:
                ready.append(member)
                ready.sort(reverse=True)
    # What only supplies a cycle is not part of it: products without an input among the rest go, until none is left.
    rest = set(inputs) - set(order)
    while outside := {name for name in rest if rest.isdisjoint(inputs[name])}:
        rest -= outside
    return tuple(order), tuple(sorted(rest))
