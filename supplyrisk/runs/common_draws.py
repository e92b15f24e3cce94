"""Events and uncertain numbers drawn once, so that every set of measures meets the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplyrisk.disruption.assumptions import End, SourcedAssumption, between
from supplyrisk.disruption.engine import final_slots, simulate_groups
from supplyrisk.disruption.shocks import ShockTable, without_first_months
from supplyrisk.foundation.hashed_draws import hashed_uniforms
from supplyrisk.mitigation.apply import Applied
from supplyrisk.mitigation.compare import Losses
from supplyrisk.mitigation.crowding_out import with_crowding_out
from supplyrisk.mitigation.european_content import Idle
from supplyrisk.mitigation.retaliation import with_retaliation
from supplyrisk.mitigation.schedule import months_before
from supplyrisk.mitigation.specification import MeasureFile
from supplyrisk.risk.draw_shocks import draw_shocks
from supplyrisk.risk.simulate import groups_of
from supplyrisk.runs.risk_run import RiskModel

_THREADS = 2
SPARE_SHARE = "spare_share"


@dataclass(frozen=True)
class Ends:
    """Assumptions on what measures do that a run takes at an end of their range; None: drawn for each set."""

    crowding_out_share: End | None = None
    retaliation_probability: End | None = None
    retaliation_share: End | None = None


DRAWN = Ends()


def idle_in_set(idle: SourcedAssumption, quantile: float, spare: float) -> float:
    """Idle capacity that a requirement of European content may use in a set of uncertain numbers.

    The idle capacity of a measure and the spare capacity of makers are one quantity: both at the same ``quantile`` of
    their ranges, and no more than ``spare``, which is what makers can ramp up there.
    """
    return min(between(idle, quantile), spare)


class CommonDraws:
    """Events and sets of uncertain numbers drawn once; every graph with measures meets the same ones.

    Measures change flows and no place or lane, so that what events hit stays where it is.
    """

    def __init__(self, risk: RiskModel, draws: int, sets: int, crowding_out: SourcedAssumption) -> None:
        self.risk, self.months = risk, risk.assumptions.horizon_months
        self.each = -(-draws // sets)
        self.numbers = risk.numbers(sets)
        self.draws = [np.arange(number * self.each, (number + 1) * self.each) for number in range(sets)]
        self.tables = []
        for own, one in zip(self.draws, self.numbers, strict=True):
            self.tables.append(draw_shocks(risk.where, risk.hazard(one), own, self.months, risk.seed).table)
        self.crowding_out = crowding_out

    @property
    def count(self) -> int:
        """Number of draws."""
        return len(self.numbers) * self.each

    def losses(self, applied: Applied, files: Sequence[MeasureFile] = (), ends: Ends = DRAWN) -> Losses:
        """What final use loses on a graph with measures in place, and with what others do because of them.

        In each set, European makers have as much idle capacity as there (``idle_in_set``), so that no more moves.
        ``files``: only from when all measures of these files work, draw by draw (mitigation.schedule).
        """
        bare = applied.named
        groups = groups_of(bare, self.risk.model.regions(bare), final_slots(bare.graph))
        slots = [group.slots for group in groups]
        whole = self.months * np.array([group.demand for group in groups])
        short = self.risk.assumptions.short_share.value

        def lost(number: int) -> NDArray[np.float64]:
            before = bare if applied.again is None else applied.again(self._idle(number))
            named = self.risk.graph(before, self.numbers[number])
            graph = with_crowding_out(named.graph, self._crowding_out(number, ends.crowding_out_share))
            table = self._shocks(number, applied, files, ends)
            run = simulate_groups(graph, table, self.months, named.rules, slots, short, threads=1)
            return np.asarray(run.lost / whole)

        # A set of numbers has few draws: sets side by side keep both cores busy where blocks of draws would not.
        with ThreadPoolExecutor(_THREADS) as pool:
            parts = list(pool.map(lost, range(len(self.numbers))))
        return Losses(groups, np.repeat(np.arange(len(self.numbers)), self.each), np.concatenate(parts))

    def _idle(self, number: int) -> Idle:
        quantile = self.numbers[number].of(SPARE_SHARE)
        assumptions = self.risk.model.assumptions.at_quantiles({SPARE_SHARE: quantile})
        return lambda change, product: idle_in_set(
            change.idle_share, quantile, assumptions.number(SPARE_SHARE, product)
        )

    def _crowding_out(self, number: int, end: End | None) -> float:
        if end is not None:
            return float(getattr(self.crowding_out, end))
        return between(self.crowding_out, float(hashed_uniforms(self.risk.seed, "set|crowding_out_share", number)))

    def _shocks(self, number: int, applied: Applied, files: Sequence[MeasureFile], ends: Ends) -> ShockTable:
        own, table = self.draws[number], self.tables[number]
        before = np.zeros(len(own), dtype=np.int64)
        if files:
            before = np.max([months_before(file, own) for file in files], axis=0)
            table = without_first_months(table, before)
        at = {"probability": ends.retaliation_probability, "share": ends.retaliation_share}
        return with_retaliation(
            table, applied.named, applied.retaliations, own, number, self.months, self.risk.seed, before, at
        )
