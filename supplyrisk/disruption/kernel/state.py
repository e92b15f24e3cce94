"""What changes from month to month, a row of draws for each part of the graph."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from supplyrisk.disruption.kernel.arrays import GraphArrays, Switches
from supplyrisk.disruption.kernel.compiling import compiled
from supplyrisk.disruption.lanes import LANES, load, store

_LINE = 8
"""Numbers in a line of the processor's cache."""


class State(NamedTuple):
    """What changes from month to month, rows of draws but for what is said.

    Slots: ``stock``; ``wanted`` of the pool; ``mix`` (of substitutes only); ``used`` (of substitutes and final use);
    ``backlog``, ``shortage`` of the month and ``lost`` so far (of final use). Nodes: what shocks leave; ``ramp``;
    ``signal`` of lacking inputs; ``seen`` of it by buyers; ``available`` by capacity, ``planned``, ``supported`` by
    inputs; ``orders``, also ``by_rank`` (nodes · ranks), ``output``, ``fill`` of orders (nodes · ranks);
    ``disturbed``, not seen whole in some draw. Pools: ``ratio`` of shares now to those at rest, ``common`` orders per
    share of links without a ratio of their own, ``pool_wanted``, ``arrived``, ``missing`` of what is under way at rest,
    ``under_way`` (pools · months, a ring: what arrives in a month stands at its number modulo the length),
    ``stockpile`` and what is ``released``, ``need`` of use to come and usual stocks of the users of a stockpile; where
    stockpiles are bought back: ``refill`` ordered for them, their own ``public_missing`` and ``public_under_way``, and
    whether users lacked nothing (``calm``). ``resting``: all shares are those at rest; ``listed``: how many links have
    a ratio of their own this month, which ``owned_link`` lists from where the links of the pool begin, and ``aim`` has
    a row for each. Links: ``own`` ratio, ``hit`` by a shock (in any draw); ``own_ratio``; ``left_lane``,
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


def rows(count: int) -> Any:
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
        left_capacity=rows(nodes),
        left_ramp=rows(nodes if w.ramps else 0),
        left_demand=rows(slots if w.demand else 0),
        stock=rows(slots),
        wanted=rows(slots),
        mix=rows(slots),
        used=rows(slots),
        backlog=rows(slots),
        shortage=rows(slots),
        lost=rows(slots),
        ramp=rows(nodes),
        signal=rows(nodes),
        seen=rows(nodes),
        available=rows(nodes),
        planned=rows(nodes),
        supported=rows(nodes),
        orders=rows(nodes),
        by_rank=rows(nodes * w.ranks),
        output=rows(nodes),
        fill=rows(nodes * w.ranks),
        disturbed=flags(nodes),
        ratio=rows(pools),
        common=rows(pools),
        pool_wanted=rows(pools),
        arrived=rows(pools),
        missing=rows(pools),
        under_way=rows(pools * max(w.lags, 1)),
        stockpile=rows(pools),
        released=rows(pools),
        need=rows(pools),
        refill=rows(pools if w.refills else 0),
        public_missing=rows(pools if w.refills else 0),
        public_under_way=rows(pools * max(w.lags, 1) if w.refills else 0),
        calm=rows(pools if w.refills else 0),
        resting=flags(pools),
        listed=numbers(pools),
        owned_link=numbers(links),
        aim=rows(int(np.diff(g.pool_links).max(initial=0))),
        own=flags(links),
        hit=flags(links),
        own_ratio=rows(links),
        left_lane=rows(links),
        left_preference=rows(links if w.preferences else 0),
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
