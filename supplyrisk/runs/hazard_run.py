"""Hazards of a project: events and makers of its data package, as known on a day or up to a year."""

from __future__ import annotations

from datetime import date

import polars as pl

from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.hazards.events import HitProducts
from supplyrisk.hazards.measures import HOLDING, STOPPING, Measures
from supplyrisk.hazards.model import SMALLEST_SHARE, HazardModel, Makers, Occurrence, fit_hazards, fit_occurrence
from supplyrisk.runs.material_products import mined_of_family, products_of
from supplyrisk.scores.criticality.restrictions import NOT_SURE, state_on
from supplyrisk.tables.checks import check_days
from supplyrisk.tables.editions import choose_score_edition, choose_trend_editions
from supplyrisk.tables.package import DataPackage

TABLES = (
    "countries", "edition_choice", "events", "export_restrictions", "materials", "production", "products",
    "governance", "sources",
)  # fmt: skip


def hazards_of(package: DataPackage) -> HazardModel:
    """Hazards fitted on the events known on the as-of day, with the makers of the scores."""
    production = choose_score_edition(package.marked_table("production"), package.table("edition_choice"))
    fitted = occurrence_of(package, makers_of(package, production), package.as_of)
    return fit_hazards(fitted, measures_of(package).licences)


def occurrence_of(package: DataPackage, makers: Makers, last_day: date) -> Occurrence:
    """Rates and hits fitted on the events known on the as-of day that started up to ``last_day``."""
    return fit_occurrence(known_events(package), chains_of(package), measures_of(package).in_force, makers, last_day)


def measures_of(package: DataPackage) -> Measures:
    """What data/export_restrictions.csv tells of the events that its rows belong to, on the as-of day.

    A measure runs by its dates; one of which it is not known whether it is still applied counts as not running.
    """
    rows = package.table("export_restrictions").filter(
        pl.col("event_no").is_not_null() & (pl.col("subject") == "goods") & pl.col("measure").is_in(STOPPING)
    )
    sure = rows.filter(pl.col("status") != NOT_SURE)
    return Measures(
        frozenset(row["event_no"] for row in sure.to_dicts() if state_on(row, package.as_of) == "in_force"),
        frozenset(rows["event_no"]) - frozenset(rows.filter(pl.col("measure").is_in(HOLDING))["event_no"]),
    )


def chains_of(package: DataPackage) -> HitProducts:
    """Products of the chains that events can be about."""
    return HitProducts(products_of(package), mined_of_family(package))


def known_events(package: DataPackage) -> pl.DataFrame:
    """Rows of data/events.csv known on the as-of day: with at least one source that was public then.

    ``known_from`` of the table waits for the last source of a row; that an event happened is known from the first.
    Raises ``InputError`` with every row that ends before it starts.
    """
    collector = ProblemCollector()
    check_days(package.contracts, {"events": package.frames["events"]}, collector)
    collector.raise_if_any("The events cannot be used")
    sources = package.frames["sources"].select(pl.col("source_id").alias("source_ids"), "published")
    table = package.frames["events"]
    first = (
        table.select("row_id", pl.col("source_ids").str.split(";"))
        .explode("source_ids")
        .filter(~pl.col("source_ids").is_in(sorted(package.exclude_sources)))
        .join(sources, on="source_ids")
        .group_by("row_id")
        .agg(pl.col("published").min())
    )
    known = first.filter(pl.col("published") <= package.as_of)
    return table.join(known.select("row_id"), on="row_id", how="semi", maintain_order="left")


def makers_of(package: DataPackage, production: pl.DataFrame) -> Makers:
    """Makers in rows of production; countries without a name of their own are left out, and count in the whole."""
    kinds = dict(package.table("countries").select("iso3", "kind").iter_rows())
    stages = dict(package.table("products").select("product_id", "stage").iter_rows())
    whole = production.with_columns((pl.col("value") / pl.col("value").sum().over("product_id")).alias("share"))
    shares = {
        (product, country): share
        for product, country, share in whole.select("product_id", "iso3", "share").iter_rows()
        if kinds[country] == "country" and share is not None and share >= SMALLEST_SHARE
    }
    return Makers(shares, stages)


def makers_before(package: DataPackage, year: int) -> Makers:
    """Makers in the last year before ``year`` that the series of each product has, at most three years back.

    Products without a series so early take the makers of the scores: for these a back-test knows more than it should.
    """
    production = package.marked_table("production")
    series = choose_trend_editions(production, package.table("edition_choice"))
    before = series.filter((pl.col("year") < year) & (pl.col("year") >= year - 3))
    latest = before.filter(pl.col("year") == pl.col("year").max().over("product_id"))
    scored = choose_score_edition(production, package.table("edition_choice"))
    others = scored.filter(~pl.col("product_id").is_in(latest["product_id"].unique().implode()))
    columns = ["product_id", "iso3", "value"]
    return makers_of(package, pl.concat([latest.select(columns), others.select(columns)]))
