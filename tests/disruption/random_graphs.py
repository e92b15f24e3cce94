"""Random supply graphs at rest, with every feature of the step in use, and random shocks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from supplyrisk.disruption.shocks import Hit, Shock
from supplyrisk.disruption.supply_graph import NOBODY, SupplyGraph

Generator = np.random.Generator


@dataclass(frozen=True)
class _Slot:
    stage: int
    need: float
    demand: float


@dataclass(frozen=True)
class _Pool:
    stage: int
    place: int
    slots: tuple[_Slot, ...]
    share: np.ndarray


def random_graph(seed: int, *, plain: bool = False) -> SupplyGraph:
    """Two to four tiers at one to four places; ``plain`` leaves out ranks, lags, groups, hosts and public stocks."""
    rng = np.random.default_rng(seed)
    stages, places = int(rng.integers(2, 5)), int(rng.integers(1, 5))
    output: dict[tuple[int, int], float] = {}
    pools: list[_Pool] = []
    # From the end product to the mine: what is used on a tier is what the tier above has to make.
    for stage in reversed(range(stages)):
        made = np.zeros(places)
        for place in range(places):
            slots = _slots(rng, stage, place, stages, output)
            if slots:
                share = rng.dirichlet(np.full(places, 0.8)) * (rng.random(places) > 0.3)
                share = share / share.sum() if share.sum() > 0.0 else np.eye(places)[place]
                pools.append(_Pool(stage, place, slots, share))
                made += share * sum(slot.need * output.get((slot.stage, place), 0.0) + slot.demand for slot in slots)
        output |= {(stage, place): float(made[place]) for place in range(places)}
    graph = _assemble(rng, output, sorted(pools, key=lambda pool: pool.stage), plain)
    return graph if plain else _with_extras(rng, graph)


def _slots(
    rng: Generator, stage: int, place: int, stages: int, output: dict[tuple[int, int], float]
) -> tuple[_Slot, ...]:
    """The next tier always buys here, those after it sometimes, and final use where the chain ends or by chance."""
    inner = [
        _Slot(later, rng.uniform(0.2, 2.0), 0.0)
        for later in range(stage + 1, stages)
        if output[later, place] > 0.0 and (later == stage + 1 or rng.random() < 0.4)
    ]
    final = [_Slot(NOBODY, 0.0, rng.uniform(0.5, 5.0))] if stage == stages - 1 or rng.random() < 0.3 else []
    return (*inner, *final)


def _assemble(rng: Generator, output: dict[tuple[int, int], float], pools: list[_Pool], plain: bool) -> SupplyGraph:
    nodes = sorted(output)
    position = {node: number for number, node in enumerate(nodes)}
    count = len(nodes)
    base = np.array([output[node] for node in nodes])
    slot_rows = [
        (number, NOBODY if slot.stage == NOBODY else position[slot.stage, pool.place], slot.need, slot.demand)
        for number, pool in enumerate(pools)
        for slot in pool.slots
    ]
    link_rows = [
        (number, position[pool.stage, supplier], float(part))
        for number, pool in enumerate(pools)
        for supplier, part in enumerate(pool.share)
        if part > 0.0
    ]
    slots, links = len(slot_rows), len(link_rows)
    use = np.array([row[2] * (base[row[1]] if row[1] != NOBODY else 0.0) + row[3] for row in slot_rows])

    def some(low: float, high: float, size: int) -> np.ndarray:
        return rng.uniform(low, high, size)

    return SupplyGraph(
        node_stage=np.array([stage for stage, _ in nodes], dtype=np.int64),
        node_base=base,
        node_capacity=base * (1.1 if plain else 1.0),
        node_spare_share=np.zeros(count) if plain else some(0.0, 0.4, count),
        node_ramp_months=np.full(count, 3.0),
        node_unramp_months=np.full(count, 2.0),
        node_host=np.full(count, NOBODY),
        node_host_share=np.zeros(count),
        slot_pool=np.array([row[0] for row in slot_rows], dtype=np.int64),
        slot_node=np.array([row[1] for row in slot_rows], dtype=np.int64),
        slot_need=np.array([row[2] for row in slot_rows]),
        slot_mix=np.ones(slots),
        slot_mix_rise=np.zeros(slots),
        slot_group=np.full(slots, NOBODY),
        slot_stock=use * some(1.0, 2.0, slots) if plain else use * some(0.0, 2.0, slots),
        slot_refill_months=some(2.0, 4.0, slots),
        slot_demand=np.array([row[3] for row in slot_rows]),
        slot_backorder_share=np.zeros(slots) if plain else some(0.0, 0.9, slots),
        pool_stage=np.array([pool.stage for pool in pools], dtype=np.int64),
        pool_switch_share=np.ones(len(pools)) if plain else some(0.0, 0.5, len(pools)),
        pool_stockpile=np.zeros(len(pools)),
        pool_release=np.zeros(len(pools)),
        pool_refill=np.zeros(len(pools)),
        link_pool=np.array([row[0] for row in link_rows], dtype=np.int64),
        link_source=np.array([row[1] for row in link_rows], dtype=np.int64),
        link_share=np.array([row[2] for row in link_rows]),
        link_lag_months=np.zeros(links, dtype=np.int64) if plain else rng.integers(0, 3, links),
        link_rank=np.zeros(links, dtype=np.int64) if plain else rng.integers(0, 3, links),
    )


def _with_extras(rng: Generator, graph: SupplyGraph) -> SupplyGraph:
    """A by-product, inputs that replace each other, and public stocks."""
    host, part = graph.node_host.copy(), graph.node_host_share.copy()
    if graph.nodes > 2:
        host[0], part[0] = 1, rng.uniform(0.2, 1.0)
    need, mix, group = graph.slot_need.copy(), graph.slot_mix.copy(), graph.slot_group.copy()
    rise = graph.slot_mix_rise.copy()
    for node in range(graph.nodes):
        slots = np.flatnonzero(graph.slot_node == node)
        if len(slots) > 1 and rng.random() < 0.6:
            first = rng.uniform(0.1, 0.9)
            parts = np.array([first, 1.0 - first])
            chosen = slots[:2]
            need[chosen], mix[chosen], group[chosen] = need[chosen] / parts, parts, node
            rise[chosen] = rng.uniform(0.0, 0.2)
    stockpile = np.where(rng.random(graph.pools) < 0.3, graph.pool_use * 2.0, 0.0)
    return replace(
        graph,
        slot_need=need,
        slot_mix=mix,
        slot_group=group,
        slot_mix_rise=rise,
        node_host=host,
        node_host_share=part,
        pool_stockpile=stockpile,
        pool_release=stockpile * 0.25,
        pool_refill=np.where(rng.random(graph.pools) < 0.6, stockpile * 0.1, 0.0),
    )


def random_shocks(seed: int, graph: SupplyGraph, months: int) -> list[Shock]:
    """Up to six shocks of all kinds."""
    rng = np.random.default_rng(seed)
    found = []
    final = np.flatnonzero(graph.slot_node == NOBODY)
    pools = {
        Hit.CAPACITY: np.arange(graph.nodes),
        Hit.LANE: np.arange(graph.links),
        Hit.PREFERENCE: np.arange(graph.links),
        Hit.DEMAND: final,
        Hit.RAMP: np.arange(graph.nodes),
    }
    for _ in range(int(rng.integers(0, 7))):
        hit = Hit(int(rng.integers(0, 5)))
        chosen = rng.choice(pools[hit], size=int(rng.integers(1, 1 + min(4, len(pools[hit])))), replace=False)
        severity = float(rng.uniform(-0.4, 0.9)) if hit is Hit.DEMAND else float(rng.choice([1.0, rng.random()]))
        found.append(
            Shock(
                hit,
                tuple(sorted(int(member) for member in chosen)),
                int(rng.integers(0, months)),
                int(rng.integers(1, 7)),
                severity,
                int(rng.integers(0, 4)),
            )
        )
    return found
