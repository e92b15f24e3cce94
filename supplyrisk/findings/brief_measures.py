"""Findings of a policy brief on measures: what they take off a loss, what that costs, and what they do not do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from supplyrisk.findings.brief import SHOWN_DAYS, TOPIC, Hardest
from supplyrisk.findings.finding import Finding

_LITTLE = 0.05
"""Part of a loss below which a change of it is called little."""
_TOLD_EUR = 5e4
"""EUR a year from which a loss avoided is told as more than 0.0 million."""

Range = tuple[float, float, float]
"""Value, low, high."""
Ratio = tuple[float, float | None, float | None]
"""The same of a cost for an avoided euro: no low end where it saves money, no high one where nothing is avoided."""


@dataclass(frozen=True)
class Effect:
    """What a measure does in the leading region, and what it costs.

    ``avoided``: EUR a year of expected loss of all products, with its range; ``days``: lost in the hardest scenario
    with the measure in place, of the product of ``Hardest.losses`` (None where that was not worked out); ``cost``: EUR
    a year; ``per_avoided``: EUR of cost for an avoided euro with its range; ``rank`` by euro, and ``rank_screened``,
    the same on the fewer draws of the screening. None where not known.
    """

    measure_id: str
    lead_months: int
    avoided: Range
    days: float | None = None
    cost: float | None = None
    per_avoided: Ratio | None = None
    rank: int | None = None
    rank_screened: int | None = None


def surely_lowers(avoided: Range) -> bool:
    """Whether losses are avoided over the whole range, as told in EUR m with one decimal: it begins at 0.1 or above."""
    return avoided[1] >= _TOLD_EUR


def surely_raises(avoided: Range) -> bool:
    """Whether losses grow over the whole range, as told in EUR m with one decimal: it ends at -0.1 or below."""
    return avoided[2] <= -_TOLD_EUR


def change_of(one: Effect, hardest: Hardest | None, region: str) -> float:
    """Days that the measure adds to the loss of the region (below nothing: takes off); 0 where not worked out."""
    loss = hardest.losses.get(region) if hardest is not None else None
    return 0.0 if loss is None or one.days is None else one.days - loss.days


def matters(one: Effect, hardest: Hardest | None, region: str) -> bool:
    """Whether the measure changes the loss by more than a little, or has a place in the order by euro."""
    return one.rank is not None or abs(change_of(one, hardest, region)) >= _little(hardest, region)


def by_euro(effects: Sequence[Effect], hardest: Hardest | None, region: str) -> list[Effect]:
    """Measures in the order by euro, then those without one: most days taken off first, then most avoided."""
    return sorted(
        effects,
        key=lambda one: (
            one.rank is None, one.rank or 0, round(change_of(one, hardest, region), 1), -one.avoided[0], one.measure_id,
        ),
    )  # fmt: skip


def help_finding(effects: Sequence[Effect], hardest: Hardest | None, region: str) -> Finding:
    """The measure that takes most off the loss in the scenario; without one, how many lower expected losses surely."""
    if not effects:
        return Finding(TOPIC, "help_none_touches", {}, (), "high")
    loss = hardest.losses.get(region) if hardest is not None else None
    if loss is None:
        surely = [one for one in effects if surely_lowers(one.avoided)]
        numbers: dict[str, Any] = {"count": len(effects), "surely": len(surely), "region": region}
        return Finding(TOPIC, "help_expected", numbers, _keys(surely, region), "low")
    best = min((one for one in effects if one.days is not None), key=_days_left, default=None)
    if best is None or best.days is None or loss.days - best.days < SHOWN_DAYS:
        return Finding(TOPIC, "help_nothing", {"count": len(effects), "region": region}, _keys(effects, region), "low")
    numbers = {
        "count": len(effects), "measure": best.measure_id, "before": loss.days, "after": best.days,
        "region": region, "product": loss.product_id, "months": best.lead_months,
    }  # fmt: skip
    message = "help_most" if surely_lowers(best.avoided) else "help_most_doubtful"
    return Finding(TOPIC, message, numbers, _keys([best], region), "low")


def per_euro_finding(effects: Sequence[Effect], region: str) -> Finding | None:
    """Which measure avoids most per euro, and whether the screening says the same; None where there are no measures."""
    if not effects:
        return None
    ranked = sorted((one for one in effects if one.rank is not None), key=lambda one: one.rank or 0)
    if not ranked:
        return Finding(TOPIC, "per_euro_none", {"count": len(effects), "region": region}, (), "high")
    first = ranked[0]
    message = "per_euro_saves" if first.per_avoided is None else "per_euro"
    if first.rank_screened != 1:
        message += "_unsure"
    numbers = {"measure": first.measure_id, "ratio": first.per_avoided, "ranked": len(ranked), "region": region}
    return Finding(TOPIC, message, numbers, _keys([first], region), "low")


def limits_of_help(effects: Sequence[Effect], hardest: Hardest | None, region: str) -> Iterator[Finding]:
    """What the measures do not do: those that add to the loss in the scenario, and how many are doubtful."""
    worse = [one for one in effects if change_of(one, hardest, region) >= _little(hardest, region)]
    if worse:
        names = [one.measure_id for one in worse]
        yield Finding(TOPIC, "help_worse", {"measures": names}, _keys(worse, region), "low")
    doubtful = [one for one in effects if not surely_lowers(one.avoided)]
    if doubtful:
        message = "help_doubtful_all" if len(doubtful) == len(effects) else "help_doubtful"
        numbers: Mapping[str, Any] = {"count": len(doubtful), "total": len(effects), "region": region}
        yield Finding(TOPIC, message, numbers, _keys(doubtful, region), "medium")


def _little(hardest: Hardest | None, region: str) -> float:
    loss = hardest.losses.get(region) if hardest is not None else None
    return SHOWN_DAYS if loss is None else max(SHOWN_DAYS, _LITTLE * loss.days)


def _days_left(one: Effect) -> tuple[float, str]:
    return (0.0 if one.days is None else one.days, one.measure_id)


def _keys(effects: Sequence[Effect], region: str) -> tuple[str, ...]:
    return tuple(f"measure/{region}/{one.measure_id}" for one in effects)
