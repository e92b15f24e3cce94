"""Paths of demand for batteries on the data of a day, and what choosing one changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from supplyrisk.disruption.assumptions import SourcedAssumption
from supplyrisk.disruption.from_scenario import ScenarioDoesNotFitError
from supplyrisk.foundation.errors import InputError, NotKnownError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.mitigation.demand_assumptions import (
    DemandAssumptions,
    Series,
    TakenRows,
    read_demand_assumptions,
)
from supplyrisk.mitigation.demand_paths import (
    APPLICATIONS,
    CARS,
    PACKS,
    STORAGE,
    TRUCKS,
    Application,
    Figure,
    PackChange,
    RegionDemand,
    changes_of,
)
from supplyrisk.network.places import EU_REGION
from supplyrisk.runs.project import Project
from supplyrisk.scenario.compose import Scenario, ShockKind
from supplyrisk.scenario.known_paths import CENTRAL
from supplyrisk.scenario.specification import MOST_GROWTH, Demand, DemandPath
from supplyrisk.tables.package import DataPackage

TABLES = ("chemistry_mix", "countries", "demand", "parameters", "policy_targets", "products")
_RESTED_ON = ("chemistry_mix", "demand", "parameters", "policy_targets")
_ALL = Figure(1.0, 1.0, 1.0, "observed")


@dataclass(frozen=True)
class DemandPaths:
    """Paths of a project, and the data of a day (package opened with ``TABLES``)."""

    assumed: DemandAssumptions
    package: DataPackage

    def path(self, name: str, region: str, applications: Collection[Application] = APPLICATIONS) -> RegionDemand:
        """A path in a region; of other applications than those asked for it says nothing, known or not.

        Raises ``InputError`` for a path or region that nothing is said of, or a row that was not known on the day.
        """
        assumed = self.assumed
        if name not in assumed.paths:
            raise InputError(f"'{name}' is not a path of demand. {did_you_mean(name, assumed.paths)}")
        if region not in assumed.regions:
            raise InputError(
                f"There are no figures of demand for batteries in {region}. {did_you_mean(region, assumed.regions)}"
            )
        figures = _Figures(self.package)
        said, mix, of_eu = assumed.said(name, region), assumed.regions[region], assumed.said(CENTRAL, EU_REGION)
        trucks, vehicles = figures.series(of_eu.trucks), figures.series(of_eu.vehicles)
        base = min(vehicles)

        def of(application: Application, series: Series | None) -> dict[int, Figure]:
            return figures.series(series) if application in applications else {}

        part = _ALL if region == EU_REGION else figures.number(mix.trucks_of_eu)
        return RegionDemand(
            vehicles=of(CARS, said.vehicles),
            trucks=of(TRUCKS, said.trucks) if part is not None else {},
            storage=of(STORAGE, said.storage),
            car_lfp_share=of(CARS, mix.car_lfp_share),
            truck_lfp_share=of(TRUCKS, assumed.truck_lfp_share),
            storage_lfp_share=of(STORAGE, mix.storage_lfp_share),
            truck_kwh=figures.of(assumed.truck_kwh),
            trucks_of_eu=part or _ALL,
            inside=(trucks[base], vehicles[base]),
        )

    def changes(self, name: str, region: str, year: int) -> tuple[PackChange, ...]:
        """How much more of each pack is used on a path than on the central one of that year.

        What may be asked for is checked where it is read (scenario.known_paths). Raises ``InputError`` where nothing
        differs, and as ``path`` does.
        """
        found = changes_of(self.path(name, region), self.path(CENTRAL, region), year)
        if not found:
            raise InputError(
                f"In {year} the path {name} asks for the same batteries in {region} as the path {CENTRAL}, against "
                "which it is measured."
            )
        return found

    def today(self, region: str) -> dict[str, tuple[str, float]]:
        """By product: row and tonnes of what a region uses for all purposes, where there is a row and it was known."""
        wanted = {product: rows[region] for product, rows in self.assumed.materials.items() if region in rows}
        values = _values(self.package, "demand")
        return {product: (row, values[row].value) for product, row in wanted.items() if row in values}


def file_of(project: Project) -> Path:
    """Where a project has its paths."""
    return project.models / "assumptions" / "demand_paths.yaml"


def demand_paths(project: Project, package: DataPackage) -> DemandPaths:
    """Paths of the project. Raises ``InputError`` with every problem of the file."""
    rows = {row for name in _RESTED_ON for row in package.frames[name]["row_id"].to_list()}
    products, countries = package.frames["products"]["product_id"], package.frames["countries"]["iso3"]
    return DemandPaths(
        read_demand_assumptions(file_of(project), products.to_list(), countries.to_list(), rows), package
    )


class _Figures:
    """Figures of a file with the rows that they take from the data."""

    def __init__(self, package: DataPackage) -> None:
        self.as_of = package.as_of
        tables = ("chemistry_mix", "demand", "parameters")
        self.known = {row: figure for name in tables for row, figure in _values(package, name).items()}

    def series(self, series: Series | None) -> dict[int, Figure]:
        return {year: self.of(point) for year, point in (series or {}).items()}

    def number(self, number: SourcedAssumption | None) -> Figure | None:
        return None if number is None else self.of(number)

    def of(self, point: TakenRows | SourcedAssumption) -> Figure:
        if isinstance(point, SourcedAssumption):
            return Figure(point.value, point.low, point.high, point.basis, point.rows)
        if unknown := [row for row in point.all_rows if row not in self.known]:
            raise NotKnownError(
                f"Paths of demand rest on {', '.join(unknown)}, not known on {self.as_of}. Choose a later --as-of.",
                "battery_demand",
            )
        own = [self.known[row] for row in point.rows]
        low = [self.known[row].low for row in point.low_rows] or [one.low for one in own]
        high = [self.known[row].high for row in point.high_rows] or [one.high for one in own]
        basis = max((one.basis for one in own), key=("observed", "derived", "assumed").index)
        value = sum(one.value for one in own)
        return Figure(value, min(value, sum(low)), max(value, sum(high)), basis, point.rows)


def _values(package: DataPackage, name: str) -> Mapping[str, Figure]:
    """Rows of a table as known on the day; without a range of their own the value is both ends."""
    column = "lfp_share" if name == "chemistry_mix" else "value"
    rows = package.table(name).select("row_id", column, "low", "high", "basis").drop_nulls(column)
    return {
        row: Figure(value, value if low is None else low, value if high is None else high, basis, (row,))
        for row, value, low, high, basis in rows.iter_rows()
    }


def regions_asked(assumed: DemandAssumptions, asked: Sequence[str]) -> tuple[str, ...]:
    """Regions asked for, all that something is said of where none is. Raises ``InputError`` for any other."""
    for code in asked:
        if code not in assumed.regions:
            raise InputError(
                f"--focus: there are no figures of demand for batteries in {code}. "
                f"{did_you_mean(code, assumed.regions)}"
            )
    return tuple(dict.fromkeys(asked)) or tuple(assumed.regions)


def with_paths(scenario: Scenario, paths: Callable[[], DemandPaths]) -> Scenario:
    """A scenario with each path of demand as one shock of demand a pack, named after both.

    Raises ``ScenarioDoesNotFitError`` where a path was not known on the day, ``InputError`` where it changes nothing.
    """
    shocks: dict[str, ShockKind] = {}
    for name, shock in scenario.shocks.items():
        if not isinstance(shock, DemandPath):
            shocks[name] = shock
            continue
        where = f"{scenario.scenario_id}.yaml, shocks.{name}"
        try:
            packs = paths().changes(shock.path, shock.region, shock.year)
        except NotKnownError as error:
            raise ScenarioDoesNotFitError(f"{where}: {error}", PACKS) from error
        except InputError as error:
            raise InputError(f"{where}: {error}") from error
        for one in packs:
            if one.share > MOST_GROWTH:
                raise InputError(f"{where}: use of {one.pack} would grow by {one.share:.0%}, more than a shock may.")
            shocks[f"{name}.{one.pack}"] = Demand(
                kind="demand",
                start_month=shock.start_month,
                months=shock.months,
                recovery_months=shock.recovery_months,
                rests_on=shock.rests_on,
                products=(one.pack,),
                countries=(shock.region,),
                change_share=one.share,
            )
    return replace(scenario, shocks=shocks)
