"""Series of shares that cover the study's years and a recent year: world output by publisher, imports of the EU."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from supplyrisk.network.trade_content import PRIOR_USE, content_trade
from supplyrisk.scores.criticality.assumptions import CarriedShares
from supplyrisk.scores.criticality.carried import ShareSeries
from supplyrisk.scores.supply import supplies
from supplyrisk.tables.vintage import IS_KNOWN

IMPORTS = "imports"
"""Name of the series of EU imports."""

NO_HEADING = "no_trade_heading"
OTHER_GOODS = "heading_holds_other_goods"
NO_TRADE_OF_BOTH_ENDS = "no_trade_of_both_ends"


@dataclass(frozen=True)
class DrawnWith:
    """How shares are drawn: log width by quality grade, seed, number of draws; what each code is (kind)."""

    kinds: Mapping[str, str]
    widths: Mapping[str, float]
    seed: int
    draws: int


def output_series(
    production: pl.DataFrame, product: str, rules: CarriedShares, this_year: int, with_draws: DrawnWith
) -> list[ShareSeries]:
    """Series of world output, the one that goes furthest first; empty where no publisher covers both ends.

    ``production``: marked with ``is_known``. Of each publisher (``rules.publishers``) and year the first of its
    editions that has the year whole and names the makers of nearly all of it. Shares of the study's years are a mean
    over years; those of late are of the last year, which may lie ``rules.years_behind`` before ``this_year``.
    """
    own = production.filter((pl.col("product_id") == product) & (pl.col("iso3") != "WLD"))
    found = [one for name in rules.publishers if (one := _of_publisher(own, name, rules, this_year, with_draws))]
    return sorted(found, key=lambda one: -one.year)


def _of_publisher(
    own: pl.DataFrame, name: str, rules: CarriedShares, this_year: int, with_draws: DrawnWith
) -> ShareSeries | None:
    chosen = dict(_whole_years(own, rules.publishers[name], rules.largest_unnamed_share, with_draws.kinds))
    first, last = rules.reference_years
    reference = [year for year in chosen if first <= year <= last]
    latest = max(chosen, default=last)
    if len(reference) < rules.fewest_reference_years or latest <= last or latest < this_year - rules.years_behind:
        return None
    before = _mean_shares([_named(chosen[year], with_draws.kinds) for year in reference])
    (supply,) = supplies(chosen[latest], with_draws.kinds, with_draws.widths, with_draws.seed, with_draws.draws)
    rows = [row for year in reference for row in chosen[year]["row_id"]]
    drawn = supply.share_draws / supply.share_draws.sum(axis=0)
    return ShareSeries(
        name,
        (min(reference), max(reference)),
        (latest, latest),
        before,
        dict(zip(supply.countries, (supply.shares / supply.shares.sum()).tolist(), strict=True)),
        dict(zip(supply.countries, drawn, strict=True)),
        (*rows, *supply.row_ids),
    )


def _whole_years(
    own: pl.DataFrame, editions: Sequence[str], largest_unnamed: float, kinds: Mapping[str, str]
) -> Iterator[tuple[int, pl.DataFrame]]:
    """Rows by year, of the first edition that has it whole; years in which too much is unnamed are left out."""
    rank = {edition: position for position, edition in enumerate(editions)}
    of_publisher = own.filter(pl.col("edition").is_in(list(editions)))
    is_known: dict[tuple[int, int], bool] = {}
    made: dict[tuple[int, int], float] = {}
    named: dict[tuple[int, int], float] = {}
    columns = of_publisher.select("year", "edition", "iso3", "value", IS_KNOWN)
    for year, edition, code, value, known in columns.iter_rows():
        key = (year, rank[edition])
        is_known[key] = is_known.get(key, True) and known
        made[key] = made.get(key, 0.0) + (value or 0.0)
        named[key] = named.get(key, 0.0) + (value or 0.0) * (kinds.get(code) == "country")
    least = 1.0 - largest_unnamed
    whole = [key for key in made if is_known[key] and made[key] > 0.0 and named[key] >= least * made[key]]
    frames = of_publisher.drop(IS_KNOWN).partition_by("year", "edition", as_dict=True)
    for year in sorted({year for year, _ in whole}):
        yield year, frames[year, editions[min(place for other, place in whole if other == year)]]


def _named(rows: pl.DataFrame, kinds: Mapping[str, str]) -> dict[str, float]:
    """Shares of countries in what countries make."""
    values: dict[str, float] = {}
    for code, value in rows.select("iso3", "value").iter_rows():
        if kinds.get(code) == "country":
            values[code] = values.get(code, 0.0) + (value or 0.0)
    total = sum(values[code] for code in sorted(values))
    return {code: values[code] / total for code in sorted(values)} if total else {}


def _mean_shares(years: Sequence[Mapping[str, float]]) -> dict[str, float]:
    countries = sorted({country for shares in years for country in shares})
    return {country: sum(shares.get(country, 0.0) for shares in years) / len(years) for country in countries}


@dataclass(frozen=True)
class ImportTables:
    """Where EU imports are read: ``eu_imports`` (before), ``trade`` (of late), ``hs_content``; members of the EU."""

    eu_imports: pl.DataFrame
    trade: pl.DataFrame
    hs_content: pl.DataFrame
    members: Collection[str]
    unit_value_ratio: float

    def of_product(self, product: str) -> ImportTables:
        """The same with trade and content cut down to the headings of one product."""
        content = self.hs_content.filter(pl.col("product_id") == product)
        traded = [
            self._trade_of[heading,] for heading in content["hs6"].unique().sort() if (heading,) in self._trade_of
        ]
        return replace(self, trade=pl.concat(traded) if traded else self.trade.clear(), hs_content=content)

    # Split once: a filter over the whole table for every product would take most of the time.
    @cached_property
    def _trade_of(self) -> dict[tuple[object, ...], pl.DataFrame]:
        return self.trade.partition_by("hs6", as_dict=True)


def import_series(
    tables: ImportTables, product: str, rules: CarriedShares, this_year: int, with_draws: DrawnWith
) -> ShareSeries | str:
    """Shares of countries outside the EU in what its members buy from there, by tonnes in the product's own unit.

    Means over the study's years and over the last ``rules.import_years`` years known, all after the study's and the
    newest at most ``rules.years_behind`` before ``this_year``: one year of a small trade swings. Headings are those of
    ``hs_content`` whose tonnes count (``use`` = prior). Only where none of them carries other goods or another stage,
    and where in each of these years every heading is there and a country outside is named; else a word for the reason.
    Trade has no draws here.
    """
    codes = tables.hs_content.filter((pl.col("product_id") == product) & (pl.col("use") == PRIOR_USE))
    if codes.is_empty():
        return NO_HEADING
    if (codes["shared"] | (codes["carried_stage"] != product)).any():
        return OTHER_GOODS
    headings = set(codes["hs6"])
    before_rows = _with_content(tables, product, codes)
    first, last = rules.reference_years
    reference = [
        int(str(year))
        for (year,), rows in before_rows.group_by(["year"], maintain_order=True)
        if set(rows["hs6"]) == headings and first <= int(str(year)) <= last
    ]
    of_late = list(_late_years(tables, product, headings, rules, this_year, with_draws.kinds))
    newest = max((year for year, _, _ in of_late), default=last)
    if (
        len(reference) < rules.fewest_reference_years
        or len(of_late) < rules.import_years
        or newest < this_year - rules.years_behind
    ):
        return NO_TRADE_OF_BOTH_ENDS
    used = before_rows.filter(pl.col("year").is_in(reference))
    earlier = [_named(rows, with_draws.kinds) for _, rows in used.group_by("year", maintain_order=True)]
    if not all([*earlier, *(shares for _, shares, _ in of_late)]):
        return NO_TRADE_OF_BOTH_ENDS
    after = _mean_shares([shares for _, shares, _ in of_late])
    drawn = {country: np.full(with_draws.draws, share) for country, share in after.items()}
    return ShareSeries(
        IMPORTS,
        (min(reference), max(reference)),
        (min(year for year, _, _ in of_late), newest),
        _mean_shares(earlier),
        after,
        drawn,
        (*used["row_id"], *(row for _, _, rows in of_late for row in rows)),
    )


def _with_content(tables: ImportTables, product: str, codes: pl.DataFrame) -> pl.DataFrame:
    rows = tables.eu_imports.filter(pl.col("product_id") == product).join(codes.select("hs6", "content"), on="hs6")
    return rows.select(
        "row_id", "hs6", "year", iso3=pl.col("exporter_iso3"), value=pl.col("quantity_t") * pl.col("content")
    ).sort("year", "row_id")


def _late_years(
    tables: ImportTables,
    product: str,
    headings: Collection[str],
    rules: CarriedShares,
    this_year: int,
    kinds: Mapping[str, str],
) -> Iterator[tuple[int, dict[str, float], tuple[str, ...]]]:
    """The last years known after those of the study, newest first: year, shares of countries outside, rows."""
    count = 0
    known = set(tables.trade["year"])
    for asked in (year for year in range(this_year, rules.reference_years[1], -1) if year in known):
        if count == rules.import_years:
            return
        found = content_trade(tables.trade, tables.hs_content, product, asked, tables.unit_value_ratio)
        if found is None or found.year != asked or set(found.codes) != set(headings):
            continue
        outside = found.flows.filter(
            pl.col("importer_iso3").is_in(list(tables.members)) & ~pl.col("exporter_iso3").is_in(list(tables.members))
        ).select(iso3=pl.col("exporter_iso3"), value=pl.col("quantity"))
        count += 1
        yield asked, _named(outside, kinds), found.row_ids
