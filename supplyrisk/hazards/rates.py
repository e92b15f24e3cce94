"""Events a year of each class in each country: a pooled rate that grows with size, and the country's own record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import gammaln
from scipy.stats import gamma

from supplyrisk.hazards.events import CLASSES, MEASURES, EventSet

Array = NDArray[np.float64]

_MOST_DISPERSED = 50.0
_NO_DISPERSION = 1e-3


@dataclass(frozen=True)
class Rates:
    """Rates of every class in every country.

    ``table``: hazard, country, events, pooled (rate of the class at that size), shape and scale of the gamma
    posterior, rate (its mean), low and high (5 and 95 %), a year. ``coefficients``: name, value, standard_error of the
    Poisson regression; ``dispersion``: variance beyond Poisson, μ + dispersion·μ².
    """

    table: pl.DataFrame
    coefficients: pl.DataFrame
    dispersion: float
    exposure_years: float


def fit_rates(
    found: EventSet, size: Mapping[str, float], exposure_years: float, extra: Mapping[str, float] | None = None
) -> Rates:
    """Partially pooled rates.

    Counts k of class × country: log μ = log E + class + slope·log size, with one slope for measures and one for
    physical events (Poisson GLM; E the exposure in years, size the country's output as a sum of world shares).
    Around it countries differ by a gamma of mean 1 and variance 1/r (negative binomial, r by maximum likelihood):
    rate = m·(k + r)/(m·E + r), the posterior mean, with m the pooled rate. Never zero, never a free rate per country.
    ``extra``: a covariate by country, standardised, to test whether it helps.
    """
    import statsmodels.api as sm

    countries = sorted(size)
    counts = found.events.group_by("hazard", "country").len()
    number = {(hazard, country): count for hazard, country, count in counts.iter_rows()}
    cells = [(hazard, country) for hazard in CLASSES for country in countries]
    observed = np.array([number.get(cell, 0) for cell in cells], dtype=float)
    present = [hazard for hazard in CLASSES if sum(number.get((hazard, country), 0) for country in countries) > 0]
    names = [*present, "log_size_measures", "log_size_physical", *(["extra"] if extra else [])]
    design = np.array([_row(hazard, country, present, size, extra) for hazard, country in cells])
    known = np.array([hazard in present for hazard, _ in cells])
    offset = np.full(len(cells), np.log(exposure_years))
    used = np.abs(design[known]).sum(axis=0) > 0.0
    fitted = sm.GLM(observed[known], design[known][:, used], family=sm.families.Poisson(), offset=offset[known]).fit(
        maxiter=200
    )
    expected = np.zeros(len(cells))
    expected[known] = fitted.predict(design[known][:, used], offset=offset[known])
    dispersion = _dispersion(observed[known], expected[known])
    shape = observed + 1.0 / dispersion
    scale = np.divide(
        expected / exposure_years, expected + 1.0 / dispersion, out=np.zeros_like(expected), where=expected > 0.0
    )
    table = pl.DataFrame(
        {
            "hazard": [hazard for hazard, _ in cells],
            "country": [country for _, country in cells],
            "events": observed.astype(int),
            "pooled": expected / exposure_years,
            "shape": shape,
            "scale": scale,
            "rate": shape * scale,
            "low": gamma.ppf(0.05, shape) * scale,
            "high": gamma.ppf(0.95, shape) * scale,
        }
    )
    coefficients = pl.DataFrame(
        {
            "name": [name for name, kept in zip(names, used, strict=True) if kept],
            "value": fitted.params,
            "standard_error": fitted.bse,
        }
    )
    return Rates(table, coefficients, dispersion, exposure_years)


def _row(
    hazard: str, country: str, present: list[str], size: Mapping[str, float], extra: Mapping[str, float] | None
) -> list[float]:
    slope = np.log(size[country])
    decided = hazard in MEASURES
    row = [float(hazard == name) for name in present] + [slope * decided, slope * (not decided)]
    return [*row, extra.get(country, 0.0)] if extra else row


def _dispersion(observed: Array, expected: Array) -> float:
    """1/r of the negative binomial by maximum likelihood, the mean being given."""

    def loss(log_dispersion: float) -> float:
        r = np.exp(-log_dispersion)
        likelihood = (
            gammaln(observed + r) - gammaln(r) + r * np.log(r / (r + expected))
            + observed * np.log(expected / (r + expected))
        )  # fmt: skip
        return -float(likelihood.sum())

    bounds = (np.log(_NO_DISPERSION), np.log(_MOST_DISPERSED))
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded").x))
