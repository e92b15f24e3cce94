"""The measures that lead per euro on many fresh draws, and which of their places can be told apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import polars as pl
from scipy.stats import t as student

from supplyrisk.mitigation.compare import ALONE, Array, Losses, by_set, mean_and_range, yearly_loss
from supplyrisk.mitigation.per_euro import ALL, PER_EURO, helps, with_cost_per_avoided

LEADERS = 6
"""Measures of a region that are looked at once more: those that may take one of the first three places."""
CONFIRMED = ALONE | {"place_low": pl.Int64, "place_high": pl.Int64}
_SURE = 0.95


def leaders(screened: pl.DataFrame) -> dict[str, list[str]]:
    """First ``LEADERS`` of each region by cost over avoided, what saves money first.

    Also those that few draws say may make losses larger: whether they do is for many draws to tell.
    """
    may_help = screened.filter(
        pl.col("cost").is_not_null() & (pl.col("avoided") > 0.0) & (pl.col("measure") != ALL)
    ).with_columns(pl.max_horizontal(pl.lit(0.0), pl.col("cost") / pl.col("avoided")).alias("ratio"))
    ordered = may_help.sort("region", "ratio", "avoided", "measure", descending=[False, False, True, False])
    first = ordered.group_by("region", maintain_order=True).head(LEADERS)
    found: dict[str, list[str]] = {}
    for region, measure in first.select("region", "measure").iter_rows():
        found.setdefault(region, []).append(measure)
    return found


def confirm(
    run: Callable[[str], tuple[Losses, Losses]],
    leading: Mapping[str, Sequence[str]],
    cost: Mapping[str, float],
    worth: Mapping[str, float],
    progress: Callable[[float], None],
) -> pl.DataFrame:
    """What the leaders of each region avoid on the draws of ``run``, and the best and worst place of each among them.

    Places are of those that help on these draws (per_euro.helps); others have none. ``run``: the simulation without and
    with a measure; ``cost``: EUR a year of each.
    """
    names = list(dict.fromkeys(name for own in leading.values() for name in own))
    avoided: dict[tuple[str, str], Array] = {}
    set_of = np.zeros(0, dtype=np.int64)
    for number, name in enumerate(names):
        before, after = run(name)
        set_of = before.set_of
        for region, own in leading.items():
            if name in own:
                avoided[region, name] = yearly_loss(before, worth, region) - yearly_loss(after, worth, region)
        progress((number + 1) / len(names))
    rows = []
    for region, own in leading.items():
        ranges = {name: mean_and_range(avoided[region, name], set_of) for name in own}
        means = {name: by_set(avoided[region, name], set_of) for name in own if helps(*ranges[name][:2])}
        span = places(means, cost)
        rows += [(region, name, *ranges[name], *span.get(name, (None, None))) for name in own]
    return pl.DataFrame(rows, schema=CONFIRMED, orient="row")


def places(means: Mapping[str, Array], cost: Mapping[str, float]) -> dict[str, tuple[int, int]]:
    """Best and worst place of each measure that draws leave open; equal for two where they can be told apart.

    ``means``: what each avoids, by set of uncertain numbers, all on the same draws. Of two measures a and b that cost
    c_a and c_b, a is ahead where it avoids more per euro: where c_b·A_a − c_a·A_b is above nothing in the mean of the
    sets, by so many standard errors that chance does it in one of twenty (one-sided t). Who saves money is ahead of
    who does not, and of two who save the one that avoids more.
    """
    ahead = {name: [other for other in means if other != name and _surely_ahead(other, name, means, cost)]
             for name in means}  # fmt: skip
    behind = {name: [other for other in means if name in ahead[other]] for name in means}
    return {name: (1 + len(ahead[name]), len(means) - len(behind[name])) for name in means}


def _surely_ahead(one: str, other: str, means: Mapping[str, Array], cost: Mapping[str, float]) -> bool:
    saves = cost[one] <= 0.0, cost[other] <= 0.0
    if saves[0] != saves[1]:
        return saves[0]
    weights = (1.0, 1.0) if saves[0] else (cost[other], cost[one])
    lead = weights[0] * means[one] - weights[1] * means[other]
    error = lead.std(ddof=1) / len(lead) ** 0.5
    return bool(lead.mean() > student.ppf(_SURE, len(lead) - 1) * error)


def with_confirmed(screened: pl.DataFrame, confirmed: pl.DataFrame) -> pl.DataFrame:
    """The table of measures with what the leaders avoid on many draws in the place of what they do on few.

    ``screened`` as ``with_cost_per_avoided`` gives it; its rank becomes ``rank_screened``. Leaders come first in
    ``rank_per_euro``, the others after them as they were; ``place_low`` and ``place_high``: see ``places``.
    """
    fresh = confirmed.rename({name: f"{name}_fresh" for name in ("avoided", "low", "high")})
    joined = screened.rename({"rank_per_euro": "rank_screened"}).join(
        fresh, on=["region", "measure"], how="left", maintain_order="left"
    )
    lead = pl.col("avoided_fresh").is_not_null()
    merged = joined.with_columns(
        *(pl.coalesce(f"{name}_fresh", name).alias(name) for name in ("avoided", "low", "high")),
        lead.alias("confirmed"),
        pl.when(pl.col("cost").is_null()).then("missing_reason").otherwise(pl.lit("")).alias("missing_reason"),
    ).drop("avoided_fresh", "low_fresh", "high_fresh")
    again = with_cost_per_avoided(merged.drop(set(PER_EURO) - {"rank_per_euro"}))
    ranked = pl.col("rank_per_euro").is_not_null()
    order = pl.struct(~pl.col("confirmed"), "rank_per_euro").rank("ordinal").over("region", ranked)
    return again.with_columns(pl.when(ranked).then(order).cast(pl.Int64).alias("rank_per_euro"))
