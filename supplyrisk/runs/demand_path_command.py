"""From words on the command line to paths of demand for batteries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.mitigation.demand_paths import PACKS
from supplyrisk.mitigation.demand_tables import last_whole_year, material_table, path_table, sensitivity_table
from supplyrisk.runs.demand_path_run import TABLES, DemandPaths, demand_paths, regions_asked
from supplyrisk.runs.opening import Progress, open_package
from supplyrisk.runs.project_scores import NETWORK_TABLES, network_of
from supplyrisk.runs.recycling_run import needed_for
from supplyrisk.scenario.known_paths import CENTRAL

DEMAND_VIEWS = ("path", "materials", "sensitivity")
YEARS = range(2024, 2036)
_TONNES = (
    "Tonnes behind the packs sold, by world mean recipes, wherever cells are made; in_base_year: the same in 2024. "
    "use_today: what the region itself buys for all purposes; empty where no row was known on the day.\n"
)


def run_demand(
    folder: Path | None,
    names: Sequence[str],
    view: str,
    focus: Sequence[str],
    quarter: str | None,
    as_of: str | None,
    progress: Progress,
) -> tuple[pl.DataFrame, str]:
    """The table of a view over the paths named (the central one where none is), and what has to be read beside it.

    Raises ``InputError`` for wrong words, and where a figure was not known on the day.
    """
    if view not in DEMAND_VIEWS:
        raise InputError(f"--view: '{view}' is not a view of --demand. {did_you_mean(view, DEMAND_VIEWS)}")
    progress("reading the data package")
    tables = (*NETWORK_TABLES, *TABLES) if view == "materials" else TABLES
    project, config, package = open_package(folder, quarter, as_of, tuple(dict.fromkeys(tables)))
    paths = demand_paths(project, package)
    regions = regions_asked(paths.assumed, focus)
    asked = [(name, region) for name in dict.fromkeys(names or (CENTRAL,)) for region in regions]
    found = [(name, region, paths.path(name, region)) for name, region in asked]
    if view == "path":
        table = pl.concat(path_table(name, region, one, YEARS) for name, region, one in found)
    elif view == "sensitivity":
        table = pl.concat(sensitivity_table(name, region, one, last_whole_year(one)) for name, region, one in found)
    else:
        progress("building the networks")
        network = network_of(project, config, package, whole=False).network
        contents = {
            product: dict(zip(PACKS, map(float, needed_for(network, product, PACKS)), strict=True))
            for product in paths.assumed.materials
        }
        table = pl.concat(
            material_table(name, region, one, YEARS, contents, paths.today(region)) for name, region, one in found
        )
    return table, "".join((*_notes(paths, asked), _TONNES if view == "materials" else ""))


def _notes(paths: DemandPaths, asked: Sequence[tuple[str, str]]) -> Iterator[str]:
    for name in dict.fromkeys(name for name, _ in asked):
        yield f"{name}: {paths.assumed.paths[name].title.en}.\n"
    yield (
        "Cars are all vehicles but heavy trucks. Low and high: one number at an end of its range. Straight lines "
        "between known years; what is not known is left empty. Assumptions: models/assumptions/demand_paths.yaml.\n"
    )
