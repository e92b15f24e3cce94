"""Flows that meet given totals and stay close to a prior."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchmarks.plain_loops import plain_home_first
from supplyrisk.network.balance import RESIDUAL_TOLERANCE, BalanceError, balance_flows
from supplyrisk.network.prior import (
    NO_MARKET,
    home_first_prior,
    home_preference_prior,
    proportional_prior,
    with_full_support,
)

POSITIVE = st.floats(0.1, 100.0)


@given(arrays(np.float64, 5, elements=POSITIVE), arrays(np.float64, 4, elements=POSITIVE))
def test_a_proportional_prior_is_left_in_place(supply: np.ndarray, demand: np.ndarray) -> None:
    demand = demand * supply.sum() / demand.sum()
    balanced = balance_flows(proportional_prior(supply, demand), supply, demand, "test")
    assert balanced.moved_mass == pytest.approx(0.0, abs=1e-9)


@given(
    arrays(np.float64, (5, 4), elements=st.floats(0.01, 100.0)),
    arrays(np.float64, 5, elements=POSITIVE),
    arrays(np.float64, 4, elements=POSITIVE),
)
def test_totals_are_met_and_the_odds_of_the_prior_kept(
    prior: np.ndarray, supply: np.ndarray, demand: np.ndarray
) -> None:
    demand = demand * supply.sum() / demand.sum()
    flows = balance_flows(prior, supply, demand, "test").flows
    scale = RESIDUAL_TOLERANCE * supply.sum()
    assert np.abs(flows.sum(axis=1) - supply).max() <= 2 * scale
    assert np.abs(flows.sum(axis=0) - demand).max() <= 2 * scale
    # Least relative entropy means T_ij = r_i·prior_ij·c_j: odds ratios are those of the prior.
    odds = flows[0, 0] * flows[1, 1] / (flows[0, 1] * flows[1, 0])
    assert odds == pytest.approx(prior[0, 0] * prior[1, 1] / (prior[0, 1] * prior[1, 0]), rel=1e-6)


def test_totals_that_differ_are_refused_by_name() -> None:
    with pytest.raises(BalanceError, match=r"cobalt: demand \(3\) and supply \(2\) differ"):
        balance_flows(np.ones((1, 1)), np.array([2.0]), np.array([3.0]), "cobalt")


def test_a_user_without_lane_is_refused() -> None:
    with pytest.raises(BalanceError, match="cobalt: user number 1 has no admissible lane"):
        balance_flows(np.array([[1.0, 0.0]]), np.array([2.0]), np.array([1.0, 1.0]), "cobalt")


def test_home_first_serves_the_narrowest_market_first() -> None:
    # NLD makes 1 and uses 3, DEU makes 4 and uses 1, CHN makes 5 and uses 6; the EU is a market, each country another.
    supply, demand = np.array([1.0, 4.0, 5.0]), np.array([3.0, 1.0, 6.0])
    own, union = np.array([1, 2, 3]), np.array([1, 1, NO_MARKET])
    flows = home_first_prior(supply, demand, [(own, own), (union, union)])
    # By hand: own 1, 1, 5; then DEU's 3 left serve NLD's 2; DEU's last 1 goes to China.
    assert flows == pytest.approx(np.array([[1.0, 0.0, 0.0], [2.0, 1.0, 1.0], [0.0, 0.0, 5.0]]))


SIDES = st.integers(1, 6).flatmap(
    lambda size: st.tuples(
        arrays(np.float64, size, elements=st.one_of(st.just(0.0), POSITIVE)),
        st.lists(arrays(np.intp, size, elements=st.integers(NO_MARKET, 3)), min_size=2, max_size=2),
    )
)


@given(SIDES, SIDES)
def test_home_first_is_the_same_as_market_after_market_in_plain_loops(
    sellers: tuple[np.ndarray, list[np.ndarray]], buyers: tuple[np.ndarray, list[np.ndarray]]
) -> None:
    (supply, markets_of_supply), (demand, markets_of_demand) = sellers, buyers
    levels = list(zip(markets_of_supply, markets_of_demand, strict=True))
    plain = plain_home_first(
        supply.tolist(), demand.tolist(), [(ours.tolist(), theirs.tolist()) for ours, theirs in levels]
    )
    assert home_first_prior(supply, demand, levels) == pytest.approx(np.array(plain), rel=1e-9, abs=1e-9)


def test_home_preference_lies_between_its_ends() -> None:
    low, high = np.array([[1.0, 1.0]]), np.array([[2.0, 0.0]])
    assert home_preference_prior(low, high, 0.25) == pytest.approx(np.array([[1.25, 0.75]]))
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        home_preference_prior(low, high, 1.2)


def test_full_support_opens_every_lane() -> None:
    supply, demand = np.array([1.0, 1.0]), np.array([1.0, 1.0])
    mixed = with_full_support(np.array([[2.0, 0.0], [0.0, 2.0]]), supply, demand, 0.1)
    # 0.9·(1, 0) + 0.1·(0.5, 0.5)
    assert mixed == pytest.approx(np.array([[0.95, 0.05], [0.05, 0.95]]))
