"""How much of each product a region uses, and what that is known from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.network.model import Network, ProductFlows
from supplyrisk.network.use import uses_nothing

TRADE, FINAL_DEMAND, MAKERS, UNKNOWN, NOTHING = "trade", "final_demand", "makers", "unknown", "nothing"
"""What use is known from: trade and output, rows of final demand, needs of makers by recipe; or why it is not known."""

SCHEMA = {
    "region": pl.String,
    "product_id": pl.String,
    "use": pl.Float64,
    "share_of_world": pl.Float64,
    "known_from": pl.String,
}


def regional_use(network: Network, regions: Sequence[str]) -> pl.DataFrame:
    """Use by region and product: region, product_id, use, share_of_world, known_from."""
    rows = []
    for region in regions:
        inside = network.places.of_region(region)
        for product, flows in network.products.items():
            used, world = float(flows.demand[inside].sum()), float(flows.demand.sum())
            known = flows.use_place_known
            rows.append(
                {
                    "region": region,
                    "product_id": product,
                    "use": used if known else None,
                    "share_of_world": used / world if known and world > 0.0 else None,
                    "known_from": _known_from(flows, inside),
                }
            )
    return pl.DataFrame(rows, schema=SCHEMA)


def _known_from(flows: ProductFlows, inside: NDArray[np.bool_]) -> str:
    if not flows.use_place_known:
        return UNKNOWN
    if uses_nothing(flows, inside):
        return NOTHING
    if flows.evidence == "trade":
        return TRADE
    return FINAL_DEMAND if flows.final_demand.sum() > 0.0 else MAKERS
