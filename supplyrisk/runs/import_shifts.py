"""How EU imports of every product with trade of its own have moved since the years of the Commission's study."""

from __future__ import annotations

from supplyrisk.runs.live_inputs import kinds_of, live_assumptions, usual_unit_value_ratio
from supplyrisk.runs.project import Project
from supplyrisk.runs.scoring import eu_members
from supplyrisk.scores.criticality.share_series import DrawnWith, ImportTables, import_series
from supplyrisk.scores.import_shift import ImportShift, import_shift
from supplyrisk.tables.package import DataPackage

_NO_DRAWS = 1


def import_shifts(project: Project, package: DataPackage) -> dict[str, ImportShift]:
    """By product, where each year of both ends has every heading (see share_series.import_series)."""
    rules, kinds = live_assumptions(project, package).carried, kinds_of(package)
    tables = (package.table("eu_imports"), package.table("trade"), package.frames["hs_content"])
    read = ImportTables(*tables, eu_members(package), usual_unit_value_ratio(project, package))
    found = {}
    for product in tables[0]["product_id"].unique().sort():
        series = import_series(read, product, rules, package.as_of.year, DrawnWith(kinds, {}, 0, _NO_DRAWS))
        if series is not None:
            found[product] = import_shift(series)
    return found
