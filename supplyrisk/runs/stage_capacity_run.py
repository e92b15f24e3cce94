"""Capacity of a region over its use of strategic raw materials, from the network and trade of a project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from supplyrisk.network.use import uses_nothing
from supplyrisk.runs.network_inputs import BASE_YEAR
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.scores.single_country import strategic_products
from supplyrisk.scores.stage_capacity import StageProduct, last_of_each, stage_capacity_rows
from supplyrisk.scores.strategic_materials import strategic_entries
from supplyrisk.scores.table import ScoreRow
from supplyrisk.tables.package import DataPackage

STAGES = ("extraction", "refining")


def stage_capacity_scores(network: NetworkRun, package: DataPackage, regions: Sequence[str]) -> Iterator[ScoreRow]:
    """Both aggregates of every stage of ``STAGES`` and region, and of each material, in the base year."""
    products, materials = package.table("products"), package.table("materials")
    entries = strategic_entries(materials)
    entry_of = {product: entries[material] for product, material in strategic_products(products, materials).items()}
    users = network.network.chain.users
    for stage in STAGES:
        of_stage = products.filter((pl.col("stage") == stage) & pl.col("product_id").is_in(list(entry_of)))
        for region in regions:
            found = [_stage_product(network, name, entry_of[name], region) for name in of_stage["product_id"]]
            every = sorted(set(entries.values()))
            yield from stage_capacity_rows(last_of_each(found, users), every, stage, region, BASE_YEAR)


def _stage_product(network: NetworkRun, name: str, material: str, region: str) -> StageProduct:
    flows = network.network.products.get(name)
    if flows is None:
        return StageProduct(name, material, 0.0, None, None, ())
    places = network.network.places
    inside = places.of_region(region)
    trade = network.inputs.trade.get(name)
    used = float(np.where(inside, flows.demand, 0.0).sum()) if flows.use_place_known else None
    if used is not None and uses_nothing(flows, inside):
        used = 0.0
    # Rows of trade stand with the product's own scores; here they would be many thousands.
    rows = tuple(row for row in flows.input_row_ids if not row.startswith("trade."))
    made = float(flows.published_supply[inside].sum())
    unnamed = 0.0
    if used and places.is_unnamed(region, flows.published_supply):
        supplied = flows.mix @ np.where(inside, flows.demand, 0.0)
        unnamed = float(supplied[places.unnamed_outside(region)].sum())
    return StageProduct(name, material, made, used, None if trade is None else trade.unit_value, rows, unnamed)
