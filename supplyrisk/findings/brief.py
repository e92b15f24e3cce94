"""Findings of a policy brief: where dependence is strongest, and what a scenario would cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from supplyrisk.findings.exposure import Exposure, Share
from supplyrisk.findings.finding import Finding, confidence_of

TOPIC = "brief"


@dataclass(frozen=True)
class Loss:
    """Days of normal use of a product that a region loses in a scenario, the first short month, and the worst.

    ``low`` and ``high``: with the one assumption that moves it most, ``parameter``, at the ends of its range; None
    where that was worked out for another product. ``worst_share``: of demand that is not met in ``worst_month``;
    ``recovered_month``: the month after the last short one, None where it is short to the end.
    """

    region: str
    product_id: str
    use: str
    days: float
    first_month: int
    worst_month: int
    worst_share: float
    recovered_month: int | None = None
    low: float | None = None
    high: float | None = None
    parameter: str | None = None


@dataclass(frozen=True)
class Hardest:
    """The ready scenario that hits the topic hardest, of ``touching`` that touch it; ``losses`` by region.

    ``months``: length of the run; ``untold``: products it hits of which the place of use is not known; ``others``:
    further scenarios with a loss in the leading region, most first, with its days and product.
    """

    scenario_id: str
    touching: int
    months: int
    untold: tuple[str, ...] = ()
    losses: Mapping[str, Loss] = field(default_factory=dict)
    others: tuple[tuple[str, float, str], ...] = ()


def weakest_finding(found: Sequence[Exposure], own: Sequence[str], region: str) -> Finding:
    """Where dependence on one country outside the EU is strongest: of the topic's ``own`` products, else of all.

    A share without a range is named only where there is none with one; where it is larger, its product is told.
    Without any figure on the region: who makes most in the world, and that no more can be said.
    """
    named = [one for one in found if one.product_id in own]
    pool = named if _strongest(named, region) is not None else found
    best = _strongest(pool, region)
    if best is None:
        open_ = _strongest(named, region, ranged=False) or _strongest(found, region, ranged=False)
        return _of_the_world(named or found, region) if open_ is None else _not_told(*open_, region)
    one, share = best
    numbers: dict[str, Any] = {
        "region": region, "product": one.product_id, "country": share.country, "range": share.range, "end": share.end,
        "year": share.year,
    }  # fmt: skip
    message = "weakest_direct" if share.end is None else "weakest_behind"
    larger = [
        other.product_id
        for other in pool
        if any(part.without_range is not None and part.value > share.value for part in _shares(other, region))
    ]
    if larger:
        message, numbers = f"{message}_partly", numbers | {"open": larger}
    return Finding(TOPIC, message, numbers, (share.key,), confidence_of([share.quality]))


def above_line_findings(found: Sequence[Exposure], region: str, line: float) -> Iterator[Finding]:
    """At how many products dependence passes ``line``, where it is known of two or more, and which are not counted.

    A share without a range is no known one: neither surely nor possibly.
    """
    strongest = [(one, part) for one in found if (part := one.strongest(region)) is not None]
    known = [part for _, part in strongest if part.without_range is None]
    left = {one.product_id: part.key for one, part in strongest if part.without_range is not None}
    if len(known) < 2:
        yield from _left_out(left)
        return
    above = [part for part in known if part.value >= line]
    numbers: dict[str, Any] = {
        "region": region, "line": line, "count": len(above), "total": len(known),
        "surely": sum(part.low >= line for part in known), "possibly": sum(part.high >= line for part in known),
    }  # fmt: skip
    message = "above_line_sure" if numbers["surely"] == numbers["possibly"] else "above_line"
    keys = tuple(part.key for part in above)
    yield Finding(TOPIC, message, numbers, keys, confidence_of([part.quality for part in known]))
    yield from _left_out(left)


def _left_out(left: Mapping[str, str]) -> Iterator[Finding]:
    """Products that are not counted, with the keys of their shares."""
    if left:
        yield Finding(TOPIC, "above_line_left_out", {"products": list(left)}, tuple(left.values()), "high")


def loss_finding(hardest: Hardest | None, region: str) -> Finding:
    """What the hardest scenario takes from the region, or that none does, or that none touches the topic."""
    if hardest is None:
        return Finding(TOPIC, "loss_no_scenario", {}, (), "high")
    loss = hardest.losses.get(region)
    if loss is None and hardest.untold:
        return Finding(TOPIC, "loss_cannot_tell", {"products": list(hardest.untold), "region": region}, (), "high")
    if loss is None:
        return Finding(TOPIC, "loss_none", {"count": hardest.touching, "region": region}, (), "medium")
    message = "loss" if loss.use == "final" else "loss_other"
    if loss.parameter is not None:
        message += "_range"
    numbers = {
        "scenario": hardest.scenario_id, "region": region, "product": loss.product_id, "days": loss.days,
        "months": hardest.months, "low": loss.low, "high": loss.high, "parameter": loss.parameter,
    }  # fmt: skip
    return Finding(TOPIC, message, numbers, (_key(hardest, loss),), _sureness(loss))


def course_finding(hardest: Hardest, region: str) -> Finding | None:
    """When the region falls short in the hardest scenario, how deep, and whether it recovers; None where it loses none.

    The number of days is that of ``loss_finding``.
    """
    loss = hardest.losses.get(region)
    if loss is None:
        return None
    numbers = {
        "region": region, "product": loss.product_id, "days": loss.days, "first": loss.first_month,
        "worst": loss.worst_month, "share": loss.worst_share, "recovered": loss.recovered_month,
        "months": hardest.months,
    }  # fmt: skip
    message = "course" if loss.use == "final" else "course_other"
    if loss.recovered_month is None:
        message += "_open"
    return Finding(TOPIC, message, numbers, (_key(hardest, loss),), _sureness(loss))


def _key(hardest: Hardest, loss: Loss) -> str:
    return f"whatif/{hardest.scenario_id}/{loss.region}/{loss.product_id}"


def _sureness(loss: Loss) -> Any:
    """Low where the loss moves by more than half over the range of one assumption, or where that is not known."""
    if loss.low is None or loss.high is None:
        return "low"
    return "low" if loss.high - loss.low > 0.5 * loss.days else "medium"


def _strongest(found: Sequence[Exposure], region: str, ranged: bool = True) -> tuple[Exposure, Share] | None:
    """The largest share, of those with a range or of those without one."""
    return max(
        ((one, share) for one in found for share in _shares(one, region) if (share.without_range is None) == ranged),
        key=lambda pair: (pair[1].value, pair[1].end is None, -pair[0].tier, pair[0].product_id),
        default=None,
    )


def _not_told(one: Exposure, share: Share, region: str) -> Finding:
    """A share that no range goes with, as what it is."""
    numbers = {
        "region": region, "product": one.product_id, "country": share.country, "share": share.value, "end": share.end,
        "year": share.year,
    }  # fmt: skip
    message = "weakest_not_told_direct" if share.end is None else "weakest_not_told_behind"
    return Finding(TOPIC, message, numbers, (share.key,), "low")


def _shares(one: Exposure, region: str) -> Iterator[Share]:
    for listed in (one.direct, one.behind):
        if region in listed:
            yield listed[region]


def _of_the_world(found: Sequence[Exposure], region: str) -> Finding:
    made = [(one, one.maker) for one in found if one.maker is not None]
    best = max(made, key=lambda pair: (pair[1].value, pair[0].product_id), default=None)
    if best is None:
        return Finding(TOPIC, "weakest_unknown", {"region": region}, (), "high")
    one, maker = best
    numbers = {
        "region": region, "product": one.product_id, "country": maker.country, "range": maker.range,
        "share": maker.value, "year": maker.year, "reason": one.untold.get(region, "no_supply_known"),
    }  # fmt: skip
    message = "weakest_world" if maker.without_range is None else "weakest_world_no_range"
    return Finding(TOPIC, message, numbers, (maker.key,), confidence_of([maker.quality]))
