"""The quarterly report: a project and its config, brought through every step to a folder of files."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from supplyrisk.runs.asked_scores import ALL_SCORES, HEADLINE_INDEX, LIVE, OFFICIAL, STAGE_CAPACITY, TRENDS, AskedScores
from supplyrisk.runs.asked_scores import NETWORK as NETWORK_SCORES
from supplyrisk.runs.assumptions import read_quality_widths, read_thresholds, read_trend_rules
from supplyrisk.runs.config import Config
from supplyrisk.runs.criticality_run import TABLES as CRITICALITY
from supplyrisk.runs.criticality_run import live_scores
from supplyrisk.runs.disruption_report import disruption_given
from supplyrisk.runs.disruption_run import RESTED_ON, DisruptionModel, disruption_model, row_ids
from supplyrisk.runs.disruption_run import TABLES as DISRUPTION
from supplyrisk.runs.hazard_run import TABLES as HAZARDS
from supplyrisk.runs.headline import index_parts
from supplyrisk.runs.measures_report import measures_given
from supplyrisk.runs.network_facts import GOAL_TABLE, network_facts
from supplyrisk.runs.network_inputs import TABLES as NETWORK
from supplyrisk.runs.network_run import NetworkRun, network_scores, run_network
from supplyrisk.runs.opening import Progress, chain_of, open_project_data
from supplyrisk.runs.project import Project
from supplyrisk.runs.risk_report import hazards_known, risk_given
from supplyrisk.runs.scoring import TABLES, Scores, alert_regions, regions_of, score_package, series_of, stages_of
from supplyrisk.runs.stage_capacity_run import stage_capacity_scores
from supplyrisk.runs.supply_graphs import supply_graph
from supplyrisk.scores.criticality.rows import published_rows
from supplyrisk.scores.headline_index import headline_rows
from supplyrisk.scores.table import KEY, ScoreRow, score_table
from supplyrisk.scores.trend import trend_rows
from supplyrisk.store.history import run_id
from supplyrisk.tables.package import DataPackage

SCORE_TABLES = (*TABLES, *CRITICALITY)
NETWORK_TABLES = (*SCORE_TABLES, *NETWORK)
QUERY_TABLES = (*NETWORK_TABLES, GOAL_TABLE, "strategic_projects", "eol_rir")
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

        return disruption_model(self.project, self.package, chain, self.focus, row_ids(self.package), graph_of)

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


def score_project(
    project: Project,
    config: Config,
    package: DataPackage,
    network: NetworkRun | None = None,
    asked: AskedScores = ALL_SCORES,
    weights: Mapping[str, float] | None = None,
) -> Scores:
    """Scores of a project's data package: of world supply, official, live, and with a network of the regions in focus.

    Package opened with ``SCORE_TABLES``, and with ``NETWORK_TABLES`` where a network is given. Only the groups of
    scores that hold one ``asked`` for are worked out. ``weights``: of the parts of the headline index, by score.
    """
    widths = read_quality_widths(project.models / "assumptions" / "quality_width.yaml")
    focus = [region.code for region in regions_of(package, config.focus)]
    of_network: tuple[ScoreRow, ...] = ()
    if network is not None:
        if asked.includes(NETWORK_SCORES - STAGE_CAPACITY):
            of_network = tuple(network_scores(network, focus, stages_of(package), asked.products))
        if asked.includes(STAGE_CAPACITY):
            of_network = (*of_network, *stage_capacity_scores(network, package, focus))
    further = list(of_network)
    if asked.includes(OFFICIAL):
        further += published_rows(package.table("eu_assessment"))
    if asked.includes(LIVE):
        further += live_scores(project, package, widths, config.seed, config.draws)
    if asked.includes(TRENDS):
        rules = read_trend_rules(project.models / "assumptions" / "trend.yaml")
        further += trend_rows(series_of(package, asked.products), rules, package.as_of.year)
    found = score_package(package, config.focus, widths, config.seed, config.draws, further, asked)
    if network is None or not asked.includes(HEADLINE_INDEX):
        return found
    index = score_table(headline_rows(found.table, index_parts(project, weights), focus), package.as_of)
    return replace(found, table=pl.concat([found.table, index]).sort(KEY, nulls_last=False))


def network_of(project: Project, config: Config, package: DataPackage, whole: bool = True) -> NetworkRun:
    """The network of a project's data package (opened with ``NETWORK_TABLES``), with its draws; see run_network."""
    return run_network(project, package, chain_of(project, package), config.seed, config.draws, whole)


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
