"""Tables of a region: hidden dependency, dispatch against origin, import dependence and suppliers, what is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from supplyrisk.findings.network import HUB_FLOOR
from supplyrisk.findings.origin import direct_gap
from supplyrisk.findings.region_scores import RegionScores
from supplyrisk.report.content import Table
from supplyrisk.report.wording import Wording
from supplyrisk.scores.sourcing import MOVED_LANES, UNNAMED_LARGER

LOOKED_THROUGH = ("battery", "ndfeb_magnet")
RAW_STAGES = ("extraction", "refining")
"""Stages at which materials, not parts, are compared."""

_MOST_DISPATCH = 12

Row = Mapping[str, Any]


def with_interval(row: Row, wording: Wording) -> str:
    """A share with its interval: 67 % (54–76 %); the share alone where it has none, or where both ends meet it.

    Trade that moved far to fit does not tell who supplies: a range of figures alone would be too narrow, none is told.
    """
    value = wording.format_percent(row["value"])
    if row["low"] is None or row["high"] is None or row["interval_kind"] == MOVED_LANES:
        return value
    return wording.with_interval(value, wording.format_percent(row["low"]), wording.format_percent(row["high"]))


def hidden_table(own: RegionScores, wording: Wording) -> Table | None:
    """Largest country directly and behind the end product, for every raw material of batteries and magnets."""
    page, place = wording.page, wording.format_place(own.region)
    lines = []
    for end in LOOKED_THROUGH:
        behind = own.largest("look_through_share", "product_id", end_product=end)
        materials = behind.filter(pl.col("stage").is_in(RAW_STAGES))
        lines += [_hidden_line(own, end, row, wording) for row in _by_difference(own, end, materials)]
    if not lines:
        return None
    header = (
        page("product"),
        page("stage"),
        page("network_hidden_end"),
        page("network_direct"),
        page("share"),
        page("network_through"),
        page("share"),
        page("network_difference"),
    )
    return Table(page("network_hidden", region=place), header, tuple(lines), frozenset({4, 6, 7}))


def _by_difference(own: RegionScores, end: str, rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows with the largest difference first, those without one last."""
    hidden = own.rows("hidden_dependency", end_product=end).select(
        "product_id", "country", pl.col("value").alias("difference")
    )
    joined = rows.join(hidden, on=["product_id", "country"], how="left")
    return joined.sort("difference", "product_id", descending=[True, False], nulls_last=True).to_dicts()


def _hidden_line(own: RegionScores, end: str, row: Row, wording: Wording) -> tuple[str, ...]:
    product = row["product_id"]
    country, hidden = wording.names.countries, own.rows("hidden_dependency", product_id=product, end_product=end)
    direct = own.named_largest("sourcing_share", "product_id", product_id=product)
    behind = own.named_largest("look_through_share", "product_id", product_id=product, end_product=end)
    if hidden.is_empty() or direct.is_empty():
        shown = wording.format_reason(direct_gap(own, product)), ""
        difference = ""
    else:
        first = direct.row(0, named=True)
        shown = country[first["country"]], with_interval(first, wording)
        apart = hidden.filter(pl.col("country") == row["country"]).to_dicts()
        difference = _points(apart[0], wording) if apart and behind.height else ""
    maker = (country[row["country"]], with_interval(row, wording))
    if behind.is_empty():
        maker = wording.format_reason(UNNAMED_LARGER), ""
    return (
        wording.names.products[product],
        str(wording.catalogue["stages"][row["stage"]]),
        wording.format_end(end),
        *shown,
        *maker,
        difference,
    )


def _points(row: Row, wording: Wording) -> str:
    return wording.with_interval(*(wording.signed_points(row[name]) for name in ("value", "low", "high")))


