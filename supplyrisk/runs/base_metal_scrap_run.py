"""Scrap of base metals in the EU, year by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from supplyrisk.disruption.assumptions import End, at_ends
from supplyrisk.foundation.errors import NotKnownError
from supplyrisk.mitigation.base_metal_scrap import MetalScrap, metal_scrap, metal_use
from supplyrisk.mitigation.recycling import treatment_losses
from supplyrisk.mitigation.scrap_assumptions import (
    SCRAP_NUMBERS,
    BaseMetalScrapAssumptions,
    MetalScrapAssumptions,
    read_scrap_assumptions,
)
from supplyrisk.mitigation.scrap_tables import (
    KnownFigure,
    ScrapTables,
    check_rows,
    scrap_tables,
    sensitivity_rows,
    supply_rows,
)
from supplyrisk.mitigation.specification import Recycling
from supplyrisk.network.places import EU_REGION
from supplyrisk.runs.disruption_run import RESTED_ON, row_ids
from supplyrisk.runs.project import Project
from supplyrisk.tables.package import DataPackage

_RATES = ("eu_assessment", "eol_rir")
TABLES = tuple(dict.fromkeys((*RESTED_ON, *_RATES, "recycling", "countries", "products")))


@dataclass(frozen=True)
class ScrapModel:
    """What scrap is worked out from: known output or use by metal and year, and published figures known on the day."""

    assumed: BaseMetalScrapAssumptions
    known: Mapping[str, Mapping[int, float]]
    figures: Mapping[str, KnownFigure]
    as_of: str


def scrap_assumptions(project: Project, package: DataPackage) -> BaseMetalScrapAssumptions:
    """Assumptions of the project; package opened with ``TABLES``."""
    rows = row_ids(package).union(*(package.frames[name]["row_id"] for name in (*_RATES, "recycling")))
    products, editions = package.frames["products"]["product_id"], package.frames["production"]["edition"].unique()
    path = project.models / "assumptions" / "base_metal_scrap.yaml"
    return read_scrap_assumptions(path, products.to_list(), editions.to_list(), rows)


def scrap_model(project: Project, package: DataPackage) -> ScrapModel:
    """The model of a project; package opened with ``TABLES``."""
    assumed = scrap_assumptions(project, package)
    single = dict(
        pl.concat([package.table(name).select("row_id", "value") for name in ("demand", "parameters")]).iter_rows()
    )
    output = _output(package)
    known = {}
    for name, metal in assumed.metals.items():
        if metal.output_editions:
            known[name] = output_by_year(output.filter(pl.col("product_id") == metal.product), metal.output_editions)
        else:
            known[name] = {year: float(single[row]) for year, row in metal.use_rows.items() if row in single}
    return ScrapModel(assumed, known, _figures(package), str(package.as_of))


def output_by_year(output: pl.DataFrame, editions: Sequence[str]) -> dict[int, float]:
    """Tonnes by year; of a year that several of ``editions`` have, those of the one named first.

    ``output``: edition, year and tonnes of one product, a row an edition and year.
    """
    found: dict[int, float] = {}
    for edition in reversed(editions):
        found |= dict(output.filter(pl.col("edition") == edition).select("year", "tonnes").iter_rows())
    return dict(sorted(found.items()))


def base_metal_scrap(model: ScrapModel) -> ScrapTables:
    """All of it; metals of which neither output nor use was known on the day are gaps.

    Raises ``NotKnownError`` where that is so of all.
    """
    supply: list[tuple[object, ...]] = []
    sensitivity: list[tuple[object, ...]] = []
    checks: list[tuple[object, ...]] = []
    assumed = model.assumed
    carried = {name: metal for name, metal in assumed.metals.items() if model.known[name]}
    if not carried:
        raise NotKnownError(
            f"Neither output nor use of base metals in {EU_REGION} was known on {model.as_of}. Choose a later --as-of.",
            "metal_use",
        )
    for name, metal in carried.items():
        scrap = partial(scrap_of, model, name, metal)
        own, ends = scrap({}), at_ends(SCRAP_NUMBERS, scrap)
        stays = metal.exported_share.model_copy(update={"value": 0.0})
        without = scrap_of(model, name, metal.model_copy(update={"exported_share": stays}), {})
        supply += supply_rows(name, own, ends, without, assumed.shown_from)
        sensitivity += sensitivity_rows(name, own, ends, assumed.sensitivity_year)
        checks += check_rows(name, own, ends, metal.published, model.figures)
    return scrap_tables(supply, sensitivity, checks, scrap_gaps(model))


def scrap_gaps(model: ScrapModel) -> dict[str, tuple[str, ...]]:
    """Metals without a model on the day, and what there is no figure of."""
    assumed = model.assumed
    unknown = {name: ("use_today", "use_before") for name in assumed.metals if not model.known[name]}
    return {**unknown, **assumed.gaps}


def more_melted_again(model: ScrapModel, change: Recycling, bought: Mapping[str, float]) -> dict[str, float]:
    """Part of purchases of a metal that what a measure has melted again on top of what is expected makes, by product.

    Tonnes more in the year of the measure / tonnes bought. ``bought``: what the EU buys of each product in the base
    year; it is less than all metal used, of which much is scrap and metal bought in other forms. Raises
    ``NotKnownError`` for a metal without a figure on the day, one whose buyers were not known, and a year beyond those
    worked out.
    """
    assumed, name = model.assumed, change.goods
    if not model.known.get(name) or not assumed.shown_from <= change.year <= assumed.last_year:
        raise NotKnownError(
            f"Scrap of {name} in {EU_REGION} is not known for {change.year} on {model.as_of}.", "metal_use"
        )
    metal = assumed.metals[name]
    if not bought.get(metal.product, 0.0) > 0.0:
        raise NotKnownError(
            f"What {EU_REGION} buys of {metal.product} was not known on {model.as_of}, so what is melted again has no "
            "one to go to.",
            "won_back",
        )
    usual = scrap_of(model, name, metal, {})
    changed = scrap_of(model, name, metal.model_copy(update=change.set_numbers), {})
    more = changed.flows.won_back - usual.flows.won_back
    return {metal.product: float(more[usual.use.years.index(change.year)] / bought[metal.product])}


def scrap_of(model: ScrapModel, name: str, metal: MetalScrapAssumptions, at: Mapping[str, End]) -> MetalScrap:
    """A metal of which output or use is known, with some numbers at an end of their range."""

    def number(word: str) -> float:
        value: float = getattr(getattr(metal, word), at.get(word, "value"))
        return value

    years = tuple(range(model.assumed.first_year, model.assumed.last_year + 1))
    use = metal_use(model.known[name], years, number("use_over_known"), number("growth_before"), number("growth_after"))
    losses = treatment_losses(number, scrap="new_scrap_share")
    return metal_scrap(use, number("left_in_goods"), losses)


def _output(package: DataPackage) -> pl.DataFrame:
    """Output of members of the EU by product, edition and year, where every row of it was known on the day."""
    countries = package.frames["countries"]
    members = countries.filter(pl.col("eu27"))["iso3"].to_list()
    return (
        package.marked_table("production")
        .filter(pl.col("iso3").is_in(members))
        .group_by("product_id", "edition", "year")
        .agg(pl.col("value").sum().alias("tonnes"), pl.col("is_known").all())
        .filter("is_known")
    )


def _figures(package: DataPackage) -> dict[str, KnownFigure]:
    """Figures that may stand beside the model, by row."""
    parameters = package.table("parameters").select("row_id", "value", "low", "high", "subject", "source_ids")
    nothing = pl.lit(None, pl.Float64)
    rates = [
        package.table(name)
        .filter(pl.col("eol_rir_share").is_not_null())
        .select(
            "row_id",
            pl.col("eol_rir_share").alias("value"),
            nothing.alias("low"),
            nothing.alias("high"),
            pl.format("{} of the study of {}", "material_id", "edition").alias("subject"),
            "source_ids",
        )
        for name in _RATES
    ]
    return {
        row["row_id"]: KnownFigure(row["value"], row["low"], row["high"], row["subject"], row["source_ids"])
        for row in pl.concat([parameters, *rates]).iter_rows(named=True)
    }
