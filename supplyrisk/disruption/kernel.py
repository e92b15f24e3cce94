"""The monthly step compiled: the same arithmetic as disruption.reference, many draws side by side.

State holds LANES draws (fewer where there are fewer) in its last axis, so that looking up a supplier is one contiguous
read for all of them. Every draw is worked out on its own: results do not depend on which draws share a block, nor on
threads. Arrays are named and indexed one by one, and loops run over ``lanes`` instead of a constant, because views,
tuples of arrays and loops of known length keep the compiler from vectorising. All compiled code stands in this one
file: the cache of a compiled function is renewed when its own file changes, not when another one that it calls does.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from supplyrisk.disruption.rules import NEGLIGIBLE

LANES = 32
_NOBODY = -1
_CAPACITY, _LANE, _PREFERENCE, _DEMAND = range(4)

compiled = njit(cache=True, nogil=True, error_model="numpy")


class GraphArrays(NamedTuple):
    """A supply graph as the kernel reads it, see ``SupplyGraph``.

    ``stage_nodes``, ``stage_pools``, ``node_links``, ``node_slots``, ``pool_slots`` and ``pool_links`` hold where each
    begins in the list below it; ``node_link_pool`` and ``node_link_share`` the links node by
    node, ``node_slot`` the slots node by node; ``slot_part`` the part of its pool that a slot uses at rest.
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
    node_link_pool: Any
    node_link_share: Any
    node_slots: Any
    node_slot: Any
    pool_slots: Any
    pool_links: Any
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
    pool_use: Any
    pool_switch: Any
    pool_stockpile: Any
    pool_release: Any
    pool_at_rest: Any
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
    """What this run needs; ``links_move``: links keep an order of their own (limited switching, restrictions, …)."""

    together: bool
    signal_weight: float
    links_move: bool
    restricted: bool
    preferences: bool
    ranks: int
    lags: int
    lanes: int


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
    sent: Any


@compiled
def meet_shocks(
    draw_start: Any, hit: Any, target: Any, start: Any, length: Any, recovery: Any, severity: Any,
    set_start: Any, members: Any, first: int, draws: int, month: int,
    left_capacity: Any, left_lane: Any, left_preference: Any, left_demand: Any, left_ramp: Any, hit_link: Any,
) -> None:  # fmt: skip
    """What shocks leave in ``month``, as factors; arrays of what no shock hits may be empty.

    All factors are one before the first month; later, those of the month before are undone first. ``hit_link`` marks
    links that a shock acts on in some draw.
    """
    hit_link[:] = False
    for lane in range(draws):
        for row in range(draw_start[first + lane], draw_start[first + lane + 1]):
            after = month - start[row] - length[row]
            if month <= start[row] or after > recovery[row]:
                continue
            kind = hit[row]
            for position in range(set_start[target[row]], set_start[target[row] + 1]):
                member = members[position]
                if kind == _CAPACITY:
                    left_capacity[member, lane] = 1.0
                elif kind == _LANE:
                    left_lane[member, lane] = 1.0
                elif kind == _PREFERENCE:
                    left_preference[member, lane] = 1.0
                elif kind == _DEMAND:
                    left_demand[member, lane] = 1.0
                else:
                    left_ramp[member, lane] = 1.0
    for lane in range(draws):
        for row in range(draw_start[first + lane], draw_start[first + lane + 1]):
            after = month - start[row] - length[row] + 1
            if month < start[row] or after > recovery[row]:
                continue
            keep = 1.0 - severity[row]
            if after > 0:
                keep = 1.0 - severity[row] * (1.0 - after / (recovery[row] + 1))
            kind = hit[row]
            for position in range(set_start[target[row]], set_start[target[row] + 1]):
                member = members[position]
                if kind == _CAPACITY:
                    left_capacity[member, lane] *= keep
                elif kind == _LANE:
                    left_lane[member, lane] *= keep
                    hit_link[member] = True
                elif kind == _PREFERENCE:
                    left_preference[member, lane] *= keep
                    hit_link[member] = True
                elif kind == _DEMAND:
                    left_demand[member, lane] *= keep
                else:
                    left_ramp[member, lane] *= keep


