"""Core indices of a material of the study and of today, in every state between the two and under every governance."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from supplyrisk.scores.criticality.assumptions import TradeParameters
from supplyrisk.scores.criticality.carried import CarriedMix, LaterMix
from supplyrisk.scores.criticality.formulas import SupplyData, core, governance_trade_hhi
from supplyrisk.scores.criticality.restrictions import Restriction, trade_parameter_of
from supplyrisk.scores.criticality.study import Mix, fill_missing_risks

Array = NDArray[np.float64]
End = Literal["low", "value", "high"]
Scope = Literal["global", "eu"]
State = frozenset[str]

ENDS: tuple[End, ...] = ("low", "value", "high")
CAUSES = ("shares", "governance", "restrictions")
NOTHING_CHANGED: State = frozenset()
ALL_CHANGED: State = frozenset(CAUSES)
STATES = tuple(
    frozenset(some) for some in chain.from_iterable(combinations(CAUSES, size) for size in range(len(CAUSES) + 1))
)
"""What has changed since the study: every set of causes."""


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

    def study(self, scope: Scope) -> Mix | None:
        """The mix of the study."""
        return self.global_study if scope == "global" else self.eu_study

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
    def mixes_of_study(self) -> tuple[Mix, ...]:
        """World supply and, where the study has it, EU sourcing, as the study has them."""
        return (self.global_study,) if self.eu_study is None else (self.global_study, self.eu_study)

    @property
    def mixes_of_today(self) -> tuple[Mix | LaterMix, ...]:
        """The same as a series carries them, or as in the study where none does."""
        return (
            self.now("global") or self.global_study,
            *(() if self.eu_study is None else (self.now("eu") or self.eu_study,)),
        )

    @property
    def row_ids(self) -> tuple[str, ...]:
        """Rows behind all of it."""
        rows = [row for mix in (*self.mixes_of_study, *self.mixes_of_today) for row in mix.row_ids]
        return tuple(dict.fromkeys([*rows, *(restriction.row_id for restriction in self.restrictions)]))


@dataclass(frozen=True)
class RiskTable:
    """Governance risk of countries, one column a choice of governance.

    ``values`` has a last row of NaN, which stands for every country that is not in ``rows``.
    """

    rows: Mapping[str, int]
    values: Array

    @classmethod
    def of(cls, choices: Sequence[Mapping[str, float]]) -> RiskTable:
        """Table of ``choices``, each with the risk by country."""
        countries = sorted({country for choice in choices for country in choice})
        values = [[choice.get(country, np.nan) for choice in choices] for country in countries]
        return cls(
            {country: row for row, country in enumerate(countries)},
            np.array([*values, [np.nan] * len(choices)], dtype=float),
        )

    def by(self, countries: Sequence[str]) -> Array:
        """Risks of ``countries`` (first axis) by choice; NaN where there is none."""
        return self.values[[self.rows.get(country, -1) for country in countries]]


@dataclass(frozen=True)
class Governance:
    """Governance of the study's year and of today, under the same choices."""

    study: RiskTable
    now: RiskTable


@dataclass(frozen=True)
class Conditions:
    """Governance of the study's year and of today, members of the EU, t by kind of measure, and number of draws."""

    risks_study: Mapping[str, float]
    risks_now: Mapping[str, float]
    members: Collection[str]
    assumed: TradeParameters
    draw_count: int

    @cached_property
    def governance(self) -> Governance:
        """The one governance of these conditions."""
        return Governance(RiskTable.of([self.risks_study]), RiskTable.of([self.risks_now]))


