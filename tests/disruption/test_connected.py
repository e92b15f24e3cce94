"""A part of a graph that nothing outside acts on: run alone it comes out as in the whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.disruption.connected import connected_to, only_connected_to
from supplyrisk.disruption.engine import simulate_months
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.rules import Rules
from supplyrisk.disruption.shocks import Hit, Shock
from supplyrisk.disruption.supply_graph import NOBODY, SupplyGraph
from supplyrisk.network.places import Places
from tests.disruption.random_graphs import random_graph, random_shocks

SEEDS = st.integers(0, 2**32 - 1)
MONTHS = 12


def beside(one: SupplyGraph, other: SupplyGraph) -> tuple[SupplyGraph, dict[str, np.ndarray]]:
    """Two graphs as one, with the number of the graph (0 or 1) that each node, slot, pool and link comes from."""
    columns: dict[str, np.ndarray] = {}
    shift = {"node": one.nodes, "pool": one.pools}
    points = {"slot_node": "node", "node_host": "node", "link_source": "node", "slot_pool": "pool", "link_pool": "pool"}
    for name in SupplyGraph.__dataclass_fields__:
        first, second = getattr(one, name), getattr(other, name)
        if name in points:
            second = np.where(second == NOBODY, NOBODY, second + shift[points[name]])
        if name == "slot_group":
            second = np.where(second == NOBODY, NOBODY, second + 1000)
        columns[name] = np.concatenate([first, second])
    order, moved = {}, {}
    for kind, key in (("node", "node_stage"), ("pool", "pool_stage")):
        order[kind] = np.argsort(columns[key], kind="stable")
        moved[kind] = np.append(np.argsort(order[kind]), NOBODY)
    for name, kind in points.items():
        columns[name] = moved[kind][columns[name]]
    for kind, key in (("slot", "slot_pool"), ("link", "link_pool")):
        order[kind] = np.argsort(columns[key], kind="stable")
    sizes = {"node": one.nodes, "slot": one.slots, "pool": one.pools, "link": one.links}
    whole = {name: values[order[name.split("_")[0]]] for name, values in columns.items()}
    return SupplyGraph(**whole), {kind: (order[kind] >= size).astype(int) for kind, size in sizes.items()}


def named(graph: SupplyGraph, owner: dict[str, np.ndarray]) -> NamedGraph:
    """Products are the stages of each of the two graphs."""
    stages = graph.stages
    products = tuple(f"{part}{stage}" for part in "ab" for stage in range(stages))
    pool_product = owner["pool"] * stages + graph.pool_stage
    return NamedGraph(
        graph=graph, places=Places(("X",), frozenset()), products=products,
        node_product=owner["node"] * stages + graph.node_stage, node_place=np.zeros(graph.nodes, dtype=np.int64),
        slot_use=tuple("final" if node == NOBODY else "maker" for node in graph.slot_node),
        pool_product=pool_product, pool_place=np.zeros(graph.pools, dtype=np.int64),
        unit=dict.fromkeys(products, "t"), place_known=dict.fromkeys(products, True), rules=Rules(),
    )  # fmt: skip


@given(SEEDS)
def test_a_part_on_its_own_comes_out_bit_for_bit(seed: int) -> None:
    graph, owner = beside(random_graph(seed), random_graph(seed + 1))
    graph.check()
    whole = named(graph, owner)
    of_a = [name for name in whole.products if name.startswith("a")]
    part = only_connected_to(whole, of_a)
    part.graph.check()
    kind_of = {Hit.LANE: "link", Hit.PREFERENCE: "link", Hit.DEMAND: "slot"}
    shocks, own = random_shocks(seed + 2, graph, MONTHS), []
    for shock in shocks:
        inside = np.flatnonzero(owner[kind_of.get(shock.hit, "node")] == 0)
        members = tuple(int(np.searchsorted(inside, one)) for one in shock.members if one in inside)
        if members:
            own.append(replace(shock, members=members))
    everything, alone = (
        simulate_months(graph, shocks, MONTHS, Rules()),
        simulate_months(part.graph, own, MONTHS, Rules()),
    )
    for name, kind in (("output", "node"), ("stock", "slot"), ("stockpile", "pool"), ("sent", "link")):
        expected: Any = getattr(everything, name)[:, owner[kind] == 0]
        assert np.array_equal(getattr(alone, name), expected), name
    assert np.array_equal(alone.unserved, everything.unserved[owner["slot"] == 0])


def test_connected_are_inputs_users_and_hosts_on_any_way() -> None:
    one, other = random_graph(3, plain=True), random_graph(4, plain=True)
    graph, owner = beside(one, other)
    whole = named(graph, owner)
    joined = connected_to(whole, ["a0"])
    assert joined
    assert not any(name.startswith("b") for name in joined)
    host = graph.node_host.copy()
    host[np.flatnonzero(owner["node"] == 0)[0]] = np.flatnonzero(owner["node"] == 1)[0]
    hosted = connected_to(replace(whole, graph=replace(graph, node_host=host)), ["a0"])
    assert joined < hosted
    assert "b0" in hosted


def test_a_shock_outside_a_part_does_nothing_in_it() -> None:
    graph, owner = beside(random_graph(7), random_graph(8))
    outside = tuple(int(node) for node in np.flatnonzero(owner["node"] == 1))
    run = simulate_months(graph, [Shock(Hit.CAPACITY, outside, 0, MONTHS, 1.0)], MONTHS, Rules())
    assert np.allclose(run.output[:, owner["node"] == 0], graph.node_base[owner["node"] == 0])
