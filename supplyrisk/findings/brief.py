"""Findings of a policy brief: its message, what a scenario would cost, and what the measures change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from supplyrisk.findings.exposure import Exposure, Share
from supplyrisk.findings.finding import Finding, confidence_of

TOPIC = "brief"
SHOWN_DAYS = 0.5
"""Days of use from which a loss, or a change of one, is told."""

_LITTLE = 0.05
"""Part of a loss below which a change of it is called little."""


@dataclass(frozen=True)
class Loss:
    """Days of normal use of a product that a region loses in a scenario, and the first short month.

    ``low`` and ``high``: with the one assumption that moves it most at the ends of its range; None where that was
    worked out for another product.
    """

    region: str
    product_id: str
    use: str
    days: float
    first_month: int
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Hardest:
    """The ready scenario that hits the topic hardest, of ``touching`` that touch it; ``losses`` by region.

    ``untold``: products it hits of which the place of use is not known; ``others``: further scenarios with a loss in
    the leading region, most first, with its days and product.
    """

    scenario_id: str
    touching: int
    untold: tuple[str, ...]
    losses: Mapping[str, Loss] = field(default_factory=dict)
    others: tuple[tuple[str, float, str], ...] = ()


@dataclass(frozen=True)
class Effect:
    """What a measure does: EUR a year of expected loss avoided with its range, and the days lost in the scenario.

    Both by region; ``days``: with the measure in place, for the product of ``Hardest.losses``.
    """

    measure_id: str
    lead_months: int
    avoided: Mapping[str, tuple[float, float, float]]
    days: Mapping[str, float]


def message_findings(found: Sequence[Exposure], region: str, line: float) -> Iterator[Finding]:
    """Where dependence on one country outside the EU is strongest, and at how many products it passes ``line``."""
    best = max(
        ((one, share) for one in found for share in _shares(one, region)),
        key=lambda pair: (pair[1].value, pair[1].end is None, -pair[0].tier, pair[0].product_id),
        default=None,
    )
    if best is None:
        yield from _of_the_world(found, region)
        return
    one, share = best
    numbers: dict[str, Any] = {
        "region": region, "product": one.product_id, "country": share.country, "range": share.range, "end": share.end,
    }  # fmt: skip
    message = "weakest_direct" if share.end is None else "weakest_behind"
    yield Finding(TOPIC, message, numbers, (share.key,), confidence_of([share.quality]))
    known = [part for one in found if (part := one.strongest(region)) is not None]
    above = [part for part in known if part.value >= line]
    if len(known) > 1:
        numbers = {
            "region": region, "line": line, "count": len(above), "total": len(known),
            "surely": sum(part.low >= line for part in known), "possibly": sum(part.high >= line for part in known),
        }  # fmt: skip
        message = "above_line_sure" if numbers["surely"] == numbers["possibly"] else "above_line"
        keys = tuple(part.key for part in above)
        yield Finding(TOPIC, message, numbers, keys, confidence_of([part.quality for part in known]))


def _shares(one: Exposure, region: str) -> Iterator[Share]:
    for listed in (one.direct, one.behind):
        if region in listed:
            yield listed[region]


def _of_the_world(found: Sequence[Exposure], region: str) -> Iterator[Finding]:
    """Without a figure on the region: who makes most in the world, and that no more can be said."""
    made = [(one, one.maker) for one in found if one.maker is not None]
    best = max(made, key=lambda pair: (pair[1].value, pair[0].product_id), default=None)
    if best is None:
        yield Finding(TOPIC, "weakest_unknown", {"region": region}, (), "high")
        return
    one, maker = best
    numbers = {
        "region": region, "product": one.product_id, "country": maker.country, "range": maker.range,
        "reason": one.untold.get(region, "no_supply_known"),
    }  # fmt: skip
    yield Finding(TOPIC, "weakest_world", numbers, (maker.key,), confidence_of([maker.quality]))


def loss_finding(hardest: Hardest | None, region: str) -> Finding:
    """What the hardest scenario takes from the region, or that none does, or that none touches the topic."""
    if hardest is None:
        return Finding(TOPIC, "loss_no_scenario", {}, (), "high")
    loss = hardest.losses.get(region)
    if loss is None and hardest.untold:
        return Finding(TOPIC, "loss_cannot_tell", {"products": list(hardest.untold), "region": region}, (), "high")
    if loss is None:
        return Finding(TOPIC, "loss_none", {"count": hardest.touching, "region": region}, (), "medium")
    numbers = {
        "scenario": hardest.scenario_id, "region": region, "product": loss.product_id, "days": loss.days,
        "month": loss.first_month, "low": loss.low, "high": loss.high,
    }  # fmt: skip
    message = "loss" if loss.use == "final" else "loss_other"
    if loss.low is not None and loss.high is not None:
        message += "_range"
        wide = loss.high - loss.low > SHOWN_DAYS * loss.days
    else:
        wide = True
    key = f"whatif/{hardest.scenario_id}/{region}/{loss.product_id}"
    return Finding(TOPIC, message, numbers, (key,), "low" if wide else "medium")


def help_finding(effects: Sequence[Effect], hardest: Hardest | None, region: str) -> Finding:
    """The measure that takes most off the loss in the scenario; without one, how many lower expected losses surely."""
    if not effects:
        return Finding(TOPIC, "help_none_touches", {}, (), "high")
    loss = hardest.losses.get(region) if hardest is not None else None
    if loss is None or hardest is None:
        surely = [one for one in effects if region in one.avoided and one.avoided[region][1] > 0.0]
        numbers: dict[str, Any] = {"count": len(effects), "surely": len(surely), "region": region}
        return Finding(TOPIC, "help_expected", numbers, _measure_keys(surely, region), "low")
    known = [one for one in effects if region in one.days]
    best = min(known, key=lambda one: (one.days[region], one.measure_id), default=None)
    if best is None or loss.days - best.days[region] < SHOWN_DAYS:
        numbers = {"count": len(effects), "region": region}
        return Finding(TOPIC, "help_nothing", numbers, _measure_keys(effects, region), "low")
    numbers = {
        "count": len(effects), "measure": best.measure_id, "before": loss.days, "after": best.days[region],
        "region": region, "product": loss.product_id, "months": best.lead_months,
    }  # fmt: skip
    sure = region in best.avoided and best.avoided[region][1] > 0.0
    message = "help_most" if sure else "help_most_doubtful"
    return Finding(TOPIC, message, numbers, _measure_keys([best], region), "low")


def limits_of_help(effects: Sequence[Effect], hardest: Hardest | None, region: str) -> Iterator[Finding]:
    """What the measures do not do: those without effect in the scenario, those that add to it, and doubtful ones."""
    loss = hardest.losses.get(region) if hardest is not None else None
    if loss is not None:
        little = max(SHOWN_DAYS, _LITTLE * loss.days)
        change = {one.measure_id: one.days[region] - loss.days for one in effects if region in one.days}
        for message, names in (
            ("help_little", [name for name, days in change.items() if abs(days) < little]),
            ("help_worse", [name for name, days in change.items() if days >= little]),
        ):
            if names:
                keys = tuple(f"measure/{region}/{name}" for name in names)
                yield Finding(TOPIC, message, {"measures": names, "part": _LITTLE}, keys, "low")
    doubtful = [one for one in effects if region in one.avoided and one.avoided[region][1] <= 0.0]
    if doubtful:
        numbers = {"count": len(doubtful), "total": len(effects), "region": region}
        yield Finding(TOPIC, "help_doubtful", numbers, _measure_keys(doubtful, region), "medium")


def _measure_keys(effects: Sequence[Effect], region: str) -> tuple[str, ...]:
    return tuple(f"measure/{region}/{one.measure_id}" for one in effects)
