"""The monthly step: kernel against plain loops, the published workload, and what must hold for any graph and shock."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplyrisk.disruption.engine import final_slots, simulate, simulate_months
from supplyrisk.disruption.reference import simulate_plainly
from supplyrisk.disruption.rules import Rules
from supplyrisk.disruption.shocks import Hit, Shock, shock_table
from supplyrisk.disruption.supply_graph import NOBODY, SupplyGraph
from supplyrisk.foundation.errors import InputError
from tests.disruption.chain5_files import MONTHS, RULES, read_draws, read_expected, read_graph
from tests.disruption.random_graphs import random_graph, random_shocks

CUT = Path(__file__).parent / "chain5_cut"
WHOLE = Path(os.environ.get("SUPPLYRISK_SHARED", Path(__file__).parents[3] / "shared")) / "reference" / "chain5"
SEEDS = st.integers(0, 2**32 - 1)
SPAN = 18
ALL_RULES = [Rules(), Rules(signal_weight=1.0), Rules(timing="together", signal_weight=0.3)]


def test_workload_of_the_cut_gives_the_published_losses() -> None:
    graph = read_graph(CUT)
    graph.check()
    unserved = simulate(graph, shock_table(read_draws(CUT)), MONTHS, RULES).sum(axis=1)
    assert unserved == pytest.approx(read_expected(CUT), rel=1e-9, abs=1e-12)
    assert (read_expected(CUT) > 0.0).sum() > 10


@pytest.mark.skipif(not WHOLE.is_dir(), reason="the whole workload lies outside the project")
def test_workload_gives_the_published_losses() -> None:
    graph = read_graph(WHOLE)
    unserved = simulate(graph, shock_table(read_draws(WHOLE)), MONTHS, RULES).sum(axis=1)
    assert unserved == pytest.approx(read_expected(WHOLE), rel=1e-9, abs=1e-12)


def test_plain_loops_give_the_published_losses() -> None:
    graph, expected = read_graph(CUT), read_expected(CUT)
    hit = int(np.argmax(expected))
    assert simulate_plainly(graph, read_draws(CUT)[hit], MONTHS, RULES).unserved.sum() == pytest.approx(
        expected[hit], rel=1e-9
    )


@given(SEEDS, st.sampled_from(ALL_RULES))
def test_kernel_equals_the_plain_loops_in_every_month(seed: int, rules: Rules) -> None:
    graph = random_graph(seed)
    shocks = random_shocks(seed + 1, graph, SPAN)
    plain, fast = simulate_plainly(graph, shocks, SPAN, rules), simulate_months(graph, shocks, SPAN, rules)
    for name in (
        "output",
        "orders",
        "available",
        "supported",
        "received",
        "used",
        "stock",
        "shortage",
        "released",
        "stockpile",
        "sent",
    ):
        assert np.allclose(np.array(getattr(plain, name)), getattr(fast, name), rtol=1e-9, atol=1e-11), name
    assert np.allclose(plain.unserved, fast.unserved, rtol=1e-9, atol=1e-11)


@given(SEEDS)
def test_outages_alone_equal_the_plain_loops(seed: int) -> None:
    graph = random_graph(seed, plain=True)
    shocks = [shock for shock in random_shocks(seed + 1, graph, SPAN) if shock.hit is Hit.CAPACITY]
    for rules in ALL_RULES:
        plain, fast = simulate_plainly(graph, shocks, SPAN, rules), simulate_months(graph, shocks, SPAN, rules)
        assert np.allclose(np.array(plain.output), fast.output, rtol=1e-9, atol=1e-11)
        assert np.allclose(np.array(plain.sent), fast.sent, rtol=1e-9, atol=1e-11)
        assert np.allclose(plain.unserved, fast.unserved, rtol=1e-9, atol=1e-11)


@given(SEEDS)
def test_without_shock_every_month_is_the_base(seed: int) -> None:
    graph = random_graph(seed)
    graph.check()
    run = simulate_months(graph, [], 60, Rules())
    assert np.allclose(run.output, graph.node_base, rtol=1e-9, atol=1e-12)
    assert np.allclose(run.stock, graph.slot_stock, rtol=1e-9, atol=1e-9)
    assert run.shortage.max(initial=0.0) <= 1e-9
    assert run.released.max(initial=0.0) <= 1e-9
    assert np.allclose(run.stockpile, graph.pool_stockpile, rtol=1e-12)


@given(SEEDS)
def test_what_is_made_and_released_is_received_under_way_or_never_sent(seed: int) -> None:
    graph = random_graph(seed)
    run = simulate_months(graph, random_shocks(seed + 1, graph, SPAN), SPAN, Rules())
    scale = max(1.0, float(graph.node_base.max()))
    # Stocks: what was there, and came in, less what was used.
    before = np.vstack([graph.slot_stock, run.stock[:-1]])
    assert np.abs(before + run.received - run.used - run.stock).max() <= 1e-9 * scale
    # Inputs used are those of the output, group by group.
    slots = np.flatnonzero(graph.slot_node != NOBODY)
    met = np.zeros_like(run.output)
    groups = np.zeros(graph.nodes)
    seen: set[tuple[int, int]] = set()
    for slot in slots:
        node, group = int(graph.slot_node[slot]), int(graph.slot_group[slot])
        met[:, node] += run.used[:, slot] / graph.slot_need[slot]
        key = (node, group if group != NOBODY else -2 - int(slot))
        groups[node] += key not in seen
        seen.add(key)
    users = np.unique(graph.slot_node[slots])
    assert np.abs(met[:, users] - run.output[:, users] * groups[users]).max(initial=0.0) <= 1e-9 * scale
    # What a node makes is what it sends, month by month.
    for month in range(SPAN):
        sent = np.bincount(graph.link_source, run.sent[month], graph.nodes)
        assert np.abs(sent - run.output[month]).max() <= 1e-9 * scale
    # Goods: all that was made since the start, and what was under way then, has come in or still is under way.
    stage_of_slot = graph.pool_stage[graph.slot_pool]
    longest = int(graph.link_lag_months.max(initial=0))
    for stage in range(graph.stages):
        made = run.output[:, graph.node_stage == stage].sum(axis=1)
        given_out = run.released[:, graph.pool_stage == stage].sum(axis=1)
        got = run.received[:, stage_of_slot == stage].sum(axis=1)
        links = graph.pool_stage[graph.link_pool] == stage
        at_start = float((graph.link_flow * graph.link_lag_months)[links].sum())
        pools = graph.pool_stage == stage
        bought_back = float((run.stockpile[-1] - graph.pool_stockpile)[pools].sum() + given_out.sum())
        arrived = float(got.sum() - given_out.sum()) + bought_back
        assert arrived <= at_start + float(made.sum()) + 1e-9 * scale * SPAN
        assert arrived >= float(made[: SPAN - longest].sum()) - 1e-9 * scale * SPAN


@given(SEEDS, st.floats(0.01, 100.0))
def test_scaling_everything_scales_the_loss(seed: int, factor: float) -> None:
    graph = random_graph(seed)
    shocks = random_shocks(seed + 1, graph, SPAN)
    scaled = replace(
        graph,
        node_base=graph.node_base * factor,
        node_capacity=graph.node_capacity * factor,
        slot_stock=graph.slot_stock * factor,
        slot_demand=graph.slot_demand * factor,
        pool_stockpile=graph.pool_stockpile * factor,
        pool_release=graph.pool_release * factor,
        pool_refill=graph.pool_refill * factor,
    )
    loss = simulate_months(graph, shocks, SPAN, Rules()).unserved
    assert np.allclose(
        simulate_months(scaled, shocks, SPAN, Rules()).unserved, loss * factor, rtol=1e-7, atol=1e-9 * factor
    )


@given(SEEDS)
def test_order_of_places_does_not_matter(seed: int) -> None:
    graph = random_graph(seed)
    shocks = random_shocks(seed + 1, graph, SPAN)
    turned, node_to, link_to, slot_to = _turned(graph, seed)
    moved = {Hit.CAPACITY: node_to, Hit.RAMP: node_to, Hit.LANE: link_to, Hit.PREFERENCE: link_to, Hit.DEMAND: slot_to}
    same = [
        replace(shock, members=tuple(int(moved[shock.hit][member]) for member in shock.members)) for shock in shocks
    ]
    loss = simulate_months(graph, shocks, SPAN, Rules()).unserved
    found = simulate_months(turned, same, SPAN, Rules()).unserved
    assert np.allclose(found[slot_to], loss, rtol=1e-7, atol=1e-9)


def _turned(graph: SupplyGraph, seed: int) -> tuple[SupplyGraph, np.ndarray, np.ndarray, np.ndarray]:
    """The same graph with nodes of a stage and links of a pool in another order, and where each went."""
    rng = np.random.default_rng(seed)

    def shuffled(keys: np.ndarray) -> np.ndarray:
        return np.lexsort((rng.random(len(keys)), keys))

    nodes, links, slots = shuffled(graph.node_stage), shuffled(graph.link_pool), shuffled(graph.slot_pool)
    node_to, link_to, slot_to = np.argsort(nodes), np.argsort(links), np.argsort(slots)

    def renumbered(keys: np.ndarray) -> np.ndarray:
        return np.where(keys == NOBODY, NOBODY, node_to[keys])

    changes = {name: getattr(graph, name)[nodes] for name in vars(graph) if name.startswith("node_")}
    changes |= {
        name: getattr(graph, name)[links] for name in vars(graph) if name.startswith("link_") and name != "link_flow"
    }
    changes |= {
        name: getattr(graph, name)[slots] for name in vars(graph) if name.startswith("slot_") and name != "slot_use"
    }
    changes |= {
        "node_host": renumbered(graph.node_host[nodes]),
        "link_source": renumbered(graph.link_source[links]),
        "slot_node": renumbered(graph.slot_node[slots]),
    }
    changes.pop("slots_of_node", None)
    return replace(graph, **changes), node_to, link_to, slot_to


@pytest.mark.parametrize("seed", [7, 8, 9])
@pytest.mark.parametrize("plain", [True, False])
def test_results_do_not_depend_on_threads_or_on_the_other_draws(plain: bool, seed: int) -> None:
    graph = random_graph(seed, plain=plain)
    draws = [random_shocks(number, graph, SPAN) for number in range(150)]
    whole = simulate(graph, shock_table(draws), SPAN, Rules(), threads=1)
    assert np.array_equal(whole, simulate(graph, shock_table(draws), SPAN, Rules(), threads=4))
    # One feature used in one draw must not change the others.
    alone = np.vstack([simulate(graph, shock_table([shocks]), SPAN, Rules()) for shocks in draws[:40]])
    assert np.array_equal(whole[:40], alone)
    assert whole.sum() > 0.0


@given(SEEDS)
@settings(max_examples=25)
def test_a_stock_that_outlasts_the_outage_keeps_final_use_served(seed: int) -> None:
    graph = random_graph(seed, plain=True)
    final = final_slots(graph)
    stock = graph.slot_stock.copy()
    stock[final] = 6.0 * graph.slot_demand[final]
    kept = replace(graph, slot_stock=stock)
    shock = [Shock(Hit.CAPACITY, tuple(range(graph.nodes)), 2, 5, 1.0)]
    assert simulate_months(kept, shock, 7, Rules()).unserved.sum() == 0.0


def test_orders_are_right_where_next_to_nothing_is_seen_of_suppliers() -> None:
    """Suppliers keep a hundred-millionth, each another part: as a difference from one, half of its digits were lost."""
    graph = random_graph(11, plain=True)
    outages = [Shock(Hit.CAPACITY, (node,), 1, 9, 1.0 - (1.0 + 0.7 * node) * 1e-8) for node in range(graph.nodes)]
    plain, fast = simulate_plainly(graph, outages, SPAN, Rules()), simulate_months(graph, outages, SPAN, Rules())
    assert np.allclose(np.array(plain.orders), fast.orders, rtol=1e-9, atol=1e-11)
    assert np.allclose(plain.unserved, fast.unserved, rtol=1e-9, atol=1e-11)


def test_a_graph_that_does_not_rest_is_refused() -> None:
    graph = random_graph(3, plain=True)
    with pytest.raises(InputError, match="makes more than its capacity"):
        replace(graph, node_capacity=graph.node_capacity * 0.5).check()
    with pytest.raises(InputError, match="do not add up to one"):
        replace(graph, link_share=graph.link_share * 0.9).check()
