"""Tables on what the network rests on: links by evidence, and products whose figures do not fit together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from supplyrisk.report.content import Table
from supplyrisk.report.wording import Wording
from supplyrisk.scores.sourcing import MOVED_FROM

DROPPED_FROM = 0.05
"""Share of trade that does not fit from which a product is listed."""

_SURPLUS_FROM, _MET = 0.005, 0.995


def links_table(links: pl.DataFrame, products: pl.DataFrame, wording: Wording) -> Table:
    """Links and products by what they rest on; products on the home preference alone are named."""
    page = wording.page
    lines = []
    for evidence, word in (("trade", "network_on_trade"), ("prior", "network_on_prior")):
        named = products.filter(pl.col("evidence") == evidence)["product_id"].sort().to_list()
        count = links.filter(pl.col("evidence") == evidence).height
        lines.append((page(word), str(wording.integer(count)), str(len(named)), wording.format_products(named)))
    header = (page("network_rests_on"), page("network_link_count"), page("count"), page("network_products_on"))
    return Table(page("network_links"), header, tuple(lines), frozenset({1, 2}))


def misfit_table(products: pl.DataFrame, wording: Wording) -> Table | None:
    """Products with a surplus, a shortage, trade that does not fit, or flows that moved far; None where all fits."""
    flagged = products.filter(
        (pl.col("statistical_surplus") >= _SURPLUS_FROM * pl.col("output"))
        | (pl.col("shortage_factor") < _MET)
        | (pl.col("trade_dropped_share") > DROPPED_FROM)
        | (pl.col("moved_mass") > MOVED_FROM)
    ).sort("product_id")
    if flagged.is_empty():
        return None
    page = wording.page
    header = (
        page("product"),
        page("network_rests_on"),
        page("network_surplus"),
        page("network_shortage"),
        page("network_dropped"),
        page("network_re_exported"),
        page("network_moved"),
    )
    lines = tuple(_misfit_line(row, wording) for row in flagged.iter_rows(named=True))
    return Table(page("network_misfits"), header, lines, frozenset({2, 3, 4, 5, 6}))


def _misfit_line(row: Mapping[str, Any], wording: Wording) -> tuple[str, ...]:
    on_trade = row["evidence"] == "trade"
    percent = wording.format_percent
    surplus = row["statistical_surplus"] / row["output"] if row["output"] > 0.0 else 0.0
    return (
        wording.names.products[row["product_id"]],
        wording.page("network_on_trade" if on_trade else "network_on_prior"),
        percent(surplus) if surplus >= _SURPLUS_FROM else "",
        percent(row["shortage_factor"]) if row["shortage_factor"] < _MET else "",
        percent(row["trade_dropped_share"]) if on_trade else "",
        percent(row["re_export_share"]) if on_trade else "",
        percent(row["moved_mass"]),
    )
