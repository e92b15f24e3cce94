"""Small chains for network tests, built the way the product builds its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from supplyrisk.chain.graph import Chain, Recipe, order_from_end_to_mine
from supplyrisk.chain.specification import ProductSpecification, SecondaryInput
from supplyrisk.network.assumptions import NetworkAssumptions
from supplyrisk.network.build import NetworkInputs, SupplyRows
from supplyrisk.network.places import Places, places_of
from supplyrisk.network.trade_content import ContentTrade

EU = ("DEU", "FRA", "NLD")

ASSUMPTIONS = NetworkAssumptions.model_validate(
    {
        "home_preference": {
            "anchor": {
                "end_products": ["pack"],
                "products": ["cell"],
                "region": "EU27",
                "imported_share": {"value": 0.5, "low": 0.4, "high": 0.6, "basis": "assumed"},
                "source_ids": ["source"],
                "derivation": "none",
            },
            "low": 0.0,
            "high": 1.0,
            "reserve": {"value": 0.8, "low": 0.0, "high": 1.0, "basis": "assumed"},
        },
        "support_weight": {"value": 0.001, "low": 0.0001, "high": 0.01, "basis": "assumed"},
        "base_lane_weight": {"value": 0.9, "low": 0.5, "high": 0.99, "basis": "assumed"},
        "unit_value_ratio": {"value": 20.0, "low": 10.0, "high": 50.0, "basis": "assumed"},
        "smallest_lane_share": 0.0,
        "smallest_user_share": 0.0,
        "lane_spread": {
            "trade": {"value": 0.4, "low": 0.2, "high": 0.6, "basis": "assumed"},
            "prior": {"value": 0.3, "low": 0.1, "high": 0.6, "basis": "assumed"},
        },
    }
)

Amounts = Mapping[str, float]


def chain_of(
    recipes: Mapping[tuple[str, str], float],
    statistical: Sequence[str] = (),
    secondary: Mapping[str, SecondaryInput] | None = None,
) -> Chain:
    """A chain from (input, output) → amount; inputs of products in ``statistical`` leave a statistical surplus."""
    inputs: dict[str, tuple[str, ...]] = {}
    for part, whole in recipes:
        inputs.setdefault(part, ())
        inputs[whole] = (*inputs.get(whole, ()), part)
    order, _ = order_from_end_to_mine(inputs)
    return Chain(
        products=order,
        recipes=tuple(
            Recipe(part, whole, None, amount, amount * 0.9, amount * 1.1, "t/t", "observed", "A", f"r.{part}.{whole}")
            for (part, whole), amount in recipes.items()
        ),
        specifications={
            name: ProductSpecification(
                inputs=inputs[name],
                surplus="statistical" if name in statistical else "other_uses",
                secondary=(secondary or {}).get(name),
            )
            for name in order
        },
        chain_of=dict.fromkeys(order, "battery"),
        final_products=tuple(name for name in order if not any(name in parts for parts in inputs.values())),
        groups=(),
        bundled="battery",
    )


def supply_of(amounts: Amounts, product: str = "p", width: float = 0.1) -> SupplyRows:
    """Output by code."""
    return SupplyRows(
        values=dict(amounts),
        log_widths=dict.fromkeys(amounts, width),
        row_of={code: f"production.{product}.{code}" for code in amounts},
        unit="t",
        year=2024,
        edition="edition_a",
    )


def trade_of(flows: Mapping[tuple[str, str], float], product: str = "p") -> ContentTrade:
    """Trade in units of the product, by exporter and importer."""
    rows = [(exporter, importer, quantity) for (exporter, importer), quantity in flows.items()]
    schema = {"exporter_iso3": pl.String, "importer_iso3": pl.String, "quantity": pl.Float64}
    return ContentTrade(product, 2024, pl.DataFrame(rows, schema=schema, orient="row"), 0.0, 0.0, ("000000",), (), 0.0)


def demand_of(rows: Sequence[tuple[str, str, float]]) -> pl.DataFrame:
    """Final demand: product, code, amount."""
    schema = {"product_id": pl.String, "iso3": pl.String, "value": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(("demand." + pl.col("product_id") + "." + pl.col("iso3")).alias("row_id"))


def inputs_of(
    chain: Chain,
    supply: Mapping[str, Amounts],
    demand: Sequence[tuple[str, str, float]],
    trade: Mapping[str, Mapping[tuple[str, str], float]] | None = None,
    home_preference: float | None = 0.5,
    places: Places | None = None,
) -> NetworkInputs:
    """Inputs of a network over the places that occur."""
    traded = trade or {}
    codes = {code for amounts in supply.values() for code in amounts} | {code for _, code, _ in demand}
    codes |= {code for flows in traded.values() for pair in flows for code in pair}
    return NetworkInputs(
        chain=chain,
        places=places or places_of(codes, EU),
        supply={product: supply_of(amounts, product) for product, amounts in supply.items()},
        demand=demand_of(demand),
        trade={product: trade_of(flows, product) for product, flows in traded.items()},
        assumptions=ASSUMPTIONS,
        year=2024,
        home_preference=home_preference,
    )
