"""Measures of ranking and probability against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from supplyrisk.hazards.ranking import average_precision, brier, brier_skill, hit_rate, reliability

SCORE = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
CAME = np.array([1.0, 0.0, 1.0, 0.0, 0.0])


def test_hits_among_the_first() -> None:
    assert hit_rate(SCORE, CAME, 2) == 0.5
    assert hit_rate(SCORE, CAME, 3) == pytest.approx(2 / 3)
    assert hit_rate(SCORE, CAME, 50) == pytest.approx(2 / 5)


def test_average_precision() -> None:
    # True ones at places 1 and 3: (1/1 + 2/3)/2.
    assert average_precision(SCORE, CAME) == pytest.approx((1.0 + 2 / 3) / 2)
    assert np.isnan(average_precision(SCORE, np.zeros(5)))
    assert average_precision(-SCORE, CAME) < average_precision(SCORE, CAME)


def test_brier_and_its_skill() -> None:
    assert brier(np.array([0.5, 0.0]), np.array([1.0, 0.0])) == pytest.approx(0.125)
    usual = np.full(5, 0.4)
    assert brier_skill(usual, CAME, usual) == 0.0
    assert brier_skill(CAME, CAME, usual) == 1.0
    assert brier_skill(1.0 - CAME, CAME, usual) < 0.0


def test_reliability_by_class() -> None:
    rows = reliability(SCORE, CAME, (0.0, 0.65, 1.01))
    assert (*rows[0][:4], rows[0][-1]) == (0.0, 0.65, pytest.approx(0.55), 0.0, 2)
    assert (*rows[1][:4], rows[1][-1]) == (0.65, 1.01, pytest.approx(0.8), pytest.approx(2 / 3), 3)
    # Jeffreys: 2 of 3 came true, so the density goes with x^1.5·(1 − x)^0.5; 5 % of it lie below and above the ends.
    x = (np.arange(400_000) + 0.5) / 400_000
    density = x**1.5 * (1.0 - x) ** 0.5
    low, high = rows[1][4:6]
    assert density[x < low].sum() / density.sum() == pytest.approx(0.05, abs=1e-4)
    assert density[x > high].sum() / density.sum() == pytest.approx(0.05, abs=1e-4)
