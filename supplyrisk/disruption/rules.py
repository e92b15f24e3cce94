"""Rules of the monthly step: what producers plan by, and in which order the tiers act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NEGLIGIBLE = 1e-9
"""Below this share of what is usual, what is seen, ordered or made counts as nothing where it would be divided by."""


@dataclass(frozen=True)
class Rules:
    """How a month runs.

    ``timing``: ``tiers``, goods that are not under way for months reach the next tier in the month they are made, and
    producers ask for the inputs of this month's orders; ``together``, all nodes act at once on the stocks of the month
    before and ask for the inputs of their base output, never for less because stocks are above target.
    ``signal_weight``: how fast buyers see that a supplier lacks inputs (0 never, 1 at once after a month).
    """

    timing: Literal["tiers", "together"] = "tiers"
    signal_weight: float = 0.5
