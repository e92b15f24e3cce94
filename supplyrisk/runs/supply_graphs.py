"""Supply graphs of a project: its networks by year, each with the hosts of its by-products."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from supplyrisk.chain import Chain
from supplyrisk.disruption.from_network import Hosts, graph_of_network
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.network.build import build_network
from supplyrisk.network.model import Network
from supplyrisk.runs.network_inputs import BASE_YEAR, network_inputs, network_of_outlook
from supplyrisk.runs.project import Project
from supplyrisk.scores.by_product import ALL_HOSTS, combined_share
from supplyrisk.tables.package import DataPackage

OUTLOOK_YEAR = 2030
GraphOfYear = Callable[[int], NamedGraph]
"""The graph of the base year or of the outlook, without shocks."""


def supply_graph(
    project: Project, package: DataPackage, chain: Chain, year: int, built: Network | None = None
) -> NamedGraph:
    """The graph of a year; of the outlook in its central case. ``built``: the network of the base year, if at hand.

    Package opened with network_run.TABLES.
    """
    inputs = network_inputs(project, package, chain, BASE_YEAR)
    network = built or build_network(inputs)
    if year != BASE_YEAR:
        network = network_of_outlook(project, package, inputs, network)
    return graph_of_network(network, hosts_of(package))


def hosts_of(package: DataPackage) -> Mapping[str, Hosts]:
    """Hosts of by-products with the share that hangs on them (scores.by_product).

    Left out where metals outside the network are hosts too and only one share is printed for all: the part that hangs
    on those inside is then not known (bismuth on tungsten and lead).
    """
    rows = package.frames["by_products"].filter(
        pl.col("host_product_id").is_not_null() & pl.col("by_product_share").is_not_null()
    )
    found = {}
    for (product,), own in rows.group_by("product_id", maintain_order=True):
        split_known = own["hosts_outside"].null_count() == own.height or (own["share_scope"] != ALL_HOSTS).all()
        if split_known:
            weights = dict(own.select("host_product_id", "by_product_share").iter_rows())
            found[str(product)] = Hosts(weights, combined_share(own)[0])
    return found
