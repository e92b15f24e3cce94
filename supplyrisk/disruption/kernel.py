"""The monthly step compiled: the same arithmetic as disruption.reference, LANES draws side by side.

Two things make it quick. State holds a row of draws for each node, slot and pool (disruption.lanes), so that looking up
a supplier is one read for all of them. And links have no state while nothing happens at their ends: the suppliers of a
pool that no shock has touched keep their shares among each other, so that one ratio of the pool says what each of them
gets. A link has a ratio of its own only from when its supplier falls short, or a shock acts on it, until it is back at
that of its pool; it then adds its difference, which is exactly zero in draws where nothing happened. Every draw is
hence worked out on its own: results do not depend on which draws share a row, nor on threads.

All compiled code but that of rows stands in this one file: the cache of a compiled function is renewed when its own
file changes, not when another one that it calls does; the named tuples stand here too, as the order of their fields is
frozen in it. Arrays come and go in named tuples and are never counted or made
here (``_nrt``): counting who holds each of sixty would take longer than the sums. What runs for each part of the graph
is inlined for the same reason.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numba import njit

from supplyrisk.disruption.lanes import LANES, anywhere, choose, larger, load, repeated, smaller, store
from supplyrisk.disruption.rules import NEGLIGIBLE
from supplyrisk.disruption.shocks import Hit

_NOBODY = -1
_CAPACITY, _LANE, _PREFERENCE, _DEMAND, _RAMP = range(5)
_HITS = {"CAPACITY": _CAPACITY, "LANE": _LANE, "PREFERENCE": _PREFERENCE, "DEMAND": _DEMAND, "RAMP": _RAMP}
if LANES != 16 or NEGLIGIBLE != 1e-9 or {hit.name: int(hit) for hit in Hit} != _HITS:
    raise ImportError(
        "supplyrisk.disruption.kernel: put the new number of lanes, NEGLIGIBLE or codes of Hit here too, so that its "
        "cache is renewed"
    )

_FEW = 1e-3
"""Where buyers see less of their suppliers than this, sums are made link by link, not as differences."""

_LINE = 8
"""Numbers in a line of the processor's cache."""

Function = TypeVar("Function", bound=Callable[..., Any])
Decorator = Callable[[Function], Function]
_njit: Any = njit
compiled: Decorator[Any] = _njit(cache=True, nogil=True, error_model="numpy", _nrt=False)
inlined: Decorator[Any] = _njit(inline="always", error_model="numpy", _nrt=False)


class GraphArrays(NamedTuple):
    """A supply graph as the kernel reads it, see ``SupplyGraph``.

    ``stage_nodes``, ``stage_pools``, ``node_links``, ``node_slots``, ``pool_slots``, ``pool_links`` and ``pool_lags``
    hold where each begins in the list below it; ``node_link`` the links node by node, with their pools and shares;
    ``node_slot`` the slots node by node; ``slot_part`` the part of its pool that a slot uses at rest; ``final`` the
    slots of final use. Goods are under way for months on some links: ``lag`` has each number of months of a pool's
    links, and ``lag_links`` where the links with it begin in ``lag_link_place`` (their supplier and rank, as a row of
    the state) and ``lag_link_share``.
    """

    stage_nodes: Any
    stage_pools: Any
    node_base: Any
    node_capacity: Any
    node_spare: Any
    node_up: Any
    node_down: Any
    node_host: Any
    node_host_share: Any
    node_links: Any
    node_link: Any
    node_link_pool: Any
    node_link_share: Any
    node_slots: Any
    node_slot: Any
    pool_slots: Any
    pool_links: Any
    pool_lags: Any
    lag: Any
    lag_links: Any
    lag_link_place: Any
    lag_link_share: Any
    slot_node: Any
    slot_need: Any
    slot_mix: Any
    slot_rise: Any
    slot_group: Any
    slot_stock: Any
    slot_refill: Any
    slot_demand: Any
    slot_waiting: Any
    slot_part: Any
    final: Any
    pool_use: Any
    pool_share: Any
    pool_switch: Any
    pool_stockpile: Any
    pool_release: Any
    pool_refill: Any
    link_pool: Any
    link_source: Any
    link_share: Any
    link_flow: Any
    link_lag: Any
    link_rank: Any


class ShockArrays(NamedTuple):
    """A shock table as the kernel reads it, see ``ShockTable``."""

    draw_start: Any
    hit: Any
    target: Any
    start: Any
    length: Any
    recovery: Any
    severity: Any
    set_start: Any
    members: Any


