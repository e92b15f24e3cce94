"""Events of a draw and the shocks they are, each looked up by (seed, draw, event), so that batches do not matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gamma, poisson

from supplyrisk.disruption.shocks import ShockTable
from supplyrisk.foundation.hashed_draws import hashed_uniforms
from supplyrisk.foundation.units import MONTHS_PER_YEAR
from supplyrisk.hazards.duration import Durations
from supplyrisk.hazards.events import CLASSES, EXPORT_RESTRICTION, MEASURES, ON_EXPORTS
from supplyrisk.hazards.measures import Licences
from supplyrisk.hazards.severity import Severity
from supplyrisk.risk.targets import NOTHING, HitMap

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
_ROWS = ("hit", "target", "start", "length", "recovery", "severity")


@dataclass(frozen=True)
class HazardDraw:
    """Hazards with every uncertain number set: what one outer sample draws its events from.

    ``rates``: biting events a year by cell (class × country); ``frailty``: variance of the factor that all measures
    of a draw share (contagion). ``licences``: how measures on exports loosen.
    """

    rates: Array
    severity: Mapping[str, Severity]
    durations: Durations
    frailty: float
    licences: Licences


@dataclass(frozen=True)
class DrawnShocks:
    """Shocks of draws, sorted by draw; ``cell`` says where each comes from."""

    table: ShockTable
    cell: Integers

    def only(self, cells: frozenset[int]) -> DrawnShocks:
        """The same draws with shocks of some cells alone."""
        kept = np.isin(self.cell, list(cells))
        table = self.table
        draw = np.repeat(np.arange(table.draws), np.diff(table.draw_start))[kept]
        rows = {name: getattr(table, name)[kept] for name in _ROWS}
        start = np.searchsorted(draw, np.arange(table.draws + 1)).astype(np.int64)
        return DrawnShocks(replace(table, draw_start=start, **rows), self.cell[kept])


def draw_shocks(where: HitMap, hazard: HazardDraw, draws: Integers, months: int, seed: int) -> DrawnShocks:
    """Shocks of ``draws`` (their numbers).

    Events of a class are Poisson in the window, at uniform times; each falls on a country in proportion to its rate
    and hits every product of it with its own chance, all with the same start, length and quantile of severity (one
    common shock); if none is hit, one is drawn in proportion to the chances. Measures share a gamma factor in each
    draw. An event shorter than its whole months loses in proportion; a licence loosens (hazards.measures), and loses
    the mean over its months in the window throughout. Measures in force are so in every draw.
    """
    parts = []
    for name in CLASSES:
        own = np.array([number for number, cell in enumerate(where.cells) if cell.hazard == name], dtype=np.int64)
        if len(own) > 0:
            parts.append(_of_class(name, own, where, hazard, draws, months, seed))
    every = np.arange(len(draws))
    for measure in where.standing:
        lasts = min(months, measure.length)
        cell, target, start, length = (np.full_like(every, v) for v in (measure.cell, measure.target, 0, lasts))
        parts.append((every, cell, target, start, length, np.full(len(draws), measure.severity)))
    draw, cell, target, start, length, severity = (
        np.concatenate([part[column] for part in parts]) for column in range(6)
    )
    order = np.lexsort((start, target, cell, draw))
    draw, cell, target = draw[order], cell[order], target[order]
    table = ShockTable(
        draw_start=np.searchsorted(draw, np.arange(len(draws) + 1)).astype(np.int64),
        hit=np.array([int(hit) for hit in where.targets.hits], dtype=np.int64)[target],
        target=target,
        start=start[order],
        length=length[order],
        recovery=np.zeros(len(draw), dtype=np.int64),
        severity=severity[order],
        set_start=where.targets.set_start,
        members=where.targets.members,
    )
    return DrawnShocks(table, cell)


def _of_class(
    name: str, keep: Integers, where: HitMap, hazard: HazardDraw, draws: Integers, months: int, seed: int
) -> tuple[NDArray[np.generic], ...]:
    """Columns draw (position), cell, target, start, length, severity of the shocks of one class, cells ``keep``."""

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
    rows, found, shares = [none_yet], [none_yet], [np.zeros(0)]
    for choice in np.unique(chosen):
        cell = where.cells[keep[choice]]
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
        found.append(cell.targets[product])
        shares.append(cell.share[product])
    index = np.concatenate(rows)
    severity = hazard.severity[kind].quantile(how_hard[index], np.concatenate(shares))
    if name == EXPORT_RESTRICTION:
        loosens = (uniform("licence", draw, event) < hazard.licences.part)[index]
        seen = np.minimum(lasts, months - start)[index]
        severity = np.where(loosens, hazard.licences.mean_loss(severity, seen), severity)
    severity = severity * part[index]
    return (
        position[index],
        keep[chosen[index]],
        np.concatenate(found),
        start[index],
        length[index].astype(np.int64),
        severity,
    )
