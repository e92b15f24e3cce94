"""Networks of a project: inputs from the data package, the base year, its bounds, and the outlook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from supplyrisk.chain import Chain
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.network.assumptions import NetworkAssumptions, read_network_assumptions
from supplyrisk.network.build import NetworkInputs, SupplyRows, anchor_range, build_network
from supplyrisk.network.draws import NetworkDraws, draw_network
from supplyrisk.network.look_through import used_in
from supplyrisk.network.model import Network
from supplyrisk.network.outlook import OutlookTables, outlook_inputs
from supplyrisk.network.outlook_check import check_outlook_plan
from supplyrisk.network.outlook_plan import CASES, OutlookPlan, read_outlook_plan
from supplyrisk.network.places import Places, places_of
from supplyrisk.network.trade_content import ContentTrade, content_trade
from supplyrisk.runs.assumptions import read_quality_widths
from supplyrisk.runs.project import Project
from supplyrisk.scores.origin import origin_scores
from supplyrisk.scores.outlook import OUTLOOK_CASES, outlook_scores
from supplyrisk.scores.sourcing import REGION_METRICS, sourcing_scores
from supplyrisk.scores.supply import log_widths
from supplyrisk.scores.table import Basis, ScoreRow
from supplyrisk.scores.value_share import NetworkRange, value_scores
from supplyrisk.tables.editions import choose_score_edition
from supplyrisk.tables.package import DataPackage

BASE_YEAR = 2024
BATTERY = "battery"

TABLES = ("demand", "trade", "hs_content", "value_added", "recipes", "by_products", "production_outlook", "parameters")


def network_inputs(project: Project, package: DataPackage, chain: Chain, year: int) -> NetworkInputs:
    """What the network of the base year is made from, as known on the as-of day of ``package``.

    Output is that of the scores (tables.editions); trade of the year nearest to it; final demand of ``year``. Raises
    ``InputError`` with every product of the chain that no edition has output of, known on that day or not.
    """
    _check_output(chain, package.frames["production"])
    regions = package.frames["countries"].filter(pl.col("kind").is_in(["country", "region"]))["iso3"]
    assumed = project.models / "assumptions" / "network.yaml"
    assumptions = read_network_assumptions(assumed, chain.products, regions)
    production = choose_score_edition(package.marked_table("production"), package.table("edition_choice"))
    widths = read_quality_widths(project.models / "assumptions" / "quality_width.yaml")
    production = production.filter(pl.col("product_id").is_in(list(chain.products)))
    demand = package.table("demand").filter((pl.col("use") == "model") & (pl.col("year") == year))
    supply = {
        str(product): SupplyRows(
            values=dict(rows.select("iso3", "value").iter_rows()),
            unit=rows["unit"][0],
            year=rows["year"][0],
            edition=rows["edition"][0],
            log_widths=dict(zip(rows["iso3"], log_widths(rows, widths), strict=True)),
            row_of=dict(rows.select("iso3", "row_id").iter_rows()),
        )
        for (product,), rows in production.group_by(["product_id"], maintain_order=True)
    }
    trade = _trade(package, chain, supply, assumptions)
    return NetworkInputs(
        chain=chain,
        places=_places(package, supply, demand, trade, assumptions),
        supply=supply,
        demand=demand.select("product_id", "iso3", "value", "row_id"),
        trade=trade,
        assumptions=assumptions,
        year=year,
    )


def _check_output(chain: Chain, production: pl.DataFrame) -> None:
    """A product not known yet is a gap; one that no edition knows at all is a mistake in the chain or in the data."""
    known = set(production["product_id"])
    collector = ProblemCollector()
    for product in chain.products:
        if product not in known:
            collector.add(
                file=f"models/chains/{chain.chain_of[product]}.yaml",
                where=f"products.{product}",
                message=f"no edition of data/production.csv has output of '{product}'",
                mend=f"Add rows of it, or take the product out of the chain. {did_you_mean(product, known)}",
            )
    collector.raise_if_any("The network cannot be built")


def _trade(
    package: DataPackage, chain: Chain, supply: dict[str, SupplyRows], assumptions: NetworkAssumptions
) -> dict[str, ContentTrade]:
    table, content = package.table("trade"), package.frames["hs_content"]
    found = {}
    for product, rows in supply.items():
        if chain.specifications[product].trade == "prior":
            trade = content_trade(table, content, product, rows.year, assumptions.unit_value_ratio.value)
            if trade is not None:
                found[product] = trade
    return found


def _places(
    package: DataPackage,
    supply: dict[str, SupplyRows],
    demand: pl.DataFrame,
    trade: dict[str, ContentTrade],
    assumptions: NetworkAssumptions,
) -> Places:
    """Makers of anything, places of final demand, EU members, and importers that matter to a product."""
    countries = package.frames["countries"].filter(pl.col("kind") == "country")
    codes = {code for rows in supply.values() for code in rows.values} | set(demand["iso3"])
    for product, rows in trade.items():
        imported = rows.flows.group_by("importer_iso3").agg(pl.col("quantity").sum())
        floor = assumptions.smallest_user_share * sum(supply[product].values.values())
        codes |= set(imported.filter(pl.col("quantity") >= floor)["importer_iso3"])
    return places_of(codes & set(countries["iso3"]), countries.filter(pl.col("eu27"))["iso3"])


@dataclass(frozen=True)
class NetworkRun:
    """The network of the base year at the calibrated home preference and its bounds, with draws.

    ``values``: EUR of value added per unit of product with the rows they come from; ``bundles``: end products that are
    looked through, by the name they go under; ``outlook``: the network of 2030 in its central case, and in every case
    at the calibrated home preference and its bounds.
    """

    inputs: NetworkInputs
    range: NetworkRange
    drawn: NetworkDraws
    preference_range: tuple[float, float]
    values: Mapping[str, float]
    value_row_ids: tuple[str, ...]
    bundles: Mapping[str, tuple[str, ...]]
    outlook: NetworkRange
    outlook_gaps: Mapping[str, str]

    @property
    def network(self) -> Network:
        """The network at the calibrated home preference."""
        return self.range.centre


def run_network(
    project: Project, package: DataPackage, chain: Chain, seed: int, draws: int, whole: bool = True
) -> NetworkRun:
    """Build the network of the base year with its draws; the ``whole`` also holds its two bounds and the outlook."""
    inputs = network_inputs(project, package, chain, BASE_YEAR)
    plan = _outlook_plan(project, package, chain) if whole else None
    network = build_network(inputs)
    assumed = inputs.assumptions.home_preference
    ends = (assumed.low, assumed.high) if whole else ()
    bounds = tuple(build_network(replace(inputs, home_preference=end)) for end in ends)
    preference_range = anchor_range(inputs, network)
    values = latest_values(package.frames["value_added"])
    outlook, outlook_gaps = (
        (NetworkRange(network, ()), {}) if plan is None else _outlook(plan, package, inputs, network)
    )
    return NetworkRun(
        inputs=inputs,
        range=NetworkRange(network, bounds),
        drawn=draw_network(inputs, network, preference_range, seed, draws),
        preference_range=preference_range,
        values=dict(values.select("product_id", "value").iter_rows()),
        value_row_ids=tuple(values["row_id"].sort()),
        bundles=bundles_of(network),
        outlook=outlook,
        outlook_gaps=outlook_gaps,
    )


def network_of_outlook(project: Project, package: DataPackage, inputs: NetworkInputs, network: Network) -> Network:
    """The network of the outlook year in its central case, at the home preference of the base year."""
    tables = OutlookTables(package.table("production_outlook"), package.table("demand"))
    plan = _outlook_plan(project, package, inputs.chain)
    found = outlook_inputs(inputs, network, plan, tables, CASES[0])
    return build_network(replace(found.inputs, home_preference=network.home_preference))


def _outlook_plan(project: Project, package: DataPackage, chain: Chain) -> OutlookPlan:
    path = project.models / "outlook" / "2030.yaml"
    plan = read_outlook_plan(path, chain.products)
    check_outlook_plan(path, plan, chain, package.frames["production_outlook"], package.frames["demand"])
    return plan


def _outlook(
    plan: OutlookPlan, package: DataPackage, inputs: NetworkInputs, network: Network
) -> tuple[NetworkRange, Mapping[str, str]]:
    """Networks of the outlook year in every case, each at the calibrated home preference and its two bounds."""
    tables = OutlookTables(package.table("production_outlook"), package.table("demand"))
    assumed = inputs.assumptions.home_preference
    built: list[Network] = []
    gaps: dict[str, str] = {}
    for case in CASES:
        found = outlook_inputs(inputs, network, plan, tables, case)
        gaps |= dict(found.gaps)
        ends = (network.home_preference, assumed.low, assumed.high)
        built += [build_network(replace(found.inputs, home_preference=end)) for end in ends]
    return NetworkRange(built[0], tuple(built[1:]), OUTLOOK_CASES, f"outlook_{plan.year}"), gaps


def latest_values(table: pl.DataFrame) -> pl.DataFrame:
    """Value added per unit of the latest year of each product."""
    return table.sort("product_id", "year").group_by("product_id", maintain_order=True).last()


def bundles_of(network: Network) -> dict[str, tuple[str, ...]]:
    """What is looked through: packs of all chemistries together, and every other product that is made from another."""
    chain = network.chain
    packs = tuple(product for product in chain.final_products if chain.chain_of[product] == BATTERY)
    found = {BATTERY: packs}
    for product in chain.products:
        if product in network.products and chain.inputs[product] and product not in packs:
            found[product] = (product,)
    return found


def network_scores(run: NetworkRun, regions: Sequence[str], stages: Mapping[str, str]) -> Iterator[ScoreRow]:
    """Every score that rests on the network, for each focus region."""
    for region in regions:
        for product in run.network.products:
            yield from sourcing_scores(run.drawn, product, stages[product], region)
        for product, reason in run.network.gaps.items():
            for metric in REGION_METRICS:
                yield ScoreRow(metric, product, stages[product], Basis(), None, scope=region, missing_reason=reason)
        for name, products in run.bundles.items():
            used = used_in(run.network, products, region)
            if used and _is_looked_through(run.network, name):
                yield from origin_scores(run.drawn, name, products, used, region, stages)
        packs = run.bundles[BATTERY]
        yield from value_scores(run.range, BATTERY, packs, run.values, run.value_row_ids, region, stages)
        yield from value_scores(run.outlook, BATTERY, packs, run.values, run.value_row_ids, region, stages)
        yield from outlook_scores(run.outlook, BATTERY, packs, region, stages)


def _is_looked_through(network: Network, name: str) -> bool:
    """Cells, cathodes and other parts of the battery are inside its look-through and not repeated on their own."""
    return name == BATTERY or (network.products[name].use_place_known and network.products[name].evidence == "trade")
