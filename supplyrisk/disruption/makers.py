"""What a run of shocks does to makers: what they are short of, and whose capacity nobody asks for any more."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.disruption.engine import Months
from supplyrisk.disruption.final_use import SHORT_SHARE
from supplyrisk.disruption.named_graph import Masks, NamedGraph
from supplyrisk.disruption.supply_graph import NOBODY, Floats
from supplyrisk.foundation.units import DAYS_PER_MONTH

IDLE_SHARE = 0.01
"""Makers of which less than this share of output at rest goes without orders are left out."""


def makers(named: NamedGraph, run: Months, regions: Masks) -> pl.DataFrame:
    """Makers that made less than at rest, by region and product, and what kept them from it.

    The shortfall of a maker in a month is put down to an ``input`` (the one with the least cover) where inputs allow
    less than capacity and orders do, else to lost ``capacity``, else to ``orders`` that stay away. Columns: region,
    product_id, reason, input_id (for inputs), lost_days (of the output at rest of the region), first_month, last_month.
    """
    graph = named.graph
    missing = np.maximum(graph.node_base - run.output, 0.0)
    tiny = 1e-6 * graph.node_base
    by_input = run.supported < np.minimum(run.orders, run.available) - tiny
    by_capacity = (run.available < graph.node_base - tiny) & ~by_input
    scarcest = _scarcest_input(named, run)
    rows = []
    for region, places in regions.items():
        for number, product in enumerate(named.products):
            nodes = np.flatnonzero((named.node_product == number) & places[named.node_place])
            base = float(graph.node_base[nodes].sum())
            if base <= 0.0:
                continue
            parts: dict[tuple[str, str | None], Floats] = {}
            for node in nodes:
                for month in np.flatnonzero(missing[:, node] > SHORT_SHARE * graph.node_base[node]):
                    reason: tuple[str, str | None] = ("orders", None)
                    if by_capacity[month, node]:
                        reason = ("capacity", None)
                    elif by_input[month, node]:
                        reason = ("input", named.products[scarcest[month, node]])
                    parts.setdefault(reason, np.zeros(len(run.output)))[month] += missing[month, node]
            for (reason_name, input_id), lost in parts.items():
                share = lost / base
                hit = np.flatnonzero(share > SHORT_SHARE)
                if len(hit):
                    rows.append(
                        {
                            "region": region,
                            "product_id": product,
                            "reason": reason_name,
                            "input_id": input_id,
                            "lost_days": float(lost.sum()) / base * DAYS_PER_MONTH,
                            "first_month": int(hit[0]) + 1,
                            "last_month": int(hit[-1]) + 1,
                        }
                    )
    return pl.DataFrame(rows, schema=_MAKERS).sort("region", "lost_days", "product_id", descending=[False, True, False])


_MAKERS = {
    "region": pl.String, "product_id": pl.String, "reason": pl.String, "input_id": pl.String,
    "lost_days": pl.Float64, "first_month": pl.Int64, "last_month": pl.Int64,
}  # fmt: skip


def _scarcest_input(named: NamedGraph, run: Months) -> NDArray[np.int64]:
    """Number of the product of which each node has least in each month (months × nodes)."""
    graph = named.graph
    product_of = named.pool_product[graph.slot_pool]
    least = np.full(run.output.shape, np.inf)
    found = np.zeros(run.output.shape, dtype=np.int64)
    held = run.stock + run.used
    for slot in np.flatnonzero(graph.slot_node != NOBODY):
        node = graph.slot_node[slot]
        cover = held[:, slot] / (graph.slot_need[slot] * graph.slot_mix[slot])
        less = cover < least[:, node]
        least[less, node] = cover[less]
        found[less, node] = product_of[slot]
    return found


def surplus(named: NamedGraph, run: Months) -> pl.DataFrame:
    """Makers whose capacity up to output at rest is not asked for, by product and country.

    Columns: product_id, country, unit, output_per_month (at rest), worst_share (of it, without orders), month (in which
    it was worst), lost_days (of output, all months together), idle_quantity.
    """
    graph = named.graph
    idle = np.maximum(np.minimum(graph.node_base, run.available) - run.orders, 0.0)
    share = idle / graph.node_base
    rows = [
        {
            "product_id": named.products[named.node_product[node]],
            "country": named.places.codes[named.node_place[node]],
            "unit": named.unit[named.products[named.node_product[node]]],
            "output_per_month": float(graph.node_base[node]),
            "worst_share": float(share[:, node].max()),
            "month": int(np.argmax(share[:, node])) + 1,
            "lost_days": float(share[:, node].sum()) * DAYS_PER_MONTH,
            "idle_quantity": float(idle[:, node].sum()),
        }
        for node in np.flatnonzero(share.max(axis=0) > IDLE_SHARE)
    ]
    return pl.DataFrame(rows, schema=_SURPLUS).sort(
        "product_id", "idle_quantity", "country", descending=[False, True, False]
    )


_SURPLUS = {
    "product_id": pl.String, "country": pl.String, "unit": pl.String, "output_per_month": pl.Float64,
    "worst_share": pl.Float64, "month": pl.Int64, "lost_days": pl.Float64, "idle_quantity": pl.Float64,
}  # fmt: skip
