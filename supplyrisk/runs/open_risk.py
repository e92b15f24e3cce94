"""The model of risk of a command; apart from the disruption model, which needs none of its statistics."""

from __future__ import annotations

from collections.abc import Sequence

from supplyrisk.runs.hazard_run import TABLES, hazards_of
from supplyrisk.runs.open_disruption import open_kept
from supplyrisk.runs.opening import open_project_data
from supplyrisk.runs.project import Project
from supplyrisk.runs.risk_run import RiskModel, risk_model
from supplyrisk.store.kept import kept


def open_risk(
    project: Project,
    quarter: str | None,
    as_of: str | None,
    focus: Sequence[str],
    seed: int | None,
    running: bool = False,
) -> RiskModel:
    """The model of risk of a project as known on a day; ``seed`` None: that of the config.

    Hazards are kept like supply graphs. Raises ``InputError`` where too few events were known.
    """
    opened = open_kept(project, quarter, as_of)
    model = opened.model(focus)
    hazards = kept(
        f"{opened.name}-hazards", lambda: hazards_of(open_project_data(project, opened.config, opened.day, TABLES))
    )
    return risk_model(model, hazards, opened.config.seed if seed is None else seed, running)
