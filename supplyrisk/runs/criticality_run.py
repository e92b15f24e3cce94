"""Criticality scores of a project: which product stands for which material today, and where the EU gets it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl

from supplyrisk.network.draws import direct_draws
from supplyrisk.network.places import EU_REGION, EU_UNSPECIFIED, REST_OF_WORLD
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.runs.project import Project
from supplyrisk.scores.concentration import HHI_SCALE, residual_contribution
from supplyrisk.scores.criticality.assumptions import LiveSupplyRisk, read_live_supply_risk
from supplyrisk.scores.criticality.design import designs, standings
from supplyrisk.scores.criticality.live import Conditions, LiveInput, LiveScore, MixToday, live_supply_risk
from supplyrisk.scores.criticality.restrictions import Restriction, restrictions_in_force
from supplyrisk.scores.criticality.rows import NO_PUBLISHED_SCORE, live_rows, published_rows, standing_rows
from supplyrisk.scores.criticality.study import governance_by_dimension, governance_of_year, study_mix
from supplyrisk.scores.governance import latest_governance_risk
from supplyrisk.scores.supply import Supply, supplies
from supplyrisk.scores.table import Basis, ScoreRow
from supplyrisk.tables.editions import choose_score_edition
from supplyrisk.tables.package import DataPackage

TABLES = ("eu_assessment", "eu_sourcing", "eu_material_uses", "export_restrictions")

NO_PRODUCT = "no_product_of_the_material"
NO_SUPPLY_TODAY = "no_supply_known"
DESIGN_YEARS = 3
"""Latest years of governance that the design varies over."""

NO_STUDY_SHARES = "no_shares_in_the_study"


def criticality_scores(
    project: Project,
    package: DataPackage,
    network: NetworkRun | None,
    widths: Mapping[str, float],
    seed: int,
    draws: int,
    restrictions_on: date | None = None,
) -> Iterator[ScoreRow]:
    """Official scores of every edition known, and with a network the live score of every material of the reference.

    ``restrictions_on``: another day than that of ``package`` from which export restrictions are looked at.
    """
    assessment = package.table("eu_assessment")
    yield from published_rows(assessment)
    if network is None:
        return
    materials, products = package.table("materials"), package.table("products")
    path = project.models / "assumptions" / "live_supply_risk.yaml"
    assumed = read_live_supply_risk(path, set(materials["material_id"]), set(products["product_id"]))
    live = _Live(package, network, assumed, widths, seed, draws, restrictions_on or package.as_of)
    scored = assessment.filter(
        (pl.col("edition") == assumed.reference_edition) & pl.col("score_level").is_in(["own", "group"])
    ).sort("material_id")
    found = [live.scored(row) for row in scored.iter_rows(named=True)]
    for one in found:
        yield from live_rows(one.material, one.product, one.stage, one.basis, one.live)
    yield from _design_rows(live, [one for one in found if isinstance(one.live, LiveScore)])


@dataclass(frozen=True)
class _Scored:
    """A material of the reference edition with its live score, or the reason why there is none."""

    material: str
    product: str | None
    stage: str | None
    published: float
    inputs: tuple[LiveInput, ...]
    basis: Basis
    live: LiveScore | str


def _design_rows(live: _Live, scored: Sequence[_Scored]) -> Iterator[ScoreRow]:
    """How often each material with a live score is in the top ten, over designs and over draws."""
    governance = live.package.table("governance")
    years = governance["year"].unique().sort(descending=True).head(DESIGN_YEARS)
    every = designs(
        governance_by_dimension(governance, live.assumed.reference_governance_year),
        {str(year): governance_by_dimension(governance, year) for year in years},
    )
    found = standings(
        {one.material: one.published for one in scored},
        {one.material: one.inputs for one in scored},
        {one.material: one.live for one in scored if isinstance(one.live, LiveScore)},
        live.conditions,
        every,
    )
    for one in scored:
        yield from standing_rows(one.material, one.product, one.stage, one.basis, found.get(one.material))


@dataclass(frozen=True)
class _Live:
    package: DataPackage
    network: NetworkRun
    assumed: LiveSupplyRisk
    widths: Mapping[str, float]
    seed: int
    draws: int
    restrictions_on: date

    def scored(self, row: Mapping[str, object]) -> _Scored:
        """Live score of one material or group of the reference edition."""
        material = str(row["material_id"])
        stage, members = self._members(row)
        product = members[material] if members.keys() == {material} else None
        given = [self._input(member, stage, standing) for member, standing in members.items() if stage is not None]
        inputs = tuple(found for found in given if isinstance(found, LiveInput))
        reason = next((found for found in given if isinstance(found, str)), None)
        if row["supply_risk"] is None:
            reason = NO_PUBLISHED_SCORE
        elif not members or stage is None:
            reason = NO_PRODUCT
        if reason is not None:
            return _Scored(material, product, stage, 0.0, (), Basis(), reason)
        published = float(str(row["supply_risk"]))
        found = live_supply_risk(published, inputs, self.conditions)
        basis = self._basis(str(row["row_id"]), members, inputs, found)
        return _Scored(material, product, stage, published, inputs, basis, found)

    def _basis(
        self, row_id: str, members: Mapping[str, str], inputs: Sequence[LiveInput], found: LiveScore | str
    ) -> Basis:
        if not isinstance(found, str) and found.reading.supply_data == "global":
            sourcing = "world_supply_alone"
        else:
            sourcing = "eu_mix_of_network" if all(one.eu_now is not None for one in inputs) else "eu_mix_of_study"
        supply = [self._supplies[name] for name in members.values()]
        editions = "+".join(dict.fromkeys(one.edition for one in supply))
        governance_rows = [r for one in inputs for r in self._governance_rows(one)]
        row_ids = [row_id, *(r for one in inputs for r in one.row_ids), *governance_rows]
        return Basis(
            max(one.year for one in supply),
            f"ec_{self.assumed.reference_edition}+{editions}+{sourcing}",
            max("C", *(one.quality for one in supply)),
            list(dict.fromkeys(row_ids)),
        )

    def _members(self, row: Mapping[str, object]) -> tuple[str | None, dict[str, str]]:
        """Stage, and the product that stands for each member; a material is its own only member."""
        material = str(row["material_id"])
        group, chosen = self.assumed.groups.get(material), self.assumed.products.get(material)
        if group is not None:
            return group.stage, dict(group.members)
        if chosen is not None:
            return chosen.stage, {material: chosen.product}
        if row["stage"] is None:
            return None, {}
        stage = str(row["stage"])
        of_material = self.package.table("products").filter(
            (pl.col("ec_material_id") == material) & (pl.col("material_id") == material) & (pl.col("ec_stage") == stage)
        )
        return stage, {material: of_material["product_id"][0]} if of_material.height == 1 else {}

    def _input(self, member: str, stage: str, product: str) -> LiveInput | str:
        edition, sourcing = self.assumed.reference_edition, self.package.table("eu_sourcing")
        of_world = study_mix(sourcing, edition, member, stage, "global_supply")
        if of_world is None:
            return NO_STUDY_SHARES
        supply = self._supplies.get(product)
        if supply is None:
            return NO_SUPPLY_TODAY
        names = self._names_of(member, product)
        return LiveInput(
            of_world,
            study_mix(sourcing, edition, member, stage, "eu_sourcing"),
            _today(supply),
            self._eu_today(product),
            tuple(measure for measure in self._restrictions if measure.covers(names, product)),
        )

    def _names_of(self, member: str, product: str) -> set[str]:
        """Materials that a measure may name to cover the product.

        The member and what it belongs to; for a product that is another form (bauxite of aluminium) that form alone.
        """
        own = self._material_of[product]
        if own is not None and own != member and member in self.assumed.products:
            return {own}
        names, name = set(), member
        while name:
            names.add(name)
            name = self._parents.get(name) or ""
        return names

    def _eu_today(self, product: str) -> MixToday | None:
        """Mix of EU use by country of making, where the network rests on trade; else None."""
        flows = self.network.network.products.get(product)
        if flows is None or flows.evidence != "trade" or not flows.use_place_known:
            return None
        places = self.network.network.places
        used = np.where(places.in_eu, flows.demand, 0.0)
        if used.sum() <= 0.0:
            return None
        volumes = flows.mix @ used
        drawn = direct_draws(self.network.drawn, product, used)
        shares, draws = volumes / volumes.sum(), drawn / drawn.sum(axis=0)
        unnamed = np.array([code in (EU_UNSPECIFIED, REST_OF_WORLD) for code in places.codes])
        named = ~unnamed & (shares > 0.0)
        smallest = float(shares[named].min()) if named.any() else 0.0
        return MixToday(
            tuple(code for code, keep in zip(places.codes, named, strict=True) if keep),
            shares[named],
            draws[named],
            float(residual_contribution(shares[unnamed], smallest)) / HHI_SCALE,
            residual_contribution(draws[unnamed], np.full(draws.shape[1], smallest)) / HHI_SCALE,
            flows.input_row_ids,
        )

    def _governance_rows(self, given: LiveInput) -> Sequence[str]:
        countries = set(given.global_now.countries)
        rows = self._latest_governance.filter(pl.col("iso3").is_in(list(countries)))["row_ids"]
        return [str(row) for rows_of_country in rows for row in rows_of_country]

    @cached_property
    def _latest_governance(self) -> pl.DataFrame:
        return latest_governance_risk(self.package.table("governance"))

    @cached_property
    def conditions(self) -> Conditions:
        """Governance, members and t at the central design."""
        governance = self.package.table("governance")
        return Conditions(
            governance_of_year(governance, self.assumed.reference_governance_year),
            dict(self._latest_governance.select("iso3", "governance_risk").iter_rows()),
            self._eu_members,
            self.assumed.trade_parameter,
        )

    @cached_property
    def _eu_members(self) -> frozenset[str]:
        countries = self.package.table("countries")
        return frozenset(countries.filter(pl.col("eu27") & (pl.col("kind") == "country"))["iso3"])

    @cached_property
    def _restrictions(self) -> list[Restriction]:
        return restrictions_in_force(
            replace(self.package, as_of=self.restrictions_on).table("export_restrictions"),
            self.restrictions_on,
            date.fromisoformat(self.assumed.restrictions_seen_until),
            self._eu_members | {EU_REGION},
        )

    @cached_property
    def _parents(self) -> Mapping[str, str | None]:
        return dict(self.package.table("materials").select("material_id", "parent_id").iter_rows())

    @cached_property
    def _material_of(self) -> Mapping[str, str | None]:
        return dict(self.package.table("products").select("product_id", "material_id").iter_rows())

    @cached_property
    def _supplies(self) -> Mapping[str, Supply]:
        chosen = choose_score_edition(self.package.marked_table("production"), self.package.table("edition_choice"))
        standing = set(self.package.table("products").filter(pl.col("ec_material_id").is_not_null())["product_id"])
        kinds = dict(self.package.table("countries").select("iso3", "kind").iter_rows())
        rows = chosen.filter(pl.col("product_id").is_in(list(standing)))
        return {one.product_id: one for one in supplies(rows, kinds, self.widths, self.seed, self.draws)}


def _today(supply: Supply) -> MixToday:
    drawn = supply.share_draws
    smallest = supply.smallest_named
    lowest = drawn[supply.shares > 0.0].min(axis=0) if smallest > 0.0 else np.zeros(supply.residual_draws.shape[1])
    return MixToday(
        supply.countries,
        supply.shares,
        drawn,
        float(residual_contribution(supply.residual_shares, smallest)) / HHI_SCALE,
        residual_contribution(supply.residual_draws, lowest) / HHI_SCALE,
        supply.row_ids,
    )
