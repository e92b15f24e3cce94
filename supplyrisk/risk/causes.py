"""What a loss comes from: by hazard and country of each draw's events, and exactly over a few groups of causes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from supplyrisk.foundation.shapley import shapley_values
from supplyrisk.hazards.events import MEASURES
from supplyrisk.risk.simulate import Simulated
from supplyrisk.risk.targets import RUNNING, Cell, HitMap

CAUSES = {
    "region": pl.String, "product_id": pl.String, "hazard": pl.String, "country": pl.String, "part": pl.Float64,
}  # fmt: skip
PLACES = {
    "region": pl.String, "product_id": pl.String, "hit_product": pl.String, "country": pl.String, "on": pl.String,
    "part": pl.Float64,
}  # fmt: skip
SHAPLEY = {"region": pl.String, "product_id": pl.String, "cause": pl.String, "part": pl.Float64}


def causes_of(run: Simulated, cells: Sequence[Cell]) -> pl.DataFrame:
    """Part of the expected loss by class of hazard and country; what has no cause with exposure is left out."""
    mean = run.of_draws.mean
    rows = [
        (
            group.region,
            group.product,
            cells[cell].hazard,
            cells[cell].country,
            float(run.by_cell[cell, number] / mean[number]),
        )
        for number, group in enumerate(run.groups)
        if mean[number] > 0.0
        for cell in np.flatnonzero(run.by_cell[:, number] > 0.0).tolist()
    ]
    return _sorted(pl.DataFrame(rows, schema=CAUSES, orient="row"))


def places_of_loss(run: Simulated, where: HitMap) -> pl.DataFrame:
    """Part of the expected loss by what was hit: ``output`` or ``exports`` of a product in a country, or a measure."""
    mean = run.of_draws.mean
    named = {place: (*key, "output") for key, place in where.targets.output.items()}
    named |= {place: (*key, "exports") for key, place in where.targets.exports.items()}
    for measure in where.standing:
        cell = where.cells[measure.cell]
        named[measure.target] = (";".join(cell.products), cell.country, RUNNING)
    rows = [
        (group.region, group.product, *named[place], float(run.by_target[place, number] / mean[number]))
        for number, group in enumerate(run.groups)
        if mean[number] > 0.0
        for place in np.flatnonzero(run.by_target[:, number] > 0.0).tolist()
    ]
    return _sorted(pl.DataFrame(rows, schema=PLACES, orient="row"))


def groups_of_causes(cells: Sequence[Cell], country: str) -> dict[str, frozenset[int]]:
    """Four groups: measures and physical events, of one country and of all others."""
    found: dict[str, set[int]] = {}
    for number, cell in enumerate(cells):
        kind = "measures" if cell.hazard in (*MEASURES, RUNNING) else "physical"
        found.setdefault(f"{kind}_{country if cell.country == country else 'others'}", set()).add(number)
    return {name: frozenset(own) for name, own in sorted(found.items())}


def exact_parts(simulate: Callable[[frozenset[int]], Simulated], groups: dict[str, frozenset[int]]) -> pl.DataFrame:
    """Shapley parts of the expected lost share over groups of causes, each coalition run on the same draws.

    They add up to the loss with all causes: without events nothing is lost.
    """
    found: dict[frozenset[str], Simulated] = {}

    def run(names: frozenset[str]) -> Simulated:
        if names not in found:
            found[names] = simulate(frozenset[int]().union(*(groups[name] for name in names)))
        return found[names]

    def value(number: int) -> Callable[[frozenset[str]], float]:
        return lambda names: float(run(names).of_draws.mean[number])

    rows = []
    for number, group in enumerate(run(frozenset(groups)).groups):
        parts = shapley_values(list(groups), value(number))
        rows += [(group.region, group.product, name, part) for name, part in parts.items()]
    return pl.DataFrame(rows, schema=SHAPLEY, orient="row")


def _sorted(frame: pl.DataFrame) -> pl.DataFrame:
    others = [name for name in frame.columns if name not in ("region", "product_id", "part")]
    return frame.sort("region", "product_id", "part", *others, descending=[False, False, True, *[False] * len(others)])
