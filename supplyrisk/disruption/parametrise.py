"""How the parts of a supply graph can move: stocks, idle capacity, switching, shipping and ranks from assumptions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from supplyrisk.disruption.assumptions import DisruptionAssumptions
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.supply_graph import NOBODY, Floats, Integers
from supplyrisk.foundation.units import DAYS_PER_MONTH
from supplyrisk.network.places import EU_REGION, Places


def with_assumptions(named: NamedGraph, assumptions: DisruptionAssumptions) -> NamedGraph:
    """The graph with the parameters of each product; what it makes, buys and uses at rest stays as it is.

    Goods within a country, and between members of the EU, are not under way for months. With ``home_first`` a maker
    serves its own country first, then (in the EU) other members, then the rest; by ``price`` the highest bid first.
    Makers without inputs of the chain (``standalone``) have a part of the idle capacity of others; makers that already
    use idle capacity (``grown_within``) have so much less of it left.
    """
    graph, places = named.graph, named.places

    def of(name: str, products: Integers) -> Floats:
        values = np.array([assumptions.number(name, product) for product in named.products])
        return np.asarray(values[products])

    slot_product = named.pool_product[graph.slot_pool]
    inner = graph.slot_node != NOBODY
    cover_days = np.where(inner, of("cover_days", slot_product), of("final_cover_days", slot_product))
    seller, buyer = named.node_place[graph.link_source], named.pool_place[graph.link_pool]
    near = (seller == buyer) | (places.in_eu[seller] & places.in_eu[buyer])
    lags = np.rint(of("lag_months", named.pool_product[graph.link_pool])).astype(np.int64)
    ranks = np.zeros(graph.links, dtype=np.int64)
    if assumptions.allocation == "home_first":
        ranks = np.where(seller == buyer, 0, np.where(near, 1, 2)).astype(np.int64)
    elif assumptions.allocation == "price":
        ranks = _ranks_by_bid(assumptions, places)[buyer]
    spare_share = of("spare_share", named.node_product)
    apart = list(named.standalone.values())
    spare_share[apart] *= of("standalone_spare_part", named.node_product)[apart]
    for node, times in named.grown_within.items():
        spare_share[node] = max(0.0, (1.0 + spare_share[node]) / times - 1.0)
    return replace(
        named,
        graph=replace(
            graph,
            node_spare_share=spare_share,
            node_ramp_months=of("ramp_months", named.node_product),
            node_unramp_months=of("unramp_months", named.node_product),
            slot_stock=graph.slot_use * cover_days / DAYS_PER_MONTH,
            slot_refill_months=of("refill_months", slot_product),
            slot_backorder_share=np.where(inner, 0.0, of("backorder_share", slot_product)),
            pool_switch_share=of("switch_share", named.pool_product),
            link_lag_months=np.where(near, 0, lags),
            link_rank=ranks,
        ),
        rules=replace(named.rules, signal_weight=assumptions.number("signal_weight")),
    )


def _ranks_by_bid(assumptions: DisruptionAssumptions, places: Places) -> Integers:
    """Rank of every place, 0 for the highest bid; a country's own bid before that of the EU, 1 without one."""
    common = assumptions.bids.get(EU_REGION, 1.0)
    offers = [
        assumptions.bids.get(code, common if inside else 1.0)
        for code, inside in zip(places.codes, places.in_eu, strict=True)
    ]
    return np.unique(-np.array(offers), return_inverse=True)[1].astype(np.int64)
