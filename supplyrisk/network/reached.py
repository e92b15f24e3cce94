"""What a use reaches in every draw of a network: the look-through by draw, whole or without a country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplyrisk.network.draws import LaneDraws, NetworkDraws
from supplyrisk.network.draws_kernel import NOT_STRUCK, ReachedLanes, pass_down

Array = NDArray[np.float64]
Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Reached:
    """What a use reaches: products from the end products to the mine, and their lanes in every draw."""

    products: tuple[str, ...]
    lanes: ReachedLanes

    def made(self) -> dict[str, Array]:
        """``look_through`` by draw: product → volume, places × draws."""
        places, draws = self.lanes.used.shape[1], self.lanes.shares.shape[1]
        found = np.zeros((len(self.products), places, draws))
        pass_down(self.lanes, np.array([NOT_STRUCK]), found, np.zeros((1, len(self.products), draws)))
        return dict(zip(self.products, found, strict=True))

    def volume_left(self, struck: Sequence[int]) -> dict[str, Array]:
        """``volume_left`` by draw: product → volume over all places of making, places of ``struck`` × draws."""
        left = np.zeros((len(struck), len(self.products), self.lanes.shares.shape[1]))
        pass_down(self.lanes, np.array(struck, dtype=np.intp), np.empty((0, 0, 0)), left)
        return {product: left[:, number] for number, product in enumerate(self.products)}


def look_through_draws(drawn: NetworkDraws, used: Mapping[str, Array]) -> dict[str, Array]:
    """``look_through`` by draw: product → volume, places × draws."""
    return reached_by(drawn, used).made()


def direct_draws(drawn: NetworkDraws, product: str, used: Array) -> Array:
    """Where the direct use of one product comes from: places × draws, for use by place (somewhere above zero)."""
    return reached_by(drawn, {product: used}, [product]).made()[product]


@dataclass(frozen=True)
class _Tier:
    """A product that is reached: places that need it, the lanes that carry it, and the products that take it in."""

    places_of_use: Positions
    lanes: LaneDraws
    carrying: Positions
    asking: list[str]

    @property
    def suppliers(self) -> Positions:
        return self.lanes.suppliers[self.carrying]

    @property
    def makers(self) -> Positions:
        return np.unique(self.suppliers)


def reached_by(drawn: NetworkDraws, used: Mapping[str, Array], products: Sequence[str] | None = None) -> Reached:
    """What ``used`` (product → use by place) reaches, among ``products`` (none: all)."""
    network, size = drawn.network, len(drawn.network.places.codes)
    tiers: dict[str, _Tier] = {}
    for product in network.chain.products if products is None else products:
        if product not in network.products:
            continue
        asking = [user for user in network.chain.users[product] if user in tiers]
        needed = used.get(product, np.zeros(size)) != 0.0
        for user in asking:
            makers = tiers[user].makers
            needed[makers] |= network.coefficient(product, user)[makers] != 0.0
        if needed.any():
            lanes = drawn.lanes[product]
            tiers[product] = _Tier(np.flatnonzero(needed), lanes, np.flatnonzero(needed[lanes.users]), asking)
    number = {product: position for position, product in enumerate(tiers)}
    asks = [(product, user) for product, tier in tiers.items() for user in tier.asking]
    every = tiers.values()
    found = ReachedLanes(
        used=np.array([used.get(product, np.zeros(size)) for product in tiers]).reshape(-1, size),
        lanes=_starts([tier.carrying for tier in every]),
        supplier=_joined([tier.suppliers for tier in every]),
        user=_joined([tier.lanes.users[tier.carrying] for tier in every]),
        shares=_shares(list(every), drawn.draws),
        users=_starts([tier.places_of_use for tier in every]),
        place_of_use=_joined([tier.places_of_use for tier in every]),
        makers=_starts([tier.makers for tier in every]),
        place_of_making=_joined([tier.makers for tier in every]),
        asks=_starts([tier.asking for tier in every]),
        asking=np.array([number[user] for _, user in asks], dtype=np.intp),
        coefficient=np.array([network.coefficient(*pair) for pair in asks]).reshape(-1, size),
        factor=np.array([drawn.factors.get(pair, np.ones(drawn.draws)) for pair in asks]).reshape(-1, drawn.draws),
    )
    return Reached(tuple(tiers), found)


def _starts(parts: Sequence[Positions | list[str]]) -> Positions:
    """Where each part begins once they stand one after the other, and where the last one ends."""
    return np.cumsum([0, *map(len, parts)], dtype=np.intp)


def _joined(parts: Sequence[Positions]) -> Positions:
    return np.concatenate([np.empty(0, dtype=np.intp), *parts])


def _shares(tiers: Sequence[_Tier], draws: int) -> Array:
    """Shares of the carrying lanes, one tier below the other, copied once."""
    starts = _starts([tier.carrying for tier in tiers])
    found = np.empty((starts[-1], draws))
    for begin, end, tier in zip(starts[:-1], starts[1:], tiers, strict=True):
        np.take(tier.lanes.shares, tier.carrying, axis=0, out=found[begin:end])
    return found
