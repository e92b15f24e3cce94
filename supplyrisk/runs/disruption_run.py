"""What disruption needs of a project: networks as supply graphs, assumptions, and the words scenarios may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.chain import Chain
from supplyrisk.disruption.assumptions import BOUNDS, DisruptionAssumptions, read_disruption_assumptions
from supplyrisk.disruption.from_network import Hosts, graph_of_network
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.network.build import build_network
from supplyrisk.network.model import Network
from supplyrisk.network.places import EU_REGION, WORLD
from supplyrisk.runs.network_run import BASE_YEAR, network_inputs, network_of_outlook
from supplyrisk.runs.network_run import TABLES as NETWORK
from supplyrisk.runs.project import Project
from supplyrisk.runs.scoring import TABLES as SCORES
from supplyrisk.scenario.compose import Vocabulary
from supplyrisk.scores.by_product import ALL_HOSTS, combined_share
from supplyrisk.tables.package import DataPackage

RESTED_ON = ("parameters", "stockpiles", "events", "export_restrictions", "production", "capacity")
"""Tables whose rows scenarios and assumptions may rest on."""
TABLES = (*dict.fromkeys((*SCORES, *NETWORK, *RESTED_ON)),)


@dataclass(frozen=True)
class DisruptionModel:
    """Supply graphs of a project by year (without shocks), and what goes with them."""

    project: Project
    package: DataPackage
    chain: Chain
    assumptions: DisruptionAssumptions
    focus: tuple[str, ...]
    built: Network | None = None

    @cached_property
    def base(self) -> NamedGraph:
        """The graph of the base year."""
        return self._graph_of(BASE_YEAR)

    @cached_property
    def outlook(self) -> NamedGraph:
        """The graph of 2030 in the central case."""
        return self._graph_of(2030)

    def graph(self, year: int) -> NamedGraph:
        """The graph of a base year of scenarios."""
        return self.base if year == BASE_YEAR else self.outlook

    def _graph_of(self, year: int) -> NamedGraph:
        inputs = network_inputs(self.project, self.package, self.chain, BASE_YEAR)
        network = self.built or build_network(inputs)
        if year != BASE_YEAR:
            network = network_of_outlook(self.project, self.package, inputs, network)
        return graph_of_network(network, self.hosts)

    @cached_property
    def hosts(self) -> Mapping[str, Hosts]:
        """Hosts of by-products with the share that hangs on them (scores.by_product).

        Left out where metals outside the network are hosts too and only one share is printed for all: the part that
        hangs on those inside is then not known (bismuth on tungsten and lead).
        """
        rows = self.package.frames["by_products"].filter(
            pl.col("host_product_id").is_not_null() & pl.col("by_product_share").is_not_null()
        )
        found = {}
        for (product,), own in rows.group_by("product_id", maintain_order=True):
            split_known = own["hosts_outside"].null_count() == own.height or (own["share_scope"] != ALL_HOSTS).all()
            if split_known:
                weights = dict(own.select("host_product_id", "by_product_share").iter_rows())
                found[str(product)] = Hosts(weights, combined_share(own)[0])
        return found

    @cached_property
    def hazards(self) -> Mapping[str, frozenset[str]]:
        """Products that events of each class have hit: those named, else those of the material at the stage hit."""
        found: dict[str, set[str]] = {}
        for hazard, products, material in (
            self.package.table("events").select("hazard", "product_ids", "material_id").iter_rows()
        ):
            named = {product for product in (products or "").split(";") if product}
            found.setdefault(hazard, set()).update(named or self.products_of.get(material, frozenset()))
        return {hazard: frozenset(products) for hazard, products in found.items()}

    @cached_property
    def products_of(self) -> Mapping[str, frozenset[str]]:
        """Mined and refined products of each material."""
        found: dict[str, set[str]] = {}
        rows = self.package.table("products").filter(pl.col("stage").is_in(["extraction", "refining"]))
        for product, material in rows.select("product_id", "material_id").iter_rows():
            found.setdefault(material, set()).add(product)
        return {material: frozenset(products) for material, products in found.items() if material}

    def regions(self, named: NamedGraph) -> dict[str, NDArray[np.bool_]]:
        """Places of the focus regions and of the world."""
        return {region: named.places.of_region(region) for region in (*self.focus, WORLD)}

    @cached_property
    def words(self) -> Vocabulary:
        """Words that scenarios may use."""
        return vocabulary(self.package, self.chain, self.hazards)


def vocabulary(package: DataPackage, chain: Chain, hazards: Mapping[str, frozenset[str]]) -> Vocabulary:
    """Words that scenarios may use: products of the chains, countries and EU27, classes of hazard, rows of tables."""
    countries = package.frames["countries"].filter(pl.col("kind") == "country")["iso3"].to_list()
    return Vocabulary(
        products=chain.products,
        countries=(*countries, EU_REGION),
        hazards=tuple(sorted(hazards)),
        parameters={name: (bounds.low, bounds.high) for name, bounds in BOUNDS.items()},
        rows=row_ids(package),
    )


def row_ids(package: DataPackage) -> frozenset[str]:
    """Ids of rows that scenarios and assumptions may rest on, known on the as-of day or not."""
    return frozenset(row for name in RESTED_ON for row in package.frames[name]["row_id"].to_list())


def disruption_model(
    project: Project, package: DataPackage, chain: Chain, focus: tuple[str, ...], built: Network | None = None
) -> DisruptionModel:
    """The model of a project. ``package`` opened with ``TABLES``; ``built``: its network, if at hand."""
    path = project.models / "assumptions" / "disruption.yaml"
    assumptions = read_disruption_assumptions(path, chain.products, row_ids(package))
    return DisruptionModel(project, package, chain, assumptions, focus, built)