@compiled
def see_capacity(
    capacity: Any, host: Any, host_share: Any, left_capacity: Any, ramp: Any, signal: Any, host_ratio: Any,
    available: Any, seen: Any,
) -> None:  # fmt: skip
    """Capacity after shocks, ramping and hosts, and what buyers see of each supplier."""
    lanes = seen.shape[1]
    for node in range(len(capacity)):
        for lane in range(lanes):
            left = left_capacity[node, lane]
            available[node, lane] = left * capacity[node] * (1.0 + ramp[node, lane])
            least = left if left < signal[node, lane] else signal[node, lane]
            seen[node, lane] = least if least > NEGLIGIBLE else 0.0
        if host[node] != _NOBODY:
            for lane in range(lanes):
                met = min(1.0, host_ratio[host[node], lane])
                available[node, lane] *= 1.0 - host_share[node] * (1.0 - met)


@compiled
def want(
    first: int, last: int, pool_slots: Any, slot_node: Any, slot_need: Any, slot_stock: Any, slot_refill: Any,
    slot_demand: Any, slot_part: Any, pool_at_rest: Any, mix: Any, planned: Any, left_demand: Any, backlog: Any,
    stock: Any, under_way: Any, wanted: Any, pool_wanted: Any, missing: Any, together: bool,
) -> None:  # fmt: skip
    """What slots ask of pools ``first`` … ``last − 1``: use to come and part of the gap to the stock at rest."""
    lanes = stock.shape[1]
    months = under_way.shape[1]
    for pool in range(first, last):
        for lane in range(lanes):
            pool_wanted[pool, lane] = 0.0
            missing[lane] = pool_at_rest[pool]
        if pool_at_rest[pool] > 0.0:
            for month in range(months):
                for lane in range(lanes):
                    missing[lane] -= under_way[pool, month, lane]
        for slot in range(pool_slots[pool], pool_slots[pool + 1]):
            node, refill = slot_node[slot], 1.0 / slot_refill[slot]
            if node == _NOBODY:
                for lane in range(lanes):
                    wanted[slot, lane] = left_demand[slot, lane] * slot_demand[slot] + backlog[slot, lane]
            else:
                for lane in range(lanes):
                    wanted[slot, lane] = slot_need[slot] * mix[slot, lane] * planned[node, lane]
            for lane in range(lanes):
                gap = slot_stock[slot] - stock[slot, lane] + slot_part[slot] * missing[lane]
                if together and gap < 0.0:
                    gap = 0.0
                asked = wanted[slot, lane] + gap * refill
                asked = asked if asked > 0.0 else 0.0
                wanted[slot, lane] = asked
                pool_wanted[pool, lane] += asked


@compiled
def gather(first: int, last: int, starts: Any, index: Any, weight: Any, rows: Any, result: Any) -> None:
    """result[i] = Σ weight[e]·rows[index[e]] over the entries e of i, for i in ``first`` … ``last − 1``."""
    lanes = rows.shape[1]
    for i in range(first, last):
        entry, end = starts[i], starts[i + 1]
        for lane in range(lanes):
            result[i, lane] = 0.0
        # Four rows at a time: the sum is read and written a quarter as often.
        while entry + 4 <= end:
            a, b, c, d = index[entry], index[entry + 1], index[entry + 2], index[entry + 3]
            u, v, w, z = weight[entry], weight[entry + 1], weight[entry + 2], weight[entry + 3]
            for lane in range(lanes):
                result[i, lane] += u * rows[a, lane] + v * rows[b, lane] + w * rows[c, lane] + z * rows[d, lane]
            entry += 4
        while entry < end:
            a, u = index[entry], weight[entry]
            for lane in range(lanes):
                result[i, lane] += u * rows[a, lane]
            entry += 1


@compiled
def ratio_of_orders(first: int, last: int, pool_wanted: Any, ratio: Any, blind: Any) -> None:
    """Wanted over what is seen of suppliers (given in ``ratio``, and replaced there).

    ``blind`` marks pools that see no supplier in some draw: there they order by their shares at rest.
    """
    lanes = ratio.shape[1]
    for pool in range(first, last):
        unseen = 0
        for lane in range(lanes):
            unseen += ratio[pool, lane] <= 0.0
        if unseen == 0:
            for lane in range(lanes):
                ratio[pool, lane] = pool_wanted[pool, lane] / ratio[pool, lane]
        else:
            for lane in range(lanes):
                total = ratio[pool, lane]
                ratio[pool, lane] = pool_wanted[pool, lane] / total if total > 0.0 else 0.0
        blind[pool] = unseen > 0


