"""Which ready scenario hits a topic hardest, and what measures change in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from supplyrisk.disruption.final_use import LOSS_HIGH, LOSS_LOW, SHOWN_DAYS, can_tell
from supplyrisk.disruption.from_scenario import ScenarioDoesNotFitError, shocks_of
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.findings.brief import Hardest, Loss, course_finding
from supplyrisk.findings.finding import Finding
from supplyrisk.foundation.units import DAYS_PER_MONTH
from supplyrisk.mitigation.apply import apply_measures, touches
from supplyrisk.mitigation.cost import read_measure_assumptions
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.standalone import with_standalone_for
from supplyrisk.report.brief_topics import Topic
from supplyrisk.runs.disruption_run import DisruptionModel
from supplyrisk.runs.ready_files import ready_files
from supplyrisk.runs.whatif import WhatIf, what_if
from supplyrisk.runs.whatif_view import findings_of
from supplyrisk.scenario.compose import Scenario

_OF_ALL = ("whatif_nothing", "whatif_nothing_as_is", "whatif_cut")
_TOLD = (*_OF_ALL, "whatif_cannot_tell")


@dataclass(frozen=True)
class RunScenarios:
    """The hardest scenario with its run and file, and all that touch the topic, by name."""

    hardest: Hardest
    worst: WhatIf
    path: Path
    scenarios: Mapping[str, Scenario]


def hardest_scenario(model: DisruptionModel, topic: Topic) -> RunScenarios | None:
    """The ready scenario with the largest loss of the topic's products in the first focus region that loses any.

    Where no region loses half a day, it is the one that hits the fewest products, as the one most about the topic.
    None where no scenario hits a product of its own. Scenarios about what was not known on the day are left out.
    """
    runs = [(path, what_if(model, path, sensitivity=False)) for path in _touching(model, topic)]
    if not runs:
        return None

    def weight(run: WhatIf) -> tuple[float, ...]:
        losses = [_loss(run, topic, region) for region in model.focus]
        hits = len({product for shock in run.shocks for product in shock.hit_per_month})
        return (*(0.0 if loss is None else loss.days for loss in losses), -hits)

    runs.sort(key=lambda pair: (*(-part for part in weight(pair[1])), pair[0].stem))
    path = runs[0][0]
    worst = what_if(model, path)
    losses = {region: loss for region in model.focus if (loss := _loss(worst, topic, region)) is not None}
    lead = model.focus[0]
    others = [(other.stem, loss) for other, run in runs[1:] if (loss := _loss(run, topic, lead)) is not None]
    hit = {product for shock in worst.shocks for product in shock.hit_per_month} & set(topic.own)
    untold = tuple(sorted(product for product in hit if not worst.named.place_known[product]))
    hardest = Hardest(
        scenario_id=path.stem,
        touching=len(runs),
        months=worst.scenario.horizon_months,
        untold=untold if len(untold) == len(hit) else (),
        losses=losses,
        others=tuple((name, loss.days, loss.product_id) for name, loss in others),
    )
    return RunScenarios(hardest, worst, path, {other.stem: run.scenario for other, run in runs})


def scenario_findings(model: DisruptionModel, found: RunScenarios, topic: Topic) -> list[Finding]:
    """The course of the hardest scenario in each region; what cannot be told of it in the leading one."""
    courses = [course_finding(found.hardest, region) for region in model.focus]
    told = [one for one in courses if one is not None]
    untold = [
        finding
        for finding in findings_of(model, found.worst)
        if finding.topic == model.focus[0] and finding.message_id in _TOLD and _about(finding, topic)
    ]
    return [*told, *untold]


def days_with(model: DisruptionModel, found: RunScenarios, measure: Measure) -> float | None:
    """Days lost in the hardest scenario in the leading region with the measure in place, of the product told there.

    Counted in days of use as it is without the measure, so that a measure that lowers the use of a product is seen to
    lower what is lost of it. Users give up the central part of their own stock for a public one; nobody retaliates, as
    that comes with a probability and a scenario is one course of events.
    """

    def bare(year: int) -> NamedGraph:
        return with_standalone_for(model.graph(year), [measure])

    def changed(year: int) -> NamedGraph:
        return apply_measures(bare(year), [measure]).named

    loss = found.hardest.losses.get(model.focus[0])
    if loss is None or not touches(bare(found.worst.scenario.base_year), measure):
        return None
    assumed = read_measure_assumptions(
        model.project.models / "assumptions" / "measures.yaml", model.chain.products, model.rows
    )
    share = assumed.crowding_out_share.value
    run = what_if(replace(model, graph_of=changed), found.path, sensitivity=False, crowding_out_share=share)
    before, after = (_row(one, loss) for one in (found.worst, run))
    if before is None or after is None:
        return None
    return after["lost_quantity"] / before["demand_per_month"] * DAYS_PER_MONTH


def _row(run: WhatIf, loss: Loss) -> Mapping[str, float] | None:
    rows = run.outcome.final_use.filter(
        (pl.col("region") == loss.region) & (pl.col("product_id") == loss.product_id) & (pl.col("use") == loss.use)
    )
    return rows.row(0, named=True) if rows.height else None


def _touching(model: DisruptionModel, topic: Topic) -> list[Path]:
    """Ready scenarios whose shocks hit a product of the topic's own; replays of the past are left out."""
    paths = []
    for path in ready_files(model.project, "scenarios"):
        try:
            scenario = model.scenario(path)
            if scenario.replay:
                continue
            shocks = shocks_of(model.graph(scenario.base_year), scenario, model.hazards)
        except ScenarioDoesNotFitError:
            continue
        if any(set(shock.hit_per_month) & set(topic.own) for shock in shocks):
            paths.append(path)
    return paths


def _loss(run: WhatIf, topic: Topic, region: str) -> Loss | None:
    """The largest loss of final use of the topic's products, of uses outside the chain where there is none."""
    rows = run.outcome.final_use.filter(
        (pl.col("region") == region)
        & can_tell()
        & pl.col("product_id").is_in(list(topic.products))
        & (pl.col("lost_days") >= SHOWN_DAYS)
        & pl.col("first_short_month").is_not_null()
    ).sort(pl.col("use") == "final", "lost_days", "product_id", descending=[True, True, False])
    if rows.is_empty():
        return None
    row = rows.row(0, named=True)
    return Loss(
        region,
        row["product_id"],
        row["use"],
        row["lost_days"],
        row["first_short_month"],
        row["worst_month"],
        row["worst_share"],
        row["recovered_month"],
        *_ends(run.sensitivity, region, row["product_id"], row["lost_days"]),
    )


def _ends(
    sensitivity: pl.DataFrame | None, region: str, product: str, days: float
) -> tuple[float, float, str] | tuple[None, None, None]:
    """Least and most over the range of the assumption that moves it most; nothing where that is of another loss."""
    if sensitivity is None:
        return None, None, None
    rows = sensitivity.filter((pl.col("region") == region) & (pl.col("product_id") == product))
    if rows.is_empty() or abs(rows["lost_days"][0] - days) > SHOWN_DAYS:
        return None, None, None
    low, high, parameter = rows.select(LOSS_LOW.alias("low"), LOSS_HIGH.alias("high"), "parameter").row(0)
    return low, high, parameter


def _about(finding: Finding, topic: Topic) -> bool:
    named: Sequence[str] = finding.numbers.get("products") or [finding.numbers.get("product_id", "")]
    return finding.message_id in _OF_ALL or bool(set(named) & set(topic.products))
