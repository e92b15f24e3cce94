"""The way to more European value in a project's batteries: plan, cases, and what the answer hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from supplyrisk.chain.specification import RangedAssumption
from supplyrisk.disruption.assumptions import End
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.foundation.errors import NotKnown, NotKnownError
from supplyrisk.foundation.units import DAYS_PER_YEAR, MONTHS_PER_YEAR
from supplyrisk.mitigation.path_measure import part_that_touches, path_measure
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.value_path_assumptions import ValuePathAssumptions, read_value_path_assumptions
from supplyrisk.mitigation.value_path_options import ENDS, Ends, PathAnswer, PathQuestion, find_path
from supplyrisk.mitigation.value_path_tables import (
    CASE_ROWS,
    NO_FIGURE,
    NO_NEED,
    OUT_OF_REACH,
    PATH,
    SENSITIVITY,
    VALUE_OF,
    ValuePathTables,
)
from supplyrisk.network.look_through import cut_off
from supplyrisk.network.model import Network
from supplyrisk.network.outlook_plan import CASES, Case
from supplyrisk.network.places import EU_REGION
from supplyrisk.runs.disruption_run import RESTED_ON, row_ids
from supplyrisk.runs.network_run import NetworkRun, latest_values
from supplyrisk.runs.project import Project
from supplyrisk.tables.package import DataPackage

TABLES = (*RESTED_ON, "value_added")
_CHEAP_AND_DEAR: tuple[tuple[End, End], ...] = (("low", "high"), ("high", "low"))
"""Ends of capital cost and utilisation that make capital small, and large."""


def run_value_path(
    run: NetworkRun, package: DataPackage, assumed: ValuePathAssumptions, regions: tuple[str, ...]
) -> ValuePathTables:
    """All of it for regions in focus; package opened with ``TABLES``.

    Raises ``InputError`` where the target, the batteries of its year or what goes into them were not known on the day.
    """
    day, packs = package.as_of, run.network.chain.bundle
    rows = package.table("policy_targets").filter(pl.col("row_id") == assumed.target)
    if rows.is_empty():
        raise NotKnownError(f"The target {assumed.target} was not known on {day}. Choose a later --as-of.", "target")
    target, year = float(rows["value"][0]) / 100.0, int(rows["year"][0])
    if cut_off(run.outlook.centre, packs):
        raise NotKnownError(
            f"The batteries of {year} or what goes into them were not known in full on {day}.", "batteries", year=year
        )
    left = year + 0.5 - _in_years(package.as_of)
    ranges = {
        product: RangedAssumption(value=value, low=low, high=high, basis="derived")
        for product, value, low, high in latest_values(package.frames["value_added"])
        .select("product_id", "value", "low", "high")
        .drop_nulls()
        .iter_rows()
    }
    path, cases, sensitivity, answers, capex_range = [], [], [], {}, {}
    for region in regions:
        question = PathQuestion(region, packs, target, left, assumed)
        centre = find_path(run.outlook.centre, question, run.values)
        if centre is None:
            continue
        answers[region] = centre
        path += _path_rows(run.outlook.centre, region, centre, assumed)
        cases += [
            (region, _case(network), network.home_preference, *_told(network, question, run.values))
            for network in (run.outlook.centre, *run.outlook.bounds)
        ]
        ends = [
            _told(run.outlook.centre, question, run.values, Ends({"capex_eur": dear, "utilisation": used}))[2]
            for dear, used in _CHEAP_AND_DEAR
        ]
        if ends[0] is not None and ends[1] is not None:
            capex_range[region] = (ends[0], ends[1])
        sensitivity += _sensitivity_rows(run, question, ranges)
    return ValuePathTables(
        target,
        year,
        max(0, round(MONTHS_PER_YEAR * left)),
        pl.DataFrame(path, schema=PATH, orient="row"),
        pl.DataFrame(cases, schema=CASE_ROWS, orient="row"),
        pl.DataFrame(sensitivity, schema=SENSITIVITY, orient="row").sort(
            "region", "reach_swing", "number", "at", descending=[False, True, False, True], nulls_last=True
        ),
        answers,
        capex_range,
    )


def read_assumptions(project: Project, package: DataPackage) -> ValuePathAssumptions:
    """Assumptions of the project; package opened with ``TABLES``."""
    path = project.models / "assumptions" / "value_path.yaml"
    return read_value_path_assumptions(path, package.frames["products"]["product_id"].to_list(), row_ids(package))


@dataclass(frozen=True)
class WayToTarget:
    """The way to the target, or why it was not known; as a measure without the products that it has no maker of."""

    tables: ValuePathTables | NotKnown
    plan: Measure | None
    not_moved: tuple[str, ...]


def way_to_target(
    project: Project, run: NetworkRun, package: DataPackage, regions: tuple[str, ...], bare: NamedGraph
) -> WayToTarget:
    """The way to the target for regions, and its plan on a graph; mistakes in its assumptions are raised."""
    assumed = read_assumptions(project, package)
    try:
        found = run_value_path(run, package, assumed, regions)
    except NotKnownError as error:
        return WayToTarget(error.why, None, ())
    return WayToTarget(found, *measure_of(found, run.network, bare, assumed))


def measure_of(
    found: ValuePathTables, network: Network, bare: NamedGraph, assumed: ValuePathAssumptions
) -> tuple[Measure | None, tuple[str, ...]]:
    """The plan of the EU as a measure on the network of the base year, and the products that it has no maker of."""
    answer = found.answers.get(EU_REGION)
    outside = [code for code, inside in zip(network.places.codes, network.places.in_eu, strict=True) if not inside]
    measure = None if answer is None else path_measure(answer, outside, found.months_left, assumed)
    return (None, ()) if measure is None else part_that_touches(measure, bare)


def _in_years(day: date) -> float:
    return day.year + (day - date(day.year, 1, 1)).days / DAYS_PER_YEAR


def _case(network: Network) -> Case:
    return next(case for case in CASES if network.variant.endswith(case))


def _told(
    network: Network, question: PathQuestion, values: Mapping[str, float], ends: Ends | None = None
) -> tuple[float | None, float | None, float | None]:
    answer = find_path(network, question, values, ends)
    return (None, None, None) if answer is None else (answer.path.share, answer.path.reachable, answer.path.capex)


def _path_rows(
    network: Network, region: str, answer: PathAnswer, assumed: ValuePathAssumptions
) -> list[tuple[object, ...]]:
    plan = answer.path.built
    built = {item.product: item for item in plan or ()}
    whole = sum(item.value_per_unit * item.total for item in answer.products)
    rows: list[tuple[object, ...]] = []
    for item in answer.products:
        own = built.get(item.product)
        without = OUT_OF_REACH if plan is None else NO_NEED
        limit = own.limit if own else without if item.product in assumed.stages else NO_FIGURE
        more = own.output if own else 0.0
        rows.append(
            (
                region,
                item.product,
                item.total,
                network.products[item.product].unit,
                item.inside / item.total,
                None if plan is None else (item.inside + more) / item.total,
                None if plan is None else more,
                None if plan is None else own.capex if own else 0.0,
                item.value_per_unit * item.total / whole,
                limit,
            )
        )
    return rows


def _sensitivity_rows(
    run: NetworkRun, question: PathQuestion, ranges: Mapping[str, RangedAssumption]
) -> list[tuple[object, ...]]:
    """One number at a time at the ends of its range, on the central network; case and home preference on theirs."""
    centre = run.outlook.centre
    by_case = {(_case(network), network.home_preference): network for network in (centre, *run.outlook.bounds)}
    preferences = sorted({preference for case, preference in by_case if case == "central"})
    found: list[tuple[str, End, tuple[float | None, float | None, float | None]]] = []
    for end in ("low", "high"):
        case: Case = end
        found.append(("outlook", end, _told(by_case[case, centre.home_preference], question, run.values)))
        at = preferences[0] if end == "low" else preferences[-1]
        found.append(("home_preference", end, _told(by_case["central", at], question, run.values)))
        found += [(name, end, _told(centre, question, run.values, Ends({name: end}))) for name in ENDS]
        for product, value in ranges.items():
            ends = Ends(value_per_unit={product: getattr(value, end)})
            found.append((f"{VALUE_OF}{product}", end, _told(centre, question, run.values, ends)))
    reach: dict[str, list[float | None]] = {}
    for name, _, (_, reachable, _) in found:
        reach.setdefault(name, []).append(reachable)
    return [
        (question.region, name, end, *told, None if low is None or high is None else abs(high - low))
        for name, end, told in found
        for low, high in [reach[name]]
        if low != high or name in ENDS
    ]
