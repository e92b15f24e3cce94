"""What shocks leave in a month, and what buyers then see of each supplier."""

from __future__ import annotations

from supplyrisk.disruption.kernel.arrays import GraphArrays, ShockArrays
from supplyrisk.disruption.kernel.compiling import compiled, inlined
from supplyrisk.disruption.kernel.state import State
from supplyrisk.disruption.lanes import anywhere, choose, load, smaller, store
from supplyrisk.disruption.rules import NEGLIGIBLE
from supplyrisk.disruption.shocks import Hit
from supplyrisk.disruption.supply_graph import NOBODY

_CAPACITY, _LANE, _PREFERENCE, _DEMAND = int(Hit.CAPACITY), int(Hit.LANE), int(Hit.PREFERENCE), int(Hit.DEMAND)


@inlined
def take(g: GraphArrays, s: State, link: int) -> None:
    """From now on the link has a ratio of its own, beginning at that of its pool."""
    if not s.own[link]:
        pool = g.link_pool[link]
        s.own[link] = True
        s.resting[pool] = False
        store(s.own_ratio, link, load(s.ratio, pool))


@inlined
def take_links_of(g: GraphArrays, s: State, node: int) -> None:
    """The same for all links of a node."""
    for position in range(g.node_links[node], g.node_links[node + 1]):
        take(g, s, g.node_link[position])


@inlined
def _undo(s: State, kind: int, member: int, lane: int, acts: bool) -> None:
    """Nothing is left of the shocks of the month before; lanes have ratios of their own where a shock ``acts``."""
    if kind == _CAPACITY:
        s.left_capacity[member, lane] = 1.0
    elif kind in (_LANE, _PREFERENCE):
        if acts and not s.hit[member]:
            s.hit[member] = True
            store(s.left_lane, member, 1.0)
            if len(s.left_preference) > 0:
                store(s.left_preference, member, 1.0)
    elif kind == _DEMAND:
        s.left_demand[member, lane] = 1.0
    else:
        s.left_ramp[member, lane] = 1.0


@inlined
def _act(s: State, kind: int, member: int, lane: int, keep: float) -> None:
    """The part of the member that a shock leaves, times what others leave."""
    if kind == _CAPACITY:
        s.left_capacity[member, lane] *= keep
    elif kind == _LANE:
        s.left_lane[member, lane] *= keep
    elif kind == _PREFERENCE:
        s.left_preference[member, lane] *= keep
    elif kind == _DEMAND:
        s.left_demand[member, lane] *= keep
    else:
        s.left_ramp[member, lane] *= keep


@compiled
def meet_shocks(g: GraphArrays, t: ShockArrays, s: State, first: int, draws: int, month: int) -> None:
    """What shocks leave in ``month``, as factors; those of the month before are undone first."""
    s.hit[:] = False
    for lane in range(draws):
        for row in range(t.draw_start[first + lane], t.draw_start[first + lane + 1]):
            after = month - t.start[row] - t.length[row]
            if month < t.start[row] or after > t.recovery[row]:
                continue
            acts = after < t.recovery[row]
            on_lanes = acts and t.hit[row] in (_LANE, _PREFERENCE)
            for position in range(t.set_start[t.target[row]], t.set_start[t.target[row] + 1]):
                member = t.members[position]
                if on_lanes:
                    take(g, s, member)
                _undo(s, t.hit[row], member, lane, acts)
    for lane in range(draws):
        for row in range(t.draw_start[first + lane], t.draw_start[first + lane + 1]):
            after = month - t.start[row] - t.length[row] + 1
            if month < t.start[row] or after > t.recovery[row]:
                continue
            keep = 1.0 - t.severity[row]
            if after > 0:
                keep = 1.0 - t.severity[row] * (1.0 - after / (t.recovery[row] + 1))
            for position in range(t.set_start[t.target[row]], t.set_start[t.target[row] + 1]):
                _act(s, t.hit[row], t.members[position], lane, keep)


@compiled
def see_capacity(g: GraphArrays, s: State) -> None:
    """Capacity after shocks, ramping and hosts, and what buyers see of each supplier."""
    for node in range(len(g.node_base)):
        left = load(s.left_capacity, node)
        can = left * g.node_capacity[node] * (1.0 + load(s.ramp, node))
        host = g.node_host[node]
        if host != NOBODY and g.node_base[host] > 0.0:
            met = smaller(load(s.output, host) / g.node_base[host], 1.0)
            can = can * (1.0 - g.node_host_share[node] * (1.0 - met))
        store(s.available, node, can)
        seen = smaller(left, load(s.signal, node))
        seen = choose(seen > NEGLIGIBLE, seen, 0.0)
        seen = choose(seen < 1.0 - NEGLIGIBLE, seen, 1.0)
        store(s.seen, node, seen)
        s.disturbed[node] = anywhere(seen != 1.0)
        if s.disturbed[node]:
            take_links_of(g, s, node)
