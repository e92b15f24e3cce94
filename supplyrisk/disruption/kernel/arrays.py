"""What compiled steps read: a supply graph, a shock table and groups to watch, as named tuples of arrays."""

from __future__ import annotations

from typing import Any, NamedTuple


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
