"""Networks of a project: inputs from the data package, the base year, its bounds, and the outlook."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.chain import Chain
from supplyrisk.network.build import NetworkInputs, anchor_range, build_networks
from supplyrisk.network.draws import NetworkDraws, draw_network
from supplyrisk.network.look_through import used_in
from supplyrisk.network.model import Network
from supplyrisk.network.outlook import OutlookTables, outlook_inputs
from supplyrisk.network.outlook_plan import CASES, OutlookPlan
from supplyrisk.runs.network_inputs import BASE_YEAR, network_inputs, outlook_plan
from supplyrisk.runs.project import Project
from supplyrisk.scores.origin import origin_scores
from supplyrisk.scores.outlook import OUTLOOK_CASES, outlook_scores
from supplyrisk.scores.sourcing import REGION_METRICS, sourcing_scores
from supplyrisk.scores.table import Basis, ScoreRow
from supplyrisk.scores.value_share import NetworkRange, value_scores
from supplyrisk.tables.package import DataPackage


@dataclass(frozen=True)
class NetworkRun:
    """The network of the base year at the calibrated home preference and its bounds, with draws.

    ``values``: EUR of value added per unit of product with the rows they come from; ``bundles``: end products that are
    looked through, by the name they go under; ``outlook``: the network of 2030 in its central case, and in every case
    at the calibrated home preference and its bounds.
    """

    inputs: NetworkInputs
    range: NetworkRange
    drawn: NetworkDraws
    preference_range: tuple[float, float]
    values: Mapping[str, float]
    value_row_ids: tuple[str, ...]
    bundles: Mapping[str, tuple[str, ...]]
    outlook: NetworkRange
    outlook_gaps: Mapping[str, str]

    @property
    def is_whole(self) -> bool:
        """Whether it holds the bounds of the base year and the outlook."""
        return bool(self.range.bounds)

    @property
    def network(self) -> Network:
        """The network at the calibrated home preference."""
        return self.range.centre


def run_network(
    project: Project, package: DataPackage, chain: Chain, seed: int, draws: int, whole: bool = True
) -> NetworkRun:
    """Build the network of the base year with its draws; the ``whole`` also holds its two bounds and the outlook."""
    inputs = network_inputs(project, package, chain, BASE_YEAR)
    plan = outlook_plan(project, package, chain) if whole else None
    assumed = inputs.assumptions.home_preference
    ends = (assumed.low, assumed.high) if whole else ()
    network, *bounds = build_networks(inputs, (inputs.home_preference, *ends))
    preference_range = anchor_range(inputs, network)
    values = latest_values(package.frames["value_added"])
    outlook, outlook_gaps = (
        (NetworkRange(network, ()), {}) if plan is None else _outlook(plan, package, inputs, network)
    )
    return NetworkRun(
        inputs=inputs,
        range=NetworkRange(network, tuple(bounds)),
        drawn=draw_network(inputs, network, preference_range, seed, draws),
        preference_range=preference_range,
        values=dict(values.select("product_id", "value").iter_rows()),
        value_row_ids=tuple(values["row_id"].sort()),
        bundles=bundles_of(network),
        outlook=outlook,
        outlook_gaps=outlook_gaps,
    )


def _outlook(
    plan: OutlookPlan, package: DataPackage, inputs: NetworkInputs, network: Network
) -> tuple[NetworkRange, Mapping[str, str]]:
    """Networks of the outlook year in every case, each at the calibrated home preference and its two bounds."""
    tables = OutlookTables(package.table("production_outlook"), package.table("demand"))
    assumed = inputs.assumptions.home_preference
    built: list[Network] = []
    gaps: dict[str, str] = {}
    for case in CASES:
        found = outlook_inputs(inputs, network, plan, tables, case)
        gaps |= dict(found.gaps)
        built += build_networks(found.inputs, (network.home_preference, assumed.low, assumed.high))
    return NetworkRange(built[0], tuple(built[1:]), OUTLOOK_CASES, f"outlook_{plan.year}"), gaps


def latest_values(table: pl.DataFrame) -> pl.DataFrame:
    """Value added per unit of the latest year of each product."""
    return table.sort("product_id", "year").group_by("product_id", maintain_order=True).last()


def bundles_of(network: Network) -> dict[str, tuple[str, ...]]:
    """What is looked through: packs of all chemistries together, and every other product that is made from another."""
    chain = network.chain
    found = {chain.bundled: chain.bundle}
    for product in chain.products:
        if product in network.products and chain.inputs[product] and product not in chain.bundle:
            found[product] = (product,)
    return found


def network_scores(
    run: NetworkRun, regions: Sequence[str], stages: Mapping[str, str], products: Collection[str] = ()
) -> Iterator[ScoreRow]:
    """Every score that rests on the network, for each focus region; without bounds and outlook where it has none.

    ``products``: looked through only where one of them is behind (none: everywhere); these scores have no rank.
    """
    for region in regions:
        for product in run.network.products:
            yield from sourcing_scores(run.drawn, product, stages[product], region)
        for product, reason in run.network.gaps.items():
            for metric in REGION_METRICS:
                yield ScoreRow(metric, product, stages[product], Basis(), None, scope=region, missing_reason=reason)
        for name, ends in run.bundles.items():
            used = used_in(run.network, ends, region)
            if used and is_looked_through(run.network, name) and _holds_one(run.network.chain, ends, products):
                yield from origin_scores(run.drawn, name, ends, used, region, stages)
        if not run.is_whole:
            continue
        name, packs = run.network.chain.bundled, run.network.chain.bundle
        yield from value_scores(run.range, name, packs, run.values, run.value_row_ids, region, stages)
        yield from value_scores(run.outlook, name, packs, run.values, run.value_row_ids, region, stages)
        yield from outlook_scores(run.outlook, name, packs, region, stages)


def _holds_one(chain: Chain, ends: Collection[str], products: Collection[str]) -> bool:
    """Whether one of ``products`` is among ``ends`` or behind them; true without any."""
    behind = {name for end in ends for name in (end, *chain.above(end))}
    return not products or not behind.isdisjoint(products)


def is_looked_through(network: Network, name: str) -> bool:
    """Cells, cathodes and other parts of the battery are inside its look-through and not repeated on their own."""
    if name == network.chain.bundled:
        return True
    return network.products[name].use_place_known and network.products[name].evidence == "trade"
