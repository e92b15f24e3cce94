"""Measures as the report needs them: all ready ones that touch the network of the day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import polars as pl

from supplyrisk.foundation.errors import NotKnownError
from supplyrisk.hazards.model import HazardModel
from supplyrisk.mitigation.read import Measure, read_measures
from supplyrisk.report.measures_chapter import MeasuresGiven
from supplyrisk.runs.config import Config
from supplyrisk.runs.disruption_run import DisruptionModel
from supplyrisk.runs.known_measures import known_measures
from supplyrisk.runs.mitigate_run import Mitigation, compare_measures
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.runs.opening import Progress
from supplyrisk.runs.ready_files import ready_files
from supplyrisk.runs.recycling_run import more_won_back_of, recycling, recycling_assumptions
from supplyrisk.runs.risk_run import RiskProgress, risk_model
from supplyrisk.runs.value_path_run import measure_of, read_assumptions, run_value_path
from supplyrisk.tables.package import DataPackage

Answer = TypeVar("Answer")


def _or_reason(answer: Callable[[], Answer]) -> Answer | str:
    try:
        return answer()
    except NotKnownError as error:
        return str(error)


def measures_given(
    model: DisruptionModel,
    hazards: HazardModel | str,
    network: NetworkRun,
    package: DataPackage,
    config: Config,
    progress: Progress,
) -> MeasuresGiven | str:
    """The chapter's figures; a text where there is no simulation on that day.

    A measure about products whose chain was not known in full on the day is left out by name; the plan of the way to
    the target for European value is compared with none of them. Mistakes in files are raised. ``package`` opened with
    the tables of value_path_run and recycling_run.
    """
    if isinstance(hazards, str):
        return hazards
    ready = read_measures(ready_files(model.project, "measures"), model.words)
    fitting, left_out = known_measures(model, ready, more_won_back_of(model.project, network, package))
    assumed = read_assumptions(model.project, package)
    path = _or_reason(lambda: run_value_path(network, package, assumed, model.focus))
    plan, not_moved = (None, ()) if isinstance(path, str) else measure_of(path, network.network, model.base, assumed)
    if not fitting:
        return "no ready measure is about products whose whole chain was known."
    told, risk = RiskProgress(progress), risk_model(model, hazards, config.seed)

    def compared(some: Sequence[Measure], step: str) -> Mitigation:
        return compare_measures(risk, some, config.measure_draws, lambda part: told(step, part), pairs=False)

    found = compared(fitting, "comparing measures")
    tables, products, third = [found.measures], [found.products], [found.third_countries]
    if plan is not None:
        # On the same draws, but apart: it overlaps with ready measures, whose figures must not hang on it.
        fitting.append(plan)
        alone = compared([plan], "simulating the way to the target for European value")
        tables.append(alone.measures.with_columns(pl.lit(None, dtype=pl.Float64).alias("avoided_last")))
        products.append(alone.products)
        third.append(alone.third_countries)
    return MeasuresGiven(
        table=pl.concat(tables),
        products=pl.concat(products),
        third_countries=pl.concat(third),
        titles={measure.measure_id: measure.file.title.model_dump() for measure in fitting},
        summaries={measure.measure_id: measure.file.summary.model_dump() for measure in fitting},
        left_out=[measure.file.title.model_dump() for measure in left_out],
        not_moved=not_moved,
        value_path=path,
        recycling=_or_reason(lambda: recycling(network, package, recycling_assumptions(model.project, package))),
        draws=found.draws,
        sets=found.sets,
    )
