"""Where nodes and bands of a chain picture stand on the page; nothing is drawn here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from supplyrisk.report.chain_columns import ChainColumns

HALF_WIDTH = 0.29
"""Half the width of a node; columns stand 1 apart."""

GAP = 0.012
"""White between the nodes of a column, as a share of its height."""

_THINNEST = 0.004
"""Bands thinner than this at both ends are left out of the picture."""

_STEPS = 24


@dataclass(frozen=True)
class Node:
    """A country in a column, from ``bottom`` to ``top`` (the column runs from 0 to 1)."""

    column: int
    code: str
    share: float
    bottom: float
    top: float

    @property
    def height(self) -> float:
        """Height as a share of the column."""
        return self.top - self.bottom


@dataclass(frozen=True)
class Band:
    """A flow between neighbouring columns: its ends on the source (left) and on the target (right)."""

    column: int
    source: str
    target: str
    left: tuple[float, float]
    right: tuple[float, float]


def place_nodes(columns: ChainColumns, order: Sequence[str]) -> list[Node]:
    """Nodes of every column from top to bottom in ``order``; heights are shares less the white gaps."""
    rank = {code: place for place, code in enumerate(order)}
    nodes = []
    for column in range(len(columns.tiers) + 1):
        own = columns.nodes.filter((pl.col("column") == column) & (pl.col("share") > 0.0)).iter_rows(named=True)
        listed = sorted(own, key=lambda row: (rank.get(row["code"], -1), row["code"]))
        room, top = 1.0 - GAP * max(len(listed) - 1, 0), 1.0
        for row in listed:
            height = room * row["share"]
            nodes.append(Node(column, row["code"], row["share"], top - height, top))
            top -= height + GAP
    return nodes


def place_bands(columns: ChainColumns, nodes: Sequence[Node]) -> list[Band]:
    """Bands between neighbouring columns, each end as wide as its part of what leaves or enters the node.

    Seen from a node, bands stand in the order of the nodes at their other end, so that few of them cross.
    """
    at = {(node.column, node.code): node for node in nodes}
    rows = [
        row
        for row in columns.flows.iter_rows(named=True)
        if (row["column"], row["source"]) in at and (row["column"] + 1, row["target"]) in at
    ]
    left = dict(_ends(rows, at, "source", "target", 0))
    right = dict(_ends(rows, at, "target", "source", 1))
    found = []
    for position, row in enumerate(rows):
        ends = left[position], right[position]
        if max(top - bottom for bottom, top in ends) >= _THINNEST:
            found.append(Band(row["column"], row["source"], row["target"], *ends))
    return found


def _ends(
    rows: Sequence[dict[str, object]], at: dict[tuple[int, str], Node], own: str, other: str, step: int
) -> Iterator[tuple[int, tuple[float, float]]]:
    by_node: dict[tuple[int, str], list[int]] = {}
    for position, row in enumerate(rows):
        by_node.setdefault((int(str(row["column"])) + step, str(row[own])), []).append(position)
    for (column, code), positions in by_node.items():
        node, far = at[column, code], column + 1 - 2 * step
        positions.sort(key=lambda place: -at[far, str(rows[place][other])].top)
        whole = sum(float(str(rows[place]["amount"])) for place in positions)
        top = node.top
        for place in positions:
            height = node.height * float(str(rows[place]["amount"])) / whole
            yield place, (top - height, top)
            top -= height


def band_outline(band: Band) -> tuple[np.ndarray, np.ndarray]:
    """The edge of a band as a closed curve: x and y, over the top to the right and back below."""
    t = np.linspace(0.0, 1.0, _STEPS)
    ease = t * t * (3.0 - 2.0 * t)
    x = band.column + HALF_WIDTH + t * (1.0 - 2.0 * HALF_WIDTH)
    upper = band.left[1] + ease * (band.right[1] - band.left[1])
    lower = band.left[0] + ease * (band.right[0] - band.left[0])
    return np.concatenate([x, x[::-1]]), np.concatenate([upper, lower[::-1]])
