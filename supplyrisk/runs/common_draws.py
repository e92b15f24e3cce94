"""Events and uncertain numbers drawn once, so that every set of measures meets the same ones."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from supplyrisk.disruption.engine import final_slots, simulate_groups
from supplyrisk.disruption.shocks import without_first_months
from supplyrisk.mitigation.apply import Applied
from supplyrisk.mitigation.compare import Losses
from supplyrisk.mitigation.retaliation import with_retaliation
from supplyrisk.mitigation.schedule import months_before
from supplyrisk.mitigation.specification import MeasureFile
from supplyrisk.risk.draw_shocks import draw_shocks
from supplyrisk.risk.simulate import groups_of
from supplyrisk.runs.risk_run import RiskModel

_THREADS = 2


class CommonDraws:
    """Events and sets of uncertain numbers drawn once; every graph with measures meets the same ones.

    Measures change flows and no place or lane, so that what events hit stays where it is.
    """

    def __init__(self, risk: RiskModel, draws: int, sets: int) -> None:
        self.risk, self.months = risk, risk.assumptions.horizon_months
        self.each = -(-draws // sets)
        self.numbers = risk.numbers(sets)
        self.draws = [np.arange(number * self.each, (number + 1) * self.each) for number in range(len(self.numbers))]
        self.tables = []
        for own, one in zip(self.draws, self.numbers, strict=True):
            self.tables.append(draw_shocks(risk.where, risk.hazard(one), own, self.months, risk.seed).table)

    @property
    def count(self) -> int:
        """Number of draws."""
        return len(self.numbers) * self.each

    def losses(self, applied: Applied, file: MeasureFile | None = None) -> Losses:
        """What final use loses on a graph with measures in place, and with what others may do because of them.

        ``file``: only from when the measure of it works, draw by draw (mitigation.schedule).
        """
        bare = applied.named
        groups = groups_of(bare, self.risk.model.regions(bare), final_slots(bare.graph))
        slots = [group.slots for group in groups]
        whole = self.months * np.array([group.demand for group in groups])
        short = self.risk.assumptions.short_share.value

        def lost(number: int) -> NDArray[np.float64]:
            named = self.risk.graph(bare, self.numbers[number])
            own, table = self.draws[number], self.tables[number]
            before = np.zeros(len(own), dtype=np.int64)
            if file is not None:
                before = months_before(file, own)
                table = without_first_months(table, before)
            table = with_retaliation(table, named, applied.answers, own, number, self.months, self.risk.seed, before)
            run = simulate_groups(named.graph, table, self.months, named.rules, slots, short, threads=1)
            return np.asarray(run.lost / whole)

        # A set of numbers has few draws: sets side by side keep both cores busy where blocks of draws would not.
        with ThreadPoolExecutor(_THREADS) as pool:
            parts = list(pool.map(lost, range(len(self.numbers))))
        return Losses(groups, np.repeat(np.arange(len(self.numbers)), self.each), np.concatenate(parts))
