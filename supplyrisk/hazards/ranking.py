"""How well a score ranked what then happened: hits among the first, precision and recall, Brier skill."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import beta

Array = NDArray[np.float64]


def order_of(score: Array) -> NDArray[np.int64]:
    """Positions from the highest score down; equal scores stay in the order given."""
    return np.argsort(-score, kind="stable")


def hit_rate(score: Array, weight: Array, first: int) -> float:
    """Part of the ``first`` highest scores that came true.

    ``weight``: 0 where nothing happened, else 1, or what a bootstrap gives the events of the pair.
    """
    return float(weight[order_of(score)[:first]].sum() / min(first, len(score)))


def average_precision(score: Array, weight: Array) -> float:
    """Area under precision and recall: Σ (R_n − R_{n−1})·P_n from the highest score down."""
    ranked = weight[order_of(score)]
    total = ranked.sum()
    if total <= 0.0:
        return float("nan")
    precision = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    return float((ranked * precision).sum() / total)


def brier(chance: Array, happened: Array) -> float:
    """Mean square of chance − outcome."""
    return float(((chance - happened) ** 2).mean())


def brier_skill(chance: Array, happened: Array, climatology: Array) -> float:
    """1 − Brier/Brier of climatology: above zero is better than the base rate known before."""
    return 1.0 - brier(chance, happened) / brier(climatology, happened)


RELIABILITY = {
    "from_chance": pl.Float64, "to_chance": pl.Float64, "mean_chance": pl.Float64, "happened": pl.Float64,
    "low": pl.Float64, "high": pl.Float64, "number": pl.Int64,
}  # fmt: skip


def reliability(
    chance: Array, happened: Array, edges: Sequence[float]
) -> list[tuple[float, float, float, float, float, float, int]]:
    """By class of chance the columns ``RELIABILITY``: ``happened`` is the part, with its 90 % interval (Jeffreys)."""
    rows = []
    for low, high in pairwise(edges):
        own = (chance >= low) & (chance < high)
        if own.any():
            number, came = int(own.sum()), float(happened[own].sum())
            first, last = (float(beta.ppf(end, came + 0.5, number - came + 0.5)) for end in (0.05, 0.95))
            rows.append((low, high, float(chance[own].mean()), came / number, first, last, number))
    return rows
