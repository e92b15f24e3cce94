"""The network against published figures it was not made from: self-sufficiency, and apparent use by region."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from supplyrisk.network.model import Network
from supplyrisk.network.use import uses_nothing

SELF_SUFFICIENCY = "self_sufficiency"
CHECK = "check"

SELF_SUFFICIENCY_SCHEMA = {
    "product_id": pl.String,
    "region": pl.String,
    "published": pl.Float64,
    "model": pl.Float64,
    "output": pl.Float64,
    "use": pl.Float64,
    "row_id": pl.String,
    "source_ids": pl.String,
}

USE_SCHEMA = {
    "product_id": pl.String,
    "region": pl.String,
    "published": pl.Float64,
    "model": pl.Float64,
    "unit": pl.String,
    "row_id": pl.String,
    "source_ids": pl.String,
}


def self_sufficiency_check(network: Network, parameters: pl.DataFrame) -> pl.DataFrame:
    """Published output / use of a region beside that of the network.

    ``parameters``: the table of that name; its rows ``self_sufficiency`` give product, region and the published value.
    ``model`` is null where the network does not know where the product is used, or next to nothing is used in the
    region: the published value cannot be tested there, and a use derived from it may not be used to do so. ``model``
    and ``output`` are null where no maker in the region is named while some output has no name.
    """
    records = []
    for row in parameters.filter(pl.col("parameter") == SELF_SUFFICIENCY).sort("row_id").iter_rows(named=True):
        flows = network.products.get(row["product_ids"])
        inside = network.places.of_region(row["iso3"])
        known = flows is not None and flows.use_place_known and not uses_nothing(flows, inside)
        named = flows is not None and not network.places.is_unnamed(row["iso3"], flows.published_supply)
        output = float(flows.published_supply[inside].sum()) if flows is not None and named else None
        use = float(flows.demand[inside].sum()) if known and flows is not None else None
        model = output / use if output is not None and use is not None else None
        records.append(
            {
                "product_id": row["product_ids"],
                "region": row["iso3"],
                "published": row["value"],
                "model": model,
                "output": output,
                "use": use,
                "row_id": row["row_id"],
                "source_ids": row["source_ids"],
            }
        )
    return pl.DataFrame(records, schema=SELF_SUFFICIENCY_SCHEMA)


def use_check(network: Network, demand: pl.DataFrame, regions: Sequence[str]) -> pl.DataFrame:
    """Apparent use of the demand table (rows kept for checking) beside use in the network, by region and product.

    Both rest on output and trade; they differ where re-exports, mistaken weights or pooled partners matter.
    """
    records = []
    rows = demand.filter(
        (pl.col("use") == CHECK)
        & pl.col("iso3").is_in(list(regions))
        & (pl.col("year") == network.year)
        & pl.col("product_id").is_not_null()
    )
    for row in rows.sort("product_id", "iso3", "row_id").iter_rows(named=True):
        flows = network.products.get(row["product_id"])
        if flows is None or not flows.use_place_known:
            continue
        inside = network.places.of_region(row["iso3"])
        records.append(
            {
                "product_id": row["product_id"],
                "region": row["iso3"],
                "published": row["value"],
                "model": float(np.sum(flows.demand[inside])),
                "unit": row["unit"],
                "row_id": row["row_id"],
                "source_ids": row["source_ids"],
            }
        )
    return pl.DataFrame(records, schema=USE_SCHEMA)
