"""From words on the command line to measures beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.mitigation.read import read_measures
from supplyrisk.runs.mitigate_run import compare_measures
from supplyrisk.runs.open_risk import open_risk
from supplyrisk.runs.opening import Progress, tell_compiling
from supplyrisk.runs.project import Project, find_project
from supplyrisk.runs.ready_files import find_file, ready_files
from supplyrisk.runs.risk_run import RiskProgress

VIEWS = ("measures", "products", "pairs")


def find_measures(project: Project, names: Sequence[str]) -> list[Path]:
    """Measure files by path or by name in models/measures; all ready ones where none is named."""
    return [find_file(project, "measures", text) for text in dict.fromkeys(names)] or ready_files(project, "measures")


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
    for measure in measures:
        if unknown := sorted(measure.products & risk.model.base.cut):
            raise InputError(
                f"{measure.measure_id}.yaml: {', '.join(unknown)} or what goes into it had no known maker on "
                f"{risk.model.package.as_of}. Leave the measure out, or choose a later --as-of."
            )
    tell_compiling(progress)
    told = RiskProgress(progress)
    found = compare_measures(risk, measures, draws, lambda part: told("comparing measures", part))
    note = (
        f"EUR a year, {found.draws} draws over {found.sets} sets of uncertain numbers, the same for all; priced "
        "products only. Measures are taken as in place; lead_months says when that can be.\n"
    )
    table = getattr(found, view)
    assert isinstance(table, pl.DataFrame)
    return table, note
