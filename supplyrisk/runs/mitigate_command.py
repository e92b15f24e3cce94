"""From words on the command line to measures beside each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path

import polars as pl

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.mitigation.apply import bought_in
from supplyrisk.mitigation.read import read_measures
from supplyrisk.mitigation.recycling_assumptions import RecyclingAssumptions
from supplyrisk.mitigation.specification import Recycling
from supplyrisk.mitigation.worked_out import Workings, to_work_out, worked_out
from supplyrisk.network.places import EU_REGION
from supplyrisk.runs.mitigate_run import compare_measures
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.runs.open_disruption import open_kept
from supplyrisk.runs.open_risk import open_risk
from supplyrisk.runs.opening import Progress, open_package, tell_compiling
from supplyrisk.runs.project import Project, find_project
from supplyrisk.runs.quarterly import NETWORK_TABLES, network_of
from supplyrisk.runs.ready_files import find_file, ready_files
from supplyrisk.runs.recycling_run import TABLES as RECYCLING_TABLES
from supplyrisk.runs.recycling_run import more_won_back, recycling_assumptions
from supplyrisk.runs.risk_run import RiskProgress
from supplyrisk.store.kept import kept
from supplyrisk.tables.package import DataPackage

VIEWS = ("measures", "products", "pairs", "third-countries")


def find_measures(project: Project, names: Sequence[str]) -> list[Path]:
    """Measure files by path or by name in models/measures; all ready ones where none is named."""
    return [find_file(project, "measures", text) for text in dict.fromkeys(names)] or ready_files(project, "measures")


def _more_won_back(
    folder: Path | None, quarter: str | None, as_of: str | None
) -> Callable[[Recycling], Mapping[str, float]]:
    """What a measure of recycling wins back on top; the networks it takes are built once, and the answer is kept."""
    name = open_kept(find_project(folder), quarter, as_of).name

    @cache
    def opened() -> tuple[NetworkRun, DataPackage, RecyclingAssumptions]:
        names = tuple(dict.fromkeys((*NETWORK_TABLES, *RECYCLING_TABLES)))
        project, config, package = open_package(folder, quarter, as_of, names)
        return network_of(project, config, package), package, recycling_assumptions(project, package)

    def of_change(change: Recycling) -> Mapping[str, float]:
        own = blake2b(change.model_dump_json().encode(), digest_size=8).hexdigest()
        return kept(f"{name}-won-back-{own}", lambda: more_won_back(*opened(), change))

    return of_change


def run_mitigation(
    folder: Path | None,
    names: Sequence[str],
    view: str,
    focus: Sequence[str],
    draws: int,
    seed: int | None,
    quarter: str | None,
    as_of: str | None,
    progress: Progress,
) -> tuple[pl.DataFrame, str]:
    """The table of a view, and what has to be read beside it. Raises ``InputError`` before anything is simulated."""
    if view not in VIEWS:
        raise InputError(f"--view: '{view}' is not a view of measures. {did_you_mean(view, VIEWS)}")
    project = find_project(folder)
    paths = find_measures(project, names)
    progress("reading the data package")
    risk = open_risk(project, quarter, as_of, focus, seed)
    measures = read_measures(paths, risk.model.words)
    if any(map(to_work_out, measures)):
        progress("working out what is won back and used")
        more_won_back, bought = _more_won_back(folder, quarter, as_of), bought_in(risk.model.base, EU_REGION)
        measures = worked_out(measures, Workings(more_won_back, bought, risk.model.more_used))
    for measure in measures:
        if unknown := sorted(measure.products & risk.model.base.cut):
            raise InputError(
                f"{measure.measure_id}.yaml: {', '.join(unknown)} or what goes into it had no known maker on "
                f"{risk.model.package.as_of}. Leave the measure out, or choose a later --as-of."
            )
    tell_compiling(progress)
    told = RiskProgress(progress)
    found = compare_measures(risk, measures, draws, lambda part: told("comparing measures", part), view == "pairs")
    note = (
        f"EUR a year, {found.draws} draws over {found.sets} sets of uncertain numbers, the same for all; priced "
        "products only. Measures are taken as in place; lead_months says when that can be.\n"
    )
    table = getattr(found, view.replace("-", "_"))
    assert isinstance(table, pl.DataFrame)
    return table, note
