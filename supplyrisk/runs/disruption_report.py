"""What the report says on disruptions: choke points of the focus regions and every ready scenario."""

from __future__ import annotations

from supplyrisk.disruption.from_scenario import ScenarioDoesNotFitError
from supplyrisk.report.disruption_chapter import ChokeGiven, DisruptionGiven, ScenarioGap
from supplyrisk.runs.chokepoints import choke_points
from supplyrisk.runs.disruption_run import DisruptionModel
from supplyrisk.runs.ready_files import ready_files
from supplyrisk.runs.whatif import what_if
from supplyrisk.runs.whatif_view import given_of
from supplyrisk.scenario.compose import read_scenario


def disruption_given(model: DisruptionModel) -> DisruptionGiven:
    """Choke points of every focus region and all ready scenarios.

    A scenario with a shock that touches nothing known on the day becomes a gap that names its products; on the default
    day every ready scenario runs (a test). Mistakes in a file are raised.
    """
    choke, recover = [], model.assumptions.planner.recover_months
    for region in model.focus:
        found = choke_points(model, region)
        ends = (recover.low, recover.high)
        choke.append(ChokeGiven(region, found.window_months, ends, found.single, found.pairs, found.unpriced))
    scenarios, gaps = [], []
    for path in ready_files(model.project, "scenarios"):
        try:
            scenarios.append(given_of(model, what_if(model, path)))
        except ScenarioDoesNotFitError as error:
            gaps.append(ScenarioGap(read_scenario(path, model.words).title.model_dump(), error.products))
    return DisruptionGiven(tuple(choke), tuple(scenarios), tuple(gaps))
