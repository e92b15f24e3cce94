"""Findings of a policy brief on measures: what they take off a loss, what that costs, and what they do not do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from supplyrisk.disruption.final_use import SHOWN_DAYS
from supplyrisk.findings.brief import TOPIC, Hardest
from supplyrisk.findings.finding import Finding

_LITTLE = 0.05
"""Part of a loss below which a change of it is called little."""
_TOLD_EUR = 5e4
"""EUR a year from which a loss avoided is told as more than 0.0 million."""
MOST_PER_AVOIDED = 1000.0
"""EUR for an avoided euro above which nobody would say that a measure helps per euro."""
MOST_NAMED = 4
"""Measures with one effect that are named; of more the first, and how many others."""

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
    the same on the fewer draws of the screening; ``places``: the first and the last place by euro that the draws leave
    open. None where not known. ``full_month``: of a run that begins with the decision (schedule.full_month).
    """

    measure_id: str
    lead_months: int
    full_month: int
    avoided: Range
    days: float | None = None
    cost: float | None = None
    per_avoided: Ratio | None = None
    rank: int | None = None
    rank_screened: int | None = None
    places: tuple[int, int] | None = None


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
    """The measure that takes most off the loss in the scenario, or all that do as well to half a day.

    Without one that was tried, how many lower expected losses surely.
    """
    if not effects:
        return Finding(TOPIC, "help_none_touches", {}, (), "high")
    loss = hardest.losses.get(region) if hardest is not None else None
    if loss is None:
        surely = [one for one in effects if surely_lowers(one.avoided)]
        numbers: dict[str, Any] = {"count": len(effects), "surely": len(surely), "region": region}
        return Finding(TOPIC, "help_expected", numbers, _keys(surely, region), "low")
    alike = most_helpful(effects, hardest, region)
    if not alike:
        return Finding(TOPIC, "help_nothing", {"count": len(effects), "region": region}, _keys(effects, region), "low")
    first = alike[0]
    doubtful = sum(not surely_lowers(one.avoided) for one in alike)
    numbers = {
        "count": len(effects), "measure": first.measure_id, "before": loss.days, "after": _days_left(first),
        "region": region, "product": loss.product_id, "month": first.full_month,
    }  # fmt: skip
    message = "help_most"
    if len(alike) > 1:
        message = "help_several"
        most = max(_days_left(one) for one in alike)
        names = [one.measure_id for one in alike]
        numbers |= {"after": most, "measures": names, "alike": len(alike), "doubtful": doubtful}
    return Finding(TOPIC, f"{message}_doubtful" if doubtful else message, numbers, _keys(alike, region), "low")


def most_helpful(effects: Sequence[Effect], hardest: Hardest | None, region: str) -> list[Effect]:
    """Measures that leave the fewest days of the loss, and those within ``SHOWN_DAYS`` of that; the cheapest first.

    Those that do not surely lower expected losses come after those that do, and costs that are not known last. None
    where nothing takes ``SHOWN_DAYS`` off the loss, or where there is no loss.
    """
    loss = hardest.losses.get(region) if hardest is not None else None
    tried = [one for one in effects if one.days is not None]
    if loss is None or not tried:
        return []
    least = min(map(_days_left, tried))
    if loss.days - least < SHOWN_DAYS:
        return []
    alike = [one for one in tried if _days_left(one) - least < SHOWN_DAYS and loss.days - _days_left(one) >= SHOWN_DAYS]
    return sorted(
        alike,
        key=lambda one: (
            not surely_lowers(one.avoided), one.cost is None, one.cost or 0.0, _days_left(one), one.measure_id,
        ),
    )  # fmt: skip


def shown_in_table(effects: Sequence[Effect], hardest: Hardest | None, region: str, room: int) -> list[Effect]:
    """Measures that fit in ``room`` rows, in the order by euro, of those that matter.

    Those that findings name always stand there, even beyond the room: what helps most, and what harms.
    """
    named = [*most_helpful(effects, hardest, region)[:MOST_NAMED], *_worse(effects, hardest, region)]
    others = [one for one in by_euro(effects, hardest, region) if matters(one, hardest, region) and one not in named]
    shown = [*named, *others[: max(0, room - len(named))]]
    return by_euro(shown, hardest, region)


def per_euro_findings(effects: Sequence[Effect], region: str) -> Iterator[Finding]:
    """Which measure avoids most per euro, whether the screening says the same, and the places that stay open.

    None is named where the first costs more than ``MOST_PER_AVOIDED``; nothing is said where there are no measures.
    """
    if not effects:
        return
    ranked = sorted((one for one in effects if one.rank is not None), key=lambda one: one.rank or 0)
    if not ranked:
        yield Finding(TOPIC, "per_euro_none", {"count": len(effects), "region": region}, (), "high")
        return
    first = ranked[0]
    numbers: dict[str, Any] = {"measure": first.measure_id, "ratio": first.per_avoided, "region": region}
    if first.per_avoided is not None and first.per_avoided[0] > MOST_PER_AVOIDED:
        numbers = {"ranked": len(ranked), "most": MOST_PER_AVOIDED, "region": region}
        yield Finding(TOPIC, "per_euro_dear", numbers, _keys(ranked, region), "low")
        return
    message = "per_euro_saves" if first.per_avoided is None else "per_euro"
    if first.rank_screened != 1:
        message += "_unsure"
    yield Finding(TOPIC, message, numbers, _keys([first], region), "low")
    if first.places is not None and first.places[0] != first.places[1]:
        numbers = {"measure": first.measure_id, "first": first.places[0], "last": first.places[1]}
        yield Finding(TOPIC, "per_euro_place", numbers, _keys([first], region), "low")


def limits_of_help(effects: Sequence[Effect], hardest: Hardest | None, region: str) -> Iterator[Finding]:
    """What the measures do not do: those that add to the loss in the scenario, and how many are doubtful."""
    worse = _worse(effects, hardest, region)
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


def _worse(effects: Sequence[Effect], hardest: Hardest | None, region: str) -> list[Effect]:
    return [one for one in effects if change_of(one, hardest, region) >= _little(hardest, region)]


def _days_left(one: Effect) -> float:
    assert one.days is not None, "only those that were tried are set against the loss"
    return one.days


def _keys(effects: Sequence[Effect], region: str) -> tuple[str, ...]:
    return tuple(f"measure/{region}/{one.measure_id}" for one in effects)
