"""An alert: a line of the config that is crossed, by what, since when, and which rows or scores say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

import polars as pl

from supplyrisk.findings.finding import Confidence
from supplyrisk.foundation.errors import NotKnown

Kind = Literal["control", "price_months", "price_year", "single_country", "supply_risk", "concentration", "shortfall"]
KINDS: tuple[Kind, ...] = (
    "control", "price_months", "price_year", "single_country", "supply_risk", "concentration", "shortfall",
)  # fmt: skip
"""In the order of the report: what happened comes before what stands."""
State = Literal["looked_at", "off", "not_looked_at"]
NONE_ASSESSED = "none_assessed"
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Alert:
    """``alert_id`` stays the same over runs; ``message_id`` and ``numbers`` make its sentence, as in a finding.

    ``value``: what is held against ``threshold``, in ``unit``; None where a fact and no number gives the alert.
    ``since``: first day on which what it rests on was known, or start of a measure. ``size`` orders alerts of one kind.
    """

    alert_id: str
    kind: Kind
    message_id: str
    numbers: Mapping[str, Any]
    value: float | None
    threshold: float
    unit: str
    since: date
    size: float
    score_keys: tuple[str, ...]
    row_ids: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True)
class Looked:
    """What was looked at for one kind of alert.

    ``threshold``: None where it is switched off; ``assessed``: how many subjects were held against it, None where none
    was looked for; ``gaps``: those that could not be, by the word of the reason; ``not_looked``: why the kind could not
    be looked at at all, a word or what was not known; ``source``: run of the history that the figures come from, where
    they are not of this run.
    """

    kind: Kind
    threshold: float | None
    assessed: int | None = None
    gaps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_looked: str | NotKnown | None = None
    source: str | None = None

    @property
    def state(self) -> State:
        """Only where it was looked at does no alert mean that all is below the line."""
        if self.threshold is None:
            return "off"
        return "looked_at" if self.not_looked is None else "not_looked_at"


@dataclass(frozen=True)
class FoundAlerts:
    """All alerts, by kind and then the largest first, and what was looked at, a line for every kind."""

    alerts: tuple[Alert, ...]
    looked: tuple[Looked, ...]

    @property
    def not_looked(self) -> tuple[Looked, ...]:
        """Kinds that are asked for and could not be looked at: for them no alert says nothing."""
        return tuple(one for one in self.looked if one.state == "not_looked_at")


def together(parts: Iterable[tuple[Iterable[Alert], Looked]]) -> FoundAlerts:
    """Alerts of all kinds in their order."""
    given = [(tuple(alerts), looked) for alerts, looked in parts]
    alerts = [alert for own, _ in given for alert in own]
    ordered = sorted(alerts, key=lambda alert: (KINDS.index(alert.kind), -alert.size, alert.alert_id))
    looked = sorted((_none_assessed(one) for _, one in given), key=lambda one: KINDS.index(one.kind))
    return FoundAlerts(tuple(ordered), tuple(looked))


def _none_assessed(looked: Looked) -> Looked:
    """A kind for which nothing could be held against the line was not looked at."""
    return replace(looked, not_looked=NONE_ASSESSED) if looked.assessed == 0 else looked


def shown_first(alerts: Sequence[Alert], most: int) -> tuple[Alert, ...]:
    """At most ``most`` alerts, the largest of every kind in turn, in the order given."""
    places: dict[str, int] = {}
    turns = []
    for alert in alerts:
        turns.append(places.get(alert.kind, 0))
        places[alert.kind] = turns[-1] + 1
    chosen = sorted(range(len(alerts)), key=lambda position: (turns[position], position))[:most]
    return tuple(alerts[position] for position in sorted(chosen))


def reaches(value: float, line: float) -> bool:
    """Whether a value is at a line or above it; what binary fractions lose does not count."""
    return value >= line - _ROUNDING


def gaps_of(rows: pl.DataFrame, subject: str, reason: str = "missing_reason") -> dict[str, tuple[str, ...]]:
    """Subjects without a figure by reason, both in the order of their names."""
    found: dict[str, list[str]] = {}
    for name, why in sorted(rows.select(subject, reason).iter_rows()):
        found.setdefault(why, []).append(name)
    return {why: tuple(found[why]) for why in sorted(found)}
