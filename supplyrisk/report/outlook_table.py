"""The outlook of a later year beside the base year: who makes what is behind the batteries of a region."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from supplyrisk.findings.region_scores import RegionScores
from supplyrisk.report.content import Table
from supplyrisk.report.network_tables import with_interval
from supplyrisk.report.wording import Wording

END = "battery"


def outlook_table(own: RegionScores, later: RegionScores, order: Mapping[str, int], wording: Wording) -> Table | None:
    """European value added and the largest maker of every part and material, base year and later year.

    ``own``, ``later``: scores of the region in the two years; ``order``: place of each product on the way from mine to
    pack. None without an outlook. Of a product of which makers without a name have more, none is told.
    Ranges of the base year are intervals, those of the later year run over its cases and the bounds of the preference.
    """
    behind = later.named_largest("look_through_share", "product_id", end_product=END)
    values = later.rows("value_added_share").filter(pl.col("stage").is_null() & pl.col("value").is_not_null())
    if behind.is_empty() or values.is_empty():
        return None
    page = wording.page
    year = str(values["year"][0])
    before = {
        row["product_id"]: row
        for row in own.named_largest("look_through_share", "product_id", end_product=END).iter_rows(named=True)
    }
    now = own.rows("value_added_share").filter(pl.col("stage").is_null() & pl.col("value").is_not_null()).to_dicts()
    europe = wording.names.countries["EU27"]
    lines = [
        (
            page("network_outlook_value"),
            europe if now else "",
            with_interval(now[0], wording) if now else "",
            europe,
            with_interval(values.row(0, named=True), wording),
        )
    ]
    rows = sorted(behind.iter_rows(named=True), key=lambda row: -order[row["product_id"]])
    for row in rows:
        earlier = before.get(row["product_id"])
        lines.append(
            (
                wording.names.products[row["product_id"]],
                wording.names.countries[earlier["country"]] if earlier else "",
                with_interval(earlier, wording) if earlier else "",
                wording.names.countries[row["country"]],
                with_interval(row, wording),
            )
        )
    base = str(own.scores["year"].drop_nulls().max() if now == [] else now[0]["year"])
    header = (
        page("product"),
        f"{page('network_outlook_maker')} {base}",
        page("share"),
        f"{page('network_outlook_maker')} {year}",
        page("share"),
    )
    title = page("network_outlook", region=wording.format_place(own.region))
    return Table(title, header, tuple(lines), frozenset({2, 4}))
