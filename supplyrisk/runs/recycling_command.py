"""From words on the command line to what recycling of a good gives."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.runs.base_metal_scrap_run import TABLES as SCRAP_TABLES
from supplyrisk.runs.base_metal_scrap_run import base_metal_scrap, scrap_model
from supplyrisk.runs.magnet_recycling_run import magnet_model, magnet_recycling
from supplyrisk.runs.opening import Progress, open_package
from supplyrisk.runs.project_scores import NETWORK_TABLES, network_of
from supplyrisk.runs.recycling_run import recycling, recycling_model
from supplyrisk.runs.won_back_run import TABLES

BATTERIES, MAGNETS, BASE_METALS = "batteries", "magnets", "base_metals"
RECYCLING_VIEWS = {
    BATTERIES: ("supply", "sensitivity", "capacity"),
    MAGNETS: ("supply", "sensitivity", "capacity"),
    BASE_METALS: ("supply", "sensitivity", "checks", "gaps"),
}
"""What can be asked about goods that come back."""
_NOTES = {
    BATTERIES: (
        "Batteries of electric vehicles sold in EU27 and scrap of its cell factories, treated in the year they arise, "
        "recovery as the Battery Regulation asks for. Exports are taken first; what recyclers in the EU cannot take of "
        "the rest leaves it too (--view capacity: where they are). The path of demand that sales are of, and all "
        "assumptions: models/assumptions/recycling.yaml.\n"
    ),
    MAGNETS: (
        "Magnets used by industry in EU27, taken to stay there, and scrap of its makers. Target: the benchmark for "
        "capacity over consumption of all strategic materials together. Neodymium, praseodymium, dysprosium and "
        "terbium together, as no figure tells one from another. No capacity of recyclers in the EU is known, so "
        "that it is no limit. Assumptions: models/assumptions/magnet_recycling.yaml.\n"
    ),
    BASE_METALS: (
        "Metal in scrap of goods that leave use in EU27 and of its makers of goods. Most of what leaves use was sold "
        "in years without data (share_without_data): the past is assumed, and so are new scrap of steel, zinc and "
        "nickel, exports of zinc and nickel scrap, collection of steel, most lifetimes, losses in melting and what "
        "leaves inside goods. Trade in scrap is net, the same part every year, and taken before anything is melted. "
        "--view checks: published figures beside these; --view gaps: metals without a model. Assumptions: "
        "models/assumptions/base_metal_scrap.yaml.\n"
    ),
}


def run_recycling(
    folder: Path | None, goods: str, view: str, quarter: str | None, as_of: str | None, progress: Progress
) -> tuple[pl.DataFrame, str]:
    """The table of a view, and what has to be read beside it. Raises ``InputError`` where figures are missing."""
    if goods not in RECYCLING_VIEWS:
        raise InputError(
            f"--goods: '{goods}' is nothing that --recycling knows. {did_you_mean(goods, RECYCLING_VIEWS)}"
        )
    if view not in RECYCLING_VIEWS[goods]:
        told = did_you_mean(view, RECYCLING_VIEWS[goods])
        raise InputError(f"--view: '{view}' is nothing that --recycling knows of {goods}. {told}")
    progress("reading the data package")
    if goods == BASE_METALS:
        project, _, package = open_package(folder, quarter, as_of, SCRAP_TABLES)
        scrap: pl.DataFrame = getattr(base_metal_scrap(scrap_model(project, package)), view)
        return scrap, _NOTES[goods]
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
