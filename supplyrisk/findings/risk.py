"""Findings on simulated risk: how much is expected to be lost, of what, why, and what the figure hangs on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from supplyrisk.findings.finding import Confidence, Finding

_TOLD, _CAUSES = 3, 3
_SHOWN_PART = 0.05
"""Causes beyond the first are told from this part of the loss on."""
_OF_PRODUCT = (
    "lost_days_per_year", "lost_low", "lost_high", "long_shortage_chance", "chance_low", "chance_high", "rank",
    "rank_low", "rank_high",
)  # fmt: skip
_WIDE = 4.0
"""A range whose high end is so many times its low one makes a figure an order of magnitude, no more."""


def risk_findings(
    region: str,
    products: pl.DataFrame,
    value: pl.DataFrame,
    causes: pl.DataFrame,
    places: pl.DataFrame,
    drivers: pl.DataFrame | None,
    long_months: int,
    horizon_months: int,
) -> Iterator[Finding]:
    """Findings of one region (topic: its code); tables as in risk.metrics, risk.causes and risk.drivers."""
    own_value = value.filter(pl.col("region") == region)
    if not own_value.is_empty():
        row = own_value.row(0, named=True)
        numbers = {name: row[name] for name in ("expected", "low", "high", "cvar95")}
        numbers["share"] = row["expected"] / row["use_per_year"]
        yield Finding(
            region, "risk_value", {"region": region, **numbers}, (f"risk/{region}/value",),
            confidence_of_range(row["low"], row["high"]),
        )  # fmt: skip
    own = products.filter(pl.col("region") == region).sort("rank")
    for row in own.head(_TOLD).iter_rows(named=True):
        product = row["product_id"]
        numbers = {name: row[name] for name in _OF_PRODUCT}
        numbers |= {"product_id": product, "region": region, "months": long_months, "horizon": horizon_months}
        confidence = confidence_of_range(row["lost_low"], row["lost_high"])
        yield Finding(region, "risk_product", numbers, (f"risk/{region}/{product}",), confidence)
        yield from why_ranked(row, causes, places)
        if drivers is not None:
            swings = drivers.filter((pl.col("region") == region) & (pl.col("product_id") == product))
            names: Sequence[str] = swings.head(5)["number"].to_list()
            if names:
                yield Finding(
                    region, "risk_drivers", {"product_id": product, "numbers": names}, (f"risk/{region}/{product}",),
                    "medium",
                )  # fmt: skip


def why_ranked(row: Mapping[str, Any], causes: pl.DataFrame, places: pl.DataFrame) -> Iterator[Finding]:
    """Why a product ranks where it does: the largest causes of its loss, and the part of its chain that is hit most.

    ``row``: one of risk.metrics; ``causes`` from the largest part on. What is hit is one product in a country or, where
    measures in force hit several at once, all of these, by whatever way. Nothing where no cause has a part in the loss;
    the causes alone where no place is known.
    """
    region, product = row["region"], row["product_id"]
    own = (pl.col("region") == region) & (pl.col("product_id") == product)
    found = causes.filter(own).head(_CAUSES)
    parts = found.filter((pl.col("part") >= _SHOWN_PART) | (pl.int_range(pl.len()) == 0))
    if parts.is_empty():
        return
    numbers = {
        "product_id": product,
        "rank": row["rank"],
        "causes": parts.select("hazard", "country", "part").rows(),
    }
    message = "risk_why_causes"
    by_place = places.filter(own).group_by("hit_product", "country").agg(pl.col("part").sum())
    ordered = by_place.sort("part", "hit_product", "country", descending=[True, False, False])
    for place in ordered.head(1).iter_rows(named=True):
        message = "risk_why"
        numbers |= {name: place[name] for name in ("country", "part")}
        numbers["hit_products"] = place["hit_product"].split(";")
    yield Finding(region, message, numbers, (f"risk/{region}/{product}",), "low")


def confidence_of_range(low: float, high: float) -> Confidence:
    """Medium where the ends of a range are near enough to each other, else low: the figures rest on assumptions."""
    return "medium" if low > 0.0 and high / low <= _WIDE else "low"
