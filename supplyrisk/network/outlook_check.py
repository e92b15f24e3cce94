"""Whether an outlook plan asks for what the chains and the tables hold: a mistyped case must not pass as no output."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from supplyrisk.chain.graph import Chain
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.yaml_reader import YamlDocument, read_yaml
from supplyrisk.network.outlook_plan import CaseGrowth, CaseOutput, DemandRatio, Need, OutlookPlan
from supplyrisk.network.places import WORLD


def check_outlook_plan(path: Path, plan: OutlookPlan, chain: Chain, output: pl.DataFrame, demand: pl.DataFrame) -> None:
    """Raises ``InputError`` with every name of the plan that nothing answers to: line and nearest word.

    ``output`` and ``demand``: the tables whole, whatever the as-of day, so that what is only not known yet passes.
    """
    check = _Check(path.name, read_yaml(path), ProblemCollector())
    check.year("year", plan.year, output)
    check.year("case_base_year", plan.case_base_year, output)
    if plan.case_base_year >= plan.year:
        check.add(("outlook", "case_base_year"), f"{plan.case_base_year} does not lie before {plan.year}", "")
    _check_demand(check, plan, chain, demand)
    for product, method in plan.products.items():
        keys = ("outlook", "products", product)
        own = output.filter((pl.col("product_id") == product) & ~pl.col("recycled"))
        if isinstance(method, CaseGrowth):
            check.name((*keys, "case"), method.case, own["scenario"], f"a case of {product}")
            if method.added is not None:
                there = own.filter(pl.col("year") == plan.year)["scenario"]
                check.name((*keys, "added", "scenario"), method.added.scenario, there, f"a scenario of {product}")
        elif isinstance(method, CaseOutput):
            _check_case_output(check, keys, method, plan, output)
        elif isinstance(method, DemandRatio):
            inputs = chain.inputs[product]
            check.name((*keys, "follows"), method.follows, inputs, f"an input of {product}")
        elif isinstance(method, Need) and method.announced is not None:
            there = own.filter(pl.col("year") == plan.year)["scenario"]
            check.name((*keys, "announced", "scenario"), method.announced.scenario, there, f"a scenario of {product}")
    check.collector.raise_if_any("The outlook cannot be used")


@dataclass(frozen=True)
class _Check:
    file: str
    document: YamlDocument
    collector: ProblemCollector

    def add(self, keys: tuple[str | int, ...], message: str, mend: str) -> None:
        where = f"line {self.document.line_of(keys)}, {'.'.join(str(key) for key in keys)}"
        self.collector.add(file=self.file, where=where, message=message, mend=mend)

    def name(self, keys: tuple[str | int, ...], name: str, allowed: Iterable[str], kind: str) -> None:
        words = set(allowed)
        if name not in words:
            self.add(keys, f"'{name}' is not {kind}", did_you_mean(name, words))

    def year(self, key: str, year: int, table: pl.DataFrame) -> None:
        years = sorted(set(table["year"]))
        if year not in years:
            told = ", ".join(str(known) for known in years)
            self.add(("outlook", key), f"the table production_outlook has no rows of {year}", f"Known: {told}.")


def _check_demand(check: _Check, plan: OutlookPlan, chain: Chain, demand: pl.DataFrame) -> None:
    asked, keys = plan.demand, ("outlook", "demand")
    for kind in ("lfp", "nmc"):
        name = str(getattr(asked.products, kind))
        check.name((*keys, "products", kind), name, chain.products, "a product of the chains")
    check.name((*keys, "output"), asked.output, demand["demand_id"], "an entry of the demand table")
    rows = demand.filter((pl.col("demand_id") == asked.output) & (pl.col("year") == plan.year))
    if rows.is_empty():
        return
    for position, region in enumerate(asked.regions):
        check.name((*keys, "regions", position), region, rows["iso3"], f"a region with demand in {plan.year}")
    for application, chosen in asked.applications.items():
        place = (*keys, "applications", application)
        check.name(place, application, rows["application"], f"an application of {asked.output}")
        own = rows.filter((pl.col("application") == application) & pl.col("iso3").is_in(list(asked.regions)))
        if own.is_empty():
            continue
        for case in ("central", "low", "high"):
            wanted = str(getattr(chosen.case, case))
            check.name((*place, "case", case), wanted, own["scenario"], f"a case of {application}")
        lacking = set(own["iso3"]) - set(own.filter(pl.col("scenario") == chosen.case.central)["iso3"])
        if lacking and chosen.case.central in set(own["scenario"]):
            told = f"{', '.join(sorted(lacking))} has demand in other cases than '{chosen.case.central}'"
            check.add((*place, "case", "central"), told, "Choose a case that every region has.")


def _check_case_output(
    check: _Check, keys: tuple[str, ...], method: CaseOutput, plan: OutlookPlan, output: pl.DataFrame
) -> None:
    check.name((*keys, "output"), method.output, output["output_id"], "an entry of the table production_outlook")
    rows = output.filter((pl.col("output_id") == method.output) & (pl.col("year") == plan.year))
    if rows.is_empty():
        return
    check.name((*keys, "case"), method.case, rows["scenario"], f"a case of {method.output}")
    areas = set(rows.filter(pl.col("scenario") == method.case)["iso3"]) - {None}
    if not areas:
        return
    for area in method.part:
        check.name((*keys, "part", area), area, areas | {WORLD}, f"an area of {method.case}")
    if method.rest_in is not None:
        check.name((*keys, "rest_in"), method.rest_in, areas, f"an area of {method.case}")
    if method.instead is not None:
        for end in ("low", "high"):
            for area, scenario in getattr(method.instead, end).items():
                place = (*keys, "instead", end, area)
                check.name(place, area, areas, f"an area of {method.case}")
                check.name(place, scenario, rows["scenario"], f"a case of {method.output}")
    if method.complement_of is not None:
        split = [name for name, other in plan.products.items() if isinstance(other, CaseOutput) and other.part]
        check.name((*keys, "complement_of"), method.complement_of, split, "a product that takes part of a case")
