"""Base metals of a region by where they were melted and poured, and exports of scrap."""

from __future__ import annotations

import polars as pl

from supplyrisk.network.places import EU_REGION
from supplyrisk.report.content import ChapterPart, Table
from supplyrisk.report.network_tables import Row
from supplyrisk.report.wording import Wording
from supplyrisk.scores.melted import AS_METAL, MeltedTables
from supplyrisk.scores.world import REGION_NOT_NAMED

_NONE = "\u2013"


def melted_part(given: MeltedTables, region: str, wording: Wording) -> ChapterPart | None:
    """The part of a region; metals that nothing is told of are named with the reason. None where there is no metal."""
    own = given.summary.filter(pl.col("region") == region)
    if own.is_empty():
        return None
    place, known = wording.format_place(region), own.filter(pl.col("tonnes").is_not_null())
    told = (wording.page("network_melted_note", region=place), *_unnamed(own, wording), *_gaps(own, wording))
    note = " ".join(told)
    tables = [_table(known, place, wording)] if known.height else []
    tables += [_scrap_table(given.scrap, wording)] if region == EU_REGION else []
    return ChapterPart(
        f"network-melted-{region}", wording.page("network_melted", region=place), note, (), tuple(tables)
    )


def _gaps(own: pl.DataFrame, wording: Wording) -> list[str]:
    """Metals as such that nothing is told of, a sentence a reason."""
    missing = own.filter(pl.col("tonnes").is_null() & (pl.col("form") == AS_METAL))
    return [
        wording.page(
            "network_melted_gap",
            products=wording.format_products(group["product_id"].to_list()),
            reason=wording.format_reason(str(reason)),
        )
        for (reason,), group in missing.group_by("missing_reason", maintain_order=True)
    ]


def _unnamed(own: pl.DataFrame, wording: Wording) -> list[str]:
    """Metals of which no maker in the EU is named."""
    unnamed = own.filter((pl.col("missing_reason") == REGION_NOT_NAMED) & pl.col("melted_in_eu").is_null())
    products = unnamed["product_id"].unique(maintain_order=True).to_list()
    return [wording.page("network_melted_unnamed", products=wording.format_products(products))] if products else []


def _table(known: pl.DataFrame, place: str, wording: Wording) -> Table:
    keys = ("form", "used", "in_eu", "range", "sent", "changed", "outside", "outside_share", "covered", "published")
    header = (wording.page("product"), *(wording.page(f"network_melted_{key}") for key in keys))
    lines = tuple(_line(row, wording) for row in known.iter_rows(named=True))
    numeric = frozenset({2, 3, 4, 5, 6, 8, 9, 10})
    return Table(wording.page("network_melted_table", region=place), header, lines, numeric)


def _line(row: Row, wording: Wording) -> tuple[str, ...]:
    def percent(name: str) -> str:
        return _NONE if row[name] is None else wording.format_percent(row[name])

    form = row["form"]
    behind = wording.page("network_melted_as_metal") if form == AS_METAL else wording.format_end(form)
    largest = row["largest_outside"]
    return (
        wording.names.products[row["product_id"]],
        wording.capital(behind),
        wording.quantity(row["tonnes"]),
        percent("melted_in_eu"),
        wording.interval(percent("low"), percent("high")),
        percent("last_sent_from_eu"),
        percent("changed_origin"),
        _NONE if largest is None else wording.names.countries[largest],
        percent("largest_share"),
        percent("self_sufficiency"),
        percent("published_self_sufficiency"),
    )


def _scrap_table(scrap: pl.DataFrame, wording: Wording) -> Table:
    keys = ("heading", "scrap_region", "scrap_year", "scrap_tonnes", "scrap_kind", "scrap_source", "missing")
    header = (wording.page("product"), *(wording.page(f"network_melted_{key}") for key in keys))
    lines = tuple(_scrap_line(row, wording) for row in scrap.iter_rows(named=True))
    return Table(wording.page("network_melted_scrap"), header, lines, frozenset({4}))


def _scrap_line(row: Row, wording: Wording) -> tuple[str, ...]:
    metal = (wording.names.products[row["product_id"]], row["scrap_heading"])
    words = (row["missing_for_stocks"] or "").split(";")
    missing = ", ".join(wording.page(f"network_melted_{word}") for word in words if word) or _NONE
    if row["missing_reason"] is not None:
        return (*metal, *(_NONE,) * 3, wording.format_reason(row["missing_reason"]), _NONE, missing)
    tonnes = wording.quantity(row["exported_tonnes"])
    region = row["region"]
    return (
        *metal,
        wording.page("network_melted_europe") if region is None else wording.names.countries[region],
        row["period"],
        tonnes if row["bound"] is None else str(wording.catalogue["bounds"][row["bound"]]).format(value=tonnes),
        str(wording.catalogue["natures"][row["nature"]]),
        wording.format_sources(row["source_ids"]),
        missing,
    )
