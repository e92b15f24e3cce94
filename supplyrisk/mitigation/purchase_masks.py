"""Which products and places of a graph a measure names."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.network.places import EU_REGION

Mask = NDArray[np.bool_]


def products_mask(named: NamedGraph, products: Collection[str]) -> Mask:
    """Which products of a graph are named."""
    return np.array([product in products for product in named.products])


def places_mask(named: NamedGraph, codes: Collection[str]) -> Mask:
    """Which places of a graph belong to the countries and regions named."""
    found = np.zeros(len(named.places.codes), dtype=np.bool_)
    for code in codes:
        if code == EU_REGION or code in named.places.index:
            found |= named.places.of_region(code)
    return found
