"""Part of a country's output, or of its exports, that is gone while an event lasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import beta

from supplyrisk.foundation.errors import InputError
from supplyrisk.hazards.events import CLASSES, ON_EXPORTS, EventSet, Share

Array = NDArray[np.float64]

FULL = 0.99
"""From this share on a loss counts as whole, and is a mass of its own beside the beta distribution."""
_FEWEST = 6


@dataclass(frozen=True)
class Severity:
    """A part ``whole`` of events takes all; the others a beta of ``mean`` and ``concentration`` (a + b).

    ``sample``: number of rows; ``biting``: part of events with a documented effect, ``biting_low``/``biting_high`` its
    90 % interval (Jeffreys).
    """

    whole: float
    mean: float
    concentration: float
    sample: int
    biting: float
    biting_low: float
    biting_high: float

    def quantile(self, uniform: Array) -> Array:
        """Severities at uniform numbers in (0, 1)."""
        within = np.clip(uniform / max(1.0 - self.whole, 1e-12), 0.0, 1.0)
        spread = beta.ppf(within, self.mean * self.concentration, (1.0 - self.mean) * self.concentration)
        return np.where(uniform >= 1.0 - self.whole, 1.0, spread)

    @property
    def average(self) -> float:
        """Mean severity of a biting event."""
        return self.whole + (1.0 - self.whole) * self.mean


def fit_severity(
    found: EventSet, table: pl.DataFrame, products: Mapping[str, set[str]], share: Share
) -> dict[str, Severity]:
    """Severity of ``output`` (capacity lost) and of ``exports`` (deliveries that no longer pass), pooled over classes.

    Output: shares of a country's output, and world shares halted over the country's share of world output. Exports:
    falls of shipments and cuts of quotas. Exposed or at-risk shares are no losses and never enter; rows of zero are
    false alarms. ``products``: those hit by row id. Raises ``InputError`` with too few rows.
    """
    kept = table.filter(pl.col("event_no").is_in(found.events["event_no"].implode()) & pl.col("hazard").is_in(CLASSES))
    values: dict[str, dict[str, list[float]]] = {"output": {}, "exports": {}}
    for row in kept.iter_rows(named=True):
        kind, value = _loss(row, products[row["row_id"]], share)
        if kind is not None and value > 0.0:
            values[kind].setdefault(row["event_no"], []).append(min(value, 1.0))
    fits = {}
    for kind, by_event in values.items():
        losses = np.array([np.mean(own) for own in by_event.values()])
        if len(losses) < _FEWEST:
            raise InputError(
                f"data/events.csv: only {len(losses)} events up to {found.last_day} tell a loss of {kind}, "
                f"{_FEWEST} are needed to fit its severity. Choose a later --as-of."
            )
        own = found.events.filter(pl.col("hazard").is_in(ON_EXPORTS) == (kind == "exports"))
        bites, total = int(own["biting"].sum()), own.height
        partial = losses[losses < FULL]
        mean, concentration = _beta_fit(np.clip(partial, 0.005, 0.985)) if len(partial) > 2 else (0.5, 2.0)
        fits[kind] = Severity(
            whole=float((losses >= FULL).mean()),
            mean=mean,
            concentration=concentration,
            sample=len(losses),
            biting=(bites + 0.5) / (total + 1.0),
            biting_low=float(beta.ppf(0.05, bites + 0.5, total - bites + 0.5)),
            biting_high=float(beta.ppf(0.95, bites + 0.5, total - bites + 0.5)),
        )
    return fits


def _loss(row: Mapping[str, object], products: set[str], share: Share) -> tuple[str | None, float]:
    basis, value = row["capacity_basis"], row["capacity_share"]
    if row["hazard"] in ON_EXPORTS:
        return ("exports", float(value)) if basis in ("exports", "quota") and value is not None else (None, 0.0)  # type: ignore[arg-type]
    if basis == "country" and value is not None:
        return "output", float(value)  # type: ignore[arg-type]
    own = max((share(product, str(row["iso3"])) for product in products), default=0.0)
    if row["world_basis"] == "halted_rate" and own > 0.0:
        return "output", float(row["world_share"]) / own  # type: ignore[arg-type]
    return None, 0.0


def _beta_fit(values: Array) -> tuple[float, float]:
    """Mean and concentration by maximum likelihood, with one prior observation's worth of a flat distribution."""

    def loss(parameters: Array) -> float:
        mean, concentration = 1.0 / (1.0 + np.exp(-parameters[0])), np.exp(parameters[1])
        a, b = mean * concentration, (1.0 - mean) * concentration
        flat = 0.5 * (parameters[0] ** 2 + (parameters[1] - np.log(2.0)) ** 2)
        return float(-beta.logpdf(values, a, b).sum() + flat)

    found = minimize(loss, np.array([0.0, np.log(2.0)]), method="Nelder-Mead")
    return float(1.0 / (1.0 + np.exp(-found.x[0]))), float(np.exp(found.x[1]))
