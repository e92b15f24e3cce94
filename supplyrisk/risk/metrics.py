"""Risk in numbers: what is expected to go unserved, how likely long shortages are, and how bad the tail is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.foundation.units import DAYS_PER_YEAR, MONTHS_PER_YEAR
from supplyrisk.risk.simulate import Simulated

Array = NDArray[np.float64]

TAIL = 0.95
_LOW, _HIGH = 0.05, 0.95
_Z90 = 1.6448536269514722

PRODUCTS = {
    "region": pl.String, "product_id": pl.String, "lost_days_per_year": pl.Float64, "lost_low": pl.Float64,
    "lost_high": pl.Float64, "sampling_share": pl.Float64, "long_shortage_chance": pl.Float64,
    "chance_low": pl.Float64, "chance_high": pl.Float64, "var95_days": pl.Float64, "cvar95_days": pl.Float64,
    "months_to_survive": pl.Float64, "never_short_share": pl.Float64, "longest_run_95": pl.Float64,
    "rank": pl.Int64, "rank_low": pl.Int64, "rank_high": pl.Int64,
}  # fmt: skip
VALUE = {
    "region": pl.String, "expected": pl.Float64, "low": pl.Float64, "high": pl.Float64, "var95": pl.Float64,
    "cvar95": pl.Float64, "use_per_year": pl.Float64,
}  # fmt: skip


def value_at_risk(losses: Array, level: float = TAIL) -> float:
    """The loss that is not exceeded with probability ``level``: the smallest with at least that part at or below it."""
    return float(np.quantile(losses, level, method="inverted_cdf"))


def conditional_value_at_risk(losses: Array, level: float = TAIL) -> float:
    """Mean of the worst 1 − ``level``: min_z z + E[(loss − z)+]/(1 − level), at z the value at risk.

    Source: Rockafellar and Uryasev 2000, Journal of Risk 2(3). 90 zeros and 5, 10, 15, 20, 25, 30, 40, 50, 60, 100:
    value at risk 25, conditional 56.
    """
    at_risk = value_at_risk(losses, level)
    return at_risk + float(np.maximum(losses - at_risk, 0.0).mean()) / (1.0 - level)


def product_risk(run: Simulated, long_months: int) -> pl.DataFrame:
    """A row a region and product, most lost days first within the region.

    ``lost_days_per_year``: expected days of normal use lost a year, ``lost_low``/``lost_high`` the 5 and 95 % of its
    mean over the sets of uncertain numbers, ``sampling_share`` half the 90 % interval from the number of draws alone,
    as a share of it. ``long_shortage_chance``: that at least ``long_months`` months in a row are short within the
    horizon, with the same range. ``var95_days``/``cvar95_days``: of days lost a year in a draw.
    ``months_to_survive``: median first short month among draws with one; ``never_short_share`` the others.
    ``longest_run_95``: months in a row that are exceeded in 5 % of draws. ``rank`` within the region; ``rank_low`` and
    ``rank_high`` over the sets.
    """
    sets = int(run.set_of.max()) + 1
    means = np.stack([run.lost[run.set_of == number].mean(axis=0, dtype=np.float64) for number in range(sets)])
    chances = np.stack([(run.longest_run[run.set_of == number] >= long_months).mean(axis=0) for number in range(sets)])
    regions = np.array([group.region for group in run.groups])
    ranks, rank_low, rank_high = _ranks(means, regions)
    rows = []
    for number, group in enumerate(run.groups):
        lost = run.lost[:, number].astype(np.float64)
        first = run.first_month[:, number]
        mean = float(lost.mean())
        error = _Z90 * float(lost.std()) / np.sqrt(len(lost))
        rows.append(
            (
                group.region,
                group.product,
                DAYS_PER_YEAR * mean,
                DAYS_PER_YEAR * float(np.quantile(means[:, number], _LOW)),
                DAYS_PER_YEAR * float(np.quantile(means[:, number], _HIGH)),
                error / mean if mean > 0.0 else None,
                float((run.longest_run[:, number] >= long_months).mean()),
                float(np.quantile(chances[:, number], _LOW)),
                float(np.quantile(chances[:, number], _HIGH)),
                DAYS_PER_YEAR * value_at_risk(lost),
                DAYS_PER_YEAR * conditional_value_at_risk(lost),
                float(np.median(first[first > 0])) if (first > 0).any() else None,
                float((first == 0).mean()),
                float(np.quantile(run.longest_run[:, number], TAIL, method="inverted_cdf")),
                int(ranks[number]),
                int(rank_low[number]),
                int(rank_high[number]),
            )
        )
    return pl.DataFrame(rows, schema=PRODUCTS, orient="row").sort("region", "rank", "product_id")


def _ranks(means: Array, regions: NDArray[np.str_]) -> tuple[Array, Array, Array]:
    """Rank within the region of the mean over all sets, and 5 and 95 % of the rank in a set."""
    ranks = np.zeros((means.shape[0] + 1, means.shape[1]))
    whole = np.vstack([means.mean(axis=0), means])
    for region in np.unique(regions):
        own = np.flatnonzero(regions == region)
        order = np.argsort(-whole[:, own], axis=1, kind="stable")
        placed = np.empty_like(order)
        np.put_along_axis(placed, order, np.arange(1, len(own) + 1)[None, :].repeat(len(whole), axis=0), axis=1)
        ranks[:, own] = placed
    low = np.quantile(ranks[1:], _LOW, axis=0, method="inverted_cdf")
    return ranks[0], low, np.quantile(ranks[1:], _HIGH, axis=0, method="inverted_cdf")


def value_risk(run: Simulated, worth: Mapping[str, float]) -> pl.DataFrame:
    """Value of final use lost a year by region, EUR: expected with its range over the sets, VaR and CVaR of a draw.

    Only products with a price on their whole chain (disruption.value); ``use_per_year`` their normal use.
    """
    sets = int(run.set_of.max()) + 1
    rows = []
    for region in dict.fromkeys(group.region for group in run.groups):
        own = [
            k for k, group in enumerate(run.groups) if group.region == region and worth.get(group.product, 0.0) > 0.0
        ]
        if not own:
            continue
        yearly = np.array([worth[run.groups[k].product] * run.groups[k].demand * MONTHS_PER_YEAR for k in own])
        lost = run.lost[:, own].astype(np.float64) @ yearly
        means = [float(lost[run.set_of == number].mean()) for number in range(sets)]
        rows.append(
            (
                region,
                float(lost.mean()),
                float(np.quantile(means, _LOW)),
                float(np.quantile(means, _HIGH)),
                value_at_risk(lost),
                conditional_value_at_risk(lost),
                float(yearly.sum()),
            )
        )
    return pl.DataFrame(rows, schema=VALUE, orient="row")
