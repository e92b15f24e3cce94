"""The ranked table of products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from supplyrisk.report.content import Table
from supplyrisk.report.wording import Wording


def ranking_table(scores: pl.DataFrame, focus: Sequence[str], wording: Wording) -> Table:
    """One line a product, most concentrated first; products without score last, with the reason."""
    page = wording.page
    by_product: dict[str, dict[str, dict[str, Any]]] = {}
    for row in scores.filter(pl.col("metric") != "hhi_series").iter_rows(named=True):
        key = f"{row['metric']}:{row['country']}" if row["metric"] == "share_of_world_output" else row["metric"]
        by_product.setdefault(row["product_id"], {})[key] = row
    scored = sorted(
        ((p, r) for p, r in by_product.items() if "hhi" in r),
        key=lambda item: (item[1]["hhi"]["rank"] or 10**6, item[0]),
    )
    header = [
        page("rank"),
        page("product"),
        page("stage"),
        page("hhi"),
        page("interval"),
        page("largest"),
        page("share"),
    ]
    header += [page("region_share", region=wording.names.countries[region]) for region in focus]
    header += [page("governance"), page("left"), page("grade"), page("year")]
    lines = tuple(_line(product, rows, focus, wording) for product, rows in scored)
    numeric = frozenset({3, 4, 6, *range(7, 7 + len(focus)), 7 + len(focus), 8 + len(focus)})
    return Table(page("ranking"), tuple(header), lines, numeric)


def _line(product: str, rows: dict[str, dict[str, Any]], focus: Sequence[str], wording: Wording) -> tuple[str, ...]:
    missing = wording.page("missing")
    hhi = rows["hhi"]
    stage = str(wording.catalogue["stages"][hhi["stage"]])
    name = wording.names.products[product]
    if hhi["value"] is None:
        reason = wording.format_reason(str(hhi["missing_reason"]))
        return ("", name, stage, missing, reason, *[missing] * (3 + len(focus)), missing, "", "")
    top = rows["top1_share"]
    country = missing if top["country"] is None else wording.names.countries[str(top["country"])]

    def shown(key: str, form: str) -> str:
        row = rows.get(key)
        if row is None or (row["value"] is None and row["high"] is None):
            return missing
        if row["value"] is None:
            return wording.page("at_most", value=wording.format_field(row["high"], form))
        return wording.format_field(row["value"], form)

    rank = f"{hhi['rank']} ({hhi['rank_low']}\u2013{hhi['rank_high']})"
    interval = wording.interval(wording.integer(hhi["low"]), wording.integer(hhi["high"]))
    return (
        rank,
        name,
        stage,
        wording.integer(hhi["value"]),
        interval,
        country,
        shown("top1_share", "percent"),
        *(shown(f"share_of_world_output:{region}", "percent1") for region in focus),
        shown("hhi_governance", "decimal"),
        shown("n_minus_one_output", "percent"),
        str(hhi["quality"]),
        str(hhi["year"]),
    )