@compiled
def order_blindly(
    first: int, last: int, pool_links: Any, source: Any, share: Any, ratio: Any, blind: Any, pool_wanted: Any,
    orders: Any,
) -> None:  # fmt: skip
    """Orders of pools that see no supplier."""
    lanes = ratio.shape[1]
    for pool in range(first, last):
        if blind[pool]:
            for link in range(pool_links[pool], pool_links[pool + 1]):
                for lane in range(lanes):
                    if ratio[pool, lane] == 0.0:
                        orders[source[link], lane] += share[link] * pool_wanted[pool, lane]


@compiled
def scale(first: int, last: int, factor: Any, rows: Any, result: Any) -> None:
    """result[i] = factor[i]·rows[i]."""
    lanes = rows.shape[1]
    for i in range(first, last):
        for lane in range(lanes):
            result[i, lane] = factor[i, lane] * rows[i, lane]


@compiled
def deliver_blindly(
    first: int, last: int, pool_links: Any, source: Any, share: Any, ratio: Any, blind: Any, pool_wanted: Any,
    fill: Any, arrived: Any,
) -> None:  # fmt: skip
    """Deliveries to pools that see no supplier."""
    lanes = ratio.shape[1]
    for pool in range(first, last):
        if blind[pool]:
            for link in range(pool_links[pool], pool_links[pool + 1]):
                for lane in range(lanes):
                    if ratio[pool, lane] == 0.0:
                        arrived[pool, lane] += share[link] * pool_wanted[pool, lane] * fill[source[link], 0, lane]


@compiled
def _passing(order: float, left: float, flow: float) -> float:
    """What of an order passes a restriction that leaves a share of the flow at rest; all of it where nothing acts."""
    most = left * flow
    return most if left < 1.0 and order > most else order


@compiled
def order_with_care(
    first: int, last: int, pool_links: Any, source: Any, share: Any, flow: Any, rank: Any, switch: Any, seen: Any,
    pool_wanted: Any, hit: Any, left_lane: Any, left_preference: Any, share_now: Any, orders: Any, by_rank: Any,
    weight: Any, per_weight: Any, moved: Any, asked: Any, preferences: bool, ranked: bool,
) -> None:  # fmt: skip
    """Orders with limited switching, restrictions and ranks: every link keeps its share.

    Only shares outlast the pool: what a link orders is worked out anew where it is delivered, as reading and writing it
    takes longer. ``weight`` holds a row for each link of the pool, the other work arrays one row.
    """
    lanes = seen.shape[1]
    for pool in range(first, last):
        start, end = pool_links[pool], pool_links[pool + 1]
        for lane in range(lanes):
            per_weight[lane] = 0.0
            moved[lane] = 0.0
        for link in range(start, end):
            node, part, row = source[link], share[link], link - start
            for lane in range(lanes):
                weight[row, lane] = part * seen[node, lane]
            if hit[link]:
                for lane in range(lanes):
                    weight[row, lane] *= left_lane[link, lane]
                if preferences:
                    for lane in range(lanes):
                        weight[row, lane] *= left_preference[link, lane]
            for lane in range(lanes):
                per_weight[lane] += weight[row, lane]
        unseen = 0
        for lane in range(lanes):
            unseen += per_weight[lane] <= 0.0
        if unseen > 0:
            for lane in range(lanes):
                if per_weight[lane] <= 0.0:
                    per_weight[lane] = 1.0
                    for link in range(start, end):
                        weight[link - start, lane] = share[link]
        for lane in range(lanes):
            per_weight[lane] = 1.0 / per_weight[lane]
        for link in range(start, end):
            row = link - start
            for lane in range(lanes):
                moved[lane] += 0.5 * abs(weight[row, lane] * per_weight[lane] - share_now[link, lane])
        for lane in range(lanes):
            moved[lane] = 1.0 if moved[lane] <= switch[pool] else switch[pool] / moved[lane]
        for link in range(start, end):
            node, row = source[link], link - start
            for lane in range(lanes):
                goal, now = weight[row, lane] * per_weight[lane], share_now[link, lane]
                share_now[link, lane] = goal if moved[lane] == 1.0 else now + moved[lane] * (goal - now)
            for lane in range(lanes):
                asked[lane] = share_now[link, lane] * pool_wanted[pool, lane]
            if hit[link]:
                for lane in range(lanes):
                    asked[lane] = _passing(asked[lane], left_lane[link, lane], flow[link])
            for lane in range(lanes):
                orders[node, lane] += asked[lane]
            if ranked:
                for lane in range(lanes):
                    by_rank[node, rank[link], lane] += asked[lane]


