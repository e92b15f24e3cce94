"""Measures beside each other on common draws: each alone, last in, in pairs, and all together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

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
    "days_after": pl.Float64,
}  # fmt: skip
PAIRS = {
    "region": pl.String, "measure": pl.String, "other": pl.String, "together": pl.Float64, "alone_sum": pl.Float64,
    "interaction": pl.Float64,
}  # fmt: skip
CONFIRMED_PAIRS = PAIRS | {"together_confirmed": pl.Float64, "low": pl.Float64, "high": pl.Float64}
_SCREENED = ("together", "alone_sum", "interaction")
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
    regions: Sequence[str],
    worth: Mapping[str, float],
    progress: Callable[[float], None],
    with_pairs: bool = True,
    apart: Collection[str] = (),
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Effects, days by product, and pairs; measures that stand ``apart`` are told alone and are part of nothing else.

    ``avoided``: EUR of loss a year avoided, mean over draws, with 5 to 95 % of the means of sets (uncertain numbers),
    all on the same events; ``how``: alone (against no measure), last (added to all others), together.
    ``avoided_cvar95``: by how much the mean of the worst twentieth falls. ``interaction``: what a pair avoids beyond
    the sum of both alone; below zero they do the same work twice. ``run``: the simulation with some measures in place.
    """
    joined = [name for name in names if name not in apart]
    every, several = frozenset(joined), len(joined) > 1
    wanted = [frozenset[str](), *(frozenset([name]) for name in names)]
    if several:
        wanted += [every - {name} for name in joined] + [every]
    couples = list(combinations(joined, 2)) if with_pairs else []
    wanted += [frozenset(pair) for pair in couples]
    wanted = list(dict.fromkeys(wanted))
    found: dict[frozenset[str], Losses] = {}
    for number, some in enumerate(wanted):
        found[some] = run(some)
        progress((number + 1) / len(wanted))
    before = found[frozenset()]
    rows, pairs = [], []
    for region in regions:
        lost = {some: yearly_loss(result, worth, region) for some, result in found.items()}
        none = lost[frozenset()]

        def row(label: str, how: str, base: Array, then: Array, region: str = region, none: Array = none) -> None:
            rows.append(
                (
                    region,
                    label,
                    how,
                    *mean_and_range(base - then, before.set_of),
                    conditional_value_at_risk(base) - conditional_value_at_risk(then),
                    float(none.mean()),
                )
            )

        for name in names:
            row(name, "alone", none, lost[frozenset([name])])
            if several and name in every:
                row(name, "last", lost[every - {name}], lost[every])
        if several:
            row(ALL, "together", none, lost[every])
        singly = {name: float((none - lost[frozenset([name])]).mean()) for name in names}
        for one, other in couples:
            both = float((none - lost[frozenset([one, other])]).mean())
            pairs.append((region, one, other, both, singly[one] + singly[other], both - singly[one] - singly[other]))
    return (
        pl.DataFrame(rows, schema=EFFECTS, orient="row"),
        _days(found, names, regions),
        pl.DataFrame(pairs, schema=PAIRS, orient="row"),
    )


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


def with_leading_pairs(pairs: pl.DataFrame, run: Run, worth: Mapping[str, float]) -> pl.DataFrame:
    """The pairs with what the first of each region avoid on the draws of ``run``, as in ``effects``; others null."""
    leading = pairs.sort("together", descending=True).group_by("region", maintain_order=True).head(_LEADING_PAIRS)
    rows = []
    before = run(frozenset()) if leading.height else None
    for one, other in leading.select("measure", "other").unique(maintain_order=True).iter_rows():
        assert before is not None
        after = run(frozenset([one, other]))
        for region in leading.filter(measure=one, other=other)["region"]:
            avoided = yearly_loss(before, worth, region) - yearly_loss(after, worth, region)
            rows.append((region, one, other, *mean_and_range(avoided, before.set_of)))
    schema = {name: CONFIRMED_PAIRS[name] for name in CONFIRMED_PAIRS if name not in _SCREENED}
    found = pl.DataFrame(rows, schema=schema, orient="row")
    return pairs.join(found, on=["region", "measure", "other"], how="left", maintain_order="left")


def by_set(values: Array, set_of: NDArray[np.int64]) -> Array:
    """Means of draws by set of uncertain numbers."""
    found: Array = np.bincount(set_of, values) / np.bincount(set_of)
    return found


def mean_and_range(values: Array, set_of: NDArray[np.int64]) -> tuple[float, float, float]:
    """Mean over draws, with 5 to 95 % of the means of sets."""
    means = by_set(values, set_of)
    return float(values.mean()), float(np.quantile(means, _LOW)), float(np.quantile(means, _HIGH))


def _days(found: Mapping[frozenset[str], Losses], names: Sequence[str], regions: Sequence[str]) -> pl.DataFrame:
    """Expected days of use lost a year by product, before and after each measure alone."""
    before = found[frozenset()]
    key = {(group.region, group.product): number for number, group in enumerate(before.groups)}
    rows = []
    for name in names:
        after = found[frozenset([name])]
        for number, group in enumerate(after.groups):
            place = key.get((group.region, group.product))
            if group.region in regions and place is not None:
                days = [DAYS_PER_YEAR * float(run.lost[:, k].mean(dtype=np.float64)) for run, k in (
                    (before, place), (after, number))]  # fmt: skip
                rows.append((group.region, name, group.product, *days))
    return pl.DataFrame(rows, schema=PRODUCTS, orient="row")
