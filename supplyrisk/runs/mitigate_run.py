"""Measures of a project beside each other: effects on common draws, costs, and euros per avoided euro."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from supplyrisk.disruption.assumptions import PARAMETERS
from supplyrisk.disruption.engine import final_slots, simulate_groups
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.parametrise import with_assumptions
from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.mitigation.apply import Applied, apply_measures
from supplyrisk.mitigation.compare import ALL, Losses, effects
from supplyrisk.mitigation.cost import YearlyCost, read_cost_assumptions, yearly_cost
from supplyrisk.mitigation.read import Measure, read_measures
from supplyrisk.risk.draw_shocks import draw_shocks
from supplyrisk.risk.simulate import groups_of
from supplyrisk.risk.uncertain import drawn_numbers, hazard_at
from supplyrisk.runs.hazard_run import TABLES as HAZARDS
from supplyrisk.runs.hazard_run import hazards_of
from supplyrisk.runs.open_disruption import open_kept
from supplyrisk.runs.opening import Progress, open_project_data, tell_compiling
from supplyrisk.runs.project import Project, find_project
from supplyrisk.runs.risk_run import RiskModel, RiskProgress, risk_model
from supplyrisk.store.kept import kept

VIEWS = ("measures", "products", "pairs")
SETS = 10
"""Sets of uncertain numbers behind the ranges of effects."""

TABLE = {
    "region": pl.String, "measure": pl.String, "avoided": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "avoided_last": pl.Float64, "avoided_cvar95": pl.Float64, "cost": pl.Float64, "cost_low": pl.Float64,
    "cost_high": pl.Float64, "cost_per_avoided": pl.Float64, "lead_months": pl.Int64, "missing_reason": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Mitigation:
    """Measures beside each other.

    ``measures``: a row a region and measure (and all of them together), EUR a year; ``cost_per_avoided``: EUR of
    cost for a euro of expected loss avoided, null where nothing is avoided beyond the range or the cost is not known.
    ``products`` and ``pairs`` as in mitigation.compare.
    """

    measures: pl.DataFrame
    products: pl.DataFrame
    pairs: pl.DataFrame
    draws: int


def find_measures(project: Project, names: Sequence[str]) -> list[Path]:
    """Measure files by path or by name in models/measures; all ready ones where none is named."""
    folder = project.models / "measures"
    ready = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    if not names:
        return list(ready.values())
    found = []
    for text in dict.fromkeys(names):
        path = Path(text)
        if path.suffix in (".yaml", ".yml"):
            if not path.is_file():
                raise InputError(f"{text}: the file does not exist.")
            found.append(path)
        elif text in ready:
            found.append(ready[text])
        else:
            raise InputError(f"'{text}' is neither a file nor a measure of measures/. {did_you_mean(text, ready)}")
    return found


class CommonDraws:
    """Events and sets of uncertain numbers drawn once; every graph with measures meets the same ones.

    Measures change flows and no place or lane, so that what events hit stays where it is.
    """

    def __init__(self, risk: RiskModel, draws: int) -> None:
        self.risk, self.months = risk, risk.assumptions.horizon_months
        self.each = -(-draws // SETS)
        self.numbers = [drawn_numbers(risk.seed, k, len(risk.cells)) for k in range(SETS)]
        self.tables = []
        for number, one in enumerate(self.numbers):
            hazard = hazard_at(risk.hazards, risk.cells, risk.assumptions.copper_loss_share, one)
            own = np.arange(number * self.each, (number + 1) * self.each)
            drawn = draw_shocks(risk.cells, risk.targets, hazard, own, self.months, risk.seed, risk.standing)
            self.tables.append(drawn.table)

    def losses(self, bare: NamedGraph) -> Losses:
        """What final use loses on a graph with measures in place."""
        groups = groups_of(bare, self.risk.model.regions(bare), final_slots(bare.graph), self.risk.model.cut)
        slots = [group.slots for group in groups]
        whole = self.months * np.array([group.demand for group in groups])
        parts = []
        for one, table in zip(self.numbers, self.tables, strict=True):
            quantiles = {name: one.of(name) for name in PARAMETERS}
            named = with_assumptions(bare, self.risk.model.assumptions.at_quantiles(quantiles))
            short = self.risk.assumptions.short_share.value
            found = simulate_groups(named.graph, table, self.months, named.rules, slots, short)
            parts.append(found.lost / whole)
        return Losses(groups, np.repeat(np.arange(SETS), self.each), np.concatenate(parts))


def compare_measures(
    risk: RiskModel,
    measures: Sequence[Measure],
    draws: int,
    progress: Callable[[float], None],
    pairs: bool = True,
) -> Mitigation:
    """Every measure alone, last in, in ``pairs`` and all together, on the same events and uncertain numbers."""
    by_name = {measure.measure_id: measure for measure in measures}
    applied: dict[frozenset[str], Applied] = {}

    def place(names: frozenset[str]) -> Applied:
        if names not in applied:
            applied[names] = apply_measures(risk.model.base, [by_name[name] for name in sorted(names)])
        return applied[names]

    common = CommonDraws(risk, draws)

    def run(names: frozenset[str]) -> Losses:
        return common.losses(place(names).named)

    for name in by_name:
        place(frozenset([name]))  # every measure that touches nothing is told before the first draw
    found, days, couples = effects(run, list(by_name), risk.model.focus, risk.worth, progress, pairs)
    assumed = read_cost_assumptions(risk.model.project.models / "assumptions" / "measures.yaml")
    cost = {
        name: yearly_cost(measure, place(frozenset([name])).held, risk.worth, assumed)
        for name, measure in by_name.items()
    }
    return Mitigation(_table(found, by_name, cost), days, couples, draws)


def _table(found: pl.DataFrame, by_name: dict[str, Measure], cost: dict[str, YearlyCost]) -> pl.DataFrame:
    last = {
        (region, name): avoided
        for region, name, avoided in found.filter(pl.col("how") == "last")
        .select("region", "measures", "avoided")
        .iter_rows()
    }
    rows = []
    for row in found.filter(pl.col("how") != "last").iter_rows(named=True):
        name = row["measures"]
        own = cost.get(name) or _sum_of(list(cost.values()))
        helps = row["low"] > 0.0 and own.value is not None
        rows.append(
            (
                row["region"],
                name,
                row["avoided"],
                row["low"],
                row["high"],
                last.get((row["region"], name), row["avoided"]),
                row["avoided_cvar95"],
                own.value,
                own.low,
                own.high,
                own.value / row["avoided"] if helps and own.value is not None else None,
                max(by_name[one].file.lead_months for one in ([name] if name in by_name else by_name)),
                own.missing_reason or ("" if row["low"] > 0.0 else "nothing_avoided_for_sure"),
            )
        )
    return pl.DataFrame(rows, schema=TABLE, orient="row").sort(
        pl.col("region"), pl.col("measure") == ALL, pl.col("avoided"), pl.col("measure"),
        descending=[False, False, True, False],
    )  # fmt: skip


def _sum_of(costs: Sequence[YearlyCost]) -> YearlyCost:
    if any(cost.value is None for cost in costs):
        return YearlyCost(None, None, None, "some_costs_missing")
    ends = [sum(getattr(cost, end) for cost in costs) for end in ("value", "low", "high")]
    return YearlyCost(*ends)


def run_mitigation(
    folder: Path | None,
    names: Sequence[str],
    view: str,
    focus: Sequence[str],
    draws: int,
    seed: int | None,
    quarter: str | None,
    as_of: str | None,
    progress: Progress,
) -> tuple[pl.DataFrame, str]:
    """The table of a view, and what has to be read beside it. Raises ``InputError`` before anything is simulated."""
    if view not in VIEWS:
        raise InputError(f"--view: '{view}' is not a view of measures. {did_you_mean(view, VIEWS)}")
    project = find_project(folder)
    paths = find_measures(project, names)
    progress("reading the data package")
    opened = open_kept(project, quarter, as_of)
    model = opened.model(focus)
    measures = read_measures(paths, model.words)
    for measure in measures:
        if unknown := sorted(measure.products & model.cut):
            raise InputError(
                f"{measure.measure_id}.yaml: {', '.join(unknown)} or what goes into it had no known maker on "
                f"{model.package.as_of}. Leave the measure out, or choose a later --as-of."
            )
    hazards = kept(
        f"{opened.name}-hazards", lambda: hazards_of(open_project_data(project, opened.config, opened.day, HAZARDS))
    )
    risk = risk_model(model, hazards, opened.config.seed if seed is None else seed)
    tell_compiling(progress)
    told = RiskProgress(progress)
    found = compare_measures(risk, measures, draws, lambda part: told("comparing measures", part))
    note = (
        f"EUR a year, {found.draws} draws over {SETS} sets of uncertain numbers, the same for all; priced products "
        "only. Measures are taken as in place; lead_months says when that can be.\n"
    )
    table = getattr(found, view)
    assert isinstance(table, pl.DataFrame)
    return table, note
