"""Risk in numbers: the published example, and ranges and ranks worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.disruption.engine import Shortages
from supplyrisk.risk.draw_statistics import DrawCounter
from supplyrisk.risk.metrics import product_risk, value_risk, yearly_values
from supplyrisk.risk.simulate import Group, Simulated
from supplyrisk.risk.tail import conditional_value_at_risk, tail_size, value_at_risk

LOSSES = np.array([0.0] * 90 + [5, 10, 15, 20, 25, 30, 40, 50, 60, 100], dtype=np.float64)


def test_value_at_risk_of_the_method_note() -> None:
    # 90 zeros and 5, 10, …, 100: mean 3.55, value at risk 25, conditional 56 (Rockafellar and Uryasev 2000).
    assert LOSSES.mean() == pytest.approx(3.55)
    assert value_at_risk(LOSSES) == 25.0
    assert conditional_value_at_risk(LOSSES) == pytest.approx(56.0)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=60), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_the_largest_losses_tell_the_tail(losses: list[float], level: float) -> None:
    every = np.array(losses)
    largest = np.sort(every)[-tail_size(len(every), level) :]
    at_risk = value_at_risk(every, level)
    assert at_risk == np.quantile(every, level, method="inverted_cdf")
    assert value_at_risk(largest, level, len(every)) == at_risk
    beyond = conditional_value_at_risk(every, level)
    assert conditional_value_at_risk(largest, level, len(every)) == pytest.approx(beyond)


def test_statistics_are_those_of_all_draws_whatever_the_batches() -> None:
    draws, months = 60, 12
    chance = np.random.default_rng(5)
    lost = chance.random((draws, 3))
    run, first = (chance.integers(0, months + 1, (draws, 3)).astype(np.int16) for _ in range(2))
    weights = np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 5.0]])
    for batch in (60, 7):
        counter = DrawCounter(2, draws, months, weights)
        for begin in (0, 30):
            for start in range(begin, begin + 30, batch):
                rows = slice(start, min(start + batch, begin + 30))
                counter.add(lost[rows], Shortages(lost[rows], run[rows], run[rows], first[rows], lost[rows]))
        found = counter.statistics()
        assert found.mean == pytest.approx(lost.mean(axis=0))
        assert found.mean_by_set == pytest.approx(np.stack([lost[:30].mean(axis=0), lost[30:].mean(axis=0)]))
        assert found.variance == pytest.approx(lost.var(axis=0))
        assert np.array_equal(np.sort(found.worst, axis=0), np.sort(lost, axis=0)[-tail_size(draws) :])
        assert found.totals == pytest.approx(lost @ weights)
        assert found.runs[1, 2].tolist() == np.bincount(run[30:, 2], minlength=months + 1).tolist()
        assert found.first_months[0].tolist() == np.bincount(first[:, 0], minlength=months + 1).tolist()


def simulated(worth: Mapping[str, float]) -> Simulated:
    """Two sets of two draws; magnets of the EU lose 0, 10, 20 and 30 %, its cobalt 5 % always."""
    groups = [
        Group("EU27", "ndfeb_magnet", np.array([0]), 10.0),
        Group("EU27", "cobalt_mine", np.array([1]), 5.0),
        Group("WLD", "ndfeb_magnet", np.array([0, 2]), 40.0),
    ]
    lost = np.array([[0.0, 0.05, 0.0], [0.1, 0.05, 0.1], [0.2, 0.05, 0.1], [0.3, 0.05, 0.0]])
    run = np.array([[0, 1, 0], [2, 1, 1], [3, 1, 3], [4, 1, 0]], dtype=np.int16)
    first = np.array([[0, 3, 0], [4, 3, 5], [6, 3, 9], [8, 3, 0]], dtype=np.int16)
    counter = DrawCounter(2, 4, 12, np.column_stack([np.zeros((3, 0)), *yearly_values(groups, worth).values()]))
    for rows in (slice(0, 2), slice(2, 4)):
        counter.add(lost[rows], Shortages(lost[rows], run[rows], run[rows], first[rows], lost[rows]))
    return Simulated(groups, counter.statistics(), np.zeros((1, 3)), np.zeros((1, 3)), np.zeros(1), 0)


def test_expected_days_chances_and_ranks() -> None:
    rows = {(row["region"], row["product_id"]): row for row in product_risk(simulated({}), 3).iter_rows(named=True)}
    magnets, cobalt = rows["EU27", "ndfeb_magnet"], rows["EU27", "cobalt_mine"]
    assert magnets["lost_days_per_year"] == pytest.approx(365.25 * 0.15)
    # Means of the sets: 5 and 25 %; 5 and 95 % between them: 6 and 24 %.
    assert magnets["lost_low"] == pytest.approx(365.25 * 0.06)
    assert magnets["lost_high"] == pytest.approx(365.25 * 0.24)
    assert magnets["long_shortage_chance"] == pytest.approx(0.5)
    assert (magnets["chance_low"], magnets["chance_high"]) == (pytest.approx(0.05), pytest.approx(0.95))
    assert magnets["var95_days"] == pytest.approx(365.25 * 0.3)
    assert magnets["months_to_survive"] == 6.0
    assert magnets["never_short_share"] == 0.25
    assert magnets["sampling_share"] == pytest.approx(1.6449 * np.std([0, 0.1, 0.2, 0.3]) / 2 / 0.15, rel=1e-3)
    assert (magnets["rank"], magnets["rank_low"], magnets["rank_high"]) == (1, 1, 1)
    assert cobalt["long_shortage_chance"] == 0.0
    assert cobalt["rank"] == 2
    assert rows["WLD", "ndfeb_magnet"]["rank"] == 1  # ranks are those within a region


def test_value_counts_priced_products_alone() -> None:
    run = simulated({"ndfeb_magnet": 3.0})
    values = value_risk(run, yearly_values(run.groups, {"ndfeb_magnet": 3.0}))
    found = {row["region"]: row for row in values.iter_rows(named=True)}
    yearly = 12 * 10.0 * 3.0
    assert found["EU27"]["use_per_year"] == pytest.approx(yearly)
    assert found["EU27"]["expected"] == pytest.approx(0.15 * yearly)
    assert found["EU27"]["low"] == pytest.approx(0.06 * yearly)
    assert value_risk(simulated({}), {}).is_empty()
