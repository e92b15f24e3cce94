"""The disruption model of a command: what takes long to build is kept between commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from supplyrisk.chain import Chain
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.runs.config import Config
from supplyrisk.runs.disruption_run import RESTED_ON, TABLES, DisruptionModel, disruption_model, rested_on
from supplyrisk.runs.network_inputs import TABLES as NETWORK
from supplyrisk.runs.opening import chain_of, load_config, open_project_data, resolve_day
from supplyrisk.runs.project import Project
from supplyrisk.runs.scoring import TABLES as SCORES
from supplyrisk.runs.scoring import regions_of
from supplyrisk.runs.supply_graphs import supply_graph
from supplyrisk.store.kept import fingerprint, kept
from supplyrisk.tables.package import DataPackage

_WHOLE = (*dict.fromkeys((*SCORES, *NETWORK, *RESTED_ON, *TABLES)),)


@dataclass(frozen=True)
class Opened:
    """A project on a day. ``name``: hash of everything its results are made from, but scenarios."""

    project: Project
    config: Config
    day: date
    name: str

    @cached_property
    def whole(self) -> DataPackage:
        """Every table that supply graphs are made from."""
        return open_project_data(self.project, self.config, self.day, _WHOLE)

    @cached_property
    def package(self) -> DataPackage:
        """The tables that running and telling a scenario takes."""
        return open_project_data(self.project, self.config, self.day, TABLES)

    @cached_property
    def chain(self) -> Chain:
        """The chain of the project."""
        return chain_of(self.project, self.package)

    def graph_of(self, year: int) -> NamedGraph:
        """The supply graph of a year, kept."""
        return kept(f"{self.name}-{year}", lambda: supply_graph(self.project, self.whole, self.chain, year))

    def model(self, focus: Sequence[str]) -> DisruptionModel:
        """The disruption model; ``focus`` empty: the regions of the config.

        Graphs are kept: where one is at hand, so are checked tables, and the large ones need not be read again.
        """
        rows = kept(f"{self.name}-rows", lambda: rested_on(self.whole))
        regions = tuple(region.code for region in regions_of(self.package, focus or self.config.focus))
        return disruption_model(self.project, self.package, self.chain, regions, rows, self.graph_of)


def open_kept(project: Project, quarter: str | None, as_of: str | None) -> Opened:
    """A project as known on a day."""
    config, chosen = load_config(project, quarter)
    day = resolve_day(config, chosen, as_of, date.today())
    return Opened(project, config, day, fingerprint(_made_from(project, config), [str(day)]))


def open_model(project: Project, quarter: str | None, as_of: str | None, focus: Sequence[str]) -> DisruptionModel:
    """The disruption model of a project as known on a day."""
    return open_kept(project, quarter, as_of).model(focus)


def _made_from(project: Project, config: Config) -> Iterator[Path]:
    """Every file that a supply graph may depend on."""
    yield project.config_file
    yield from (path for path in project.data.rglob("*") if path.is_file())
    scenarios = project.models / "scenarios"
    yield from (path for path in project.models.rglob("*.yaml") if scenarios not in path.parents)
    if config.overlay is not None:
        yield from (path for path in (project.home / config.overlay).rglob("*") if path.is_file())
