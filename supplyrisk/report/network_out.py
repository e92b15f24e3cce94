"""The tables behind the network chapter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from supplyrisk.network.look_through import look_through, made_in, used_in
from supplyrisk.network.model import Network
from supplyrisk.network.value_added import value_added
from supplyrisk.report.chain_figures import BATTERY
from supplyrisk.report.network_given import NetworkGiven
from supplyrisk.report.output_tables import Output

VALUE_SCHEMA = {
    "region": pl.String,
    "of": pl.String,
    "home_preference": pl.Float64,
    "calibrated": pl.Boolean,
    "product_id": pl.String,
    "stage": pl.String,
    "value_eur": pl.Float64,
    "value_in_eu_eur": pl.Float64,
}


def value_table(
    networks: Sequence[Network],
    products: tuple[str, ...],
    values: Mapping[str, float],
    stages: Mapping[str, str],
    regions: Sequence[str],
) -> pl.DataFrame:
    """Value added of batteries by product: used and made in each region, at the calibrated preference and its bounds.

    ``networks``: the calibrated one first.
    """
    rows = [
        {
            "region": region,
            "of": of,
            "home_preference": network.home_preference,
            "calibrated": network is networks[0],
            "product_id": product,
            "stage": stages[product],
            "value_eur": whole,
            "value_in_eu_eur": own,
        }
        for network in networks
        for region in regions
        for of, product, whole, own in _values(network, products, values, region)
    ]
    return pl.DataFrame(rows, schema=VALUE_SCHEMA).sort("region", "of", "home_preference", "product_id")


def _values(
    network: Network, products: tuple[str, ...], values: Mapping[str, float], region: str
) -> Iterator[tuple[str, str, float, float]]:
    used = look_through(network, used_in(network, products, region)).made
    made = made_in(network, products, region).made
    for of, volumes in (("used", used), ("made", made)):
        for product, (whole, own) in value_added(volumes, values, network.places.in_eu).by_product.items():
            yield of, product, whole, own


def network_tables(given: NetworkGiven, stages: Mapping[str, str], regions: Sequence[str]) -> list[Output]:
    """network_links, network_products, value_added and base metals; none where there is no network."""
    if not given.network.products:
        return []
    packs = given.bundles.get(BATTERY, ())
    metals = given.metals
    of_metals = () if metals is None else ((metals.summary, ""), (metals.origin, "_origin"), (metals.scrap, "_scrap"))
    return [
        Output("network_links", given.network.links),
        Output("network_products", given.facts.products),
        Output("value_added", value_table([given.network, *given.bounds], packs, given.values, stages, regions)),
        *(Output(f"base_metals{name}", frame) for frame, name in of_metals),
    ]
