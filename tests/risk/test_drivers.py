"""Screening of uncertain numbers on a known result: what does nothing has no effect, the strongest comes first."""

from __future__ import annotations

import numpy as np
import pytest

from supplyrisk.disruption.engine import Shortages
from supplyrisk.risk.draw_statistics import DrawCounter
from supplyrisk.risk.drivers import LEVELS, TRAJECTORIES, drivers
from supplyrisk.risk.simulate import Group, Simulated
from supplyrisk.risk.uncertain import UNCERTAIN, Numbers


def result(value: float) -> Simulated:
    lost, none = np.full((2, 1), value), np.zeros((2, 1), dtype=np.int16)
    counter = DrawCounter(1, 2, 12, np.zeros((1, 0)))
    counter.add(lost, Shortages(lost, none, none, none, lost))
    group = Group("EU27", "cobalt_mine", np.array([0]), 1.0)
    return Simulated([group], counter.statistics(), np.zeros((1, 1)), np.zeros((1, 1)), np.zeros(1), 0)


def test_effects_of_a_known_result() -> None:
    asked: list[Numbers] = []

    def simulate(numbers: Numbers) -> Simulated:
        asked.append(numbers)
        rates, lengths, cover = (numbers.of(name) for name in ("event_rates", "event_lengths", "cover_days"))
        return result(0.5 * rates + 0.2 * rates * lengths - 0.1 * cover)

    told: list[float] = []
    found = {row["number"]: row for row in drivers(simulate, 5, told.append).iter_rows(named=True)}
    step = LEVELS[2] - LEVELS[0]
    assert next(iter(found)) == "event_rates"
    assert found["cover_days"]["mean_effect"] == pytest.approx(0.1 * step, rel=1e-4)
    assert found["cover_days"]["direction"] == pytest.approx(-0.1 * step, rel=1e-4)
    assert found["cover_days"]["spread"] < 1e-6  # the same wherever the others stand
    assert found["event_lengths"]["spread"] > 1e-3  # depends on the rates
    still = set(UNCERTAIN) - {"event_rates", "event_lengths", "cover_days"}
    assert all(found[name]["mean_effect"] == 0.0 for name in still)
    assert len(asked) == TRAJECTORIES * (len(UNCERTAIN) + 1)
    assert told[-1] == 1.0
    assert np.diff(told).min() > 0.0
