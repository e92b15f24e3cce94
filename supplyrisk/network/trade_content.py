"""Trade of a product in the product's own unit: mistaken weights mended, gross tonnes turned into content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

PRIOR_USE = "prior"
RECONCILED = "reconciled"


@dataclass(frozen=True)
class ContentTrade:
    """Trade of one product in one year.

    ``flows``: exporter_iso3, importer_iso3, quantity (unit of the product, content), one row a pair; ``year``;
    ``mended_tonnes``: gross tonnes taken off flows with a mistaken weight; ``weighed_tonnes``: given to flows without
    one; ``row_ids`` of the trade rows used; ``codes``: HS codes; ``value_kusd``: worth of all of it.
    """

    product_id: str
    year: int
    flows: pl.DataFrame
    mended_tonnes: float
    weighed_tonnes: float
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
    """Rows of ``mended_trade`` of one product, all years, with the ``content`` of a tonne; HS codes of each year."""

    product_id: str
    rows: pl.DataFrame
    codes_of: Mapping[int, frozenset[str]]

    def of_year(self, year: int) -> ContentTrade:
        """Trade of one year that ``codes_of`` has."""
        rows = self.rows.filter(pl.col("year") == year).sort("row_id")
        without_weight = rows["quantity_t"].is_null()
        flows = (
            rows.with_columns((pl.col("mended_t") * pl.col("content")).alias("quantity"))
            .group_by("exporter_iso3", "importer_iso3")
            .agg(pl.col("quantity").sum())
            .sort("exporter_iso3", "importer_iso3")
        )
        return ContentTrade(
            product_id=self.product_id,
            year=year,
            flows=flows,
            mended_tonnes=float((rows["quantity_t"] - rows["mended_t"]).sum()),
            weighed_tonnes=float(rows["mended_t"].filter(without_weight).sum()),
            codes=tuple(sorted(self.codes_of[year])),
            row_ids=tuple(rows["row_id"]),
            value_kusd=float(rows["value_kusd"].sum()),
        )

    def nearest(self, year: int) -> ContentTrade:
        """Trade of the complete year nearest to a ``year`` of output, an earlier one before a later one.

        Complete is a year with the most codes that any has (of several such sets, that of the newest year): else the
        total would mean something else.
        """
        whole = max(self.codes_of, key=lambda found: (len(self.codes_of[found]), found))
        complete = [found for found, codes in self.codes_of.items() if codes == self.codes_of[whole]]
        return self.of_year(min(complete, key=lambda found: (abs(found - year), found > year)))


def usable_trade(mended: pl.DataFrame, hs_content: pl.DataFrame) -> dict[str, UsableTrade]:
    """Trade of every product that has any, in tonnes that count.

    ``mended``: as ``mended_trade`` gives it; ``hs_content``: the codes with ``use`` = prior count, each at its central
    content per tonne.
    """
    codes = hs_content.filter(pl.col("use") == PRIOR_USE).select("product_id", "hs6", "content")
    of_products = mended.join(codes, on="hs6")
    listed = of_products.group_by("product_id", "year").agg(pl.col("hs6").unique()).iter_rows()
    codes_of: dict[str, dict[int, frozenset[str]]] = {}
    for product, year, found in listed:
        codes_of.setdefault(product, {})[year] = frozenset(found)
    rows = {str(key[0]): group for key, group in of_products.partition_by("product_id", as_dict=True).items()}
    return {product: UsableTrade(product, rows[product], codes_of[product]) for product in sorted(rows)}


def mended_trade(trade: pl.DataFrame, unit_value_ratio: float) -> pl.DataFrame:
    """Rows of ``trade`` that pass between two places, with ``mended_t`` (``with_mended_weights``)."""
    rows = trade.filter(
        (pl.col("record_kind") == RECONCILED) & (pl.col("exporter_iso3") != pl.col("importer_iso3"))
    ).select("row_id", "hs6", "year", "exporter_iso3", "importer_iso3", "quantity_t", "value_kusd")
    return with_mended_weights(rows, unit_value_ratio)


def with_mended_weights(rows: pl.DataFrame, unit_value_ratio: float) -> pl.DataFrame:
    """Rows of hs6, year, quantity_t and value_kusd with ``mended_t``: tonnes as they must have been.

    A tonne worth implausibly little (below the usual value over ``unit_value_ratio``) is weighed again, and a flow
    without a weight is weighed: value over the usual value. That is the median weighted by tonnes, by code and year: a
    plain median over flows would call the bulk of a trade a mistake where a few ships of ore carry nearly all of it.
    Weights that are too small are left: they hide little. So are those of a code without any value. Flows of no weight
    are left out, and so are those without one whose code has none that year: a year that lacks them is not complete.
    Nor is one in which the median weighted by value lies beyond ``unit_value_ratio`` times the other: either most
    tonnes are mistaken (beryllium) or a dear grade carries the worth (arsenic), and nothing tells which.
    """
    value, tonnes, usual = pl.col("value_kusd"), pl.col("quantity_t"), pl.col("usual_value")
    usual_values = (
        rows.filter((value > 0) & (tonnes > 0))
        .with_columns((value / tonnes).alias("unit_value"))
        .group_by("hs6", "year")
        .agg(
            weighted_median(pl.col("unit_value"), tonnes).alias("usual_value"),
            weighted_median(pl.col("unit_value"), value).alias("usual_value_by_worth"),
        )
    )
    apart = pl.col("usual_value_by_worth") > unit_value_ratio * usual
    mistaken = (value > 0) & (value / tonnes < usual / unit_value_ratio)
    by_value = pl.when(mistaken | tonnes.is_null()).then(value / usual)
    return (
        rows.join(usual_values, on=["hs6", "year"], how="left", maintain_order="left")
        .with_columns(by_value.otherwise(tonnes).alias("mended_t"))
        .filter((pl.col("mended_t") > 0.0) & ~apart.fill_null(False))
        .drop("usual_value", "usual_value_by_worth")
    )


def weighted_median(values: pl.Expr, weights: pl.Expr) -> pl.Expr:
    """The value below which half of the weight lies."""
    reached = weights.sort_by(values).cum_sum()
    return values.sort().filter(reached >= 0.5 * reached.last()).first()
