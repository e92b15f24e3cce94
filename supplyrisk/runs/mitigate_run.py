"""Measures of a project beside each other: effects on common draws, costs, and euros per avoided euro."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from typing import Literal

import polars as pl

from supplyrisk.disruption.connected import only_connected_to
from supplyrisk.mitigation.compare import PAIRS, Losses, days_lost, effects, pairs_of, with_leading_pairs
from supplyrisk.mitigation.cost import YearlyCost, read_measure_assumptions, yearly_cost
from supplyrisk.mitigation.in_place import ContentNotReached, InPlace, MixNotReached
from supplyrisk.mitigation.leaders import PLACES, leaders, open_places, with_confirmed
from supplyrisk.mitigation.market import market
from supplyrisk.mitigation.order_sensitivity import SENSITIVITY, order_sensitivity
from supplyrisk.mitigation.per_euro import ALL, PER_EURO, with_cost_per_avoided
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.third_countries import third_country_changes
from supplyrisk.runs.assumptions import read_thresholds
from supplyrisk.runs.common_draws import DRAWN, CommonDraws, Ends
from supplyrisk.runs.measure_timing import timing_of, timing_together
from supplyrisk.runs.order_cases import order_cases
from supplyrisk.runs.risk_run import RiskModel
from supplyrisk.scores.single_country import strategic_products

TABLE = {
    "region": pl.String, "measure": pl.String, "avoided": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "avoided_last": pl.Float64, "avoided_cvar95": pl.Float64, "cost": pl.Float64, "cost_low": pl.Float64,
    "cost_high": pl.Float64, "lead_months": pl.Int64, "missing_reason": pl.String,
}  # fmt: skip

MEASURES = TABLE | PER_EURO | {
    "rank_screened": pl.Int64, "place_low": pl.Int64, "place_high": pl.Int64, "confirmed": pl.Boolean,
}  # fmt: skip
_ORDER = (pl.col("region"), pl.col("measure") == ALL, pl.col("avoided"), pl.col("measure"))
_DESCENDING = (False, False, True, False)
NOT_ADDITIVE = "costs_alone_do_not_add_up"
"""Why all measures together have no cost: what each moves and holds alone overlaps with what the others do."""


@dataclass(frozen=True)
class Mitigation:
    """Measures beside each other.

    ``measures``: a row a region and measure (and all of them together), EUR a year. All are screened on ``draws``;
    rows of the first of each region, and of all together (``confirmed``), are told on ``leader_draws`` fresh ones:
    alone, last, tail, cost per euro, rank and the places that stay open (mitigation.leaders). No row mixes the two.
    ``rank_screened``: the rank on the draws of the screening. ``timing``: runs.measure_timing; ``market``:
    mitigation.market; ``sensitivity``, if asked for: what the first three per euro hang on
    (mitigation.order_sensitivity). ``products`` (of leaders on the fresh draws too) and ``pairs`` as in
    mitigation.compare; ``third_countries``: strategic
    products of which each measure changes the share of the largest third country (mitigation.third_countries).
    ``content_not_reached`` and ``mix_not_reached``: where a rule or a joint contract falls short (mitigation.in_place).
    """

    measures: pl.DataFrame
    products: pl.DataFrame
    pairs: pl.DataFrame
    third_countries: pl.DataFrame
    timing: pl.DataFrame
    market: pl.DataFrame
    sensitivity: pl.DataFrame
    draws: int
    sets: int
    leader_draws: int
    leader_sets: int
    content_not_reached: Sequence[ContentNotReached]
    mix_not_reached: Sequence[MixNotReached]


def compare_measures(
    risk: RiskModel,
    measures: Sequence[Measure],
    draws: int,
    leader_draws: int,
    progress: Callable[[float], None],
    pairs: bool = True,
    timing: Literal["none", "leaders", "all"] = "none",
    sensitivity: bool = False,
) -> Mitigation:
    """Every measure alone, last in, in ``pairs`` and all together, on the same events and uncertain numbers.

    Then the same of the first of each region by euro on ``leader_draws`` fresh ones, the first pairs too, and, for
    ``timing``, each measure from when it works, on the draws of its row. What only adds use is no measure against
    risk, goods from outside the network bring risks that are not counted, and the way to the target for European value
    overlaps with ready measures: these are told alone, and are part of nothing else. Measures as ``worked_out`` gives
    them. Products that neither a measure nor a price is connected to are left out.
    """
    told = set(risk.worth).union(*(measure.acts_on for measure in measures))
    place = InPlace(only_connected_to(risk.model.base, told), measures)
    risk = replace(risk, model=replace(risk.model, graph_of=lambda year: place.base))
    package, models = risk.model.package, risk.model.project.models
    assumed = read_measure_assumptions(
        models / "assumptions" / "measures.yaml", risk.model.chain.products, risk.model.rows
    )
    by_name, names, regions = place.by_name, list(place.by_name), risk.model.focus
    cost = {name: yearly_cost(one, place.alone(name), risk.worth, assumed) for name, one in by_name.items()}
    common = CommonDraws(risk, draws, assumed.sets, assumed.crowding_out_share)
    run = _keeping(lambda names, ends: common.losses(place.together(names), ends=ends))
    joined = place.joined
    lead_months = {name: measure.file.lead_months for name, measure in by_name.items()}
    found = effects(run, names, joined, regions, risk.worth, lambda part: progress(0.3 * part))
    screened = with_cost_per_avoided(measure_rows(found, lead_months, joined, cost))
    fresh = cache(
        lambda: CommonDraws(
            replace(risk, seed=risk.seed + 1), leader_draws, assumed.leader_sets, assumed.crowding_out_share
        )
    )
    run_fresh = _keeping(lambda names, ends: fresh().losses(place.together(names), ends=ends))
    leading = leaders(screened)
    known = {name: one.value for name, one in cost.items() if one.value is not None}
    confirmed, open_to = pl.DataFrame(schema=TABLE), pl.DataFrame(schema=PLACES)
    if leading:
        again = effects(run_fresh, leading, joined, regions, risk.worth, lambda part: progress(0.3 + 0.3 * part))
        confirmed = measure_rows(again, lead_months, joined, cost)
        open_to = open_places(run_fresh, confirmed, known, risk.worth)
    others = [name for name in names if name not in leading]
    told_on = ((run_fresh, leading, True), (run, others, False))
    days = pl.concat([days_lost(on, own, regions, confirmed=again) for on, own, again in told_on if own])
    table = with_confirmed(screened, confirmed, open_to)
    table = table.select(list(MEASURES)).sort(_ORDER, descending=_DESCENDING)
    couples = pl.DataFrame(schema=PAIRS | {"confirmed": pl.Boolean})
    if pairs:
        every = list(combinations(joined, 2))
        found_pairs = pairs_of(run, every, regions, risk.worth, lambda part: progress(0.6 + 0.2 * part))
        couples = with_leading_pairs(found_pairs, run_fresh, risk.worth)
    hangs_on = pl.DataFrame(schema=SENSITIVITY)
    if sensitivity and leading:
        hangs_on = order_sensitivity(table, order_cases(table, known, place, risk.worth, assumed, run_fresh))
    asked = {"none": [], "leaders": leading, "all": names}[timing]
    # What a measure avoids in a run is told on the draws on which the table tells what it avoids in place.
    parts = [(common, others)] + ([(fresh(), leading)] if leading else [])
    timed = [
        timing_of(draws, place, table, own, asked, regions, risk.worth, _between(progress, number, len(parts)))
        for number, (draws, own) in enumerate(parts)
    ]
    if timing == "all" and len(joined) > 1:
        timed.append(timing_together(fresh() if leading else common, place, table, joined, regions, risk.worth))
    rows = table.filter((pl.col("measure") != ALL) | (timing == "all")).select("region", "measure")
    when = rows.join(pl.concat(timed), on=["region", "measure"], how="left", maintain_order="left")
    after = {name: place.alone(name).named for name in names}
    if len(joined) > 1:
        after[ALL] = place.together(frozenset(joined)).named
    limit = read_thresholds(models / "assumptions" / "thresholds.yaml")["single_country_share"]
    strategic = strategic_products(package.table("products"), package.table("materials"))
    crossing = third_country_changes(place.base, after, regions, strategic, limit)
    told_by = (fresh().count, assumed.leader_sets) if leading else (0, 0)
    return Mitigation(
        table,
        days,
        couples,
        crossing,
        when,
        market(place),
        hangs_on,
        common.count,
        assumed.sets,
        *told_by,
        place.content_not_reached(),
        place.mix_not_reached(),
    )


def _between(progress: Callable[[float], None], number: int, count: int) -> Callable[[float], None]:
    """Progress of one of ``count`` parts of the timing, which is the last fifth."""
    return lambda part: progress(0.8 + 0.2 * (number + part) / count)


def _keeping(run: Callable[[frozenset[str], Ends], Losses]) -> Callable[..., Losses]:
    """The same, with every run kept: rows of the measures and of pairs are set against the same ones."""
    kept = cache(run)
    return lambda names, ends=DRAWN: kept(names, ends)


def measure_rows(
    found: pl.DataFrame, lead_months: Mapping[str, int], joined: Sequence[str], cost: Mapping[str, YearlyCost]
) -> pl.DataFrame:
    """What ``effects`` found beside cost and lead time, a row a region and measure, in ``TABLE``."""
    last = {
        (region, name): avoided
        for region, name, avoided in found.filter(pl.col("how") == "last")
        .select("region", "measures", "avoided")
        .iter_rows()
    }
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
                max(lead_months[one] for one in ([name] if name in lead_months else joined)),
                own.missing_reason,
            )
        )
    return pl.DataFrame(rows, schema=TABLE, orient="row")
