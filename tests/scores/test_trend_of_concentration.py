"""Trends: slope and robust error by hand, direction, size in simulation, forecast, and the fits that are kept."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from supplyrisk.foundation.errors import CheckFailed, InputError
from supplyrisk.runs.fitting import check_stored_fits, fit_all
from supplyrisk.scores.trend import TrendRules, critical_value, direction_of, fit_trend, naive_forecast
from tests.conftest import ROOT, TODAY

RULES = TrendRules(10, 6, 50.0)
ANY = TrendRules(0, 0, 0.0)


def test_slope_and_newey_west_error_by_hand() -> None:
    # y = 0, 1, 0, 3 on t = 0 … 3: slope Σ(t − 1.5)·y / 5 = (−1.5·0 − 0.5·1 + 0.5·0 + 1.5·3)/5 = 0.8, mean 1.
    # Residuals u = y − 1 − 0.8·(t − 1.5) = 0.2, 0.4, −1.4, 0.8; h = (t − 1.5)·u = −0.3, −0.2, −0.7, 1.2.
    # One lag more than none with weights 1 − l/3 for two lags:
    # Σ h² = 2.06; l = 1: 0.06 + 0.14 − 0.84 = −0.64, weight 2/3; l = 2: 0.21 − 0.24 = −0.03, weight 1/3.
    # S = 2.06 + 2·(2/3·−0.64 + 1/3·−0.03) = 1.18667; variance S/25 · n/(n − k) with n = 4, k = 2: 0.0949333.
    fit = fit_trend([2000, 2001, 2002, 2003], [0.0, 1.0, 0.0, 3.0], ["a"] * 4, ANY)
    assert fit is not None
    assert fit.slope == pytest.approx(0.8)
    assert fit.lags == 2
    assert fit.standard_error == pytest.approx(0.0949333**0.5, rel=1e-5)


def test_an_edition_has_a_level_of_its_own_and_a_single_year_says_nothing() -> None:
    years = list(range(2000, 2013))
    values = [
        10.0 * (year - 2000) + (500.0 if year >= 2006 else 0.0) + (9999.0 if year == 2012 else 0.0) for year in years
    ]
    editions = ["old"] * 6 + ["new"] * 6 + ["newest"]
    fit = fit_trend(years, values, editions, RULES)
    assert fit is not None
    assert fit.slope == pytest.approx(10.0)
    assert fit.breaks == (2006,)
    assert 2012 not in fit.years


def test_too_few_years() -> None:
    assert fit_trend(list(range(9)), [1.0] * 9, ["a"] * 9, RULES) is None
    assert fit_trend(list(range(10)), [1.0] * 10, ["a", "b"] * 5, TrendRules(10, 8, 50.0)) is None


@pytest.mark.parametrize(
    ("low", "high", "differs", "direction"),
    [
        (10.0, 90.0, True, "rising"),
        (-90.0, -10.0, True, "falling"),
        (10.0, 90.0, False, "not_decided"),
        (-40.0, 60.0, False, "not_decided"),
        (-50.0, 50.0, False, "flat"),
        (10.0, 40.0, True, "flat"),
    ],
)
def test_direction(low: float, high: float, differs: bool, direction: str) -> None:
    assert direction_of(low, high, differs, 50.0) == direction


def test_critical_values_at_no_bandwidth_are_normal() -> None:
    assert critical_value(0.0, (1.96, 2.9694, 0.4160, -0.5324)) == 1.96
    assert critical_value(0.5, (1.96, 2.9694, 0.4160, -0.5324)) == pytest.approx(1.96 + 1.4847 + 0.104 - 0.06655)


@pytest.mark.parametrize("persistence", [0.0, 0.5, 0.8])
def test_series_without_trend_are_rarely_called_rising_or_falling(persistence: float) -> None:
    random, called, runs, length = np.random.default_rng(20260331), 0, 300, 21
    for _ in range(runs):
        noise, level = random.normal(0.0, 100.0, length + 50), [0.0]
        for shock in noise[1:]:
            level.append(persistence * level[-1] + float(shock))
        fit = fit_trend(list(range(length)), level[-length:], ["a"] * length, RULES)
        assert fit is not None
        called += fit.differs
    assert called / runs <= 0.06


def test_a_clear_trend_is_found() -> None:
    values = [100.0 * year + (30.0 if year % 2 else -30.0) for year in range(20)]
    fit = fit_trend(list(range(20)), values, ["a"] * 20, RULES)
    assert fit is not None
    assert direction_of(fit.low, fit.high, fit.differs, 50.0) == "rising"


def test_forecast_is_the_last_value_and_widens_by_the_root_of_the_step() -> None:
    # Changes within an edition: 100, −100; the step to the new edition is none. Spread 100.
    one, two = naive_forecast([1, 2, 3, 4], [500.0, 600.0, 500.0, 9950.0], ["a", "a", "a", "b"])
    assert one == pytest.approx((9950.0, 9950.0 - 164.485, 10_000.0), abs=0.01)
    assert two == pytest.approx((9950.0, 9950.0 - 164.485 * 2**0.5, 10_000.0), abs=0.01)


def test_the_fits_that_are_kept_are_those_of_the_data() -> None:
    assert [path.name for path in check_stored_fits(ROOT)] == ["trends.yaml", "hazards.yaml"]


def test_fits_of_other_data_are_told_and_written_anew(copied_project: Path) -> None:
    rules = copied_project / "models" / "assumptions" / "trend.yaml"
    rules.write_text(
        rules.read_text(encoding="utf-8").replace("fewest_years: 10", "fewest_years: 12"), encoding="utf-8"
    )
    with pytest.raises(CheckFailed, match="Run `supplyrisk fit`"):
        check_stored_fits(copied_project)
    paths = fit_all(copied_project, TODAY)
    assert check_stored_fits(copied_project) == paths
    with pytest.raises(InputError, match="has not come yet"):
        fit_all(copied_project, date.today() + timedelta(days=1))
    paths[0].unlink()
    with pytest.raises(CheckFailed, match="is not there"):
        check_stored_fits(copied_project)
