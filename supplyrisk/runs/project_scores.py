"""Scores of a project: the groups asked for, with its network where they rest on one.

What builds and draws networks takes most of a second to load, and is loaded only where a network is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from supplyrisk.runs.asked_scores import (
    ALL_SCORES,
    HEADLINE_INDEX,
    LIVE,
    OFFICIAL,
    STAGE_CAPACITY,
    TRADE,
    TRENDS,
    AskedScores,
)
from supplyrisk.runs.asked_scores import NETWORK as NETWORK_SCORES
from supplyrisk.runs.assumptions import read_quality_widths, read_trend_rules
from supplyrisk.runs.config import Config
from supplyrisk.runs.criticality_run import TABLES as CRITICALITY
from supplyrisk.runs.criticality_run import live_scores
from supplyrisk.runs.headline import index_parts
from supplyrisk.runs.live_inputs import live_inputs
from supplyrisk.runs.network_inputs import TABLES as NETWORK
from supplyrisk.runs.opening import chain_of
from supplyrisk.runs.project import Project
from supplyrisk.runs.scoring import TABLES, Scores, regions_of, score_package, series_of, stages_of
from supplyrisk.scores.criticality.rows import published_rows
from supplyrisk.scores.headline_index import headline_rows
from supplyrisk.scores.table import KEY, ScoreRow, score_table
from supplyrisk.scores.trend import trend_rows
from supplyrisk.tables.package import DataPackage

if TYPE_CHECKING:
    from supplyrisk.runs.network_run import NetworkRun

GOAL_TABLE = "policy_targets"
SCORE_TABLES = (*TABLES, *CRITICALITY)
NETWORK_TABLES = (*SCORE_TABLES, *NETWORK)
QUERY_TABLES = (*NETWORK_TABLES, GOAL_TABLE, "strategic_projects", "eol_rir")


def tables_of(asked: AskedScores) -> tuple[str, ...]:
    """Tables that the scores asked for are worked out from: trade alone takes as long to read as all others."""
    if asked.includes(NETWORK_SCORES | HEADLINE_INDEX):
        return QUERY_TABLES
    of_studies = CRITICALITY if asked.includes(LIVE | OFFICIAL) else ()
    of_trade = ("trade",) if asked.includes(TRADE) else ()
    return (*(name for name in TABLES if name != "trade"), *of_studies, *of_trade)


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
    further = [] if network is None else _of_network(network, package, focus, asked)
    if asked.includes(OFFICIAL):
        further += published_rows(package.table("eu_assessment"))
    if asked.includes(LIVE):
        further += live_scores(live_inputs(project, package, widths, config.seed, config.draws))
    if asked.includes(TRENDS):
        rules = read_trend_rules(project.models / "assumptions" / "trend.yaml")
        further += trend_rows(series_of(package, asked.products), rules, package.as_of.year)
    found = score_package(package, config.focus, widths, config.seed, config.draws, further, asked)
    if network is None or not asked.includes(HEADLINE_INDEX):
        return found
    index = score_table(headline_rows(found.table, index_parts(project, weights), focus), package.as_of)
    return replace(found, table=pl.concat([found.table, index]).sort(KEY, nulls_last=False))


def _of_network(network: NetworkRun, package: DataPackage, focus: Sequence[str], asked: AskedScores) -> list[ScoreRow]:
    from supplyrisk.runs.network_run import network_scores
    from supplyrisk.runs.stage_capacity_run import stage_capacity_scores

    found: list[ScoreRow] = []
    if asked.includes(NETWORK_SCORES - STAGE_CAPACITY):
        found += network_scores(network, focus, stages_of(package), asked.products)
    if asked.includes(STAGE_CAPACITY):
        found += stage_capacity_scores(network, package, focus)
    return found


def network_of(project: Project, config: Config, package: DataPackage, whole: bool = True) -> NetworkRun:
    """The network of a project's data package (opened with ``NETWORK_TABLES``), with its draws; see run_network."""
    from supplyrisk.runs.network_run import run_network

    return run_network(project, package, chain_of(project, package), config.seed, config.draws, whole)
