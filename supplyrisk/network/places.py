"""Places of a network: countries, the rest of the world, and EU output whose member state is not stated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

REST_OF_WORLD = "ROW"
WORLD = "WLD"
EU_REGION = "EU27"
EU_UNSPECIFIED = "EU_UNSPECIFIED"
"""Rows filed under EU27 as a whole: somewhere in the EU, the member state is not known."""
NO_COUNTRY = frozenset({REST_OF_WORLD, EU_UNSPECIFIED})
"""Places that are no country: who makes what stands there has no name."""


@dataclass(frozen=True)
class Places:
    """The places of a network in a fixed order, and the EU as one home market.

    ``codes``: ISO 3166-1 alpha-3, ``ROW`` and ``EU_UNSPECIFIED``, sorted; ``eu_members``: codes of member states.
    """

    codes: tuple[str, ...]
    eu_members: frozenset[str]

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Position of each code."""
        return {code: position for position, code in enumerate(self.codes)}

    @cached_property
    def in_eu(self) -> NDArray[np.bool_]:
        """Which places lie in the EU, the unspecified one included."""
        return np.array([code in self.eu_members or code == EU_UNSPECIFIED for code in self.codes])

    def of_region(self, region: str) -> NDArray[np.bool_]:
        """Which places belong to a region: all for the world, the whole EU for EU27, else the place itself."""
        if region == WORLD:
            return np.ones(len(self.codes), dtype=np.bool_)
        return self.in_eu if region == EU_REGION else np.array([code == region for code in self.codes])

    def unnamed_outside(self, region: str) -> NDArray[np.bool_]:
        """Places that are no country and may hold makers of a region: ROW, and for a member EU output without one."""
        unnamed = np.array([code in NO_COUNTRY for code in self.codes])
        return unnamed & ~self.of_region(region)

    def is_unnamed(self, region: str, supply: NDArray[np.float64]) -> bool:
        """Whether ``supply`` (over places) names no maker in the region while some of it has no name: no zero."""
        return bool(supply[self.of_region(region)].sum() <= 0.0 < supply[self.unnamed_outside(region)].sum())

    def has_unnamed_makers(self, region: str, supply: NDArray[np.float64], used: NDArray[np.float64]) -> bool:
        """Whether what a region makes of what is ``used`` (over places of making) is not known to be nothing."""
        return self.is_unnamed(region, supply) and bool(used[self.unnamed_outside(region)].sum() > 0.0)

    def place_of(self, iso3: str) -> str:
        """Place of a code of the data: EU27 rows are in the EU without a member, codes without a place in ROW."""
        if iso3 == EU_REGION:
            return EU_UNSPECIFIED
        return iso3 if iso3 in self.index else REST_OF_WORLD

    def vector(self, values: Mapping[str, float]) -> NDArray[np.float64]:
        """Values by code of the data as an array over the places, summed where codes share a place."""
        found = np.zeros(len(self.codes))
        for iso3, value in values.items():
            found[self.index[self.place_of(iso3)]] += value
        return found


def places_of(codes: Iterable[str], eu_members: Iterable[str]) -> Places:
    """Places from the codes that occur in the data; member states, ROW and EU_UNSPECIFIED always belong to them."""
    members = frozenset(eu_members)
    wanted = (set(codes) | members | NO_COUNTRY) - {EU_REGION, WORLD}
    return Places(tuple(sorted(wanted)), members)
