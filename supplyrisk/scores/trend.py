"""Trend of concentration over the years, with errors that hold under autocorrelation, and a forecast of two years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplyrisk.scores.concentration import HHI_SCALE
from supplyrisk.scores.supply import grade_of
from supplyrisk.scores.table import Basis, ScoreRow

Array = NDArray[np.float64]

TREND, FORECAST = "hhi_trend", "hhi_forecast"
FORECAST_SCENARIO = "forecast"
RISING, FALLING, FLAT, NOT_DECIDED = "rising", "falling", "flat", "not_decided"
TOO_FEW_YEARS = "too_few_years"
SERIES_ENDS_EARLY = "series_ends_early"
ROBUST_90 = "hac_90_"
"""Interval kind of a trend, followed by its direction."""

NAIVE_90 = "naive_90"

BANDWIDTH = 0.5
"""Lags of the Newey–West (Bartlett) variance as a part of the number of years."""

DRIFT_LEVEL = 0.20
"""Level at which the mean yearly change has to differ from none as well; see fit_trend."""

_TEN_PERCENT = (1.6449, 2.1859, 0.3142, -0.3427)
_FIVE_PERCENT = (1.9600, 2.9694, 0.4160, -0.5324)
"""Kiefer and Vogelsang 2005, Econometric Theory 21, table 1, Bartlett: two-sided critical values by bandwidth b."""

_Z90 = 1.6448536269514722
_STEPS = 2


@dataclass(frozen=True)
class TrendRules:
    """Limits of models/assumptions/trend.yaml."""

    fewest_years: int
    fewest_degrees_of_freedom: int
    flat_margin: float


@dataclass(frozen=True)
class Trend:
    """Slope in points a year with its 90 % interval, and whether it differs from none at 5 %.

    ``years``: those used; ``breaks``: first years of a new edition; ``lags`` of the variance; ``durbin_watson`` of the
    residuals.
    """

    slope: float
    low: float
    high: float
    differs: bool
    standard_error: float
    years: tuple[int, ...]
    breaks: tuple[int, ...]
    lags: int
    durbin_watson: float


def direction_of(low: float, high: float, differs: bool, margin: float) -> str:
    """``rising`` or ``falling`` where the slope differs from none, ``flat`` where its interval lies within ±margin.

    Both can hold for a slope that is sure and small: then it is flat. Else ``not_decided``.
    """
    if -margin <= low and high <= margin:
        return FLAT
    if not differs:
        return NOT_DECIDED
    return RISING if low > 0.0 else FALLING


def critical_value(bandwidth: float, coefficients: Sequence[float]) -> float:
    """Cubic in b of Kiefer and Vogelsang; at b = 0 the normal value."""
    return float(sum(coefficient * bandwidth**power for power, coefficient in enumerate(coefficients)))


def fit_trend(
    years: Sequence[int], values: Sequence[float], editions: Sequence[str], rules: TrendRules
) -> Trend | None:
    """Ordinary least squares of the values on the year, a level of its own for each edition; None with too few years.

    Editions with a single year say nothing about the slope and are left out. The variance is Newey–West with
    ``BANDWIDTH``·n lags, and its critical values are those of fixed b, since the usual ones reject far too often in
    twenty years of autocorrelated figures. Where figures nearly wander, even these do; so the slope ``differs`` only
    if the mean yearly change does too, at a milder level. In simulations of series without trend fewer than 5 % are
    then called rising or falling (tests).
    """
    import statsmodels.api as sm
    from statsmodels.stats.stattools import durbin_watson

    kept = [i for i, edition in enumerate(editions) if list(editions).count(edition) > 1]
    names = list(dict.fromkeys(editions[i] for i in kept))
    used = tuple(years[i] for i in kept)
    if len(kept) < rules.fewest_years or len(kept) - len(names) - 1 < rules.fewest_degrees_of_freedom:
        return None
    levels = [[float(editions[i] == name) for name in names] for i in kept]
    design = np.column_stack([np.array(used, dtype=float) - float(np.mean(used)), np.array(levels)])
    lags = max(1, int(BANDWIDTH * len(kept)))
    fit = sm.OLS(np.array([values[i] for i in kept]), design).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "kernel": "bartlett", "use_correction": True}
    )
    slope, error, bandwidth = float(fit.params[0]), float(fit.bse[0]), (lags + 1) / len(kept)
    half = critical_value(bandwidth, _TEN_PERCENT) * error
    return Trend(
        slope,
        slope - half,
        slope + half,
        abs(slope) > critical_value(bandwidth, _FIVE_PERCENT) * error and drift_differs(years, values, editions),
        error,
        used,
        tuple(next(years[i] for i in kept if editions[i] == name) for name in names[1:]),
        lags,
        float(durbin_watson(fit.resid)),
    )


def yearly_changes(years: Sequence[int], values: Sequence[float], editions: Sequence[str]) -> Array:
    """Changes from one year to the next within an edition."""
    return np.array(
        [
            values[i] - values[i - 1]
            for i in range(1, len(values))
            if editions[i] == editions[i - 1] and years[i] == years[i - 1] + 1
        ]
    )


def drift_differs(years: Sequence[int], values: Sequence[float], editions: Sequence[str]) -> bool:
    """Whether the mean yearly change differs from none at ``DRIFT_LEVEL`` (t test)."""
    from scipy.stats import ttest_1samp

    changes = yearly_changes(years, values, editions)
    if np.ptp(changes) <= 1e-9 * np.abs(changes).max():  # equal changes leave no spread to test against
        return bool(changes[0] != 0.0)
    return bool(ttest_1samp(changes, 0.0).pvalue < DRIFT_LEVEL)


def naive_forecast(
    years: Sequence[int], values: Sequence[float], editions: Sequence[str]
) -> list[tuple[float, float, float]]:
    """Last value for one and two years ahead with its 90 % interval: (value, low, high) by step.

    The spread is that of past yearly changes within an edition, growing with the root of the step.
    """
    changes = yearly_changes(years, values, editions)
    spread = float(np.sqrt(np.mean(np.square(changes))))
    last = values[-1]
    found = []
    for step in range(1, _STEPS + 1):
        half = _Z90 * spread * step**0.5
        found.append((last, max(last - half, 0.0), min(last + half, HHI_SCALE)))
    return found


def trend_rows(series: Iterable[ScoreRow], rules: TrendRules, this_year: int) -> Iterator[ScoreRow]:
    """Trend and forecast of every product of an HHI series (scores.series), or the reason why there is none.

    The grade is the one that four fifths of the years reach. A series whose forecast would end before ``this_year`` has
    no forecast.
    """
    by_product: dict[str, list[ScoreRow]] = {}
    for row in series:
        if row.value is not None and row.product_id is not None:
            by_product.setdefault(row.product_id, []).append(row)
    for product, unsorted in sorted(by_product.items()):
        rows = sorted(unsorted, key=lambda row: row.basis.year or 0)
        years = [int(row.basis.year or 0) for row in rows]
        values, editions = [float(row.value or 0.0) for row in rows], [str(row.basis.edition) for row in rows]
        listed = [row_id for row in rows for row_id in row.basis.input_row_ids]
        quality = grade_of([str(row.basis.quality) for row in rows], [1.0 / len(rows)] * len(rows))
        basis = Basis(years[-1], "+".join(dict.fromkeys(editions)), quality, listed)
        stage = rows[0].stage
        trend = fit_trend(years, values, editions, rules)
        if trend is None:
            yield ScoreRow(TREND, product, stage, basis, None, missing_reason=TOO_FEW_YEARS)
            yield ScoreRow(
                FORECAST, product, stage, basis, None, missing_reason=TOO_FEW_YEARS, scenario=FORECAST_SCENARIO
            )
            continue
        told = direction_of(trend.low, trend.high, trend.differs, rules.flat_margin)
        yield ScoreRow(TREND, product, stage, basis, trend.slope, trend.low, trend.high, ROBUST_90 + told)
        if years[-1] + _STEPS < this_year:
            yield ScoreRow(
                FORECAST, product, stage, basis, None, missing_reason=SERIES_ENDS_EARLY, scenario=FORECAST_SCENARIO
            )
            continue
        for step, (value, low, high) in enumerate(naive_forecast(years, values, editions), start=1):
            ahead = Basis(years[-1] + step, editions[-1], quality, rows[-1].basis.input_row_ids)
            yield ScoreRow(FORECAST, product, stage, ahead, value, low, high, NAIVE_90, scenario=FORECAST_SCENARIO)
