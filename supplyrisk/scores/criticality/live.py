"""Live supply risk: the published score times core now / core of the study, and what the change comes from.

Shares of today are those of the study, carried on by a series of one publisher (``carried``): what another source would
have said of the study's own years is no change, and is told apart as ``source_difference``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from supplyrisk.foundation.shapley import shapley_values
from supplyrisk.scores.criticality.assumptions import TradeParameters
from supplyrisk.scores.criticality.carried import CarriedMix, LaterMix
from supplyrisk.scores.criticality.formulas import core, governance_trade_hhi
from supplyrisk.scores.criticality.reading import Reading, read_published
from supplyrisk.scores.criticality.restrictions import Restriction, trade_parameter_of
from supplyrisk.scores.criticality.study import Mix, fill_missing_risks
from supplyrisk.scores.intervals import interval

Array = NDArray[np.float64]
End = Literal["low", "value", "high"]
Scope = Literal["global", "eu"]

CAUSES = ("shares", "governance", "restrictions")
NOTHING_CHANGED: frozenset[str] = frozenset()
ALL_CHANGED = frozenset(CAUSES)
STATES = tuple(
    frozenset(some) for some in chain.from_iterable(combinations(CAUSES, size) for size in range(len(CAUSES) + 1))
)

GOVERNANCE_MISSING = "governance_missing"
NOT_REPRODUCED = "published_score_not_reproduced"
NO_SERIES = "no_series_from_study_to_today"


@dataclass(frozen=True)
class LiveInput:
    """A material, or one member of a group: mixes of the study and of today, and the measures that cover it.

    ``global_now``, ``eu_now`` None: no series shows how that mix has changed, so the shares of the study stand.
    """

    global_study: Mix
    eu_study: Mix | None
    global_now: CarriedMix | None
    eu_now: CarriedMix | None
    restrictions: tuple[Restriction, ...]

    def carried(self, scope: Scope) -> CarriedMix | None:
        """The mix as a series carries it."""
        return self.global_now if scope == "global" else self.eu_now

    def now(self, scope: Scope) -> LaterMix | None:
        """Shares of today."""
        carried = self.carried(scope)
        return None if carried is None else carried.after

    def at_study_shares(self) -> LiveInput:
        """The same with shares of the study throughout."""
        return replace(self, global_now=None, eu_now=None)

    def of_our_sources(self) -> LiveInput:
        """The same with our series of the study's own years in the place of its shares of today."""

        def early(carried: CarriedMix | None) -> CarriedMix | None:
            return None if carried is None else replace(carried, after=carried.before)

        return replace(self, global_now=early(self.global_now), eu_now=early(self.eu_now))

    @property
    def row_ids(self) -> tuple[str, ...]:
        """Rows behind all of it."""
        parts: list[Mix | LaterMix | None] = [self.global_study, self.eu_study, self.now("global"), self.now("eu")]
        rows = [row for part in parts if part is not None for row in part.row_ids]
        return tuple(dict.fromkeys([*rows, *(restriction.row_id for restriction in self.restrictions)]))


@dataclass(frozen=True)
class Conditions:
    """Governance of the study's year and of today, members of the EU, t by kind of measure, and number of draws."""

    risks_study: Mapping[str, float]
    risks_now: Mapping[str, float]
    members: Collection[str]
    assumed: TradeParameters
    draw_count: int


@dataclass(frozen=True)
class LiveScore:
    """Live supply risk with its range, its change since the study by cause, and the reading it rests on.

    ``change``: without ``shares`` where no mix that counts has a series; empty where governance is missing between the
    study and today (shares of today with governance of the study's year, or the reverse), so that no split can be made.
    ``source_difference``: what our series of the study's own years would add to the published score; it is in no other
    number. None where there is no series, or too little governance of the study's year for it.
    ``carried``: scopes whose shares a series carries to today; ``year``: up to which all of these reach, the earliest
    of their last years (None without any). ``draws``: by draw of today's shares, at the middle of the reading and the
    central t.
    """

    value: float
    low: float
    high: float
    draws: Array
    change: Mapping[str, float]
    source_difference: float | None
    carried: tuple[Scope, ...]
    year: int | None
    reading: Reading

    @property
    def is_complete(self) -> bool:
        """Whether world supply is carried to today; where it is not, everything is at the shares of the study."""
        return "global" in self.carried


