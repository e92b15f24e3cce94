"""The disruption model of a command: its supply graphs are kept between commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.runs.config import Config
from supplyrisk.runs.disruption_run import RESTED_ON, TABLES, DisruptionModel, disruption_model, row_ids
from supplyrisk.runs.network_inputs import TABLES as NETWORK
from supplyrisk.runs.opening import chain_of, load_config, open_project_data, resolve_day
from supplyrisk.runs.project import Project
from supplyrisk.runs.scoring import TABLES as SCORES
from supplyrisk.runs.scoring import regions_of
from supplyrisk.runs.supply_graphs import supply_graph
from supplyrisk.store.kept import fingerprint, kept
from supplyrisk.tables.package import DataPackage

_WHOLE = (*dict.fromkeys((*SCORES, *NETWORK, *RESTED_ON, *TABLES)),)


def open_model(project: Project, quarter: str | None, as_of: str | None, focus: Sequence[str]) -> DisruptionModel:
    """The disruption model of a project as known on a day.

    Graphs are kept under a hash of everything they are made from: where one is at hand, so are checked tables, and the
    large ones need not be read again.
    """
    config, chosen = load_config(project, quarter)
    day = resolve_day(config, chosen, as_of, date.today())

    @cache
    def whole() -> DataPackage:
        return open_project_data(project, config, day, _WHOLE)

    name = fingerprint(_made_from(project, config), [str(day)])
    rows = kept(f"{name}-rows", lambda: row_ids(whole()))
    package = open_project_data(project, config, day, TABLES)
    chain = chain_of(project, package)

    def graph_of(year: int) -> NamedGraph:
        return kept(f"{name}-{year}", lambda: supply_graph(project, whole(), chain, year))

    regions = tuple(region.code for region in regions_of(package, focus or config.focus))
    return disruption_model(project, package, chain, regions, rows, graph_of)


def _made_from(project: Project, config: Config) -> Iterator[Path]:
    """Every file that a supply graph may depend on."""
    yield project.config_file
    yield from (path for path in project.data.rglob("*") if path.is_file())
    scenarios = project.models / "scenarios"
    yield from (path for path in project.models.rglob("*.yaml") if scenarios not in path.parents)
    if config.overlay is not None:
        yield from (path for path in (project.home / config.overlay).rglob("*") if path.is_file())
