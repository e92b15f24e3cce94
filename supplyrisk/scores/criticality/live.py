"""Live supply risk: the published score times core now / core of the study, and what the change comes from.

Shares of today are those of the study, carried on by a series of one publisher (``carried``): what another source would
have said of the study's own years is no change, and is told apart as ``source_difference``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplyrisk.foundation.shapley import shapley_values
from supplyrisk.scores.criticality.live_core import (
    ALL_CHANGED,
    CAUSES,
    ENDS,
    NOTHING_CHANGED,
    STATES,
    Conditions,
    End,
    Governance,
    LiveCore,
    LiveInput,
    Scope,
    State,
    counted,
)
from supplyrisk.scores.criticality.printed import HALF_STEP
from supplyrisk.scores.criticality.reading import Reading, read_published
from supplyrisk.scores.criticality.restriction_effect import hidden_restrictions
from supplyrisk.scores.criticality.restrictions import Restriction
from supplyrisk.scores.intervals import centre_draws, interval

Array = NDArray[np.float64]

GOVERNANCE_MISSING = "governance_missing"
NOT_REPRODUCED = "published_score_not_reproduced"
NO_SERIES = "no_series_from_study_to_today"
WITHIN_STUDY = "restrictions_within_study_t"


@dataclass(frozen=True)
class LiveScore:
    """Live supply risk with its range, its change since the study by cause, and the reading it rests on.

    ``change``: without ``shares`` where no mix that counts has a series, without ``restrictions`` where all measures
    in force are ``hidden``; empty where governance is missing between the study and today (shares of today with
    governance of the study's year, or the reverse), so that no split can be made. ``source_difference``: what our
    series of the study's own years would add to the published score; it is in no other number. None where there is no
    series, or too little governance of the study's year for it. ``carried``: scopes whose shares a series carries to
    today; ``year``: up to which all of these reach, the earliest of their last years (None without any). ``hidden``:
    measures in force, none of which raises t above that of the study (``restriction_effect``): there is no change
    through restrictions then, as it is not known. ``draws``, centred: by draw of today's shares, at the middle of the
    reading and the central t.
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
    hidden: tuple[Restriction, ...]

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
    import reliance, of t, of the 5 to 95 % of the draws of shares, and of what the published score was rounded from.
    The change is split by exact Shapley values over shares, governance and restrictions. Where world supply of a member
    has no series, all of it is at the shares of the study: half a change of shares would stand beside a world that has
    not moved. A score printed as 0.0 has none of today: nothing tells what to scale.
    """
    if any(one.global_now is None for one in inputs):
        inputs, others = [one.at_study_shares() for one in inputs], ()
    computed = LiveCore(inputs, conditions)
    study_global, study_eu = (_known(computed, scope, NOTHING_CHANGED) for scope in ("global", "eu"))
    if study_global is None or _known(computed, "global", ALL_CHANGED) is None:
        return GOVERNANCE_MISSING
    reading = read_published(published, study_global, study_eu) if published > 0.0 else None
    if reading is None:
        return NOT_REPRODUCED
    data = reading.supply_data
    if not computed.covers(data, [ALL_CHANGED]):
        return GOVERNANCE_MISSING

    def before(reliance: float) -> float:
        return float(computed.core(NOTHING_CHANGED, reliance, data, "value")[0])

    def scaled(state: State, reliance: float, end: End = "value", of: LiveCore = computed) -> float:
        return published * float(of.core(state, reliance, data, end)[0]) / before(reliance)

    def drawn(reliance: float, end: End, of: LiveCore = computed) -> Array:
        return published * of.core_draws(reliance, data, end) / before(reliance)

    value = scaled(ALL_CHANGED, reading.reliance)
    ends: list[float] = [value]
    for of in (computed, *(LiveCore(other, conditions) for other in others)):
        if not of.covers(data, [ALL_CHANGED]):
            continue
        for reliance in (reading.reliance_low, reading.reliance_high):
            for end in ("low", "high"):
                ends += interval(drawn(reliance, end, of), scaled(ALL_CHANGED, reliance, end, of), 0.0)
    change: dict[str, float] = {}
    if computed.covers(data, STATES):
        change = shapley_values(CAUSES, lambda state: scaled(state, reading.reliance))
    carried = _carried(inputs, reading)
    ours, of_shares = LiveCore([one.of_our_sources() for one in inputs], conditions), frozenset({"shares"})
    difference = None
    if carried and ours.covers(data, [of_shares]):
        difference = scaled(of_shares, reading.reliance, of=ours) - published
    if not carried:
        change.pop("shares", None)
    hidden = hidden_restrictions(inputs, conditions, data)
    if hidden:
        change.pop("restrictions", None)
    draws = centre_draws(drawn(reading.reliance, "value"), value)
    year = min((mix.year for one in inputs for scope in carried if (mix := one.carried(scope))), default=None)
    low, high = (1.0 + rounding / published for rounding in (-HALF_STEP, HALF_STEP))
    return LiveScore(
        value, min(ends) * max(low, 0.0), max(ends) * high, draws, change, difference, carried, year, reading, hidden
    )


def _known(computed: LiveCore, scope: Scope, state: State) -> float | None:
    """The index under the one governance there is; None where there is no such index."""
    index = float(computed.point(scope, state, "value")[0])
    return None if np.isnan(index) else index


def _carried(inputs: Sequence[LiveInput], reading: Reading) -> tuple[Scope, ...]:
    """Scopes that count in the reading and whose shares a series carries to today, for every member."""
    return tuple(scope for scope in counted(reading.supply_data) if all(one.now(scope) is not None for one in inputs))


def live_corners(
    published: float, inputs: Sequence[LiveInput], conditions: Conditions, governance: Governance, reading: Reading
) -> Array:
    """The live score by choice of governance, end of import reliance and end of t (in this order), without draws.

    ``reading``: that of the central method, kept. NaN where too little governance is known.
    """
    computed, data = LiveCore(inputs, conditions, governance), reading.supply_data
    reliances = (reading.reliance_low, reading.reliance, reading.reliance_high)
    before = np.stack([computed.core(NOTHING_CHANGED, reliance, data, "value") for reliance in reliances])
    now = np.array([[computed.core(ALL_CHANGED, reliance, data, end) for end in ENDS] for reliance in reliances])
    return np.asarray(np.moveaxis(published * now / before[:, None, :], -1, 0))
