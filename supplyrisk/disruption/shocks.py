"""Shocks: which parts of a supply graph are hit, when, how hard and for how long, draw by draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Hit(IntEnum):
    """What a shock takes away from."""

    CAPACITY = 0
    """Capacity of nodes."""
    LANE = 1
    """Deliveries over links: what may still pass is the rest of the flow at rest, whatever is ordered."""
    PREFERENCE = 2
    """How much buyers want of a link; nothing keeps them from buying more."""
    DEMAND = 3
    """Demand of slots of final use; a severity below zero is growth."""
    RAMP = 4
    """Speed at which nodes bring in spare capacity."""


@dataclass(frozen=True)
class Shock:
    """One shock to the ``members`` (nodes, links or slots, after ``hit``).

    In force in months ``start`` … ``start + length − 1`` with ``severity`` (share taken away), then fading in equal
    steps over ``recovery`` months.
    """

    hit: Hit
    members: tuple[int, ...]
    start: int
    length: int
    severity: float
    recovery: int = 0


@dataclass(frozen=True)
class ShockTable:
    """Shocks of many draws as arrays.

    Rows ``draw_start[d]`` … ``draw_start[d + 1]`` are those of draw d; ``target`` is the number of a set, whose parts
    are ``members[set_start[target]]`` … .
    """

    draw_start: Integers
    hit: Integers
    target: Integers
    start: Integers
    length: Integers
    recovery: Integers
    severity: Floats
    set_start: Integers
    members: Integers

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.draw_start) - 1


def shock_table(draws: Sequence[Iterable[Shock]]) -> ShockTable:
    """Shocks of each draw as a table; equal sets of members are stored once."""
    sets: dict[tuple[int, ...], int] = {}
    rows: list[tuple[int, int, int, int, int, float]] = []
    draw_start = [0]
    for shocks in draws:
        for shock in shocks:
            target = sets.setdefault(shock.members, len(sets))
            rows.append((int(shock.hit), target, shock.start, shock.length, shock.recovery, shock.severity))
        draw_start.append(len(rows))
    sizes = [len(members) for members in sets]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    whole = [np.array(column, dtype=np.int64) for column in columns[:5]]
    return ShockTable(
        draw_start=np.array(draw_start, dtype=np.int64),
        hit=whole[0],
        target=whole[1],
        start=whole[2],
        length=whole[3],
        recovery=whole[4],
        severity=np.array(columns[5], dtype=np.float64),
        set_start=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        members=np.array([member for members in sets for member in members], dtype=np.int64),
    )


def with_more_shocks(
    table: ShockTable, draws: Integers, hit: Hit, members: Integers, start: Integers, length: int, severity: float
) -> ShockTable:
    """The table with one shock more in each of ``draws`` (positions, rising), from the month ``start`` of each on."""
    at = table.draw_start[draws + 1]
    added = np.zeros(table.draws, dtype=np.int64)
    added[draws] = 1
    return ShockTable(
        hit=np.insert(table.hit, at, int(hit)),
        target=np.insert(table.target, at, len(table.set_start) - 1),
        start=np.insert(table.start, at, start),
        length=np.insert(table.length, at, length),
        recovery=np.insert(table.recovery, at, 0),
        severity=np.insert(table.severity, at, severity),
        draw_start=table.draw_start + np.concatenate([[0], np.cumsum(added)]),
        set_start=np.append(table.set_start, table.set_start[-1] + len(members)),
        members=np.append(table.members, members),
    )


def without_first_months(table: ShockTable, months: Integers) -> ShockTable:
    """The table with nothing in force in the first ``months`` of each draw; what is in force after them stays so.

    A shock that began before and is still on starts late and ends when it did; one that is fading goes on from what is
    left of it; one that is over is dropped.
    """
    first = np.repeat(months, np.diff(table.draw_start))
    end = table.start + table.length
    faded = np.where(first > table.start, np.maximum(first - end + 1, 0), 0)
    kept = faded <= table.recovery
    left = 1.0 - faded / (table.recovery + 1)
    rows = {
        "start": np.maximum(table.start, first),
        "length": np.where(faded > 0, 1, end - np.maximum(table.start, first)),
        "recovery": table.recovery - faded,
        "severity": table.severity * left,
    }
    counted = np.concatenate([[0], np.cumsum(kept)])
    return replace(
        table,
        draw_start=counted[table.draw_start],
        hit=table.hit[kept],
        target=table.target[kept],
        **{name: values[kept] for name, values in rows.items()},
    )


def strength(shock: Shock, month: int) -> float:
    """Share taken away in ``month``: the severity while in force, then severity·(1 − k/(recovery + 1)) in month k."""
    after = month - shock.start - shock.length + 1
    if month < shock.start or after > shock.recovery:
        return 0.0
    return shock.severity if after <= 0 else shock.severity * (1.0 - after / (shock.recovery + 1))
