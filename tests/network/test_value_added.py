"""European value added, by hand and between its bounds."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.network.look_through import look_through, made_in, used_in
from supplyrisk.network.value_added import ValueAdded, value_added
from supplyrisk.runs.quarterly import Run
from tests.network_builders import CELL, CHEMICALS, ORE, PACK, PLACES, VALUES, small_network

NETWORK = small_network()


def european(values: Mapping[str, float]) -> ValueAdded:
    return value_added(look_through(NETWORK, used_in(NETWORK, (PACK,), "EU27")).made, values, PLACES.in_eu)


def test_value_behind_the_packs_used_in_the_union_by_hand() -> None:
    # 14 packs at 10, of which 10 German; 14 cells at 20, 4 German; 28 of chemicals at 5 and 42 of ore at 1, none.
    found = european(VALUES)
    assert found.by_product == {
        PACK: pytest.approx((140.0, 100.0)),
        CELL: pytest.approx((280.0, 80.0)),
        CHEMICALS: pytest.approx((140.0, 0.0)),
        ORE: pytest.approx((42.0, 0.0)),
    }
    assert (found.total, found.inside) == (pytest.approx(602.0), pytest.approx(180.0))
    assert found.share == pytest.approx(180.0 / 602.0)
    assert found.missing == ()


def test_value_behind_what_the_union_makes_by_hand() -> None:
    # 10 packs at 10, all German; 10 cells at 20, 4 German; 8 + 12 of chemicals at 5; 30 of ore at 1.
    found = value_added(made_in(NETWORK, (PACK,), "EU27").made, VALUES, PLACES.in_eu)
    assert (found.total, found.inside) == (pytest.approx(100.0 + 200.0 + 100.0 + 30.0), pytest.approx(180.0))


def test_a_product_without_value_is_left_out_on_both_sides_and_named() -> None:
    found = european({PACK: 10.0, CELL: 20.0, ORE: 1.0})
    assert found.missing == (CHEMICALS,)
    assert found.share == pytest.approx(180.0 / 462.0)


def test_value_of_products_that_are_not_behind_the_use_does_not_count() -> None:
    assert european({**VALUES, "magnet": 1e9}) == european(VALUES)


def test_share_of_nothing_is_not_a_number() -> None:
    assert math.isnan(value_added({}, VALUES, PLACES.in_eu).share)


@given(st.floats(1e-3, 1e3), st.lists(st.floats(0.01, 100.0), min_size=4, max_size=4))
def test_the_currency_does_not_matter(rate: float, prices: list[float]) -> None:
    values = dict(zip((PACK, CELL, CHEMICALS, ORE), prices, strict=True))
    other = {product: value * rate for product, value in values.items()}
    assert european(other).share == pytest.approx(european(values).share)
    assert 0.0 <= european(values).share <= 1.0


def test_shares_of_all_places_add_up_to_one() -> None:
    made = look_through(NETWORK, used_in(NETWORK, (PACK,), "EU27")).made
    each = [value_added(made, VALUES, np.arange(len(PLACES.codes)) == place).share for place in range(6)]
    assert len(PLACES.codes) == 6
    assert sum(each) == pytest.approx(1.0)


def test_bounds_of_the_home_preference_contain_the_centre(run_2026q1: Run) -> None:
    run = run_2026q1.network
    found = []
    for network in (*run.range.bounds, run.network):
        made = look_through(network, used_in(network, run.bundles["battery"], "EU27")).made
        found.append(value_added(made, run.values, network.places.in_eu))
    low, high, centre = (one.share for one in found)
    assert low < centre < high
    assert found[2].missing == ()
