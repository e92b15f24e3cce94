"""How EU imports of every product with trade of its own have moved since the years of the Commission's study."""

from __future__ import annotations

from supplyrisk.runs.live_inputs import import_tables, live_assumptions, usual_unit_value_ratio
from supplyrisk.runs.project import Project
from supplyrisk.runs.scoring import kinds_of
from supplyrisk.scores.criticality.import_series import import_series
from supplyrisk.scores.criticality.share_series import DrawnWith
from supplyrisk.scores.import_shift import ImportShift, import_shift
from supplyrisk.tables.package import DataPackage

_NO_DRAWS = 1


def import_shifts(project: Project, package: DataPackage) -> dict[str, ImportShift | str]:
    """By product with a heading whose tonnes count, or a word for the reason (see criticality.import_series)."""
    rules, kinds = live_assumptions(project, package).carried, kinds_of(package)
    read = import_tables(package, usual_unit_value_ratio(project, package))
    drawn_with = DrawnWith(kinds, {}, 0, _NO_DRAWS)
    found: dict[str, ImportShift | str] = {}
    for product in sorted(read.codes_of):
        series = import_series(read, product, rules, package.as_of.year, drawn_with)
        found[product] = series if isinstance(series, str) else import_shift(series)
    return found
