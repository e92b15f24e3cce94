"""The tables of a run as they are written into the folder of its report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from supplyrisk.foundation.errors import NotKnown
from supplyrisk.report.measures_chapter import MeasuresGiven
from supplyrisk.report.network_given import NetworkGiven
from supplyrisk.report.network_out import network_tables
from supplyrisk.report.output_tables import Output
from supplyrisk.report.risk_chapter import RiskGiven
from supplyrisk.report.tables_out import flat_scores
from supplyrisk.runs.quarterly import Run
from supplyrisk.runs.scoring import stages_of
from supplyrisk.runs.targets_run import TargetsView


def report_tables(run: Run, view: TargetsView, network: NetworkGiven) -> list[Output]:
    """Every table there is on that day: where there is no answer, there is no table."""
    return [
        Output("scores", flat_scores(run.scores.table.drop("is_focus"))),
        *(Output(f"policy_{field.name}", getattr(view, field.name)) for field in fields(view)),
        *(Output("choke_points", choke.single, choke.region) for choke in run.disruption.choke),
        *(Output("whatif", scenario.final_use, scenario.scenario_id) for scenario in run.disruption.scenarios),
        *([] if isinstance(run.measures, NotKnown) else _measures(run.measures)),
        *([] if isinstance(run.risk, NotKnown) else _risk(run.risk)),
        *network_tables(network, stages_of(run.package), run.focus),
    ]


def _measures(given: MeasuresGiven) -> Iterator[Output]:
    yield Output("measures", given.table)
    yield Output("measure_products", given.products)
    yield Output("measure_third_countries", given.third_countries)
    yield Output("measure_timing", given.timing)
    yield Output("measure_market", given.market)
    yield Output("measure_sensitivity", given.sensitivity)
    if not isinstance(given.value_path, NotKnown):
        for name in ("path", "cases", "sensitivity"):
            yield Output(f"value_path_{name}", getattr(given.value_path, name))
    if not isinstance(given.recycling, NotKnown):
        yield Output("recycling", given.recycling.supply)
        yield Output("recycling_capacity", given.recycling.capacity)
    if not isinstance(given.magnets, NotKnown):
        yield Output("recycling_magnets", given.magnets.supply)
    if not isinstance(given.base_metals, NotKnown):
        yield Output("recycling_base_metals", given.base_metals.supply)
        yield Output("recycling_base_metals_checks", given.base_metals.checks)


def _risk(given: RiskGiven) -> Iterator[Output]:
    for name in ("products", "value", "causes", "supply", "forecast"):
        yield Output(f"risk_{name}", getattr(given, name))
    for name in ("results", "reliability", "models"):
        yield Output(f"backtest_{name}", getattr(given.backtest, name))
