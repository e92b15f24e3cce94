"""The simulation of risk on the project's network: the program, and the same draws through plain loops."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from supplyrisk.disruption.reference import simulate_plainly
from supplyrisk.disruption.shocks import Hit, Shock
from supplyrisk.risk.draw_shocks import draw_shocks
from supplyrisk.risk.uncertain import Numbers
from supplyrisk.runs.config import read_config
from supplyrisk.runs.hazard_run import TABLES, hazards_of
from supplyrisk.runs.open_risk import open_risk
from supplyrisk.runs.opening import open_project_data
from supplyrisk.runs.project import Project

DRAWS, PLAIN_DRAWS = 4_000, 2


def risk_times(project: Project, seconds: Callable[[Callable[[], object], int], float]) -> tuple[dict[str, float], str]:
    """Seconds of 4,000 draws of 36 months with causes, and of plain loops scaled up; the name of the base."""
    risk = open_risk(project, None, None, [], None)
    package = open_project_data(project, read_config(project.config_file), risk.model.package.as_of, TABLES)
    one = risk.outer_set(Numbers({}))
    months = risk.assumptions.horizon_months
    drawn = draw_shocks(risk.where, one.hazard, np.arange(PLAIN_DRAWS), months, risk.seed).table

    def plainly() -> None:
        for draw in range(PLAIN_DRAWS):
            shocks = [
                Shock(
                    Hit(int(drawn.hit[row])),
                    tuple(drawn.members[drawn.set_start[drawn.target[row]] : drawn.set_start[drawn.target[row] + 1]]),
                    int(drawn.start[row]),
                    int(drawn.length[row]),
                    float(drawn.severity[row]),
                )
                for row in range(drawn.draw_start[draw], drawn.draw_start[draw + 1])
            ]
            simulate_plainly(one.named.graph, shocks, months, one.named.rules)

    base = "simulated risk, 4,000 draws of 36 months"
    risk.simulate(200, lambda part: None)
    return {
        base: seconds(lambda: risk.simulate(DRAWS, lambda part: None), 1),
        "simulated risk, plain loops": seconds(plainly, 1) * DRAWS / PLAIN_DRAWS,
        "fit the hazards": seconds(lambda: hazards_of(package), 3),
    }, base
