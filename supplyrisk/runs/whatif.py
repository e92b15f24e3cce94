"""What if: a scenario run through the network, and which assumptions its result hangs on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from supplyrisk.disruption.assumptions import PARAMETERS, DisruptionAssumptions, End
from supplyrisk.disruption.engine import Months, simulate_months
from supplyrisk.disruption.final_use import LOSS_HIGH, LOSS_LOW, SHOWN_DAYS, lost_days
from supplyrisk.disruption.from_scenario import NamedShock, shocks_of
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.outcome import Outcome, outcome_of
from supplyrisk.disruption.parametrise import with_assumptions
from supplyrisk.disruption.running_measures import running_measures
from supplyrisk.disruption.shocks import Shock
from supplyrisk.disruption.supply_graph import Floats
from supplyrisk.mitigation.crowding_out import with_crowding_out
from supplyrisk.runs.disruption_run import DisruptionModel
from supplyrisk.scenario.compose import Scenario

_ENDS: tuple[End, ...] = ("low", "high")


@dataclass(frozen=True)
class WhatIf:
    """A scenario and what came of it.

    ``sensitivity``: region, product_id, parameter, lost_days (with the assumptions as they are), at_low, at_high; None
    where it was not asked for. ``without_lane``: running measures that touch nothing in the network.
    """

    scenario: Scenario
    named: NamedGraph
    shocks: tuple[NamedShock, ...]
    without_lane: tuple[str, ...]
    months: Months
    outcome: Outcome
    sensitivity: pl.DataFrame | None


def what_if(model: DisruptionModel, path: Path, sensitivity: bool = True, crowding_out_share: float = 0.0) -> WhatIf:
    """Run a scenario; with ``sensitivity`` also at both ends of every assumption.

    ``crowding_out_share``: days of own cover that users give up for a day in a public stock of the graph
    (mitigation.crowding_out).
    """
    scenario = model.scenario(path)
    assumptions = model.assumptions.with_fixed(scenario.assumptions, scenario.allocation, scenario.bids)
    bare = model.graph(scenario.base_year)

    def graph_at(own: DisruptionAssumptions) -> NamedGraph:
        at = with_assumptions(bare, own)
        return replace(at, graph=with_crowding_out(at.graph, crowding_out_share))

    named = graph_at(assumptions)
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
    table = _sensitivity(model, scenario, bare, assumptions, graph_at, hits, months) if sensitivity else None
    return WhatIf(scenario, named, tuple(shocks), idle, months, outcome, table)


def _sensitivity(
    model: DisruptionModel,
    scenario: Scenario,
    bare: NamedGraph,
    assumptions: DisruptionAssumptions,
    graph_at: Callable[[DisruptionAssumptions], NamedGraph],
    hits: Sequence[Shock],
    run: Months,
) -> pl.DataFrame:
    """Every parameter at both ends of its range, one at a time.

    The product of a region is the one it lost most days of, an end product if there is one; where less than half a day
    is lost with the assumptions as they are, the one lost most of at any of the ends.
    """
    regions = model.regions(bare)
    varied = [(name, end) for name in PARAMETERS if name not in scenario.assumptions for end in _ENDS]
    lost = {region: {_AS_IS: lost_days(bare, run.unserved, places)} for region, places in regions.items()}

    def unserved_at(case: tuple[str, End]) -> Floats:
        named = graph_at(assumptions.at(*case))
        return simulate_months(named.graph, hits, scenario.horizon_months, named.rules).unserved

    with ThreadPoolExecutor(2) as pool:
        for case, unserved in zip(varied, pool.map(unserved_at, varied), strict=True):
            for region, places in regions.items():
                lost[region][case] = lost_days(bare, unserved, places)
    is_end = np.array([product in model.chain.final_products for product in bare.products])
    rows = []
    for region, days in lost.items():
        most = days[_AS_IS] if days[_AS_IS].max() >= SHOWN_DAYS else np.max(list(days.values()), axis=0)
        ends_first = np.where(is_end, most, 0.0)
        number = int(np.argmax(ends_first if ends_first.max() >= SHOWN_DAYS else most))
        if most[number] > 0.0:
            rows += [
                {
                    "region": region,
                    "product_id": bare.products[number],
                    "parameter": name,
                    "lost_days": float(days[_AS_IS][number]),
                    "at_low": float(days[name, "low"][number]),
                    "at_high": float(days[name, "high"][number]),
                }
                for name in dict.fromkeys(name for name, _ in varied)
            ]
    return pl.DataFrame(rows, schema=_SENSITIVITY).sort(
        pl.col("region"), LOSS_HIGH - LOSS_LOW, pl.col("parameter"), descending=[False, True, False]
    )


_AS_IS = ("", "value")
_SENSITIVITY = {
    "region": pl.String, "product_id": pl.String, "parameter": pl.String, "lost_days": pl.Float64,
    "at_low": pl.Float64, "at_high": pl.Float64,
}  # fmt: skip
