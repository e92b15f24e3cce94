"""Dependence on a host metal: the part of world output won as a by-product, which follows the host, not the price.

The hosts stay visible in the rows (``hosts_of``); the score is one figure a product, all hosts together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from supplyrisk.scores.table import Basis, ScoreRow

METRIC = "by_product_share"
EXTRACTION = "extraction"
ALL_HOSTS = "all_hosts"

NO_SHARE = "by_product_share_not_printed"
NOT_KNOWN_YET = "no_by_product_figure_known"
NO_FIGURE = "no_by_product_figure"

PRINTED_ENDS = "printed_or_assumed_ends"
SOURCE_ENDS = "range_over_sources"


def combined_share(rows: pl.DataFrame) -> tuple[float, float | None, float | None]:
    """Share, low and high of one product over its rows of ``by_products`` that have a share.

    A share of ``all_hosts`` holds for the hosts together and is repeated on each of their rows: it counts once, the
    largest where rows differ, and takes the place of shares of single hosts. Shares of single hosts (``host``) are
    parts of the same world output and add up, to 1 at most. An end that one row lacks is its share; an end that all
    lack stays missing. Raises ``ValueError`` where no row has a share.
    """
    known = rows.filter(pl.col("by_product_share").is_not_null())
    if known.is_empty():
        raise ValueError("no row has a share")
    together = known.filter(pl.col("share_scope") == ALL_HOSTS)
    if together.height:
        row = together.sort("by_product_share", "row_id").row(-1, named=True)
        return row["by_product_share"], row["low"], row["high"]
    ends = [min(1.0, float(known.select(pl.coalesce(name, "by_product_share").sum()).item())) for name in _ENDS]
    value, low, high = min(1.0, float(known["by_product_share"].sum())), *ends
    without = [known[name].null_count() == known.height for name in _ENDS]
    return value, None if without[0] else low, None if without[1] else high


_ENDS = ("low", "high")


def material_share(rows: pl.DataFrame) -> tuple[float, float | None, float | None]:
    """Share, low and high of a material over its rows of ``by_products_materials`` that have a share.

    Rows of one source are of different hosts and add up, to 1 at most. The source public last gives the value, all of
    them the ends; one source alone has none. Raises ``ValueError`` where no row has a share.
    """
    known = rows.filter(pl.col("by_product_share").is_not_null())
    if known.is_empty():
        raise ValueError("no row has a share")
    by_source = (
        known.group_by("source_ids")
        .agg(pl.col("by_product_share").sum().clip(upper_bound=1.0), pl.col("known_from").max())
        .sort("known_from", "source_ids")
    )
    shares = by_source["by_product_share"].to_list()
    return (shares[-1], min(shares), max(shares)) if len(shares) > 1 else (shares[0], None, None)


def hosts_of(rows: pl.DataFrame) -> tuple[str, ...]:
    """Hosts of one product's rows of ``by_products``: products of the table first, then those outside it."""
    inside = rows["host_product_id"].drop_nulls().unique().sort().to_list()
    outside = rows["hosts_outside"].drop_nulls().str.split(";").explode().str.strip_chars().unique().sort().to_list()
    return (*inside, *outside)


def by_product_scores(
    by_products: pl.DataFrame,
    materials: pl.DataFrame,
    products: pl.DataFrame,
    ever: frozenset[str],
    ever_materials: frozenset[str],
) -> Iterator[ScoreRow]:
    """``by_product_share`` of every product of extraction and every other one in ``ever``, or why it is missing.

    ``by_products``, ``materials`` (by_products_materials): rows known on the as-of day; ``products``: the table;
    ``ever``, ``ever_materials``: products and materials that the two tables have at all, known that day or not. A
    product without a known share of its own has that of its material.
    """
    wanted = products.filter((pl.col("stage") == EXTRACTION) | pl.col("product_id").is_in(sorted(ever)))
    for product, material, stage in wanted.sort("product_id").select("product_id", "material_id", "stage").iter_rows():
        own = by_products.filter(pl.col("product_id") == product)
        of_material = materials.filter(pl.col("material_id") == material)
        yield _score(product, stage, own, of_material, product in ever or material in ever_materials)


def _score(product: str, stage: str, own: pl.DataFrame, of_material: pl.DataFrame, listed: bool) -> ScoreRow:
    for rows, share, kind in ((own, combined_share, PRINTED_ENDS), (of_material, material_share, SOURCE_ENDS)):
        used = rows.filter(pl.col("by_product_share").is_not_null())
        if used.height:
            value, low, high = share(used)
            ends = {end for end in (low, high) if end is not None}
            return ScoreRow(METRIC, product, stage, _basis(used), value, low, high, kind if ends else "none")
    named = pl.concat([own.select(_COMMON), of_material.select(_COMMON)])
    reason = NO_SHARE if named.height else NOT_KNOWN_YET if listed else NO_FIGURE
    return ScoreRow(METRIC, product, stage, _basis(named) if named.height else Basis(), None, missing_reason=reason)


_COMMON = ("row_id", "year", "source_ids", "quality")


def _basis(rows: pl.DataFrame) -> Basis:
    year = rows["year"].max()
    edition = ";".join(sorted(set(rows["source_ids"])))
    return Basis(None if year is None else int(str(year)), edition, max(rows["quality"]), rows["row_id"].to_list())


def recomputed_share(rows: Mapping[str, pl.DataFrame]) -> float:
    """The score from the rows listed with it, by table."""
    if "by_products" in rows:
        return combined_share(rows["by_products"])[0]
    return material_share(rows["by_products_materials"])[0]
