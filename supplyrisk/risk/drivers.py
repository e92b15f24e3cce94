"""Which uncertain numbers drive a result: screening by elementary effects, on common draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.foundation.hashed_draws import hashed_uniforms
from supplyrisk.risk.simulate import Simulated
from supplyrisk.risk.uncertain import UNCERTAIN, Numbers

Array = NDArray[np.float64]

LEVELS = (0.05, 0.35, 0.65, 0.95)
"""Quantiles of the grid; a step goes over two of them."""
TRAJECTORIES = 4
DRIVERS = {
    "region": pl.String, "product_id": pl.String, "number": pl.String, "mean_effect": pl.Float64,
    "spread": pl.Float64, "direction": pl.Float64,
}  # fmt: skip


def drivers(
    simulate: Callable[[Numbers], Simulated],
    seed: int,
    progress: Callable[[float], None],
    trajectories: int = TRAJECTORIES,
) -> pl.DataFrame:
    """Elementary effects of every uncertain number on the expected lost share.

    From a random point of the grid the numbers are moved one after the other, in random order, by two levels; each move
    is an effect: change of the lost share of use. ``mean_effect``: mean of their sizes over the trajectories (μ*);
    ``spread``: their standard deviation, large where the effect depends on the other numbers; ``direction``: their
    mean with sign. The largest first within each region and product. All runs meet the same random events.
    Source: Morris 1991, Technometrics 33(2); μ* after Campolongo, Cariboni and Saltelli 2007.
    """
    effects: dict[str, list[Array]] = {name: [] for name in UNCERTAIN}
    steps = trajectories * (len(UNCERTAIN) + 1)
    done = 0
    groups = None
    for trajectory in range(trajectories):
        before: tuple[Numbers, Array] | None = None
        for name, numbers in _way(seed, trajectory):
            run = simulate(numbers)
            groups = run.groups
            mean = run.of_draws.mean
            if before is not None and name is not None:
                rises = numbers.of(name) > before[0].of(name)
                effects[name].append(mean - before[1] if rises else before[1] - mean)
            before = numbers, mean
            done += 1
            progress(done / steps)
    assert groups is not None
    rows = []
    for name, found in effects.items():
        table = np.stack(found)
        for number, group in enumerate(groups):
            own = table[:, number]
            rows.append(
                (group.region, group.product, name, float(np.abs(own).mean()), float(own.std()), float(own.mean()))
            )
    return pl.DataFrame(rows, schema=DRIVERS, orient="row").sort(
        pl.col("region"), "product_id", "mean_effect", "number", descending=[False, False, True, False]
    )


def _way(seed: int, trajectory: int) -> Iterator[tuple[str | None, Numbers]]:
    """A random point, then the numbers moved one after the other: name of what moved, and all quantiles."""
    names = np.arange(len(UNCERTAIN))
    level = (hashed_uniforms(seed, "screening|level", trajectory, names) * len(LEVELS)).astype(int)
    order = np.argsort(hashed_uniforms(seed, "screening|order", trajectory, names))
    yield None, _at(level)
    half = len(LEVELS) // 2
    for number in order:
        level[number] += half if level[number] < half else -half
        yield UNCERTAIN[number], _at(level)


def _at(level: NDArray[np.int64]) -> Numbers:
    return Numbers({name: LEVELS[place] for name, place in zip(UNCERTAIN, level.tolist(), strict=True)})