@compiled
def plan(first: int, last: int, orders: Any, available: Any, planned: Any) -> None:
    """Nodes plan what is ordered from them as far as their capacity goes."""
    lanes = planned.shape[1]
    for node in range(first, last):
        for lane in range(lanes):
            asked, can = orders[node, lane], available[node, lane]
            planned[node, lane] = asked if asked < can else can


@compiled
def _rise(slot_mix: Any, slot_rise: Any, mix: Any, slot: int, lane: int) -> float:
    rise: float = min(1.0, max(slot_mix[slot], mix[slot, lane]) + slot_rise[slot])
    return rise


@compiled
def _limit_of_group(
    first: int, last: int, node_slot: Any, slot_need: Any, slot_mix: Any, slot_rise: Any, mix: Any, stock: Any,
    lane: int,
) -> float:  # fmt: skip
    limit = 0.0
    for position in range(first, last):
        slot = node_slot[position]
        limit += stock[slot, lane] / slot_need[slot]
    for _ in range(first, last):
        free = 0.0
        tied = 0.0
        for position in range(first, last):
            slot = node_slot[position]
            cover, rise = stock[slot, lane] / slot_need[slot], _rise(slot_mix, slot_rise, mix, slot, lane)
            if cover > rise * limit:
                tied += rise
            else:
                free += cover
        if tied >= 1.0:
            break
        limit = min(limit, free / (1.0 - tied))
    return limit


@compiled
def _use_group(
    first: int, last: int, node_slot: Any, slot_need: Any, slot_mix: Any, slot_rise: Any, mix: Any, stock: Any,
    used: Any, lane: int, made: float, least: float,
) -> None:  # fmt: skip
    met = 0.0
    room = 0.0
    for position in range(first, last):
        slot = node_slot[position]
        cover = stock[slot, lane] / slot_need[slot]
        part = min(cover, slot_mix[slot] * made)
        used[slot, lane] = part
        met += part
        room += max(0.0, min(cover, _rise(slot_mix, slot_rise, mix, slot, lane) * made) - part)
    rest = made - met
    for position in range(first, last):
        slot = node_slot[position]
        part = used[slot, lane]
        if rest > 0.0 and room > 0.0:
            cover = stock[slot, lane] / slot_need[slot]
            free = max(0.0, min(cover, _rise(slot_mix, slot_rise, mix, slot, lane) * made) - part)
            part += free * min(1.0, rest / room)
        used[slot, lane] = slot_need[slot] * part
        stock[slot, lane] -= used[slot, lane]
        if made > least:
            mix[slot, lane] = part / made


@compiled
def _end_of_group(slot_group: Any, node_slot: Any, first: int, last: int) -> int:
    group = slot_group[node_slot[first]]
    end = first + 1
    while end < last and group != _NOBODY and slot_group[node_slot[end]] == group:
        end += 1
    return end


