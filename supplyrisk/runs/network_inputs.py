"""What networks are made from: inputs of the base year, and the network of the outlook."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from supplyrisk.chain import Chain
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.units import SHARES_OF_WORLD
from supplyrisk.network.assumptions import NetworkAssumptions, read_network_assumptions
from supplyrisk.network.build import NetworkInputs, SupplyRows, build_network
from supplyrisk.network.model import Network
from supplyrisk.network.outlook import OutlookTables, outlook_inputs
from supplyrisk.network.outlook_check import check_outlook_plan
from supplyrisk.network.outlook_plan import CASES, OutlookPlan, read_outlook_plan
from supplyrisk.network.places import REST_OF_WORLD, Places, places_of
from supplyrisk.network.trade_content import ContentTrade, mended_trade, usable_trade
from supplyrisk.runs.assumptions import read_quality_widths
from supplyrisk.runs.project import Project
from supplyrisk.scores.supply import log_widths
from supplyrisk.tables.editions import choose_score_edition
from supplyrisk.tables.package import DataPackage

BASE_YEAR = 2024

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
    demand, partly_known = known_demand(package.marked_table("demand"), year)
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
        partly_known_demand=partly_known,
    )


def known_demand(marked: pl.DataFrame, year: int) -> tuple[pl.DataFrame, frozenset[str]]:
    """Rows of final demand of a year as known, and the products left out because part of their demand was not public.

    Part of what a country or the EU uses would pass for all of it. A missing row of the rest of the world does no harm:
    output that no row asks for is filed there. ``marked``: the demand table with ``is_known``.
    """
    rows = marked.filter((pl.col("use") == "model") & (pl.col("year") == year))
    known = rows.filter(pl.col("is_known"))
    hidden = rows.filter(~pl.col("is_known") & (pl.col("iso3") != REST_OF_WORLD))
    partly = frozenset(hidden["product_id"]) & frozenset(known["product_id"])
    return known.filter(~pl.col("product_id").is_in(list(partly))).drop("is_known"), partly


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
    mended = mended_trade(package.table("trade"), assumptions.unit_value_ratio.value)
    traded = usable_trade(mended, package.frames["hs_content"])
    found = {}
    for product, rows in supply.items():
        if chain.specifications[product].trade == "prior" and rows.unit != SHARES_OF_WORLD and product in traded:
            found[product] = traded[product].nearest(rows.year)
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


def network_of_outlook(project: Project, package: DataPackage, inputs: NetworkInputs, network: Network) -> Network:
    """The network of the outlook year in its central case, at the home preference of the base year."""
    tables = OutlookTables(package.table("production_outlook"), package.table("demand"))
    plan = outlook_plan(project, package, inputs.chain)
    found = outlook_inputs(inputs, network, plan, tables, CASES[0])
    return build_network(replace(found.inputs, home_preference=network.home_preference))


def outlook_plan(project: Project, package: DataPackage, chain: Chain) -> OutlookPlan:
    """What the outlook is made from (models/outlook). Raises ``InputError`` with everything that does not fit."""
    path = project.models / "outlook" / "2030.yaml"
    plan = read_outlook_plan(path, chain.products)
    check_outlook_plan(path, plan, chain, package.frames["production_outlook"], package.frames["demand"])
    return plan
