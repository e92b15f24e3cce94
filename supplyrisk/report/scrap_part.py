"""What scrap of base metals could give in the EU, beside published figures."""

from __future__ import annotations

import polars as pl

from supplyrisk.foundation.errors import NotKnown
from supplyrisk.mitigation.scrap_tables import ScrapTables
from supplyrisk.report.content import ChapterPart, Table
from supplyrisk.report.network_tables import Row
from supplyrisk.report.recycling_part import loss_word, numbers_of
from supplyrisk.report.wording import Wording

_WIDEST = 2
_NONE = "\u2013"
_THOUSAND = 1000.0
_SHARES = ("recycled_share", "input_rate")
"""Figures that are parts; the others are tonnes."""


def scrap_part(given: ScrapTables | NotKnown, wording: Wording) -> ChapterPart:
    """The part on scrap of base metals, or why there is no answer on that day."""
    anchor, title = "recycling-base-metals", wording.page("recycling_title_base_metals")
    if isinstance(given, NotKnown):
        return ChapterPart(anchor, title, wording.page("answer_gap", reason=wording.not_known(given)))
    year = int(given.sensitivity["year"][0])
    last = int(given.supply["year"].max())  # type: ignore[arg-type]
    shown = given.supply.filter(pl.col("year").is_in([year, last]))
    note = " ".join((wording.page("recycling_note_base_metals"), *_gaps(given.gaps, wording)))
    tables = (_supply(shown, wording), _checks(given.checks, wording), _sensitivity(given.sensitivity, year, wording))
    return ChapterPart(anchor, title, note, (), tables)


def _gaps(gaps: pl.DataFrame, wording: Wording) -> list[str]:
    """Metals without a model, and what is missing, a sentence each."""
    return [
        wording.page(
            "recycling_gap_base_metals",
            metal=wording.page(f"recycling_metal_{metal}"),
            missing=", ".join(wording.page(f"network_melted_{word}") for word in missing.split(";")),
        )
        for metal, missing in gaps.iter_rows()
    ]


def _metal(row: Row, wording: Wording) -> str:
    return wording.capital(wording.page(f"recycling_metal_{row['metal']}"))


def _header(keys: tuple[str, ...], wording: Wording) -> tuple[str, ...]:
    return tuple(wording.page(f"recycling_{key}") for key in keys)


def _thousands(tonnes: float, wording: Wording) -> str:
    """Thousand tonnes: a year's scrap of steel is more than a hundred million."""
    return wording.three_digits(tonnes / _THOUSAND)


def _supply(shown: pl.DataFrame, wording: Wording) -> Table:
    percent = wording.format_percent

    def quantity(tonnes: float) -> str:
        return _thousands(tonnes, wording)

    rows = tuple(
        (
            _metal(row, wording),
            str(row["year"]),
            quantity(row["new_scrap_tonnes"]),
            quantity(row["old_scrap_tonnes"]),
            wording.interval(quantity(row["old_scrap_low"]), quantity(row["old_scrap_high"])),
            percent(row["share_without_data"]),
            quantity(row["exported_tonnes"]),
            quantity(row["remelted_tonnes"]),
            loss_word(row["largest_loss"], wording),
            percent(row["share"]),
            wording.interval(percent(row["share_low"]), percent(row["share_high"])),
            percent(row["share_without_exports"]),
        )
        for row in shown.iter_rows(named=True)
    )
    keys = (
        "metal", "year", "new_scrap", "old_scrap", "old_scrap_range", "without_data", "exported", "remelted", "loss",
        "share_base_metals", "share_range", "without_exports",
    )  # fmt: skip
    numbers = numbers_of(keys, {"metal", "loss"})
    return Table(wording.page("recycling_table_base_metals"), _header(keys, wording), rows, numbers)


def _checks(checks: pl.DataFrame, wording: Wording) -> Table:
    rows = tuple(_check(row, wording) for row in checks.iter_rows(named=True))
    keys = ("metal", "figure", "year", "model", "model_range", "published", "area", "verdict", "source")
    numbers = numbers_of(keys, {"metal", "figure", "area", "verdict", "source"})
    return Table(wording.page("recycling_checks_base_metals"), _header(keys, wording), rows, numbers)


def _check(row: Row, wording: Wording) -> tuple[str, ...]:
    def told(value: float) -> str:
        return wording.format_percent(value) if row["figure"] in _SHARES else _thousands(value, wording)

    ends = (row["published_low"], row["published_high"])
    published = _NONE if None in ends else wording.interval(*(told(end) for end in ends))
    return (
        _metal(row, wording),
        wording.page(f"recycling_figure_{row['figure']}"),
        str(row["year"]),
        told(row["model"]),
        wording.interval(told(row["model_low"]), told(row["model_high"])),
        published if row["published"] is None else told(row["published"]),
        wording.page(f"recycling_area_{row['area']}"),
        wording.page(f"recycling_verdict_{row['verdict']}"),
        _NONE if row["source_ids"] is None else wording.format_sources(row["source_ids"]),
    )


def _sensitivity(sensitivity: pl.DataFrame, year: int, wording: Wording) -> Table:
    rows = tuple(
        (
            _metal(row, wording),
            wording.page(f"recycling_base_metals_{row['number']}"),
            wording.format_percent(row["at_low"]),
            wording.format_percent(row["at_high"]),
        )
        for (_,), own in sensitivity.group_by(["metal"], maintain_order=True)
        for row in own.head(_WIDEST).iter_rows(named=True)
    )
    header = _header(("metal", "number", "at_low", "at_high"), wording)
    return Table(wording.page("recycling_sensitivity_base_metals", year=year), header, rows, frozenset({2, 3}))