class LiveCore:
    """Indices of a material, or means over the members of a group, each worked out once.

    An index is an array by choice of ``governance`` (that of ``conditions`` if none is given), NaN where a member has
    no such mix or too little governance is known.
    """

    def __init__(
        self, inputs: Sequence[LiveInput], conditions: Conditions, governance: Governance | None = None
    ) -> None:
        self._inputs = inputs
        self._conditions = conditions
        self._governance = conditions.governance if governance is None else governance
        self._points: dict[tuple[Scope, State, End], Array] = {}
        self._drawn: dict[tuple[Scope, End], Array] = {}
        self._parameters: dict[tuple[int, Scope, bool, bool], dict[End, Array]] = {}
        self._filled: dict[tuple[int, Scope, bool, bool], Array] = {}

    def covers(self, supply_data: SupplyData, states: Sequence[State]) -> bool:
        """Whether every scope that counts has an index in every one of the states."""
        return all(
            not np.isnan(self.point(scope, state, "value")).any() for scope in counted(supply_data) for state in states
        )

    def core(self, state: State, reliance: float, supply_data: SupplyData, end: End) -> Array:
        """The core by choice of governance, NaN where a scope that counts has no index (``covers``)."""
        found = {scope: self.point(scope, state, end) for scope in counted(supply_data)}
        return core(found.get("global", 0.0), found.get("eu", 0.0), reliance, supply_data)

    def core_draws(self, reliance: float, supply_data: SupplyData, end: End) -> Array:
        """The core of today by draw of shares, under the first choice of governance."""
        found = {scope: self.drawn(scope, end) for scope in counted(supply_data)}
        drawn = core(found.get("global", 0.0), found.get("eu", 0.0), reliance, supply_data)
        return np.broadcast_to(drawn, (self._conditions.draw_count,))

    def point(self, scope: Scope, state: State, end: End) -> Array:
        """Index of the shares as they stand."""
        key = (scope, state, end)
        if key not in self._points:
            found = [self._index(place, scope, state, end) for place in range(len(self._inputs))]
            self._points[key] = np.mean(np.stack(found), axis=0)
        return self._points[key]

    def drawn(self, scope: Scope, end: End) -> Array:
        """Index by draw, with everything as today, under the first choice of governance."""
        key = (scope, end)
        if key not in self._drawn:
            found = [self._index(place, scope, ALL_CHANGED, end, drawn=True) for place in range(len(self._inputs))]
            self._drawn[key] = np.mean(np.stack(np.broadcast_arrays(*found)), axis=0)
        return self._drawn[key]

    def _index(self, place: int, scope: Scope, state: State, end: End, drawn: bool = False) -> Array:
        member = self._inputs[place]
        of_study, later = member.study(scope), member.now(scope)
        if of_study is None:
            return np.full(self._governance.study.values.shape[1], np.nan)
        mix = later if later is not None and "shares" in state else of_study
        t = self._trade_parameters(place, scope, mix, of_study, "restrictions" in state)[end]
        filled = self._risks(place, scope, mix, of_study, "governance" in state)
        if drawn:
            shares = mix.draws if isinstance(mix, LaterMix) else mix.shares
            return governance_trade_hhi(shares, filled[:, 0], t)
        return governance_trade_hhi(mix.shares, filled, t[:, None])

    def _risks(self, place: int, scope: Scope, mix: Mix | LaterMix, of_study: Mix, of_today: bool) -> Array:
        """Governance risk of the countries of a mix by choice, missing ones filled."""
        key = (place, scope, mix is of_study, of_today)
        if key not in self._filled:
            table = self._governance.now if of_today else self._governance.study
            self._filled[key] = fill_missing_risks(mix.shares, table.by(mix.countries))
        return self._filled[key]

    def _trade_parameters(
        self, place: int, scope: Scope, mix: Mix | LaterMix, of_study: Mix, restricted: bool
    ) -> dict[End, Array]:
        """T of the countries of a mix, by end."""
        key = (place, scope, mix is of_study, restricted)
        if key not in self._parameters:
            printed = dict(zip(of_study.countries, of_study.trade_parameters.tolist(), strict=True))
            measures = self._inputs[place].restrictions if restricted else ()
            members, assumed = self._conditions.members, self._conditions.assumed
            found = [
                trade_parameter_of(country, printed.get(country), members, measures, assumed)
                for country in mix.countries
            ]
            self._parameters[key] = {end: np.array([getattr(one, end) for one in found]) for end in ENDS}
        return self._parameters[key]


def counted(supply_data: SupplyData) -> tuple[Scope, ...]:
    """Scopes that count in a reading."""
    scopes: tuple[Scope, ...] = ("global", "eu")
    return tuple(scope for scope in scopes if supply_data in (scope, "both"))
