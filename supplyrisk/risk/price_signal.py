"""What a shortage may do to a price: an indicative range, where published elasticities say how the market answers."""

from __future__ import annotations

import polars as pl

from supplyrisk.foundation.units import DAYS_PER_YEAR

PRICE = {
    "product_id": pl.String, "shortage_share": pl.Float64, "shortage_low": pl.Float64, "shortage_high": pl.Float64,
    "price_rise_low": pl.Float64, "price_rise_high": pl.Float64, "source_ids": pl.String, "missing_reason": pl.String,
}  # fmt: skip
NO_ELASTICITY, NO_ANSWER = "no_sourced_elasticity", "no_answer_to_price"
_DEMAND, _SUPPLY = "price_elasticity_of_demand", "price_elasticity_of_supply"
_EVIDENCE = ("observed", "estimate")


def price_rise(
    shortage: tuple[float, float], demand: tuple[float, float], supply: tuple[float, float]
) -> tuple[float | None, float | None]:
    """Range of the relative rise of a price that clears a shortage: share missing/(|ε demand| + ε supply).

    Each given as (low, high), elasticities as sizes; the least rise has the least shortage and the most elastic
    market. A share of 0.02 to 0.06 missing, elasticities of 0.1 to 0.3 and 0.1 to 0.2: a rise by 0.04 to 0.3.
    Linear, so for shares that are small. An end is open (None) where both elasticities are nothing: no price clears it.
    """
    stiff, free = demand[0] + supply[0], demand[1] + supply[1]
    return (shortage[0] / free if free > 0.0 else None), (shortage[1] / stiff if stiff > 0.0 else None)


def price_signals(products: pl.DataFrame, parameters: pl.DataFrame, world: str) -> pl.DataFrame:
    """A row a product used in the world, most short first; ``products`` of risk.metrics, ``parameters`` the data table.

    Elasticities count that a source observed or estimated for the product; defaults and assumptions of models do not.
    Without one of demand and one of supply there is no range, and a reason; another one where an end is open, as at the
    low ends of both nothing answers to price.
    """
    usable = parameters.filter(pl.col("nature").is_in(_EVIDENCE) & pl.col("parameter").is_in([_DEMAND, _SUPPLY]))
    rows = []
    for row in products.filter(pl.col("region") == world).iter_rows(named=True):
        shares = [row[name] / DAYS_PER_YEAR for name in ("lost_days_per_year", "lost_low", "lost_high")]
        own = usable.filter(
            pl.col("product_ids").fill_null("").str.split(";").list.contains(row["product_id"])
            & pl.any_horizontal(pl.col("value", "low", "high").is_not_null())
        )
        demand, supply = (own.filter(pl.col("parameter") == name) for name in (_DEMAND, _SUPPLY))
        if demand.is_empty() or supply.is_empty():
            rows.append((row["product_id"], *shares, None, None, None, NO_ELASTICITY))
            continue
        rise = price_rise((shares[1], shares[2]), _ends(demand), _ends(supply))
        sources = sorted({source for text in own["source_ids"] for source in text.split(";")})
        reason = NO_ANSWER if None in rise else None
        rows.append((row["product_id"], *shares, *rise, ";".join(sources), reason))
    return pl.DataFrame(rows, schema=PRICE, orient="row").sort("shortage_share", "product_id", descending=[True, False])


def _ends(rows: pl.DataFrame) -> tuple[float, float]:
    """Smallest and largest size over rows, each with its own range where it has one."""
    sizes = [
        abs(value) for row in rows.select("low", "value", "high").iter_rows() for value in row if value is not None
    ]
    return min(sizes), max(sizes)
