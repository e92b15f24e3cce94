"""The measures that lead per euro on many fresh draws, and which of their places can be told apart."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from scipy.stats import t as student

from supplyrisk.mitigation.compare import Array, Run, by_set, yearly_loss
from supplyrisk.mitigation.per_euro import ALL, helps, with_cost_per_avoided

LEADERS = 5
"""Measures of a region that are looked at once more: those that may take one of the first three places."""
PLACES = {"region": pl.String, "measure": pl.String, "place_low": pl.Int64, "place_high": pl.Int64}
_SURE = 0.95


def leaders(screened: pl.DataFrame) -> list[str]:
    """The first ``LEADERS`` of every region by cost over avoided, what saves money first; each named once.

    Also those that few draws say may make losses larger: whether they do is for many draws to tell.
    """
    may_help = screened.filter(
        pl.col("cost").is_not_null() & (pl.col("avoided") > 0.0) & (pl.col("measure") != ALL)
    ).with_columns(pl.max_horizontal(pl.lit(0.0), pl.col("cost") / pl.col("avoided")).alias("ratio"))
    ordered = may_help.sort("region", "ratio", "avoided", "measure", descending=[False, False, True, False])
    first = ordered.group_by("region", maintain_order=True).head(LEADERS)
    return first["measure"].unique(maintain_order=True).to_list()


def open_places(
    run: Run, confirmed: pl.DataFrame, cost: Mapping[str, float], worth: Mapping[str, float]
) -> pl.DataFrame:
    """The best and worst place of each measure of ``confirmed`` among them by region, in ``PLACES``.

    Of those that help (per_euro.helps); others have none. ``confirmed``: region, measure, avoided and low, told on the
    draws of ``run``; ``cost``: EUR a year of each.
    """
    rows = []
    for (region,), own in confirmed.filter(pl.col("measure") != ALL).group_by(["region"], maintain_order=True):
        before = run(frozenset())
        means = {
            name: by_set(
                yearly_loss(before, worth, str(region)) - yearly_loss(run(frozenset([name])), worth, str(region)),
                before.set_of,
            )
            for name, avoided, low in own.select("measure", "avoided", "low").iter_rows()
            if helps(avoided, low)
        }
        rows += [(region, name, *span) for name, span in places(means, cost).items()]
    return pl.DataFrame(rows, schema=PLACES, orient="row")


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


def with_confirmed(screened: pl.DataFrame, confirmed: pl.DataFrame, open_to: pl.DataFrame) -> pl.DataFrame:
    """The table of measures with whole rows of many fresh draws in the place of those of few, ranked anew.

    ``screened`` as ``with_cost_per_avoided`` gives it, whose rank becomes ``rank_screened``; ``confirmed``: rows as
    ``screened`` was before that, so that all of a row is told on the same draws; ``open_to``: places (``PLACES``).
    Confirmed measures come first in ``rank_per_euro``, the others after them as they were.
    """
    key = ["region", "measure"]
    ranks = screened.select(*key, pl.col("rank_per_euro").alias("rank_screened"))
    fresh = with_cost_per_avoided(confirmed)
    told = pl.concat(
        [
            fresh.with_columns(pl.lit(True).alias("confirmed")),
            screened.join(fresh, on=key, how="anti").with_columns(pl.lit(False).alias("confirmed")),
        ]
    )
    ranked = pl.col("rank_per_euro").is_not_null()
    order = pl.struct(~pl.col("confirmed"), "rank_per_euro").rank("ordinal").over("region", ranked)
    return (
        told.join(ranks, on=key, how="left")
        .join(open_to, on=key, how="left")
        .with_columns(pl.when(ranked).then(order).cast(pl.Int64).alias("rank_per_euro"))
    )
