"""Targets of policy of the EU with measures of a project in place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from supplyrisk.foundation.errors import NotKnownError
from supplyrisk.mitigation.compliance import (
    asked_targets,
    compliance_rows,
    secondary_shares,
    stated_content,
    widened,
    with_content,
    with_more_recycled,
)
from supplyrisk.mitigation.specification import Recycling
from supplyrisk.network.draws import NetworkDraws
from supplyrisk.network.places import EU_REGION
from supplyrisk.runs.assumptions import read_thresholds
from supplyrisk.runs.measured_networks import Measured, MeasuredNetworks
from supplyrisk.runs.project import Project
from supplyrisk.runs.recycling_run import RecyclingModel, recycling, recycling_model
from supplyrisk.runs.scoring import stages_of
from supplyrisk.runs.stage_capacity_run import stage_capacity_scores
from supplyrisk.scores.single_country import single_country_table, strategic_products
from supplyrisk.scores.sourcing import sourcing_scores
from supplyrisk.scores.strategic_materials import strategic_entries
from supplyrisk.scores.table import ScoreRow, score_table
from supplyrisk.scores.target_measures import TargetInputs
from supplyrisk.scores.targets import targets_table
from supplyrisk.scores.value_share import NetworkRange, value_scores
from supplyrisk.tables.package import DataPackage

_SAME = 1e-9
"""Difference of shares up to which they are the same but for rounding."""


@dataclass(frozen=True)
class TargetsOfMeasures:
    """Targets worked out as for `supplyrisk targets` (scores.targets), on the network of the base year.

    ``package`` opened with quarterly.QUERY_TABLES and recycling_run.TABLES; ``recycled``: by measure, what it changes
    in recycling. What other measures give to makers from scrap is content that they ask for.
    """

    networks: MeasuredNetworks
    package: DataPackage
    project: Project
    recycled: Mapping[str, Sequence[Recycling]]

    def rows(self, measure: str, own: Measured, at_ends: Sequence[Measured]) -> Iterator[tuple[object, ...]]:
        """Rows in ``compliance.COMPLIANCE`` of one set of measures; ``at_ends``: with idle capacity at its ends."""
        then = widened(self._after(own), [self._after(one) for one in at_ends])
        materials = dict(self._targets.select("target_id", "material_ids").drop_nulls().iter_rows())
        yield from compliance_rows(measure, self._before, then, materials)

    def _after(self, own: Measured) -> pl.DataFrame:
        shares = secondary_shares(own.measures)
        if not own.changed and not shares:
            return self._before
        other = self._bought_elsewhere(own)
        kept = self._single_before.filter(~pl.col("product_id").is_in(other))
        new = self._single(own.drawn, other)
        single = pl.concat([kept, new]).sort("share", "product_id", descending=[True, False], nulls_last=True)
        asking = [one for one in own.measures if one.measure_id not in self.recycled]
        stated = stated_content(self._targets, asking, self._strategic, self.package.as_of)
        table = self._table(own.drawn, own.range, single, shares)
        return with_content(table, self._targets, self._content_with(own), stated)

    @cached_property
    def _strategic(self) -> Mapping[str, str]:
        return strategic_products(self.package.table("products"), self.package.table("materials"))

    @cached_property
    def _targets(self) -> pl.DataFrame:
        return asked_targets(self.package.table("policy_targets"))

    def _bought_elsewhere(self, own: Measured) -> list[str]:
        """Strategic products of which the EU buys other shares from its suppliers; of all others none moves."""
        inside = own.network.places.in_eu
        found = []
        for product in sorted(own.changed & self._strategic.keys()):
            before, after = (
                network.products[product].flows[:, inside].sum(axis=1)
                for network in (self.networks.run.network, own.network)
            )
            apart = np.abs(before / max(before.sum(), 1e-300) - after / max(after.sum(), 1e-300))
            if apart.max() > _SAME:
                found.append(product)
        return found

    @cached_property
    def _single_before(self) -> pl.DataFrame:
        return self._single(self.networks.drawn, self._strategic)

    @cached_property
    def _before(self) -> pl.DataFrame:
        found = self._table(self.networks.drawn, self.networks.run.range, self._single_before, {})
        return with_content(found, self._targets, self._content, {})

    @cached_property
    def _recycling(self) -> RecyclingModel | None:
        """Recycling of batteries; None where sales or makers were not known on the day."""
        try:
            return recycling_model(self.project, self.networks.run, self.package)
        except NotKnownError:
            return None

    @cached_property
    def _content(self) -> pl.DataFrame | None:
        return self._won_back(())

    def _content_with(self, own: Measured) -> pl.DataFrame | None:
        every = [change for one in own.measures for change in self.recycled.get(one.measure_id, ())]
        changes = [change for change in every if change.goods == "batteries"]
        return self._won_back(changes) if changes else self._content

    def _won_back(self, changes: Sequence[Recycling]) -> pl.DataFrame | None:
        """Metal won back from batteries with some measures of recycling; None where that was not known on the day."""
        model = self._recycling
        if model is None:
            return None
        numbers = {name: number for change in changes for name, number in change.set_numbers.items()}
        limited = all(change.capacity != "enough" for change in changes)
        try:
            changed = replace(model, assumed=model.assumed.model_copy(update=numbers))
            return recycling(changed, limited).supply
        except NotKnownError:
            return None

    def _single(self, drawn: NetworkDraws, products: Collection[str]) -> pl.DataFrame:
        """The largest share of one third country in what the EU buys of ``products``."""
        limit = read_thresholds(self.project.models / "assumptions" / "thresholds.yaml")["single_country_share"]
        known = [name for name in products if name in drawn.network.products]
        rows = [row for name in known for row in sourcing_scores(drawn, name, "", EU_REGION)]
        table, package = self.package.table, self.package
        asked = table("products").filter(pl.col("product_id").is_in(list(products)))
        scores = score_table((replace(row, draws=None) for row in rows), package.as_of)
        sourcing = table("eu_sourcing")
        return single_country_table(scores, asked, table("materials"), table("countries"), sourcing, EU_REGION, limit)

    def _table(
        self, drawn: NetworkDraws, networks: NetworkRange, single: pl.DataFrame, shares: Mapping[str, float]
    ) -> pl.DataFrame:
        run = replace(self.networks.run, range=networks, drawn=drawn)
        chain, stages = run.network.chain, stages_of(self.package)
        rows: list[ScoreRow] = list(stage_capacity_scores(run, self.package, [EU_REGION]))
        rows += value_scores(networks, chain.bundled, chain.bundle, run.values, run.value_row_ids, EU_REGION, stages)
        return targets_table(
            self._targets,
            TargetInputs(
                score_table(rows, self.package.as_of),
                single,
                self.package.table("products"),
                self.package.table("materials"),
                with_more_recycled(
                    self.package.table("eol_rir"),
                    self._of_materials(shares),
                    strategic_entries(self.package.table("materials")),
                ),
                {},
            ),
        )

    def _of_materials(self, shares: Mapping[str, float]) -> dict[str, float]:
        """The largest of the shares of the products of each strategic material."""
        found: dict[str, float] = {}
        for product, share in shares.items():
            material = self._strategic.get(product)
            if material is not None:
                found[material] = max(found.get(material, 0.0), share)
        return found
