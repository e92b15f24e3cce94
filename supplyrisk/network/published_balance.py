"""Published output against the need of published output: what statistics leave over before anything is modelled."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from supplyrisk.chain.graph import Chain
from supplyrisk.network.build import SupplyRows
from supplyrisk.network.model import recipe_coefficients
from supplyrisk.network.places import Places

SCHEMA = {
    "product_id": pl.String,
    "output": pl.Float64,
    "need": pl.Float64,
    "remainder_share": pl.Float64,
    "output_over_need": pl.Float64,
}


def published_balance(chain: Chain, places: Places, supply: Mapping[str, SupplyRows]) -> pl.DataFrame:
    """World output and recipe need of every product that others are made from, at the published output of its users.

    ``need`` = Σ_q Σ_j a[p→q, j]·x[q, j] with the recipes as printed (national where they are, secondary input inside
    the world mean); ``remainder_share`` = 1 − need/output, not below 0; ``output_over_need`` < 1 is a shortage. The
    network itself scales statistical surpluses off before it asks for inputs, so its other uses are larger.
    """
    records = []
    for product in chain.products:
        users = [user for user in chain.users[product] if user in supply]
        if product in supply and users:
            output = sum(supply[product].values.values())
            need = sum(
                float(recipe_coefficients(chain, places, product, user) @ places.vector(supply[user].values))
                for user in users
            )
            records.append((product, output, need, max(1.0 - need / output, 0.0), output / need))
    return pl.DataFrame(records, schema=SCHEMA, orient="row")