@compiled
def make(
    first: int, last: int, base: Any, node_slots: Any, node_slot: Any, slot_need: Any, slot_mix: Any, slot_rise: Any,
    slot_group: Any, mix: Any, stock: Any, used: Any, available: Any, orders: Any, by_rank: Any, supported: Any,
    output: Any, fill: Any, signal: Any, signal_weight: float,
) -> None:  # fmt: skip
    """Nodes make what capacity, orders and the scarcest group of inputs allow, and serve orders rank by rank."""
    lanes = output.shape[1]
    ranks = fill.shape[1]
    for node in range(first, last):
        begin, stop = node_slots[node], node_slots[node + 1]
        for lane in range(lanes):
            supported[node, lane] = np.inf
        position = begin
        while position < stop:
            end = _end_of_group(slot_group, node_slot, position, stop)
            if end == position + 1:
                slot = node_slot[position]
                reach = 1.0 / slot_need[slot]
                for lane in range(lanes):
                    cover = stock[slot, lane] * reach
                    supported[node, lane] = cover if cover < supported[node, lane] else supported[node, lane]
            else:
                for lane in range(lanes):
                    cover = _limit_of_group(position, end, node_slot, slot_need, slot_mix, slot_rise, mix, stock, lane)
                    supported[node, lane] = cover if cover < supported[node, lane] else supported[node, lane]
            position = end
        for lane in range(lanes):
            asked, can = orders[node, lane], available[node, lane]
            made = asked if asked < can else can
            output[node, lane] = made if made < supported[node, lane] else supported[node, lane]
        position = begin
        while position < stop:
            end = _end_of_group(slot_group, node_slot, position, stop)
            if end == position + 1:
                slot = node_slot[position]
                for lane in range(lanes):
                    taken = slot_need[slot] * output[node, lane]
                    used[slot, lane] = taken
                    stock[slot, lane] -= taken
            else:
                for lane in range(lanes):
                    _use_group(
                        position, end, node_slot, slot_need, slot_mix, slot_rise, mix, stock, used, lane,
                        output[node, lane], NEGLIGIBLE * base[node],
                    )  # fmt: skip
            position = end
        if ranks == 1:
            for lane in range(lanes):
                asked = orders[node, lane]
                fill[node, 0, lane] = output[node, lane] / asked if asked > 0.0 else 1.0
        else:
            for lane in range(lanes):
                rest = output[node, lane]
                for rank in range(ranks):
                    asked = by_rank[node, rank, lane]
                    served = min(rest, asked)
                    fill[node, rank, lane] = served / asked if asked > 0.0 else 1.0
                    rest -= served
        if signal_weight > 0.0:
            for lane in range(lanes):
                asked, can = orders[node, lane], available[node, lane]
                could = asked if asked < can else can
                met = output[node, lane] / could if could > NEGLIGIBLE * base[node] else 1.0
                signal[node, lane] = (1.0 - signal_weight) * signal[node, lane] + signal_weight * met


@compiled
def deliver_with_care(
    first: int, last: int, month: int, pool_links: Any, source: Any, rank: Any, lag: Any, flow: Any, hit: Any,
    left_lane: Any, share_now: Any, pool_wanted: Any, fill: Any, under_way: Any, arrived: Any, asked: Any,
) -> None:  # fmt: skip
    """Deliveries on orders of ``order_with_care``: what is sent travels for the months of its link.

    ``under_way`` is a ring: what arrives in a month stands at its number modulo the length of the ring.
    """
    lanes = share_now.shape[1]
    ring = under_way.shape[1]
    now = month % ring
    for pool in range(first, last):
        for link in range(pool_links[pool], pool_links[pool + 1]):
            node, by, then = source[link], rank[link], (month + lag[link]) % ring
            if hit[link]:
                for lane in range(lanes):
                    order = share_now[link, lane] * pool_wanted[pool, lane]
                    asked[lane] = _passing(order, left_lane[link, lane], flow[link])
                for lane in range(lanes):
                    under_way[pool, then, lane] += asked[lane] * fill[node, by, lane]
            else:
                for lane in range(lanes):
                    order = share_now[link, lane] * pool_wanted[pool, lane]
                    under_way[pool, then, lane] += order * fill[node, by, lane]
        for lane in range(lanes):
            arrived[pool, lane] = under_way[pool, now, lane]
        for lane in range(lanes):
            under_way[pool, now, lane] = 0.0


@compiled
def release(
    first: int, last: int, pool_use: Any, rate: Any, pool_wanted: Any, arrived: Any, stockpile: Any, released: Any
) -> None:  # fmt: skip
    """Public stocks give out what deliveries lack of usual use, as far as their rate and content go."""
    lanes = arrived.shape[1]
    for pool in range(first, last):
        if rate[pool] > 0.0:
            for lane in range(lanes):
                short = min(pool_wanted[pool, lane], pool_use[pool]) - arrived[pool, lane]
                out = max(0.0, min(stockpile[pool, lane], rate[pool], short))
                released[pool, lane] = out
                stockpile[pool, lane] -= out
                arrived[pool, lane] += out


