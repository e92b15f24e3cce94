"""How long events last: lognormal by class, those still going on counted as at least as long as they have lasted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import norm

from supplyrisk.hazards.events import CLASSES, EventSet

Array = NDArray[np.float64]

_SPREAD_BETWEEN_CLASSES = 0.7
"""Standard deviation of class medians around the common one, in logs: the prior that keeps thin classes near it."""


@dataclass(frozen=True)
class Durations:
    """``median_months`` by class, ``log_spread`` within a class, and the numbers of ended and running events."""

    median_months: dict[str, float]
    log_spread: float
    ended: dict[str, int]
    running: dict[str, int]
    log_error: dict[str, float]

    def quantile(self, hazard: str, uniform: Array) -> Array:
        """Months at uniform numbers in (0, 1)."""
        return np.asarray(self.median_months[hazard] * np.exp(self.log_spread * norm.ppf(uniform)))

    def mean_months(self, hazard: str, most: float) -> float:
        """Mean length when none counts longer than ``most``: E min(X, most) of the lognormal."""
        centre, s = np.log(self.median_months[hazard]), self.log_spread
        z = (np.log(most) - centre) / s
        return float(np.exp(centre + 0.5 * s * s) * norm.cdf(z - s) + most * norm.sf(z))

    def mean_months_in_window(self, hazard: str, window: float) -> float:
        """Mean months within a window of events that start anywhere in it: E[m] − E[m²]/(2·window), m = min(X, window).

        It is the mean over starts u of E min(X, window − u): what a draw, which ends with its window, sees of an event.
        """
        centre, s = np.log(self.median_months[hazard]), self.log_spread
        z = (np.log(window) - centre) / s
        squared = np.exp(2.0 * centre + 2.0 * s * s) * norm.cdf(z - 2.0 * s) + window**2 * norm.sf(z)
        return self.mean_months(hazard, window) - float(squared) / (2.0 * window)


def fit_durations(found: EventSet) -> Durations:
    """Medians by class and one spread, by maximum likelihood with right-censoring.

    Ended events contribute the density of their length, running ones (known to go on, or with a measure in force) the
    chance to last longer; events whose end was not seen and of which nothing tells that they go on are left out. Class
    medians are drawn to the common one, the spread to 1 (normal priors in logs, the latter of standard deviation 1).
    """
    events = found.events.filter(found.events["months"].is_not_null())
    logs = np.log(events["months"].to_numpy())
    running = events["censored"].to_numpy()
    number = np.array([CLASSES.index(hazard) for hazard in events["hazard"]])

    def loss(parameters: Array) -> float:
        spread = np.exp(parameters[-1])
        z = (logs - parameters[0] - parameters[1 + number]) / spread
        terms = np.where(running, norm.logsf(z), norm.logpdf(z) - np.log(spread))
        prior = (parameters[1:-1] ** 2).sum() / _SPREAD_BETWEEN_CLASSES**2 + parameters[-1] ** 2
        return float(-terms.sum() + 0.5 * prior)

    start = np.concatenate([[np.log(5.0)], np.zeros(len(CLASSES)), [0.0]])
    best = minimize(loss, start, method="BFGS")
    centre, offsets, spread = best.x[0], best.x[1:-1], float(np.exp(best.x[-1]))
    shape = best.hess_inv
    variances = [shape[0, 0] + shape[1 + k, 1 + k] + 2.0 * shape[0, 1 + k] for k in range(len(CLASSES))]
    errors = np.sqrt(np.maximum(variances, 0.0))
    return Durations(
        {hazard: float(np.exp(centre + offset)) for hazard, offset in zip(CLASSES, offsets, strict=True)},
        spread,
        {hazard: int(((number == k) & ~running).sum()) for k, hazard in enumerate(CLASSES)},
        {hazard: int(((number == k) & running).sum()) for k, hazard in enumerate(CLASSES)},
        {hazard: float(error) for hazard, error in zip(CLASSES, errors, strict=True)},
    )
