"""Stocks of goods in use by year of sale: how much leaves use each year."""

from __future__ import annotations

import numpy as np

from supplyrisk.disruption.supply_graph import Floats


def weibull_survival(shape: float, scale_years: float, years: int) -> Floats:
    """Part of a year's sales still in use at the end of that year and of the following ones: exp(−(a/scale)^shape).

    Sales come in the middle of the year: at the end of the year of sale the age a is half a year.
    """
    age = np.arange(years) + 0.5
    found: Floats = np.exp(-((age / scale_years) ** shape))
    return found


def stock_of(inflow: Floats, survival: Floats) -> Floats:
    """S_t = Σ_c inflow_c·survival(t − c): in use at the end of each year."""
    years = len(inflow)
    return np.array([float(inflow[: t + 1] @ survival[: t + 1][::-1]) for t in range(years)])


def outflow_of(inflow: Floats, survival: Floats) -> Floats:
    """What leaves use in each year: inflow_t − (S_t − S_{t−1})."""
    stock = stock_of(inflow, survival)
    return inflow - np.diff(stock, prepend=0.0)
