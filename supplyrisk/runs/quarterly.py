"""The quarterly report: a project and its config, brought through every step to a folder of files."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version as installed
from typing import Any

import polars as pl

import supplyrisk
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.findings.finding import Finding
from supplyrisk.findings.headline import headline_findings
from supplyrisk.findings.network import NetworkFacts, network_findings
from supplyrisk.findings.product import product_findings
from supplyrisk.foundation.errors import NotKnown
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.quarters import Quarter
from supplyrisk.hazards.model import HazardModel
from supplyrisk.report.disruption_chapter import DisruptionGiven
from supplyrisk.report.measures_chapter import MeasuresGiven
from supplyrisk.report.risk_chapter import RiskGiven
from supplyrisk.runs.assumptions import read_thresholds
from supplyrisk.runs.config import Config
from supplyrisk.runs.disruption_report import disruption_given
from supplyrisk.runs.disruption_run import RESTED_ON, DisruptionModel, disruption_model, rested_on
from supplyrisk.runs.disruption_run import TABLES as DISRUPTION
from supplyrisk.runs.hazard_run import TABLES as HAZARDS
from supplyrisk.runs.measures_report import measures_given
from supplyrisk.runs.network_facts import network_facts
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.runs.opening import Progress, open_project_data
from supplyrisk.runs.project import Project
from supplyrisk.runs.project_scores import QUERY_TABLES, network_of, score_project
from supplyrisk.runs.risk_report import hazards_known, risk_given
from supplyrisk.runs.scoring import Scores, alert_regions, regions_of
from supplyrisk.runs.supply_graphs import supply_graph
from supplyrisk.store.history import run_id
from supplyrisk.tables.package import DataPackage

REPORT_TABLES = (*dict.fromkeys((*QUERY_TABLES, *DISRUPTION, *RESTED_ON, *HAZARDS, "recycling", "prices")),)
_LIBRARIES = ("polars", "plotnine", "matplotlib", "numpy", "scipy")


@dataclass(frozen=True)
class Run:
    """Everything one run computed, before any file is written."""

    project: Project
    quarter: Quarter
    config: Config
    package: DataPackage
    scores: Scores
    network: NetworkRun
    facts: NetworkFacts
    findings: tuple[Finding, ...]
    focus: tuple[str, ...]
    thresholds: Mapping[str, float]
    manifest: Mapping[str, Any]
    progress: Progress

    @property
    def run_id(self) -> str:
        """Name of the run, from what it was made of."""
        return run_id(self.manifest)

    @cached_property
    def model(self) -> DisruptionModel:
        """The supply graphs of the run, for everything that is lost when something breaks."""
        chain, network = self.network.inputs.chain, self.network.network

        def graph_of(year: int) -> NamedGraph:
            return supply_graph(self.project, self.package, chain, year, network)

        return disruption_model(self.project, self.package, chain, self.focus, rested_on(self.package), graph_of)

    @cached_property
    def disruption(self) -> DisruptionGiven:
        """Choke points and ready scenarios, worked out when first asked for (some seconds)."""
        return disruption_given(self.model)

    @cached_property
    def risk(self) -> RiskGiven | NotKnown:
        """Simulated risk and the back-test, worked out when first asked for; or why there can be none."""
        return risk_given(self.model, self.hazards, self.package, self.config, self.progress)

    @cached_property
    def hazards(self) -> HazardModel | NotKnown:
        """Hazards as known on the day, or why too few events were."""
        return hazards_known(self.package)

    @cached_property
    def measures(self) -> MeasuresGiven | NotKnown:
        """Ready measures beside each other, worked out when first asked for; or why there can be none."""
        return measures_given(self.model, self.hazards, self.network, self.package, self.config, self.progress)


def compute_run(project: Project, config: Config, quarter: Quarter, day: date, progress: Progress) -> Run:
    """Read, score and state the findings; nothing is written."""
    progress("reading the data package")
    package = open_project_data(project, config, day, REPORT_TABLES)
    thresholds = read_thresholds(project.models / "assumptions" / "thresholds.yaml")
    check_products(config, package)
    alert_regions(package, config.focus, config.alerts.regions)
    progress("scoring")
    network = network_of(project, config, package)
    scores = score_project(project, config, package, network)
    focus = tuple(region.code for region in regions_of(package, config.focus))
    marked = scores.table.with_columns(pl.col("country").is_in(list(focus)).fill_null(False).alias("is_focus"))
    progress("stating the findings")
    products = package.table("products")
    facts = network_facts(package, network, focus, thresholds["single_country_share"])
    findings = [*network_findings(marked, facts, focus)]
    findings += headline_findings(marked, products, package.table("countries"), thresholds)
    for product in products["product_id"]:
        findings += product_findings(marked, product)
    manifest = _manifest(project, config, quarter, package)
    return Run(
        project,
        quarter,
        config,
        package,
        Scores(marked, scores.production),
        network,
        facts,
        tuple(findings),
        focus,
        thresholds,
        manifest,
        progress,
    )


def check_products(config: Config, package: DataPackage) -> None:
    """Raise ``InputError`` with every product of the trend chart that there is not."""
    known = set(package.table("products")["product_id"])
    collector = ProblemCollector()
    for position, product in enumerate(config.report.trend_products):
        where = f"report.trend_products[{position}]"
        collector.note_unknown([product], known, "a product", file="config.yaml", where=where)
    collector.raise_if_any("The config cannot be used")


def _manifest(project: Project, config: Config, quarter: Quarter, package: DataPackage) -> dict[str, Any]:
    models = sorted(path for path in project.models.rglob("*.yaml"))
    return {
        "quarter": str(quarter),
        "as_of": package.as_of.isoformat(),
        "config": config.model_dump(mode="json", exclude={"reports"}),
        "versions": {
            "supplyrisk": supplyrisk.__version__,
            "python": ".".join(platform.python_version_tuple()[:2]),
            **{name: installed(name) for name in _LIBRARIES},
        },
        "inputs": package.file_hashes()
        | {
            f"models/{path.relative_to(project.models).as_posix()}": sha256(path.read_bytes()).hexdigest()
            for path in models
        },
    }
