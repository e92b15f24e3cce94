"""Targets of a project's run: the four tables of the command and the chapter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.network.places import EU_REGION
from supplyrisk.runs.asked_scores import NETWORK
from supplyrisk.runs.import_shifts import import_shifts
from supplyrisk.runs.opening import open_package
from supplyrisk.runs.project import find_project
from supplyrisk.runs.project_scores import QUERY_TABLES
from supplyrisk.runs.score_queries import scores_of
from supplyrisk.scores.import_shift import ImportShift, known_shifts, shift_table
from supplyrisk.scores.partners import partner_table
from supplyrisk.scores.single_country import single_country_table, strategic_products
from supplyrisk.scores.target_measures import TargetInputs
from supplyrisk.scores.targets import targets_table
from supplyrisk.tables.package import DataPackage

TABLES = ("policy_targets", "strategic_projects", "eol_rir")
PROJECTS = {
    "selection": pl.String, "projects": pl.Int64, "with_capacity": pl.Int64, "with_start_year": pl.Int64,
    "with_materials": pl.Int64,
}  # fmt: skip
_WITHOUT_REGION = ("imports", "projects")
VIEWS = ("targets", "single-country", "imports", "partners", "projects")


@dataclass(frozen=True)
class TargetsView:
    """``targets``, ``single_country`` and ``partners`` as in the modules of that name, over all regions in focus.

    ``imports``: the largest share of one country in EU imports over the years (scores.import_shift). ``projects``:
    strategic projects by selection: how many, how many with a capacity and with a year of start.
    """

    targets: pl.DataFrame
    single_country: pl.DataFrame
    imports: pl.DataFrame
    partners: pl.DataFrame
    projects: pl.DataFrame


def targets_view(
    package: DataPackage,
    scores: pl.DataFrame,
    focus: Sequence[str],
    limit: float,
    shifts: Mapping[str, ImportShift | str] | None = None,
) -> TargetsView:
    """All of it from a package (with ``TABLES``) and its score table; ``limit``: share of one third country, 0 … 1.

    ``shifts``: imports of the EU over the years (runs.import_shifts); without them their trend is a gap.
    """
    products, materials = package.table("products"), package.table("materials")
    countries, sourcing = package.table("countries"), package.table("eu_sourcing")
    sources = package.table("sources")
    single = [single_country_table(scores, products, materials, countries, sourcing, region, limit) for region in focus]
    of_eu = single_country_table(scores, products, materials, countries, sourcing, EU_REGION, limit)
    return TargetsView(
        targets=targets_table(
            package.table("policy_targets"),
            TargetInputs(scores, of_eu, products, materials, package.table("eol_rir"), known_shifts(shifts or {})),
        ),
        single_country=pl.concat(single),
        imports=_imports(package, shifts or {}),
        partners=pl.concat([partner_table(scores, countries, sources, region, package.as_of) for region in focus]),
        projects=_projects(package),
    )


def _imports(package: DataPackage, shifts: Mapping[str, ImportShift | str]) -> pl.DataFrame:
    return shift_table(shifts, strategic_products(package.table("products"), package.table("materials")))


def _projects(package: DataPackage) -> pl.DataFrame:
    return (
        package.table("strategic_projects")
        .group_by("selection")
        .agg(
            pl.len().alias("projects"),
            pl.col("capacity").is_not_null().sum().alias("with_capacity"),
            pl.col("start_year").is_not_null().sum().alias("with_start_year"),
            pl.col("material_ids").is_not_null().sum().alias("with_materials"),
        )
        .cast(pl.Schema(PROJECTS))
        .sort("selection")
    )


def targets_of(
    folder: Path | None, quarter: str | None, as_of: str | None, view: str, regions: Sequence[str]
) -> pl.DataFrame:
    """One table of a project, for ``regions`` (none: those in focus).

    Raises ``InputError`` for an unknown view, and for regions beside a view that has none.
    """
    if view not in VIEWS:
        raise InputError(f"'{view}' is not a view of the targets. {did_you_mean(view, VIEWS)}")
    if regions and view in _WITHOUT_REGION:
        raise InputError(f"--view {view} is about the EU as a whole: leave out --region.")
    if view in _WITHOUT_REGION:
        project, _, package = open_package(folder, quarter, as_of, QUERY_TABLES)
        return _projects(package) if view == "projects" else _imports(package, import_shifts(project, package))
    found = scores_of(folder, quarter, as_of, sorted(NETWORK))
    names = found.package.country_names()
    in_focus = found.table.filter(pl.col("metric") == "import_dependence")["scope"].unique().sort().to_list()
    asked = [names.resolve(region) for region in regions] or in_focus
    for region in asked:
        if region not in in_focus:
            raise InputError(f"'{region}' is not in focus. Add it to focus: in config.yaml; now {', '.join(in_focus)}.")
    shifts = import_shifts(find_project(folder), found.package)
    shown = targets_view(found.package, found.table, asked, found.single_country_limit, shifts)
    table: pl.DataFrame = getattr(shown, view.replace("-", "_"))
    return table.filter(pl.col("region").is_in([*asked, EU_REGION])) if view == "targets" and regions else table
