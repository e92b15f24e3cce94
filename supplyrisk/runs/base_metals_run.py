"""Base metals of a project: where they were melted, self-sufficiency, and exports of scrap."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.network.checks import self_sufficiency_check
from supplyrisk.runs.asked_words import check_words
from supplyrisk.runs.base_metal_scrap_run import TABLES as SCRAP_TABLES
from supplyrisk.runs.base_metal_scrap_run import scrap_gaps, scrap_model
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.runs.opening import open_package
from supplyrisk.runs.project import Project
from supplyrisk.runs.project_scores import QUERY_TABLES, network_of
from supplyrisk.runs.scoring import regions_of
from supplyrisk.scores.base_metals import BaseMetal, read_base_metals
from supplyrisk.scores.melted import MeltedTables, melted_and_poured
from supplyrisk.tables.package import DataPackage

TABLES = tuple(dict.fromkeys(("parameters", "products", *SCRAP_TABLES)))
METAL_VIEWS = ("summary", "origin", "scrap")
_NOTES = {
    "summary": (
        "as_metal: bought as metal; battery: inside the batteries used, by look-through. melted_in_eu counts where it "
        "was smelted or refined, last_sent_from_eu where it was last shipped from; changed_origin: part of use whose "
        "country differs between the two. Unalloyed metal only; metal inside other goods is not in it.\n"
    ),
    "origin": "melted: where the metal was smelted or refined; last_sent: the country it was last shipped from.\n",
    "scrap": "Single figures of policy papers; no trade table of scrap is in the data package.\n",
}


def base_metals(project: Project, package: DataPackage) -> dict[str, BaseMetal]:
    """Metals of the project (package opened with ``TABLES``)."""
    products, rows = package.frames["products"]["product_id"], package.frames["parameters"]["row_id"]
    path = project.models / "assumptions" / "base_metals.yaml"
    return read_base_metals(path, products.to_list(), set(rows))


def melted_tables(project: Project, package: DataPackage, run: NetworkRun, regions: Sequence[str]) -> MeltedTables:
    """All tables for some regions, metal looked through behind batteries too (package opened with ``TABLES``)."""
    parameters = package.table("parameters")
    return melted_and_poured(
        run.drawn,
        base_metals(project, package),
        {run.network.chain.bundled: run.network.chain.bundle},
        regions,
        self_sufficiency_check(run.network, parameters),
        parameters,
        scrap_gaps(scrap_model(project, package)),
    )


def run_base_metals(
    folder: Path | None, view: str, focus: str | None, quarter: str | None, as_of: str | None
) -> tuple[pl.DataFrame, str]:
    """The table of a view (regions in focus where none is asked for), and what has to be read beside it.

    Raises ``InputError`` for a word that is none.
    """
    if view not in METAL_VIEWS:
        raise InputError(f"--metals: '{view}' is not a view. {did_you_mean(view, METAL_VIEWS)}")
    project, config, package = open_package(folder, quarter, as_of, tuple(dict.fromkeys((*QUERY_TABLES, *TABLES))))
    if focus is not None:
        check_words(package, countries=[focus])
    regions = [region.code for region in regions_of(package, config.focus if focus is None else [focus])]
    found = melted_tables(project, package, network_of(project, config, package, whole=False), regions)
    table: pl.DataFrame = getattr(found, view)
    return table, _NOTES[view]
