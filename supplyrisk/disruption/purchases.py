"""What a run of shocks does to buyers: whose stocks run out, and who delivers more when others fail."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.disruption.engine import Months
from supplyrisk.disruption.named_graph import Masks, NamedGraph
from supplyrisk.disruption.shocks import Shock, strength
from supplyrisk.disruption.supply_graph import NOBODY

EMPTY_SHARE = 0.02
"""A stock has run out where less than this share of it at rest is left."""
SMALLEST_SHARE = 0.01
"""Holders and purchases below this share of their region's are left out."""


def stocks(named: NamedGraph, run: Months, regions: Masks) -> pl.DataFrame:
    """Stocks that ran out, by region, product held and who holds it.

    Columns: region, product_id, user_id (product made from it, null for final and other uses), first_month in which
    the stock of a holder is gone, share_of_use: part of the region's use by this user without stock at worst, months in
    which some holder is without, filled_month (null where the last month is one of them).
    """
    graph = named.graph
    months = len(run.stock)
    product_of, place_of = named.pool_product[graph.slot_pool], named.pool_place[graph.slot_pool]
    user_of = np.where(graph.slot_node == NOBODY, NOBODY, named.node_product[graph.slot_node])
    empty = (run.stock < EMPTY_SHARE * graph.slot_stock) & (graph.slot_stock > 0.0)
    rows = []
    for region, places in regions.items():
        for slots in _by_pair(product_of, user_of, places[place_of]):
            use = graph.slot_use[slots]
            share = (empty[:, slots] * use).sum(axis=1) / use.sum()
            hit = np.flatnonzero(share > SMALLEST_SHARE)
            user = user_of[slots[0]]
            if len(hit) and (user != NOBODY or named.can_tell(product_of[slots[0]], places)):
                rows.append(
                    {
                        "region": region,
                        "product_id": named.products[product_of[slots[0]]],
                        "user_id": None if user == NOBODY else named.products[user],
                        "first_month": int(hit[0]) + 1,
                        "share_of_use": float(share.max()),
                        "months": len(hit),
                        "filled_month": int(hit[-1]) + 2 if hit[-1] < months - 1 else None,
                    }
                )
    return pl.DataFrame(rows, schema=_STOCKS).sort("region", "first_month", "product_id", "user_id")


_STOCKS = {
    "region": pl.String, "product_id": pl.String, "user_id": pl.String, "first_month": pl.Int64,
    "share_of_use": pl.Float64, "months": pl.Int64, "filled_month": pl.Int64,
}  # fmt: skip


def _by_pair(first: NDArray[np.int64], second: NDArray[np.int64], inside: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """Positions inside, grouped by both keys."""
    positions = np.flatnonzero(inside)
    pairs, place = np.unique(np.stack([first[positions], second[positions]]), axis=1, return_inverse=True)
    return [positions[place == number] for number in range(pairs.shape[1])]


def switching(named: NamedGraph, run: Months, shocks: Sequence[Shock], regions: Masks) -> pl.DataFrame:
    """Who delivered more to a region when others failed, by product, in the month in force in which it was most.

    Shares are of what the region buys at rest, so that what fails and what replaces it are told apart. Columns: region,
    product_id, country, share_before, share_then, month, share_end, gained_share (Σ of the gains of all countries).
    Only products of which ``SMALLEST_SHARE`` or more was gained, and countries that gain or lose half of that or more.
    """
    graph = named.graph
    seller = named.node_place[graph.link_source]
    buyer, product = named.pool_place[graph.link_pool], named.pool_product[graph.link_pool]
    in_force = np.array([any(strength(shock, month) != 0.0 for shock in shocks) for month in range(len(run.sent))])
    rows = []
    for region, places in regions.items():
        for number in np.unique(product):
            links = np.flatnonzero((product == number) & places[buyer])
            countries = np.unique(seller[links])
            if len(countries) < 2 or not named.can_tell(number, places):
                continue
            position = np.searchsorted(countries, seller[links])
            sent = np.zeros((len(run.sent), len(countries)))
            np.add.at(sent.T, position, run.sent[:, links].T)
            before = np.bincount(position, graph.link_flow[links], len(countries))
            share = sent / before.sum()
            before = before / before.sum()
            # A region that buys more of everybody has not switched: gains count up to what others fail to deliver.
            gained = np.maximum(share - before, 0.0).sum(axis=1)
            failed = np.maximum(before - share, 0.0).sum(axis=1)
            replaced = np.where(in_force, np.minimum(gained, failed), 0.0)
            month = int(np.argmax(replaced))
            if replaced[month] < SMALLEST_SHARE:
                continue
            for country, usual, then, end in zip(countries, before, share[month], share[-1], strict=True):
                if abs(then - usual) >= 0.5 * SMALLEST_SHARE:
                    rows.append(
                        {
                            "region": region,
                            "product_id": named.products[number],
                            "country": named.places.codes[country],
                            "share_before": float(usual),
                            "share_then": float(then),
                            "month": month + 1,
                            "share_end": float(end),
                            "gained_share": float(replaced[month]),
                        }
                    )
    return pl.DataFrame(rows, schema=_SWITCHING).sort(
        "region", "gained_share", "product_id", "share_then", descending=[False, True, False, True]
    )


_SWITCHING = {
    "region": pl.String, "product_id": pl.String, "country": pl.String, "share_before": pl.Float64,
    "share_then": pl.Float64, "month": pl.Int64, "share_end": pl.Float64, "gained_share": pl.Float64,
}  # fmt: skip
