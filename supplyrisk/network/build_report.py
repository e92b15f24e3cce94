"""What every product of a network rests on, a row a product."""

from __future__ import annotations

import numpy as np
import polars as pl

from supplyrisk.network.model import Network, ProductFlows, primary_coefficients

SCHEMA = {
    "product_id": pl.String,
    "unit": pl.String,
    "year": pl.Int64,
    "edition": pl.String,
    "evidence": pl.String,
    "output": pl.Float64,
    "chain_need": pl.Float64,
    "final_demand": pl.Float64,
    "remainder": pl.Float64,
    "other_uses": pl.Float64,
    "statistical_surplus": pl.Float64,
    "shortage_factor": pl.Float64,
    "secondary_share": pl.Float64,
    "use_place_known": pl.Boolean,
    "home_preference": pl.Float64,
    "trade_year": pl.Int64,
    "trade_codes": pl.String,
    "trade_mended_tonnes": pl.Float64,
    "trade_weighed_tonnes": pl.Float64,
    "trade_dropped_share": pl.Float64,
    "largest_dropped_exporter": pl.String,
    "re_export_share": pl.Float64,
    "moved_mass": pl.Float64,
    "residual": pl.Float64,
    "truncated_share": pl.Float64,
    "links": pl.Int64,
}


def build_report(network: Network) -> pl.DataFrame:
    """Output and use of every product in its unit, what its lanes rest on, and how well the figures fit.

    ``output`` before a statistical surplus is scaled off; ``chain_need``, ``final_demand`` (``remainder`` inside it)
    and ``other_uses`` as met; ``secondary_share``: part of the makers' need that scrap or other input meets, weighted
    by output (null: none); shares of trade and of flow as fractions; ``residual`` relative to world output.
    """
    rows = [_row(network, flows) for _, flows in sorted(network.products.items())]
    return pl.DataFrame(rows, schema=SCHEMA)


def _row(network: Network, flows: ProductFlows) -> dict[str, object]:
    dropped = sorted(flows.trade_dropped.items(), key=lambda item: (-item[1], item[0]))
    need = sum(float(amounts.sum()) for amounts in flows.needs.values())
    return {
        "product_id": flows.product_id,
        "unit": flows.unit,
        "year": flows.year,
        "edition": flows.edition,
        "evidence": flows.evidence,
        "output": float(flows.published_supply.sum()),
        "chain_need": need,
        "final_demand": float(flows.final_demand.sum()),
        "remainder": flows.remainder,
        "other_uses": float(flows.other_uses.sum()),
        "statistical_surplus": flows.statistical_surplus,
        "shortage_factor": flows.shortage_factor,
        "secondary_share": _secondary(network, flows),
        "use_place_known": flows.use_place_known,
        "home_preference": flows.home_preference,
        "trade_year": flows.trade_year,
        "trade_codes": ";".join(flows.trade_codes) or None,
        "trade_mended_tonnes": flows.trade_mended_tonnes,
        "trade_weighed_tonnes": flows.trade_weighed_tonnes,
        "trade_dropped_share": flows.trade_dropped_share,
        "largest_dropped_exporter": dropped[0][0] if dropped else None,
        "re_export_share": flows.re_export_share,
        "moved_mass": flows.moved_mass,
        "residual": flows.residual,
        "truncated_share": flows.truncated_share,
        "links": int(np.count_nonzero(flows.flows)),
    }


def _secondary(network: Network, flows: ProductFlows) -> float | None:
    """Secondary part of the gross need of all makers that can use it."""
    gross = primary = 0.0
    for user in flows.secondary_share:
        if user in network.products:
            supply = network.products[user].supply
            gross += float(primary_coefficients(network.chain, network.places, flows.product_id, user) @ supply)
            primary += float(flows.coefficients[user] @ supply)
    return None if gross <= 0.0 else 1.0 - primary / gross
