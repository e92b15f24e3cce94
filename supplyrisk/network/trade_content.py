"""Trade of a product in the product's own unit: mistaken weights mended, gross tonnes turned into content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Array = NDArray[np.float64]

PRIOR_USE = "prior"
RECONCILED = "reconciled"


@dataclass(frozen=True)
class ContentTrade:
    """Trade of one product in one year.

    ``flows``: exporter_iso3, importer_iso3, quantity (unit of the product, content), one row a pair; ``year``;
    ``mended_tonnes``: gross tonnes taken off flows with a mistaken weight; ``mended_flows``: how many;
    ``row_ids`` of the trade rows used; ``codes``: HS codes; ``value_kusd``: worth of all of it.
    """

    product_id: str
    year: int
    flows: pl.DataFrame
    mended_tonnes: float
    mended_flows: int
    gross_tonnes: float
    codes: tuple[str, ...]
    row_ids: tuple[str, ...]
    value_kusd: float

    @property
    def unit_value(self) -> float | None:
        """Thousand USD for a unit of the product at this stage, mean over all trade; None without any value."""
        quantity = float(self.flows["quantity"].sum())
        return self.value_kusd / quantity if quantity > 0.0 and self.value_kusd > 0.0 else None


@dataclass(frozen=True)
class UsableTrade:
    """Rows of trade of one product with tonnes, all years, with the ``content`` of a tonne; what each year holds.

    ``codes_of``: HS codes by year; of a product without usable trade there is no year.
    """

    product_id: str
    rows: pl.DataFrame
    codes_of: Mapping[int, frozenset[str]]
    unit_value_ratio: float

    @property
    def complete_years(self) -> list[int]:
        """Years in which every code that is ever there has tonnes: else their total would mean something else."""
        most = max((len(codes) for codes in self.codes_of.values()), default=0)
        return sorted(year for year, codes in self.codes_of.items() if len(codes) == most)

    def of_year(self, year: int) -> ContentTrade:
        """Trade of one year that ``codes_of`` has."""
        rows = self.rows.filter(pl.col("year") == year).sort("row_id")
        gross, mended = rows["quantity_t"].to_numpy(), _mended(rows, self.unit_value_ratio)
        off = gross - mended
        flows = (
            rows.with_columns((pl.Series("mended_t", mended) * pl.col("content")).alias("quantity"))
            .group_by("exporter_iso3", "importer_iso3")
            .agg(pl.col("quantity").sum())
            .sort("exporter_iso3", "importer_iso3")
        )
        return ContentTrade(
            product_id=self.product_id,
            year=year,
            flows=flows,
            mended_tonnes=float(off.sum()),
            mended_flows=int((off > 0.0).sum()),
            gross_tonnes=float(gross.sum()),
            codes=tuple(sorted(self.codes_of[year])),
            row_ids=tuple(rows["row_id"]),
            value_kusd=float(rows["value_kusd"].sum()),
        )


def usable_trade(
    trade: pl.DataFrame, hs_content: pl.DataFrame, product_id: str, unit_value_ratio: float
) -> UsableTrade:
    """Trade of a product that counts in tonnes.

    ``trade``: the table of that name as known on the as-of day; ``hs_content``: the codes with ``use`` = prior count,
    each at its central content per tonne.
    """
    codes = hs_content.filter((pl.col("product_id") == product_id) & (pl.col("use") == PRIOR_USE))
    rows = trade.filter(
        pl.col("hs6").is_in(codes["hs6"].implode())
        & (pl.col("record_kind") == RECONCILED)
        & (pl.col("quantity_t") > 0)
        & (pl.col("exporter_iso3") != pl.col("importer_iso3"))
    ).join(codes.select("hs6", "content"), on="hs6")
    listed = rows.group_by("year").agg(pl.col("hs6").unique()).iter_rows()
    return UsableTrade(product_id, rows, {year: frozenset(found) for year, found in listed}, unit_value_ratio)


def content_trade(
    trade: pl.DataFrame, hs_content: pl.DataFrame, product_id: str, year: int, unit_value_ratio: float
) -> ContentTrade | None:
    """Trade of a product, or None where no code of it carries usable tonnes in any year known.

    ``year`` is the year of output; the nearest complete year of trade is taken, an earlier one before a later one. The
    rest as for ``usable_trade``.
    """
    usable = usable_trade(trade, hs_content, product_id, unit_value_ratio)
    years = usable.complete_years
    return usable.of_year(min(years, key=lambda found: (abs(found - year), found > year))) if years else None


def weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    """The value below which half of the weight lies."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, 0.5 * reached[-1])])


def _mended(rows: pl.DataFrame, unit_value_ratio: float) -> Array:
    """Tonnes of each row, or value over the usual unit value where the tonne is worth implausibly little.

    The usual value is the median weighted by tonnes, by code: a plain median over flows would call the bulk of a trade
    a mistake where a few ships of ore carry nearly all of it. Weights that are too small are left: they hide little.
    So are those of a code without any value.
    """
    codes = rows["hs6"].to_numpy()
    tonnes, worth = (rows[name].fill_null(0.0).to_numpy() for name in ("quantity_t", "value_kusd"))
    mended = tonnes.copy()
    for code in np.unique(codes):
        valued = (codes == code) & (worth > 0.0)
        if not valued.any():
            continue
        unit_value = worth[valued] / tonnes[valued]
        usual = weighted_median(unit_value, tonnes[valued])
        mended[valued] = np.where(unit_value < usual / unit_value_ratio, worth[valued] / usual, tonnes[valued])
    return mended
