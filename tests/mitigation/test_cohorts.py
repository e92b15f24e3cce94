"""Stocks and returns by year of sale: published values, and the way back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.mitigation.cohorts import outflow_of, stock_of, weibull_survival


def test_stock_and_returns_of_the_method_note() -> None:
    # Weibull of shape 2 and scale 3, sales of 10 to 40 in the middle of the year (stock model after Müller 2006,
    # Ecological Economics 59; the values of the method note were made with an independent one).
    inflow, survival = np.array([10.0, 20.0, 30.0, 40.0]), weibull_survival(2.0, 3.0, 4)
    assert stock_of(inflow, survival) == pytest.approx([9.726045, 27.240097, 49.747668, 74.818996], abs=1e-6)
    assert outflow_of(inflow, survival) == pytest.approx([0.273955, 2.485947, 7.492430, 14.928672], abs=1e-6)


@given(
    st.lists(st.floats(0.0, 1e3), min_size=1, max_size=25),
    st.floats(1.0, 6.0),
    st.floats(2.0, 25.0),
)
def test_what_is_sold_leaves_or_stays(sales: list[float], shape: float, scale: float) -> None:
    inflow = np.array(sales)
    survival = weibull_survival(shape, scale, len(inflow))
    stock, outflow = stock_of(inflow, survival), outflow_of(inflow, survival)
    assert outflow.sum() + stock[-1] == pytest.approx(inflow.sum())
    assert (outflow >= -1e-9).all()