def live_supply_risk(
    published: float,
    inputs: Sequence[LiveInput],
    conditions: Conditions,
    others: Sequence[Sequence[LiveInput]] = (),
) -> LiveScore | str:
    """The live score of a material, or of a group as the mean over ``inputs``; a word for the reason if there is none.

    published · core(now)/core(study): recycling and substitution are taken as in the study, and so is import reliance,
    which the study does not print; its range is what the published score allows (``reading``). ``others``: the same
    with shares carried by another publisher's series. ``low`` and ``high`` are the ends over these, over the range of
    import reliance, of t, and of the 5 to 95 % of the draws of shares. The change is split by exact Shapley values over
    shares, governance and restrictions. Where world supply of a member has no series, all of it is at the shares of the
    study: half a change of shares would stand beside a world that has not moved.
    """
    if any(one.global_now is None for one in inputs):
        inputs, others = [one.at_study_shares() for one in inputs], ()
    computed = _Computed(inputs, conditions)
    study_global, study_eu = computed.point("global", NOTHING_CHANGED), computed.point("eu", NOTHING_CHANGED)
    if study_global is None or computed.point("global", ALL_CHANGED) is None:
        return GOVERNANCE_MISSING
    reading = read_published(published, study_global, study_eu)
    if reading is None:
        return NOT_REPRODUCED
    if not computed.covers(reading, [ALL_CHANGED]):
        return GOVERNANCE_MISSING

    def scaled(state: frozenset[str], reliance: float, end: End = "value", of: _Computed = computed) -> float:
        before = computed.core(NOTHING_CHANGED, reliance, reading, "value")
        return published * of.core(state, reliance, reading, end) / before

    def drawn(reliance: float, end: End, of: _Computed = computed) -> Array:
        before = computed.core(NOTHING_CHANGED, reliance, reading, "value")
        found = published * of.core_draws(reliance, reading, end) / before
        return np.broadcast_to(found, (conditions.draw_count,))

    value = scaled(ALL_CHANGED, reading.reliance)
    ends: list[float] = [value]
    for of in (computed, *(_Computed(other, conditions) for other in others)):
        if not of.covers(reading, [ALL_CHANGED]):
            continue
        for reliance in (reading.reliance_low, reading.reliance_high):
            for end in ("low", "high"):
                ends += interval(drawn(reliance, end, of), scaled(ALL_CHANGED, reliance, end, of), 0.0)
    change: dict[str, float] = {}
    if computed.covers(reading, STATES):
        change = shapley_values(CAUSES, lambda state: scaled(state, reading.reliance))
    carried = _carried(inputs, reading)
    ours, of_shares = _Computed([one.of_our_sources() for one in inputs], conditions), frozenset({"shares"})
    difference = None
    if carried and ours.covers(reading, [of_shares]):
        difference = scaled(of_shares, reading.reliance, of=ours) - published
    if not carried:
        change.pop("shares", None)
    draws = drawn(reading.reliance, "value")
    year = min((mix.year for one in inputs for scope in carried if (mix := one.carried(scope))), default=None)
    return LiveScore(value, min(ends), max(ends), draws, change, difference, carried, year, reading)


def _carried(inputs: Sequence[LiveInput], reading: Reading) -> tuple[Scope, ...]:
    """Scopes that count in the reading and whose shares a series carries to today, for every member."""
    return tuple(scope for scope in _counted(reading) if all(one.now(scope) is not None for one in inputs))


def _counted(reading: Reading) -> tuple[Scope, ...]:
    """Scopes that count in the reading."""
    scopes: tuple[Scope, ...] = ("global", "eu")
    return tuple(scope for scope in scopes if reading.supply_data in (scope, "both"))