class Switches(NamedTuple):
    """What this run needs.

    ``preferences``, ``demand``, ``ramps``: some shock acts on these; ``refills``: some public stock is bought back.
    What is not needed has no rows.
    """

    together: bool
    signal_weight: float
    preferences: bool
    demand: bool
    ramps: bool
    refills: bool
    ranks: int
    lags: int


class WatchArrays(NamedTuple):
    """Groups of slots of final use that are watched month by month, and what is found of them (draws × groups).

    ``group_slots`` where the slots of each group begin in ``group_slot``; ``demand`` of the group a month at rest;
    ``threshold``: a month is short where more than this share of it is missing. Found: ``lost`` units,
    ``short_months``, ``longest_run`` of short months, ``first_month`` that is short (counted from 1, 0 for none), and
    the ``worst`` share missing in a month.
    """

    group_slots: Any
    group_slot: Any
    demand: Any
    threshold: float
    lost: Any
    short_months: Any
    longest_run: Any
    first_month: Any
    worst: Any


class TraceArrays(NamedTuple):
    """Where the months of the first draw of a block are written when wanted (months × parts), else empty."""

    output: Any
    orders: Any
    available: Any
    supported: Any
    received: Any
    used: Any
    stock: Any
    shortage: Any
    released: Any
    stockpile: Any
    sent: Any


class State(NamedTuple):
    """What changes from month to month, rows of draws but for what is said.

    Slots: ``stock``; ``wanted`` of the pool; ``mix`` (of substitutes only); ``used`` (of substitutes and final use);
    ``backlog``, ``shortage`` of the month and ``lost`` so far (of final use). Nodes: what shocks leave; ``ramp``;
    ``signal`` of lacking inputs; ``seen`` of it by buyers; ``available`` by capacity, ``planned``, ``supported`` by
    inputs; ``orders``, also ``by_rank`` (nodes · ranks), ``output``, ``fill`` of orders (nodes · ranks);
    ``disturbed``, not seen whole in some draw. Pools: ``ratio`` of shares now to those at rest, ``common`` orders per
    share of links without a ratio of their own, ``pool_wanted``, ``arrived``, ``missing`` of what is under way at rest,
    ``under_way`` (pools · months, a ring: what arrives in a month stands at its number modulo the length),
    ``stockpile`` and what is ``released``, ``need`` of use to come and usual stocks at the buyers of one; where public stocks are bought back ``refill`` ordered for them,
    ``public_missing`` and ``public_under_way`` of their own, and whether users lacked nothing (``calm``);
    ``resting``, all shares are those at rest; ``listed``, how many links have a
    ratio of their own this month, which ``owned_link`` lists from where the links of the pool begin, and ``aim`` has a
    row for each. Links: ``own`` ratio, ``hit`` by a shock (in any draw); ``own_ratio``; ``left_lane``,
    ``left_preference`` where hit.
    """

    left_capacity: Any
    left_ramp: Any
    left_demand: Any
    stock: Any
    wanted: Any
    mix: Any
    used: Any
    backlog: Any
    shortage: Any
    lost: Any
    ramp: Any
    signal: Any
    seen: Any
    available: Any
    planned: Any
    supported: Any
    orders: Any
    by_rank: Any
    output: Any
    fill: Any
    disturbed: Any
    ratio: Any
    common: Any
    pool_wanted: Any
    arrived: Any
    missing: Any
    under_way: Any
    stockpile: Any
    released: Any
    need: Any
    refill: Any
    public_missing: Any
    public_under_way: Any
    calm: Any
    resting: Any
    listed: Any
    owned_link: Any
    aim: Any
    own: Any
    hit: Any
    own_ratio: Any
    left_lane: Any
    left_preference: Any


