"""What the live supply risk is worked out from: products that stand for materials, series, measures, governance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import polars as pl

from supplyrisk.network.assumptions import read_network_assumptions
from supplyrisk.network.places import EU_REGION
from supplyrisk.runs.project import Project
from supplyrisk.runs.scoring import eu_members, kinds_of
from supplyrisk.scores.criticality.assumptions import LiveSupplyRisk, read_live_supply_risk
from supplyrisk.scores.criticality.carried import CarriedMix, ShareSeries, carry, overlap
from supplyrisk.scores.criticality.import_series import ImportTables, import_series
from supplyrisk.scores.criticality.live_core import Conditions, LiveInput
from supplyrisk.scores.criticality.restrictions import Restriction, restrictions_in_force
from supplyrisk.scores.criticality.share_series import DrawnWith, Outputs, known_outputs, output_series
from supplyrisk.scores.criticality.study import Mix, Scope, governance_of_year, study_mixes
from supplyrisk.scores.governance import latest_governance_risk
from supplyrisk.tables.package import DataPackage

NO_STAGE = "no_stage_seen"
NO_STUDY_SHARES = "no_shares_in_the_study"


def live_assumptions(project: Project, package: DataPackage) -> LiveSupplyRisk:
    """Assumptions of the live supply risk (models/assumptions/live_supply_risk.yaml)."""
    frames = package.frames
    return read_live_supply_risk(
        project.models / "assumptions" / "live_supply_risk.yaml",
        set(frames["materials"]["material_id"]),
        set(frames["products"]["product_id"]),
        {*frames["production"]["edition"], *frames["world_output"]["edition"]},
    )


def usual_unit_value_ratio(project: Project, package: DataPackage) -> float:
    """How far below the usual a tonne may be worth before its weight counts as mistaken (network.yaml)."""
    products, countries = set(package.frames["products"]["product_id"]), set(package.frames["countries"]["iso3"])
    path = project.models / "assumptions" / "network.yaml"
    return read_network_assumptions(path, products, countries).unit_value_ratio.value


def import_tables(package: DataPackage, unit_value_ratio: float) -> ImportTables:
    """What series of EU imports are read from; ``unit_value_ratio``: as ``usual_unit_value_ratio`` gives it."""
    tables = (package.table("eu_imports"), package.table("trade"), package.frames["hs_content"])
    return ImportTables(*tables, eu_members(package), unit_value_ratio)


@dataclass(frozen=True)
class LiveInputs:
    """Mixes, measures and governance of a package; ``restrictions_on``: the day on which measures have to hold."""

    package: DataPackage
    assumed: LiveSupplyRisk
    unit_value_ratio: float
    drawn_with: DrawnWith
    restrictions_on: date

    def members(self, row: Mapping[str, object]) -> tuple[str | None, dict[str, str | None]]:
        """Stage, and the product that stands for each member, if one; a material is its own only member."""
        material = str(row["material_id"])
        group, chosen = self.assumed.groups.get(material), self.assumed.products.get(material)
        if group is not None:
            return group.stage, {**group.members}
        if chosen is not None:
            return chosen.stage, {material: chosen.product}
        if row["stage"] is None and material not in self.assumed.stages:
            return None, {}
        stage = str(row["stage"] or self.assumed.stages[material])
        of_material = self._products_at.get((material, stage), [])
        return stage, {material: of_material[0] if len(of_material) == 1 else None}

    def choices(self, members: Mapping[str, str | None], stage: str) -> tuple[tuple[LiveInput, ...], ...] | str:
        """The members' inputs, the central choice of series first, or the reason why there are none.

        Further choices: the series of other publishers; and, where EU sourcing stands as in the study for want of
        trade, EU sourcing that has moved as the world has.
        """
        found = [self._of_member(member, stage, product) for member, product in members.items()]
        every = [one for one in found if not isinstance(one, str)]
        reason = next((one for one in found if isinstance(one, str)), None)
        if reason is not None:
            return reason
        most = max(len(one) for one in every)
        return tuple(tuple(one[min(choice, len(one) - 1)] for one in every) for choice in range(most))

    def _of_member(self, member: str, stage: str, product: str | None) -> list[LiveInput] | str:
        of_world = self._mixes.get((member, stage, "global_supply"))
        if of_world is None:
            return NO_STUDY_SHARES
        of_eu = self._mixes.get((member, stage, "eu_sourcing"))
        names = self._names_of(member, product)
        measures = tuple(measure for measure in self._restrictions if measure.covers(names, product))
        alone = LiveInput(of_world, of_eu, None, None, measures)
        least = self.assumed.carried.least_overlap
        series = [one for one in self._made(member, stage, product) if overlap(of_world, one) >= least]
        carried_eu = None if of_eu is None or product is None else self._moved_with_imports(of_eu, product)
        found = [replace(alone, global_now=carry(of_world, one), eu_now=carried_eu) for one in series]
        if of_eu is not None and carried_eu is None:
            found += [
                replace(alone, global_now=carry(of_world, one), eu_now=carry(of_eu, one, self._eu_members))
                for one in series
            ]
        return found or [alone]

    def _moved_with_imports(self, of_eu: Mix, product: str) -> CarriedMix | None:
        """EU sourcing carried by imports; None without a series, or where it is of other sellers than the study's."""
        imported = self._imported(product)
        if imported is None or overlap(of_eu, imported, self._eu_members) < self.assumed.carried.least_overlap:
            return None
        return carry(of_eu, imported, self._eu_members)

    def _names_of(self, member: str, product: str | None) -> set[str]:
        """Materials that a measure may name to cover the product.

        The member and what it belongs to; for a product that is another form (bauxite of aluminium) that form alone.
        """
        own = None if product is None else self._material_of[product]
        if own is not None and own != member and member in self.assumed.products:
            return {own}
        names, name = set(), member
        while name:
            names.add(name)
            name = self._parents.get(name) or ""
        return names

    def _made(self, member: str, stage: str, product: str | None) -> list[ShareSeries]:
        """Series of world output: of the material at the stage first, then other editions of the product, if one."""
        key = (member, stage, product)
        if key not in self._output:
            whole = self._world_output_of.get((member, stage), {})
            printed = self._printed_world_output.get((member, stage), frozenset())
            of_product = {} if product is None else self._production_of.get((product,), {})
            others = {key: output for key, output in of_product.items() if key[0] not in printed}
            year = self.package.as_of.year
            self._output[key] = output_series(
                {**others, **whole}, product or member, self.assumed.carried, year, self.drawn_with
            )
        return self._output[key]

    def _imported(self, product: str) -> ShareSeries | None:
        if product not in self._imports:
            year = self.package.as_of.year
            found = import_series(self._import_tables, product, self.assumed.carried, year, self.drawn_with)
            self._imports[product] = None if isinstance(found, str) else found
        return self._imports[product]

    def governance_rows(self, given: LiveInput) -> Sequence[str]:
        """Rows of governance that the mixes rest on, of the study's year and of today."""
        of_study = {country for mix in given.mixes_of_study for country in mix.countries}
        of_today = {country for mix in given.mixes_of_today for country in mix.countries}
        sides = ((self._study_governance_rows_of, of_study), (self._governance_rows_of, of_today))
        return [
            row for rows_of, countries in sides for country in sorted(countries) for row in rows_of.get(country, ())
        ]

    @cached_property
    def _output(self) -> dict[tuple[str, str, str | None], list[ShareSeries]]:
        return {}

    @cached_property
    def _imports(self) -> dict[str, ShareSeries | None]:
        return {}

    # Split once: a filter over the whole table for every product would take most of the time.
    @cached_property
    def _production_of(self) -> Mapping[tuple[str, ...], Outputs]:
        return known_outputs(self.package.marked_table("production"), ("product_id",), self.drawn_with.widths)

    @cached_property
    def _world_output_of(self) -> Mapping[tuple[str, ...], Outputs]:
        by_material = self.package.marked_table("world_output").with_columns(
            low=pl.lit(None, dtype=pl.Float64), high=pl.lit(None, dtype=pl.Float64)
        )
        return known_outputs(by_material, ("material_id", "stage"), self.drawn_with.widths)

    @cached_property
    def _printed_world_output(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """Editions of each material and stage, known or not: the same edition of a product counts once."""
        listed = self.package.frames["world_output"].group_by("material_id", "stage").agg(pl.col("edition").unique())
        return {(material, stage): frozenset(editions) for material, stage, editions in listed.iter_rows()}

    @cached_property
    def _mixes(self) -> Mapping[tuple[str, str, Scope], Mix]:
        return study_mixes(self.package.table("eu_sourcing"), self.assumed.reference_edition)

    @cached_property
    def _products_at(self) -> Mapping[tuple[str, str], list[str]]:
        products = self.package.table("products").filter(pl.col("ec_material_id") == pl.col("material_id"))
        found: dict[tuple[str, str], list[str]] = {}
        for material, stage, product in products.select("material_id", "ec_stage", "product_id").iter_rows():
            found.setdefault((material, stage), []).append(product)
        return found

    @cached_property
    def _import_tables(self) -> ImportTables:
        return import_tables(self.package, self.unit_value_ratio)

    @cached_property
    def _latest_governance(self) -> pl.DataFrame:
        return latest_governance_risk(self.package.table("governance"))

    @cached_property
    def _governance_rows_of(self) -> Mapping[str, list[str]]:
        return dict(self._latest_governance.select("iso3", "row_ids").iter_rows())

    @cached_property
    def _study_governance_rows_of(self) -> Mapping[str, list[str]]:
        of_year = pl.col("year") == self.assumed.reference_governance_year
        found = latest_governance_risk(self.package.table("governance").filter(of_year))
        return dict(found.select("iso3", "row_ids").iter_rows())

    @cached_property
    def conditions(self) -> Conditions:
        """Governance, members and t at the central design."""
        governance = self.package.table("governance")
        return Conditions(
            governance_of_year(governance, self.assumed.reference_governance_year),
            dict(self._latest_governance.select("iso3", "governance_risk").iter_rows()),
            self._eu_members,
            self.assumed.trade_parameter,
            self.drawn_with.draws,
        )

    @cached_property
    def _eu_members(self) -> frozenset[str]:
        return eu_members(self.package)

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


def live_inputs(
    project: Project,
    package: DataPackage,
    widths: Mapping[str, float],
    seed: int,
    draws: int,
    restrictions_on: date | None = None,
) -> LiveInputs:
    """Inputs of a project; ``restrictions_on``: another day than that of ``package`` on which measures have to hold."""
    return LiveInputs(
        package,
        live_assumptions(project, package),
        usual_unit_value_ratio(project, package),
        DrawnWith(kinds_of(package), widths, seed, draws),
        restrictions_on or package.as_of,
    )