@compiled
def share_out(
    first: int, last: int, pool_slots: Any, pool_use: Any, slot_part: Any, wanted: Any, pool_wanted: Any, arrived: Any,
    received: Any, stock: Any,
) -> None:  # fmt: skip
    """What arrived at pools goes to their slots in proportion to what each asked for."""
    lanes = stock.shape[1]
    for pool in range(first, last):
        slot = pool_slots[pool]
        if pool_slots[pool + 1] == slot + 1:
            for lane in range(lanes):
                received[slot, lane] = arrived[pool, lane]
                stock[slot, lane] += arrived[pool, lane]
            continue
        for slot in range(pool_slots[pool], pool_slots[pool + 1]):
            for lane in range(lanes):
                asked = pool_wanted[pool, lane]
                part = wanted[slot, lane] / asked if asked > NEGLIGIBLE * pool_use[pool] else slot_part[slot]
                received[slot, lane] = part * arrived[pool, lane]
                stock[slot, lane] += received[slot, lane]


@compiled
def settle_final_use(
    slot_node: Any, slot_demand: Any, waiting: Any, left_demand: Any, backlog: Any, stock: Any, used: Any,
    shortage: Any, unserved: Any,
) -> None:  # fmt: skip
    """Final use takes from its stock; what it lacks is lost or waits."""
    lanes = stock.shape[1]
    for slot in range(len(slot_node)):
        if slot_node[slot] == _NOBODY:
            for lane in range(lanes):
                due = left_demand[slot, lane] * slot_demand[slot] + backlog[slot, lane]
                held = stock[slot, lane]
                served = due if due < held else held
                stock[slot, lane] = held - served
                used[slot, lane] = served
                shortage[slot, lane] = due - served
                backlog[slot, lane] = waiting[slot] * (due - served)
                unserved[slot, lane] += (1.0 - waiting[slot]) * (due - served)


@compiled
def settle_nodes(
    base: Any, capacity: Any, spare: Any, up: Any, down: Any, left_capacity: Any, left_ramp: Any, orders: Any,
    output: Any, ramp: Any, host_ratio: Any,
) -> None:  # fmt: skip
    """Capacity ramps towards what is ordered and back; what hosts made is noted for their by-products."""
    lanes = output.shape[1]
    for node in range(len(base)):
        if spare[node] > 0.0:
            for lane in range(lanes):
                still = left_capacity[node, lane] * capacity[node]
                aim = min(spare[node], max(0.0, orders[node, lane] / still - 1.0)) if still > 0.0 else 0.0
                now = ramp[node, lane]
                ramp[node, lane] = min(max(aim, now - down[node]), now + up[node] * left_ramp[node, lane])
        for lane in range(lanes):
            host_ratio[node, lane] = output[node, lane] / base[node] if base[node] > 0.0 else 1.0


@compiled
def watch(
    group_slots: Any, group_slot: Any, demand: Any, threshold: float, month: int, first: int, draws: int, shortage: Any,
    running: Any, line: Any, short_months: Any, longest_run: Any, first_month: Any, worst: Any,
) -> None:  # fmt: skip
    """How short each group is in a month: counts short months and the longest run of them."""
    for group in range(len(demand)):
        line[:] = 0.0
        for position in range(group_slots[group], group_slots[group + 1]):
            slot = group_slot[position]
            for lane in range(draws):
                line[lane] += shortage[slot, lane]
        for lane in range(draws):
            share, draw = line[lane] / demand[group], first + lane
            worst[draw, group] = max(worst[draw, group], share)
            if share <= threshold:
                running[group, lane] = 0
                continue
            running[group, lane] += 1
            short_months[draw, group] += 1
            if first_month[draw, group] == 0:
                first_month[draw, group] = month + 1
            longest_run[draw, group] = max(longest_run[draw, group], running[group, lane])


