"""Metal won back from batteries in the EU, year by year, beside what the Battery Regulation asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from supplyrisk.disruption.assumptions import End, SourcedAssumption
from supplyrisk.disruption.supply_graph import Floats
from supplyrisk.foundation.errors import NotKnownError
from supplyrisk.mitigation.recycling import BatteryYears, Secondary, TreatmentLosses, between_years, secondary_supply
from supplyrisk.mitigation.recycling_assumptions import (
    NUMBERS,
    MetalAssumptions,
    RecyclingAssumptions,
    read_recycling_assumptions,
)
from supplyrisk.mitigation.recycling_tables import SENSITIVITY, SUPPLY, RecyclingTables
from supplyrisk.mitigation.specification import Recycling
from supplyrisk.mitigation.worked_out import MoreWonBack
from supplyrisk.network.look_through import cut_off, made_in
from supplyrisk.network.model import Network
from supplyrisk.network.places import EU_REGION, WORLD
from supplyrisk.runs.disruption_run import RESTED_ON, row_ids
from supplyrisk.runs.network_inputs import BASE_YEAR
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.runs.project import Project
from supplyrisk.tables.package import DataPackage

TABLES = (*RESTED_ON, "recycling", "demand", "materials")
PACKS = {"battery_pack_lfp": "battery_cell_lfp", "battery_pack_nmc": "battery_cell_nmc"}
_LOSSES = (
    "lifetime_shape", "lifetime_years", "scrap_share", "collected_share", "exported_share", "kept_by_treatment",
)  # fmt: skip
"""Numbers of the assumptions that make ``TreatmentLosses``, in its order."""
FIRST_YEAR, SHOWN_FROM = 2010, 2027


def recycling_assumptions(project: Project, package: DataPackage) -> RecyclingAssumptions:
    """Assumptions of the project; package opened with ``TABLES``."""
    rows = row_ids(package) | set(package.frames["recycling"]["row_id"])
    products, materials = (package.frames[name][f"{name[:-1]}_id"].to_list() for name in ("products", "materials"))
    return read_recycling_assumptions(project.models / "assumptions" / "recycling.yaml", products, materials, rows)


def recycling(run: NetworkRun, package: DataPackage, assumed: RecyclingAssumptions) -> RecyclingTables:
    """All of it. Raises ``NotKnownError`` where sales or cells of a year it starts from were not known on the day."""
    targets = package.table("policy_targets")
    years = _years(run, package, assumed, {})
    contents = {name: content_of(run.network, metal.product) for name, metal in assumed.metals.items()}
    last, first_target = (
        years.years[-1],
        min(_targets(targets, metal.content)[0][0] for metal in assumed.metals.values()),
    )

    if first_target not in years.years:
        raise NotKnownError(f"Sales of vehicle batteries in EU27 were known to {last} only, the first target is later.")

    def shares(number: str, end: End) -> dict[str, Secondary]:
        return _all(run, package, assumed, targets, contents, {number: end})

    centre = _all(run, package, assumed, targets, contents, {})
    ends = {number: (shares(number, "low"), shares(number, "high")) for number in NUMBERS}
    supply, sensitivity = [], []
    for name, metal in assumed.metals.items():
        asked = _targets(targets, metal.content)
        for place, year in enumerate(years.years):
            if year < SHOWN_FROM:
                continue
            moved = [float(other[name].share[place]) for pair in ends.values() for other in pair]
            own = centre[name]
            goal = max((pair for pair in asked if pair[0] <= year), default=(None, None))
            coming = min((pair for pair in asked if pair[0] > year), default=goal) if year == last else goal
            supply.append(
                (
                    name, year, own.sold[place], own.scrap[place], own.returned[place], own.won_back[place],
                    own.share[place], min(*moved, own.share[place]), max(*moved, own.share[place]),
                    coming[1], coming[0],
                )
            )  # fmt: skip
        place = years.years.index(first_target)
        for number, (low, high) in ends.items():
            at = (float(low[name].share[place]), float(high[name].share[place]))
            sensitivity.append((name, first_target, number, *at, abs(at[1] - at[0])))
    return RecyclingTables(
        pl.DataFrame(supply, schema=SUPPLY, orient="row"),
        pl.DataFrame(sensitivity, schema=SENSITIVITY, orient="row").sort(
            "material_id", "swing", "number", descending=[False, True, False]
        ),
    )


def more_won_back(
    run: NetworkRun, package: DataPackage, assumed: RecyclingAssumptions, change: Recycling
) -> dict[str, float]:
    """Part of what batteries sold take of each product that a measure wins back on top of what is expected.

    Raises ``NotKnownError`` for a year beyond the sales that were known, and as ``recycling`` does.
    """
    fixed: dict[str, SourcedAssumption] = {
        name: SourcedAssumption(value=value, low=value, high=value, basis="assumed", reason="set by the measure")
        for name, value in change.numbers.items()
    }
    targets = package.table("policy_targets")
    years = _years(run, package, assumed, {}).years
    if change.year not in years:
        raise NotKnownError(f"Sales of vehicle batteries in EU27 were known to {years[-1]} only, not to {change.year}.")
    place = years.index(change.year)
    contents = {name: content_of(run.network, metal.product) for name, metal in assumed.metals.items()}
    usual, then = (
        _all(run, package, some, targets, contents, {}) for some in (assumed, assumed.model_copy(update=fixed))
    )
    return {
        metal.product: float(then[name].share[place] - usual[name].share[place])
        for name, metal in assumed.metals.items()
    }


def more_won_back_of(project: Project, run: NetworkRun, package: DataPackage) -> MoreWonBack:
    """``more_won_back`` with the assumptions of a project."""
    assumed = recycling_assumptions(project, package)
    return lambda change: more_won_back(run, package, assumed, change)


def content_of(network: Network, product: str, made_of: Sequence[str] = tuple(PACKS.values())) -> Floats:
    """Tonnes of a product behind a GWh of cells of each chemistry (as ``PACKS``), by world mean recipes.

    ``made_of``: other goods instead of cells, as the packs themselves.
    """
    if product not in network.products or cut_off(network, tuple(made_of)):
        raise NotKnownError(
            f"What goes into batteries of {network.year} was not known as far as {product} on that day."
        )
    found = []
    for good in made_of:
        # Behind what is made, not what is used: a place that uses no cells has no suppliers of them.
        made = made_in(network, (good,), WORLD).made
        found.append(float(made[product].sum() / made[good].sum()) if product in made else 0.0)
    return np.array(found)


def _all(
    run: NetworkRun,
    package: DataPackage,
    assumed: RecyclingAssumptions,
    targets: pl.DataFrame,
    contents: Mapping[str, Floats],
    at: Mapping[str, End],
) -> dict[str, Secondary]:
    def of(name: str) -> float:
        value: float = getattr(getattr(assumed, name), at.get(name, "value"))
        return value

    batteries = _years(run, package, assumed, at)
    losses = TreatmentLosses(*map(of, _LOSSES))
    return {
        name: secondary_supply(batteries, contents[name], _recovery(targets, metal, batteries.years), losses)
        for name, metal in assumed.metals.items()
    }


def _targets(targets: pl.DataFrame, rows: tuple[str, ...]) -> list[tuple[int, float]]:
    """Year and share of some rows, earliest first. Raises ``NotKnownError`` where one was not known on the day."""
    found = targets.filter(pl.col("row_id").is_in(list(rows)))
    if found.height < len(rows):
        missing = sorted(set(rows) - set(found["row_id"]))
        raise NotKnownError(f"The targets {', '.join(missing)} were not known on that day. Choose a later --as-of.")
    return sorted((int(year), float(value) / 100.0) for year, value in found.select("year", "value").iter_rows())


def _recovery(targets: pl.DataFrame, metal: MetalAssumptions, years: tuple[int, ...]) -> Floats:
    """Share recovered by year: the target in force, from the end of its year on; before the first target the first."""
    known = _targets(targets, metal.recovery)
    return np.array([max((pair for pair in known if pair[0] < year), default=known[0])[1] for year in years])


def _years(run: NetworkRun, package: DataPackage, assumed: RecyclingAssumptions, at: Mapping[str, End]) -> BatteryYears:
    before: float = getattr(assumed.sales_growth_before, at.get("sales_growth_before", "value"))
    after: float = getattr(assumed.cells_growth_after, at.get("cells_growth_after", "value"))
    sold = _sold(
        package, {year: getattr(share, at.get("lfp_share", "value")) for year, share in assumed.lfp_share.items()}
    )
    years = tuple(range(FIRST_YEAR, max(next(iter(sold.values()))) + 1))
    columns = [between_years(sold[pack], years, before) for pack in PACKS]
    base, later = run.network, run.outlook.centre
    made = []
    for cell in PACKS.values():
        known = {}
        for network in (base, later):
            if cell not in network.products:
                raise NotKnownError(f"The output of {cell} in {network.year} was not known on that day.")
            known[network.year] = float(network.products[cell].supply[network.places.in_eu].sum())
        known[years[-1]] = known[later.year] * (1.0 + after) ** (years[-1] - later.year)
        made.append(between_years(known, years, before))
    return BatteryYears(years, np.column_stack(columns), np.column_stack(made))


def _sold(package: DataPackage, lfp_share: Mapping[int, float]) -> dict[str, dict[int, float]]:
    """GWh of packs in electric vehicles sold in the EU by chemistry and year: base year, and later ones by one case."""
    rows = package.table("demand").filter((pl.col("iso3") == EU_REGION) & (pl.col("application") == "ev"))
    found: dict[str, dict[int, float]] = {pack: {} for pack in PACKS}
    for pack in PACKS:
        own = rows.filter((pl.col("demand_id") == pack) & (pl.col("scenario") == "baseline"))
        found[pack] |= dict(own.select("year", "value").iter_rows())
    for year, value in rows.filter(pl.col("scenario") == "steps").select("year", "value").iter_rows():
        if year in lfp_share:
            found["battery_pack_lfp"][year] = value * lfp_share[year]
            found["battery_pack_nmc"][year] = value * (1.0 - lfp_share[year])
    if any(BASE_YEAR not in series or len(series) < 2 for series in found.values()):
        raise NotKnownError(f"Sales of vehicle batteries in EU27 were not known for {BASE_YEAR} and later on that day.")
    return found
