"""Running shocks through a supply graph: blocks of draws over threads, and one draw month by month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplyrisk.disruption.kernel.arrays import GraphArrays, ShockArrays, Switches, TraceArrays, WatchArrays
from supplyrisk.disruption.kernel.draws import run_draws
from supplyrisk.disruption.kernel.state import new_state
from supplyrisk.disruption.kernel.watching import new_watched
from supplyrisk.disruption.lanes import LANES
from supplyrisk.disruption.rules import Rules
from supplyrisk.disruption.shocks import Hit, Shock, ShockTable, shock_table
from supplyrisk.disruption.supply_graph import NOBODY, Floats, Integers, SupplyGraph, starts

_PIECE = 8 * LANES
"""Draws that a thread takes at a time."""


@dataclass(frozen=True)
class Months:
    """One draw month by month: rows months, columns the nodes, slots, pools or links of the graph; units a month.

    Nodes: ``output``, ``orders``, ``available`` by capacity, ``supported`` by inputs (infinite for mines). Slots:
    ``received``, ``used``, ``stock`` at the end of the month, ``shortage`` of final use. Pools: ``released`` from the
    public stock, ``stockpile`` in it at the end of the month. Links: ``sent``, to public stocks too. ``unserved``:
    final demand never met, by slot, over all months.
    """

    output: Floats
    orders: Floats
    available: Floats
    supported: Floats
    received: Floats
    used: Floats
    stock: Floats
    shortage: Floats
    released: Floats
    stockpile: Floats
    sent: Floats
    unserved: Floats


@dataclass(frozen=True)
class Shortages:
    """What groups of final use went short of: draws × groups.

    ``lost``: units never met; ``short_months`` with more than the threshold missing, their ``longest_run``, the
    ``first_month`` of them (from 1; 0 where there is none); ``worst`` share missing in a month.
    """

    lost: Floats
    short_months: NDArray[np.int16]
    longest_run: NDArray[np.int16]
    first_month: NDArray[np.int16]
    worst: Floats


def simulate(graph: SupplyGraph, table: ShockTable, months: int, rules: Rules, threads: int = 2) -> Floats:
    """Final demand never met in each draw: draws × slots of final use (in the order of ``final_slots``).

    Equal bit for bit for any number of threads, and for a draw whatever the others are.
    """
    arrays, shocks, switches = _read_by_kernel(graph, table, rules)
    unserved = np.zeros((table.draws, len(arrays.final)))
    nothing, unwatched = _no_trace(), _unwatched()

    def run(first: int, last: int) -> None:
        state, found = new_state(arrays, switches), new_watched(0)
        run_draws(arrays, shocks, switches, state, found, first, last, months, unserved, nothing, unwatched)

    _run_blocks(run, table.draws, threads)
    return unserved


def simulate_groups(
    graph: SupplyGraph,
    table: ShockTable,
    months: int,
    rules: Rules,
    groups: Sequence[Integers],
    threshold: float,
    threads: int = 2,
) -> Shortages:
    """What groups of slots of final use go short of, draw by draw; ``groups``: the slots of each.

    Equal bit for bit for any number of threads, and for a draw whatever the others are.
    """
    arrays, shocks, switches = _read_by_kernel(graph, table, rules)
    shape = (table.draws, len(groups))
    watched = WatchArrays(
        np.cumsum([0, *map(len, groups)]).astype(np.int64),
        np.concatenate([*groups, np.zeros(0, dtype=np.int64)]).astype(np.int64),
        np.array([graph.slot_demand[group].sum() for group in groups], dtype=np.float64),
        threshold,
        np.zeros(shape),
        np.zeros(shape, dtype=np.int16),
        np.zeros(shape, dtype=np.int16),
        np.zeros(shape, dtype=np.int16),
        np.zeros(shape),
    )
    nothing, unserved = _no_trace(), np.zeros((0, 0))

    def run(first: int, last: int) -> None:
        state, found = new_state(arrays, switches), new_watched(len(groups))
        run_draws(arrays, shocks, switches, state, found, first, last, months, unserved, nothing, watched)

    _run_blocks(run, table.draws, threads)
    return Shortages(watched.lost, watched.short_months, watched.longest_run, watched.first_month, watched.worst)


def _run_blocks(run: Callable[[int, int], None], draws: int, threads: int) -> None:
    if threads > 1 and draws > LANES:
        firsts = range(0, draws, _PIECE)
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(run, firsts, [min(first + _PIECE, draws) for first in firsts]))
    else:
        run(0, draws)


def simulate_months(graph: SupplyGraph, shocks: Sequence[Shock], months: int, rules: Rules) -> Months:
    """One draw, every month kept."""
    arrays, table, switches = _read_by_kernel(graph, shock_table([shocks]), rules)
    sizes = (*[graph.nodes] * 4, *[graph.slots] * 4, *[graph.pools] * 2, graph.links)
    trace = TraceArrays(*(np.zeros((months, size)) for size in sizes))
    unserved = np.zeros((1, len(arrays.final)))
    state, found = new_state(arrays, switches), new_watched(0)
    run_draws(arrays, table, switches, state, found, 0, 1, months, unserved, trace, _unwatched())
    by_slot = np.zeros(graph.slots)
    by_slot[arrays.final] = unserved[0]
    return Months(**trace._asdict(), unserved=by_slot)


def final_slots(graph: SupplyGraph) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Slots of final use, in their order."""
    return np.flatnonzero(graph.slot_node == NOBODY)


