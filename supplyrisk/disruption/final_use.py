"""What a run of shocks leaves of final use: who goes short of what, when, and how many days of use are lost.

Months count from 1. A month is short where more than ``SHORT_SHARE`` of what is due then is not met.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.disruption.engine import Months
from supplyrisk.disruption.named_graph import Masks, NamedGraph
from supplyrisk.disruption.shocks import Hit, Shock, strength
from supplyrisk.disruption.supply_graph import NOBODY, Floats
from supplyrisk.foundation.units import DAYS_PER_MONTH
from supplyrisk.network.places import WORLD

SHORT_SHARE = 0.005
SHOWN_DAYS = 0.5
"""Days of normal use from which a loss, or a change of one, is told."""
LOSS_LOW = pl.min_horizontal("lost_days", "at_low", "at_high")
LOSS_HIGH = pl.max_horizontal("lost_days", "at_low", "at_high")
"""Ends of the days lost over the range of an assumption; as it is, it may lose less or more than at both its ends."""


def can_tell() -> pl.Expr:
    """Rows of ``final_use`` that say something of their region: the place of use is known, or it is the world."""
    return pl.col("place_known") | (pl.col("region") == WORLD)


def demand_by_month(named: NamedGraph, shocks: Sequence[Shock], months: int) -> Floats:
    """Final demand of each slot in each month, shocks to demand included (months × slots)."""
    demand = np.tile(named.graph.slot_demand, (months, 1))
    for shock in shocks:
        if shock.hit is Hit.DEMAND:
            for month in range(months):
                demand[month, list(shock.members)] *= 1.0 - strength(shock, month)
    return demand


def final_use(named: NamedGraph, run: Months, shocks: Sequence[Shock], regions: Masks) -> pl.DataFrame:
    """Final demand and uses outside the chain, by region and product.

    ``unmet_share`` in a month = (demand − served)/demand, served beyond demand (of orders waiting) counting as none.
    Columns: region, product_id, use, unit, demand_per_month, lost_quantity (never met), lost_days (of normal demand),
    first_short_month, worst_month, worst_share, months_short, recovered_month (the month after the last short one; null
    where the last month is short), place_known (without it, uses stand at the makers and a region's are not known).
    Products whose chain is cut are left out.
    """
    months = len(run.output)
    demand = demand_by_month(named, shocks, months)
    product_of = named.pool_product[named.graph.slot_pool]
    place_of = named.pool_place[named.graph.slot_pool]
    uses = np.array(named.slot_use)
    rows = []
    for region, places in regions.items():
        for number, product in enumerate(named.products):
            if product in named.cut:
                continue
            for use in ("final", "other"):
                slots = np.flatnonzero((product_of == number) & (uses == use) & places[place_of])
                if len(slots) == 0:
                    continue
                due = demand[:, slots].sum(axis=1)
                short = np.maximum(demand[:, slots] - run.used[:, slots], 0.0).sum(axis=1)
                share = np.divide(short, due, out=np.zeros(months), where=due > 0.0)
                base = float(named.graph.slot_demand[slots].sum())
                lost = float(run.unserved[slots].sum())
                hit = np.flatnonzero(share > SHORT_SHARE)
                rows.append(
                    {
                        "region": region,
                        "product_id": product,
                        "use": use,
                        "unit": named.unit[product],
                        "demand_per_month": base,
                        "lost_quantity": lost,
                        "lost_days": lost / base * DAYS_PER_MONTH,
                        "first_short_month": int(hit[0]) + 1 if len(hit) else None,
                        "worst_month": int(np.argmax(share)) + 1 if len(hit) else None,
                        "worst_share": float(share.max()),
                        "months_short": len(hit),
                        "recovered_month": int(hit[-1]) + 2 if len(hit) and hit[-1] < months - 1 else None,
                        "place_known": named.place_known[product],
                    }
                )
    return pl.DataFrame(rows, schema=FINAL_USE)


FINAL_USE = {
    "region": pl.String, "product_id": pl.String, "use": pl.String, "unit": pl.String,
    "demand_per_month": pl.Float64, "lost_quantity": pl.Float64, "lost_days": pl.Float64,
    "first_short_month": pl.Int64, "worst_month": pl.Int64, "worst_share": pl.Float64, "months_short": pl.Int64,
    "recovered_month": pl.Int64, "place_known": pl.Boolean,
}  # fmt: skip


def lost_days(named: NamedGraph, unserved: Floats, places: NDArray[np.bool_]) -> Floats:
    """Days of normal use lost in ``places``, final and other uses together, by product in the order of the graph.

    ``unserved``: units never met, by slot. Nothing where the place of use of a product is not known, unless ``places``
    are the world; nothing where it is not used.
    """
    graph = named.graph
    product_of = named.pool_product[graph.slot_pool]
    inside = (graph.slot_node == NOBODY) & places[named.pool_place[graph.slot_pool]]
    demand = np.bincount(product_of[inside], graph.slot_demand[inside], len(named.products))
    missing = np.bincount(product_of[inside], unserved[inside], len(named.products))
    days = np.divide(missing, demand, out=np.zeros_like(missing), where=demand > 0.0) * DAYS_PER_MONTH
    told = np.array([named.can_tell(number, places) for number in range(len(named.products))])
    return np.where(told, days, 0.0)


def unmet_by_month(named: NamedGraph, run: Months, shocks: Sequence[Shock], regions: Masks) -> pl.DataFrame:
    """Share of what is due that is not met, final and other uses together: region, product_id, month, share.

    Only products that fall short in the region at some time and whose place of use is known (for the world: all).
    """
    months = len(run.output)
    demand = demand_by_month(named, shocks, months)
    product_of = named.pool_product[named.graph.slot_pool]
    place_of = named.pool_place[named.graph.slot_pool]
    final = named.graph.slot_node == NOBODY
    short = np.maximum(demand - run.used, 0.0)
    parts = []
    for region, places in regions.items():
        for number, product in enumerate(named.products):
            slots = np.flatnonzero(final & (product_of == number) & places[place_of])
            due = demand[:, slots].sum(axis=1)
            if len(slots) == 0 or not named.can_tell(number, places):
                continue
            share = np.divide(short[:, slots].sum(axis=1), due, out=np.zeros(months), where=due > 0.0)
            if share.max() > SHORT_SHARE:
                parts.append(
                    pl.DataFrame(
                        {
                            "region": [region] * months,
                            "product_id": [product] * months,
                            "month": np.arange(1, months + 1),
                            "share": share,
                        }
                    )
                )
    schema = {"region": pl.String, "product_id": pl.String, "month": pl.Int64, "share": pl.Float64}
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)
