"""Months of a row of draws one after the other, and the one function that is kept compiled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from supplyrisk.disruption.kernel.arrays import GraphArrays, ShockArrays, Switches, TraceArrays, WatchArrays
from supplyrisk.disruption.kernel.compiling import compiled, kept, source_key
from supplyrisk.disruption.kernel.delivering import deliver
from supplyrisk.disruption.kernel.making import make
from supplyrisk.disruption.kernel.ordering import due_of, order
from supplyrisk.disruption.kernel.shocked import meet_shocks, see_capacity
from supplyrisk.disruption.kernel.state import State, rest
from supplyrisk.disruption.kernel.watching import Watched, begin_watch, note, tell, watch
from supplyrisk.disruption.lanes import LANES, choose, larger, load, repeated, smaller, store


@compiled
def supply(g: GraphArrays, w: Switches, s: State, month: int) -> None:
    """Together: every node first, then every delivery. Else tier by tier, goods passing on within the month.

    Both go through the same two loops: what is inlined twice takes twice as long to compile.
    """
    stages = 1 if w.together else len(g.stage_nodes) - 1
    for stage in range(stages):
        first, last = stage, len(g.stage_nodes) - 1 if w.together else stage + 1
        for node in range(g.stage_nodes[first], g.stage_nodes[last]):
            make(g, w, s, node)
        for pool in range(g.stage_pools[first], g.stage_pools[last]):
            deliver(g, w, s, pool, month)


@compiled
def settle(g: GraphArrays, s: State) -> None:
    """Final use takes from its stock, what it lacks is lost or waits; capacity ramps towards orders and back."""
    for slot in g.final:
        due = due_of(g, s, slot)
        held = load(s.stock, slot)
        served = smaller(due, held)
        lacks = due - served
        store(s.stock, slot, held - served)
        store(s.used, slot, served)
        store(s.shortage, slot, lacks)
        store(s.backlog, slot, g.slot_waiting[slot] * lacks)
        store(s.lost, slot, load(s.lost, slot) + (1.0 - g.slot_waiting[slot]) * lacks)
    for node in range(len(g.node_base)):
        if g.node_spare[node] > 0.0:
            still = load(s.left_capacity, node) * g.node_capacity[node]
            ramp = load(s.ramp, node)
            aim = smaller(larger(load(s.orders, node) / still - 1.0, 0.0), g.node_spare[node])
            aim = choose(still > 0.0, aim, 0.0)
            up = repeated(g.node_up[node])
            if len(s.left_ramp) > 0:
                up = up * load(s.left_ramp, node)
            store(s.ramp, node, smaller(larger(aim, ramp - g.node_down[node]), ramp + up))


@kept
def run_draws(
    g: GraphArrays, t: ShockArrays, w: Switches, s: State, found: Watched, begin: int, end: int, months: int,
    unserved: Any, trace: TraceArrays, v: WatchArrays,
) -> None:  # fmt: skip
    """Draws ``begin`` … ``end − 1`` into ``unserved`` (draws × slots of final use) and ``v``, row by row."""
    for first in range(begin, end, LANES):
        draws = min(LANES, end - first)
        rest(g, w, s)
        begin_watch(found)
        for month in range(months):
            meet_shocks(g, t, s, first, draws, month)
            see_capacity(g, s)
            order(g, w, s)
            supply(g, w, s, month)
            settle(g, s)
            watch(v, s, found, month)
            if len(trace.output) > 0:
                note(g, w, s, trace, month)
        tell(g, v, s, found, first, draws, unserved)


def kept_in() -> Path:
    """The folder in which what was compiled is kept."""
    return Path(str(run_draws.stats.cache_path))


def compiled_versions() -> int:
    """How many versions of the step as it is are kept there; at none the first run takes a while longer."""
    return len(list(kept_in().glob(f"draws.run_draws_{source_key()}-*.nbi")))
