"""Paths: how material from a country reaches a use, step by step, with the share of each way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplyrisk.network.look_through import look_through
from supplyrisk.network.model import Network

Array = NDArray[np.float64]

_SMALLEST = 1e-5
"""Ways that carry less than this share of the material are not followed further."""


@dataclass(frozen=True)
class Path:
    """One way: products with the place that makes them, from the raw material on, then the place of use.

    ``share``: part of all of the raw material behind the use that takes this way, scrap that stands in for it included.
    """

    steps: tuple[tuple[str, str], ...]
    used_at: str
    share: float

    def __str__(self) -> str:
        return " → ".join([*(f"{product} {place}" for product, place in self.steps), f"use {self.used_at}"])


def paths_from(
    network: Network, used: Mapping[str, Array], root: str, origin: str, smallest: float = _SMALLEST
) -> list[Path]:
    """Ways of ``root`` mined or made in ``origin`` to the use, largest first.

    ``used``: end product → use by place, as for the look-through. Of product p made at i the part
    m_p[i,j]·a[p→q,j]·u[q,j] / u[p,i] goes into q at j; the material in a unit of p goes along with it. With nothing
    left out (``smallest`` = 0) the shares add up to the look-through share of the origin.
    """
    looked = look_through(network, used)
    made = looked.made
    if root not in made:
        return []
    position = network.places.index[origin]
    start = float(looked.shares(root)[position])
    walk = _Walk(network, used, made, smallest)
    found = [path for path in walk.onward(((root, position),), start) if path.share > 0.0]
    return sorted(found, key=lambda path: (-path.share, str(path)))


@dataclass(frozen=True)
class _Walk:
    network: Network
    used: Mapping[str, Array]
    made: Mapping[str, Array]
    smallest: float

    def onward(self, steps: tuple[tuple[str, int], ...], share: float) -> Iterator[Path]:
        product, position = steps[-1]
        volume = float(self.made[product][position])
        if share < self.smallest or volume <= 0.0:
            return
        codes = self.network.places.codes
        lanes = self.network.products[product].mix[position]
        if product in self.used:
            for place in np.flatnonzero(lanes * self.used[product]):
                part = share * float(lanes[place] * self.used[product][place]) / volume
                yield Path(tuple((name, codes[at]) for name, at in steps), codes[place], part)
        for user in self.network.chain.users[product]:
            if user in self.made:
                taken = lanes * self.network.coefficient(product, user) * self.made[user]
                for place in np.flatnonzero(taken):
                    yield from self.onward((*steps, (user, int(place))), share * float(taken[place]) / volume)
