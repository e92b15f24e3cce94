"""What a policy brief needs of a run: only the scenarios and measures that touch its topic are worked out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.findings.brief import Effect, help_finding, limits_of_help, loss_finding, message_findings
from supplyrisk.findings.exposure import STAGES, Exposure, exposures, most_exposed
from supplyrisk.findings.finding import Finding, score_key
from supplyrisk.findings.why_now import events_finding, restriction_findings, status_finding, trend_finding
from supplyrisk.foundation.errors import InputError
from supplyrisk.mitigation.apply import touches
from supplyrisk.mitigation.read import Measure, read_measures
from supplyrisk.mitigation.specification import Demand
from supplyrisk.mitigation.value_path_tables import ValuePathTables
from supplyrisk.mitigation.worked_out import to_work_out
from supplyrisk.report.brief_given import BriefGiven, StageValue
from supplyrisk.report.brief_topics import BATTERY, VALUE_ADDED, Topic
from supplyrisk.report.content import SourceLine
from supplyrisk.report.quality_annex import SOURCED, source_lines
from supplyrisk.runs.brief_scenarios import RunScenarios, days_with, hardest_scenario, scenario_findings
from supplyrisk.runs.mitigate_run import compare_measures
from supplyrisk.runs.opening import tell_compiling
from supplyrisk.runs.quarterly import Run
from supplyrisk.runs.ready_files import ready_files
from supplyrisk.runs.risk_run import RiskProgress, risk_model
from supplyrisk.runs.value_path_run import measure_of, read_assumptions, run_value_path

_MOST_ROWS = 9
"""Rows of the table of exposure; of a longer chain the most exposed product of each stage is shown."""

_VALUE = "value_added_share"
_GOAL = ("network_value_added_share_goal", "network_value_added_share", "network_value_added_share_gap")
_OUTLOOK = "outlook_2030"
_BEHIND_NUMBERS = ("hhi", "top1_share", "sourcing_share", "look_through_share", "import_dependence", "hhi_trend")


@dataclass(frozen=True)
class _Compared:
    """Measures that touch the topic and what they do; ``reason`` where they cannot be compared."""

    measures: tuple[Measure, ...]
    effects: tuple[Effect, ...]
    draws: int
    sets: int
    reason: str
    path: ValuePathTables | str | None


def brief_given(run: Run, topic: Topic) -> BriefGiven:
    """Everything the brief on a topic says, without language."""
    package, scores, lead = run.package, run.scores.table, run.focus[0]
    products = package.table("products").select("product_id", "stage", "tier")
    found = exposures(scores, package.table("countries"), products, topic.products, run.focus)
    shown = found if len(found) <= _MOST_ROWS else most_exposed(found, lead)
    about_value = topic.topic_id == VALUE_ADDED
    value = tuple(_value_by_stage(run)) if about_value else ()
    goal = [one for one in run.findings if one.message_id in _GOAL and one.numbers.get("region") == lead][:1]
    tell_compiling(run.progress)
    run.progress("running the scenarios that touch the topic")
    scenarios = hardest_scenario(run.model, topic)
    compared = _compared(run, topic, scenarios)
    hardest = None if scenarios is None else scenarios.hardest
    message = goal if about_value else [*message_findings(found, lead, run.thresholds["single_country_share"])]
    message += [loss_finding(hardest, lead)]
    if not compared.reason:
        message.append(help_finding(compared.effects, hardest, lead))
    why = [*_why(run, topic, found), *(goal if topic.topic_id == BATTERY else ())]
    titles, summaries = _texts(run, scenarios, compared.measures)
    followed = set(run.facts.products.filter(pl.col("evidence") == "prior")["product_id"])
    return BriefGiven(
        topic=topic,
        quarter=str(run.quarter),
        as_of=package.as_of,
        run=run.run_id,
        regions=run.focus,
        message=message,
        why=why,
        whatif=[] if scenarios is None else scenario_findings(run.model, scenarios, topic),
        helps=[*limits_of_help(compared.effects, hardest, lead)],
        shown=() if about_value else shown,
        followed=len(found),
        value=value,
        hardest=hardest,
        effects=compared.effects,
        titles=titles,
        summaries=summaries,
        assumed=[one.product_id for one in shown if one.product_id in followed and one.strongest(lead) is not None],
        weak=[one.product_id for one in shown if one.hhi_quality in ("C", "D")],
        sources=_sources(run, () if about_value else shown, why, about_value),
        draws=compared.draws,
        sets=compared.sets,
        without_measures=compared.reason,
        path=compared.path,
    )


def _why(run: Run, topic: Topic, found: Sequence[Exposure]) -> Iterator[Finding]:
    package = run.package
    of_own = package.table("products").filter(pl.col("product_id").is_in(list(topic.own)))
    makers = {one.maker.country for one in found if one.maker is not None and one.product_id in topic.own}
    status = status_finding(of_own, package.table("materials"))
    trend = trend_finding(run.scores.table, topic.own)
    events = events_finding(package.table("events"), topic.own, topic.materials, package.as_of)
    yield from (one for one in (status,) if one is not None)
    yield from restriction_findings(
        package.table("export_restrictions"), topic.own, topic.materials, sorted(makers), package.as_of
    )
    yield from (one for one in (events, trend) if one is not None)


def _value_by_stage(run: Run) -> Iterator[StageValue]:
    """The whole first, then stage by stage: every focus region in the base year, the first one also in the outlook."""
    rows = run.scores.table.filter(
        (pl.col("metric") == _VALUE)
        & pl.col("value").is_not_null()
        & (
            ((pl.col("scenario") == "base") & pl.col("scope").is_in(list(run.focus)))
            | ((pl.col("scenario") == _OUTLOOK) & (pl.col("scope") == run.focus[0]))
        )
    )
    order = {region: place for place, region in enumerate(run.focus)}
    told = [
        StageValue(row["stage"] or "", row["scope"], row["year"], row["value"], row["low"], row["high"], score_key(row))
        for row in rows.iter_rows(named=True)
    ]
    yield from sorted(told, key=lambda one: (("", *STAGES).index(one.stage), one.year, order[one.region]))


def _compared(run: Run, topic: Topic, scenarios: RunScenarios | None) -> _Compared:
    """Ready measures about the topic's products that touch the network; more use of something is no help."""
    model, path = run.model, None
    ready = read_measures(ready_files(run.project, "measures"), model.words)
    chosen = [one for one in ready if _helps(one) and not to_work_out(one) and one.products & set(topic.products)]
    if topic.topic_id == VALUE_ADDED:
        path, plan = _plan(run)
        chosen += [] if plan is None else [plan]
    fitting = tuple(one for one in chosen if not one.products & model.base.cut and touches(model.base, one))
    if isinstance(run.hazards, str):
        return _Compared((), (), 0, 0, run.hazards, path)
    if not fitting:
        return _Compared((), (), 0, 0, "", path)
    told, risk = RiskProgress(run.progress), risk_model(model, run.hazards, run.config.seed)
    compared = compare_measures(
        risk, fitting, run.config.measure_draws, lambda part: told("comparing measures", part), pairs=False
    )
    avoided = {
        (row["measure"], row["region"]): (row["avoided"], row["low"], row["high"])
        for row in compared.measures.iter_rows(named=True)
    }
    run.progress("running the scenario with each measure in place")
    effects = tuple(
        Effect(
            measure_id=one.measure_id,
            lead_months=one.file.lead_months,
            avoided={
                region: avoided[one.measure_id, region] for region in run.focus if (one.measure_id, region) in avoided
            },
            days={} if scenarios is None else days_with(model, scenarios, one),
        )
        for one in fitting
    )
    return _Compared(fitting, effects, compared.draws, compared.sets, "", path)


