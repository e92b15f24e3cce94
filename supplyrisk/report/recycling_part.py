"""What recycling of vehicle batteries could give in the EU, beside what the Battery Regulation asks for."""

from __future__ import annotations

import polars as pl

from supplyrisk.foundation.errors import NotKnown
from supplyrisk.mitigation.recycling_tables import RecyclingTables
from supplyrisk.report.content import NetworkPart, Table
from supplyrisk.report.wording import Wording

_WIDEST = 3


def recycling_part(given: RecyclingTables | NotKnown, wording: Wording) -> NetworkPart:
    """The part, or why there is no answer on that day."""
    title = wording.page("recycling_title")
    if isinstance(given, NotKnown):
        return NetworkPart("recycling", title, wording.page("answer_gap", reason=wording.not_known(given)))
    first = int(given.sensitivity["year"][0])
    last = int(given.supply["year"].max())  # type: ignore[arg-type]
    shown = given.supply.filter(pl.col("year").is_in([first, last])).sort("year", maintain_order=True)
    return NetworkPart(
        "recycling",
        title,
        wording.page("recycling_note"),
        (),
        (_supply(shown, wording), _sensitivity(given, first, wording)),
    )


def _supply(shown: pl.DataFrame, wording: Wording) -> Table:
    percent = wording.format_percent
    rows = tuple(
        (
            wording.capital(wording.page(f"recycling_metal_{row['material_id']}")),
            str(row["year"]),
            wording.quantity(row["scrap_tonnes"]),
            wording.quantity(row["returned_tonnes"]),
            wording.quantity(row["won_back_tonnes"]),
            percent(row["share"]),
            wording.interval(percent(row["share_low"]), percent(row["share_high"])),
            "–" if row["target"] is None else f"{percent(row['target'])} ({row['target_year']})",
        )
        for row in shown.iter_rows(named=True)
    )
    keys = ("metal", "year", "scrap", "returned", "won_back", "share", "range", "target")
    header = tuple(wording.page(f"recycling_{key}") for key in keys)
    return Table(wording.page("recycling_table"), header, rows, frozenset(range(1, len(keys))))


def _sensitivity(given: RecyclingTables, year: int, wording: Wording) -> Table:
    rows = tuple(
        (
            wording.capital(wording.page(f"recycling_metal_{row['material_id']}")),
            wording.page(f"recycling_number_{row['number']}"),
            wording.format_percent(row["at_low"]),
            wording.format_percent(row["at_high"]),
        )
        for (_,), own in given.sensitivity.group_by(["material_id"], maintain_order=True)
        for row in own.head(_WIDEST).iter_rows(named=True)
    )
    header = tuple(wording.page(f"recycling_{key}") for key in ("metal", "number", "at_low", "at_high"))
    return Table(wording.page("recycling_sensitivity", year=year), header, rows, frozenset({2, 3}))
