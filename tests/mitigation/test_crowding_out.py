"""Private stocks given up for public ones, on the hand-made network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from supplyrisk.disruption.engine import simulate_months
from supplyrisk.disruption.from_network import graph_of_network
from supplyrisk.disruption.shocks import Hit, Shock
from supplyrisk.disruption.supply_graph import SupplyGraph
from supplyrisk.mitigation.crowding_out import with_crowding_out
from tests.network_builders import CELL, PACK, small_network

NAMED = graph_of_network(small_network(), {})


def stocked(public_months: float) -> SupplyGraph:
    """One month of use in every private stock; a public stock of packs in the Netherlands, given out in one month."""
    graph = NAMED.graph
    here = (NAMED.pool_product == NAMED.products.index(PACK)) & NAMED.places.of_region("NLD")[NAMED.pool_place]
    public = np.where(here, public_months * graph.pool_use, 0.0)
    return replace(graph, slot_stock=graph.slot_use.copy(), pool_stockpile=public, pool_release=public)


def test_a_part_of_a_day_is_given_up_for_each_day_of_public_stock() -> None:
    graph = stocked(2.0)
    place = NAMED.pool_place[graph.slot_pool]
    product = NAMED.pool_product[graph.slot_pool]
    own = (product == NAMED.products.index(PACK)) & NAMED.places.of_region("NLD")[place]
    after = with_crowding_out(graph, 0.25)
    # Two months of public stock take half a month of the private one; who has no public stock keeps all.
    assert after.slot_stock[own] == pytest.approx(0.5 * graph.slot_use[own])
    assert np.array_equal(after.slot_stock[~own], graph.slot_stock[~own])
    assert with_crowding_out(graph, 0.9).slot_stock[own] == pytest.approx(0.0)
    assert with_crowding_out(graph, 0.0) is graph
    assert with_crowding_out(stocked(0.0), 0.5).slot_stock == pytest.approx(graph.slot_stock)


def test_what_is_given_up_is_missing_when_deliveries_stop() -> None:
    cells = np.flatnonzero(NAMED.node_product == NAMED.products.index(CELL))
    stop = [Shock(Hit.CAPACITY, tuple(cells.tolist()), 0, 12, 1.0)]

    def lost_in_the_netherlands(graph: SupplyGraph) -> float:
        slots = NAMED.final_slots_of(frozenset([PACK]), NAMED.places.of_region("NLD"))
        return float(simulate_months(graph, stop, 12, NAMED.rules).unserved[slots].sum())

    use = 4.0 / 12.0
    none, whole = lost_in_the_netherlands(stocked(0.0)), lost_in_the_netherlands(stocked(2.0))
    crowded = lost_in_the_netherlands(with_crowding_out(stocked(2.0), 0.25))
    assert none - whole == pytest.approx(2.0 * use)
    assert none - crowded == pytest.approx(1.5 * use)
