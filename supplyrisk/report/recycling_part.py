"""What recycling could give in the EU: of vehicle batteries beside the Battery Regulation, and of magnets."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from supplyrisk.foundation.errors import NotKnown
from supplyrisk.mitigation.recycling_tables import RecyclingTables
from supplyrisk.mitigation.specification import RecycledGoods
from supplyrisk.report.content import ChapterPart, Table
from supplyrisk.report.wording import Wording

_WIDEST = 3


def recycling_part(
    given: RecyclingTables | NotKnown, wording: Wording, goods: RecycledGoods = "batteries"
) -> ChapterPart:
    """The part on what comes back, or why there is no answer on that day."""
    anchor, title = f"recycling-{goods}", wording.page(f"recycling_title_{goods}")
    if isinstance(given, NotKnown):
        return ChapterPart(anchor, title, wording.page("answer_gap", reason=wording.not_known(given)))
    first = int(given.sensitivity["year"][0])
    last = int(given.supply["year"].max())  # type: ignore[arg-type]
    shown = given.supply.filter(pl.col("year").is_in([first, last])).sort("year", maintain_order=True)
    tables = (_supply(shown, goods, wording), _sensitivity(given, first, goods, wording))
    return ChapterPart(anchor, title, wording.page(f"recycling_note_{goods}"), (), tables)


def _supply(shown: pl.DataFrame, goods: RecycledGoods, wording: Wording) -> Table:
    percent, quantity = wording.format_percent, wording.three_digits
    rows = tuple(
        (
            wording.capital(wording.page(f"recycling_metal_{row['material_id']}")),
            str(row["year"]),
            quantity(row["scrap_tonnes"]),
            quantity(row["returned_tonnes"]),
            quantity(row["exported_tonnes"]),
            "–" if row["over_capacity_tonnes"] is None else quantity(row["over_capacity_tonnes"]),
            quantity(row["won_back_tonnes"]),
            loss_word(row["largest_loss"], wording),
            percent(row["share"]),
            wording.interval(percent(row["share_low"]), percent(row["share_high"])),
            "–" if row["target"] is None else f"{percent(row['target'])} ({row['target_year']})",
        )
        for row in shown.iter_rows(named=True)
    )
    returned, share = f"returned_{goods}", f"share_{goods}"
    keys = (
        "metal", "year", "scrap", returned, "exported", "over_capacity", "won_back", "loss", share, "share_range",
        "target",
    )  # fmt: skip
    header = tuple(wording.page(f"recycling_{key}") for key in keys)
    return Table(wording.page(f"recycling_table_{goods}"), header, rows, numbers_of(keys, {"metal", "loss"}))


def numbers_of(keys: Sequence[str], words: Collection[str]) -> frozenset[int]:
    """Columns of a table that hold numbers: all but those of ``words``."""
    return frozenset(place for place, key in enumerate(keys) if key not in words)


def loss_word(stage: str | None, wording: Wording) -> str:
    """Where most is lost, in words."""
    return "–" if stage is None else wording.page(f"recycling_loss_{stage}")


def _sensitivity(given: RecyclingTables, year: int, goods: RecycledGoods, wording: Wording) -> Table:
    rows = tuple(
        (
            wording.capital(wording.page(f"recycling_metal_{row['material_id']}")),
            wording.page(f"recycling_{goods}_{row['number']}"),
            wording.format_percent(row["at_low"]),
            wording.format_percent(row["at_high"]),
        )
        for (_,), own in given.sensitivity.group_by(["material_id"], maintain_order=True)
        for row in own.head(_WIDEST).iter_rows(named=True)
    )
    header = tuple(wording.page(f"recycling_{key}") for key in ("metal", "number", "at_low", "at_high"))
    return Table(wording.page(f"recycling_sensitivity_{goods}", year=year), header, rows, frozenset({2, 3}))
