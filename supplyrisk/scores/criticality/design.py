"""How often a material is among the first ten, or critical: over choices of method, and over the noise of the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from supplyrisk.scores.criticality.formulas import one_decimal, one_decimals
from supplyrisk.scores.criticality.live import LiveScore, live_corners
from supplyrisk.scores.criticality.live_core import Conditions, Governance, LiveInput, RiskTable

Array = NDArray[np.float64]

TOP = 10


@dataclass(frozen=True)
class Design:
    """One choice of governance: an indicator and a year, with the risks they give in the study's year and today."""

    indicator: str
    year: str
    risks_study: Mapping[str, float]
    risks_now: Mapping[str, float]


@dataclass(frozen=True)
class Standing:
    """Part of the designs, and of the draws, in which a material is among the first ten; its best and worst rank.

    ``critical_share``: part of the designs, each at every pair of ``lines``, in which it lies on both lines or above.
    """

    design_share: float
    data_share: float
    best: int
    worst: int
    critical_share: float


def designs(
    study: Mapping[str, Mapping[str, float]], now: Mapping[str, Mapping[str, Mapping[str, float]]]
) -> list[Design]:
    """Every indicator × year of governance.

    ``study``: governance risk by indicator in the year of the study; ``now``: by year and indicator.
    """
    return [Design(indicator, year, study[indicator], now[year][indicator]) for indicator, year in product(study, now)]


def standings(
    published: Mapping[str, float],
    choices: Mapping[str, Sequence[Sequence[LiveInput]]],
    live: Mapping[str, LiveScore],
    conditions: Conditions,
    every: Sequence[Design],
    importance: Mapping[str, float],
    lines: Sequence[tuple[float, float]],
) -> dict[str, Standing]:
    """Standing of every material that has a score in all designs, each at the ends of import reliance and of t.

    Ranks are among all of ``published``, so that a gap raises nobody: a material without a score in all designs keeps
    its published one throughout.
    ``choices``: inputs of each material, one for each choice of series; a material with fewer keeps its last. The
    reading of each material is that of its live score, and its draws are those of the data. Ties share the better rank.
    ``importance``: economic importance as published; ``lines``: pairs of thresholds of supply risk and of importance.
    """
    most = max((len(given) for given in choices.values()), default=0)
    governance = Governance(
        RiskTable.of([design.risks_study for design in every]), RiskTable.of([design.risks_now for design in every])
    )
    scored: dict[str, Array] = {}
    for material, given in choices.items():
        by_choice = [
            live_corners(published[material], inputs, conditions, governance, live[material].reading)
            for inputs in given
        ]
        corners = np.concatenate([by_choice[min(choice, len(given) - 1)].ravel() for choice in range(most)])
        if not np.isnan(corners).any():
            scored[material] = corners
    if not scored:
        return {}
    still = np.array([score for material, score in published.items() if material not in scored])
    ranks = _ranks(np.stack(list(scored.values())), still)
    drawn = _ranks(np.stack([live[material].draws for material in scored]), still)
    return {
        material: Standing(
            float((ranks[i] <= TOP).mean()),
            float((drawn[i] <= TOP).mean()),
            int(ranks[i].min()),
            int(ranks[i].max()),
            critical_share(scored[material], importance[material], lines),
        )
        for i, material in enumerate(scored)
    }


def critical_share(risks: ArrayLike, importance: float, lines: Sequence[tuple[float, float]]) -> float:
    """Part of ``risks`` × ``lines`` that lies on both lines or above, at one decimal as the Commission rounds."""
    rounded, known = one_decimals(np.asarray(risks, dtype=float)), one_decimal(importance)
    return float(np.mean([(rounded >= line) & (known >= other) for line, other in lines]))


def _ranks(values: Array, still: Array) -> NDArray[np.int64]:
    """Rank by column among rows of ``values`` and ``still`` (the same in every column), 1 = highest."""
    above = (values[None, :, :] > values[:, None, :]).sum(axis=1)
    return np.asarray(above + (still[None, None, :] > values[:, :, None]).sum(axis=2) + 1)