def _read_by_kernel(graph: SupplyGraph, table: ShockTable, rules: Rules) -> tuple[GraphArrays, ShockArrays, Switches]:
    return _arrays(graph), _shock_arrays(table), _switches(graph, table, rules)


def _arrays(graph: SupplyGraph) -> GraphArrays:
    slot_starts, slot_list = graph.slots_of_node
    stages = graph.stages
    by_source = np.argsort(graph.link_source, kind="stable")
    part = np.divide(
        graph.slot_use,
        graph.pool_use[graph.slot_pool],
        out=np.zeros(graph.slots),
        where=graph.pool_use[graph.slot_pool] > 0.0,
    )
    span = int(graph.link_lag_months.max(initial=0)) + 1
    lag_keys, of_lag = np.unique(graph.link_pool * span + graph.link_lag_months, return_inverse=True)
    lag_pool, lag = lag_keys // span, lag_keys % span
    by_lag = np.argsort(of_lag, kind="stable")
    return GraphArrays(
        stage_nodes=starts(graph.node_stage, stages),
        stage_pools=starts(graph.pool_stage, stages),
        node_base=graph.node_base,
        node_capacity=graph.node_capacity,
        node_spare=graph.node_spare_share,
        node_up=graph.node_spare_share / graph.node_ramp_months,
        node_down=graph.node_spare_share / graph.node_unramp_months,
        node_host=graph.node_host,
        node_host_share=graph.node_host_share,
        node_links=starts(graph.link_source[by_source], graph.nodes),
        node_link=by_source.astype(np.int64),
        node_link_pool=graph.link_pool[by_source],
        node_link_share=graph.link_share[by_source],
        node_slots=slot_starts,
        node_slot=slot_list,
        pool_slots=starts(graph.slot_pool, graph.pools),
        pool_links=starts(graph.link_pool, graph.pools),
        pool_lags=starts(lag_pool, graph.pools),
        lag=lag,
        lag_links=starts(of_lag[by_lag], len(lag)),
        lag_link_place=(graph.link_source * graph.ranks + graph.link_rank)[by_lag],
        lag_link_share=graph.link_share[by_lag],
        slot_node=graph.slot_node,
        slot_need=graph.slot_need,
        slot_mix=graph.slot_mix,
        slot_rise=graph.slot_mix_rise,
        slot_group=_groups_of_several(graph),
        slot_stock=graph.slot_stock,
        slot_refill=graph.slot_refill_months,
        slot_demand=graph.slot_demand,
        slot_waiting=graph.slot_backorder_share,
        slot_part=part,
        final=final_slots(graph),
        pool_use=graph.pool_use,
        pool_share=np.bincount(graph.link_pool, graph.link_share, graph.pools),
        pool_switch=graph.pool_switch_share,
        pool_stockpile=graph.pool_stockpile,
        pool_release=graph.pool_release,
        pool_refill=graph.pool_refill,
        link_pool=graph.link_pool,
        link_source=graph.link_source,
        link_share=graph.link_share,
        link_flow=graph.link_flow,
        link_lag=graph.link_lag_months,
        link_rank=graph.link_rank,
    )


def _groups_of_several(graph: SupplyGraph) -> Integers:
    """Groups of slots; a slot that nothing replaces has none, so that the kernel keeps no mix of it."""
    grouped = np.flatnonzero(graph.slot_group != NOBODY)
    span = int(graph.slot_group.max(initial=0)) + 1
    keys = graph.slot_node[grouped] * span + graph.slot_group[grouped]
    _, of_group, members = np.unique(keys, return_inverse=True, return_counts=True)
    found = np.full(graph.slots, NOBODY, dtype=np.int64)
    several = grouped[members[of_group] > 1]
    found[several] = graph.slot_group[several]
    return found


def _shock_arrays(table: ShockTable) -> ShockArrays:
    return ShockArrays(
        table.draw_start,
        table.hit,
        table.target,
        table.start,
        table.length,
        table.recovery,
        table.severity,
        table.set_start,
        table.members,
    )


def _switches(graph: SupplyGraph, table: ShockTable, rules: Rules) -> Switches:
    return Switches(
        together=rules.timing == "together",
        signal_weight=rules.signal_weight,
        preferences=bool((table.hit == Hit.PREFERENCE).any()),
        demand=bool((table.hit == Hit.DEMAND).any()),
        ramps=bool((table.hit == Hit.RAMP).any()),
        refills=bool((graph.pool_refill > 0.0).any()),
        ranks=graph.ranks,
        lags=int(graph.link_lag_months.max(initial=0)),
    )


def _unwatched() -> WatchArrays:
    none = np.zeros((0, 0), dtype=np.int16)
    empty = np.zeros(0, dtype=np.int64)
    return WatchArrays(empty, empty, np.zeros(0), 0.0, np.zeros((0, 0)), none, none, none, np.zeros((0, 0)))


def _no_trace() -> TraceArrays:
    nothing = np.zeros((0, 0))
    return TraceArrays(*([nothing] * len(TraceArrays._fields)))
