"""What is sent to a pool, is under way to it and arrives, for its users and its public stock."""

from __future__ import annotations

from typing import Any

from supplyrisk.disruption.kernel.arrays import GraphArrays, Switches
from supplyrisk.disruption.kernel.compiling import inlined
from supplyrisk.disruption.kernel.ordering import is_refilled, order_of
from supplyrisk.disruption.kernel.state import State
from supplyrisk.disruption.lanes import choose, larger, load, repeated, smaller, store
from supplyrisk.disruption.rules import NEGLIGIBLE


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
def _put_by(w: Switches, s: State, pool: int, month: int, lag: int, sent: Any, part: Any, put_by: Any) -> Any:
    """The ``part`` of what is sent goes to the public stock: what is left for users, and what has arrived there."""
    own = part * sent
    put_by, missing = _send(w, s.public_under_way, pool, month, lag, own, put_by, load(s.public_missing, pool))
    store(s.public_missing, pool, missing)
    return sent - own, put_by


@inlined
def _give_out(g: GraphArrays, s: State, pool: int, wanted: Any, arrived: Any, refilled: bool) -> Any:
    """What the public stock gives out: what deliveries lack of usual use, as far as its rate and content go.

    Nothing goes to users who ordered less because they hold more than usual.
    """
    lacking = smaller(wanted, load(s.need, pool)) - arrived
    if refilled:
        store(s.calm, pool, choose(lacking <= NEGLIGIBLE * g.pool_use[pool], 1.0, 0.0))
    lacking = smaller(lacking, g.pool_use[pool] - arrived)
    held = load(s.stockpile, pool)
    out = larger(smaller(smaller(held, g.pool_release[pool]), lacking), 0.0)
    store(s.released, pool, out)
    store(s.stockpile, pool, held - out)
    return out


@inlined
def _share_out(g: GraphArrays, s: State, pool: int, arrived: Any, put_by: Any, refilled: bool) -> None:
    """What has arrived, and what the public stock adds, goes to the slots of the pool as they asked for it."""
    wanted = load(s.pool_wanted, pool)
    if refilled:
        wanted = wanted - load(s.refill, pool)
        store(s.stockpile, pool, load(s.stockpile, pool) + put_by)
    if g.pool_release[pool] > 0.0:
        arrived = arrived + _give_out(g, s, pool, wanted, arrived, refilled)
    store(s.arrived, pool, arrived)
    first = g.pool_slots[pool]
    if g.pool_slots[pool + 1] == first + 1:
        store(s.stock, first, load(s.stock, first) + arrived)
    else:
        asks = wanted > NEGLIGIBLE * g.pool_use[pool]
        for slot in range(first, g.pool_slots[pool + 1]):
            part = choose(asks, load(s.wanted, slot) / wanted, g.slot_part[slot])
            store(s.stock, slot, load(s.stock, slot) + part * arrived)


@inlined
def deliver(g: GraphArrays, w: Switches, s: State, pool: int, month: int) -> None:
    """What is sent travels for the months of its link; what arrives goes to users and their public stock."""
    months = max(w.lags, 1)
    now = month % months
    wanted, common = load(s.pool_wanted, pool), load(s.common, pool)
    first_lag, last_lag = g.pool_lags[pool], g.pool_lags[pool + 1]
    arrived, missing = repeated(0.0), load(s.missing, pool)
    if g.lag[last_lag - 1] > 0:
        arrived = load(s.under_way, pool * months + now)
        missing = missing + arrived
        store(s.under_way, pool * months + now, 0.0)
    refilled = is_refilled(g, s, pool)
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
        ordered = order_of(g, s, link, load(s.own_ratio, link) * wanted)
        differs = ordered - g.link_share[link] * common
        differs = differs * load(s.fill, g.link_source[link] * w.ranks + g.link_rank[link])
        if refilled:
            differs, put_by = _put_by(w, s, pool, month, g.link_lag[link], differs, public, put_by)
        arrived, missing = _send(w, s.under_way, pool, month, g.link_lag[link], differs, arrived, missing)
    store(s.missing, pool, missing)
    _share_out(g, s, pool, larger(arrived, 0.0), larger(put_by, 0.0), refilled)
