"""Risk in numbers: the published example, and ranges and ranks worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from supplyrisk.risk.metrics import conditional_value_at_risk, product_risk, value_at_risk, value_risk
from supplyrisk.risk.simulate import Group, Simulated

LOSSES = np.array([0.0] * 90 + [5, 10, 15, 20, 25, 30, 40, 50, 60, 100], dtype=np.float64)


def test_value_at_risk_of_the_method_note() -> None:
    # 90 zeros and 5, 10, …, 100: mean 3.55, value at risk 25, conditional 56 (Rockafellar and Uryasev 2000).
    assert LOSSES.mean() == pytest.approx(3.55)
    assert value_at_risk(LOSSES) == 25.0
    assert conditional_value_at_risk(LOSSES) == pytest.approx(56.0)


def simulated() -> Simulated:
    """Two sets of two draws; magnets of the EU lose 0, 10, 20 and 30 %, its cobalt 5 % always."""
    groups = [
        Group("EU27", "ndfeb_magnet", np.array([0]), 10.0),
        Group("EU27", "cobalt_mine", np.array([1]), 5.0),
        Group("WLD", "ndfeb_magnet", np.array([0, 2]), 40.0),
    ]
    lost = np.array([[0.0, 0.05, 0.0], [0.1, 0.05, 0.1], [0.2, 0.05, 0.1], [0.3, 0.05, 0.0]], dtype=np.float32)
    run = np.array([[0, 1, 0], [2, 1, 1], [3, 1, 3], [4, 1, 0]], dtype=np.int16)
    first = np.array([[0, 3, 0], [4, 3, 5], [6, 3, 9], [8, 3, 0]], dtype=np.int16)
    return Simulated(
        groups, np.array([0, 0, 1, 1]), lost, run, run, first, lost, np.zeros((1, 3)), np.zeros((1, 3)), np.zeros(1), 0
    )


def test_expected_days_chances_and_ranks() -> None:
    rows = {(row["region"], row["product_id"]): row for row in product_risk(simulated(), 3).iter_rows(named=True)}
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
    found = {row["region"]: row for row in value_risk(simulated(), {"ndfeb_magnet": 3.0}).iter_rows(named=True)}
    yearly = 12 * 10.0 * 3.0
    assert found["EU27"]["use_per_year"] == pytest.approx(yearly)
    assert found["EU27"]["expected"] == pytest.approx(0.15 * yearly)
    assert found["EU27"]["low"] == pytest.approx(0.06 * yearly)
    assert value_risk(simulated(), {}).is_empty()
