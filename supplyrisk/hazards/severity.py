"""Part of a country's output, or of its exports, that is gone while an event lasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.stats import beta

from supplyrisk.foundation.errors import NotKnownError
from supplyrisk.hazards.events import ON_EXPORTS, EventSet

Array = NDArray[np.float64]

FEWEST_EVENTS = 6
"""So many events a severity takes, and each group of classes before anything is fitted to it."""
_SMALLEST, _LARGEST = 0.005, 0.985
"""Losses are held within these, so that the density of a whole stop is finite."""
_SLOPE_SPREAD, _CONCENTRATION_SPREAD = 1.0, 1.0
"""Standard deviations of the priors on the slope (around none) and on log concentration (around log 2)."""


@dataclass(frozen=True)
class Severity:
    """Beta distribution whose mean m depends on the maker's share of world output.

    logit m = ``level`` + ``slope``·log share; ``concentration`` a + b; ``level_error`` the standard error of the level
    at ``usual_log_share``. ``sample``: number of events with a figure. ``biting``: part of events with a documented
    effect, ``biting_low``/``biting_high`` its 90 % interval (Jeffreys).
    """

    level: float
    slope: float
    usual_log_share: float
    level_error: float
    concentration: float
    sample: int
    biting: float
    biting_low: float
    biting_high: float

    def mean(self, share: ArrayLike) -> Array:
        """Mean severity of an event that bites, for a maker of that share of world output."""
        score = self.level + self.slope * np.log(np.asarray(share, dtype=np.float64))
        return np.asarray(1.0 / (1.0 + np.exp(-score)))

    def quantile(self, uniform: Array, share: Array) -> Array:
        """Severities at uniform numbers in (0, 1)."""
        mean = self.mean(share)
        return np.asarray(beta.ppf(uniform, mean * self.concentration, (1.0 - mean) * self.concentration))


def fit_severity(found: EventSet) -> dict[str, Severity]:
    """Severity of ``output`` (capacity lost) and of ``exports`` (deliveries that no longer pass), pooled over classes.

    Output: shares of a country's output, and world shares halted over the country's share of world output; a large
    maker seldom stops as a whole, hence the slope. Exports: falls of shipments and cuts of quotas. Exposed or at-risk
    shares are no losses and never enter, nor do shares of a material of which only the family's mines are known; rows
    of zero are false alarms. An event counts once, with its mean. Raises
    ``NotKnownError`` with too few events.
    """
    values: dict[str, dict[str, list[tuple[float, float]]]] = {"output": {}, "exports": {}}
    for row in found.rows.iter_rows(named=True):
        own = float(row["maker_share"])
        kind, value = _loss(row, own)
        if kind is not None and value > 0.0 and own > 0.0:
            values[kind].setdefault(row["event_no"], []).append((min(value, 1.0), own))
    fits = {}
    for kind, by_event in values.items():
        if len(by_event) < FEWEST_EVENTS:
            raise NotKnownError(
                f"data/events.csv: events up to {found.last_day} that tell a loss of {kind}: {len(by_event)}; "
                f"{FEWEST_EVENTS} are needed to fit its severity. Choose a later --as-of.",
                "events",
            )
        losses = np.array([np.mean([value for value, _ in own]) for own in by_event.values()])
        shares = np.array([np.mean([part for _, part in own]) for own in by_event.values()])
        level, slope, concentration, error = _beta_fit(np.clip(losses, _SMALLEST, _LARGEST), np.log(shares))
        own_events = found.events.filter(pl.col("hazard").is_in(ON_EXPORTS) == (kind == "exports"))
        bites, total = int(own_events["biting"].sum()), own_events.height
        fits[kind] = Severity(
            level=level,
            slope=slope,
            usual_log_share=float(np.log(shares).mean()),
            level_error=error,
            concentration=concentration,
            sample=len(losses),
            biting=(bites + 0.5) / (total + 1.0),
            biting_low=float(beta.ppf(0.05, bites + 0.5, total - bites + 0.5)),
            biting_high=float(beta.ppf(0.95, bites + 0.5, total - bites + 0.5)),
        )
    return fits


def _loss(row: Mapping[str, object], own: float) -> tuple[str | None, float]:
    basis, value = row["capacity_basis"], row["capacity_share"]
    if row["of_family"]:
        return None, 0.0
    if row["hazard"] in ON_EXPORTS:
        return ("exports", float(value)) if basis in ("exports", "quota") and value is not None else (None, 0.0)  # type: ignore[arg-type]
    if basis == "country" and value is not None:
        return "output", float(value)  # type: ignore[arg-type]
    if row["world_basis"] == "halted_rate" and own > 0.0:
        return "output", float(row["world_share"]) / own  # type: ignore[arg-type]
    return None, 0.0


def _beta_fit(losses: Array, log_share: Array) -> tuple[float, float, float, float]:
    """Level, slope, concentration and the error of the level at the usual share, by penalised maximum likelihood."""
    usual = log_share.mean()

    def loss(parameters: Array) -> float:
        mean = 1.0 / (1.0 + np.exp(-(parameters[0] + parameters[1] * (log_share - usual))))
        concentration = np.exp(parameters[2])
        prior = 0.5 * (parameters[1] / _SLOPE_SPREAD) ** 2
        prior += 0.5 * ((parameters[2] - np.log(2.0)) / _CONCENTRATION_SPREAD) ** 2
        return float(-beta.logpdf(losses, mean * concentration, (1.0 - mean) * concentration).sum() + prior)

    found = minimize(loss, np.array([0.0, 0.0, np.log(2.0)]), method="BFGS")
    centre, slope, log_concentration = (float(value) for value in found.x)
    error = float(np.sqrt(found.hess_inv[0, 0]))
    return centre - slope * float(usual), slope, float(np.exp(log_concentration)), error
