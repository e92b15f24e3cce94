"""Metal won back from permanent magnets in the EU, year by year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from supplyrisk.disruption.assumptions import End, at_ends
from supplyrisk.disruption.supply_graph import Floats
from supplyrisk.foundation.errors import NotKnownError
from supplyrisk.mitigation.magnet_assumptions import MagnetAssumptions, read_magnet_assumptions
from supplyrisk.mitigation.magnet_recycling import used_by_year
from supplyrisk.mitigation.recycler_capacity import other_figures, project_places
from supplyrisk.mitigation.recycling import (
    GoodsYears,
    Secondary,
    between_years,
    secondary_supply,
    together,
    treatment_losses,
)
from supplyrisk.mitigation.recycling_tables import RecyclingTables, recycling_tables
from supplyrisk.mitigation.specification import Recycling
from supplyrisk.network.model import Network
from supplyrisk.runs.disruption_run import RESTED_ON, row_ids
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.runs.project import Project
from supplyrisk.runs.recycling_run import needed_for, targets_of
from supplyrisk.tables.package import DataPackage

_MORE_ROWS = ("demand", "recycling", "eu_assessment")
TABLES = (*RESTED_ON, *_MORE_ROWS, "materials", "products", "strategic_projects")
_OF_MAGNETS = ("rare_earths_heavy", "rare_earths_light")
"""What the table of strategic projects calls the materials of magnets."""


@dataclass(frozen=True)
class MagnetModel:
    """What recycling of magnets is worked out from: the network of the base year, rows of demand, targets.

    ``content``: tonnes of metal in a tonne of magnets; ``elsewhere``: output of recyclers outside the EU.
    """

    network: Network
    demand: Mapping[str, float]
    targets: pl.DataFrame
    assumed: MagnetAssumptions
    content: Floats
    projects: pl.DataFrame
    elsewhere: pl.DataFrame
    as_of: str


def magnet_assumptions(project: Project, package: DataPackage) -> MagnetAssumptions:
    """Assumptions of the project; package opened with ``TABLES``."""
    rows = row_ids(package).union(*(package.frames[name]["row_id"] for name in _MORE_ROWS))
    products, materials = (package.frames[name][f"{name[:-1]}_id"].to_list() for name in ("products", "materials"))
    path = project.models / "assumptions" / "magnet_recycling.yaml"
    return read_magnet_assumptions(path, products, materials, rows)


def magnet_model(project: Project, run: NetworkRun, package: DataPackage) -> MagnetModel:
    """The model of a project (package opened with ``TABLES``). Raises ``NotKnownError`` where no recipe was known."""
    assumed = magnet_assumptions(project, package)
    demand = dict(package.table("demand").select("row_id", "value").iter_rows())
    made_of = (assumed.product,)
    kept = 1.0 - assumed.lost_in_making.value
    needed = sum((needed_for(run.network, metal, made_of) for metal in assumed.metals), np.zeros(1))
    targets, projects = package.table("policy_targets"), package.table("strategic_projects")
    elsewhere = package.table("parameters").filter(pl.col("parameter") == "recycled_output")
    day = str(package.as_of)
    return MagnetModel(run.network, demand, targets, assumed, kept * needed, projects, elsewhere, day)


def magnet_recycling(model: MagnetModel) -> RecyclingTables:
    """All of it. Raises ``NotKnownError`` where a figure or the benchmark was not known on the day."""
    assumed = model.assumed

    def won_back(at: Mapping[str, End]) -> dict[str, Secondary]:
        return {assumed.material: _all(model, at)}

    years, benchmark = _years(model), targets_of(model.targets, (assumed.benchmark,))
    centre, ends = won_back({}), at_ends(assumed.numbers, won_back)
    places = pl.concat([project_places(model.projects, _OF_MAGNETS), other_figures(model.elsewhere, pl.col("subject"))])
    return recycling_tables(years, assumed.shown_from, centre, ends, {assumed.material: benchmark}, places)


def more_magnets_won_back(model: MagnetModel, change: Recycling) -> dict[str, float]:
    """Part of the magnets used that a measure wins back on top of what is expected.

    Raises ``NotKnownError`` for a year beyond the demand that is known, and as ``magnet_recycling`` does.
    """
    years = _years(model)
    if change.year not in years:
        raise NotKnownError(
            f"Demand for magnets is known to {years[-1]}, not to {change.year}.", "magnet_demand", last=years[-1]
        )
    then = _all(replace(model, assumed=model.assumed.model_copy(update=change.set_numbers)), {})
    usual, place = _all(model, {}), years.index(change.year)
    return {model.assumed.product: float(then.share[place] - usual.share[place])}


def _years(model: MagnetModel) -> tuple[int, ...]:
    last = max(year for use in model.assumed.uses.values() for year in use.demand)
    return tuple(range(model.assumed.first_year, last + 1))


def _all(model: MagnetModel, at: Mapping[str, End]) -> Secondary:
    assumed, years = model.assumed, _years(model)

    def number(name: str) -> float:
        return assumed.number(name, at.get(name, "value"))

    world = {name: {year: _row(model, row) for year, row in use.demand.items()} for name, use in assumed.uses.items()}
    own, before, after = _row(model, assumed.used), number("growth_before"), number("growth_after")
    used = used_by_year(own, world, years, before, after)
    made = _made(model, number("made"), before)
    recovery = np.full(len(years), number("recovery"))
    parts = []
    for place, (use, tonnes) in enumerate(used.items()):
        # Scrap of makers arises once, whatever the magnets are for.
        goods = GoodsYears(years, tonnes[:, None], (made if place == 0 else np.zeros_like(made))[:, None])
        losses = treatment_losses(number, lifetime_years=f"{use}_years")
        parts.append(secondary_supply(goods, model.content, recovery, losses))
    return together(parts)


def _made(model: MagnetModel, later: float, growth_before: float) -> Floats:
    years, product = _years(model), model.assumed.product
    if product not in model.network.products:
        raise NotKnownError(
            f"The output of {product} in {model.network.year} was not known on that day.",
            "output",
            product=product,
            year=model.network.year,
        )
    output = float(model.network.products[product].supply[model.network.places.in_eu].sum())
    known = {model.network.year: output, model.assumed.made_from: later, years[-1]: later}
    return between_years(known, years, growth_before)


def _row(model: MagnetModel, row: str) -> float:
    if row not in model.demand:
        raise NotKnownError(
            f"Use of magnets rests on {row}, not known on {model.as_of}. Choose a later --as-of.", "magnet_use"
        )
    return model.demand[row]
