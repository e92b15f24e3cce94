"""From words on the command line to what recycling of a good gives."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.runs.magnet_recycling_run import magnet_model, magnet_recycling
from supplyrisk.runs.opening import Progress, open_package
from supplyrisk.runs.project_scores import NETWORK_TABLES, network_of
from supplyrisk.runs.recycling_run import recycling, recycling_model
from supplyrisk.runs.won_back_run import TABLES

RECYCLING_VIEWS = ("supply", "sensitivity")
BATTERIES, MAGNETS = "batteries", "magnets"
_NOTES = {
    BATTERIES: (
        "Batteries of electric vehicles sold in EU27 and scrap of its cell factories, treated in the year they arise, "
        "recovery as the Battery Regulation asks for; capacity of recyclers is no limit here. The path of demand that "
        "sales are of, and all assumptions: models/assumptions/recycling.yaml.\n"
    ),
    MAGNETS: (
        "Magnets used by industry in EU27, taken to stay there, and scrap of its makers. Target: the benchmark for "
        "capacity over consumption of all strategic materials together. Neodymium, praseodymium, dysprosium and "
        "terbium together, as no figure tells one from another. "
        "Assumptions: models/assumptions/magnet_recycling.yaml.\n"
    ),
}


def run_recycling(
    folder: Path | None, goods: str, view: str, quarter: str | None, as_of: str | None, progress: Progress
) -> tuple[pl.DataFrame, str]:
    """The table of a view, and what has to be read beside it. Raises ``InputError`` where figures are missing."""
    for option, word, known in (("--goods", goods, tuple(_NOTES)), ("--view", view, RECYCLING_VIEWS)):
        if word not in known:
            raise InputError(f"{option}: '{word}' is nothing that --recycling knows. {did_you_mean(word, known)}")
    progress("reading the data package")
    names = tuple(dict.fromkeys((*NETWORK_TABLES, *TABLES)))
    project, config, package = open_package(folder, quarter, as_of, names)
    progress("building the networks")
    if goods == MAGNETS:
        run = network_of(project, config, package, whole=False)
        found = magnet_recycling(magnet_model(project, run, package))
    else:
        found = recycling(recycling_model(project, network_of(project, config, package), package))
    table: pl.DataFrame = getattr(found, view)
    return table, _NOTES[goods]
