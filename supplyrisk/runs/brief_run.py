"""What a policy brief needs of a run: only the scenarios and measures that touch its topic are worked out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from supplyrisk.findings.brief import above_line_findings, loss_finding, weakest_finding
from supplyrisk.findings.brief_measures import help_finding, limits_of_help, per_euro_findings
from supplyrisk.findings.brief_value import cases_finding, reach_finding, risk_findings, time_finding
from supplyrisk.findings.exposure import Exposure, exposures, most_exposed
from supplyrisk.findings.finding import Finding
from supplyrisk.findings.why_now import (
    events_finding,
    large_makers,
    restriction_findings,
    status_finding,
    trend_finding,
)
from supplyrisk.foundation.errors import NotKnown
from supplyrisk.mitigation.read import Measure
from supplyrisk.report.brief_given import BriefGiven
from supplyrisk.report.brief_topics import Topic
from supplyrisk.report.content import SourceLine
from supplyrisk.report.quality_annex import SOURCED, source_lines
from supplyrisk.runs.brief_measures import compared_measures, plan_effect
from supplyrisk.runs.brief_scenarios import RunScenarios, hardest_scenario, scenario_findings
from supplyrisk.runs.brief_value import VALUE_METRIC, value_by_stage
from supplyrisk.runs.opening import tell_compiling
from supplyrisk.runs.quarterly import Run
from supplyrisk.runs.value_path_run import way_to_target

_MOST_ROWS = 6
"""Rows of the table of exposure; of a longer chain the most exposed products of further stages are shown."""
_MOST_OWN = 4
"""Own products of a topic up to which all of them are shown."""
_MOST_REASONS = 5
_GIVES_WAY = ("status", "trend", "events")
"""Beginnings of the names of reasons that are left out first."""

_GOAL = ("network_value_added_share_goal", "network_value_added_share", "network_value_added_share_gap")
_BEHIND_NUMBERS = ("hhi", "top1_share", "sourcing_share", "look_through_share", "import_dependence", "hhi_trend")


def brief_given(run: Run, topic: Topic) -> BriefGiven:
    """Everything the brief on a topic says, without language."""
    tell_compiling(run.progress)
    return (_about_value if topic.about_value else _about_supply)(run, topic)


def _about_supply(run: Run, topic: Topic) -> BriefGiven:
    package, lead = run.package, run.focus[0]
    products = package.table("products").select("product_id", "stage", "tier")
    found = exposures(run.scores.table, package.table("countries"), products, topic.products, run.focus)
    shown = most_exposed(found, lead, _MOST_ROWS, topic.own if len(topic.own) <= _MOST_OWN else ())
    run.progress("running the scenarios that touch the topic")
    scenarios = hardest_scenario(run.model, topic)
    compared = compared_measures(run, topic, scenarios)
    hardest = None if scenarios is None else scenarios.hardest
    message = [weakest_finding(found, topic.own, lead), loss_finding(hardest, lead)]
    helps = []
    if not compared.reason:
        message.append(help_finding(compared.effects, hardest, lead))
        helps = [*per_euro_findings(compared.effects, lead), *limits_of_help(compared.effects, hardest, lead)]
    why = _why(run, topic)
    titles, summaries = _texts(scenarios, compared.measures)
    followed = set(run.facts.products.filter(pl.col("evidence") == "prior")["product_id"])
    return BriefGiven(
        **_named(run, topic),
        message=message,
        why=why,
        exposed=[*above_line_findings(found, lead, run.thresholds["single_country_share"])],
        whatif=[] if scenarios is None else scenario_findings(run.model, scenarios, topic),
        helps=helps,
        shown=shown,
        followed=len(found),
        hardest=hardest,
        effects=compared.effects,
        titles=titles,
        summaries=summaries,
        assumed=sum(one.product_id in followed and one.strongest(lead) is not None for one in shown),
        weak=sum(one.output_quality in ("C", "D") for one in shown),
        sources=_sources(run, shown, why, about_value=False),
        drawn=compared.drawn,
        later=compared.later,
        without_measures=compared.reason,
    )


def _about_value(run: Run, topic: Topic) -> BriefGiven:
    lead = run.focus[0]
    goal = [one for one in run.findings if one.message_id in _GOAL and one.numbers.get("region") == lead][:1]
    run.progress("finding the way to the target for European value")
    way = way_to_target(run.project, run.network, run.package, run.focus, run.model.base)
    path, plan = way.tables, way.plan
    effect, drawn = plan_effect(run, plan)
    risk = [*risk_findings(effect)]
    known = None if isinstance(path, NotKnown) or lead not in path.answers else path
    why = _why(run, topic, None if known is None else time_finding(known))
    return BriefGiven(
        **_named(run, topic),
        message=[*goal, reach_finding(path, lead), *risk[:1]],
        why=why,
        whatif=risk[1:] or risk,
        helps=[] if known is None else [cases_finding(known, lead)],
        value=tuple(value_by_stage(run)),
        sources=_sources(run, (), why, about_value=True),
        drawn=drawn,
        path=known,
        without_measures=path if isinstance(path, NotKnown) else None,
    )


def _named(run: Run, topic: Topic) -> Mapping[str, Any]:
    return {
        "topic": topic, "quarter": str(run.quarter), "as_of": run.package.as_of, "run": run.run_id,
        "regions": run.focus,
    }  # fmt: skip


def _why(run: Run, topic: Topic, first: Finding | None = None) -> list[Finding]:
    """The strongest reasons: ``first``, status, restrictions, events, trend; too many give way as in ``_GIVES_WAY``."""
    why = [*([] if first is None else [first]), *_reasons(run, topic)]
    for message in _GIVES_WAY:
        if len(why) > _MOST_REASONS:
            why = [one for one in why if not one.message_id.startswith(message)]
    return why


def _reasons(run: Run, topic: Topic) -> Iterator[Finding]:
    package, day = run.package, run.package.as_of
    of_own = package.table("products").filter(pl.col("product_id").is_in(list(topic.own)))
    status = status_finding(of_own, package.table("materials"))
    trend = trend_finding(run.scores.table, topic.own)
    events = events_finding(package.table("events"), topic.own, topic.materials, day)
    makers = large_makers(run.scores.production, topic.own)
    restricted = package.table("export_restrictions")
    yield from (one for one in (status,) if one is not None)
    yield from restriction_findings(restricted, topic.own, topic.materials, makers, day)
    yield from (one for one in (events, trend) if one is not None)


def _texts(
    scenarios: RunScenarios | None, measures: Sequence[Measure]
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
        behind = behind | (pl.col("metric") == VALUE_METRIC)
    scopes = pl.col("scope").is_in(["world", *run.focus])
    traded = {row for name, trade in run.network.inputs.trade.items() if name in names for row in trade.row_ids}
    told = {key for finding in why for key in finding.score_keys}
    tables = {name: run.package.table(name) for name in ("sources", *SOURCED, "events")}
    return source_lines(
        tables, run.scores.table.filter(behind & scopes), frozenset(traded | told), (*SOURCED, "events")
    )
