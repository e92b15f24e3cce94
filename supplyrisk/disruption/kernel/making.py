"""What a node makes of its inputs, some of which replace each other, and whom it serves."""

from __future__ import annotations

from typing import Any

import numpy as np

from supplyrisk.disruption.kernel.arrays import GraphArrays, Switches
from supplyrisk.disruption.kernel.compiling import inlined
from supplyrisk.disruption.kernel.state import State
from supplyrisk.disruption.lanes import LANES, anywhere, choose, load, repeated, smaller, store
from supplyrisk.disruption.rules import NEGLIGIBLE
from supplyrisk.disruption.supply_graph import NOBODY


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
    while end < last and group != NOBODY and g.slot_group[g.node_slot[end]] == group:
        end += 1
    return end


@inlined
def _supported(g: GraphArrays, s: State, begin: int, stop: int) -> Any:
    """Output that the scarcest group of inputs allows."""
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
    return supported


@inlined
def _use(g: GraphArrays, s: State, node: int, begin: int, stop: int, made: Any) -> None:
    """Inputs of what is made leave their stocks."""
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


@inlined
def _fill(w: Switches, s: State, node: int, orders: Any, made: Any) -> None:
    """What part of its orders each rank of buyers gets, one after the other."""
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


@inlined
def make(g: GraphArrays, w: Switches, s: State, node: int) -> None:
    """A node makes what capacity, orders and the scarcest group of inputs allow, and serves orders rank by rank."""
    begin, stop = g.node_slots[node], g.node_slots[node + 1]
    supported = _supported(g, s, begin, stop)
    store(s.supported, node, supported)
    orders = load(s.orders, node)
    could = smaller(orders, load(s.available, node))
    made = smaller(could, supported)
    store(s.output, node, made)
    _use(g, s, node, begin, stop, made)
    _fill(w, s, node, orders, made)
    if w.signal_weight > 0.0:
        signal = load(s.signal, node)
        met = repeated(1.0)
        if anywhere(made < could):
            met = choose(could > NEGLIGIBLE * g.node_base[node], made / could, 1.0)
        store(s.signal, node, signal + w.signal_weight * (met - signal))
