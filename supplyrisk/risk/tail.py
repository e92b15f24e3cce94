"""The bad end of losses: value at risk and the mean beyond it."""

from __future__ import annotations

from math import ceil

import numpy as np

from supplyrisk.disruption.supply_graph import Floats

TAIL = 0.95


def tail_size(draws: int, level: float = TAIL) -> int:
    """How many of the largest losses have to be known: the value at risk and all above it."""
    return draws - ceil(round(level * draws, 9)) + 1


def value_at_risk(losses: Floats, level: float = TAIL, draws: int | None = None) -> float:
    """The loss that is not exceeded with probability ``level``: the smallest with at least that part at or below it.

    ``losses`` of every draw; or of ``draws`` draws the ``tail_size`` largest, in any order.
    """
    place = len(losses) - tail_size(len(losses) if draws is None else draws, level)
    return float(np.partition(losses, place)[place])


def conditional_value_at_risk(losses: Floats, level: float = TAIL, draws: int | None = None) -> float:
    """Mean of the worst 1 − ``level``: min_z z + E[(loss − z)+]/(1 − level), at z the value at risk.

    ``losses`` and ``draws`` as for the value at risk. Source: Rockafellar and Uryasev 2000, Journal of Risk 2(3). 90
    zeros and 5, 10, 15, 20, 25, 30, 40, 50, 60, 100: value at risk 25, conditional 56.
    """
    at_risk = value_at_risk(losses, level, draws)
    beyond = float(np.maximum(losses - at_risk, 0.0).sum())
    return at_risk + beyond / (len(losses) if draws is None else draws) / (1.0 - level)
