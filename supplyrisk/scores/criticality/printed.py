"""Supply risk from printed inputs: each stands for an interval of half its last digit, and so does the result."""

from __future__ import annotations

from dataclasses import dataclass

from supplyrisk.scores.criticality.formulas import SupplyData, core, supply_risk

INDEX_STEP = 0.1
HALF_STEP = INDEX_STEP / 2.0
PERCENT_STEP = 0.01


@dataclass(frozen=True)
class PrintedInputs:
    """Inputs of one supply risk as a study prints them: indices with one decimal, rates in whole per cent."""

    supply_data: SupplyData
    hhi_global: float | None
    hhi_eu: float | None
    import_reliance: float | None
    eol_rir: float
    substitution_index: float


@dataclass(frozen=True)
class Bounds:
    """Smallest, as printed, and largest."""

    low: float
    value: float
    high: float


def rounded(value: float, step: float, maximum: float | None = None) -> Bounds:
    """What a printed figure may stand for: half a step either way, not below 0 nor above ``maximum``."""
    high = value + step / 2.0
    return Bounds(max(value - step / 2.0, 0.0), value, high if maximum is None else min(high, maximum))


def supply_risk_bounds(printed: PrintedInputs) -> Bounds:
    """Supply risk from the printed inputs, with the ends that their rounding allows.

    The formula rises in both indices and in SI and falls in EoL-RIR; in import reliance it is linear, so the ends of
    every input hold the ends of the result. Raises ``ValueError`` where an input that the mix needs is missing.
    """
    needs_global, needs_eu = printed.supply_data != "eu", printed.supply_data != "global"
    if needs_global and printed.hhi_global is None:
        raise ValueError("the index of world supply is missing")
    if needs_eu and printed.hhi_eu is None:
        raise ValueError("the index of EU sourcing is missing")
    if printed.supply_data == "both" and printed.import_reliance is None:
        raise ValueError("import reliance is missing")
    of_world = rounded(printed.hhi_global or 0.0, INDEX_STEP)
    of_eu = rounded(printed.hhi_eu or 0.0, INDEX_STEP)
    reliance = rounded(printed.import_reliance or 0.0, PERCENT_STEP, 1.0)
    recycled = rounded(printed.eol_rir, PERCENT_STEP, 1.0)
    substitution = rounded(printed.substitution_index, INDEX_STEP, 1.0)

    def cores(end: str) -> list[float]:
        ends = (getattr(of_world, end), getattr(of_eu, end))
        return [float(core(*ends, share, printed.supply_data)) for share in (reliance.low, reliance.high)]

    value = float(core(of_world.value, of_eu.value, reliance.value, printed.supply_data))
    return Bounds(
        float(supply_risk(min(cores("low")), recycled.high, substitution.low)),
        float(supply_risk(value, recycled.value, substitution.value)),
        float(supply_risk(max(cores("high")), recycled.low, substitution.high)),
    )
