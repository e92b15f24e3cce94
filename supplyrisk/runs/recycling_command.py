"""From words on the command line to what recycling of batteries gives."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.runs.opening import Progress, open_package
from supplyrisk.runs.quarterly import NETWORK_TABLES, network_of
from supplyrisk.runs.recycling_run import TABLES, recycling, recycling_model

RECYCLING_VIEWS = ("supply", "sensitivity")


def run_recycling(
    folder: Path | None, view: str, quarter: str | None, as_of: str | None, progress: Progress
) -> tuple[pl.DataFrame, str]:
    """The table of a view, and what has to be read beside it. Raises ``InputError`` where figures are missing."""
    if view not in RECYCLING_VIEWS:
        raise InputError(f"--view: '{view}' is not a view of --recycling. {did_you_mean(view, RECYCLING_VIEWS)}")
    progress("reading the data package")
    names = tuple(dict.fromkeys((*NETWORK_TABLES, *TABLES)))
    project, config, package = open_package(folder, quarter, as_of, names)
    progress("building the networks")
    found = recycling(recycling_model(project, network_of(project, config, package), package))
    note = (
        "Batteries of electric vehicles sold in EU27 and scrap of its cell factories, treated in the year they arise, "
        "recovery as the Battery Regulation asks for; capacity of recyclers is no limit here. The path of demand that "
        "sales are of, and all assumptions: models/assumptions/recycling.yaml.\n"
    )
    table = getattr(found, view)
    assert isinstance(table, pl.DataFrame)
    return table, note
