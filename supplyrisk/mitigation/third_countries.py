"""The 65 % benchmark with measures in place: what part of a region's purchases the largest third country makes.

Regulation (EU) 2024/1252, Article 5(1)(b); scores.single_country has the same on the network with intervals.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import polars as pl

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.network.places import REST_OF_WORLD

SCHEMA = {
    "region": pl.String, "measure": pl.String, "product_id": pl.String, "country_before": pl.String,
    "share_before": pl.Float64, "country_after": pl.String, "share_after": pl.Float64, "crosses": pl.String,
    "limit": pl.Float64,
}  # fmt: skip
BELOW_NOW, ABOVE_NOW = "falls_below", "rises_above"


def largest_third_countries(named: NamedGraph, region: str, products: Collection[str]) -> dict[str, tuple[str, float]]:
    """Largest third country by product, with the share of what the region buys that was made there.

    Shares are of all purchases, goods of the region's own makers included; members of the EU, the rest of the world and
    the region itself are no third country (then the code is empty and the share 0). Products that the region does not
    buy, whose place of use is not known or whose chain is cut are left out.
    """
    graph, places = named.graph, named.places
    inside = places.of_region(region)
    third = ~(places.in_eu | inside | places.of_region(REST_OF_WORLD))
    seller, buyer = named.node_place[graph.link_source], named.pool_place[graph.link_pool]
    product_of = named.pool_product[graph.link_pool]
    found = {}
    for number, product in enumerate(named.products):
        links = np.flatnonzero((product_of == number) & inside[buyer])
        flow = np.bincount(seller[links], graph.link_flow[links], len(places.codes))
        if product not in products or not flow.sum() > 0.0 or not named.can_tell(number, inside):
            continue
        shares = np.where(third, flow, 0.0) / flow.sum()
        first = int(np.argmax(shares))
        found[product] = (places.codes[first], float(shares[first])) if shares[first] > 0.0 else ("", 0.0)
    return found


def third_country_changes(
    before: NamedGraph,
    after: Mapping[str, NamedGraph],
    regions: Collection[str],
    products: Collection[str],
    limit: float,
) -> pl.DataFrame:
    """Products whose largest share changes with a measure by half a point or more, in ``SCHEMA``.

    ``after`` by measure; ``crosses``: whether the share falls below ``limit`` or rises above it, empty for neither.
    """
    rows = []
    for region in regions:
        usual = largest_third_countries(before, region, products)
        for measure, named in after.items():
            for product, (country, share) in largest_third_countries(named, region, products).items():
                first, was = usual[product]
                if abs(share - was) >= 0.005:
                    crosses = BELOW_NOW if was > limit >= share else ABOVE_NOW if share > limit >= was else ""
                    rows.append((region, measure, product, first, was, country, share, crosses, limit))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort(
        "region", "measure", "share_before", "product_id", descending=[False, False, True, False]
    )
