"""What one run of shocks means: who went short of what, when stocks ran out, which input limited whom, who switched.

All tables count months from 1. A month is short where more than ``SHORT_SHARE`` of what is due then is not met.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.disruption.engine import Months
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.shocks import Hit, Shock, strength
from supplyrisk.disruption.supply_graph import NOBODY, Floats

SHORT_SHARE = 0.005
EMPTY_SHARE = 0.02
"""A stock has run out where less than this share of it at rest is left."""
SMALLEST_SHARE = 0.01
"""Makers and buyers below this share of their region are left out of the tables of places."""

Masks = Mapping[str, NDArray[np.bool_]]


@dataclass(frozen=True)
class Outcome:
    """Tables of one run; see the functions of the same names, and ``unmet_by_month``."""

    final_use: pl.DataFrame
    makers: pl.DataFrame
    stocks: pl.DataFrame
    switching: pl.DataFrame
    surplus: pl.DataFrame
    unmet: pl.DataFrame


def outcome_of(named: NamedGraph, run: Months, shocks: Sequence[Shock], regions: Masks) -> Outcome:
    """All tables. ``regions``: places of each region by its code."""
    return Outcome(
        final_use=final_use(named, run, shocks, regions),
        makers=makers(named, run, regions),
        stocks=stocks(named, run, regions),
        switching=switching(named, run, shocks, regions),
        surplus=surplus(named, run),
        unmet=unmet_by_month(named, run, shocks, regions),
    )


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
    """
    months = len(run.output)
    demand = demand_by_month(named, shocks, months)
    product_of = named.pool_product[named.graph.slot_pool]
    place_of = named.pool_place[named.graph.slot_pool]
    uses = np.array(named.slot_use)
    rows = []
    for region, places in regions.items():
        for number, product in enumerate(named.products):
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
                        "lost_days": lost / base * 365.25 / 12.0,
                        "first_short_month": int(hit[0]) + 1 if len(hit) else None,
                        "worst_month": int(np.argmax(share)) + 1 if len(hit) else None,
                        "worst_share": float(share.max()),
                        "months_short": len(hit),
                        "recovered_month": int(hit[-1]) + 2 if len(hit) and hit[-1] < months - 1 else None,
                        "place_known": named.place_known[product],
                    }
                )
    return pl.DataFrame(rows, schema=_FINAL_USE)


_FINAL_USE = {
    "region": pl.String, "product_id": pl.String, "use": pl.String, "unit": pl.String,
    "demand_per_month": pl.Float64, "lost_quantity": pl.Float64, "lost_days": pl.Float64,
    "first_short_month": pl.Int64, "worst_month": pl.Int64, "worst_share": pl.Float64, "months_short": pl.Int64,
    "recovered_month": pl.Int64, "place_known": pl.Boolean,
}  # fmt: skip


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
                            "lost_days": float(lost.sum()) / base * 365.25 / 12.0,
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
            if len(hit) and (user != NOBODY or _can_tell(named, product_of[slots[0]], places)):
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


def _can_tell(named: NamedGraph, product: int, places: NDArray[np.bool_]) -> bool:
    """Whether the use of a product in a region is known: its place is, or the region is the world."""
    return named.place_known[named.products[product]] or bool(places.all())


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
            if len(countries) < 2 or not _can_tell(named, number, places):
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
            "lost_days": float(share[:, node].sum()) * 365.25 / 12.0,
            "idle_quantity": float(idle[:, node].sum()),
        }
        for node in np.flatnonzero(share.max(axis=0) > SMALLEST_SHARE)
    ]
    return pl.DataFrame(rows, schema=_SURPLUS).sort(
        "product_id", "idle_quantity", "country", descending=[False, True, False]
    )


_SURPLUS = {
    "product_id": pl.String, "country": pl.String, "unit": pl.String, "output_per_month": pl.Float64,
    "worst_share": pl.Float64, "month": pl.Int64, "lost_days": pl.Float64, "idle_quantity": pl.Float64,
}  # fmt: skip


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
            if len(slots) == 0 or not _can_tell(named, number, places):
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
