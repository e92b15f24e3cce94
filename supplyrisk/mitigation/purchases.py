"""Whom a region buys from once a measure is in place: shares moved to other suppliers, or to makers without inputs."""

from __future__ import annotations

import numpy as np

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.supply_graph import NOBODY, Floats
from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.units import MONTHS_PER_YEAR
from supplyrisk.mitigation.bought_together import with_bought_together
from supplyrisk.mitigation.european_content import Idle, central_idle, with_european_content
from supplyrisk.mitigation.purchase_masks import Mask, places_mask, products_mask
from supplyrisk.mitigation.specification import (
    Diversification,
    EuContentRequirement,
    IntegratedSupply,
    JointPurchasing,
    SecondarySupply,
)
from supplyrisk.network.places import EU_UNSPECIFIED

PurchaseChange = Diversification | JointPurchasing | EuContentRequirement | SecondarySupply | IntegratedSupply
_ROUNDING = 1e-9


def shares_after(
    named: NamedGraph, change: PurchaseChange, places: Mask, strict: bool = True, idle: Idle = central_idle
) -> Floats:
    """Shares of all links once purchases in ``places`` have changed.

    Raises ``InputError`` where, if ``strict``, less is bought than a quantity that is to move, or European content is
    asked for that is there already or that nobody makes; and where a joint contract has too few suppliers.
    """
    if isinstance(change, JointPurchasing):
        return with_bought_together(named, change)
    if isinstance(change, EuContentRequirement):
        return with_european_content(named, change, places, strict, idle)
    if isinstance(change, SecondarySupply):
        return _with_won_back(named, change, places)
    if isinstance(change, IntegratedSupply):
        return _with_integrated(named, change, places, strict)
    return _with_moved(named, change, places, strict)


def _with_won_back(named: NamedGraph, change: SecondarySupply, places: Mask) -> Floats:
    """Shares of links with makers from scrap in; makers that bring in ore deliver so much less.

    Of two measures the larger share counts: they are ways to win back the same scrap.
    """
    share = named.graph.link_share.copy()
    for product, part in change.shares.items():
        own = _links_of(named, product, EU_UNSPECIFIED)
        share = _with_more_from(named, share, own, np.maximum(part - _part_of(named, share, own), 0.0), places)
    return share


def _with_integrated(named: NamedGraph, change: IntegratedSupply, places: Mask, strict: bool) -> Floats:
    """Shares of links with makers with a mine of their own in, as much of what each buyer takes from all others."""
    share = named.graph.link_share.copy()
    for product, quantity in change.quantities_per_year.items():
        buys = products_mask(named, [product])[named.pool_product] & places[named.pool_place]
        others = _part_of_others(named, share)
        bought = MONTHS_PER_YEAR * float((named.graph.pool_use * others)[buys].sum())
        if strict and quantity > bought * (1.0 + _ROUNDING):
            raise InputError(
                f"{quantity:g} a year of {product} is to be made in {change.place} for {change.region}, "
                f"where {bought:g} is bought. Make less."
            )
        part = min(1.0, quantity / bought) if bought > 0.0 else 0.0
        share = _with_more_from(named, share, _links_of(named, product, change.place), part * others, places)
    return share


def _links_of(named: NamedGraph, product: str, place: str) -> Mask:
    """Links from a maker without inputs."""
    return np.asarray(named.graph.link_source == named.standalone.get((product, place), NOBODY))


def _part_of(named: NamedGraph, share: Floats, own: Mask) -> Floats:
    """What some links give of each pool."""
    return np.asarray(np.bincount(named.graph.link_pool[own], share[own], named.graph.pools), dtype=np.float64)


def _part_of_others(named: NamedGraph, share: Floats) -> Floats:
    """What of each pool comes from makers with inputs of the chain."""
    return _part_of(named, share, ~np.isin(named.graph.link_source, list(named.standalone.values())))


def _with_more_from(named: NamedGraph, share: Floats, own: Mask, more: Floats, places: Mask) -> Floats:
    """Shares with ``more`` of each pool of ``places`` over some links; makers with inputs deliver so much less."""
    graph = named.graph
    apart = np.isin(graph.link_source, list(named.standalone.values()))
    others = _part_of(named, share, ~apart)
    pools = np.unique(graph.link_pool[own & places[named.pool_place[graph.link_pool]]])
    added = np.zeros(graph.pools)
    added[pools] = np.minimum(more[pools], others[pools])
    left = np.divide(others - added, others, out=np.zeros(graph.pools), where=others > 0.0)
    changed = np.where(apart, share, share * left[graph.link_pool])
    return np.asarray(np.where(own, share + added[graph.link_pool], changed))


def _with_moved(named: NamedGraph, change: Diversification, places: Mask, strict: bool) -> Floats:
    """Shares of links with purchases moved; where there is no other supplier to move to, they stay."""
    graph = named.graph
    wanted = products_mask(named, change.products)
    pools = np.flatnonzero(wanted[named.pool_product] & places[named.pool_place])
    away = places_mask(named, change.away_from)
    goal = places_mask(named, change.to) if change.to else ~away
    starts = np.searchsorted(graph.link_pool, np.arange(graph.pools + 1))
    share = graph.link_share.copy()
    movable = []
    for pool in pools:
        links = np.arange(starts[pool], starts[pool + 1])
        seller = named.node_place[graph.link_source[links]]
        home = seller == named.pool_place[pool]
        leaving = links[away[seller] & ~home]
        taking = links[goal[seller] & ~away[seller]]
        room = graph.link_share[taking].sum()
        if len(leaving) > 0 and room > 0.0:
            movable.append((leaving, taking, room))
    part = change.share
    if part is None:
        assert change.quantity_per_year is not None
        there = MONTHS_PER_YEAR * sum(float(graph.link_flow[leaving].sum()) for leaving, _, _ in movable)
        if strict and change.quantity_per_year > there * (1.0 + _ROUNDING):
            raise InputError(
                f"{change.quantity_per_year:g} a year of {', '.join(change.products)} is to move in {change.region}, "
                f"and {there:g} is bought there from {', '.join(change.away_from)}. Move less."
            )
        part = min(1.0, change.quantity_per_year / there) if there > 0.0 else 0.0
    for leaving, taking, room in movable:
        given = part * graph.link_share[leaving].sum()
        share[leaving] -= part * graph.link_share[leaving]
        share[taking] += given * graph.link_share[taking] / room
    return share
