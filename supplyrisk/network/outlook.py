"""Output and demand of a later year by the methods of an outlook plan, as inputs of a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from supplyrisk.network.build import NetworkInputs, SupplyRows
from supplyrisk.network.model import Network
from supplyrisk.network.outlook_plan import (
    BaseOutput,
    Case,
    CaseGrowth,
    CaseOutput,
    DemandRatio,
    Gap,
    Need,
    OutlookPlan,
    end_of,
)
from supplyrisk.network.places import EU_REGION, REST_OF_WORLD, WORLD, Places

NOT_KNOWN = "outlook_not_known"

DEMAND_SCHEMA = {"product_id": pl.String, "iso3": pl.String, "value": pl.Float64, "row_id": pl.String}


@dataclass(frozen=True)
class OutlookTables:
    """Rows of later years as known on the as-of day.

    ``output``: the outlook table (product_id, output_id, iso3, year, scenario, measure, recycled, value, row_id);
    ``demand``: the demand table.
    """

    output: pl.DataFrame
    demand: pl.DataFrame


@dataclass(frozen=True)
class Outlook:
    """Inputs of the network of a later year in one case; ``gaps``: products that are not modelled, with the reason."""

    inputs: NetworkInputs
    gaps: Mapping[str, str]
    case: Case


def outlook_inputs(
    base_inputs: NetworkInputs, base: Network, plan: OutlookPlan, tables: OutlookTables, case: Case
) -> Outlook:
    """Inputs of the network of ``plan.year``: lanes, other uses and inputs per unit carry over from ``base``."""
    demand = _final_demand(plan, tables.demand, case)
    found: dict[str, SupplyRows] = {}
    gaps: dict[str, str] = {}
    places = base_inputs.places

    def settle(product: str, supply: SupplyRows | None) -> None:
        if supply is None:
            gaps[product] = NOT_KNOWN
        else:
            found[product] = supply

    for product in base_inputs.chain.products:
        method, rows = plan.method_of(product), base_inputs.supply.get(product)
        if isinstance(method, Gap):
            gaps[product] = method.reason
        elif isinstance(method, CaseGrowth) and rows is not None:
            settle(product, _case_growth(product, rows, method, plan, tables.output, case))
        elif isinstance(method, CaseOutput) and rows is not None:
            settle(product, _case_output(product, rows, method, plan, tables.output, case, places))
        elif isinstance(method, BaseOutput) and rows is not None:
            found[product] = rows
        elif rows is None:
            gaps[product] = NOT_KNOWN
    for product in base_inputs.chain.products:
        method, rows = plan.method_of(product), base_inputs.supply.get(product)
        if isinstance(method, DemandRatio) and rows is not None:
            settle(product, _demand_ratio(product, rows, method, plan, base, found, demand))
        elif isinstance(method, Need) and rows is not None:
            settle(product, _need(product, rows, method, base, found, tables.output, plan, case))
    for product in gaps:
        found.pop(product, None)
    inputs = replace(
        base_inputs,
        supply={product: replace(rows, year=plan.year) for product, rows in found.items()},
        demand=demand,
        trade={},
        year=plan.year,
        home_preference=base.home_preference,
        variant=f"outlook_{plan.year}_{case}",
        base=base,
        partly_known_demand=frozenset(),
    )
    return Outlook(inputs, gaps, case)


def _final_demand(plan: OutlookPlan, table: pl.DataFrame, case: Case) -> pl.DataFrame:
    """Demand of the regions by chemistry; what the rest of the world uses is the remainder of output."""
    records = []
    for application, chosen in plan.demand.applications.items():
        rows = table.filter(
            (pl.col("demand_id") == plan.demand.output)
            & (pl.col("year") == plan.year)
            & (pl.col("application") == application)
            & pl.col("iso3").is_in(list(plan.demand.regions))
        )
        wanted = getattr(chosen.case, case)
        part = end_of(chosen.lfp_share, case)
        for iso3, group in rows.group_by("iso3", maintain_order=True):
            own = group.filter(pl.col("scenario") == wanted)
            # A region without the case of its own keeps the central one (the Netherlands have one case only).
            found = own if own.height else group.filter(pl.col("scenario") == chosen.case.central)
            if found.is_empty():
                # Part of a region's demand would look like all of it: without this row there is no demand to show.
                return pl.DataFrame(schema=DEMAND_SCHEMA)
            row = found.row(0, named=True)
            for product, share in ((plan.demand.products.lfp, part), (plan.demand.products.nmc, 1.0 - part)):
                records.append((product, iso3[0], share * row["value"], row["row_id"]))
    return pl.DataFrame(records, schema=DEMAND_SCHEMA, orient="row")


def _case_growth(
    product: str, rows: SupplyRows, method: CaseGrowth, plan: OutlookPlan, table: pl.DataFrame, case: Case
) -> SupplyRows | None:
    known = table.filter((pl.col("product_id") == product) & (pl.col("scenario") == method.case) & ~pl.col("recycled"))
    then = dict(known.filter(pl.col("year") == plan.year).select("iso3", "value").iter_rows())
    before = dict(known.filter(pl.col("year") == plan.case_base_year).select("iso3", "value").iter_rows())
    if not then or not before:
        return None
    rest = then.get(REST_OF_WORLD, 0.0) / before[REST_OF_WORLD] if before.get(REST_OF_WORLD) else 1.0
    values = {}
    for iso3, value in rows.values.items():
        growth = then[iso3] / before[iso3] if before.get(iso3) and iso3 in then else rest
        values[iso3] = value * growth
    new = {iso3: v for iso3, v in then.items() if iso3 != REST_OF_WORLD and not before.get(iso3)}
    values |= {iso3: value for iso3, value in new.items() if iso3 not in rows.values}
    ids = known.filter(pl.col("year") == plan.year)["row_id"].to_list()
    if method.added is not None:
        more = table.filter(
            (pl.col("product_id") == product)
            & (pl.col("scenario") == method.added.scenario)
            & (pl.col("year") == plan.year)
            & ~pl.col("recycled")
        )
        for iso3, value, row_id in more.select("iso3", "value", "row_id").iter_rows():
            values[iso3] = values.get(iso3, 0.0) + end_of(method.added.realised, case) * value
            ids.append(row_id)
    return _supply(rows, values, ids, method.case)


def _case_output(
    product: str,
    rows: SupplyRows,
    method: CaseOutput,
    plan: OutlookPlan,
    table: pl.DataFrame,
    case: Case,
    places: Places,
) -> SupplyRows | None:
    known = table.filter(
        (pl.col("output_id") == method.output)
        & (pl.col("scenario") == method.case)
        & (pl.col("year") == plan.year)
        & pl.col("iso3").is_not_null()
    )
    if known.is_empty():
        return None
    whole = dict(known.select("iso3", "value").iter_rows())
    splitting = method
    ids = known["row_id"].to_list()
    if method.complement_of is not None:
        other = plan.method_of(method.complement_of)
        assert isinstance(other, CaseOutput)
        splitting = other
    if splitting.instead is not None and case != "central":
        # The world total of the case is kept: what one area makes less, the area that takes the rest makes more.
        for area, scenario in getattr(splitting.instead, case).items():
            members = places.eu_members | {EU_REGION} if area == EU_REGION else {area}
            rows_instead = table.filter(
                (pl.col("output_id") == method.output)
                & (pl.col("scenario") == scenario)
                & (pl.col("year") == plan.year)
                & pl.col("iso3").is_in(sorted(members))
            )
            if rows_instead.height and splitting.rest_in is not None:
                amount = float(rows_instead["value"].sum())
                whole[splitting.rest_in] += whole[area] - amount
                whole[area] = amount
                ids += rows_instead["row_id"].to_list()
    part = {area: value * end_of(splitting.part[area], case) for area, value in whole.items() if area in splitting.part}
    if splitting.rest_in is not None and splitting.rest_in not in whole:
        return None
    if splitting.rest_in is not None and WORLD in splitting.part:
        rest = end_of(splitting.part[WORLD], case) * sum(whole.values()) - sum(part.values())
        part[splitting.rest_in] = min(max(rest, 0.0), whole[splitting.rest_in])
    amounts = part if splitting is method else {area: whole[area] - part.get(area, 0.0) for area in whole}
    values: dict[str, float] = {}
    for area, amount in amounts.items():
        for iso3, share in _spread(area, rows.values, set(whole), places).items():
            values[iso3] = values.get(iso3, 0.0) + share * amount
    return _supply(rows, values, ids, method.case)


def _spread(area: str, base: Mapping[str, float], named: set[str], places: Places) -> dict[str, float]:
    """Base-year shares of the countries an area stands for: members for EU27, everybody not named for ROW."""
    if area == EU_REGION:
        inside = {iso3: value for iso3, value in base.items() if iso3 in places.eu_members or iso3 == EU_REGION}
    elif area == REST_OF_WORLD:
        covered = named | (places.eu_members if EU_REGION in named else frozenset())
        inside = {iso3: value for iso3, value in base.items() if iso3 not in covered}
    else:
        inside = {}
    total = sum(inside.values())
    return {iso3: value / total for iso3, value in inside.items()} if total > 0.0 else {area: 1.0}


def _demand_ratio(
    product: str,
    rows: SupplyRows,
    method: DemandRatio,
    plan: OutlookPlan,
    base: Network,
    found: Mapping[str, SupplyRows],
    demand: pl.DataFrame,
) -> SupplyRows | None:
    if method.follows not in found or product not in base.products:
        return None
    places, flows = base.places, base.products[product]
    coefficient = float(np.median(base.coefficient(method.follows, product)))
    world = sum(found[method.follows].values.values()) / coefficient
    inside = places.of_region(EU_REGION)
    now = float(flows.final_demand[inside].sum())
    if now <= 0.0:
        return None
    ratio = float(flows.supply[inside].sum()) / now
    wanted = demand.filter((pl.col("product_id") == product) & (pl.col("iso3") == EU_REGION))["value"].sum()
    own = min(ratio * float(wanted), world)
    region = {iso3: v for iso3, v in rows.values.items() if iso3 in places.eu_members or iso3 == EU_REGION}
    others = {iso3: v for iso3, v in rows.values.items() if iso3 not in region}
    values = {iso3: own * v / sum(region.values()) for iso3, v in region.items()}
    values |= {iso3: (world - own) * v / sum(others.values()) for iso3, v in others.items()}
    ids = demand.filter(pl.col("product_id") == product)["row_id"].to_list()
    return _supply(rows, values, ids, f"demand_ratio_{plan.year}")


def _need(
    product: str,
    rows: SupplyRows,
    method: Need,
    base: Network,
    found: Mapping[str, SupplyRows],
    table: pl.DataFrame,
    plan: OutlookPlan,
    case: Case,
) -> SupplyRows | None:
    """Output that meets the need of the users found so far (users stand before their inputs in the order)."""
    users = [user for user in base.chain.users[product] if user in found]
    if not users or product not in base.products:
        return None
    places = base.places
    world = sum(float(base.coefficient(product, user) @ places.vector(found[user].values)) for user in users)
    fixed: dict[str, float] = {}
    ids: list[str] = []
    if method.announced is not None:
        announced = table.filter(
            (pl.col("product_id") == product)
            & (pl.col("scenario") == method.announced.scenario)
            & (pl.col("year") == plan.year)
            & ~pl.col("recycled")
        )
        for iso3, value, row_id in announced.select("iso3", "value", "row_id").iter_rows():
            fixed[iso3] = fixed.get(iso3, 0.0) + end_of(method.announced.utilisation, case) * value
            ids.append(row_id)
    total = sum(rows.values.values())
    shared = {iso3: world * value / total for iso3, value in rows.values.items()}
    values = {iso3: max(value, fixed.get(iso3, 0.0)) for iso3, value in shared.items()}
    values |= {iso3: value for iso3, value in fixed.items() if iso3 not in values and value > 0.0}
    # What announcements add is taken from those without one, so that output meets the need.
    extra = sum(values.values()) - world
    free = {iso3: value for iso3, value in values.items() if iso3 not in fixed}
    if extra > 0.0 and sum(free.values()) > extra:
        scale = 1.0 - extra / sum(free.values())
        values |= {iso3: value * scale for iso3, value in free.items()}
    return _supply(rows, values, ids, f"need_{plan.year}")


def _supply(rows: SupplyRows, values: Mapping[str, float], row_ids: list[str], edition: str) -> SupplyRows:
    """Output of the later year, with the widths of the base year and the rows of both."""
    width = max(rows.log_widths.values())
    return SupplyRows(
        values=dict(sorted(values.items())),
        log_widths={iso3: rows.log_widths.get(iso3, width) for iso3 in sorted(values)},
        row_of={**rows.row_of, **{f"outlook_{i}": row_id for i, row_id in enumerate(sorted(set(row_ids)))}},
        unit=rows.unit,
        year=rows.year,
        edition=edition,
    )
