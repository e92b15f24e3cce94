"""Intervals and ranks from draws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from supplyrisk.scores.intervals import centre_draws, interval, rank_intervals

DRAWN = arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e6, 1e6))
TABLE = st.integers(1, 6).flatmap(lambda items: arrays(np.float64, (items, 25), elements=st.floats(0, 100)))


@given(DRAWN, st.floats(-1e6, 1e6))
def test_centred_draws_have_the_value_as_median(draws: np.ndarray, value: float) -> None:
    assert float(np.median(centre_draws(draws, value))) == pytest.approx(value, abs=1e-6)


def test_centred_draws_keep_their_distances() -> None:
    assert centre_draws(np.array([1.0, 2.0, 4.0]), 10.0).tolist() == [9.0, 10.0, 12.0]


def test_interval_is_the_5_and_95_percent_quantile_around_the_value() -> None:
    # 0 … 100 has quantiles 5 and 95 and median 50; moved to 60 they are 15 and 105.
    assert interval(np.arange(101.0), 60.0) == pytest.approx((15.0, 105.0))


def test_interval_stays_within_what_the_score_can_be() -> None:
    assert interval(np.arange(101.0), 60.0, minimum=20.0, maximum=100.0) == (20.0, 100.0)


@given(DRAWN, st.floats(0, 100))
def test_interval_always_holds_the_value(draws: np.ndarray, value: float) -> None:
    low, high = interval(draws, value, minimum=0.0, maximum=100.0)
    assert 0.0 <= low <= value <= high <= 100.0


@given(arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e6, 1e6, width=32)), st.floats(-1e6, 1e6))
def test_interval_is_that_of_numpy_to_the_last_digit(draws: np.ndarray, value: float) -> None:
    centred = draws + (value - np.median(draws))
    low, high = np.quantile(centred, [0.05, 0.95])
    assert np.array_equal(centre_draws(draws, value), centred)
    assert interval(draws, value) == (min(low, value), max(high, value))


def test_a_draw_that_is_no_number_shows() -> None:
    draws = np.array([0.1, np.nan, 0.3])
    assert np.isnan(centre_draws(draws, 0.2)).all()
    assert np.isnan(interval(draws, 0.2, 0.0, 1.0)).all()


def test_rank_one_is_the_highest_value() -> None:
    values = np.array([10.0, 30.0, 20.0])
    rank, low, high = rank_intervals(values, np.repeat(values[:, None], 5, axis=1))
    assert rank.tolist() == low.tolist() == high.tolist() == [3.0, 1.0, 2.0]


def test_rank_one_is_the_lowest_value_where_that_is_worst() -> None:
    values = np.array([10.0, 30.0, 20.0])
    assert rank_intervals(values, values[:, None], descending=False)[0].tolist() == [1.0, 3.0, 2.0]


def test_equal_values_share_the_better_rank() -> None:
    values = np.array([5.0, 7.0, 5.0])
    assert rank_intervals(values, values[:, None])[0].tolist() == [2.0, 1.0, 2.0]


def test_rank_interval_is_wide_where_draws_overlap_and_narrow_where_they_do_not() -> None:
    # The first two change places in every second draw, the third is always last.
    draws = np.array([[3.0, 2.0] * 50, [2.0, 3.0] * 50, [1.0] * 100])
    _, low, high = rank_intervals(np.array([2.6, 2.5, 1.0]), draws)
    assert list(zip(low, high, strict=True)) == [(1.0, 2.0), (1.0, 2.0), (3.0, 3.0)]


def test_rank_interval_reaches_to_the_rank_also_where_every_draw_lies_elsewhere() -> None:
    # By value the first is first, by all draws it is second: 1 to 2 for both.
    rank, low, high = rank_intervals(np.array([3.0, 1.0]), np.array([[0.0] * 9, [5.0] * 9]))
    assert list(zip(rank, low, high, strict=True)) == [(1.0, 1.0, 2.0), (2.0, 1.0, 2.0)]


@given(TABLE, st.booleans(), st.data())
def test_rank_interval_always_holds_the_rank(draws: np.ndarray, descending: bool, data: st.DataObject) -> None:
    values = data.draw(arrays(np.float64, draws.shape[0], elements=st.floats(0, 100)))
    rank, low, high = rank_intervals(values, draws, descending)
    assert ((low >= 1) & (low <= rank) & (rank <= high) & (high <= values.size)).all()
