"""Live supply risk: the published score times core now / core of the study, and what the change comes from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from supplyrisk.foundation.shapley import shapley_values
from supplyrisk.scores.criticality.assumptions import TradeParameters
from supplyrisk.scores.criticality.formulas import core, governance_trade_hhi
from supplyrisk.scores.criticality.reading import Reading, read_published
from supplyrisk.scores.criticality.restrictions import Restriction, trade_parameter_of
from supplyrisk.scores.criticality.study import Mix, fill_missing_risks
from supplyrisk.scores.intervals import interval

Array = NDArray[np.float64]
End = Literal["low", "value", "high"]

CAUSES = ("shares", "governance", "restrictions")
NOTHING_CHANGED: frozenset[str] = frozenset()
ALL_CHANGED = frozenset(CAUSES)

GOVERNANCE_MISSING = "governance_missing"
NOT_REPRODUCED = "published_score_not_reproduced"


@dataclass(frozen=True)
class MixToday:
    """Shares of today by country, with draws (second axis), and what no country is named for.

    ``residual``: Σ r·min(r, s_min) of the unnamed, as in the world scores, with its draws; it carries the mean
    governance of the named and t = 1.
    """

    countries: tuple[str, ...]
    shares: Array
    draws: Array
    residual: float
    residual_draws: Array
    row_ids: tuple[str, ...]


@dataclass(frozen=True)
class LiveInput:
    """A material, or one member of a group: mixes of the study and of today, and the measures that cover it.

    ``eu_now`` None: where the EU gets it from today is not known, so the shares of the study stand.
    """

    global_study: Mix
    eu_study: Mix | None
    global_now: MixToday
    eu_now: MixToday | None
    restrictions: tuple[Restriction, ...]

    @property
    def row_ids(self) -> tuple[str, ...]:
        """Rows behind all of it."""
        parts: list[Mix | MixToday | None] = [self.global_study, self.eu_study, self.global_now, self.eu_now]
        rows = [row for part in parts if part is not None for row in part.row_ids]
        return tuple(dict.fromkeys([*rows, *(restriction.row_id for restriction in self.restrictions)]))


@dataclass(frozen=True)
class Conditions:
    """Governance of the study's year and of today, members of the EU, and t by kind of measure."""

    risks_study: Mapping[str, float]
    risks_now: Mapping[str, float]
    members: Collection[str]
    assumed: TradeParameters


@dataclass(frozen=True)
class LiveScore:
    """Live supply risk with its range, its change since the study by cause, and the reading it rests on.

    ``draws``: by draw of today's shares, at the middle of the reading and the central t.
    """

    value: float
    low: float
    high: float
    draws: Array
    change: Mapping[str, float]
    reading: Reading


def live_supply_risk(published: float, inputs: Sequence[LiveInput], conditions: Conditions) -> LiveScore | str:
    """The live score of a material, or of a group as the mean over ``inputs``; a word for the reason if there is none.

    published · core(now)/core(study): recycling and substitution are taken as in the study, and so is import reliance,
    which the study does not print; its range is what the published score allows (``reading``). ``low`` and ``high``
    are the ends over that range, over the range of t, and of the 5 to 95 % of the draws of shares. The change is split
    by exact Shapley values over shares, governance and restrictions.
    """
    computed = _Computed(inputs, conditions)
    study_global, study_eu = computed.point("global", NOTHING_CHANGED), computed.point("eu", NOTHING_CHANGED)
    if study_global is None or computed.point("global", ALL_CHANGED) is None:
        return GOVERNANCE_MISSING
    reading = read_published(published, study_global, study_eu)
    if reading is None:
        return NOT_REPRODUCED
    if reading.supply_data == "both" and computed.point("eu", ALL_CHANGED) is None:
        return GOVERNANCE_MISSING

    def scaled(state: frozenset[str], reliance: float, end: End = "value") -> float:
        return (
            published
            * computed.core(state, reliance, reading, end)
            / computed.core(NOTHING_CHANGED, reliance, reading, "value")
        )

    value = scaled(ALL_CHANGED, reading.reliance)
    ends: list[float] = [value]
    for reliance in (reading.reliance_low, reading.reliance_high):
        for end in ("low", "high"):
            drawn = published * computed.core_draws(reliance, reading, end)
            drawn /= computed.core(NOTHING_CHANGED, reliance, reading, "value")
            ends += interval(drawn, scaled(ALL_CHANGED, reliance, end), 0.0)
    draws = published * computed.core_draws(reading.reliance, reading, "value")
    draws /= computed.core(NOTHING_CHANGED, reading.reliance, reading, "value")
    change = shapley_values(CAUSES, lambda state: scaled(state, reading.reliance))
    return LiveScore(value, min(ends), max(ends), draws, change, reading)


