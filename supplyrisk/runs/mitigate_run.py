"""Measures of a project beside each other: effects on common draws, costs, and euros per avoided euro."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.disruption.engine import final_slots, simulate_groups
from supplyrisk.mitigation.apply import Applied, apply_measures
from supplyrisk.mitigation.compare import ALONE, Losses, Run, alone, effects
from supplyrisk.mitigation.cost import YearlyCost, read_measure_assumptions, yearly_cost
from supplyrisk.mitigation.path_measure import VALUE_PATH
from supplyrisk.mitigation.per_euro import ALL, PER_EURO, with_cost_per_avoided
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.retaliation import with_retaliation
from supplyrisk.mitigation.secondary import with_recyclers_for
from supplyrisk.mitigation.third_countries import third_country_changes
from supplyrisk.risk.draw_shocks import draw_shocks
from supplyrisk.risk.simulate import groups_of
from supplyrisk.runs.assumptions import read_thresholds
from supplyrisk.runs.risk_run import RiskModel
from supplyrisk.scores.single_country import strategic_products

TABLE = {
    "region": pl.String, "measure": pl.String, "avoided": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "avoided_last": pl.Float64, "avoided_cvar95": pl.Float64, "cost": pl.Float64, "cost_low": pl.Float64,
    "cost_high": pl.Float64, "lead_months": pl.Int64, "missing_reason": pl.String,
}  # fmt: skip

MEASURES = TABLE | PER_EURO | {"rank_fresh": pl.Int64}
_THREADS = 2
NOT_ADDITIVE = "costs_alone_do_not_add_up"
"""Why all measures together have no cost: what each moves and holds alone overlaps with what the others do."""
COSTS = {name: TABLE[name] for name in ("measure", "cost", "cost_low", "cost_high", "missing_reason")}


@dataclass(frozen=True)
class Mitigation:
    """Measures beside each other.

    ``measures``: a row a region and measure (and all of them together), EUR a year; ``cost_per_avoided`` and
    ``rank_per_euro`` as in mitigation.per_euro, ``rank_fresh`` the same rank on events and uncertain numbers drawn
    anew. ``products`` and ``pairs`` as in mitigation.compare; ``third_countries``: strategic products of which each
    measure changes the share of the largest third country (mitigation.third_countries).
    """

    measures: pl.DataFrame
    products: pl.DataFrame
    pairs: pl.DataFrame
    third_countries: pl.DataFrame
    draws: int
    sets: int


class CommonDraws:
    """Events and sets of uncertain numbers drawn once; every graph with measures meets the same ones.

    Measures change flows and no place or lane, so that what events hit stays where it is.
    """

    def __init__(self, risk: RiskModel, draws: int, sets: int) -> None:
        self.risk, self.months = risk, risk.assumptions.horizon_months
        self.each = -(-draws // sets)
        self.numbers = risk.numbers(sets)
        self.draws = [np.arange(number * self.each, (number + 1) * self.each) for number in range(len(self.numbers))]
        self.tables = []
        for own, one in zip(self.draws, self.numbers, strict=True):
            self.tables.append(draw_shocks(risk.where, risk.hazard(one), own, self.months, risk.seed).table)

    def losses(self, applied: Applied) -> Losses:
        """What final use loses on a graph with measures in place, and with what others may do because of them."""
        bare = applied.named
        groups = groups_of(bare, self.risk.model.regions(bare), final_slots(bare.graph))
        slots = [group.slots for group in groups]
        whole = self.months * np.array([group.demand for group in groups])
        short = self.risk.assumptions.short_share.value

        def lost(number: int) -> NDArray[np.float64]:
            named = self.risk.graph(bare, self.numbers[number])
            table = with_retaliation(
                self.tables[number], named, applied.answers, self.draws[number], number, self.months, self.risk.seed
            )
            run = simulate_groups(named.graph, table, self.months, named.rules, slots, short, threads=1)
            return np.asarray(run.lost / whole)

        # A set of numbers has few draws: sets side by side keep both cores busy where blocks of draws would not.
        with ThreadPoolExecutor(_THREADS) as pool:
            parts = list(pool.map(lost, range(len(self.numbers))))
        return Losses(groups, np.repeat(np.arange(len(self.numbers)), self.each), np.concatenate(parts))


def compare_measures(
    risk: RiskModel,
    measures: Sequence[Measure],
    draws: int,
    progress: Callable[[float], None],
    pairs: bool = True,
) -> Mitigation:
    """Every measure alone, last in, in ``pairs`` and all together, on the same events and uncertain numbers.

    Then each that has a cost alone once more on fresh ones. What only adds use is no measure against risk, and the way
    to the target for European value overlaps with ready measures: both are told alone, and are part of nothing else.
    Measures as ``worked_out`` gives them.
    """
    base = with_recyclers_for(risk.model.base, measures)
    risk = replace(risk, model=replace(risk.model, graph_of=lambda year: base))
    path = risk.model.project.models / "assumptions" / "measures.yaml"
    assumed = read_measure_assumptions(path, risk.model.rows)
    by_name = {measure.measure_id: measure for measure in measures}
    applied: dict[frozenset[str], Applied] = {}

    def place(names: frozenset[str]) -> Applied:
        if names not in applied:
            applied[names] = apply_measures(base, [by_name[name] for name in sorted(names)])
        return applied[names]

    def run_on(common: CommonDraws) -> Run:
        return lambda names: common.losses(place(names))

    for name in by_name:
        place(frozenset([name]))  # every measure that touches nothing is told before the first draw
    names, regions = list(by_name), risk.model.focus
    cost = {
        name: yearly_cost(measure, place(frozenset([name])), risk.worth, assumed) for name, measure in by_name.items()
    }
    common = CommonDraws(risk, draws, assumed.sets)
    apart = {name for name, measure in by_name.items() if measure.only_adds_use or name == VALUE_PATH}
    found, days, couples = effects(
        run_on(common), names, regions, risk.worth, lambda p: progress(0.7 * p), pairs, apart
    )
    costed = [name for name in names if cost[name].value is not None]
    again = pl.DataFrame(schema=ALONE)
    if costed:
        fresh = CommonDraws(replace(risk, seed=risk.seed + 1), draws, assumed.sets)
        again = alone(run_on(fresh), costed, regions, risk.worth, lambda p: progress(0.7 + 0.3 * p))
    table = with_cost_per_avoided(_table(found, by_name, cost))
    anew = with_cost_per_avoided(again.join(_costs(cost), on="measure", maintain_order="left"))
    ranks = anew.select("region", "measure", pl.col("rank_per_euro").alias("rank_fresh"))
    table = table.join(ranks, on=["region", "measure"], how="left", maintain_order="left")
    after = {name: place(frozenset([name])).named for name in names}
    if len(joined := set(names) - apart) > 1:
        after[ALL] = place(frozenset(joined)).named
    package, models = risk.model.package, risk.model.project.models
    limit = read_thresholds(models / "assumptions" / "thresholds.yaml")["single_country_share"]
    strategic = strategic_products(package.table("products"), package.table("materials"))
    crossing = third_country_changes(base, after, regions, strategic, limit)
    return Mitigation(table, days, couples, crossing, len(common.numbers) * common.each, assumed.sets)


def _table(found: pl.DataFrame, by_name: dict[str, Measure], cost: dict[str, YearlyCost]) -> pl.DataFrame:
    last = {
        (region, name): avoided
        for region, name, avoided in found.filter(pl.col("how") == "last")
        .select("region", "measures", "avoided")
        .iter_rows()
    }
    told_together = {name for _, name in last}
    rows = []
    for row in found.filter(pl.col("how") != "last").iter_rows(named=True):
        name = row["measures"]
        own = cost.get(name) or YearlyCost(None, None, None, NOT_ADDITIVE)
        rows.append(
            (
                row["region"],
                name,
                row["avoided"],
                row["low"],
                row["high"],
                last.get((row["region"], name)),
                row["avoided_cvar95"],
                own.value,
                own.low,
                own.high,
                max(by_name[one].file.lead_months for one in ([name] if name in by_name else told_together)),
                own.missing_reason,
            )
        )
    return pl.DataFrame(rows, schema=TABLE, orient="row").sort(
        pl.col("region"), pl.col("measure") == ALL, pl.col("avoided"), pl.col("measure"),
        descending=[False, False, True, False],
    )  # fmt: skip


def _costs(cost: Mapping[str, YearlyCost]) -> pl.DataFrame:
    rows = [(name, one.value, one.low, one.high, one.missing_reason) for name, one in cost.items()]
    return pl.DataFrame(rows, schema=COSTS, orient="row")
