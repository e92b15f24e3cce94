"""Events of a draw and the shocks they are, each looked up by (seed, draw, event), so that batches do not matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gamma, poisson

from supplyrisk.disruption.shocks import ShockTable
from supplyrisk.foundation.hashed_draws import hashed_uniforms
from supplyrisk.foundation.units import MONTHS_PER_YEAR
from supplyrisk.hazards.duration import Durations
from supplyrisk.hazards.events import CLASSES, MEASURES, ON_EXPORTS
from supplyrisk.hazards.severity import Severity
from supplyrisk.risk.targets import NOTHING, Cell, Standing, Targets

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
_ROWS = ("hit", "target", "start", "length", "recovery", "severity")


@dataclass(frozen=True)
class HazardDraw:
    """Hazards with every uncertain number set: what one outer sample draws its events from.

    ``rates``: biting events a year by cell (class × country); ``frailty``: variance of the factor that all measures
    of a draw share (contagion).
    """

    rates: Array
    severity: Mapping[str, Severity]
    durations: Durations
    frailty: float


@dataclass(frozen=True)
class DrawnShocks:
    """Shocks of draws, sorted by draw; ``cell`` and ``product`` (its number in the cell) of each say where from."""

    table: ShockTable
    cell: Integers
    product: Integers

    def only(self, cells: frozenset[int]) -> DrawnShocks:
        """The same draws with shocks of some cells alone."""
        kept = np.isin(self.cell, list(cells))
        table = self.table
        draw = np.repeat(np.arange(table.draws), np.diff(table.draw_start))[kept]
        rows = {name: getattr(table, name)[kept] for name in _ROWS}
        start = np.searchsorted(draw, np.arange(table.draws + 1)).astype(np.int64)
        return DrawnShocks(replace(table, draw_start=start, **rows), self.cell[kept], self.product[kept])


def draw_shocks(
    cells: Sequence[Cell],
    targets: Targets,
    hazard: HazardDraw,
    draws: Integers,
    months: int,
    seed: int,
    standing: Sequence[Standing] = (),
) -> DrawnShocks:
    """Shocks of ``draws`` (their numbers).

    Events of a class are Poisson in the window, at uniform times; each falls on a country in proportion to its rate
    and hits every product of it with its own chance, all with the same start, length and quantile of severity (one
    common shock);
    if none is hit, one is drawn in proportion to the chances. Measures share a gamma factor in each draw. An event
    shorter than its whole months loses in proportion. ``standing`` measures are in force in every draw (the last cells
    and targets are theirs).
    """
    parts = [
        _of_class(name, cells, targets, hazard, draws, months, seed, keep)
        for name in CLASSES
        if len(keep := np.array([k for k, cell in enumerate(cells) if cell.hazard == name])) > 0
    ]
    for number, measure in enumerate(standing):
        every = np.arange(len(draws))
        whole = [np.full_like(every, value) for value in (
            len(cells) - len(standing) + number, 0, len(targets.hits) - len(standing) + number, 0, months)]  # fmt: skip
        parts.append((every, *whole, np.full(len(draws), measure.shock.severity)))
    draw, cell, product, target, start, length, severity = (
        np.concatenate([part[column] for part in parts]) for column in range(7)
    )
    order = np.lexsort((start, target, cell, draw))
    draw, cell, product, target = draw[order], cell[order], product[order], target[order]
    table = ShockTable(
        draw_start=np.searchsorted(draw, np.arange(len(draws) + 1)).astype(np.int64),
        hit=np.array([int(hit) for hit in targets.hits], dtype=np.int64)[target],
        target=target,
        start=start[order],
        length=length[order],
        recovery=np.zeros(len(draw), dtype=np.int64),
        severity=severity[order],
        set_start=targets.set_start,
        members=targets.members,
    )
    return DrawnShocks(table, cell, product)


def _of_class(
    name: str,
    cells: Sequence[Cell],
    targets: Targets,
    hazard: HazardDraw,
    draws: Integers,
    months: int,
    seed: int,
    keep: Integers,
) -> tuple[NDArray[np.generic], ...]:
    """Columns draw (position), cell, product, target, start, length, severity of the shocks of one class."""

    def uniform(what: str, *keys: NDArray[np.int64]) -> Array:
        return hashed_uniforms(seed, f"{name}|{what}", *keys)

    mean = np.full(len(draws), hazard.rates[keep].sum() * months / MONTHS_PER_YEAR)
    if name in MEASURES and hazard.frailty > 0.0:
        common = hashed_uniforms(seed, "contagion", draws)
        mean = mean * gamma.ppf(common, 1.0 / hazard.frailty) * hazard.frailty
    number = poisson.ppf(uniform("number", draws), mean).astype(np.int64)
    position = np.repeat(np.arange(len(draws)), number)
    event = np.arange(len(position)) - np.repeat(np.cumsum(number) - number, number)
    draw = draws[position]
    cumulative = np.cumsum(hazard.rates[keep])
    chosen = np.searchsorted(cumulative, uniform("country", draw, event) * cumulative[-1], side="right")
    chosen = np.minimum(chosen, len(keep) - 1)
    start = np.floor(uniform("start", draw, event) * months).astype(np.int64)
    lasts = hazard.durations.quantile(name, uniform("length", draw, event))
    length = np.maximum(np.ceil(np.minimum(lasts, months)), 1.0)
    kind = "exports" if name in ON_EXPORTS else "output"
    part = np.minimum(lasts / length, 1.0)
    how_hard = uniform("severity", draw, event)
    none_yet = np.zeros(0, dtype=np.int64)
    rows, products, found, shares = [none_yet], [none_yet], [none_yet], [np.zeros(0)]
    for choice in np.unique(chosen):
        cell = cells[keep[choice]]
        own = np.flatnonzero(chosen == choice)
        own_draw, own_event = draw[own][:, None], event[own][:, None]
        hit = uniform("hit", own_draw, own_event, np.arange(len(cell.products))[None, :]) < cell.chance
        none = np.flatnonzero(~hit.any(axis=1))
        if len(none) > 0:
            scale = np.cumsum(cell.chance)
            picked = np.searchsorted(scale, uniform("only", draw[own[none]], event[own[none]]) * scale[-1])
            hit[none, np.minimum(picked, len(cell.products) - 1)] = True
        which, product = np.nonzero(hit & (cell.targets != NOTHING)[None, :])
        rows.append(own[which])
        products.append(product)
        found.append(cell.targets[product])
        shares.append(cell.share[product])
    index = np.concatenate(rows)
    severity = hazard.severity[kind].quantile(how_hard[index], np.concatenate(shares)) * part[index]
    return (
        position[index],
        keep[chosen[index]],
        np.concatenate(products),
        np.concatenate(found),
        start[index],
        length[index].astype(np.int64),
        severity,
    )
