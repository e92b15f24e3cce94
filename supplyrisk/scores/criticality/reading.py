"""Which mix and import reliance a published supply risk can rest on, where the study prints shares and t but not these.

(1 − EoL-RIR)·SI_SR cannot exceed one, so published / core cannot either, but for rounding and the vintage of the
governance indicators. That bounds the import reliance from the published score itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from supplyrisk.scores.criticality.formulas import SupplyData, core

FACTOR_BOUND = 1.03
"""Largest published / core that rounding and the vintage of the indicators explain (2023 edition, docs/method.md)."""


@dataclass(frozen=True)
class Reading:
    """A mix and the range of import reliance under which the published score is possible, with its implied factor."""

    supply_data: SupplyData
    reliance_low: float
    reliance_high: float
    factor_low: float
    factor_high: float

    @property
    def reliance(self) -> float:
        """Middle of the range; it bears no evidence of its own."""
        return (self.reliance_low + self.reliance_high) / 2.0


def implied_factor(published: float, hhi_global: float | None, hhi_eu: float | None) -> float | None:
    """Smallest (1 − EoL-RIR)·SI_SR that any mix allows; None without an index.

    ``published`` / the largest core: the core is linear in import reliance, so one of EU sourcing alone, both at full
    reliance and world supply alone holds the largest.
    """
    cores = [index for index in (hhi_global, hhi_eu) if index is not None]
    return published / max(cores) if cores and max(cores) > 0.0 else None


def read_published(published: float, hhi_global: float | None, hhi_eu: float | None) -> Reading | None:
    """The reading of a published score: both mixes where any import reliance allows it, else world supply alone.

    None where no mix reaches the score, or no index is known. With one index only, that mix is the reading and import
    reliance plays no part (0 … 1).
    """
    needed = published / FACTOR_BOUND
    if hhi_global is None and hhi_eu is None:
        return None
    if hhi_global is None or hhi_eu is None:
        alone = hhi_eu if hhi_global is None else hhi_global
        return _alone("eu" if hhi_global is None else "global", published, alone)
    at_zero, at_one = hhi_eu, (hhi_global + hhi_eu) / 2.0
    if max(at_zero, at_one) < needed:
        return _alone("global", published, hhi_global)
    low, high = 0.0, 1.0
    if min(at_zero, at_one) < needed:
        crossing = (needed - at_zero) / (at_one - at_zero)
        low, high = (crossing, 1.0) if at_one > at_zero else (0.0, crossing)
    factors = sorted(published / float(core(hhi_global, hhi_eu, reliance, "both")) for reliance in (low, high))
    return Reading("both", low, high, factors[0], factors[1])


def _alone(supply_data: SupplyData, published: float, index: float | None) -> Reading | None:
    if index is None or index <= 0.0 or published / index > FACTOR_BOUND:
        return None
    return Reading(supply_data, 0.0, 1.0, published / index, published / index)
