"""The reference workload of propagation as a supply graph: read from its five files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from supplyrisk.disruption.rules import Rules
from supplyrisk.disruption.shocks import Hit, Shock
from supplyrisk.disruption.supply_graph import NOBODY, SupplyGraph

MONTHS = 24
RULES = Rules(timing="together", signal_weight=0.0)


def read_graph(folder: Path) -> SupplyGraph:
    """Tiers are stages; every slot is a pool of its own; final demand is a slot that buys from one node."""
    nodes = pl.read_csv(folder / "nodes.csv").sort("node")
    slots = pl.read_csv(folder / "slots.csv").sort("slot")
    links = pl.read_csv(folder / "links.csv").sort("slot", "link")
    stage = nodes["tier"].to_numpy() - 1
    demand = nodes["final_demand"].to_numpy()
    final = np.flatnonzero(demand > 0.0)
    inner = len(slots)
    source = np.concatenate([links["source_node"].to_numpy(), final])
    pool = np.concatenate([links["slot"].to_numpy(), inner + np.arange(len(final))])
    share = np.concatenate([links["share"].to_numpy(), np.ones(len(final))])
    pools = inner + len(final)
    pool_stage = np.zeros(pools, dtype=np.int64)
    pool_stage[pool] = stage[source]
    # Pools by stage, and their slots and links with them.
    order = np.argsort(pool_stage, kind="stable")
    place = np.empty(pools, dtype=np.int64)
    place[order] = np.arange(pools)
    by_pool = np.argsort(place[pool], kind="stable")
    slot_node = np.concatenate([slots["node"].to_numpy(), np.full(len(final), NOBODY)])[order]
    need = np.concatenate([slots["need"].to_numpy(), np.zeros(len(final))])[order]
    stock = np.concatenate([slots["target_stock"].to_numpy(), np.zeros(len(final))])[order]
    asked = np.concatenate([np.zeros(inner), demand[final]])[order]
    count = len(nodes)
    return SupplyGraph(
        node_stage=stage.astype(np.int64),
        node_base=nodes["base"].to_numpy().copy(),
        node_capacity=nodes["capacity"].to_numpy().copy(),
        node_spare_share=np.zeros(count),
        node_ramp_months=np.ones(count),
        node_unramp_months=np.ones(count),
        node_host=np.full(count, NOBODY),
        node_host_share=np.zeros(count),
        slot_pool=np.arange(pools, dtype=np.int64),
        slot_node=slot_node.astype(np.int64),
        slot_need=need,
        slot_mix=np.ones(pools),
        slot_mix_rise=np.zeros(pools),
        slot_group=np.full(pools, NOBODY),
        slot_stock=stock,
        slot_refill_months=np.full(pools, 3.0),
        slot_demand=asked,
        slot_backorder_share=np.zeros(pools),
        pool_stage=pool_stage[order],
        pool_switch_share=np.ones(pools),
        pool_stockpile=np.zeros(pools),
        pool_release=np.zeros(pools),
        pool_refill=np.zeros(pools),
        link_pool=place[pool][by_pool],
        link_source=source[by_pool].astype(np.int64),
        link_share=share[by_pool],
        link_lag_months=np.zeros(len(source), dtype=np.int64),
        link_rank=np.zeros(len(source), dtype=np.int64),
    )


def read_draws(folder: Path) -> list[list[Shock]]:
    """Shocks of each draw of the file, the draws in order."""
    events = pl.read_csv(folder / "events.csv")
    expected = pl.read_csv(folder / "expected.csv")["draw"].to_list()
    found: dict[int, list[Shock]] = {draw: [] for draw in expected}
    for draw, node, start, length, severity in events.iter_rows():
        found[draw].append(Shock(Hit.CAPACITY, (node,), start, length, severity))
    return [found[draw] for draw in expected]


def read_expected(folder: Path) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Unserved final demand of each draw."""
    return pl.read_csv(folder / "expected.csv")["unserved"].to_numpy()
