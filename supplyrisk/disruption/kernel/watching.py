"""What is noted of a month: how short groups of final use are, and all of the first draw where that is wanted."""

from __future__ import annotations

from typing import Any, NamedTuple

from supplyrisk.disruption.kernel.arrays import GraphArrays, Switches, TraceArrays, WatchArrays
from supplyrisk.disruption.kernel.compiling import compiled
from supplyrisk.disruption.kernel.state import State, rows
from supplyrisk.disruption.lanes import anywhere, choose, larger, load, repeated, store
from supplyrisk.disruption.rules import NEGLIGIBLE
from supplyrisk.disruption.supply_graph import NOBODY


class Watched(NamedTuple):
    """What is found of groups so far, as rows of draws; ``running``: short months in a row up to now."""

    running: Any
    short_months: Any
    longest_run: Any
    first_month: Any
    worst: Any


def new_watched(groups: int) -> Watched:
    """Room for what is found."""
    return Watched(*(rows(groups) for _ in range(5)))


@compiled
def watch(v: WatchArrays, s: State, found: Watched, month: int) -> None:
    """How short each group is in a month: counts short months and the longest run of them."""
    for group in range(len(v.demand)):
        lacks = repeated(0.0)
        for position in range(v.group_slots[group], v.group_slots[group + 1]):
            lacks = lacks + load(s.shortage, v.group_slot[position])
        share = lacks * (1.0 / v.demand[group])
        store(found.worst, group, larger(share, load(found.worst, group)))
        short = share > v.threshold
        running = choose(short, load(found.running, group) + 1.0, 0.0)
        store(found.running, group, running)
        if anywhere(short):
            count, first = load(found.short_months, group), load(found.first_month, group)
            store(found.short_months, group, choose(short, count + 1.0, count))
            begins = choose(first > 0.0, first, month + 1.0)
            store(found.first_month, group, choose(short, begins, first))
            store(found.longest_run, group, larger(running, load(found.longest_run, group)))


@compiled
def begin_watch(found: Watched) -> None:
    """Nothing is found yet."""
    for group in range(len(found.running)):
        store(found.running, group, 0.0)
        store(found.short_months, group, 0.0)
        store(found.longest_run, group, 0.0)
        store(found.first_month, group, 0.0)
        store(found.worst, group, 0.0)


@compiled
def tell(g: GraphArrays, v: WatchArrays, s: State, found: Watched, first: int, draws: int, unserved: Any) -> None:
    """What was found of each draw of the row: what is never met, and what waits at the end, is unserved."""
    for lane in range(draws):
        if len(unserved) > 0:
            for number, slot in enumerate(g.final):
                unserved[first + lane, number] = s.lost[slot, lane] + s.backlog[slot, lane]
        for group in range(len(v.demand)):
            lost = 0.0
            for position in range(v.group_slots[group], v.group_slots[group + 1]):
                slot = v.group_slot[position]
                lost += s.lost[slot, lane] + s.backlog[slot, lane]
            v.lost[first + lane, group] = lost
            v.short_months[first + lane, group] = found.short_months[group, lane]
            v.longest_run[first + lane, group] = found.longest_run[group, lane]
            v.first_month[first + lane, group] = found.first_month[group, lane]
            v.worst[first + lane, group] = found.worst[group, lane]


@compiled
def note(g: GraphArrays, w: Switches, s: State, trace: TraceArrays, month: int) -> None:
    """The month of the first draw."""
    for node in range(len(g.node_base)):
        trace.output[month, node] = s.output[node, 0]
        trace.orders[month, node] = s.orders[node, 0]
        trace.available[month, node] = s.available[node, 0]
        trace.supported[month, node] = s.supported[node, 0]
    for pool in range(len(g.pool_use)):
        trace.released[month, pool] = s.released[pool, 0]
        trace.stockpile[month, pool] = s.stockpile[pool, 0]
        asked, arrived = s.pool_wanted[pool, 0], s.arrived[pool, 0]
        wanted = asked
        if len(s.refill) > 0:
            wanted -= s.refill[pool, 0]
        first, last = g.pool_slots[pool], g.pool_slots[pool + 1]
        for slot in range(first, last):
            part = g.slot_part[slot]
            if last == first + 1:
                part = 1.0
            elif wanted > NEGLIGIBLE * g.pool_use[pool]:
                part = s.wanted[slot, 0] / wanted
            trace.received[month, slot] = part * arrived
            trace.stock[month, slot] = s.stock[slot, 0]
            trace.shortage[month, slot] = s.shortage[slot, 0]
            node = g.slot_node[slot]
            trace.used[month, slot] = s.used[slot, 0]
            if node != NOBODY and g.slot_group[slot] == NOBODY:
                trace.used[month, slot] = g.slot_need[slot] * s.output[node, 0]
        for link in range(g.pool_links[pool], g.pool_links[pool + 1]):
            source = g.link_source[link]
            ratio = s.own_ratio[link, 0] if s.own[link] else s.ratio[pool, 0]
            sent = g.link_share[link] * ratio * asked
            if s.hit[link] and s.left_lane[link, 0] < 1.0:
                sent = min(sent, s.left_lane[link, 0] * g.link_flow[link])
            trace.sent[month, link] = sent * s.fill[source * w.ranks + g.link_rank[link], 0]
