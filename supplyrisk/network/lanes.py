"""Lanes of one product: priors from trade or home preference, balanced, small lanes dropped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.network.balance import BalancedFlows, BalanceError, balance_flows
from supplyrisk.network.places import EU_UNSPECIFIED, REST_OF_WORLD, Places
from supplyrisk.network.prior import (
    NO_MARKET,
    Markets,
    home_first_prior,
    home_preference_prior,
    proportional_prior,
    with_full_support,
)
from supplyrisk.network.re_exports import remove_re_exports

Array = NDArray[np.float64]


@dataclass(frozen=True)
class TradeView:
    """What trade tells of a product, in its unit, rows makers (or last dispatchers), columns users.

    ``by_origin``: use by country of making, re-exports removed; ``by_dispatch``: use by country of last dispatch, home
    output first counted as exported; ``apparent_use``: by place, adds up to world output; ``dropped``: exports above
    what an exporter could have had, by place, and ``dropped_share`` as a share of all trade; ``re_export_share``: part
    of trade that is re-exported.
    """

    by_origin: Array
    by_dispatch: Array
    apparent_use: Array
    dropped: Array
    dropped_share: float
    re_export_share: float


def trade_view(places: Places, supply: Array, flows: pl.DataFrame) -> TradeView:
    """Origin of what each place uses, from trade (exporter_iso3, importer_iso3, quantity) and output.

    Output filed under the EU as a whole is passed to member states in proportion to their imports; countries without
    output of their own that export more than they import share the ROW line of output. Trade of ROW with ROW is left
    out.
    """
    size = len(places.codes)
    trade = np.zeros((size, size))
    for exporter, importer, quantity in flows.iter_rows():
        trade[places.index[places.place_of(exporter)], places.index[places.place_of(importer)]] += quantity
    np.fill_diagonal(trade, 0.0)
    total_trade = trade.sum()
    production, rest = supply.copy(), places.index[REST_OF_WORLD]
    unspecified = places.index[EU_UNSPECIFIED]
    if production[unspecified] > 0.0:
        imports = np.where(places.in_eu, trade.sum(axis=0), 0.0)
        imports[unspecified] = 0.0
        if imports.sum() > 0.0:
            trade[unspecified] += production[unspecified] * imports / imports.sum()
    unnamed = production <= 0.0
    unnamed[[unspecified, rest]] = False
    net_exports = np.where(unnamed, np.maximum(trade.sum(axis=1) - trade.sum(axis=0), 0.0), 0.0)
    if net_exports.sum() > 0.0 and production[rest] > 0.0:
        lent = net_exports * min(1.0, production[rest] / net_exports.sum())
        production += lent
        production[rest] -= lent.sum()
    view = remove_re_exports(production, trade)
    dropped = view.dropped.copy()
    dropped[unspecified] = 0.0  # its exports are no statistics
    by_origin = view.use_by_origin.copy()
    by_origin[rest] += by_origin[unnamed].sum(axis=0)
    by_origin[unnamed] = 0.0
    exports, imports = view.trade.sum(axis=1), view.trade.sum(axis=0)
    by_dispatch = view.trade.copy()
    np.fill_diagonal(by_dispatch, np.maximum(production - exports, 0.0))
    available = np.where(production + imports > 0.0, production + imports, 1.0)
    passed_on = float((exports * imports / available).sum())
    return TradeView(
        by_origin=by_origin,
        by_dispatch=by_dispatch,
        apparent_use=by_origin.sum(axis=0),
        dropped=dropped,
        dropped_share=float(dropped.sum() / total_trade) if total_trade > 0.0 else 0.0,
        re_export_share=passed_on / float(exports.sum()) if exports.sum() > 0.0 else 0.0,
    )


def home_markets(places: Places, supply: Array, demand: Array) -> list[tuple[Markets, Markets]]:
    """Levels of the nested home market: the country, then the EU (then the world, which needs no level).

    A supplier outside the EU that is not named among the users of the product is one of those that ROW stands for.
    """
    country = np.arange(1, len(places.codes) + 1)
    not_named = (supply > 0.0) & (demand <= 0.0) & ~places.in_eu
    union = np.where(places.in_eu, 1, NO_MARKET)
    return [(np.where(not_named, country[places.index[REST_OF_WORLD]], country), country), (union, union)]


@dataclass(frozen=True)
class PreferenceEnds:
    """Priors of a product without trade table at both ends of the home preference."""

    world_mix: Array
    home_first: Array

    def at(self, home_preference: float) -> Array:
        """World mix and home-first allocation in the given proportion."""
        return home_preference_prior(self.world_mix, self.home_first, home_preference)


def preference_ends(places: Places, supply: Array, demand: Array) -> PreferenceEnds:
    """Priors from supply and demand alone, for any home preference."""
    home_first = home_first_prior(supply, demand, home_markets(places, supply, demand))
    return PreferenceEnds(proportional_prior(supply, demand), home_first)


def trade_prior(places: Places, view: TradeView, supply: Array, demand: Array, support_weight: float) -> Array:
    """Prior from trade: use by origin, on a full support of the world mix.

    What users pooled with ROW take (no demand of their own is left) counts as taken by ROW.
    """
    pooled = (demand <= 0.0) & ~places.in_eu
    prior = view.by_origin.copy()
    prior[:, places.index[REST_OF_WORLD]] += prior[:, pooled].sum(axis=1)
    prior[:, pooled] = 0.0
    return with_full_support(prior, supply, demand, support_weight)


def balance_and_truncate(
    prior: Array, supply: Array, demand: Array, label: str, smallest_lane_share: float
) -> tuple[BalancedFlows, float]:
    """Balanced flows without lanes that matter to neither side, and the share of flow that was dropped.

    A lane goes when it carries less than ``smallest_lane_share`` both of what its user takes and of what its supplier
    sends; the largest lane of a supplier stays. By the user alone, a small maker would lose most of its lanes, and
    balancing would press its output on the few small users left. The rest is balanced again, so that totals still hold;
    where that is impossible the floor is lowered.
    """
    full = balance_flows(prior, supply, demand, label)
    flows, users, suppliers = full.flows, full.flows.sum(axis=0), full.flows.sum(axis=1)
    largest = (flows == flows.max(axis=1)[:, None]) & (flows > 0.0)
    for floor in (smallest_lane_share, smallest_lane_share / 3.0, smallest_lane_share / 10.0):
        keep = (flows >= floor * users[None, :]) | (flows >= floor * suppliers[:, None]) | largest
        dropped = float(flows[~keep].sum() / flows.sum())
        if dropped == 0.0:
            break
        try:
            again = balance_flows(np.where(keep, flows, 0.0), supply, demand, label)
        except BalanceError:
            # What is left cannot meet the totals: a lower floor keeps more lanes.
            continue
        return BalancedFlows(again.flows, again.residual, full.moved_mass), dropped
    return full, 0.0
