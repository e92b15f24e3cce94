"""Scoring a data package: choosing editions, scoring every product, and the gaps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.runs.asked_scores import ALL_SCORES, BY_PRODUCTS, RESERVES, SERIES, TRADE, WORLD, AskedScores
from supplyrisk.scores.by_product import by_product_scores
from supplyrisk.scores.dependency_scores import dependency_scores
from supplyrisk.scores.governance import latest_governance_risk
from supplyrisk.scores.reserves import RESERVE_METRICS, STAGE, reserve_scores
from supplyrisk.scores.series import hhi_series
from supplyrisk.scores.supply import supplies
from supplyrisk.scores.table import Basis, ScoreRow, score_table
from supplyrisk.scores.world import Region, missing_scores, world_scores
from supplyrisk.tables.editions import choose_score_edition, choose_trend_editions, score_gaps
from supplyrisk.tables.package import DataPackage

TABLES = (
    "by_products",
    "by_products_materials",
    "countries",
    "country_names",
    "edition_choice",
    "governance",
    "materials",
    "production",
    "products",
    "reserves",
    "sources",
    "trade",
)


@dataclass(frozen=True)
class Scores:
    """The score table and the production rows that were chosen for it."""

    table: pl.DataFrame
    production: pl.DataFrame


def score_package(
    package: DataPackage,
    focus: Sequence[str],
    widths: Mapping[str, float],
    seed: int,
    draws: int,
    further: Iterable[ScoreRow] = (),
    asked: AskedScores = ALL_SCORES,
) -> Scores:
    """The ``asked`` world scores of every product, as known on the as-of day of ``package``, and ``further`` scores."""
    production = package.marked_table("production")
    choice = package.table("edition_choice")
    chosen = choose_score_edition(production, choice)
    rows = list(further)
    if asked.includes(WORLD):
        gaps = score_gaps(package.table("products"), choice, chosen)
        rows += [*world_rows(package, chosen, focus, widths, seed, draws), *_gaps(package, gaps)]
    if asked.includes(RESERVES):
        rows += _reserves(package, widths, seed, draws)
    if asked.includes(SERIES):
        rows += series_of(package, asked.products)
    if asked.includes(TRADE):
        trade, regions = package.table("trade"), regions_of(package, focus)
        rows += dependency_scores(trade, regions, eu_members(package), stages_of(package))
    if asked.includes(BY_PRODUCTS):
        rows += _by_products(package)
    return Scores(score_table(rows, package.as_of), chosen)


def series_of(package: DataPackage, products: Collection[str] = ()) -> list[ScoreRow]:
    """HHI of every product (of ``products`` if given) and year known, of the editions ranked for trends."""
    production = package.marked_table("production")
    if products:
        production = production.filter(pl.col("product_id").is_in(list(products)))
    trend = choose_trend_editions(production, package.table("edition_choice"))
    return list(hhi_series(trend, kinds_of(package), stages_of(package)))


def kinds_of(package: DataPackage) -> dict[str, str]:
    """What each code of countries.csv is: country, region or rest."""
    return dict(package.table("countries").select("iso3", "kind").iter_rows())


def stages_of(package: DataPackage) -> dict[str, str]:
    """Stage of every product."""
    return dict(package.table("products").select("product_id", "stage").iter_rows())


def eu_members(package: DataPackage) -> frozenset[str]:
    """Member states of the EU, by code."""
    return frozenset(package.table("countries").filter(pl.col("eu27") & (pl.col("kind") == "country"))["iso3"])


def regions_of(package: DataPackage, focus: Sequence[str]) -> list[Region]:
    """Focus regions with their members: EU27 its member states, a country itself."""
    names, members = package.country_names(), eu_members(package)
    codes = [names.resolve(text) for text in focus]
    return [Region(code, members if code == "EU27" else frozenset({code})) for code in codes]


def alert_regions(package: DataPackage, focus: Sequence[str], asked: Sequence[str] | None) -> tuple[str, ...]:
    """Codes of the regions that alerts look at: those asked for, else the first in focus.

    Raises ``InputError`` for one that is not in focus.
    """
    codes = [region.code for region in regions_of(package, focus)]
    if asked is None:
        return (codes[0],)
    found = [region.code for region in regions_of(package, asked)]
    collector = ProblemCollector()
    for position, code in enumerate(found):
        if code not in codes:
            collector.add(
                file="config.yaml",
                where=f"alerts.regions[{position}]",
                message=f"'{asked[position]}' is not in focus",
                mend=f"Add it to focus: or take it out; in focus are {', '.join(codes)}.",
            )
    collector.raise_if_any("The config cannot be used")
    return tuple(dict.fromkeys(found))


def world_rows(
    package: DataPackage, chosen: pl.DataFrame, focus: Sequence[str], widths: Mapping[str, float], seed: int, draws: int
) -> Iterator[ScoreRow]:
    """World scores of the production rows ``chosen``, with the newest governance known."""
    latest = latest_governance_risk(package.table("governance"))
    risks = dict(latest.select("iso3", "governance_risk").iter_rows())
    risk_rows = dict(latest.select("iso3", "row_ids").iter_rows())
    stages, regions = stages_of(package), regions_of(package, focus)
    for supply in supplies(chosen, kinds_of(package), widths, seed, draws):
        yield from world_scores(supply, stages[supply.product_id], risks, risk_rows, regions)


def _gaps(package: DataPackage, gaps: pl.DataFrame) -> Iterator[ScoreRow]:
    stages = stages_of(package)
    for product_id, reason in gaps.select("product_id", "missing_reason").sort("product_id").iter_rows():
        yield from missing_scores(product_id, stages[product_id], reason)


def _reserves(package: DataPackage, widths: Mapping[str, float], seed: int, draws: int) -> Iterator[ScoreRow]:
    """Newest known edition of each extraction product's reserves; a product without one is a gap."""
    known = package.table("reserves")
    latest = known.filter(pl.col("year") == pl.col("year").max().over("product_id"))
    for _, group in latest.group_by("product_id", maintain_order=True):
        yield from reserve_scores(group, kinds_of(package), widths, seed, draws)
    ever = set(package.frames["reserves"]["product_id"])
    have = set(latest["product_id"])
    mined = package.table("products").filter(pl.col("stage") == "extraction")["product_id"]
    for product_id in sorted(set(mined) - have):
        reason = "no_edition_known" if product_id in ever else "no_reserve_figure"
        for metric in RESERVE_METRICS:
            yield ScoreRow(metric, product_id, STAGE, Basis(), None, missing_reason=reason)


def _by_products(package: DataPackage) -> Iterator[ScoreRow]:
    known, materials = package.table("by_products"), package.table("by_products_materials")
    ever = frozenset(package.frames["by_products"]["product_id"])
    ever_materials = frozenset(package.frames["by_products_materials"]["material_id"])
    yield from by_product_scores(known, materials, package.table("products"), ever, ever_materials)
