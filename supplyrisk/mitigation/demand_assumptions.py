"""What paths of demand for batteries assume (models/assumptions/demand_paths.yaml)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError

from supplyrisk.disruption.assumptions import ShareAssumption, SourcedAssumption, within
from supplyrisk.foundation.model_reader import load_model
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.words import COUNTRY, PRODUCT, ROW, AnyNumber, Country, Product, RowId, Words
from supplyrisk.foundation.yaml_reader import read_yaml
from supplyrisk.mitigation.demand_paths import CARS, STORAGE, TRUCKS, Application
from supplyrisk.network.places import EU_REGION
from supplyrisk.scenario.known_paths import CENTRAL, KnownPaths
from supplyrisk.scenario.specification import Title


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class TakenRows(_Strict):
    """A figure of the data: rows added up, and those of the ends of its range where other rows give them."""

    rows: Words[RowId]
    low_rows: AnyNumber[RowId] = ()
    high_rows: AnyNumber[RowId] = ()

    @property
    def all_rows(self) -> tuple[str, ...]:
        """Rows of the value and of both ends."""
        return (*self.rows, *self.low_rows, *self.high_rows)


def _taken_or_number(found: Any) -> str:
    taken = isinstance(found, TakenRows) or (isinstance(found, dict) and "value" not in found)
    return "taken" if taken else "number"


Point = Annotated[
    Annotated[TakenRows, Tag("taken")] | Annotated[SourcedAssumption, Tag("number")], Discriminator(_taken_or_number)
]
Series = dict[int, Point]


def _series(table: str, least: float, most: float) -> AfterValidator:
    """Mark of a series whose rows are of one table, and whose numbers lie between two."""

    def check(series: Series) -> Series:
        for year, point in series.items():
            others = [row for row in getattr(point, "all_rows", ()) if not row.startswith(f"{table}.")]
            if others:
                raise ValueError(f"{year}: '{others[0]}' is not a row of the table {table}")
            if isinstance(point, SourcedAssumption) and not least <= point.low <= point.high <= most:
                raise ValueError(f"{year}: {point.low:g} to {point.high:g} is outside the range {least:g} to {most:g}")
        return series

    return AfterValidator(check)


Gwh = Annotated[Series, Field(min_length=1), _series("demand", 0.0, float("inf"))]
Vehicles = Annotated[Series, Field(min_length=1), _series("parameters", 0.0, float("inf"))]
Mix = Annotated[Series, Field(min_length=1), _series("chemistry_mix", 0.0, 1.0)]


class RegionMix(_Strict):
    """LFP in GWh of cars and of storage in a region; ``trucks_of_eu``: its part in the trucks sold in the EU."""

    car_lfp_share: Mix
    storage_lfp_share: Mix | None = None
    trucks_of_eu: ShareAssumption | None = None


class RegionPath(_Strict):
    """A path in a region: GWh in all vehicles, battery-electric heavy trucks sold, GWh in stationary storage."""

    vehicles: Gwh | None = None
    trucks: Vehicles | None = None
    storage: Gwh | None = None


class PathFigures(_Strict):
    """A path. ``as_``: the path that holds in what it does not say itself."""

    title: Title
    as_: Annotated[str | None, Field(alias="as")] = None
    regions: Annotated[dict[Country, RegionPath], Field(min_length=1)]


class DemandAssumptions(_Strict):
    """See the comments of the file."""

    truck_kwh: Annotated[SourcedAssumption, within(10.0, 2000.0)]
    truck_lfp_share: Mix
    regions: Annotated[dict[Country, RegionMix], Field(min_length=1)]
    materials: Annotated[dict[Product, dict[Country, RowId]], Field(min_length=1)]
    paths: Annotated[dict[str, PathFigures], Field(min_length=1)]

    def said(self, path: str, region: str) -> RegionPath:
        """A path in a region with what it takes over from another; trucks of a part of the EU are those of the EU."""
        own = self.paths[path]
        chain = [own] if own.as_ is None else [self.paths[own.as_], own]
        found: dict[str, Series | None] = {}
        for one in chain:
            for part in ("vehicles", "trucks", "storage"):
                where = EU_REGION if part == "trucks" else region
                series = getattr(one.regions.get(where), part, None)
                if series is not None:
                    found[part] = series
        return RegionPath().model_copy(update=found)

    def known_years(self, path: str, region: str) -> dict[str, tuple[int, int]]:
        """First and last year of every application that the file has a figure of."""
        said, mix = self.said(path, region), self.regions[region]
        has_trucks = region == EU_REGION or mix.trucks_of_eu is not None
        pairs: tuple[tuple[Application, Series | None, Series | None], ...] = (
            (CARS, said.vehicles, mix.car_lfp_share),
            (TRUCKS, said.trucks if has_trucks else None, self.truck_lfp_share),
            (STORAGE, said.storage, mix.storage_lfp_share),
        )
        return {
            application: (max(min(one), min(other)), min(max(one), max(other)))
            for application, one, other in pairs
            if one and other
        }


class _File(_Strict):
    demand_paths: DemandAssumptions


def known_paths(path: Path) -> KnownPaths:
    """What paths of a file may be chosen, for its regions and years; none where there is no such file.

    Of a file with mistakes the names alone, whatever else is wrong with it: reading it for use tells them.
    """
    data: Any = read_yaml(path).data if path.is_file() else {}
    try:
        assumed = _File.model_validate(data).demand_paths
    except ValidationError:
        for key in ("demand_paths", "paths"):
            data = data.get(key) if isinstance(data, Mapping) else None
        return {str(name): {} for name in data} if isinstance(data, Mapping) else {}
    return {
        name: {region: assumed.known_years(name, region) for region in assumed.regions}
        for name, one in assumed.paths.items()
        if one.as_ is None or one.as_ in assumed.paths
    }


def read_demand_assumptions(
    path: Path, products: Collection[str], countries: Collection[str], row_ids: Collection[str]
) -> DemandAssumptions:
    """The assumptions. Raises ``InputError`` with every problem: file, line, what, nearest word."""
    collector = ProblemCollector()
    found = load_model(path, _File, collector, {PRODUCT: products, COUNTRY: countries, ROW: row_ids})
    if found is not None:
        _check_paths(path, found.demand_paths, collector)
    collector.raise_if_any("The paths of demand cannot be used")
    assert found is not None
    return found.demand_paths


def _check_paths(path: Path, assumed: DemandAssumptions, collector: ProblemCollector) -> None:
    document = read_yaml(path)

    def add(keys: tuple[str, ...], message: str, mend: str) -> None:
        where = document.where(("demand_paths", *keys))
        collector.add(file=path.name, where=where, message=message, mend=mend)

    whole = [name for name, one in assumed.paths.items() if one.as_ is None]
    if CENTRAL not in whole:
        add(("paths",), f"there is no path '{CENTRAL}' that says everything itself", "Others are measured against it.")
    if EU_REGION not in assumed.regions:
        add(("regions",), f"there is no {EU_REGION}", "Its trucks are those of every region.")
    for name, one in assumed.paths.items():
        if one.as_ is not None and one.as_ not in whole:
            add(
                ("paths", name, "as"),
                f"'{one.as_}' is not a path that says everything itself",
                did_you_mean(one.as_, whole),
            )
        for region, said in one.regions.items():
            keys = ("paths", name, "regions", region)
            if region not in assumed.regions:
                add(keys, f"nothing is said of {region} under regions", did_you_mean(region, assumed.regions))
            if region != EU_REGION and said.trucks is not None:
                add((*keys, "trucks"), f"trucks are those of {EU_REGION}", "Say trucks_of_eu under regions instead.")
