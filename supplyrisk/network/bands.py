"""Bands: what flows from tier to tier behind a use, measured in a raw material or in value."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.network.look_through import look_through
from supplyrisk.network.model import Network

Array = NDArray[np.float64]

SCHEMA = {
    "product_id": pl.String,
    "user_product": pl.String,
    "supplier": pl.String,
    "user": pl.String,
    "amount": pl.Float64,
}


def content_per_unit(network: Network, own: Mapping[str, float]) -> dict[str, Array]:
    """What is inside a unit of each product by place of making: its own part and that of its primary inputs.

    c_q[j] = own_q + Σ_p a[p→q,j]·Σ_i m_p[i,j]·c_p[i]. With ``own`` = 1 for a raw material it is the material in a unit,
    with the value added of every product it is the value so far.
    """
    size = len(network.places.codes)
    found: dict[str, Array] = {}
    for product in reversed(network.chain.products):
        if product not in network.products:
            continue
        inside = np.full(size, own.get(product, 0.0))
        for part in network.chain.inputs[product]:
            if part in found:
                flows = network.products[part]
                inside += flows.coefficients[product] * (flows.mix.T @ found[part])
        found[product] = inside
    return found


def bands_behind(network: Network, used: Mapping[str, Array], own: Mapping[str, float]) -> pl.DataFrame:
    """Every lane behind a use: product_id, user_product (None = the use itself), supplier, user, amount.

    ``amount`` is what ``own`` measures (see ``content_per_unit``), so that what enters a maker and what it adds leaves
    it again.
    """
    made = look_through(network, used).made
    content = content_per_unit(network, own)
    codes = np.array(network.places.codes)
    parts = [pl.DataFrame(schema=SCHEMA)]
    for product in made:
        flows = network.products[product]
        asked: dict[str | None, Array] = {
            user: flows.coefficients[user] * made[user] for user in network.chain.users[product] if user in made
        }
        if product in used:
            asked[None] = used[product]
        for user, need in asked.items():
            amounts = content[product][:, None] * flows.mix * need[None, :]
            rows, columns = np.nonzero(amounts > 0.0)
            parts.append(
                pl.DataFrame(
                    {
                        "product_id": [product] * len(rows),
                        "user_product": [user] * len(rows),
                        "supplier": codes[rows],
                        "user": codes[columns],
                        "amount": amounts[rows, columns],
                    },
                    schema=SCHEMA,
                )
            )
    return pl.concat(parts)
