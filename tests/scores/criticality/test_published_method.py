"""The Commission's formulas against published values: studies of 2017 and 2023."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.scores.criticality.formulas import (
    core,
    economic_importance,
    governance_trade_hhi,
    group_mean,
    is_critical,
    one_decimal,
    supply_risk,
)
from supplyrisk.scores.criticality.printed import PrintedInputs, supply_risk_bounds
from supplyrisk.scores.criticality.reading import FACTOR_BOUND, implied_factor, read_published

SHARE = st.floats(0.0, 1.0)
INDEX = st.floats(0.1, 9.9)


@pytest.mark.parametrize(
    ("printed", "computed", "published"),
    [
        # Study of 2017, tables 3, 18, 19: cobalt, lithium, tungsten, natural graphite, antimony, gallium, beryllium,
        # phosphorus, tantalum.
        (PrintedInputs("both", 3.6, 1.3, 0.32, 0.0, 1.0), 1.67, 1.6),
        (PrintedInputs("both", 0.8, 1.4, 0.86, 0.0, 0.9), 1.03, 1.0),
        (PrintedInputs("both", 7.5, 1.9, 0.44, 0.42, 1.0), 1.82, 1.8),
        (PrintedInputs("both", 3.2, 2.9, 0.99, 0.03, 1.0), 2.96, 2.9),
        (PrintedInputs("both", 7.1, 5.7, 1.0, 0.28, 0.9), 4.15, 4.3),
        (PrintedInputs("both", 3.5, 1.1, 0.34, 0.0, 1.0), 1.51, 1.4),
        (PrintedInputs("global", 2.4, None, None, 0.0, 1.0), 2.40, 2.4),
        (PrintedInputs("eu", 2.3, 4.5, 1.0, 0.0, 0.9), 4.05, 4.1),
        (PrintedInputs("global", 1.0, 4.6, 1.0, 0.01, 0.9), 0.89, 1.0),
    ],
)
def test_supply_risk_of_2017_follows_from_its_printed_inputs(
    printed: PrintedInputs, computed: float, published: float
) -> None:
    bounds = supply_risk_bounds(printed)
    assert bounds.value == pytest.approx(computed, abs=0.006)
    assert bounds.low - 0.05 <= published <= bounds.high + 0.05


@pytest.mark.parametrize(
    "printed",
    [
        PrintedInputs("both", None, 1.0, 0.5, 0.0, 1.0),
        PrintedInputs("both", 1.0, None, 0.5, 0.0, 1.0),
        PrintedInputs("both", 1.0, 1.0, None, 0.0, 1.0),
        PrintedInputs("eu", 1.0, None, None, 0.0, 1.0),
    ],
)
def test_a_missing_input_is_told(printed: PrintedInputs) -> None:
    with pytest.raises(ValueError, match="missing"):
        supply_risk_bounds(printed)


@given(INDEX, INDEX, SHARE, SHARE, st.floats(0.5, 1.0))
def test_what_is_printed_lies_within_its_bounds(
    of_world: float, of_eu: float, reliance: float, recycled: float, substitution: float
) -> None:
    bounds = supply_risk_bounds(PrintedInputs("both", of_world, of_eu, reliance, recycled, substitution))
    assert 0.0 <= bounds.low <= bounds.value <= bounds.high


def test_cobalt_of_2023_by_hand() -> None:
    # DRC 0.628² · 8.24 · 1.1 = 3.57, Russia 0.066² · 6.36 = 0.03.
    assert float(governance_trade_hhi([0.628, 0.066], [8.24, 6.36], [1.1, 1.0])) == pytest.approx(3.60, abs=0.005)


def test_both_mixes_weigh_half_at_full_import_reliance_and_the_eu_alone_at_none() -> None:
    assert float(core(4.0, 2.0, 1.0, "both")) == 3.0
    assert float(core(4.0, 2.0, 0.0, "both")) == 2.0
    assert float(core(4.0, 2.0, 0.5, "global")) == 4.0
    assert float(core(4.0, 2.0, 0.5, "eu")) == 2.0
    assert float(supply_risk(3.0, 0.5, 0.9)) == pytest.approx(1.35)


@pytest.mark.parametrize(("risk", "importance", "critical"), [(1.0, 2.8, True), (0.95, 2.75, True), (0.94, 9.0, False)])
def test_thresholds_hold_at_one_decimal(risk: float, importance: float, critical: bool) -> None:
    assert is_critical(risk, importance) is critical
    assert one_decimal(0.25) == 0.3


def test_a_group_is_the_plain_mean() -> None:
    assert group_mean([1.0, 2.0, 6.0]) == 3.0


def test_economic_importance_of_aggregates_2023() -> None:
    # Annex 6: all of it in C23 (64 990 million EUR), the largest division is C28 (204 200): 3.18, published 3.2.
    assert economic_importance([1.0], [64_990.0], 204_200.0, 1.0) == pytest.approx(3.18, abs=0.005)


def test_readings_of_2023() -> None:
    """Study of 2023, annexes 4 and 7, with the indicators of 2020."""
    niobium = read_published(4.4, 4.34, 3.73)
    assert niobium is not None
    assert niobium.supply_data == "global"
    strontium = read_published(2.6, 1.61, 2.72)
    assert strontium is not None
    assert strontium.supply_data == "both"
    assert (strontium.reliance_low, strontium.reliance_high < 0.5) == (0.0, True)
    gallium = read_published(3.9, 4.95, 2.73)
    assert gallium is not None
    assert gallium.reliance_low > 0.9
    assert gallium.reliance_high == 1.0
    assert read_published(3.0, 1.0, 1.0) is None
    assert read_published(3.0, None, None) is None


@given(st.floats(0.1, 6.0), INDEX, INDEX)
def test_no_reading_implies_a_factor_above_the_bound(published: float, of_world: float, of_eu: float) -> None:
    found = read_published(published, of_world, of_eu)
    smallest = implied_factor(published, of_world, of_eu)
    assert smallest is not None
    if found is None:
        assert published / of_world > FACTOR_BOUND
    else:
        assert 0.0 <= found.reliance_low <= found.reliance_high <= 1.0
        assert found.factor_low <= found.factor_high <= FACTOR_BOUND * (1 + 1e-9)
        assert smallest <= found.factor_high * (1 + 1e-9)
