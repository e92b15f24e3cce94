"""Priors of one product: trade seen through hubs, home markets, small lanes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.network.lanes import balance_and_truncate, home_markets, preference_ends, trade_prior, trade_view
from supplyrisk.network.places import EU_UNSPECIFIED, REST_OF_WORLD, places_of
from tests.network.chain_builders import trade_of

PLACES = places_of({"CHN", "USA", "BRA", "DEU", "NLD"}, {"DEU", "NLD"})
INDEX = PLACES.index


def test_a_hub_originates_nothing_and_the_maker_is_seen_behind_it() -> None:
    # Brazil makes 100 and sends 60 to the Netherlands, which sends 50 on to Germany.
    view = trade_view(
        PLACES, PLACES.vector({"BRA": 100.0}), trade_of({("BRA", "NLD"): 60.0, ("NLD", "DEU"): 50.0}).flows
    )
    assert view.by_origin[INDEX["BRA"], INDEX["DEU"]] == pytest.approx(50.0)
    assert view.by_origin[INDEX["NLD"]].sum() == 0.0
    assert view.by_dispatch[INDEX["NLD"], INDEX["DEU"]] == pytest.approx(50.0)
    assert view.apparent_use.sum() == pytest.approx(100.0)
    # 50 of 110 traded are passed on.
    assert view.re_export_share == pytest.approx(50.0 / 110.0)


def test_exports_nobody_could_have_had_are_dropped_and_named() -> None:
    view = trade_view(
        PLACES, PLACES.vector({"CHN": 100.0}), trade_of({("USA", "DEU"): 40.0, ("CHN", "DEU"): 10.0}).flows
    )
    assert view.dropped[INDEX["USA"]] == pytest.approx(40.0)
    assert view.dropped_share == pytest.approx(0.8, abs=1e-3)
    assert view.apparent_use.sum() == pytest.approx(100.0)


def test_unnamed_net_exporters_share_the_line_of_the_rest_of_the_world() -> None:
    supply = PLACES.vector({"CHN": 90.0, "ROW": 10.0})
    view = trade_view(PLACES, supply, trade_of({("USA", "DEU"): 8.0}).flows)
    assert view.by_origin[INDEX[REST_OF_WORLD], INDEX["DEU"]] == pytest.approx(8.0, rel=1e-2)
    assert view.by_origin[INDEX["USA"]].sum() == 0.0
    assert view.dropped_share == pytest.approx(0.0, abs=1e-2)


def test_output_of_the_union_without_member_reaches_the_members_that_import() -> None:
    supply = PLACES.vector({"CHN": 90.0, "EU27": 10.0})
    view = trade_view(PLACES, supply, trade_of({("CHN", "DEU"): 30.0, ("CHN", "NLD"): 10.0}).flows)
    assert view.by_origin[INDEX[EU_UNSPECIFIED], INDEX["DEU"]] == pytest.approx(7.5, rel=1e-2)
    assert view.by_origin[INDEX[EU_UNSPECIFIED], INDEX["NLD"]] == pytest.approx(2.5, rel=1e-2)


amounts = st.floats(0.0, 50.0)


@given(st.lists(amounts, min_size=7, max_size=7), st.lists(amounts, min_size=49, max_size=49))
def test_use_of_the_world_is_output_of_the_world(output: list[float], trade: list[float]) -> None:
    supply = np.array(output) + 0.1
    codes = PLACES.codes
    flows = {(codes[i], codes[j]): trade[7 * i + j] for i in range(7) for j in range(7) if i != j}
    view = trade_view(PLACES, supply, trade_of(flows).flows)
    assert view.apparent_use.sum() == pytest.approx(supply.sum(), rel=1e-6)
    assert (view.by_origin >= -1e-9).all()


def test_a_supplier_not_named_among_the_users_serves_the_rest_of_the_world_first() -> None:
    supply, demand = PLACES.vector({"BRA": 10.0, "CHN": 10.0}), PLACES.vector({"CHN": 10.0, "ROW": 10.0})
    (first, _), _ = home_markets(PLACES, supply, demand)
    assert first[INDEX["BRA"]] == first[INDEX[REST_OF_WORLD]] != first[INDEX["CHN"]]
    flows = preference_ends(PLACES, supply, demand).at(1.0)
    assert flows[INDEX["BRA"], INDEX[REST_OF_WORLD]] == pytest.approx(10.0)


def test_the_union_is_one_home_market_after_the_member_itself() -> None:
    supply, demand = PLACES.vector({"DEU": 15.0, "CHN": 85.0}), PLACES.vector({"DEU": 10.0, "NLD": 10.0, "CHN": 80.0})
    flows = preference_ends(PLACES, supply, demand).at(1.0)
    assert flows[INDEX["DEU"], INDEX["DEU"]] == pytest.approx(10.0)
    assert flows[INDEX["DEU"], INDEX["NLD"]] == pytest.approx(5.0)
    assert flows[INDEX["CHN"], INDEX["NLD"]] == pytest.approx(5.0)


def test_what_pooled_users_take_counts_as_taken_by_the_rest_of_the_world() -> None:
    supply = PLACES.vector({"BRA": 50.0, "CHN": 50.0})
    view = trade_view(PLACES, supply, trade_of({("BRA", "USA"): 10.0}).flows)
    demand = PLACES.vector({"BRA": 40.0, "CHN": 50.0, "ROW": 10.0})
    prior = trade_prior(PLACES, view, supply, demand, 0.001)
    assert prior[INDEX["BRA"], INDEX[REST_OF_WORLD]] == pytest.approx(10.0, rel=1e-2)
    assert prior[:, INDEX["USA"]].sum() == pytest.approx(0.0, abs=1e-12)


def test_small_lanes_go_totals_hold_and_nobody_is_left_out() -> None:
    # The Netherlands take 1 of 1000 and Brazil sends 1 of 1000: a thousandth of that is their lane.
    supply, demand = PLACES.vector({"BRA": 1.0, "CHN": 999.0}), PLACES.vector({"USA": 399.0, "DEU": 600.0, "NLD": 1.0})
    prior = preference_ends(PLACES, supply, demand).at(0.0)
    found, dropped = balance_and_truncate(prior, supply, demand, "metal", 0.01)
    assert dropped == pytest.approx(1e-6)
    assert found.flows[INDEX["BRA"], INDEX["NLD"]] == 0.0
    assert found.flows.sum(axis=1) == pytest.approx(supply, abs=1e-9 * 1000)
    assert found.flows.sum(axis=0) == pytest.approx(demand, abs=1e-9 * 1000)


def test_a_lane_that_matters_to_either_side_stays() -> None:
    # China sends the Netherlands a thousandth of its output, and they take nothing else; Brazil the United States.
    supply, demand = PLACES.vector({"BRA": 1.0, "CHN": 999.0}), PLACES.vector({"USA": 999.0, "NLD": 1.0})
    found, dropped = balance_and_truncate(
        preference_ends(PLACES, supply, demand).at(0.0), supply, demand, "metal", 0.01
    )
    assert found.flows[INDEX["CHN"], INDEX["NLD"]] > 0.99
    assert found.flows[INDEX["BRA"], INDEX["USA"]] > 0.99
    assert dropped <= 1e-3


def test_the_largest_lane_of_a_supplier_stays_whatever_the_floor() -> None:
    places = {"USA": 250.0, "DEU": 250.0, "NLD": 250.0, "CHN": 250.0}
    supply, demand = PLACES.vector({"BRA": 1.0, "CHN": 999.0}), PLACES.vector(places)
    found, _ = balance_and_truncate(preference_ends(PLACES, supply, demand).at(0.0), supply, demand, "metal", 0.3)
    assert found.flows[INDEX["BRA"]].sum() == pytest.approx(1.0)


def test_small_makers_do_not_crowd_a_small_user() -> None:
    # A small user of the world mix has thirty small makers; each sends nearly all of its output to a large user, by a
    # lane too small for that user. Were these lanes dropped, all of that output would be pressed on the small user.
    codes = [f"M{number:02d}" for number in range(30)]
    places = places_of({*codes, "CHN", "USA"}, {"DEU", "NLD"})
    supply = places.vector({**dict.fromkeys(codes, 0.9), "CHN": 973.0})
    demand = places.vector({"USA": 970.0, "NLD": 30.0})
    full, _ = balance_and_truncate(preference_ends(places, supply, demand).at(0.0), supply, demand, "metal", 0.0)
    small, _ = balance_and_truncate(preference_ends(places, supply, demand).at(0.0), supply, demand, "metal", 0.001)
    chinese, dutch = places.index["CHN"], places.index["NLD"]
    assert full.flows[chinese, dutch] == pytest.approx(30.0 * 0.973)
    assert small.flows[chinese, dutch] == pytest.approx(full.flows[chinese, dutch], rel=0.01)
