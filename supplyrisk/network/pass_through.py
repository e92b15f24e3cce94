"""Pass-through: which part of a raw material goes through a country on its way, at whatever tier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from supplyrisk.network.look_through import look_through, volume_left
from supplyrisk.network.model import Network

Array = NDArray[np.float64]


def pass_through(network: Network, used: Mapping[str, Array], countries: Iterable[str]) -> dict[str, dict[str, float]]:
    """Country → product → share of its volume behind the use that touches the country from there on down to the use.

    1 − (volume left when the country makes nothing on any tier) / (volume), per product and never pooled over
    materials. For a root material it is the part that was mined, refined or worked up in the country at least once.
    """
    named = list(countries)
    left = volume_left(network, used, [network.places.index[country] for country in named])
    whole = {product: float(volume.sum()) for product, volume in look_through(network, used).made.items()}
    return {
        country: {product: 1.0 - float(left[product][case]) / volume for product, volume in whole.items()}
        for case, country in enumerate(named)
    }
