"""Risk in numbers: what is expected to go unserved, how likely long shortages are, and how bad the tail is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.foundation.units import DAYS_PER_YEAR, MONTHS_PER_YEAR
from supplyrisk.risk.simulate import Group, Simulated
from supplyrisk.risk.tail import TAIL, conditional_value_at_risk, value_at_risk

Array = NDArray[np.float64]

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
    own = run.of_draws
    means, draws = own.mean_by_set, own.draws
    chances = own.runs[:, :, long_months:].sum(axis=2) / (draws / len(means))
    regions = np.array([group.region for group in run.groups])
    ranks, rank_low, rank_high = _ranks(means, regions)
    rows = []
    for number, group in enumerate(run.groups):
        worst, first, mean = own.worst[:, number], own.first_months[number], float(own.mean[number])
        error = _Z90 * float(np.sqrt(own.variance[number] / draws))
        rows.append(
            (
                group.region,
                group.product,
                DAYS_PER_YEAR * mean,
                DAYS_PER_YEAR * float(np.quantile(means[:, number], _LOW)),
                DAYS_PER_YEAR * float(np.quantile(means[:, number], _HIGH)),
                error / mean if mean > 0.0 else None,
                float(chances[:, number].mean()),
                float(np.quantile(chances[:, number], _LOW)),
                float(np.quantile(chances[:, number], _HIGH)),
                DAYS_PER_YEAR * value_at_risk(worst, draws=draws),
                DAYS_PER_YEAR * conditional_value_at_risk(worst, draws=draws),
                _median_month(first),
                float(first[0] / draws),
                _month_not_exceeded(own.runs[:, number].sum(axis=0), TAIL),
                int(ranks[number]),
                int(rank_low[number]),
                int(rank_high[number]),
            )
        )
    return pl.DataFrame(rows, schema=PRODUCTS, orient="row").sort("region", "rank", "product_id")


def _median_month(draws: NDArray[np.int64]) -> float | None:
    """Median first month of draws by month, those without one (at 0) left out."""
    months = np.repeat(np.arange(1, len(draws)), draws[1:])
    return float(np.median(months)) if len(months) else None


def _month_not_exceeded(draws: NDArray[np.int64], level: float) -> float:
    """The smallest number of months with at least ``level`` of the draws at or below it."""
    return float(np.flatnonzero(np.cumsum(draws) >= round(level * draws.sum(), 9))[0])


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


def yearly_values(groups: Sequence[Group], worth: Mapping[str, float]) -> dict[str, Array]:
    """EUR a year that each group's use is worth, by region: of its groups whose products have a price, else 0.

    Only products with a price on their whole chain (disruption.value); regions without any are left out.
    """
    found = {}
    for region in dict.fromkeys(group.region for group in groups):
        yearly = [
            worth.get(group.product, 0.0) * group.demand * MONTHS_PER_YEAR if group.region == region else 0.0
            for group in groups
        ]
        if any(yearly):
            found[region] = np.array(yearly)
    return found


def value_risk(run: Simulated, yearly: Mapping[str, Array]) -> pl.DataFrame:
    """Value of final use lost a year by region, EUR: expected with its range over the sets, VaR and CVaR of a draw.

    ``yearly``: from ``yearly_values``, in the order of the run's totals; ``use_per_year`` normal use of those products.
    """
    own = run.of_draws
    rows = []
    for (region, weights), lost in zip(yearly.items(), own.totals.T, strict=True):
        means = lost.reshape(len(own.mean_by_set), -1).mean(axis=1)
        rows.append(
            (
                region,
                float(lost.mean()),
                float(np.quantile(means, _LOW)),
                float(np.quantile(means, _HIGH)),
                value_at_risk(lost),
                conditional_value_at_risk(lost),
                float(weights.sum()),
            )
        )
    return pl.DataFrame(rows, schema=VALUE, orient="row")
