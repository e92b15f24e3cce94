"""The scores of a project with its network at hand, and the live score under all choices of governance."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from benchmarks.plain_corners import plain_corners
from supplyrisk.runs.assumptions import read_quality_widths
from supplyrisk.runs.config import Config
from supplyrisk.runs.criticality_run import DESIGN_YEARS
from supplyrisk.runs.live_inputs import LiveInputs, live_inputs
from supplyrisk.runs.project import Project
from supplyrisk.runs.project_scores import network_of, score_project
from supplyrisk.scores.criticality.live import LiveScore, live_corners, live_supply_risk
from supplyrisk.scores.criticality.live_core import Governance, LiveInput, RiskTable
from supplyrisk.scores.criticality.reading import Reading
from supplyrisk.scores.criticality.study import governance_by_dimension
from supplyrisk.tables.package import DataPackage

CORNERS_BASE = "live score under 21 choices of governance"

Case = tuple[float, tuple[LiveInput, ...], Reading]


def score_times(
    project: Project, config: Config, package: DataPackage, seconds: Callable[[Callable[[], object]], float]
) -> tuple[dict[str, float], dict[str, str]]:
    """Seconds by name, and the base of each."""
    network = network_of(project, config, package)
    given, cases = _cases(project, config, package)
    choices = _choices(package, given.assumed.reference_governance_year)
    governance = Governance(*(RiskTable.of([choice[end] for choice in choices]) for end in (0, 1)))
    conditions = given.conditions
    timed = {
        "all scores, network at hand": seconds(lambda: score_project(project, config, package, network)),
        CORNERS_BASE: seconds(
            lambda: [live_corners(score, inputs, conditions, governance, reading) for score, inputs, reading in cases]
        ),
        f"{CORNERS_BASE}, plain loops": seconds(
            lambda: [plain_corners(score, inputs, conditions, choices, reading) for score, inputs, reading in cases]
        ),
    }
    return timed, dict.fromkeys(timed, CORNERS_BASE)


def _cases(project: Project, config: Config, package: DataPackage) -> tuple[LiveInputs, list[Case]]:
    """Every material with a live score: published score, inputs and reading."""
    widths = read_quality_widths(project.models / "assumptions" / "quality_width.yaml")
    given = live_inputs(project, package, widths, config.seed, config.draws)
    edition, cases = given.assumed.reference_edition, []
    for row in package.table("eu_assessment").iter_rows(named=True):
        stage, members = given.members(row)
        if row["edition"] != edition or row["supply_risk"] is None or stage is None or not members:
            continue
        choices = given.choices(members, stage)
        if not isinstance(choices, str):
            live = live_supply_risk(row["supply_risk"], choices[0], given.conditions)
            if isinstance(live, LiveScore):
                cases.append((float(row["supply_risk"]), choices[0], live.reading))
    return given, cases


def _choices(package: DataPackage, study_year: int) -> list[tuple[Mapping[str, float], Mapping[str, float]]]:
    """Governance of the study and of today, by indicator and latest years."""
    governance = package.table("governance")
    of_study = governance_by_dimension(governance, study_year)
    years = governance["year"].unique().sort(descending=True).head(DESIGN_YEARS)
    return [
        (of_study[name], risks) for year in years for name, risks in governance_by_dimension(governance, year).items()
    ]