ENDS: tuple[End, ...] = ("low", "value", "high")


def live_corners(
    published: float, inputs: Sequence[LiveInput], conditions: Conditions, reading: Reading
) -> list[float] | None:
    """The live score at each end of import reliance (outer) and of t (inner), without draws.

    ``reading``: that of the central method, kept. None where too little governance is known.
    """
    computed = _Computed(inputs, conditions)
    if not computed.covers(reading, [NOTHING_CHANGED, ALL_CHANGED]):
        return None
    found = []
    for reliance in (reading.reliance_low, reading.reliance, reading.reliance_high):
        before = computed.core(NOTHING_CHANGED, reliance, reading, "value")
        found += [published * computed.core(ALL_CHANGED, reliance, reading, end) / before for end in ENDS]
    return found


@dataclass(frozen=True)
class _Computed:
    inputs: Sequence[LiveInput]
    conditions: Conditions

    def covers(self, reading: Reading, states: Sequence[frozenset[str]]) -> bool:
        """Whether every scope that counts has an index in every one of the states."""
        return all(self.point(scope, state) is not None for scope in _counted(reading) for state in states)

    def core(self, state: frozenset[str], reliance: float, reading: Reading, end: End) -> float:
        """The core; raises ``ValueError`` where a scope that counts has no index (``covers``)."""
        found = {scope: self.point(scope, state, end) for scope in _counted(reading)}
        missing = [scope for scope, index in found.items() if index is None]
        if missing:
            raise ValueError(f"no index of {', '.join(missing)}: too little governance is known")
        given = {scope: index for scope, index in found.items() if index is not None}
        return float(core(given.get("global", 0.0), given.get("eu", 0.0), reliance, reading.supply_data))

    def core_draws(self, reliance: float, reading: Reading, end: End) -> Array:
        drawn = {scope: self.drawn(scope, end) for scope in _counted(reading)}
        return core(drawn.get("global", 0.0), drawn.get("eu", 0.0), reliance, reading.supply_data)

    def point(self, scope: Scope, state: frozenset[str], end: End = "value") -> float | None:
        """Mean index of the members; None where one has no such mix or too little governance."""
        found = [self._index(member, scope, state, end, drawn=False) for member in self.inputs]
        return None if any(index is None for index in found) else float(np.mean([float(i) for i in _given(found)]))

    def drawn(self, scope: Scope, end: End) -> Array:
        """The same by draw, with everything as today."""
        found = [self._index(member, scope, ALL_CHANGED, end, drawn=True) for member in self.inputs]
        return np.asarray(np.mean(np.stack(np.broadcast_arrays(*_given(found))), axis=0))

    def _index(self, member: LiveInput, scope: Scope, state: frozenset[str], end: End, drawn: bool) -> Array | None:
        of_study = member.global_study if scope == "global" else member.eu_study
        if of_study is None:
            return None
        later = member.now(scope)
        mix = later if later is not None and "shares" in state else of_study
        risk_by_country = self.conditions.risks_now if "governance" in state else self.conditions.risks_study
        measures = member.restrictions if "restrictions" in state else ()
        printed = dict(zip(of_study.countries, of_study.trade_parameters.tolist(), strict=True))
        parameters = [
            trade_parameter_of(
                country, printed.get(country), self.conditions.members, measures, self.conditions.assumed
            )
            for country in mix.countries
        ]
        t = np.array([getattr(parameter, end) for parameter in parameters])
        risks = fill_missing_risks(
            mix.shares, np.array([risk_by_country.get(country, np.nan) for country in mix.countries])
        )
        if risks is None:
            return None
        shares = mix.draws if drawn and isinstance(mix, LaterMix) else mix.shares
        return governance_trade_hhi(shares, risks, t)


def _given(found: Sequence[Array | None]) -> Iterator[Array]:
    return (index for index in found if index is not None)