def _helps(measure: Measure) -> bool:
    """Whether it is more than a growth of use."""
    return not all(isinstance(change, Demand) and change.change_share > 0.0 for change in measure.file.changes)


def _plan(run: Run) -> tuple[ValuePathTables | str, Measure | None]:
    """The way to the target for European value, also as a measure; why there is none."""
    try:
        assumed = read_assumptions(run.project, run.package)
        path = run_value_path(run.network, run.package, assumed, run.focus)
    except InputError as error:
        return str(error), None
    return path, measure_of(path, run.network.network, run.model.base, assumed)[0]


def _texts(
    run: Run, scenarios: RunScenarios | None, measures: Sequence[Measure]
) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """Titles and summaries of the scenarios and measures that are named."""
    files = {one.measure_id: one.file for one in measures}
    titles = {name: file.title.model_dump() for name, file in files.items()}
    summaries = {name: file.summary.model_dump() for name, file in files.items()}
    if scenarios is not None:
        for name, scenario in scenarios.scenarios.items():
            titles[name], summaries[name] = scenario.title.model_dump(), scenario.summary.model_dump()
    return titles, summaries


def _sources(run: Run, shown: Sequence[Exposure], why: Sequence[Finding], about_value: bool) -> tuple[SourceLine, ...]:
    """Sources of the rows behind the tables and behind what is said of why now."""
    names = [one.product_id for one in shown]
    behind = pl.col("metric").is_in(_BEHIND_NUMBERS) & pl.col("product_id").is_in(names)
    if about_value:
        behind = behind | (pl.col("metric") == _VALUE)
    scopes = pl.col("scope").is_in(["world", *run.focus])
    traded = {row for name, trade in run.network.inputs.trade.items() if name in names for row in trade.row_ids}
    told = {key for finding in why for key in finding.score_keys}
    tables = {name: run.package.table(name) for name in ("sources", *SOURCED, "events")}
    return source_lines(
        tables, run.scores.table.filter(behind & scopes), frozenset(traded | told), (*SOURCED, "events")
    )
