"""The live score at the corners in plain loops: one governance, one member, one country at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from supplyrisk.scores.criticality.live_core import ENDS, Conditions, End, LiveInput, Scope
from supplyrisk.scores.criticality.reading import Reading
from supplyrisk.scores.criticality.restrictions import trade_parameter_of

LARGEST_MISSING = 0.10


def plain_corners(
    published: float,
    inputs: Sequence[LiveInput],
    conditions: Conditions,
    choices: Sequence[tuple[Mapping[str, float], Mapping[str, float]]],
    reading: Reading,
) -> list[list[float | None]]:
    """By choice of governance (of the study, of today): every end of import reliance and in it of t."""
    found = []
    for of_study, of_today in choices:
        corners: list[float | None] = []
        for reliance in (reading.reliance_low, reading.reliance, reading.reliance_high):
            before = _core(inputs, conditions, of_study, reading, reliance, "value", today=False)
            for end in ENDS:
                now = _core(inputs, conditions, of_today, reading, reliance, end, today=True)
                corners.append(None if before is None or now is None else published * now / before)
        found.append(corners)
    return found


def _core(
    inputs: Sequence[LiveInput],
    conditions: Conditions,
    risks: Mapping[str, float],
    reading: Reading,
    reliance: float,
    end: End,
    today: bool,
) -> float | None:
    weights: dict[Scope, float] = {
        "global": 1.0 if reading.supply_data == "global" else reliance / 2.0,
        "eu": 1.0 if reading.supply_data == "eu" else 1.0 - reliance / 2.0,
    }
    total = 0.0
    for scope, weight in weights.items():
        if reading.supply_data not in (scope, "both"):
            continue
        indices = [_index(one, scope, conditions, risks, end, today) for one in inputs]
        known = [index for index in indices if index is not None]
        if len(known) < len(indices):
            return None
        total += weight * sum(known) / len(known)
    return total


def _index(
    one: LiveInput, scope: Scope, conditions: Conditions, risks: Mapping[str, float], end: End, today: bool
) -> float | None:
    study, later = one.study(scope), one.now(scope)
    if study is None:
        return None
    mix = later if today and later is not None else study
    printed = dict(zip(study.countries, study.trade_parameters.tolist(), strict=True))
    shares = dict(zip(mix.countries, mix.shares.tolist(), strict=True))
    squares = sum(share**2 for share in shares.values())
    known = [country for country in shares if country in risks]
    missing = sum(share**2 for country, share in shares.items() if country not in risks)
    if not known or missing > LARGEST_MISSING * squares:
        return None
    base = sum(shares[country] ** 2 for country in known)
    if base > 0.0:
        mean = sum(shares[country] ** 2 * risks[country] for country in known) / base
    else:
        mean = sum(risks[country] for country in known) / len(known)
    measures = one.restrictions if today else ()
    index = 0.0
    for country, share in shares.items():
        t = trade_parameter_of(country, printed.get(country), conditions.members, measures, conditions.assumed)
        index += share**2 * risks.get(country, mean) * float(getattr(t, end))
    return index
