"""What disruption needs of a project: supply graphs, assumptions, and the words scenarios may use."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.chain import Chain
from supplyrisk.disruption.assumptions import BOUNDS, DisruptionAssumptions, read_disruption_assumptions
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.mitigation.demand_assumptions import known_paths
from supplyrisk.mitigation.demand_paths import PackChange
from supplyrisk.mitigation.specification import DemandPath
from supplyrisk.network.places import EU_REGION, WORLD
from supplyrisk.runs.demand_path_run import TABLES as DEMAND_PATHS
from supplyrisk.runs.demand_path_run import DemandPaths, demand_paths, file_of, with_paths
from supplyrisk.runs.material_products import mined_and_refined
from supplyrisk.runs.network_inputs import BASE_YEAR
from supplyrisk.runs.project import Project
from supplyrisk.runs.scoring import eu_members
from supplyrisk.runs.supply_graphs import OUTLOOK_YEAR, GraphOfYear
from supplyrisk.scenario.compose import Scenario, Vocabulary, read_scenario
from supplyrisk.scenario.known_paths import KnownPaths
from supplyrisk.tables.package import DataPackage

RESTED_ON = (
    "parameters", "prices", "stockpiles", "events", "export_restrictions", "production", "capacity", "recipes",
    "policy_targets", "demand", "strategic_projects",
)  # fmt: skip
"""Tables whose rows scenarios and assumptions may rest on."""
TABLES = (
    "by_products", "country_names", "events", "export_restrictions", "materials", "products", "recipes", "sources",
    "value_added", *DEMAND_PATHS,
)  # fmt: skip
"""Tables that running and telling a scenario takes, once its graph is there."""


@dataclass(frozen=True)
class RestedOn:
    """Ids of data rows that scenarios, measures and assumptions may rest on; ``later``: not public yet on the day."""

    rows: frozenset[str]
    later: frozenset[str]


@dataclass(frozen=True)
class DisruptionModel:
    """Supply graphs of a project by year (without shocks), and what goes with them.

    ``rested_on``: data rows that scenarios and measures may rest on.
    """

    project: Project
    package: DataPackage
    chain: Chain
    assumptions: DisruptionAssumptions
    focus: tuple[str, ...]
    rested_on: RestedOn
    graph_of: GraphOfYear

    @property
    def rows(self) -> frozenset[str]:
        """Ids of data rows that scenarios may rest on, known on the day or not."""
        return self.rested_on.rows

    @cached_property
    def base(self) -> NamedGraph:
        """The graph of the base year."""
        return self.graph_of(BASE_YEAR)

    @cached_property
    def outlook(self) -> NamedGraph:
        """The graph of 2030 in the central case."""
        return self.graph_of(OUTLOOK_YEAR)

    def graph(self, year: int) -> NamedGraph:
        """The graph of a base year of scenarios."""
        return self.base if year == BASE_YEAR else self.outlook

    @cached_property
    def hazards(self) -> Mapping[str, frozenset[str]]:
        """Products that events of each class have hit."""
        return products_hit(self.package, self.products_of)

    @cached_property
    def products_of(self) -> Mapping[str, frozenset[str]]:
        """Mined and refined products of each material."""
        return mined_and_refined(self.package)

    def regions(self, named: NamedGraph) -> dict[str, NDArray[np.bool_]]:
        """Places of the focus regions and of the world."""
        return {region: named.places.of_region(region) for region in (*self.focus, WORLD)}

    @cached_property
    def words(self) -> Vocabulary:
        """Words that scenarios may use."""
        return words_of(self.package, self.chain, self.hazards, self.rows, known_paths(file_of(self.project)))

    @cached_property
    def demand_paths(self) -> DemandPaths:
        """Paths of demand for batteries as known on the day."""
        return demand_paths(self.project, self.package)

    def more_used(self, change: DemandPath) -> tuple[PackChange, ...]:
        """Packs of which the path of a measure asks for more or less."""
        return self.demand_paths.changes(change.path, change.region, change.year)

    def scenario(self, path: Path) -> Scenario:
        """The scenario of a file with paths of demand worked out. Raises as ``read_scenario`` and ``with_paths`` do."""
        return with_paths(read_scenario(path, self.words), lambda: self.demand_paths)


def products_hit(package: DataPackage, products_of: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Products that events of each class have hit: those named, else those of the material (``products_of``)."""
    found: dict[str, set[str]] = {}
    for hazard, products, material in (
        package.table("events").select("hazard", "product_ids", "material_id").iter_rows()
    ):
        named = {product for product in (products or "").split(";") if product}
        found.setdefault(hazard, set()).update(named or products_of.get(material, frozenset()))
    return {hazard: frozenset(products) for hazard, products in found.items()}


def words_of(
    package: DataPackage, chain: Chain, hazards: Collection[str], rows: Collection[str], paths: KnownPaths
) -> Vocabulary:
    """Words that scenarios may use: products of the chains, countries and EU27, hazards, data rows, paths of demand."""
    known = package.frames["countries"].filter(pl.col("kind") == "country")
    countries = known["iso3"].to_list()
    return Vocabulary(
        products=chain.products,
        countries=(*countries, EU_REGION),
        hazards=tuple(sorted(hazards)),
        parameters={name: (bounds.low, bounds.high) for name, bounds in BOUNDS.items()},
        rows=rows,
        demand_paths=paths,
        eu_members=eu_members(package),
    )


def row_ids(package: DataPackage) -> frozenset[str]:
    """Ids of rows that scenarios and assumptions may rest on, known on the as-of day or not."""
    return frozenset(row for name in RESTED_ON for row in package.frames[name]["row_id"].to_list())


def rested_on(package: DataPackage) -> RestedOn:
    """``row_ids``, and those of them that were not public yet on the as-of day."""
    later = pl.col("known_from").is_null() | (pl.col("known_from") > package.as_of)
    found = (package.frames[name].filter(later)["row_id"].to_list() for name in RESTED_ON)
    return RestedOn(row_ids(package), frozenset(row for rows in found for row in rows))


def disruption_model(
    project: Project,
    package: DataPackage,
    chain: Chain,
    focus: tuple[str, ...],
    rested_on: RestedOn,
    graph_of: GraphOfYear,
) -> DisruptionModel:
    """The model of a project. ``package`` opened with ``TABLES``; ``rested_on``: of a package with ``RESTED_ON``."""
    path = project.models / "assumptions" / "disruption.yaml"
    assumptions = read_disruption_assumptions(path, chain.products, rested_on.rows)
    return DisruptionModel(project, package, chain, assumptions, focus, rested_on, graph_of)
