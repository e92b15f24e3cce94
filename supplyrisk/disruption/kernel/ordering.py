"""From the end product to the mine: what slots want, how pools share it over their suppliers, what nodes plan."""

from __future__ import annotations

from typing import Any

from supplyrisk.disruption.kernel.arrays import GraphArrays, Switches
from supplyrisk.disruption.kernel.compiling import compiled, inlined
from supplyrisk.disruption.kernel.shocked import take
from supplyrisk.disruption.kernel.state import State
from supplyrisk.disruption.lanes import anywhere, choose, larger, load, repeated, smaller, store
from supplyrisk.disruption.supply_graph import NOBODY

_FEW = 1e-3
"""Where buyers see less of their suppliers than this, sums are made link by link, not as differences."""


@inlined
def due_of(g: GraphArrays, s: State, slot: int) -> Any:
    """What final use asks for: demand of the month and what still waits."""
    due = load(s.backlog, slot)
    if len(s.left_demand) > 0:
        return due + load(s.left_demand, slot) * g.slot_demand[slot]
    return due + g.slot_demand[slot]


@inlined
def is_refilled(g: GraphArrays, s: State, pool: int) -> bool:
    """Whether what the public stock of a pool gives out is bought back."""
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
        if node == NOBODY:
            use = due_of(g, s, slot)
        elif g.slot_group[slot] == NOBODY:
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
    if is_refilled(g, s, pool):
        empty = g.pool_stockpile[pool] - load(s.stockpile, pool) + load(s.public_missing, pool)
        refill = load(s.calm, pool) * larger(smaller(empty, g.pool_refill[pool]), 0.0)
        store(s.refill, pool, refill)
        whole = whole + refill
    store(s.pool_wanted, pool, whole)


@inlined
def order_of(g: GraphArrays, s: State, link: int, per_share: Any) -> Any:
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
        differs = order_of(g, s, link, own * wanted) - share * common
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
