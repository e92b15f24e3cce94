"""Series of shares in what the EU buys outside, that cover the study's years and the latest ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from supplyrisk.network.trade_content import (
    PRIOR_USE,
    UsableTrade,
    mended_trade,
    usable_trade,
    with_mended_weights,
)
from supplyrisk.scores.criticality.assumptions import CarriedShares
from supplyrisk.scores.criticality.carried import ShareSeries
from supplyrisk.scores.criticality.share_series import DrawnWith, mean_shares, named_shares

IMPORTS = "imports"
"""Name of the series of EU imports."""

NO_HEADING = "no_trade_heading"
OTHER_GOODS = "heading_holds_other_goods"
NO_TRADE_OF_BOTH_ENDS = "no_trade_of_both_ends"


@dataclass(frozen=True)
class Bought:
    """What the EU bought in a year: headings seen; by row the exporter outside, the quantity and the row."""

    year: int
    headings: frozenset[str]
    exporters: Sequence[str]
    quantities: Sequence[float]
    row_ids: Sequence[str]

    def shares(self, kinds: Mapping[str, str]) -> dict[str, float]:
        """Shares of countries outside in what countries sold."""
        return named_shares(self.exporters, self.quantities, kinds)


@dataclass(frozen=True)
class ImportTables:
    """Where EU imports are read: ``eu_imports`` (before), ``trade`` (of late), ``hs_content``; members of the EU."""

    eu_imports: pl.DataFrame
    trade: pl.DataFrame
    hs_content: pl.DataFrame
    members: Collection[str]
    unit_value_ratio: float

    # All products at once: a filter over whole tables for each of them would take most of the time.
    @cached_property
    def codes_of(self) -> Mapping[str, pl.DataFrame]:
        """Rows of ``hs_content`` whose tonnes count (``use`` = prior), by product."""
        codes = self.hs_content.filter(pl.col("use") == PRIOR_USE).partition_by("product_id", as_dict=True)
        return {str(product): rows for (product,), rows in codes.items()}

    @cached_property
    def before(self) -> Mapping[str, Sequence[Bought]]:
        """Years of ``eu_imports`` by product, oldest first, without those in which a flow has no weight to be found."""
        codes = self.hs_content.filter(pl.col("use") == PRIOR_USE).select("product_id", "hs6", "content")
        weighed = with_mended_weights(self.eu_imports, self.unit_value_ratio).select("row_id", "mended_t")
        rows = (
            self.eu_imports.filter(pl.col("quantity_t").is_null() | (pl.col("quantity_t") > 0.0))
            .join(codes, on=["product_id", "hs6"])
            .join(weighed, on="row_id", how="left")
            .sort("product_id", "year", "row_id")
        )
        by_year = rows.group_by("product_id", "year", maintain_order=True).agg(
            pl.col("hs6").unique(),
            "exporter_iso3",
            (pl.col("mended_t") * pl.col("content")).alias("quantity"),
            "row_id",
        )
        found: dict[str, list[Bought]] = {}
        whole = by_year.filter(~pl.col("quantity").list.eval(pl.element().is_null()).list.any())
        for product, year, headings, *rest in whole.iter_rows():
            found.setdefault(product, []).append(Bought(year, frozenset(headings), *rest))
        return found

    @cached_property
    def of_late(self) -> Mapping[str, UsableTrade]:
        """Trade by product."""
        return usable_trade(mended_trade(self.trade, self.unit_value_ratio), self.hs_content)

    def bought_in(self, product: str, year: int) -> Bought:
        """What members bought outside in a year of ``of_late``."""
        traded, members = self.of_late[product], list(self.members)
        into_region = pl.col("importer_iso3").is_in(members) & ~pl.col("exporter_iso3").is_in(members)
        rows = traded.rows.filter((pl.col("year") == year) & into_region).sort("row_id")
        quantities = (rows["mended_t"] * rows["content"]).to_list()
        row_ids = rows["row_id"].to_list()
        return Bought(year, traded.codes_of[year], rows["exporter_iso3"].to_list(), quantities, row_ids)


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
    codes = tables.codes_of.get(product)
    if codes is None:
        return NO_HEADING
    if (codes["shared"] | (codes["carried_stage"] != product)).any():
        return OTHER_GOODS
    headings = frozenset(codes["hs6"])
    before = tables.before.get(product, ())
    first, last = rules.reference_years
    reference = [one for one in before if one.headings == headings and first <= one.year <= last]
    of_late = _late_years(tables, product, headings, rules, this_year)
    newest = max((one.year for one in of_late), default=last)
    if (
        len(reference) < rules.fewest_reference_years
        or len(of_late) < rules.import_years
        or newest < this_year - rules.years_behind
    ):
        return NO_TRADE_OF_BOTH_ENDS
    earlier, later = ([one.shares(with_draws.kinds) for one in years] for years in (reference, of_late))
    if not all([*earlier, *later]):
        return NO_TRADE_OF_BOTH_ENDS
    after = mean_shares(later)
    drawn = {country: np.full(with_draws.draws, share) for country, share in after.items()}
    return ShareSeries(
        IMPORTS,
        (reference[0].year, reference[-1].year),
        (of_late[-1].year, newest),
        mean_shares(earlier),
        after,
        drawn,
        tuple(row for one in (*reference, *of_late) for row in one.row_ids),
    )


def _late_years(
    tables: ImportTables, product: str, headings: frozenset[str], rules: CarriedShares, this_year: int
) -> list[Bought]:
    """The last years known after those of the study in which every heading is there, newest first."""
    traded = tables.of_late.get(product)
    after_study = [
        year
        for year, found in ({} if traded is None else traded.codes_of).items()
        if rules.reference_years[1] < year <= this_year and found == headings
    ]
    return [tables.bought_in(product, year) for year in sorted(after_study, reverse=True)[: rules.import_years]]
