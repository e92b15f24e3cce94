"""Trade of a product in the product's own unit: mistaken weights mended, gross tonnes turned into content."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

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


def content_trade(
    trade: pl.DataFrame, hs_content: pl.DataFrame, product_id: str, year: int, unit_value_ratio: float
) -> ContentTrade | None:
    """Trade of a product, or None where no code of it carries usable tonnes in any year known.

    ``trade``: the table of that name as known on the as-of day; ``hs_content``: the codes with ``use`` = prior count,
    each at its central content per tonne. ``year`` is the year of output; the nearest year of trade is taken, an
    earlier one before a later one.
    """
    codes = hs_content.filter((pl.col("product_id") == product_id) & (pl.col("use") == PRIOR_USE))
    rows = trade.filter(
        pl.col("hs6").is_in(codes["hs6"].implode())
        & (pl.col("record_kind") == RECONCILED)
        & (pl.col("quantity_t") > 0)
        & (pl.col("exporter_iso3") != pl.col("importer_iso3"))
    )
    # Every code of the product must be there in the year taken, else its total would mean something else.
    complete = rows.group_by("year").agg(pl.col("hs6").n_unique().alias("codes"))
    if complete.is_empty():
        return None
    most = int(str(complete["codes"].max()))
    years = complete.filter(pl.col("codes") == most)["year"].to_list()
    chosen = min(years, key=lambda found: (abs(found - year), found > year))
    rows = rows.filter(pl.col("year") == chosen).join(codes.select("hs6", "content"), on="hs6")
    mended = _mend_weights(rows, unit_value_ratio)
    off = mended["quantity_t"] - mended["mended_t"]
    flows = (
        mended.with_columns((pl.col("mended_t") * pl.col("content")).alias("quantity"))
        .group_by("exporter_iso3", "importer_iso3")
        .agg(pl.col("quantity").sum())
        .sort("exporter_iso3", "importer_iso3")
    )
    return ContentTrade(
        product_id=product_id,
        year=int(chosen),
        flows=flows,
        mended_tonnes=float(off.sum()),
        mended_flows=int((off > 0.0).sum()),
        gross_tonnes=float(mended["quantity_t"].sum()),
        codes=tuple(sorted(rows["hs6"].unique())),
        row_ids=tuple(sorted(rows["row_id"])),
        value_kusd=float(mended["value_kusd"].sum()),
    )


def weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    """The value below which half of the weight lies."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, 0.5 * reached[-1])])


def _mend_weights(rows: pl.DataFrame, unit_value_ratio: float) -> pl.DataFrame:
    """``mended_t``: tonnes, or value over the usual unit value where the tonne is worth implausibly little.

    The usual value is the median weighted by tonnes, by code: a plain median over flows would call the bulk of a trade
    a mistake where a few ships of ore carry nearly all of it. Weights that are too small are left: they hide little.
    So are those of a code without any value.
    """
    parts = []
    for _, code in rows.group_by("hs6", maintain_order=True):
        valued = code.filter(pl.col("value_kusd") > 0)
        if valued.is_empty():
            parts.append(code.with_columns(pl.col("quantity_t").alias("mended_t")))
            continue
        unit_value = (valued["value_kusd"] / valued["quantity_t"]).to_numpy()
        usual = weighted_median(unit_value, valued["quantity_t"].to_numpy())
        mistaken = (pl.col("value_kusd") / pl.col("quantity_t") < usual / unit_value_ratio) & (pl.col("value_kusd") > 0)
        parts.append(
            code.with_columns(
                pl.when(mistaken).then(pl.col("value_kusd") / usual).otherwise(pl.col("quantity_t")).alias("mended_t")
            )
        )
    return pl.concat(parts).sort("row_id")
