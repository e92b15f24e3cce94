"""Public stocks: given out when deliveries fall short, and bought back when calm has returned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.disruption.engine import simulate_months
from supplyrisk.disruption.reference import simulate_plainly
from supplyrisk.disruption.rules import Rules
from supplyrisk.disruption.shocks import Hit, Shock
from supplyrisk.disruption.supply_graph import NOBODY, SupplyGraph
from tests.disruption.random_graphs import random_graph, random_shocks

SPAN = 24


def _one_maker(lag: int = 0, capacity: float = 15.0) -> SupplyGraph:
    """A maker of 10 a month for one user without a stock of its own, beside a public stock of 20 units."""

    def one(value: float) -> np.ndarray:
        return np.array([value])

    def number(value: int) -> np.ndarray:
        return np.array([value], dtype=np.int64)

    return SupplyGraph(
        node_stage=number(0), node_base=one(10.0), node_capacity=one(capacity), node_spare_share=one(0.0),
        node_ramp_months=one(1.0), node_unramp_months=one(1.0), node_host=number(NOBODY), node_host_share=one(0.0),
        slot_pool=number(0), slot_node=number(NOBODY), slot_need=one(0.0), slot_mix=one(1.0), slot_mix_rise=one(0.0),
        slot_group=number(NOBODY), slot_stock=one(0.0), slot_refill_months=one(1.0), slot_demand=one(10.0),
        slot_backorder_share=one(0.0), pool_stage=number(0), pool_switch_share=one(0.0), pool_stockpile=one(20.0),
        pool_release=one(8.0), pool_refill=one(4.0), link_pool=number(0), link_source=number(0), link_share=one(1.0),
        link_lag_months=number(lag), link_rank=number(0),
    )  # fmt: skip


def test_a_stock_given_out_is_bought_back_at_its_pace_once_users_get_all() -> None:
    """By hand: two months without output take 8 and 8 of 20; the third month is calm, from the fourth on 4 a month."""
    graph = _one_maker()
    run = simulate_months(graph, [Shock(Hit.CAPACITY, (0,), 1, 2, 1.0)], 10, Rules())
    assert run.released[:, 0] == pytest.approx([0, 8, 8, 0, 0, 0, 0, 0, 0, 0])
    assert run.stockpile[:, 0] == pytest.approx([20, 12, 4, 4, 8, 12, 16, 20, 20, 20])
    assert run.output[:, 0] == pytest.approx([10, 0, 0, 10, 14, 14, 14, 14, 10, 10])
    assert run.shortage[:, 0] == pytest.approx([0, 2, 2, 0, 0, 0, 0, 0, 0, 0])


def test_what_is_on_its_way_is_not_ordered_twice() -> None:
    """By hand: goods are two months under way, so that nothing arrives in the fourth and fifth month.

    Users then order what is missing on the way (30 of 15, then 15), lack nothing in the sixth month, and live in the
    eighth, which brings nothing, on what came too much. From the seventh month on 4 are ordered for the stock, which
    arrive from the ninth on: after four such orders all of its 20 are there or on their way.
    """
    run = simulate_months(_one_maker(lag=2), [Shock(Hit.CAPACITY, (0,), 1, 2, 1.0)], 14, Rules())
    assert run.output[:, 0] == pytest.approx([10, 0, 0, 15, 15, 0, 14, 14, 14, 14, 10, 10, 10, 10])
    assert run.released[:, 0] == pytest.approx([0, 0, 0, 8, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    assert run.stockpile[:, 0] == pytest.approx([20, 20, 20, 12, 4, 4, 4, 4, 8, 12, 16, 20, 20, 20])


def test_users_who_hold_more_than_usual_get_nothing_from_the_stock() -> None:
    """The eighth month brings nothing, as users ordered nothing in the sixth: they live on the 10 that they hold."""
    graph = replace(_one_maker(lag=2), pool_refill=np.zeros(1))
    run = simulate_months(graph, [Shock(Hit.CAPACITY, (0,), 1, 2, 1.0)], 14, Rules())
    assert run.received[7, 0] == pytest.approx(0.0)
    assert run.shortage[7, 0] == pytest.approx(0.0)
    assert run.stockpile[:, 0] == pytest.approx([20, 20, 20, 12] + [4] * 10)


def test_where_makers_lack_room_users_and_stock_share_what_is_sent() -> None:
    """By hand: with 12 of capacity, 14 ordered: users get 10·12/14, are short, and the stock waits for calm again."""
    run = simulate_months(_one_maker(capacity=12.0), [Shock(Hit.CAPACITY, (0,), 1, 2, 1.0)], 7, Rules())
    got = 10.0 * 12.0 / 14.0
    assert run.stockpile[3, 0] == pytest.approx(4.0)
    # The stock's own part arrives, and goes out again at once to those who lack it.
    assert run.released[4, 0] == pytest.approx(10.0 - got)
    assert run.stockpile[4, 0] == pytest.approx(4.0 + (12.0 - got) - (10.0 - got))
    assert run.output[5, 0] == pytest.approx(10.0)


@given(st.integers(0, 2**32 - 1), st.sampled_from([Rules(), Rules(timing="together", signal_weight=0.3)]))
def test_a_stock_is_never_below_nothing_nor_above_its_size(seed: int, rules: Rules) -> None:
    graph = random_graph(seed)
    run = simulate_months(graph, random_shocks(seed + 1, graph, SPAN), SPAN, rules)
    room = 1e-9 * max(1.0, float(graph.pool_use.max()))
    assert (run.stockpile >= -room).all()
    assert (run.stockpile <= graph.pool_stockpile + room).all()
    falls = np.diff(np.vstack([graph.pool_stockpile, run.stockpile]), axis=0) < -room
    assert (run.released[falls] > 0.0).all()


@given(st.integers(0, 2**32 - 1))
def test_what_is_never_bought_back_only_shrinks(seed: int) -> None:
    graph = random_graph(seed)
    graph = replace(graph, pool_refill=np.zeros(graph.pools))
    shocks = random_shocks(seed + 1, graph, SPAN)
    run = simulate_months(graph, shocks, SPAN, Rules())
    assert np.allclose(run.stockpile, graph.pool_stockpile - run.released.cumsum(axis=0), rtol=1e-9, atol=1e-9)
    assert np.allclose(run.stockpile, simulate_plainly(graph, shocks, SPAN, Rules()).stockpile, rtol=1e-9, atol=1e-9)