def _rows(count: int) -> Any:
    """Rows that begin where lines of the cache do: else each would lie in one more than it fills."""
    room = np.empty(count * LANES + _LINE)
    first = -(room.ctypes.data // room.itemsize) % _LINE
    return room[first : first + count * LANES].reshape(count, LANES)


def new_state(g: GraphArrays, w: Switches) -> State:
    """Room for the state of a row of draws; what is in it is set by ``rest``."""
    nodes, slots, pools, links = len(g.node_base), len(g.slot_need), len(g.pool_use), len(g.link_share)

    def flags(count: int) -> Any:
        return np.empty(count, dtype=np.bool_)

    def numbers(count: int) -> Any:
        return np.empty(count, dtype=np.int64)

    return State(
        left_capacity=_rows(nodes),
        left_ramp=_rows(nodes if w.ramps else 0),
        left_demand=_rows(slots if w.demand else 0),
        stock=_rows(slots),
        wanted=_rows(slots),
        mix=_rows(slots),
        used=_rows(slots),
        backlog=_rows(slots),
        shortage=_rows(slots),
        lost=_rows(slots),
        ramp=_rows(nodes),
        signal=_rows(nodes),
        seen=_rows(nodes),
        available=_rows(nodes),
        planned=_rows(nodes),
        supported=_rows(nodes),
        orders=_rows(nodes),
        by_rank=_rows(nodes * w.ranks),
        output=_rows(nodes),
        fill=_rows(nodes * w.ranks),
        disturbed=flags(nodes),
        ratio=_rows(pools),
        common=_rows(pools),
        pool_wanted=_rows(pools),
        arrived=_rows(pools),
        missing=_rows(pools),
        under_way=_rows(pools * max(w.lags, 1)),
        stockpile=_rows(pools),
        released=_rows(pools),
        need=_rows(pools),
        refill=_rows(pools if w.refills else 0),
        public_missing=_rows(pools if w.refills else 0),
        public_under_way=_rows(pools * max(w.lags, 1) if w.refills else 0),
        calm=_rows(pools if w.refills else 0),
        resting=flags(pools),
        listed=numbers(pools),
        owned_link=numbers(links),
        aim=_rows(int(np.diff(g.pool_links).max(initial=0))),
        own=flags(links),
        hit=flags(links),
        own_ratio=_rows(links),
        left_lane=_rows(links),
        left_preference=_rows(links if w.preferences else 0),
    )


@compiled
def rest(g: GraphArrays, w: Switches, s: State) -> None:
    """Everything as it is when nothing has happened yet."""
    months = max(w.lags, 1)
    for node in range(len(g.node_base)):
        store(s.left_capacity, node, 1.0)
        store(s.ramp, node, 0.0)
        store(s.signal, node, 1.0)
        store(s.output, node, g.node_base[node])
        store(s.planned, node, g.node_base[node])
    for slot in range(len(g.slot_need)):
        store(s.stock, slot, g.slot_stock[slot])
        store(s.mix, slot, g.slot_mix[slot])
        store(s.backlog, slot, 0.0)
        store(s.lost, slot, 0.0)
        store(s.shortage, slot, 0.0)
    for pool in range(len(g.pool_use)):
        store(s.ratio, pool, 1.0)
        store(s.missing, pool, 0.0)
        store(s.stockpile, pool, g.pool_stockpile[pool])
        store(s.released, pool, 0.0)
        for month in range(months):
            store(s.under_way, pool * months + month, 0.0)
        for link in range(g.pool_links[pool], g.pool_links[pool + 1]):
            for month in range(g.link_lag[link]):
                place = pool * months + month
                store(s.under_way, place, load(s.under_way, place) + g.link_flow[link])
    for pool in range(len(s.refill)):
        store(s.refill, pool, 0.0)
        store(s.public_missing, pool, 0.0)
        store(s.calm, pool, 1.0)
        for month in range(months):
            store(s.public_under_way, pool * months + month, 0.0)
    for node in range(len(s.left_ramp)):
        store(s.left_ramp, node, 1.0)
    for slot in range(len(s.left_demand)):
        store(s.left_demand, slot, 1.0)
    s.resting[:] = False
    s.own[:] = False
    s.hit[:] = False


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


@compiled
def meet_shocks(g: GraphArrays, t: ShockArrays, s: State, first: int, draws: int, month: int) -> None:
    """What shocks leave in ``month``, as factors; those of the month before are undone first."""
    s.hit[:] = False
    for lane in range(draws):
        for row in range(t.draw_start[first + lane], t.draw_start[first + lane + 1]):
            after = month - t.start[row] - t.length[row]
            if month < t.start[row] or after > t.recovery[row]:
                continue
            kind = t.hit[row]
            for position in range(t.set_start[t.target[row]], t.set_start[t.target[row] + 1]):
                member = t.members[position]
                if kind == _CAPACITY:
                    s.left_capacity[member, lane] = 1.0
                elif kind in (_LANE, _PREFERENCE):
                    if after < t.recovery[row] and not s.hit[member]:
                        s.hit[member] = True
                        take(g, s, member)
                        store(s.left_lane, member, 1.0)
                        if len(s.left_preference) > 0:
                            store(s.left_preference, member, 1.0)
                elif kind == _DEMAND:
                    s.left_demand[member, lane] = 1.0
                else:
                    s.left_ramp[member, lane] = 1.0
    for lane in range(draws):
        for row in range(t.draw_start[first + lane], t.draw_start[first + lane + 1]):
            after = month - t.start[row] - t.length[row] + 1
            if month < t.start[row] or after > t.recovery[row]:
                continue
            keep = 1.0 - t.severity[row]
            if after > 0:
                keep = 1.0 - t.severity[row] * (1.0 - after / (t.recovery[row] + 1))
            kind = t.hit[row]
            for position in range(t.set_start[t.target[row]], t.set_start[t.target[row] + 1]):
                member = t.members[position]
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
def see_capacity(g: GraphArrays, s: State) -> None:
    """Capacity after shocks, ramping and hosts, and what buyers see of each supplier."""
    for node in range(len(g.node_base)):
        left = load(s.left_capacity, node)
        can = left * g.node_capacity[node] * (1.0 + load(s.ramp, node))
        host = g.node_host[node]
        if host != _NOBODY and g.node_base[host] > 0.0:
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


@inlined
def _due(g: GraphArrays, s: State, slot: int) -> Any:
    """What final use asks for: demand of the month and what still waits."""
    due = load(s.backlog, slot)
    if len(s.left_demand) > 0:
        return due + load(s.left_demand, slot) * g.slot_demand[slot]
    return due + g.slot_demand[slot]


@inlined
def _is_refilled(g: GraphArrays, s: State, pool: int) -> bool:
    return len(s.refill) > 0 and g.pool_refill[pool] > 0.0


@inlined
def want(g: GraphArrays, s: State, pool: int, together: bool) -> None:
    """What slots ask of a pool: use to come and part of the gap to the stock at rest.

    After a month in which they lacked nothing, what its public stock lacks is ordered too, as far as its rate goes.
    """
    missing = load(s.missing, pool)
    whole, need = repeated(0.0), repeated(0.0)
    first, last = g.pool_slots[pool], g.pool_slots[pool + 1]
    for slot in range(first, last):
        node = g.slot_node[slot]
        if node == _NOBODY:
            use = _due(g, s, slot)
        elif g.slot_group[slot] == _NOBODY:
            use = g.slot_need[slot] * load(s.planned, node)
        else:
            use = g.slot_need[slot] * load(s.mix, slot) * load(s.planned, node)
        gap = g.slot_stock[slot] - load(s.stock, slot)
        need = need + (use + gap)
        gap = gap + g.slot_part[slot] * missing
        if together:
            gap = larger(gap, 0.0)
        asked = larger(use + gap * (1.0 / g.slot_refill[slot]), 0.0)
        if last > first + 1:
            store(s.wanted, slot, asked)
        whole = whole + asked
    if g.pool_release[pool] > 0.0:
        store(s.need, pool, need)
    if _is_refilled(g, s, pool):
        empty = g.pool_stockpile[pool] - load(s.stockpile, pool) + load(s.public_missing, pool)
        refill = load(s.calm, pool) * larger(smaller(empty, g.pool_refill[pool]), 0.0)
        store(s.refill, pool, refill)
        whole = whole + refill
    store(s.pool_wanted, pool, whole)


@inlined
def _order_of(g: GraphArrays, s: State, link: int, per_share: Any) -> Any:
    """What a link is ordered; a restriction leaves a share of the flow at rest where it acts."""
    order = g.link_share[link] * per_share
    if s.hit[link]:
        left = load(s.left_lane, link)
        order = choose(left < 1.0, smaller(order, left * g.link_flow[link]), order)
    return order


@inlined
def _list_own(g: GraphArrays, s: State, pool: int) -> int:
    """Note which links of a pool have ratios of their own, and what buyers see of each; returns how many."""
    first = g.pool_links[pool]
    count = 0
    for link in range(first, g.pool_links[pool + 1]):
        if s.own[link]:
            s.owned_link[first + count] = link
            attraction = load(s.seen, g.link_source[link])
            if s.hit[link]:
                attraction = attraction * load(s.left_lane, link)
                if len(s.left_preference) > 0:
                    attraction = attraction * load(s.left_preference, link)
            store(s.aim, count, attraction)
            count += 1
    return count


@inlined
def share_orders(g: GraphArrays, w: Switches, s: State, pool: int) -> None:
    """Shares of a pool move towards what is seen of its suppliers, as far as buyers can switch in a month.

    Orders to links with ratios of their own are added to their nodes as differences from what is common to the pool.
    Where next to nothing is seen of all suppliers, the ratio common to those left is so large that differences would
    lose digits: such draws are summed link by link, and nothing is common to them.
    """
    first, last = g.pool_links[pool], g.pool_links[pool + 1]
    wanted, before = load(s.pool_wanted, pool), load(s.ratio, pool)
    count = _list_own(g, s, pool)
    seen = repeated(g.pool_share[pool])
    for number in range(count):
        seen = seen - g.link_share[s.owned_link[first + number]] * (1.0 - load(s.aim, number))
    strained = choose(before > 1.0 / _FEW, 0.0, seen) < _FEW
    if anywhere(strained):
        for link in range(first, last):
            take(g, s, link)
        count = _list_own(g, s, pool)
        whole = repeated(0.0)
        for number in range(count):
            whole = whole + g.link_share[first + number] * load(s.aim, number)
        seen = choose(strained, whole, seen)
    # Who sees no supplier orders by shares at rest.
    blind = seen <= 0.0
    aim = choose(blind, 1.0, 1.0 / seen)
    apart = choose(aim > before, aim - before, before - aim)
    moved, whole = g.pool_share[pool] * apart, repeated(0.0)
    for number in range(count):
        link = s.owned_link[first + number]
        own_aim, own = choose(blind, 1.0, load(s.aim, number) * aim), load(s.own_ratio, link)
        store(s.aim, number, own_aim)
        own_apart = choose(own_aim > own, own_aim - own, own - own_aim)
        moved = moved + g.link_share[link] * (own_apart - apart)
        whole = whole + g.link_share[link] * own_apart
    moved = 0.5 * choose(strained, whole, moved)
    free = moved <= g.pool_switch[pool]
    step = choose(free, 1.0, g.pool_switch[pool] / moved)
    ratio = choose(free, aim, before + step * (aim - before))
    common = choose(strained, 0.0, ratio * wanted)
    store(s.ratio, pool, ratio)
    store(s.common, pool, common)
    owned = 0
    for number in range(count):
        link = s.owned_link[first + number]
        source, share = g.link_source[link], g.link_share[link]
        own_aim, own = load(s.aim, number), load(s.own_ratio, link)
        own = choose(free, own_aim, own + step * (own_aim - own))
        store(s.own_ratio, link, own)
        differs = _order_of(g, s, link, own * wanted) - share * common
        store(s.orders, source, load(s.orders, source) + differs)
        if w.ranks > 1:
            place = source * w.ranks + g.link_rank[link]
            store(s.by_rank, place, load(s.by_rank, place) + differs)
        if not (s.hit[link] or s.disturbed[source] or anywhere(own != ratio)):
            s.own[link] = False
        owned += s.own[link]
    s.listed[pool] = count
    s.resting[pool] = owned == 0 and not anywhere(ratio != 1.0 / g.pool_share[pool])


@inlined
def sum_orders(g: GraphArrays, w: Switches, s: State, node: int) -> None:
    """What is common to the pools is added to the differences of single links."""
    first, last = g.node_links[node], g.node_links[node + 1]
    whole = load(s.orders, node)
    for position in range(first, last):
        whole = whole + g.node_link_share[position] * load(s.common, g.node_link_pool[position])
    store(s.orders, node, larger(whole, 0.0))
    if w.ranks > 1:
        for position in range(first, last):
            place = node * w.ranks + g.link_rank[g.node_link[position]]
            more = g.node_link_share[position] * load(s.common, g.node_link_pool[position])
            store(s.by_rank, place, load(s.by_rank, place) + more)
        for place in range(node * w.ranks, (node + 1) * w.ranks):
            store(s.by_rank, place, larger(load(s.by_rank, place), 0.0))


@compiled
def order(g: GraphArrays, w: Switches, s: State) -> None:
    """From the end product to the mine: slots ask their pools, pools order from nodes, nodes plan."""
    for node in range(len(g.node_base)):
        store(s.orders, node, 0.0)
    if w.ranks > 1:
        for place in range(len(s.by_rank)):
            store(s.by_rank, place, 0.0)
    for stage in range(len(g.stage_nodes) - 2, -1, -1):
        for pool in range(g.stage_pools[stage], g.stage_pools[stage + 1]):
            want(g, s, pool, w.together)
            if s.resting[pool]:
                store(s.common, pool, load(s.pool_wanted, pool) * (1.0 / g.pool_share[pool]))
                s.listed[pool] = 0
            else:
                share_orders(g, w, s, pool)
        for node in range(g.stage_nodes[stage], g.stage_nodes[stage + 1]):
            sum_orders(g, w, s, node)
            if not w.together:
                store(s.planned, node, smaller(load(s.orders, node), load(s.available, node)))


@inlined
def _rise(g: GraphArrays, s: State, slot: int, lane: int) -> float:
    rise: float = min(1.0, max(g.slot_mix[slot], s.mix[slot, lane]) + g.slot_rise[slot])
    return rise


@inlined
def _limit_of_group(g: GraphArrays, s: State, first: int, last: int, lane: int) -> float:
    limit = 0.0
    for position in range(first, last):
        slot = g.node_slot[position]
        limit += s.stock[slot, lane] / g.slot_need[slot]
    for _ in range(first, last):
        free = 0.0
        tied = 0.0
        for position in range(first, last):
            slot = g.node_slot[position]
            cover, rise = s.stock[slot, lane] / g.slot_need[slot], _rise(g, s, slot, lane)
            if cover > rise * limit:
                tied += rise
            else:
                free += cover
        if tied >= 1.0:
            break
        limit = min(limit, free / (1.0 - tied))
    return limit


@inlined
def _use_group(g: GraphArrays, s: State, first: int, last: int, lane: int, made: float, least: float) -> None:
    met = 0.0
    room = 0.0
    for position in range(first, last):
        slot = g.node_slot[position]
        cover = s.stock[slot, lane] / g.slot_need[slot]
        part = min(cover, g.slot_mix[slot] * made)
        s.used[slot, lane] = part
        met += part
        room += max(0.0, min(cover, _rise(g, s, slot, lane) * made) - part)
    lacking = made - met
    for position in range(first, last):
        slot = g.node_slot[position]
        part = s.used[slot, lane]
        if lacking > 0.0 and room > 0.0:
            cover = s.stock[slot, lane] / g.slot_need[slot]
            free = max(0.0, min(cover, _rise(g, s, slot, lane) * made) - part)
            part += free * min(1.0, lacking / room)
        s.used[slot, lane] = g.slot_need[slot] * part
        s.stock[slot, lane] -= s.used[slot, lane]
        if made > least:
            s.mix[slot, lane] = part / made


@inlined
def _end_of_group(g: GraphArrays, first: int, last: int) -> int:
    group = g.slot_group[g.node_slot[first]]
    end = first + 1
    while end < last and group != _NOBODY and g.slot_group[g.node_slot[end]] == group:
        end += 1
    return end


@inlined
def make(g: GraphArrays, w: Switches, s: State, node: int) -> None:
    """A node makes what capacity, orders and the scarcest group of inputs allow, and serves orders rank by rank."""
    begin, stop = g.node_slots[node], g.node_slots[node + 1]
    supported = repeated(np.inf)
    position = begin
    while position < stop:
        end = _end_of_group(g, position, stop)
        slot = g.node_slot[position]
        if end == position + 1:
            supported = smaller(load(s.stock, slot) * (1.0 / g.slot_need[slot]), supported)
        else:
            for lane in range(LANES):
                s.used[slot, lane] = _limit_of_group(g, s, position, end, lane)
            supported = smaller(load(s.used, slot), supported)
        position = end
    store(s.supported, node, supported)
    orders = load(s.orders, node)
    could = smaller(orders, load(s.available, node))
    made = smaller(could, supported)
    store(s.output, node, made)
    position = begin
    while position < stop:
        end = _end_of_group(g, position, stop)
        slot = g.node_slot[position]
        if end == position + 1:
            store(s.stock, slot, load(s.stock, slot) - g.slot_need[slot] * made)
        else:
            for lane in range(LANES):
                _use_group(g, s, position, end, lane, s.output[node, lane], NEGLIGIBLE * g.node_base[node])
        position = end
    lacks = made < orders
    if w.ranks == 1:
        filled = repeated(1.0)
        if anywhere(lacks):
            filled = choose(orders > 0.0, made / orders, 1.0)
        store(s.fill, node, filled)
    else:
        left = made
        for place in range(node * w.ranks, (node + 1) * w.ranks):
            asked = load(s.by_rank, place)
            served = smaller(left, asked)
            store(s.fill, place, choose(asked > 0.0, choose(lacks, served / asked, 1.0), 1.0))
            left = left - served
    if w.signal_weight > 0.0:
        signal = load(s.signal, node)
        met = repeated(1.0)
        if anywhere(made < could):
            met = choose(could > NEGLIGIBLE * g.node_base[node], made / could, 1.0)
        store(s.signal, node, signal + w.signal_weight * (met - signal))


@inlined
def _send(w: Switches, under_way: Any, pool: int, month: int, lag: int, sent: Any, arrived: Any, missing: Any) -> Any:
    """What has arrived and what is missing on the way, once this much is sent over links with ``lag`` months."""
    if lag == 0:
        return arrived + sent, missing
    months = max(w.lags, 1)
    place = pool * months + (month + lag) % months
    store(under_way, place, load(under_way, place) + sent)
    return arrived, missing - sent


@inlined
def _put_by(
    w: Switches, s: State, pool: int, month: int, lag: int, sent: Any, part: Any, put_by: Any
) -> Any:
    """The ``part`` of what is sent goes to the public stock: what is left for users, and what has arrived there."""
    own = part * sent
    put_by, missing = _send(w, s.public_under_way, pool, month, lag, own, put_by, load(s.public_missing, pool))
    store(s.public_missing, pool, missing)
    return sent - own, put_by


@inlined
def deliver(g: GraphArrays, w: Switches, s: State, pool: int, month: int) -> None:
    """What is sent travels for the months of its link; what arrives is shared out to the slots of the pool."""
    months = max(w.lags, 1)
    now = month % months
    wanted, common = load(s.pool_wanted, pool), load(s.common, pool)
    first_lag, last_lag = g.pool_lags[pool], g.pool_lags[pool + 1]
    arrived, missing = repeated(0.0), load(s.missing, pool)
    if g.lag[last_lag - 1] > 0:
        arrived = load(s.under_way, pool * months + now)
        missing = missing + arrived
        store(s.under_way, pool * months + now, 0.0)
    refilled = _is_refilled(g, s, pool)
    public, put_by = repeated(0.0), repeated(0.0)
    if refilled:
        refill = load(s.refill, pool)
        public = choose(wanted > 0.0, refill / wanted, 0.0)
        put_by = load(s.public_under_way, pool * months + now)
        store(s.public_missing, pool, load(s.public_missing, pool) + put_by)
        store(s.public_under_way, pool * months + now, 0.0)
    for entry in range(first_lag, last_lag):
        sent = repeated(0.0)
        for position in range(g.lag_links[entry], g.lag_links[entry + 1]):
            sent = sent + g.lag_link_share[position] * load(s.fill, g.lag_link_place[position])
        sent = common * sent
        if refilled:
            sent, put_by = _put_by(w, s, pool, month, g.lag[entry], sent, public, put_by)
        arrived, missing = _send(w, s.under_way, pool, month, g.lag[entry], sent, arrived, missing)
    for number in range(s.listed[pool]):
        link = s.owned_link[g.pool_links[pool] + number]
        ordered = _order_of(g, s, link, load(s.own_ratio, link) * wanted)
        differs = ordered - g.link_share[link] * common
        differs = differs * load(s.fill, g.link_source[link] * w.ranks + g.link_rank[link])
        if refilled:
            differs, put_by = _put_by(w, s, pool, month, g.link_lag[link], differs, public, put_by)
        arrived, missing = _send(w, s.under_way, pool, month, g.link_lag[link], differs, arrived, missing)
    store(s.missing, pool, missing)
    arrived = larger(arrived, 0.0)
    if refilled:
        wanted = wanted - load(s.refill, pool)
        store(s.stockpile, pool, load(s.stockpile, pool) + larger(put_by, 0.0))
    if g.pool_release[pool] > 0.0:
        # Public stocks give out what deliveries lack of usual use, as far as their rate and content go; nothing to
        # users who ordered less because they hold more than usual.
        lacking = smaller(wanted, load(s.need, pool)) - arrived
        if refilled:
            store(s.calm, pool, choose(lacking <= NEGLIGIBLE * g.pool_use[pool], 1.0, 0.0))
        lacking = smaller(lacking, g.pool_use[pool] - arrived)
        held = load(s.stockpile, pool)
        out = larger(smaller(smaller(held, g.pool_release[pool]), lacking), 0.0)
        store(s.released, pool, out)
        store(s.stockpile, pool, held - out)
        arrived = arrived + out
    store(s.arrived, pool, arrived)
    first = g.pool_slots[pool]
    if g.pool_slots[pool + 1] == first + 1:
        store(s.stock, first, load(s.stock, first) + arrived)
    else:
        asks = wanted > NEGLIGIBLE * g.pool_use[pool]
        for slot in range(first, g.pool_slots[pool + 1]):
            part = choose(asks, load(s.wanted, slot) / wanted, g.slot_part[slot])
            store(s.stock, slot, load(s.stock, slot) + part * arrived)


@compiled
def supply(g: GraphArrays, w: Switches, s: State, month: int) -> None:
    """Together: every node first, then every delivery. Else tier by tier, goods passing on within the month."""
    stages = len(g.stage_nodes) - 1
    if w.together:
        for node in range(len(g.node_base)):
            make(g, w, s, node)
        for pool in range(len(g.pool_use)):
            deliver(g, w, s, pool, month)
    else:
        for stage in range(stages):
            for node in range(g.stage_nodes[stage], g.stage_nodes[stage + 1]):
                make(g, w, s, node)
            for pool in range(g.stage_pools[stage], g.stage_pools[stage + 1]):
                deliver(g, w, s, pool, month)


@compiled
def settle(g: GraphArrays, s: State) -> None:
    """Final use takes from its stock, what it lacks is lost or waits; capacity ramps towards orders and back."""
    for slot in g.final:
        due = _due(g, s, slot)
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


class Watched(NamedTuple):
    """What is found of groups so far, as rows of draws; ``running``: short months in a row up to now."""

    running: Any
    short_months: Any
    longest_run: Any
    first_month: Any
    worst: Any


def new_watched(groups: int) -> Watched:
    """Room for what is found."""
    return Watched(*(_rows(groups) for _ in range(5)))


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
def _note(g: GraphArrays, w: Switches, s: State, trace: TraceArrays, month: int) -> None:
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
            if node != _NOBODY and g.slot_group[slot] == _NOBODY:
                trace.used[month, slot] = g.slot_need[slot] * s.output[node, 0]
        for link in range(g.pool_links[pool], g.pool_links[pool + 1]):
            source = g.link_source[link]
            ratio = s.own_ratio[link, 0] if s.own[link] else s.ratio[pool, 0]
            sent = g.link_share[link] * ratio * asked
            if s.hit[link] and s.left_lane[link, 0] < 1.0:
                sent = min(sent, s.left_lane[link, 0] * g.link_flow[link])
            trace.sent[month, link] = sent * s.fill[source * w.ranks + g.link_rank[link], 0]


@compiled
def run_draws(
    g: GraphArrays, t: ShockArrays, w: Switches, s: State, found: Watched, begin: int, end: int, months: int,
    unserved: Any, trace: TraceArrays, v: WatchArrays,
) -> None:  # fmt: skip
    """Draws ``begin`` … ``end − 1`` into ``unserved`` (draws × slots of final use) and ``v``, row by row."""
    groups = len(v.demand)
    for first in range(begin, end, LANES):
        draws = min(LANES, end - first)
        rest(g, w, s)
        for group in range(groups):
            store(found.running, group, 0.0)
            store(found.short_months, group, 0.0)
            store(found.longest_run, group, 0.0)
            store(found.first_month, group, 0.0)
            store(found.worst, group, 0.0)
        for month in range(months):
            meet_shocks(g, t, s, first, draws, month)
            see_capacity(g, s)
            order(g, w, s)
            supply(g, w, s, month)
            settle(g, s)
            watch(v, s, found, month)
            if len(trace.output) > 0:
                _note(g, w, s, trace, month)
        for lane in range(draws):
            if len(unserved) > 0:
                for number, slot in enumerate(g.final):
                    unserved[first + lane, number] = s.lost[slot, lane] + s.backlog[slot, lane]
            for group in range(groups):
                lost = 0.0
                for position in range(v.group_slots[group], v.group_slots[group + 1]):
                    slot = v.group_slot[position]
                    lost += s.lost[slot, lane] + s.backlog[slot, lane]
                v.lost[first + lane, group] = lost
                v.short_months[first + lane, group] = found.short_months[group, lane]
                v.longest_run[first + lane, group] = found.longest_run[group, lane]
                v.first_month[first + lane, group] = found.first_month[group, lane]
                v.worst[first + lane, group] = found.worst[group, lane]
