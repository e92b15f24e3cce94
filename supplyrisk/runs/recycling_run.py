"""Metal won back from batteries in the EU, year by year, beside what the Battery Regulation asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from supplyrisk.disruption.assumptions import End, at_ends
from supplyrisk.disruption.supply_graph import Floats
from supplyrisk.foundation.errors import NotKnownError
from supplyrisk.mitigation.demand_assumptions import known_paths
from supplyrisk.mitigation.demand_paths import DEMAND_NUMBERS, RegionDemand
from supplyrisk.mitigation.recycler_capacity import capacity_by_year, other_figures, recycler_places
from supplyrisk.mitigation.recycling import (
    GoodsYears,
    Secondary,
    SecondLife,
    between_years,
    secondary_supply,
    treatment_losses,
)
from supplyrisk.mitigation.recycling_assumptions import (
    RECYCLING_NUMBERS,
    MetalAssumptions,
    RecyclingAssumptions,
    read_recycling_assumptions,
)
from supplyrisk.mitigation.recycling_tables import RecyclingTables, recycling_tables
from supplyrisk.mitigation.specification import Recycling
from supplyrisk.network.look_through import cut_off, made_in
from supplyrisk.network.model import Network
from supplyrisk.network.places import EU_REGION, WORLD
from supplyrisk.runs.demand_path_run import TABLES as DEMAND_PATHS
from supplyrisk.runs.demand_path_run import demand_paths, file_of
from supplyrisk.runs.disruption_run import RESTED_ON, row_ids
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.runs.project import Project
from supplyrisk.tables.package import DataPackage

_PLACES = ("capacity", "strategic_projects")
TABLES = tuple(dict.fromkeys((*RESTED_ON, "recycling", "materials", *_PLACES, *DEMAND_PATHS)))
_RECYCLERS = "battery_recycling"
"""What rows of the table capacity call recyclers of batteries."""


@dataclass(frozen=True)
class RecyclingModel:
    """What recycling is worked out from: networks of the base year and the outlook, targets, assumptions, and sales.

    ``capacity``: rows of recyclers of batteries known on the day; ``elsewhere``: shares of world capacity;
    ``projects``: strategic projects.
    """

    network: Network
    outlook: Network
    targets: pl.DataFrame
    assumed: RecyclingAssumptions
    sold: RegionDemand
    capacity: pl.DataFrame
    elsewhere: pl.DataFrame
    projects: pl.DataFrame


def recycling_assumptions(project: Project, package: DataPackage) -> RecyclingAssumptions:
    """Assumptions of the project; package opened with ``TABLES``."""
    rows = row_ids(package).union(*(package.frames[name]["row_id"] for name in ("recycling", "capacity")))
    products, materials = (package.frames[name][f"{name[:-1]}_id"].to_list() for name in ("products", "materials"))
    path = project.models / "assumptions" / "recycling.yaml"
    return read_recycling_assumptions(path, products, materials, rows, known_paths(file_of(project)))


def recycling_model(project: Project, run: NetworkRun, package: DataPackage) -> RecyclingModel:
    """The model of a project (package opened with ``TABLES``). Raises ``NotKnownError`` for sales not known."""
    assumed = recycling_assumptions(project, package)
    sold = demand_paths(project, package).path(assumed.sales.path, EU_REGION, assumed.sales.applications)
    capacity, projects = (package.table(name) for name in _PLACES)
    recyclers = capacity.filter(pl.col("capacity_id") == _RECYCLERS)
    shares = package.table("recycling").filter(pl.col("parameter") == "recycling_capacity_share")
    targets = package.table("policy_targets")
    return RecyclingModel(run.network, run.outlook.centre, targets, assumed, sold, recyclers, shares, projects)


def recycling(model: RecyclingModel, limited: bool = True) -> RecyclingTables:
    """All of it; not ``limited``: with recyclers for all that stays.

    Raises ``NotKnownError`` where cells of a year it starts from, or targets, were not known.
    """
    assumed, targets = model.assumed, model.targets
    years = _years(model, {}).years
    contents = _contents(model)
    asked = {name: targets_of(targets, metal.content) for name, metal in assumed.metals.items()}

    def won_back(at: Mapping[str, End]) -> dict[str, Secondary]:
        return _all(model, contents, at, limited)

    centre, ends = won_back({}), at_ends((*RECYCLING_NUMBERS, *DEMAND_NUMBERS), won_back)
    places = recycler_places(
        model.capacity, model.projects, assumed.metals, assumed.capacity, assumed.capacity_built_share.value
    )
    elsewhere = other_figures(model.elsewhere, pl.lit("share of world capacity"))
    told: pl.DataFrame = pl.concat([places, elsewhere])
    return recycling_tables(years, assumed.shown_from, centre, ends, asked, told, limited=limited)


def more_won_back(model: RecyclingModel, change: Recycling) -> dict[str, float]:
    """Part of what batteries sold take of each product that a measure wins back on top of what is expected.

    Raises ``NotKnownError`` for a year beyond the sales that are known, and as ``recycling`` does.
    """
    years = _years(model, {}).years
    if change.year not in years:
        raise NotKnownError(
            f"Sales of vehicle batteries in {EU_REGION} are known to {years[-1]}, not to {change.year}.",
            "battery_sales",
            last=years[-1],
        )
    place, contents = years.index(change.year), _contents(model)
    then = replace(model, assumed=model.assumed.model_copy(update=change.set_numbers))
    usual, changed = _all(model, contents, {}), _all(then, contents, {}, limited=change.capacity != "enough")
    return {
        metal.product: float(changed[name].share[place] - usual[name].share[place])
        for name, metal in model.assumed.metals.items()
    }


def needed_for(network: Network, product: str, made_of: Sequence[str]) -> Floats:
    """Tonnes of a product needed for a unit of each good (as GWh of cells), by world mean recipes, losses inside."""
    if product not in network.products or cut_off(network, tuple(made_of)):
        raise NotKnownError(
            f"What goes into {', '.join(made_of)} of {network.year} was not known as far as {product} on that day.",
            "contents",
            product=product,
            year=network.year,
        )
    found = []
    for good in made_of:
        # Behind what is made, not what is used: a place that uses no cells has no suppliers of them.
        made = made_in(network, (good,), WORLD).made
        found.append(float(made[product].sum() / made[good].sum()) if product in made else 0.0)
    return np.array(found)


def _contents(model: RecyclingModel) -> dict[str, Floats]:
    """Tonnes of each metal in a GWh of each cell: what is needed less what is lost in making it."""
    cells = tuple(model.assumed.cells.values())
    return {
        name: needed_for(model.network, metal.product, cells) * (1.0 - metal.lost_in_making.value)
        for name, metal in model.assumed.metals.items()
    }


def _all(
    model: RecyclingModel, contents: Mapping[str, Floats], at: Mapping[str, End], limited: bool = True
) -> dict[str, Secondary]:
    def number(name: str) -> float:
        return _number(model.assumed, name, at)

    batteries = _years(model, at)
    capacity = _capacity(model, batteries.years, at) if limited else None
    second_life = SecondLife(number("second_life_share"), number("second_life_years"))
    losses = treatment_losses(number, second_life=second_life)
    return {
        name: secondary_supply(
            batteries, contents[name], _recovery(model.targets, metal, batteries.years), losses, capacity
        )
        for name, metal in model.assumed.metals.items()
    }


def _capacity(model: RecyclingModel, years: tuple[int, ...], at: Mapping[str, End]) -> Floats:
    """GWh a year that recyclers in the EU can take. Raises ``NotKnownError`` where a figure of it was not known."""
    assumed, known = model.assumed, dict(model.capacity.select("row_id", "value").iter_rows())
    if missing := sorted(set(assumed.capacity.rows) - set(known)):
        raise NotKnownError(
            f"Capacity of recyclers rests on {', '.join(missing)}, not known on that day. Choose a later --as-of.",
            "recycler_capacity",
        )
    of_eu, built, growth, weight = (
        _number(assumed, name, at)
        for name in ("capacity_of_eu", "capacity_built_share", "capacity_growth_after", "tonnes_per_gwh")
    )
    rows = assumed.capacity
    operating, announced = (
        {year: float(known[row]) for year, row in part.items()} for part in (rows.operating, rows.announced)
    )
    return capacity_by_year(operating, announced, years, built, growth) * of_eu / weight


def _number(assumed: RecyclingAssumptions, name: str, at: Mapping[str, End]) -> float:
    value: float = getattr(getattr(assumed, name), at.get(name, "value"))
    return value


def targets_of(targets: pl.DataFrame, rows: tuple[str, ...]) -> list[tuple[int, float]]:
    """Year and share of some rows, earliest first. Raises ``NotKnownError`` where one was not known on the day."""
    found = targets.filter(pl.col("row_id").is_in(list(rows)))
    if found.height < len(rows):
        missing = sorted(set(rows) - set(found["row_id"]))
        raise NotKnownError(
            f"The targets {', '.join(missing)} were not known on that day. Choose a later --as-of.", "targets"
        )
    return sorted((int(year), float(value) / 100.0) for year, value in found.select("year", "value").iter_rows())


def _recovery(targets: pl.DataFrame, metal: MetalAssumptions, years: tuple[int, ...]) -> Floats:
    """Share recovered by year: the target in force, from the end of its year on; before the first target the first."""
    known = targets_of(targets, metal.recovery)
    return np.array([max((pair for pair in known if pair[0] < year), default=known[0])[1] for year in years])


def _years(model: RecyclingModel, at: Mapping[str, End]) -> GoodsYears:
    assumed = model.assumed
    before, after = (_number(assumed, name, at) for name in ("sales_growth_before", "cells_growth_after"))
    known = _sold(model, {name: end for name, end in at.items() if name in DEMAND_NUMBERS})
    years = tuple(range(assumed.first_year, max(known) + 1))
    columns = [
        between_years({year: packs[pack] for year, packs in known.items()}, years, before) for pack in assumed.cells
    ]
    made = []
    for cell in assumed.cells.values():
        output = {}
        for network in (model.network, model.outlook):
            if cell not in network.products:
                raise NotKnownError(
                    f"The output of {cell} in {network.year} was not known on that day.",
                    "output",
                    product=cell,
                    year=network.year,
                )
            output[network.year] = float(network.products[cell].supply[network.places.in_eu].sum())
        later = model.outlook.year
        output[years[-1]] = output[later] * (1.0 + after) ** (years[-1] - later)
        made.append(between_years(output, years, before))
    return GoodsYears(years, np.column_stack(columns), np.column_stack(made))


def _sold(model: RecyclingModel, at: Mapping[str, End]) -> dict[int, dict[str, float]]:
    """GWh of each pack sold in the applications that are recycled, over the years that are known of all of them."""
    found: dict[int, dict[str, float]] = {}
    for year in _known_years(model):
        sold = [model.sold.gwh(application, year, at) for application in model.assumed.sales.applications]
        found[year] = {pack: sum(one[pack] for one in sold if one is not None) for pack in model.assumed.cells}
    return found


def _known_years(model: RecyclingModel) -> range:
    """Years known of every application that is recycled. Raises ``NotKnownError`` where there is none."""
    applications = model.assumed.sales.applications
    ends = [(model.sold.first_year(name), model.sold.last_year(name)) for name in applications]
    known = [(first, last) for first, last in ends if first is not None and last is not None]
    if len(known) < len(ends) or max(first for first, _ in known) > min(last for _, last in known):
        raise NotKnownError(
            f"No year is known of batteries sold in {EU_REGION} of {', '.join(applications)} all together.",
            "battery_demand",
        )
    return range(max(first for first, _ in known), min(last for _, last in known) + 1)
