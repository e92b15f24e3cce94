"""The graph that shocks run through: nodes that make, slots that take in, pools that buy, links that deliver."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.problems import ProblemCollector

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NOBODY = -1
"""Stands for the node of a slot of final use, for the host of a product that has none, and for no group."""

_TOLERANCE = 1e-9


@dataclass(frozen=True)
class SupplyGraph:
    """Supply at rest, per month, and how each part can move.

    Nodes make one product at one place. Slots take one product in: for a node (``slot_node``) or for final use
    (``slot_node`` NOBODY, then ``slot_demand`` a month). Pools buy one product at one place for their slots, over
    links from the nodes that make it. Stages run from the mine (0) to the end product; a pool has the stage of its
    suppliers, which is below that of every node its slots belong to. Nodes and pools are sorted by stage, slots and
    links by pool.

    Nodes: ``node_base`` output, ``node_capacity`` without ramping, ``node_spare_share`` of capacity that ramping can
    add within ``node_ramp_months`` and that is gone again within ``node_unramp_months``; ``node_host`` the node whose
    output limits it, with the share of its own output that hangs on it.
    Slots: ``slot_need`` units per unit of output if this slot met all of its group; ``slot_mix`` the part of the
    group it does meet, ``slot_mix_rise`` by which that can grow a month; slots of a node with the same ``slot_group``
    replace each other, groups complement each other; ``slot_stock`` is the stock held at rest, refilled over
    ``slot_refill_months``; ``slot_backorder_share`` of final demand not met waits for the next month.
    Pools: ``pool_switch_share``, the part of purchases that can change supplier in a month; a public stock of
    ``pool_stockpile`` units of which ``pool_release`` a month comes free when deliveries fall short; after a
    month in which its users lacked nothing, ``pool_refill`` a month at most is bought back.
    Links: ``link_share`` of the pool's purchases at rest, ``link_lag_months`` under way, ``link_rank`` of the order
    in which a short supplier serves.
    """

    node_stage: Integers
    node_base: Floats
    node_capacity: Floats
    node_spare_share: Floats
    node_ramp_months: Floats
    node_unramp_months: Floats
    node_host: Integers
    node_host_share: Floats
    slot_pool: Integers
    slot_node: Integers
    slot_need: Floats
    slot_mix: Floats
    slot_mix_rise: Floats
    slot_group: Integers
    slot_stock: Floats
    slot_refill_months: Floats
    slot_demand: Floats
    slot_backorder_share: Floats
    pool_stage: Integers
    pool_switch_share: Floats
    pool_stockpile: Floats
    pool_release: Floats
    pool_refill: Floats
    link_pool: Integers
    link_source: Integers
    link_share: Floats
    link_lag_months: Integers
    link_rank: Integers

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.node_base)

    @property
    def slots(self) -> int:
        """Number of slots, those of final use included."""
        return len(self.slot_pool)

    @property
    def pools(self) -> int:
        """Number of pools."""
        return len(self.pool_stage)

    @property
    def links(self) -> int:
        """Number of links."""
        return len(self.link_pool)

    @property
    def ranks(self) -> int:
        """Number of ranks in which a short supplier serves."""
        return int(self.link_rank.max(initial=0)) + 1

    @property
    def stages(self) -> int:
        """Number of stages."""
        return int(self.node_stage.max()) + 1

    @cached_property
    def slot_use(self) -> Floats:
        """What each slot uses a month at rest."""
        made = np.where(self.slot_node == NOBODY, 0.0, self.node_base[self.slot_node])
        return np.asarray(self.slot_need * self.slot_mix * made + self.slot_demand)

    @cached_property
    def pool_use(self) -> Floats:
        """What each pool buys a month at rest."""
        return np.asarray(np.bincount(self.slot_pool, self.slot_use, self.pools), dtype=np.float64)

    @cached_property
    def link_flow(self) -> Floats:
        """What each link delivers a month at rest."""
        return np.asarray(self.link_share * self.pool_use[self.link_pool])

    @cached_property
    def slots_of_node(self) -> tuple[Integers, Integers]:
        """Slots by node: where each node starts in the list, and the list (substitutes beside each other)."""
        order = np.lexsort((np.arange(self.slots), self.slot_group, self.slot_node))
        order = order[self.slot_node[order] != NOBODY]
        return starts(self.slot_node[order], self.nodes), order.astype(np.int64)

    def check(self) -> None:
        """Raise ``InputError`` with everything that keeps the graph from resting at its base.

        Purchases have suppliers whose shares add to one, suppliers make what is bought from them, mixes of a group add
        to one, nobody makes more than its capacity, and what is bought was made on an earlier stage.
        """
        collector = ProblemCollector()
        shares = np.bincount(self.link_pool, self.link_share, self.pools)
        bought = np.bincount(self.link_source, self.link_flow, self.nodes)
        off = np.abs(bought - self.node_base) > _TOLERANCE * max(float(self.node_base.max(initial=0.0)), 1.0)
        inner = self.slot_node != NOBODY
        backward = inner & (self.pool_stage[self.slot_pool] >= self.node_stage[self.slot_node])
        found = (
            ("pool", "shares of suppliers do not add up to one", np.abs(shares - 1.0) > _TOLERANCE),
            ("node", "makes something else than is bought from it", off),
            ("node", "makes more than its capacity", self.node_base > self.node_capacity * (1.0 + _TOLERANCE)),
            ("link", "leads to another stage", self.node_stage[self.link_source] != self.pool_stage[self.link_pool]),
            ("slot", "buys on the stage of its own node or below", backward),
            ("slot", "has a need that is not above zero", inner & ~(self.slot_need > 0.0)),
            ("node", "has a group of inputs that does not meet its need once", np.abs(self._met() - 1.0) > _TOLERANCE),
        )  # fmt: skip
        for kind, message, wrong in found:
            for position in np.flatnonzero(wrong)[:5]:
                collector.add(file="supply graph", where=f"{kind} {position}", message=message)
        ordered = all(
            bool((np.diff(key) >= 0).all())
            for key in (self.node_stage, self.pool_stage, self.slot_pool, self.link_pool)
        )
        if not ordered:
            raise InputError("supply graph: nodes and pools must be sorted by stage, slots and links by pool.")
        collector.raise_if_any("The supply graph is not at rest")

    def _met(self) -> Floats:
        """What the worst group of inputs of each node meets of its need, 1 where all is well."""
        inner = np.flatnonzero(self.slot_node != NOBODY)
        alone = self.slot_group[inner] == NOBODY
        keys = np.where(alone, -2 - inner, self.slot_group[inner])
        pairs, place = np.unique(np.stack([self.slot_node[inner], keys]), axis=1, return_inverse=True)
        met = np.ones(self.nodes)
        off = np.bincount(place, self.slot_mix[inner], pairs.shape[1])
        worst = np.abs(off - 1.0) > _TOLERANCE
        met[pairs[0][worst]] = off[worst]
        return met


def starts(sorted_keys: Integers, count: int) -> Integers:
    """Where the rows of each key begin in a list sorted by key, with the end of the last: ``count`` + 1 numbers."""
    return np.searchsorted(sorted_keys, np.arange(count + 1)).astype(np.int64)
