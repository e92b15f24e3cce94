"""What findings and the report need to know of a run's network besides its scores."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from supplyrisk.findings.network import NetworkFacts
from supplyrisk.findings.origin import FOLLOWED
from supplyrisk.network.build_report import build_report
from supplyrisk.network.regional_use import regional_use
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.runs.project_scores import GOAL_TABLE
from supplyrisk.tables.package import DataPackage

ENDS = tuple(dict.fromkeys(followed.end_product for followed in FOLLOWED))
GOAL_METRIC = "european_value_added"


def network_facts(package: DataPackage, run: NetworkRun, regions: Sequence[str], line: float) -> NetworkFacts:
    """The facts of a network run; ``line``: share of one country from which dependence is named."""
    network = run.network
    return NetworkFacts(
        products=build_report(network),
        use=regional_use(network, regions),
        gaps=network.gaps,
        countries=package.table("countries").select("iso3", "kind", "eu27"),
        goal=value_added_goal(package.table(GOAL_TABLE)),
        line=line,
        cut={
            end: tuple(gap for gap in sorted(network.gaps) if set(products) & set(network.chain.below(gap)))
            for end, products in run.bundles.items()
            if end in ENDS
        },
        partly_known_demand=network.partly_known_demand,
    )


def value_added_goal(targets: pl.DataFrame) -> tuple[float, int] | None:
    """European value added in batteries aimed at, as a fraction, and its year; None where no goal was known."""
    rows = targets.filter((pl.col("metric") == GOAL_METRIC) & (pl.col("unit") == "percent")).sort("year")
    if rows.is_empty():
        return None
    row = rows.row(0, named=True)
    return float(row["value"]) / 100.0, int(row["year"])


def network_row_ids(package: DataPackage, run: NetworkRun) -> frozenset[str]:
    """Rows that the network and its goal rest on and that scores do not name: trade, contents, recipes, targets."""
    contents = package.frames["hs_content"].filter(
        pl.col("product_id").is_in(list(run.inputs.trade)) & (pl.col("use") == "prior")
    )
    goals = package.table(GOAL_TABLE).filter(pl.col("metric") == GOAL_METRIC)
    found = {row_id for trade in run.inputs.trade.values() for row_id in trade.row_ids}
    for rows in (contents, package.frames["recipes"], goals, run.inputs.demand):
        found.update(rows["row_id"])
    return frozenset(found)
