"""What a way to more European value starts from: every product behind the batteries that a region uses."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from supplyrisk.mitigation.value_path import ChainProduct
from supplyrisk.network.look_through import look_through, used_in
from supplyrisk.network.model import Network


def chain_products(
    network: Network, end_products: tuple[str, ...], region: str, value_per_unit: Mapping[str, float]
) -> list[ChainProduct]:
    """Products with a value per unit behind the use of a region, from a look-through; from the end to the mine.

    Empty where nothing is used in the region. Needs of European makers follow the recipes at their places.
    """
    used = used_in(network, end_products, region)
    if not used:
        return []
    made = look_through(network, used).made
    in_eu = network.places.in_eu
    found = []
    for product, volume in made.items():
        if product not in value_per_unit:
            continue
        flows = network.products[product]
        asked = np.where(network.places.of_region(region), used.get(product, 0.0), 0.0)
        per_unit = {}
        for user in network.chain.users[product]:
            if user in made:
                need = flows.coefficients[user] * made[user]
                asked = asked + np.where(in_eu, need, 0.0)
                european = made[user] if made[user][in_eu].sum() <= 0.0 else np.where(in_eu, made[user], 0.0)
                per_unit[user] = float((flows.coefficients[user] * european).sum() / european.sum())
        from_europe = flows.mix[in_eu].sum(axis=0)
        found.append(
            ChainProduct(
                product,
                float(volume.sum()),
                float(volume[in_eu].sum()),
                value_per_unit[product],
                float((asked * (1.0 - from_europe)).sum()),
                per_unit,
            )
        )
    return found
