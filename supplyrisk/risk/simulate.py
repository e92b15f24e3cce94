"""Two loops: sets of uncertain numbers outside, draws of events inside; batch by batch, however many draws."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplyrisk.disruption.engine import Shortages, simulate_groups
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.supply_graph import Floats, Integers
from supplyrisk.network.places import WORLD
from supplyrisk.risk.assumptions import RiskAssumptions
from supplyrisk.risk.draw_shocks import DrawnShocks, HazardDraw, draw_shocks
from supplyrisk.risk.draw_statistics import DrawCounter, DrawStatistics
from supplyrisk.risk.exposure import exposure_of
from supplyrisk.risk.targets import HitMap

BATCH = 1024
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Group:
    """Final use of a product in a region that is watched; ``demand``: units a month at rest."""

    region: str
    product: str
    slots: Integers
    demand: float


@dataclass(frozen=True)
class Watched:
    """What is watched in every draw.

    ``exposure``: targets × groups, the key by which losses are attributed; ``weights``: groups × totals, see
    ``DrawStatistics``.
    """

    groups: Sequence[Group]
    exposure: Floats
    weights: Floats


@dataclass(frozen=True)
class Simulated:
    """What draws left unserved, by group of final use.

    ``by_cell`` and ``by_target``: expected lost share attributed to cells (class × country) and to targets (product ×
    country), each adding up to the mean loss. ``hit_share``: mean part of the horizon that each target is out
    (severity × months). ``shocks``: their number.
    """

    groups: Sequence[Group]
    of_draws: DrawStatistics
    by_cell: Floats
    by_target: Floats
    hit_share: Floats
    shocks: int


@dataclass(frozen=True)
class OuterSet:
    """A set of uncertain numbers: the graph with its parameters, and the hazards."""

    named: NamedGraph
    hazard: HazardDraw


def watched_groups(
    named: NamedGraph, where: HitMap, groups: Sequence[Group], outbid_weight: float, weights: Floats
) -> Watched:
    """Groups with the key of their losses: the part of what a group needs that passes what can be hit.

    ``outbid_weight`` counts the part of what the world needs of the same product too: who buys elsewhere is outbid.
    """
    exposure = exposure_of(named, where.targets, [group.slots for group in groups])
    world = {group.product: number for number, group in enumerate(groups) if group.region == WORLD}
    outbid = [
        outbid_weight * exposure[:, world[group.product]] if group.product in world else np.zeros(len(exposure))
        for group in groups
    ]
    return Watched(groups, exposure + np.stack(outbid, axis=1), weights)


def simulate_risk(
    sets: Sequence[OuterSet],
    where: HitMap,
    watched: Watched,
    draws: int,
    assumed: RiskAssumptions,
    seed: int,
    threads: int = 2,
    batch: int = BATCH,
    progress: Progress = lambda part: None,
    causes: frozenset[int] | None = None,
) -> Simulated:
    """Run ``draws`` draws, divided evenly over the sets (rounded up), each with events of its own.

    Losses are attributed draw by draw: the loss of a group is divided over the shocks of the draw in proportion to
    severity × months within the horizon × exposure, so that the parts add up. Where no shock has any exposure, the
    loss is left without a cause. ``causes``: only events of these cells happen, all others being drawn as they are.
    """
    months, threshold = assumed.horizon_months, assumed.short_share.value
    each = -(-draws // len(sets))
    total = each * len(sets)
    groups = watched.groups
    counter = DrawCounter(len(sets), total, months, watched.weights)
    cells, targets = len(where.cells), len(where.targets.hits)
    by_cell, by_target = np.zeros((cells, len(groups))), np.zeros((targets, len(groups)))
    whole = months * np.array([group.demand for group in groups])
    slots = [group.slots for group in groups]
    hit_share, shocks = np.zeros(targets), 0

    def run_piece(piece: tuple[int, int]) -> _Piece:
        number, first = piece
        one = sets[number]
        own = np.arange(number * each + first, number * each + min(first + batch, each))
        drawn = draw_shocks(where, one.hazard, own, months, seed)
        if causes is not None:
            drawn = drawn.only(causes)
        found = simulate_groups(one.named.graph, drawn.table, months, one.named.rules, slots, threshold, 1)
        lost = found.lost / whole
        in_force = np.minimum(drawn.table.length, months - drawn.table.start)
        out = drawn.table.severity * in_force / (months * total)
        parts = _attribute(drawn, lost / total, watched.exposure, months, cells)
        share: Floats = np.bincount(drawn.table.target, out, len(hit_share)).astype(np.float64)
        return _Piece(*parts, share, len(drawn.cell), int(own[-1]) + 1, lost, found)

    pieces = [(number, first) for number in range(len(sets)) for first in range(0, each, batch)]
    # Whole batches side by side: the compiled step lets the others draw and attribute meanwhile. Sums are taken in the
    # order of the batches, whichever is ready first.
    for done in _in_order(run_piece, pieces, threads):
        by_cell += done.by_cell
        by_target += done.by_target
        hit_share += done.hit_share
        shocks += done.shocks
        counter.add(done.lost, done.found)
        progress(done.last / total)
    return Simulated(groups, counter.statistics(), by_cell, by_target, hit_share, shocks)


def _in_order(
    run: Callable[[tuple[int, int]], _Piece], pieces: Sequence[tuple[int, int]], threads: int
) -> Iterator[_Piece]:
    """Results in the order of the pieces; none is begun before there is room for it, so that none pile up."""
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[_Piece]] = deque()
        for piece in pieces:
            waiting.append(pool.submit(run, piece))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@dataclass(frozen=True)
class _Piece:
    """What a batch adds to the sums, and its draws; ``last`` draw that it holds."""

    by_cell: Floats
    by_target: Floats
    hit_share: Floats
    shocks: int
    last: int
    lost: Floats
    found: Shortages


def _attribute(drawn: DrawnShocks, lost: Floats, exposure: Floats, months: int, cells: int) -> tuple[Floats, Floats]:
    """Losses of a batch (draws × groups) by cell and by target."""
    by_cell, by_target = np.zeros((cells, lost.shape[1])), np.zeros((len(exposure), lost.shape[1]))
    table = drawn.table
    if len(table.target) == 0:
        return by_cell, by_target
    draw = np.repeat(np.arange(table.draws), np.diff(table.draw_start))
    in_force = np.minimum(table.length, months - table.start)
    for group in range(lost.shape[1]):
        key = table.severity * in_force * exposure[table.target, group]
        whole = np.bincount(draw, key, table.draws)
        scale = np.divide(lost[:, group], whole, out=np.zeros_like(whole), where=whole > 0.0)
        part = key * scale[draw]
        by_cell[:, group] = np.bincount(drawn.cell, part, cells)
        by_target[:, group] = np.bincount(table.target, part, len(exposure))
    return by_cell, by_target


def groups_of(
    named: NamedGraph,
    regions: Mapping[str, NDArray[np.bool_]],
    final: Integers,
) -> list[Group]:
    """Every product used in a region of which something can be said (NamedGraph.can_tell)."""
    product = named.pool_product[named.graph.slot_pool[final]]
    place = named.pool_place[named.graph.slot_pool[final]]
    found = []
    for region, places in regions.items():
        for number, name in enumerate(named.products):
            slots = final[(product == number) & places[place]]
            demand = float(named.graph.slot_demand[slots].sum())
            if demand > 0.0 and named.can_tell(number, places):
                found.append(Group(region, name, slots, demand))
    return found
