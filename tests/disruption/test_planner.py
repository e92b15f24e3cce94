"""The planner of choke points: a chain worked out by hand, a second solver, and what must hold for any graph."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from supplyrisk.disruption.engine import simulate_months
from supplyrisk.disruption.planner import Planner
from supplyrisk.disruption.planner_model import PlannerLimits, PlannerModel, planner_model
from supplyrisk.disruption.rules import Rules
from supplyrisk.disruption.shocks import Hit, Shock
from supplyrisk.disruption.supply_graph import NOBODY, SupplyGraph
from tests.disruption.random_graphs import random_graph

SEEDS = st.integers(0, 2**32 - 1)


def chain() -> SupplyGraph:
    """Two mines (6 and 4 a month, a tenth idle), a refiner (10) with ore for 1.5 months, two users (8 and 2)."""
    return SupplyGraph(
        node_stage=np.array([0, 0, 1]),
        node_base=np.array([6.0, 4.0, 10.0]),
        node_capacity=np.array([6.0, 4.0, 10.0]),
        node_spare_share=np.array([0.1, 0.1, 0.0]),
        node_ramp_months=np.ones(3),
        node_unramp_months=np.ones(3),
        node_host=np.full(3, NOBODY),
        node_host_share=np.zeros(3),
        slot_pool=np.array([0, 1, 2]),
        slot_node=np.array([2, NOBODY, NOBODY]),
        slot_need=np.array([1.0, 0.0, 0.0]),
        slot_mix=np.ones(3),
        slot_mix_rise=np.zeros(3),
        slot_group=np.full(3, NOBODY),
        slot_stock=np.array([15.0, 0.0, 0.0]),
        slot_refill_months=np.full(3, 3.0),
        slot_demand=np.array([0.0, 8.0, 2.0]),
        slot_backorder_share=np.zeros(3),
        pool_stage=np.array([0, 1, 1]),
        pool_switch_share=np.ones(3),
        pool_stockpile=np.zeros(3),
        pool_release=np.zeros(3),
        pool_refill=np.zeros(3),
        link_pool=np.array([0, 0, 1, 2]),
        link_source=np.array([0, 1, 2, 2]),
        link_share=np.array([0.6, 0.4, 1.0, 1.0]),
        link_lag_months=np.zeros(4, dtype=np.int64),
        link_rank=np.zeros(4, dtype=np.int64),
    )


def planner_of(
    graph: SupplyGraph, window: float = 6.0, weight: np.ndarray | None = None, second: bool = True
) -> Planner:
    """A planner whose focus is the last final slot (or all), stages as products."""
    return Planner(model_of(graph, window, weight), window, _focus(graph, second))


def model_of(graph: SupplyGraph, window: float, weight: np.ndarray | None = None) -> PlannerModel:
    final = np.flatnonzero(graph.slot_node == NOBODY)
    worth = np.ones(len(final)) if weight is None else weight
    return planner_model(graph, graph.node_stage, graph.pool_stage, worth, PlannerLimits(window, 0.0))


def _focus(graph: SupplyGraph, last: bool) -> np.ndarray:
    final = np.flatnonzero(graph.slot_node == NOBODY)
    focus = np.ones(len(final), dtype=np.bool_)
    if last:
        focus[:-1] = False
    return focus


def test_the_larger_mine_gone_as_worked_out_by_hand() -> None:
    graph = chain()
    graph.check()
    planner = planner_of(graph)
    assert planner.at_rest == pytest.approx(0.0, abs=1e-6)
    found = planner.removal([0])
    # The other mine gives 4.4, the stock 15/6 = 2.5 a month: 6.9 of 10, whoever goes without.
    assert found.loss == pytest.approx(3.1, rel=1e-5)
    assert (found.focus_low, found.focus_high) == pytest.approx((0.0, 2.0), abs=1e-3)
    assert found.focus_first == pytest.approx(0.0, abs=1e-3)
    assert found.lost.sum() == pytest.approx(3.1, rel=1e-5)


def test_the_worth_of_a_unit_of_use_decides_who_goes_without() -> None:
    found = planner_of(chain(), weight=np.array([1.0, 5.0])).removal([0])
    assert found.loss == pytest.approx(3.1, rel=1e-5)
    assert found.focus_high == pytest.approx(0.0, abs=1e-3)
    found = planner_of(chain(), weight=np.array([5.0, 1.0])).removal([0])
    assert found.loss == pytest.approx(2.0 + 5.0 * 1.1, rel=1e-5)
    assert found.focus_low == pytest.approx(2.0, rel=1e-4)


def test_use_without_a_weight_is_served_last_and_is_in_no_loss() -> None:
    planner = planner_of(chain(), weight=np.array([1.0, 0.0]))
    found = planner.removal([0])
    # 3.1 of 10 are missing: all 2 of the second user, which weigh nothing, and 1.1 of the first.
    assert (found.loss, found.focus_low, found.focus_high) == pytest.approx((1.1, 0.0, 0.0), abs=1e-3)
    assert found.lost == pytest.approx([1.1, 2.0], abs=1e-3)
    assert planner.months_to_survive([0], 24.0) == float("inf")
    # With the first user alone in need, the second goes without only as far as it must: 6.9 come, 8 are weighed.
    assert planner.capacity_values([0]) == pytest.approx([1.0, 1.0, 0.0], abs=1e-6)
    # For 4 months 4.4 + 3.75 come: enough for the 8 that weigh, and what is left goes to the other.
    short = planner_of(chain(), window=4.0, weight=np.array([1.0, 0.0])).removal([0])
    assert short.loss == pytest.approx(0.0, abs=1e-3)
    assert short.lost == pytest.approx([0.0, 1.85], abs=1e-3)


def test_one_more_unit_of_capacity_saves_one_unit_of_use() -> None:
    values = planner_of(chain()).capacity_values([0])
    assert values == pytest.approx([1.0, 1.0, 0.0], abs=1e-6)


def test_months_to_survive_are_those_of_the_stock() -> None:
    # All users count: 10 a month are needed, 4.4 come, 15 are in stock: 15/5.6 months.
    planner = planner_of(chain(), second=False)
    assert planner.months_to_survive([0], 24.0) == pytest.approx(15.0 / 5.6, abs=0.05)
    # The second user alone is served as long as anything comes.
    assert planner_of(chain()).months_to_survive([0], 24.0) == float("inf")
    assert planner.removal([0]).loss == pytest.approx(3.1, rel=1e-5)


def test_goods_under_way_still_arrive() -> None:
    graph = replace(chain(), link_lag_months=np.array([3, 0, 0, 0]))
    # Three months of 6 are at sea: 3 a month more over the window.
    assert planner_of(graph).removal([0]).loss == pytest.approx(0.1, rel=1e-4)


@given(SEEDS)
def test_a_second_solver_agrees(seed: int) -> None:
    graph = random_graph(seed)
    model = model_of(graph, 6.0)
    gone = [seed % graph.nodes]
    found = Planner(model, 6.0, _focus(graph, True)).removal(gone, ranges=False).loss / model.value_unit
    costs = np.zeros(model.columns)
    costs[model.first["loss"] : model.first["loss"] + len(model.weight)] = model.weight
    low, high = model.low.copy(), model.high.copy()
    low[-1] = high[-1] = 1.0 / 6.0
    high[model.first["output"] + gone[0]] = model.under_way[gone[0]] / 6.0
    equal = model.row_low == model.row_high
    above, below = np.isfinite(model.row_high) & ~equal, np.isfinite(model.row_low) & ~equal
    other = linprog(
        costs,
        A_ub=sparse.vstack([model.matrix[above], -model.matrix[below]]),
        b_ub=np.concatenate([model.row_high[above], -model.row_low[below]]),
        A_eq=model.matrix[equal],
        b_eq=model.row_low[equal],
        bounds=np.stack([low, high], axis=1),
        method="highs",
    )
    assert found == pytest.approx(other.fun, rel=1e-6, abs=1e-5)


@given(SEEDS)
def test_a_worse_shock_never_helps_and_reserves_never_harm(seed: int) -> None:
    graph = random_graph(seed)
    one, two = seed % graph.nodes, (seed // 7) % graph.nodes
    planner = planner_of(graph)
    scale = 1e-4 * planner.model.value_unit
    alone = planner.removal([one], ranges=False).loss
    assert planner.at_rest <= 1e-4
    assert planner.removal(sorted({one, two}), ranges=False).loss >= alone - scale
    richer = replace(graph, slot_stock=graph.slot_stock + graph.slot_use)
    assert planner_of(richer).removal([one], ranges=False).loss <= alone + scale
    larger = replace(graph, node_spare_share=graph.node_spare_share + 0.3)
    assert planner_of(larger).removal([one], ranges=False).loss <= alone + scale


@given(SEEDS)
def test_ranges_are_ordered_and_answers_do_not_depend_on_what_was_asked_before(seed: int) -> None:
    graph = random_graph(seed)
    planner = planner_of(graph)
    order = [node % graph.nodes for node in (seed, seed // 3, seed // 11)]
    first = [planner.removal([node]) for node in order]
    again = [planner_of(graph).removal([node]) for node in order]
    for one, other in zip(first, again, strict=True):
        scale = 1e-3 * planner.model.value_unit
        assert one.focus_low <= one.focus_high + 1e-9
        assert one.focus_first <= one.focus_high + scale
        assert one.loss == pytest.approx(other.loss, rel=1e-6, abs=scale)
        assert one.focus_low == pytest.approx(other.focus_low, rel=1e-3, abs=scale)
        assert one.focus_high == pytest.approx(other.focus_high, rel=1e-3, abs=scale)


@given(SEEDS)
def test_the_planner_loses_no_more_than_rationing_does(seed: int) -> None:
    # Without hosts, ranks or lags the engine's months are one of the plans: what it loses the planner need not lose.
    graph = random_graph(seed, plain=True)
    gone = seed % graph.nodes
    assume(graph.node_base[gone] > 0.0)
    months = 6
    run = simulate_months(graph, [Shock(Hit.CAPACITY, (gone,), 0, months, 1.0)], months, Rules())
    planner = planner_of(graph)
    assert planner.removal([gone], ranges=False).loss <= run.unserved.sum() / months + 1e-4 * planner.model.value_unit
