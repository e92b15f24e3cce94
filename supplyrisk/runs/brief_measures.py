"""What ready measures about a topic do: on the losses expected, and on what the hardest scenario takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from supplyrisk.findings.brief_measures import Effect
from supplyrisk.findings.brief_value import PlanEffect
from supplyrisk.foundation.errors import NotKnown
from supplyrisk.mitigation.path_measure import VALUE_PATH
from supplyrisk.mitigation.read import Measure, read_measures
from supplyrisk.mitigation.schedule import full_month
from supplyrisk.report.brief_given import DrawsBehind
from supplyrisk.report.brief_topics import Topic
from supplyrisk.runs.brief_scenarios import RunScenarios, days_with
from supplyrisk.runs.known_measures import known_measures, later_figures
from supplyrisk.runs.mitigate_run import Mitigation, compare_measures
from supplyrisk.runs.quarterly import Run
from supplyrisk.runs.ready_files import ready_files
from supplyrisk.runs.risk_run import RiskProgress, risk_model
from supplyrisk.runs.won_back_run import more_won_back_of


@dataclass(frozen=True)
class MeasureComparison:
    """Measures that touch a topic and what they do; ``reason`` where they cannot be compared.

    ``later``: ids of those that rest on figures that were not public yet on the day.
    """

    measures: tuple[Measure, ...] = ()
    effects: tuple[Effect, ...] = ()
    drawn: DrawsBehind = field(default_factory=DrawsBehind)
    reason: NotKnown | None = None
    later: frozenset[str] = frozenset()


def compared_measures(run: Run, topic: Topic, scenarios: RunScenarios | None) -> MeasureComparison:
    """Ready measures about the topic's products that touch the network; more use of something is no help."""
    if isinstance(run.hazards, NotKnown):
        return MeasureComparison(reason=run.hazards)
    ready = read_measures(ready_files(run.project, "measures"), run.model.words)
    known, _ = known_measures(run.model, ready, more_won_back_of(run.project, run.network, run.package))
    chosen = tuple(one for one in known if not one.stands_alone and one.products & set(topic.products))
    if not chosen:
        return MeasureComparison()
    found = _compared(run, chosen)
    rows = {row["measure"]: row for row in _of(found.measures, run.focus[0]).iter_rows(named=True)}
    run.progress("running the scenario with each measure in place")
    effects = tuple(
        _effect(one, rows[one.measure_id], None if scenarios is None else days_with(run.model, scenarios, one))
        for one in chosen
    )
    drawn, later = draws_behind(found, found.leader_draws > 0), frozenset(later_figures(run.model, ready))
    return MeasureComparison(chosen, effects, drawn, later=later)


def plan_effect(run: Run, plan: Measure | None) -> tuple[PlanEffect | None, DrawsBehind]:
    """What the way to the target for European value does to risk in the leading region, and what that rests on."""
    if plan is None or isinstance(run.hazards, NotKnown):
        return None, DrawsBehind()
    found, lead = _compared(run, [plan]), run.focus[0]
    own = _of(found.measures, lead).filter(pl.col("measure") == VALUE_PATH).row(0, named=True)
    days = tuple(_of(found.products, lead).select("product_id", "days_before", "days_after").iter_rows())
    effect = PlanEffect(lead, (own["avoided"], own["low"], own["high"]), days)
    return effect, draws_behind(found, own["confirmed"])


def draws_behind(found: Mitigation, confirmed: bool) -> DrawsBehind:
    """Draws of the screening, and the fresh ones where rows that are told are ``confirmed`` on them."""
    fresh = (found.leader_draws, found.leader_sets) if confirmed else (0, 0)
    return DrawsBehind(found.draws, found.sets, *fresh)


def _compared(run: Run, measures: Sequence[Measure]) -> Mitigation:
    assert not isinstance(run.hazards, NotKnown)
    told, risk = RiskProgress(run.progress), risk_model(run.model, run.hazards, run.config.seed)
    draws = run.config.measure_draws, run.config.leader_draws
    return compare_measures(risk, measures, *draws, lambda part: told("comparing measures", part), pairs=False)


def _of(table: pl.DataFrame, region: str) -> pl.DataFrame:
    return table.filter(pl.col("region") == region)


def _effect(measure: Measure, row: Mapping[str, Any], days: float | None) -> Effect:
    ends = (row["cost_per_avoided"], row["cost_per_avoided_low"], row["cost_per_avoided_high"])
    return Effect(
        measure_id=measure.measure_id,
        lead_months=measure.file.lead_months,
        full_month=full_month(measure.file),
        avoided=(row["avoided"], row["low"], row["high"]),
        days=days,
        cost=row["cost"],
        per_avoided=None if ends[0] is None else ends,
        rank=row["rank_per_euro"],
        rank_screened=row["rank_screened"],
        places=None if row["place_low"] is None else (row["place_low"], row["place_high"]),
    )
