"""Measures as the report needs them: all ready ones that touch the network of the day."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from supplyrisk.foundation.errors import NotKnown, NotKnownError
from supplyrisk.hazards.model import HazardModel
from supplyrisk.mitigation.in_place import InPlace
from supplyrisk.mitigation.read import Measure, read_measures
from supplyrisk.mitigation.specification import EuContentRequirement, Retaliation
from supplyrisk.report.measures_chapter import MeasuresGiven
from supplyrisk.runs.base_metal_scrap_run import base_metal_scrap, scrap_model
from supplyrisk.runs.config import Config
from supplyrisk.runs.disruption_run import DisruptionModel
from supplyrisk.runs.known_measures import known_measures, later_figures
from supplyrisk.runs.magnet_recycling_run import magnet_model, magnet_recycling
from supplyrisk.runs.measure_effects import measure_effects
from supplyrisk.runs.mitigate_run import compare_measures
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.runs.opening import Progress
from supplyrisk.runs.ready_files import ready_files
from supplyrisk.runs.recycling_run import recycling, recycling_model
from supplyrisk.runs.risk_run import RiskProgress, risk_model
from supplyrisk.runs.value_path_run import way_to_target
from supplyrisk.runs.won_back_run import more_won_back_of
from supplyrisk.tables.package import DataPackage

Answer = TypeVar("Answer")


def measures_given(
    model: DisruptionModel,
    hazards: HazardModel | NotKnown,
    network: NetworkRun,
    package: DataPackage,
    config: Config,
    progress: Progress,
) -> MeasuresGiven | NotKnown:
    """The chapter's figures, or why there is no simulation on that day.

    A measure about products whose chain was not known in full on the day is left out by name; the plan of the way to
    the target for European value is compared with none of them. Mistakes in files are raised. ``package`` opened with
    the tables of value_path_run and recycling_run.
    """
    if isinstance(hazards, NotKnown):
        return hazards
    ready = read_measures(ready_files(model.project, "measures"), model.words)
    fitting, left_out = known_measures(model, ready, more_won_back_of(model.project, network, package))
    way = way_to_target(model.project, network, package, model.focus, model.base)
    if not fitting:
        return NotKnown("measures")
    told, risk = RiskProgress(progress), risk_model(model, hazards, config.seed)
    compared = fitting if way.plan is None else [*fitting, way.plan]
    draws = config.measure_draws, config.leader_draws
    found = compare_measures(
        risk, compared, *draws, lambda part: told("comparing measures", part), False, "leaders", True
    )
    effects = measure_effects(
        network, InPlace(model.base, compared), ready, model.project, package, model.focus, config.seed,
        lambda part: told("scoring with measures", part),
    )  # fmt: skip
    return MeasuresGiven(
        table=found.measures,
        products=found.products,
        third_countries=found.third_countries,
        timing=found.timing,
        market=found.market,
        sensitivity=found.sensitivity,
        scores=effects.scores,
        compliance=effects.compliance,
        titles={measure.measure_id: measure.file.title.model_dump() for measure in compared},
        summaries={measure.measure_id: measure.file.summary.model_dump() for measure in compared},
        retaliations={measure.measure_id: answers for measure in compared if (answers := _retaliations(measure))},
        replaced_by={measure.measure_id: [goods.model_dump() for goods in measure.replaced_by] for measure in compared},
        later=later_figures(model, ready),
        left_out=[measure.file.title.model_dump() for measure in left_out],
        not_moved=way.not_moved,
        value_path=way.tables,
        recycling=_known(lambda: recycling(recycling_model(model.project, network, package))),
        magnets=_known(lambda: magnet_recycling(magnet_model(model.project, network, package))),
        base_metals=_known(lambda: base_metal_scrap(scrap_model(model.project, package))),
        draws=found.draws,
        sets=found.sets,
        leader_draws=found.leader_draws,
        leader_sets=found.leader_sets,
        content_not_reached=found.content_not_reached,
        mix_not_reached=found.mix_not_reached,
    )


def _retaliations(measure: Measure) -> list[Retaliation]:
    changes = (change for change in measure.file.changes if isinstance(change, EuContentRequirement))
    return [change.retaliation for change in changes if change.retaliation is not None]


def _known(answer: Callable[[], Answer]) -> Answer | NotKnown:
    """The answer, or why there is none on that day."""
    try:
        return answer()
    except NotKnownError as error:
        return error.why
