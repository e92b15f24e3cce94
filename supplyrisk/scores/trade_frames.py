"""The trade table as flows of goods: which rows belong to a good, which of them are trusted, and a region's part.

Only whole years of the two kinds of table that hold every partner count: ``reconciled`` (BACI: imports and exports of
all countries) and, for goods without one, ``eu_imports`` (Eurostat: imports of members alone). Shares, press figures
and parts of years make no indicator.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import polars as pl

from supplyrisk.scores.trade_dependency import RegionTrade

RECONCILED, EU_IMPORTS = "reconciled", "eu_imports"
POOL = "ROW"

HEADING_MISSING = "heading_missing_in_year"
YEAR_MISSING = "year_not_in_table"

DOUBTFUL_VALUE = ("unit_value_low", "unit_value_high", "reporting_break")
"""Marks that put the value in doubt. ``tonnage_wrong`` does not: there the weight is mistaken and the value stands."""

SAME_TRADE = frozenset({"252800", "811211"})
"""Headings that repeat another one (252890, 811212) in a second nomenclature: they do not count in a list."""

Flow = tuple[str, str, float]


@dataclass(frozen=True)
class TradedGood:
    """A good and its headings (HS at six digits, or CN at eight where only these are tabled).

    ``name``: the product, or the name of a good that carries several products or none; ``product_id``: None for these.
    """

    name: str
    product_id: str | None
    headings: tuple[str, ...]
    record_kind: str


def tabled(trade: pl.DataFrame) -> pl.DataFrame:
    """Rows that can make an indicator, with ``heading``, ``good`` and ``is_trusted``.

    A heading tabled in both nomenclatures of BACI counts in the older one alone, which has the finer rows.
    """
    kept = trade.filter(
        pl.col("record_kind").is_in([RECONCILED, EU_IMPORTS])
        & pl.col("period").is_null()
        & (pl.col("value_kusd") > 0.0)
        & pl.col("hs6").is_not_null()
        & ~pl.col("exporter_iso3").is_in(["EU27", "WLD"])
        & ~pl.col("importer_iso3").is_in(["EU27", "WLD"])
        & (pl.col("exporter_iso3").eq(POOL) | (pl.col("exporter_iso3") != pl.col("importer_iso3")))
    ).with_columns(
        pl.coalesce("cn8", "hs6").alias("heading"),
        pl.coalesce("product_id", "trade_good").alias("good"),
        (~pl.col("suspect").is_in(DOUBTFUL_VALUE)).fill_null(True).alias("is_trusted"),
    )
    return kept.filter(pl.col("nomenclature") == pl.col("nomenclature").min().over("heading"))


def traded_goods(rows: pl.DataFrame) -> list[TradedGood]:
    """Goods of ``tabled`` rows by name: of each product its headings together; reconciled ones where it has any."""
    listed = rows.select("good", "product_id", "record_kind", "heading").unique()
    products: dict[str, str | None] = {}
    headings: dict[str, dict[str, list[str]]] = {}
    for name, product, kind, heading in listed.sort("good", "heading").iter_rows():
        products[name] = product
        headings.setdefault(name, {}).setdefault(kind, []).append(heading)
    kinds = {name: RECONCILED if RECONCILED in by_kind else EU_IMPORTS for name, by_kind in headings.items()}
    return [TradedGood(name, products[name], tuple(headings[name][kind]), kind) for name, kind in kinds.items()]


def single_headings(rows: pl.DataFrame) -> list[TradedGood]:
    """Every heading of ``tabled`` rows as a good of its own, without those that repeat another."""
    kept = rows.filter(~pl.col("heading").is_in(sorted(SAME_TRADE)))
    listed = kept.select("good", "product_id", "heading", "record_kind").unique().sort("good", "heading", "record_kind")
    return [TradedGood(name, product, (heading,), kind) for name, product, heading, kind in listed.iter_rows()]


def latest_years(rows: pl.DataFrame, good: TradedGood, count: int) -> list[int]:
    """The ``count`` years up to the newest that the table has of this kind of record, oldest first."""
    newest = int(str(rows.filter(pl.col("record_kind") == good.record_kind)["year"].max()))
    return list(range(newest - count + 1, newest + 1))


def rows_of(rows: pl.DataFrame, good: TradedGood) -> pl.DataFrame:
    """Rows of a good, of all years."""
    return rows.filter(
        pl.col("heading").is_in(good.headings)
        & (pl.col("record_kind") == good.record_kind)
        & (pl.col("good") == good.name)
    )


def why_no_indicator(of_year: pl.DataFrame, good: TradedGood) -> str | None:
    """Why the rows of a good in a year make no indicator: there are none, or not of all of its headings."""
    if of_year.is_empty():
        return YEAR_MISSING
    return HEADING_MISSING if of_year["heading"].n_unique() < len(good.headings) else None


def flows_of(rows: pl.DataFrame) -> list[Flow]:
    """Exporter, importer and value of rows."""
    return list(rows.select("exporter_iso3", "importer_iso3", "value_kusd").iter_rows())


def region_trade(flows: Iterable[Flow], members: Collection[str], eu: Collection[str], kind: str) -> RegionTrade:
    """Trade of the region made up of ``members``; ``eu``: members of the EU.

    ``ROW`` at an end is a pool of small flows that hides named countries: what it may add goes to ``unknown``. A pooled
    destination of a region of one country is outside it for certain.
    """
    region, union, alone = frozenset(members), frozenset(eu), len(members) == 1
    imports: dict[str, float] = {}
    extra: dict[str, float] = {}
    world: dict[str, float] = {}
    total = dict.fromkeys(("all_imports", "exports", "all_exports"), 0.0)
    unknown = dict.fromkeys(("imports", "extra_eu", "inside", "exports", "all_exports", "world"), 0.0)
    for exporter, importer, value in flows:
        inward, outward = importer in region, exporter in region
        if exporter == POOL:
            unknown["world"] += value
        else:
            world[exporter] = world.get(exporter, 0.0) + value
        if inward and exporter != POOL:
            total["all_imports"] += value
            if not outward:
                imports[exporter] = imports.get(exporter, 0.0) + value
            if exporter not in union:
                extra[exporter] = extra.get(exporter, 0.0) + value
        elif (inward or importer == POOL) and not (outward and alone):
            unknown["imports"] += 0.0 if outward else value
            unknown["extra_eu"] += 0.0 if exporter in union else value
            unknown["inside"] += value if exporter in union or exporter == POOL else 0.0
        if outward:
            total["all_exports"] += value
            if importer != POOL or alone:
                total["exports"] += 0.0 if inward else value
            else:
                unknown["exports"] += value
        elif exporter == POOL and not (inward and alone):
            unknown["all_exports"] += value
            unknown["exports"] += 0.0 if inward else value
    return RegionTrade(imports, extra, **total, world=world, unknown=unknown, has_exports=kind == RECONCILED)


def rows_used(rows: pl.DataFrame, metric: str, members: Collection[str], eu: Collection[str]) -> pl.DataFrame:
    """Rows of a good that the value of ``metric`` is made from: trusted, with the partners it needs named."""
    return rows.filter(_wanted(metric, frozenset(members), frozenset(eu)))


@cache
def _wanted(metric: str, members: frozenset[str], eu: frozenset[str]) -> pl.Expr:
    region, union = sorted(members), sorted(eu)
    exporter, importer = pl.col("exporter_iso3"), pl.col("importer_iso3")
    named = exporter != POOL
    inward = importer.is_in(region) & named
    from_outside, from_third = inward & ~exporter.is_in(region), inward & ~exporter.is_in(union)
    certain = exporter.is_in(region) & (pl.lit(len(region) == 1) | (importer != POOL))
    wanted = {
        "import_hhi": from_outside,
        "world_export_hhi": named,
        "imports_to_exports": from_outside | (certain & ~importer.is_in(region)),
        "extra_eu_import_hhi": from_third,
        "extra_eu_import_share": inward,
        "extra_eu_imports_to_exports": from_third | exporter.is_in(region),
        "import_dependent_geodep": named,
        "import_dependent_core": inward | exporter.is_in(region),
    }
    return pl.col("is_trusted") & wanted[metric]


def years_of(rows: pl.DataFrame) -> Iterator[tuple[int, pl.DataFrame]]:
    """Rows year by year."""
    for (year,), group in rows.sort("year").group_by(["year"], maintain_order=True):
        yield int(str(year)), group
