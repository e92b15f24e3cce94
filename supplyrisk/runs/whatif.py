"""What if: a scenario run through the network, and which assumptions its result hangs on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from supplyrisk.disruption.assumptions import PARAMETERS, DisruptionAssumptions, End
from supplyrisk.disruption.engine import Months, simulate_months
from supplyrisk.disruption.from_scenario import NamedShock, shocks_of
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.outcome import Masks, Outcome, outcome_of
from supplyrisk.disruption.parametrise import DAYS_OF_MONTH, with_assumptions
from supplyrisk.disruption.running_measures import running_measures
from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.runs.disruption_run import WORLD, DisruptionModel
from supplyrisk.runs.project import Project
from supplyrisk.scenario.compose import Scenario, read_scenario

_ENDS: tuple[End, ...] = ("low", "high")


@dataclass(frozen=True)
class WhatIf:
    """A scenario and what came of it.

    ``limits``: region, product_id, parameter, lost_days (with the assumptions as they are), at_low, at_high: for the
    product each region lost most of. ``without_lane``: running measures that touch nothing in the network.
    """

    scenario: Scenario
    named: NamedGraph
    shocks: tuple[NamedShock, ...]
    without_lane: tuple[str, ...]
    months: Months
    outcome: Outcome
    limits: pl.DataFrame


def find_scenario(project: Project, text: str) -> Path:
    """A scenario by its file, or by its name in models/scenarios. Raises ``InputError`` with the nearest name."""
    path = Path(text)
    if path.suffix in (".yaml", ".yml"):
        if path.is_file():
            return path
        raise InputError(f"{text}: the file does not exist.")
    folder = project.models / "scenarios"
    known = sorted(file.stem for file in folder.glob("*.yaml"))
    if text not in known:
        raise InputError(f"'{text}' is neither a file nor a scenario of {folder.name}/. {did_you_mean(text, known)}")
    return folder / f"{text}.yaml"


def what_if(model: DisruptionModel, path: Path, limits: bool = True) -> WhatIf:
    """Run a scenario; with ``limits`` also at both ends of every assumption."""
    scenario = read_scenario(path, model.words)
    assumptions = model.assumptions.with_fixed(scenario.assumptions, scenario.allocation)
    bare = model.graph(scenario.base_year)
    named = with_assumptions(bare, assumptions)
    shocks = list(shocks_of(named, scenario, model.hazards))
    idle: tuple[str, ...] = ()
    if scenario.running_measures:
        running = running_measures(
            named,
            model.package.table("export_restrictions"),
            model.products_of,
            assumptions.running_measures,
            scenario.base_year,
            model.package.as_of,
            scenario.horizon_months,
        )
        shocks, idle = [*running.shocks, *shocks], running.without_lane
    hits = [shock.shock for shock in shocks]
    months = simulate_months(named.graph, hits, scenario.horizon_months, named.rules)
    outcome = outcome_of(named, months, hits, model.regions(named))
    table = _limits(model, scenario, bare, assumptions, shocks, outcome, months) if limits else _no_limits()
    return WhatIf(scenario, named, tuple(shocks), idle, months, outcome, table)


def most_hit(outcome: Outcome, region: str) -> str | None:
    """The product of which a region lost most days of use: an end product if one fell short, else another.

    Only where the place of use is known; None if nothing was lost.
    """
    known = pl.lit(True) if region == WORLD else pl.col("place_known")
    rows = outcome.final_use.filter((pl.col("region") == region) & (pl.col("lost_quantity") > 0.0) & known)
    ranked = rows.sort(pl.col("use") == "final", "lost_days", "product_id", descending=[True, True, False])
    return None if ranked.is_empty() else str(ranked["product_id"][0])


def _limits(
    model: DisruptionModel,
    scenario: Scenario,
    bare: NamedGraph,
    assumptions: DisruptionAssumptions,
    shocks: Sequence[NamedShock],
    outcome: Outcome,
    months_run: Months,
) -> pl.DataFrame:
    hit = {region: most_hit(outcome, region) for region in model.regions(bare)}
    if not any(hit.values()):
        return _no_limits()
    regions = model.regions(bare)
    lost = {"value": _lost(bare, months_run, regions, hit)}
    hits = [shock.shock for shock in shocks]
    rows = []
    for name in PARAMETERS:
        if name in scenario.assumptions:
            continue
        at = {}
        for end in _ENDS:
            named = with_assumptions(bare, assumptions.at(name, end))
            months = simulate_months(named.graph, hits, scenario.horizon_months, named.rules)
            at[end] = _lost(named, months, regions, hit)
        rows += [
            {
                "region": region,
                "product_id": product,
                "parameter": name,
                "lost_days": lost["value"][region],
                "at_low": at["low"][region],
                "at_high": at["high"][region],
            }
            for region, product in hit.items()
            if product is not None
        ]
    spread = (pl.col("at_high") - pl.col("at_low")).abs()
    return pl.DataFrame(rows, schema=_LIMITS).sort(
        pl.col("region"), spread, pl.col("parameter"), descending=[False, True, False]
    )


def _lost(named: NamedGraph, run: Months, regions: Masks, hit: Mapping[str, str | None]) -> dict[str, float]:
    """Days of use lost of the product that each region was hit most in."""
    found = {}
    for region, product in hit.items():
        if product is not None:
            slots = named.final_slots_of(frozenset({product}), regions[region])
            demand = float(named.graph.slot_demand[slots].sum())
            found[region] = float(run.unserved[slots].sum()) / demand * DAYS_OF_MONTH
    return found


_LIMITS = {
    "region": pl.String, "product_id": pl.String, "parameter": pl.String, "lost_days": pl.Float64,
    "at_low": pl.Float64, "at_high": pl.Float64,
}  # fmt: skip


def _no_limits() -> pl.DataFrame:
    return pl.DataFrame(schema=_LIMITS)