@compiled
def run_block(
    g: GraphArrays, s: ShockArrays, w: Switches, first: int, draws: int, months: int, unserved: Any,
    trace: TraceArrays, v: WatchArrays,
) -> None:  # fmt: skip
    """Draws ``first`` … ``first + draws − 1``, no more than lanes, into ``unserved`` (draws × slots) and ``v``."""
    nodes, slots, pools = len(g.node_base), len(g.slot_need), len(g.pool_use)
    links = len(g.link_share) if w.links_move else 0
    hit_links = len(g.link_share) if w.restricted else 0
    stages = len(g.stage_nodes) - 1
    stock, mix = np.empty((slots, w.lanes)), np.empty((slots, w.lanes))
    backlog, used = np.zeros((slots, w.lanes)), np.zeros((slots, w.lanes))
    wanted, received = np.empty((slots, w.lanes)), np.empty((slots, w.lanes))
    shortage, lost = np.zeros((slots, w.lanes)), np.zeros((slots, w.lanes))
    ramp, signal, host_ratio = np.zeros((nodes, w.lanes)), np.ones((nodes, w.lanes)), np.ones((nodes, w.lanes))
    available, seen = np.empty((nodes, w.lanes)), np.empty((nodes, w.lanes))
    sent = np.empty((nodes, w.lanes))
    planned = np.empty((nodes, w.lanes))
    supported, orders, output = np.empty((nodes, w.lanes)), np.empty((nodes, w.lanes)), np.empty((nodes, w.lanes))
    by_rank, fill = np.empty((nodes, w.ranks, w.lanes)), np.empty((nodes, w.ranks, w.lanes))
    stockpile, released = np.empty((pools, w.lanes)), np.zeros((pools, w.lanes))
    pool_wanted, ratio, arrived = np.empty((pools, w.lanes)), np.empty((pools, w.lanes)), np.empty((pools, w.lanes))
    blind = np.zeros(pools, dtype=np.bool_)
    share_now, hit_link = np.empty((links, w.lanes)), np.zeros(len(g.link_share), dtype=np.bool_)
    weight = np.empty((np.diff(g.pool_links).max() if pools > 0 else 0, w.lanes))
    under_way = np.zeros((pools, w.lags + 1, w.lanes))
    left_capacity, left_ramp = np.ones((nodes, w.lanes)), np.ones((nodes, w.lanes))
    left_demand = np.ones((slots, w.lanes))
    left_lane, left_preference = np.ones((hit_links, w.lanes)), np.ones((hit_links, w.lanes))
    line, moved, asked = np.empty(w.lanes), np.empty(w.lanes), np.empty(w.lanes)
    running = np.zeros((len(v.demand), w.lanes), dtype=np.int64)
    for slot in range(slots):
        stock[slot] = g.slot_stock[slot]
        mix[slot] = g.slot_mix[slot]
    for pool in range(pools):
        stockpile[pool] = g.pool_stockpile[pool]
        for link in range(g.pool_links[pool], g.pool_links[pool + 1]):
            for month in range(g.link_lag[link]):
                under_way[pool, month] += g.link_flow[link]
    for link in range(links):
        share_now[link] = g.link_share[link]

    for month in range(months):
        meet_shocks(
            s.draw_start, s.hit, s.target, s.start, s.length, s.recovery, s.severity, s.set_start, s.members,
            first, draws, month, left_capacity, left_lane, left_preference, left_demand, left_ramp, hit_link,
        )  # fmt: skip
        see_capacity(
            g.node_capacity, g.node_host, g.node_host_share, left_capacity, ramp, signal, host_ratio, available, seen
        )
        orders[:] = 0.0
        if w.ranks > 1:
            by_rank[:] = 0.0
        for node in range(nodes):
            planned[node] = g.node_base[node]
        for stage in range(stages - 1, -1, -1):
            start, stop = g.stage_pools[stage], g.stage_pools[stage + 1]
            want(
                start, stop, g.pool_slots, g.slot_node, g.slot_need, g.slot_stock, g.slot_refill, g.slot_demand,
                g.slot_part, g.pool_at_rest, mix, planned, left_demand, backlog, stock, under_way, wanted, pool_wanted,
                line, w.together,
            )  # fmt: skip
            if w.links_move:
                order_with_care(
                    start, stop, g.pool_links, g.link_source, g.link_share, g.link_flow, g.link_rank, g.pool_switch,
                    seen, pool_wanted, hit_link, left_lane, left_preference, share_now, orders, by_rank,
                    weight, line, moved, asked, w.preferences, w.ranks > 1,
                )  # fmt: skip
            else:
                gather(start, stop, g.pool_links, g.link_source, g.link_share, seen, ratio)
                ratio_of_orders(start, stop, pool_wanted, ratio, blind)
                begin, end = g.stage_nodes[stage], g.stage_nodes[stage + 1]
                gather(begin, end, g.node_links, g.node_link_pool, g.node_link_share, ratio, orders)
                scale(begin, end, seen, orders, orders)
                order_blindly(start, stop, g.pool_links, g.link_source, g.link_share, ratio, blind, pool_wanted, orders)
            if not w.together:
                plan(g.stage_nodes[stage], g.stage_nodes[stage + 1], orders, available, planned)
        # Together: every node first, then every delivery. Else tier by tier, goods passing on within the month.
        steps = 1 if w.together else stages
        for step in range(steps):
            begin, end = (0, nodes) if w.together else (g.stage_nodes[step], g.stage_nodes[step + 1])
            start, stop = (0, pools) if w.together else (g.stage_pools[step], g.stage_pools[step + 1])
            make(
                begin, end, g.node_base, g.node_slots, g.node_slot, g.slot_need, g.slot_mix, g.slot_rise,
                g.slot_group, mix,
                stock, used, available, orders, by_rank, supported, output, fill, signal, w.signal_weight,
            )  # fmt: skip
            if w.links_move:
                deliver_with_care(
                    start, stop, month, g.pool_links, g.link_source, g.link_rank, g.link_lag, g.link_flow, hit_link,
                    left_lane, share_now, pool_wanted, fill, under_way, arrived, asked,
                )  # fmt: skip
            else:
                scale(begin, end, seen, fill[:, 0], sent)
                gather(start, stop, g.pool_links, g.link_source, g.link_share, sent, arrived)
                scale(start, stop, ratio, arrived, arrived)
                deliver_blindly(
                    start, stop, g.pool_links, g.link_source, g.link_share, ratio, blind, pool_wanted, fill, arrived
                )
            release(start, stop, g.pool_use, g.pool_release, pool_wanted, arrived, stockpile, released)
            share_out(start, stop, g.pool_slots, g.pool_use, g.slot_part, wanted, pool_wanted, arrived, received, stock)
        settle_final_use(g.slot_node, g.slot_demand, g.slot_waiting, left_demand, backlog, stock, used, shortage, lost)
        settle_nodes(
            g.node_base, g.node_capacity, g.node_spare, g.node_up, g.node_down, left_capacity, left_ramp, orders,
            output, ramp, host_ratio,
        )  # fmt: skip
        if len(v.demand) > 0:
            watch(
                v.group_slots, v.group_slot, v.demand, v.threshold, month, first, draws, shortage, running, line,
                v.short_months, v.longest_run, v.first_month, v.worst,
            )  # fmt: skip
        if len(trace.output) > 0:
            trace.output[month] = output[:, 0]
            trace.orders[month] = orders[:, 0]
            trace.available[month] = available[:, 0]
            trace.supported[month] = supported[:, 0]
            trace.received[month] = received[:, 0]
            trace.used[month] = used[:, 0]
            trace.stock[month] = stock[:, 0]
            trace.shortage[month] = shortage[:, 0]
            trace.released[month] = released[:, 0]
            for pool in range(pools):
                for link in range(g.pool_links[pool], g.pool_links[pool + 1]):
                    node = g.link_source[link]
                    if w.links_move:
                        order = share_now[link, 0] * pool_wanted[pool, 0]
                        if hit_link[link]:
                            order = _passing(order, left_lane[link, 0], g.link_flow[link])
                    elif ratio[pool, 0] > 0.0:
                        order = g.link_share[link] * seen[node, 0] * ratio[pool, 0]
                    else:
                        order = g.link_share[link] * pool_wanted[pool, 0]
                    trace.sent[month, link] = order * fill[node, g.link_rank[link], 0]
    if len(unserved) > 0:
        for slot in range(slots):
            for lane in range(draws):
                unserved[first + lane, slot] = lost[slot, lane] + backlog[slot, lane]
    for group in range(len(v.demand)):
        for position in range(v.group_slots[group], v.group_slots[group + 1]):
            slot = v.group_slot[position]
            for lane in range(draws):
                v.lost[first + lane, group] += lost[slot, lane] + backlog[slot, lane]
