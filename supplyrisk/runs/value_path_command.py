"""From words on the command line to the way to more European value."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.network.places import EU_REGION
from supplyrisk.runs.mitigate_run import compare_measures
from supplyrisk.runs.open_risk import open_risk
from supplyrisk.runs.opening import Progress, open_package, tell_compiling
from supplyrisk.runs.project_scores import NETWORK_TABLES, network_of
from supplyrisk.runs.risk_run import RiskProgress
from supplyrisk.runs.scoring import regions_of
from supplyrisk.runs.value_path_run import TABLES, measure_of, read_assumptions, run_value_path

_SHOWN_DAYS = 0.01
PATH_VIEWS = ("path", "cases", "sensitivity", "effect")


def run_path(
    folder: Path | None,
    view: str,
    focus: Sequence[str],
    draws: int,
    seed: int | None,
    quarter: str | None,
    as_of: str | None,
    progress: Progress,
) -> tuple[pl.DataFrame, str]:
    """The table of a view, and what has to be read beside it. Raises ``InputError`` where there is no such way."""
    if view not in PATH_VIEWS:
        raise InputError(f"--view: '{view}' is not a view of --value-path. {did_you_mean(view, PATH_VIEWS)}")
    progress("reading the data package")
    names = tuple(dict.fromkeys((*NETWORK_TABLES, *TABLES)))
    project, config, package = open_package(folder, quarter, as_of, names)
    regions = tuple(region.code for region in regions_of(package, focus or config.focus))
    assumed = read_assumptions(project, package)
    progress("building the networks")
    run = network_of(project, config, package)
    found = run_value_path(run, package, assumed, regions)
    if not found.answers:
        raise InputError(f"No batteries of {found.year} are known to be used in {', '.join(regions)}: name --focus.")
    if view != "effect":
        return getattr(found, view), (
            f"Target: {found.target:.0%} European value in batteries used, {found.year}. Capital of new makers in EUR; "
            "other inputs of theirs come from elsewhere unless the plan makes them. Assumptions: "
            "models/assumptions/value_path.yaml.\n"
        )
    if EU_REGION not in found.answers:
        raise InputError(f"--view effect takes the plan of {EU_REGION}: add --focus {EU_REGION}.")
    risk = open_risk(project, quarter, as_of, focus, seed)
    measure, left = measure_of(found, run.network, risk.model.base, assumed)
    if measure is None:
        raise InputError(
            f"There is no plan to simulate: the target is met without, or out of reach by {found.year} "
            "(see --view cases)."
        )
    tell_compiling(progress)
    told = RiskProgress(progress)
    result = compare_measures(risk, [measure], draws, draws, lambda part: told("comparing", part), pairs=False)
    fresh = bool(result.products["confirmed"].any())
    count, sets = (result.leader_draws, result.leader_sets) if fresh else (result.draws, result.sets)
    note = (
        f"The plan of {EU_REGION} in the network of the base year: days of use lost a year, {count} draws over {sets} "
        f"sets of uncertain numbers. Products that change by {_SHOWN_DAYS} days or more.\n"
    )
    if left:
        note += f"Not in it, as no European maker of the base year could grow: {', '.join(left)}.\n"
    changed = result.products.filter(pl.col("change").abs() >= _SHOWN_DAYS)
    return changed.sort("region", "days_before", descending=[False, True]), note
