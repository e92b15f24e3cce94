"""Measures beside each other on common draws: each alone, last in, in pairs, and all together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import t as student

from supplyrisk.foundation.units import DAYS_PER_YEAR
from supplyrisk.mitigation.per_euro import ALL
from supplyrisk.risk.metrics import yearly_values
from supplyrisk.risk.simulate import Group
from supplyrisk.risk.tail import conditional_value_at_risk

Array = NDArray[np.float64]

EFFECTS = {
    "region": pl.String, "measures": pl.String, "how": pl.String, "avoided": pl.Float64, "low": pl.Float64,
    "high": pl.Float64, "avoided_cvar95": pl.Float64, "loss_before": pl.Float64,
}  # fmt: skip
PRODUCTS = {
    "region": pl.String, "measures": pl.String, "product_id": pl.String, "days_before": pl.Float64,
    "days_after": pl.Float64, "change": pl.Float64, "change_low": pl.Float64, "change_high": pl.Float64,
    "confirmed": pl.Boolean,
}  # fmt: skip
PAIRS = {
    "region": pl.String, "measure": pl.String, "other": pl.String, "together": pl.Float64, "low": pl.Float64,
    "high": pl.Float64, "alone_sum": pl.Float64, "interaction": pl.Float64,
}  # fmt: skip
_LEADING_PAIRS = 3
ALONE = {
    "region": pl.String, "measure": pl.String, "avoided": pl.Float64, "low": pl.Float64, "high": pl.Float64,
}  # fmt: skip
_LOW, _HIGH = 0.05, 0.95


@dataclass(frozen=True)
class Losses:
    """Lost share of use over the horizon, draws × groups; ``set_of`` the outer set of each draw."""

    groups: Sequence[Group]
    set_of: NDArray[np.int64]
    lost: Array


Run = Callable[[frozenset[str]], Losses]


def yearly_loss(run: Losses, worth: Mapping[str, float], region: str) -> Array:
    """EUR of final use lost a year in each draw, of the use that the measures leave."""
    none = np.zeros(len(run.groups))
    total: Array = run.lost @ yearly_values(run.groups, worth).get(region, none)
    return total


def effects(
    run: Run,
    names: Sequence[str],
    joined: Sequence[str],
    regions: Sequence[str],
    worth: Mapping[str, float],
    progress: Callable[[float], None],
) -> pl.DataFrame:
    """What each of ``names`` avoids, and all ``joined`` ones together, in ``EFFECTS``, all on the draws of ``run``.

    ``avoided``: EUR of loss a year avoided, with its range (``mean_and_range``); ``how``: alone (against no measure),
    last (added to all others that are joined; not of measures that stand apart), together. ``avoided_cvar95``: by how
    much the mean of the worst twentieth falls. ``run``: the simulation with some measures in place.
    """
    several, every = len(joined) > 1, frozenset(joined)
    wanted: list[tuple[str, str, frozenset[str], frozenset[str]]] = []
    for name in names:
        wanted.append((name, "alone", frozenset(), frozenset([name])))
        if several and name in every:
            wanted.append((name, "last", every - {name}, every))
    if several:
        wanted.append((ALL, "together", frozenset(), every))
    rows = []
    for number, (label, how, before, after) in enumerate(wanted):
        none, base, then = run(frozenset()), run(before), run(after)
        for region in regions:
            loss, left = (yearly_loss(one, worth, region) for one in (base, then))
            tail = conditional_value_at_risk(loss) - conditional_value_at_risk(left)
            whole = float(yearly_loss(none, worth, region).mean())
            rows.append((region, label, how, *mean_and_range(loss - left, base.set_of), tail, whole))
        progress((number + 1) / len(wanted))
    return pl.DataFrame(rows, schema=EFFECTS, orient="row")


def pairs_of(
    run: Run,
    couples: Sequence[tuple[str, str]],
    regions: Sequence[str],
    worth: Mapping[str, float],
    progress: Callable[[float], None],
) -> pl.DataFrame:
    """What two measures avoid together, in ``PAIRS``, all on the draws of ``run``.

    ``interaction``: what a pair avoids beyond the sum of both alone; below zero they do the same work twice.
    """
    rows = []
    for number, (one, other) in enumerate(couples):
        none, both = run(frozenset()), run(frozenset([one, other]))
        apart = [run(frozenset([name])) for name in (one, other)]
        for region in regions:
            before = yearly_loss(none, worth, region)
            together = mean_and_range(before - yearly_loss(both, worth, region), none.set_of)
            alone_sum = sum(float((before - yearly_loss(each, worth, region)).mean()) for each in apart)
            rows.append((region, one, other, *together, alone_sum, together[0] - alone_sum))
        progress((number + 1) / len(couples))
    return pl.DataFrame(rows, schema=PAIRS, orient="row")


def with_leading_pairs(pairs: pl.DataFrame, run: Run, worth: Mapping[str, float]) -> pl.DataFrame:
    """The pairs with ``confirmed``: the first of each region told on the draws of ``run``, whole rows at a time."""
    leading = pairs.sort("together", descending=True).group_by("region", maintain_order=True).head(_LEADING_PAIRS)
    couples = leading.select("measure", "other").unique(maintain_order=True).rows()
    fresh = pairs_of(run, couples, pairs["region"].unique(maintain_order=True).to_list(), worth, lambda part: None)
    key = ["region", "measure", "other"]
    place = pairs.select(key).with_row_index("place")
    told = pl.concat(
        [
            fresh.with_columns(pl.lit(True).alias("confirmed")),
            pairs.join(fresh, on=key, how="anti").with_columns(pl.lit(False).alias("confirmed")),
        ]
    )
    return told.join(place, on=key, how="left").sort("place").drop("place")


def alone(
    run: Callable[[str], tuple[Losses, Losses]],
    names: Sequence[str],
    regions: Sequence[str],
    worth: Mapping[str, float],
    progress: Callable[[float], None],
) -> pl.DataFrame:
    """What each measure avoids alone (region, measure, avoided, low, high), as in ``effects``.

    ``run``: the simulation without and with a measure.
    """
    rows = []
    for number, name in enumerate(names):
        before, after = run(name)
        progress((number + 1) / len(names))
        for region in regions:
            avoided = yearly_loss(before, worth, region) - yearly_loss(after, worth, region)
            rows.append((region, name, *mean_and_range(avoided, before.set_of)))
    return pl.DataFrame(rows, schema=ALONE, orient="row")


def by_set(values: Array, set_of: NDArray[np.int64]) -> Array:
    """Means of draws by set of uncertain numbers."""
    found: Array = np.bincount(set_of, values) / np.bincount(set_of)
    return found


def mean_and_range(values: Array, set_of: NDArray[np.int64]) -> tuple[float, float, float]:
    """Mean over draws, and what uncertain numbers and the number of draws leave open of it, 5 to 95 %.

    ``set_of``: the set of each draw, as many draws a set. The range (``_range``) also holds that without the draw that
    adds most to the mean in its direction: what rare events do shows in a few draws, and no sign may rest on one.
    """
    mean, low, high = _range(values, set_of)
    if mean == 0.0 or len(values) <= set_of.max() + 1:
        return mean, low, high
    others = np.arange(len(values)) != np.argmax(values * np.sign(mean))
    _, low_of_others, high_of_others = _range(values[others], set_of[others])
    return mean, min(low, low_of_others), max(high, high_of_others)


def _range(values: Array, set_of: NDArray[np.int64]) -> tuple[float, float, float]:
    """Mean, mean - √(a² + c²) and mean + √(b² + c²): a, b what numbers do, c chance in the mean of all draws.

    Means of S sets of n draws differ by V = τ² + σ²/n: what their numbers do, and chance within a set, which is most of
    it where n is small. a, b: how far 5 and 95 % of the set means lie from their mean, scaled by √(τ²/V), so that they
    spread as sets do (Louis 1984, Journal of the American Statistical Association 79: 393-398) and lie skew as these
    do. τ² = max(0, V - σ²/n) + V·√(2/(S - 1)), and V at most: a standard error of V on top, as few sets tell τ² poorly
    and nothing found is not nothing. c = t(0.95, S - 1)·√(σ²/nS). σ²: mean of the variances within sets. Sets of one
    draw do not tell the two apart and stay as they are.
    """
    means = by_set(values, set_of)
    mean, sets = float(values.mean()), len(means)
    spread, each = float(means.var(ddof=1)), len(values) / sets
    within = float(((values - means[set_of]) ** 2).sum() / (len(values) - sets)) / each if each > 1.0 else 0.0
    apart = min(1.0, max(0.0, 1.0 - within / spread) + (2.0 / (sets - 1)) ** 0.5) if spread > 0.0 else 0.0
    below, above = np.quantile(apart**0.5 * (means - mean), (_LOW, _HIGH))
    chance = float(student.ppf(_HIGH, sets - 1)) * (within / sets) ** 0.5
    return mean, mean - float(np.hypot(min(0.0, below), chance)), mean + float(np.hypot(max(0.0, above), chance))


def days_lost(run: Run, names: Sequence[str], regions: Sequence[str], confirmed: bool) -> pl.DataFrame:
    """Expected days of use lost a year by product, before and after each measure alone, in ``PRODUCTS``.

    ``change``: days after less days before, with its range (``mean_and_range``); ``confirmed``: whether ``run`` is of
    the fresh draws of the measures that lead.
    """
    before = run(frozenset())
    key = {(group.region, group.product): number for number, group in enumerate(before.groups)}
    rows = []
    for name in names:
        after = run(frozenset([name]))
        for number, group in enumerate(after.groups):
            place = key.get((group.region, group.product))
            if group.region in regions and place is not None:
                without, left = (
                    DAYS_PER_YEAR * one.lost[:, column].astype(np.float64)
                    for one, column in ((before, place), (after, number))
                )
                change = mean_and_range(left - without, before.set_of)
                days = float(without.mean()), float(left.mean())
                rows.append((group.region, name, group.product, *days, *change, confirmed))
    return pl.DataFrame(rows, schema=PRODUCTS, orient="row")
