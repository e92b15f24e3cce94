"""Networks of a project: inputs from the data package, the base year, its bounds, and the outlook."""

from __future__ import annotations

import polars as pl

from supplyrisk.chain import Chain
from supplyrisk.network.assumptions import NetworkAssumptions, read_network_assumptions
from supplyrisk.network.build import NetworkInputs, SupplyRows
from supplyrisk.network.places import Places, places_of
from supplyrisk.network.trade_content import ContentTrade, content_trade
from supplyrisk.runs.assumptions import read_quality_widths
from supplyrisk.runs.project import Project
from supplyrisk.scores.supply import log_widths
from supplyrisk.tables.editions import choose_score_edition
from supplyrisk.tables.package import DataPackage

TABLES = ("demand", "trade", "hs_content", "value_added", "recipes", "by_products", "production_outlook", "capacity")


def network_inputs(project: Project, package: DataPackage, chain: Chain, year: int) -> NetworkInputs:
    """What the network of the base year is made from, as known on the as-of day of ``package``.

    Output is that of the scores (tables.editions); trade of the year nearest to it; final demand of ``year``.
    """
    assumptions = read_network_assumptions(project.models / "assumptions" / "network.yaml")
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
