"""Uncertain numbers and the ends they may take: hazards and disruption parameters at given quantiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gamma, norm

from supplyrisk.chain.specification import RangedAssumption
from supplyrisk.disruption.assumptions import PARAMETERS, WITH_MEASURES, between
from supplyrisk.foundation.hashed_draws import hashed_uniforms
from supplyrisk.hazards.events import ON_EXPORTS
from supplyrisk.hazards.measures import Licences
from supplyrisk.hazards.model import HazardModel
from supplyrisk.hazards.severity import Severity
from supplyrisk.risk.draw_shocks import HazardDraw
from supplyrisk.risk.targets import Cell

Array = NDArray[np.float64]

HAZARD_NUMBERS = (
    "event_rates", "unlisted_events", "biting_output", "biting_exports", "severity_output", "severity_exports",
    "event_lengths", "licences_later",
)  # fmt: skip
UNCERTAIN = (*HAZARD_NUMBERS, *PARAMETERS)
"""Everything that varies between sets without measures; named as in the output."""


@dataclass(frozen=True)
class Numbers:
    """Quantile of every uncertain number, 0.5 where it is not named; ``cells`` those of the rate of each cell."""

    quantiles: Mapping[str, float]
    cells: Array | None = None

    def of(self, name: str) -> float:
        """Quantile of one number."""
        return self.quantiles.get(name, 0.5)


def drawn_numbers(seed: int, set_number: int, cells: int) -> Numbers:
    """Quantiles of a set of the outer loop, each looked up by its name."""
    quantiles = {name: float(hashed_uniforms(seed, f"set|{name}", set_number)) for name in (*UNCERTAIN, *WITH_MEASURES)}
    return Numbers(quantiles, hashed_uniforms(seed, "set|cells", set_number, np.arange(cells)))


def hazard_at(
    hazards: HazardModel,
    cells: Sequence[Cell],
    copper: RangedAssumption,
    fall_months: float,
    licence: RangedAssumption,
    numbers: Numbers,
) -> HazardDraw:
    """Hazards with every number at its quantile.

    ``fall_months`` and ``licence``: how long the fall under licences holds, and what they hold back later.

    Rate of a cell: its gamma posterior (mean, or at the cell's quantile) × the common level (gamma with the number of
    events as shape) × the part that bites (beta) × for classes that take output the factor for events that no list
    holds: yearly loss of copper mining / the loss by listed events, never below one.
    """
    table = hazards.rates.table
    rate = {(h, c): (shape, scale) for h, c, shape, scale in table.select(
        "hazard", "country", "shape", "scale").iter_rows()}  # fmt: skip
    shape, scale = np.array([rate.get((cell.hazard, cell.country), (1.0, 0.0)) for cell in cells]).T
    rates = shape * scale if numbers.cells is None else gamma.ppf(numbers.cells, shape) * scale
    total = hazards.events.events.height
    rates = rates * gamma.ppf(numbers.of("event_rates"), total) / total
    on_exports = np.array([cell.hazard in ON_EXPORTS for cell in cells])
    loss = between(copper, numbers.of("unlisted_events"))
    unlisted = max(1.0, loss / hazards.calibrated_loss)
    bites = {kind: _biting(hazards.severity[kind], numbers.of(f"biting_{kind}")) for kind in ("output", "exports")}
    rates = rates * np.where(on_exports, bites["exports"], bites["output"] * unlisted)
    severity = {kind: _moved(hazards.severity[kind], numbers.of(f"severity_{kind}")) for kind in ("output", "exports")}
    z = norm.ppf(numbers.of("event_lengths"))
    durations = replace(
        hazards.durations,
        median_months={
            hazard: median * float(np.exp(z * hazards.durations.log_error[hazard]))
            for hazard, median in hazards.durations.median_months.items()
        },
    )
    licences = Licences(hazards.licence_part, fall_months, between(licence, numbers.of("licences_later")))
    return HazardDraw(rates, severity, durations, hazards.frailty, licences)


def _biting(severity: Severity, quantile: float) -> float:
    return between(
        RangedAssumption(value=severity.biting, low=severity.biting_low, high=severity.biting_high, basis="derived"),
        quantile,
    )


def _moved(severity: Severity, quantile: float) -> Severity:
    """The severity with its level moved by its standard error."""
    return replace(severity, level=severity.level + float(norm.ppf(quantile)) * severity.level_error)