ENDS: tuple[End, ...] = ("low", "value", "high")


def live_corners(
    published: float, inputs: Sequence[LiveInput], conditions: Conditions, reading: Reading
) -> list[float] | None:
    """The live score at each end of import reliance (outer) and of t (inner), without draws.

    ``reading``: that of the central method, kept. None where too little governance is known.
    """
    computed = _Computed(inputs, conditions)
    scopes: tuple[Literal["global", "eu"], ...] = ("global", "eu")
    study = {scope: computed.point(scope, NOTHING_CHANGED) for scope in scopes}
    now = {(scope, end): computed.point(scope, ALL_CHANGED, end) for scope in scopes for end in ENDS}
    needed = [scope for scope in scopes if reading.supply_data in (scope, "both")]
    if any(study[scope] is None or now[scope, "value"] is None for scope in needed):
        return None
    found = []
    for reliance in (reading.reliance_low, reading.reliance, reading.reliance_high):
        before = float(core(study["global"] or 0.0, study["eu"] or 0.0, reliance, reading.supply_data))
        for end in ENDS:
            after = core(now["global", end] or 0.0, now["eu", end] or 0.0, reliance, reading.supply_data)
            found.append(published * float(after) / before)
    return found


@dataclass(frozen=True)
class _Computed:
    inputs: Sequence[LiveInput]
    conditions: Conditions

    def core(self, state: frozenset[str], reliance: float, reading: Reading, end: End) -> float:
        of_world, of_eu = self.point("global", state, end), self.point("eu", state, end)
        return float(core(of_world or 0.0, of_eu or 0.0, reliance, reading.supply_data))

    def core_draws(self, reliance: float, reading: Reading, end: End) -> Array:
        of_world = self.drawn("global", end)
        of_eu = self.drawn("eu", end) if reading.supply_data != "global" else np.zeros_like(of_world)
        return core(of_world, of_eu, reliance, reading.supply_data)

    def point(self, scope: Literal["global", "eu"], state: frozenset[str], end: End = "value") -> float | None:
        """Mean index of the members; None where one has no such mix or too little governance."""
        found = [self._index(member, scope, state, end, drawn=False) for member in self.inputs]
        return None if any(index is None for index in found) else float(np.mean([float(i) for i in _given(found)]))

    def drawn(self, scope: Literal["global", "eu"], end: End) -> Array:
        """The same by draw, with everything as today."""
        found = [self._index(member, scope, ALL_CHANGED, end, drawn=True) for member in self.inputs]
        return np.asarray(np.mean(np.stack(np.broadcast_arrays(*_given(found))), axis=0))

    def _index(
        self, member: LiveInput, scope: Literal["global", "eu"], state: frozenset[str], end: End, drawn: bool
    ) -> Array | None:
        of_study = member.global_study if scope == "global" else member.eu_study
        if of_study is None:
            return None
        today = member.global_now if scope == "global" else member.eu_now
        mix = today if today is not None and "shares" in state else of_study
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
        if isinstance(mix, Mix):
            return governance_trade_hhi(mix.shares, risks, t)
        squares = np.square(mix.shares)
        mean_risk = float(squares @ risks / squares.sum())
        if drawn:
            return governance_trade_hhi(mix.draws, risks, t) + mix.residual_draws * mean_risk
        return governance_trade_hhi(mix.shares, risks, t) + mix.residual * mean_risk


def _given(found: Sequence[Array | None]) -> Iterator[Array]:
    return (index for index in found if index is not None)
