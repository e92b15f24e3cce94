"""Formulas of concentration against numbers worked by hand and published ones."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.scores.concentration import (
    effective_suppliers,
    herfindahl_hirschman_index,
    n_minus_one,
    residual_contribution,
    top_share,
)
from tests.score_builders import named_outputs


def shares_of(outputs: dict[str, float]) -> np.ndarray:
    values = np.array(list(outputs.values()))
    return np.asarray(values / values.sum())


def hhi(shares: np.ndarray) -> float:
    return float(herfindahl_hirschman_index(shares))


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([1.0], 10_000.0),
        ([0.5, 0.5], 5_000.0),
        ([0.6, 0.25, 0.1, 0.05], 4_350.0),  # 3600 + 625 + 100 + 25
        ([0.25] * 4, 2_500.0),
    ],
)
def test_index_of_shares_worked_by_hand(shares: list[float], expected: float) -> None:
    assert hhi(np.array(shares)) == pytest.approx(expected, abs=1e-9)


def test_index_of_the_two_mines_behind_a_cell_maker() -> None:
    # Look-through example with COD 0.77 and AUS 0.23: 0.5929 + 0.0529 = 0.6458.
    assert hhi(np.array([0.77, 0.23])) == pytest.approx(6458.0, abs=1e-9)


def test_index_takes_each_draw_apart() -> None:
    draws = np.array([[0.5, 0.8], [0.5, 0.2]])
    assert herfindahl_hirschman_index(draws).tolist() == pytest.approx([5_000.0, 6_800.0])  # 0.64 + 0.04


@given(named_outputs())
def test_index_lies_between_that_of_equal_suppliers_and_of_one(outputs: dict[str, float]) -> None:
    index = hhi(shares_of(outputs))
    assert 10_000.0 / len(outputs) * (1 - 1e-12) <= index <= 10_000.0 * (1 + 1e-12)


@given(named_outputs(minimum=2))
def test_merging_two_suppliers_never_lowers_the_index(outputs: dict[str, float]) -> None:
    shares = shares_of(outputs)
    merged = np.concatenate([[shares[0] + shares[1]], shares[2:]])
    assert hhi(merged) >= hhi(shares)


@given(named_outputs(), st.floats(0.0, 1.0))
def test_a_newcomer_that_takes_evenly_from_all_lowers_the_index_while_it_is_no_larger_than_the_index_allows(
    outputs: dict[str, float], taken: float
) -> None:
    # (1 − t)²·H + t² ≤ H exactly when t ≤ 2H/(1 + H).
    shares = shares_of(outputs)
    concentration = hhi(shares) / 10_000.0
    part = taken * 2.0 * concentration / (1.0 + concentration)
    assert hhi(np.append(shares * (1.0 - part), part)) <= 10_000.0 * concentration * (1 + 1e-12)


@given(named_outputs(), st.randoms(), st.floats(1e-6, 1e6))
def test_order_and_unit_of_the_outputs_change_nothing(outputs: dict[str, float], random: Random, scale: float) -> None:
    codes = list(outputs)
    random.shuffle(codes)
    shuffled = {code: outputs[code] * scale for code in codes}
    assert hhi(shares_of(shuffled)) == pytest.approx(hhi(shares_of(outputs)), rel=1e-9)


def test_residual_larger_than_the_smallest_named_counts_as_several_of_that_size() -> None:
    # r = 0.2, s_min = 0.05: four countries of 0.05 each: 4·0.0025 = 0.01.
    assert float(residual_contribution([0.2], 0.05)) == pytest.approx(100.0)


def test_residual_smaller_than_the_smallest_named_counts_as_one_country() -> None:
    assert float(residual_contribution([0.02], 0.05)) == pytest.approx(4.0)  # 0.02² = 0.0004


def test_residual_without_any_named_country_counts_as_one_country() -> None:
    assert float(residual_contribution([1.0], 0.0)) == pytest.approx(10_000.0)


def test_two_residuals_count_apart() -> None:
    # 0.3·min(0.3, 0.1) + 0.05·min(0.05, 0.1) = 0.03 + 0.0025
    assert float(residual_contribution([0.3, 0.05], 0.1)) == pytest.approx(325.0)


def test_no_residual_adds_nothing() -> None:
    assert float(residual_contribution([], 0.1)) == 0.0


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_residual_adds_between_nothing_and_one_country(residual: float, smallest: float) -> None:
    added = float(residual_contribution([residual], smallest))
    assert 0.0 <= added <= 10_000.0 * residual**2 * (1 + 1e-12)


@pytest.mark.parametrize(("index", "expected"), [(10_000.0, 1.0), (2_500.0, 4.0), (4_350.0, 2.2988505747126)])
def test_effective_suppliers_is_the_number_of_equal_ones(index: float, expected: float) -> None:
    assert float(effective_suppliers(index)) == pytest.approx(expected)


@pytest.mark.parametrize(("count", "expected"), [(1, 0.5), (3, 0.9), (9, 1.0)])
def test_top_share_adds_the_largest(count: int, expected: float) -> None:
    assert float(top_share([0.1, 0.5, 0.1, 0.3], count)) == pytest.approx(expected)


def test_n_minus_one_with_all_demand() -> None:
    # S = 60, 25, 10, 5 and D = 50, 20, 20, 10: (100 − 60)/100.
    assert n_minus_one(supply=100.0, largest=60.0, demand=100.0) == pytest.approx(0.40)


def test_n_minus_one_without_the_demand_of_the_missing_country() -> None:
    # The same, (100 − 60)/(100 − 50).
    assert n_minus_one(supply=100.0, largest=60.0, demand=100.0, largest_demand=50.0) == pytest.approx(0.80)
