"""Headline scores of a project with each measure in place, on the draws of its network."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from supplyrisk.mitigation.changed_supply import supply_after
from supplyrisk.mitigation.origin_values import origin_values
from supplyrisk.mitigation.score_changes import NOT_REACHED, score_rows
from supplyrisk.mitigation.score_values import (
    VALUE_SCORE,
    ScoreKey,
    ScoreValue,
    Values,
    index_values,
    sourcing_values,
    world_values,
)
from supplyrisk.mitigation.specification import Stockpile
from supplyrisk.network.draws import NetworkDraws
from supplyrisk.network.look_through import used_in
from supplyrisk.network.model import Network
from supplyrisk.network.places import WORLD
from supplyrisk.runs.assumptions import read_quality_widths
from supplyrisk.runs.headline import index_parts
from supplyrisk.runs.measured_networks import Measured, MeasuredNetworks
from supplyrisk.runs.network_run import is_looked_through
from supplyrisk.runs.project import Project
from supplyrisk.scores.governance import latest_governance_risk
from supplyrisk.scores.headline_index import IndexPart
from supplyrisk.scores.supply import Supply, supplies
from supplyrisk.scores.value_share import USED, NetworkRange, value_scores
from supplyrisk.scores.world import concentration_scores
from supplyrisk.tables.editions import choose_score_edition
from supplyrisk.tables.package import DataPackage


@dataclass(frozen=True)
class ScoresOfMeasures:
    """Works scores out anew where a measure moves something, and keeps all others as they are.

    ``package`` opened with quarterly.NETWORK_TABLES; ``seed``: that of the scores, so that draws are the same.
    """

    networks: MeasuredNetworks
    package: DataPackage
    project: Project
    focus: tuple[str, ...]
    seed: int

    def rows(self, measure: str, own: Measured, at_ends: Sequence[Measured]) -> Iterator[tuple[object, ...]]:
        """Rows in ``score_changes.SCORES`` of one set of measures: the world, then the regions in focus.

        ``at_ends``: the same with idle capacity at its ends.
        """
        only_stocks = all(isinstance(change, Stockpile) for one in own.measures for change in one.file.changes)
        world, *world_ends = (self._world_after(one) for one in (own, *at_ends))
        before = {key: value for key, value in self._world.items() if key.product_id in self._network.products}
        yield from score_rows(WORLD, measure, before, world, world_ends, only_stocks)
        for region in self.focus:
            found, *ends = (
                self._region_after(one, region, of_world)
                for one, of_world in zip((own, *at_ends), (world, *world_ends), strict=True)
            )
            yield from score_rows(region, measure, self._regions[region], found, ends, only_stocks)

    @property
    def _network(self) -> Network:
        return self.networks.run.network

    @property
    def _drawn(self) -> NetworkDraws:
        return self.networks.drawn

    @cached_property
    def _parts(self) -> Sequence[IndexPart]:
        return index_parts(self.project)

    @cached_property
    def _supplies(self) -> Mapping[str, tuple[Supply, float]]:
        """Supply of every product of the network with its output, as in the scores."""
        chosen = choose_score_edition(self.package.marked_table("production"), self.package.table("edition_choice"))
        chosen = chosen.filter(pl.col("product_id").is_in(list(self._network.products)))
        kinds = dict(self.package.table("countries").select("iso3", "kind").iter_rows())
        widths = read_quality_widths(self.project.models / "assumptions" / "quality_width.yaml")
        whole = dict(chosen.group_by("product_id").agg(pl.col("value").sum()).iter_rows())
        found = supplies(chosen, kinds, widths, self.seed, self._drawn.draws)
        return {one.product_id: (one, float(whole[one.product_id])) for one in found}

    @cached_property
    def _risks(self) -> Mapping[str, float]:
        latest = latest_governance_risk(self.package.table("governance"))
        return dict(latest.select("iso3", "governance_risk").iter_rows())

    @cached_property
    def _stages(self) -> Mapping[str, str]:
        return dict(self.package.table("products").select("product_id", "stage").iter_rows())

    @cached_property
    def _world(self) -> Values:
        return self._of_world(supply for supply, _ in self._supplies.values())

    def _of_world(self, found: Iterator[Supply]) -> Values:
        return world_values(row for supply in found for row in concentration_scores(supply, "", self._risks, {}))

    def _world_after(self, own: Measured) -> Values:
        def moved() -> Iterator[Supply]:
            for product in sorted(own.changed & self._supplies.keys()):
                supply, whole = self._supplies[product]
                flows = (self._network.products[product], own.network.products[product])
                new = supply_after(supply, whole, *flows, self._network.places)
                if new is not supply:
                    yield new

        return self._of_world(moved())

    @cached_property
    def _regions(self) -> Mapping[str, Values]:
        return {region: self._region(region) for region in self.focus}

    def _region(self, region: str) -> Values:
        network = self._network
        found = sourcing_values(self._drawn, (*network.products, *network.gaps), region)
        for name in self._bundles(network, region):
            found |= self._origin(self._drawn, name, region)
        found |= self._value(self.networks.run.range, region)
        return found | index_values(self._world | found, self._parts, network.products)

    def _region_after(self, own: Measured, region: str, world: Values) -> Values:
        before, changed = self._regions[region], own.changed
        if not changed:
            return {}
        found = sourcing_values(own.drawn, sorted(changed), region)
        for name in self._bundles(self._network, region):
            ends = self.networks.run.bundles[name]
            if changed & self._behind(ends):
                found |= {key: _NOT_REACHED for key in before if key.end_product == name and key.score != VALUE_SCORE}
                found |= self._origin(own.drawn, name, region)
        if changed & self._behind(self._network.chain.bundle):
            found |= self._value(own.range, region)
        return found | index_values(self._world | before | world | found, self._parts, sorted(changed))

    def _behind(self, ends: Collection[str]) -> frozenset[str]:
        chain = self._network.chain
        return frozenset(ends).union(*(chain.above(product) for product in ends))

    def _bundles(self, network: Network, region: str) -> list[str]:
        bundles = self.networks.run.bundles
        return [
            name
            for name, ends in bundles.items()
            if is_looked_through(network, name) and used_in(network, ends, region)
        ]

    def _origin(self, drawn: NetworkDraws, name: str, region: str) -> Values:
        ends = self.networks.run.bundles[name]
        used = used_in(drawn.network, ends, region)
        if not used:
            return {}
        return origin_values(drawn, name, ends, used, region)

    def _value(self, networks: NetworkRange, region: str) -> Values:
        """Part of the value of batteries used in a region that is made in the EU, with the bounds as its ends."""
        end, packs = self._network.chain.bundled, self._network.chain.bundle
        values = self.networks.run.values

        def of(network: Network) -> tuple[float | None, str | None]:
            rows = value_scores(NetworkRange(network, ()), end, packs, values, (), region, self._stages)
            row = next(row for row in rows if row.metric == USED and row.stage is None)
            return row.value, row.missing_reason

        key = ScoreKey(VALUE_SCORE, None, end)
        value, reason = of(networks.centre)
        ends = [of(network)[0] for network in networks.bounds]
        known = tuple(end for end in ends if end is not None)
        return {key: ScoreValue(value, ends=known if len(known) == len(ends) and known else None, reason=reason)}


_NOT_REACHED = ScoreValue(None, reason=NOT_REACHED)
