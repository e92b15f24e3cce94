"""Capacity of a region over its use of strategic raw materials, from the network and trade of a project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from supplyrisk.runs.network_inputs import BASE_YEAR
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.scores.single_country import strategic_products
from supplyrisk.scores.stage_capacity import StageProduct, stage_capacity_rows
from supplyrisk.scores.table import ScoreRow
from supplyrisk.tables.package import DataPackage

STAGES = ("extraction", "refining")


def stage_capacity_scores(network: NetworkRun, package: DataPackage, regions: Sequence[str]) -> Iterator[ScoreRow]:
    """Both aggregates of every stage of ``STAGES`` and region, in the base year."""
    products = package.table("products")
    strategic = strategic_products(products, package.table("materials"))
    for stage in STAGES:
        of_stage = products.filter((pl.col("stage") == stage) & pl.col("product_id").is_in(list(strategic)))
        names = _last_of_each(network, of_stage["product_id"].to_list(), strategic)
        for region in regions:
            found = [_stage_product(network, name, strategic[name], region) for name in names]
            yield from stage_capacity_rows(found, stage, region, BASE_YEAR)


def _last_of_each(network: NetworkRun, names: Sequence[str], strategic: dict[str, str]) -> list[str]:
    """Without those that go into another product of the same stage and material: alumina is in aluminium."""
    users = network.network.chain.users
    return [
        name
        for name in names
        if not any(user in names and strategic[user] == strategic[name] for user in users.get(name, ()))
    ]


def _stage_product(network: NetworkRun, name: str, material: str, region: str) -> StageProduct:
    flows = network.network.products.get(name)
    if flows is None:
        return StageProduct(name, material, 0.0, None, None, ())
    inside = network.network.places.of_region(region)
    trade = network.inputs.trade.get(name)
    used = float(np.where(inside, flows.demand, 0.0).sum()) if flows.use_place_known else None
    # Rows of trade stand with the product's own scores; here they would be many thousands.
    rows = tuple(row for row in flows.input_row_ids if not row.startswith("trade."))
    made = float(flows.published_supply[inside].sum())
    return StageProduct(name, material, made, used, None if trade is None else trade.unit_value, rows)
