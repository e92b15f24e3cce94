"""Supply and demand made equal, and final demand laid out over places."""

from __future__ import annotations

import numpy as np
import pytest

from supplyrisk.network.demand_rows import final_demand
from supplyrisk.network.needs import pool_small_users, primary_need, settle, split_total
from supplyrisk.network.places import EU_UNSPECIFIED, REST_OF_WORLD, places_of
from tests.network.chain_builders import demand_of

PLACES = places_of({"CHN", "USA", "DEU", "NLD"}, {"DEU", "NLD"})
NOTHING = np.zeros(len(PLACES.codes))


def at(**amounts: float) -> np.ndarray:
    return PLACES.vector(amounts)


def test_a_shortage_scales_need_and_final_demand_alike() -> None:
    found = settle(at(CHN=60.0), at(CHN=60.0), at(USA=20.0), False, None)
    assert found.shortage_factor == pytest.approx(0.75)
    assert found.needs.sum() + found.final_demand.sum() == pytest.approx(60.0)
    assert found.other_uses.sum() == 0.0


def test_a_statistical_surplus_is_scaled_off_every_maker_alike() -> None:
    found = settle(at(CHN=80.0, USA=20.0), at(CHN=50.0), NOTHING, True, None)
    assert found.statistical_surplus == pytest.approx(50.0)
    assert found.supply[PLACES.index["CHN"]] == pytest.approx(40.0)
    assert found.other_uses.sum() == 0.0


def test_a_real_surplus_goes_where_use_exceeds_what_is_accounted_for() -> None:
    found = settle(at(CHN=100.0), at(CHN=60.0), NOTHING, False, at(USA=30.0, DEU=10.0))
    assert found.other_uses[PLACES.index["USA"]] == pytest.approx(30.0)
    assert found.other_uses[PLACES.index["DEU"]] == pytest.approx(10.0)


def test_a_real_surplus_without_trade_stays_with_the_maker() -> None:
    found = settle(at(CHN=75.0, USA=25.0), NOTHING, NOTHING, False, None)
    assert found.other_uses == pytest.approx(found.supply)


def test_a_surplus_nobody_asks_for_is_real_even_where_statistics_are_doubted() -> None:
    assert settle(at(CHN=10.0), NOTHING, NOTHING, True, None).other_uses.sum() == pytest.approx(10.0)


def test_small_users_outside_the_union_are_pooled_and_needs_stay() -> None:
    found = settle(at(CHN=1000.0), at(USA=1.0), NOTHING, False, at(USA=1.0, DEU=1.0, CHN=997.0))
    pooled = pool_small_users(found, PLACES, 0.01)
    assert pooled.other_uses[PLACES.index["USA"]] == pytest.approx(found.other_uses[PLACES.index["USA"]])
    assert pooled.other_uses[PLACES.index["DEU"]] > 0.0
    assert pooled.other_uses.sum() == pytest.approx(found.other_uses.sum())
    assert pool_small_users(settle(at(CHN=100.0), NOTHING, NOTHING, False, at(USA=0.1, CHN=99.9)), PLACES, 0.01)
    alone = settle(at(CHN=100.0), NOTHING, NOTHING, False, at(USA=0.1, CHN=99.9))
    assert pool_small_users(alone, PLACES, 0.01).other_uses[PLACES.index[REST_OF_WORLD]] == pytest.approx(0.1)


def test_a_total_without_any_weight_goes_to_the_reserve() -> None:
    reserve = PLACES.index[REST_OF_WORLD]
    assert split_total(5.0, NOTHING, np.ones(len(PLACES.codes), dtype=bool), reserve)[reserve] == 5.0
    shared = split_total(5.0, at(CHN=3.0, DEU=1.0), ~PLACES.in_eu, reserve)
    assert shared[PLACES.index["CHN"]] == pytest.approx(5.0)


def test_primary_input_is_capped_by_what_the_country_could_have() -> None:
    assert primary_need(np.array([10.0, 10.0, 10.0]), np.array([12.0, 4.0, -1.0])).tolist() == [10.0, 4.0, 0.0]


# --- final demand: members inside EU27, everybody not named in ROW


def rows(*amounts: tuple[str, float]) -> object:
    return demand_of([("p", code, value) for code, value in amounts])


def test_members_lie_inside_the_union_and_are_not_counted_twice() -> None:
    found = final_demand(demand_of([("p", "EU27", 100.0), ("p", "NLD", 10.0)]), PLACES, 100.0, None)
    assert found is not None
    assert found.by_place[PLACES.index["NLD"]] == 10.0
    assert found.by_place[PLACES.index[EU_UNSPECIFIED]] == 90.0
    assert found.by_place.sum() == 100.0


def test_what_no_row_asks_for_is_a_remainder_with_the_rest_of_the_world() -> None:
    found = final_demand(demand_of([("p", "CHN", 60.0)]), PLACES, 100.0, None)
    assert found is not None
    assert found.remainder == pytest.approx(40.0)
    assert found.by_place[PLACES.index[REST_OF_WORLD]] == pytest.approx(40.0)


def test_the_rest_of_the_world_is_everybody_not_named_for_the_product() -> None:
    # China is not named: 80 are shared between China (30) and the United States (10) by apparent use, none to the EU.
    apparent = at(CHN=30.0, USA=10.0, DEU=60.0)
    found = final_demand(demand_of([("p", "EU27", 20.0), ("p", "ROW", 80.0)]), PLACES, 100.0, apparent)
    assert found is not None
    assert found.by_place[PLACES.index["CHN"]] == pytest.approx(60.0)
    assert found.by_place[PLACES.index["USA"]] == pytest.approx(20.0)
    assert found.by_place[PLACES.index["DEU"]] == pytest.approx(20.0)


def test_without_rows_there_is_no_final_demand() -> None:
    assert final_demand(demand_of([]), PLACES, 100.0, None) is None
