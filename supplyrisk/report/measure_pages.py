"""One part a measure: what it does, and which products lose fewer or more days of use with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from supplyrisk.report.content import ChapterPart, Table
from supplyrisk.report.wording import Wording

_SHOWN, _LEAST_DAYS = 6, 0.05
"""Products told a region, and the change in days a year from which one is told."""
_COLUMNS = ("days_before", "days_after", "change", "range")


def measure_pages(
    titles: Mapping[str, Mapping[str, str]],
    notes: Mapping[str, str],
    products: pl.DataFrame,
    third_countries: pl.DataFrame,
    scores: Mapping[str, tuple[str, Table | None]],
    draws: Mapping[bool, tuple[int, int]],
    focus: Sequence[str],
    wording: Wording,
) -> tuple[ChapterPart, ...]:
    """A part for each measure of the table of products (``PRODUCTS`` of mitigation.compare).

    ``notes``: what is said of each first; ``third_countries``: strategic products whose largest third country changes
    (mitigation.third_countries); ``scores``: what is said of headline scores, and their table (measure_scores_part);
    ``draws``: draws and sets of uncertain numbers, by whether a measure is confirmed on fresh ones.
    """
    pages = []
    for measure, texts in titles.items():
        own = products.filter(pl.col("measures") == measure)
        if own.is_empty():
            continue
        rows = tuple(row for region in focus for row in _rows(own.filter(pl.col("region") == region), region, wording))
        note = notes[measure]
        if not rows:
            note = f"{note} {wording.page('measures_no_change')}"
        keys = ("measures_region", "product", *(f"measures_{key}" for key in _COLUMNS))
        count, sets = draws[own["confirmed"][0]]
        table = Table(
            wording.page("measures_days", measure=texts[wording.language], draws=wording.integer(count), sets=sets),
            tuple(wording.page(key) for key in keys),
            rows,
            frozenset({2, 3, 4, 5}),
        )
        lines = _lines(third_countries.filter(pl.col("measure") == measure), focus, wording)
        of_scores, scores_table = scores.get(measure, ("", None))
        told = " ".join(text for text in (note, *lines, of_scores) if text)
        tables = (*((table,) if rows else ()), *(() if scores_table is None else (scores_table,)))
        pages.append(ChapterPart(f"measure-{measure}", texts[wording.language], told, tables=tables))
    return tuple(pages)


def _lines(own: pl.DataFrame, focus: Sequence[str], wording: Wording) -> list[str]:
    """Which strategic products fall below the line of one third country, or rise above it."""
    crossing = own.filter(pl.col("crosses") != "").sort("region", "product_id")
    return [
        wording.page(
            f"measures_{row['crosses']}",
            region=wording.format_place(row["region"]),
            product=wording.format_product(row["product_id"]),
            before=wording.format_percent(row["share_before"]),
            after=wording.format_percent(row["share_after"]),
            line=wording.format_percent(row["limit"]),
        )
        for region in focus
        for row in crossing.filter(pl.col("region") == region).iter_rows(named=True)
    ]


def _rows(own: pl.DataFrame, region: str, wording: Wording) -> list[tuple[str, ...]]:
    told = own.filter(pl.col("change").abs() >= _LEAST_DAYS)
    told = told.sort(pl.col("change").abs(), "product_id", descending=[True, False]).head(_SHOWN)
    return [
        (
            wording.capital(wording.format_place(region)),
            wording.names.products[row["product_id"]],
            wording.number(row["days_before"], 1),
            wording.number(row["days_after"], 1),
            wording.signed(row["change"], 1),
            wording.interval(*(wording.signed(row[f"change_{end}"], 1) for end in ("low", "high"))),
        )
        for row in told.iter_rows(named=True)
    ]