def dispatch_table(own: RegionScores, use: pl.DataFrame, wording: Wording) -> Table | None:
    """The largest differences between the country goods were sent from and the country that made them."""
    sizeable = use.filter((pl.col("region") == own.region) & (pl.col("share_of_world") >= HUB_FLOOR))
    sent = own.countries_only(own.rows("dispatch_share")).select("product_id", "country", pl.col("value").alias("sent"))
    made = own.countries_only(own.rows("sourcing_share")).select("product_id", "country", pl.col("value").alias("made"))
    products = (set(sent["product_id"]) & set(sizeable["product_id"])) - own.moved()
    both = (
        sent.join(made, on=["product_id", "country"], how="full", coalesce=True)
        .filter(pl.col("product_id").is_in(list(products)))
        .with_columns(pl.col("sent").fill_null(0.0), pl.col("made").fill_null(0.0))
        .with_columns((pl.col("sent") - pl.col("made")).alias("difference"))
        .sort(pl.col("difference").abs(), "product_id", "country", descending=[True, False, False])
        .head(_MOST_DISPATCH)
    )
    if both.is_empty():
        return None
    page = wording.page
    header = (
        page("product"),
        page("country"),
        page("network_sent"),
        page("network_made"),
        page("network_difference"),
    )
    lines = tuple(
        (
            wording.names.products[row["product_id"]],
            wording.names.countries[row["country"]],
            wording.format_percent(row["sent"]),
            wording.format_percent(row["made"]),
            wording.signed_points(row["difference"]),
        )
        for row in both.iter_rows(named=True)
    )
    return Table(page("network_dispatch", region=wording.format_place(own.region)), header, lines, frozenset({2, 3, 4}))


def sourcing_table(own: RegionScores, evidence: Mapping[str, str], use: pl.DataFrame, wording: Wording) -> Table | None:
    """Import dependence, self-sufficiency, largest supplier from outside and N-1 of every product with known use."""
    known = own.rows("import_dependence").filter(pl.col("value").is_not_null())
    if known.is_empty():
        return None
    page = wording.page
    header = (
        page("product"),
        page("stage"),
        page("network_use_share"),
        page("network_imported"),
        page("network_own_output"),
        page("network_supplier"),
        page("share"),
        page("network_left"),
        page("network_rests_on"),
    )
    ordered = known.sort("value", "product_id", descending=[True, False])
    shares = dict(use.filter(pl.col("region") == own.region).select("product_id", "share_of_world").iter_rows())
    lines = tuple(_sourcing_line(own, row, evidence, shares, wording) for row in ordered.iter_rows(named=True))
    place = wording.format_place(own.region)
    return Table(page("network_sourcing", region=place), header, lines, frozenset({2, 3, 4, 6, 7}))


def _sourcing_line(
    own: RegionScores,
    row: Row,
    evidence: Mapping[str, str],
    shares: Mapping[str, float | None],
    wording: Wording,
) -> tuple[str, ...]:
    product = row["product_id"]
    left = own.rows("n_minus_one", product_id=product).to_dicts()
    output = own.rows("self_sufficiency", product_id=product).filter(pl.col("value").is_not_null())["value"]
    used, supplier, share = shares.get(product), "", ""
    if left and left[0]["country"] is not None:
        code = left[0]["country"]
        supplier = wording.names.countries[code]
        listed = own.rows("sourcing_share", product_id=product, country=code).to_dicts()
        share = with_interval(listed[0], wording) if listed else ""
    rests_on = wording.page("network_on_trade" if evidence.get(product) == "trade" else "network_on_prior")
    if product in own.moved():
        rests_on = wording.page("network_on_moved_trade")
    return (
        wording.names.products[product],
        str(wording.catalogue["stages"][row["stage"]]),
        "" if used is None else wording.format_percent(used),
        with_interval(row, wording),
        wording.format_percent(output[0]) if len(output) else "",
        supplier,
        share,
        with_interval(left[0], wording) if left and left[0]["value"] is not None else "",
        rests_on,
    )


def unknown_table(own: RegionScores, wording: Wording) -> Table | None:
    """Products without import dependence, by the reason why."""
    missing = (
        own.rows("import_dependence")
        .filter(pl.col("value").is_null())
        .group_by("missing_reason")
        .agg(pl.col("product_id").sort())
        .sort("missing_reason")
    )
    if missing.is_empty():
        return None
    page = wording.page
    lines = tuple(
        (wording.format_reason(reason), str(len(products)), wording.format_products(products))
        for reason, products in missing.iter_rows()
    )
    header = (page("reason"), page("count"), page("product"))
    return Table(page("network_unknown", region=wording.format_place(own.region)), header, lines, frozenset({1}))
