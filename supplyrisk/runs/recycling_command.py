"""From words on the command line to what recycling of batteries gives."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.runs.opening import Progress, load_config, open_project_data, resolve_day
from supplyrisk.runs.project import find_project
from supplyrisk.runs.quarterly import NETWORK_TABLES, network_of
from supplyrisk.runs.recycling_run import TABLES, recycling, recycling_assumptions

RECYCLING_VIEWS = ("supply", "hangs")


def run_recycling(
    folder: Path | None, view: str, quarter: str | None, as_of: str | None, progress: Progress
) -> tuple[pl.DataFrame, str]:
    """The table of a view, and what has to be read beside it. Raises ``InputError`` where figures are missing."""
    if view not in RECYCLING_VIEWS:
        raise InputError(f"--view: '{view}' is not a view of --recycling. {did_you_mean(view, RECYCLING_VIEWS)}")
    project = find_project(folder)
    config, named = load_config(project, quarter)
    day = resolve_day(config, named, as_of, date.today())
    progress("reading the data package")
    package = open_project_data(project, config, day, tuple(dict.fromkeys((*NETWORK_TABLES, *TABLES))))
    assumed = recycling_assumptions(project, package)
    progress("building the networks")
    found = recycling(network_of(project, config, package), package, assumed)
    note = (
        "Batteries of electric vehicles sold in EU27 and scrap of its cell factories, treated in the year they arise, "
        "recovery as the Battery Regulation asks for; capacity of recyclers is no limit here. Assumptions: "
        "models/assumptions/recycling.yaml.\n"
    )
    table = getattr(found, view)
    assert isinstance(table, pl.DataFrame)
    return table, note
