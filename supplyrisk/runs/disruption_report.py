"""What the report says on disruptions: choke points of the focus regions and every ready scenario."""

from __future__ import annotations

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.yaml_reader import read_yaml
from supplyrisk.network.model import Network
from supplyrisk.report.disruption_chapter import ChokeGiven, DisruptionGiven
from supplyrisk.runs.chokepoints import choke_points
from supplyrisk.runs.disruption_run import disruption_model
from supplyrisk.runs.project import Project
from supplyrisk.runs.quarterly import Run, chain_of
from supplyrisk.runs.whatif import what_if
from supplyrisk.runs.whatif_view import given_of


def disruption_given(project: Project, run: Run, network: Network) -> DisruptionGiven:
    """Choke points of every focus region and all ready scenarios on the network of a run.

    A scenario that does not fit what was known on the day (a product that is a gap) becomes a gap with its reason; a
    mistake in a scenario file is still an ``InputError``.
    """
    model = disruption_model(project, run.package, chain_of(project, run.package), run.focus, network)
    choke = []
    for region in run.focus:
        found = choke_points(model, region)
        choke.append(ChokeGiven(region, found.window_months, found.single, found.pairs, found.unpriced))
    scenarios, gaps = [], []
    for path in sorted((project.models / "scenarios").glob("*.yaml")):
        try:
            scenarios.append(given_of(model, what_if(model, path)))
        except InputError as error:
            if not network.gaps:
                raise
            title = read_yaml(path).data["title"]
            gaps.append({language: f"{title[language]}: {error}" for language in ("en", "nl")})
    return DisruptionGiven(tuple(choke), tuple(scenarios), tuple(gaps))
