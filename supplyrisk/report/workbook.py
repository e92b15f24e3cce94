"""tables.xlsx: a guide, the list of columns and the sources, then every table of a report on a sheet of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from io import BytesIO
from typing import TYPE_CHECKING

from supplyrisk.report.content import SourceLine
from supplyrisk.report.issue import Issue
from supplyrisk.report.look import Look
from supplyrisk.report.output_tables import Output
from supplyrisk.report.sheets import Formats, Sheet, head, sheets_of, write_sheet

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

FILE = "tables.xlsx"
GUIDE, COLUMNS, SOURCES = "README", "columns", "sources"

_NOTES = (
    "An empty cell is a figure that there is not; it is never zero. missing_reason, where there is one, says why.",
    "Fractions are shown as percentages; the cell holds the fraction. Other units: sheet columns, and the column unit "
    "where it differs by row. Numbers are shown rounded and held with 16 digits.",
    "low and high are the ends of a range; what kind of range it is stands with the column. Read them with the value.",
    "A cell holds 32,767 characters. Longer lists of row ids are cut, and the cell says so; the CSV file has them all.",
    "Every table is in a CSV file beside this one, too (UTF-8, comma, decimal point, names in the first row), "
    "described in datapackage.json. CSV files hold the values as they are and are meant for programs: a spreadsheet "
    "that opens one may take a text that begins with = + - or @ for a formula. In this workbook every text is text.",
)
_NARROW, _WIDE, _NOTES_OVER = 26, 60, 3


def render_workbook(outputs: Sequence[Output], sources: Sequence[SourceLine], issue: Issue, look: Look) -> bytes:
    """The workbook in a look; the same bytes for the same tables (dates in it are the as-of day)."""
    from xlsxwriter import Workbook

    sheets = sheets_of(outputs)
    buffer = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with Workbook(buffer, options) as book:
        book.set_properties({"title": issue.title, "created": datetime.combine(issue.as_of, time())})
        formats = Formats(book, look)
        _guide(book.add_worksheet(GUIDE), sheets, issue, formats)
        _columns(book.add_worksheet(COLUMNS), sheets, formats)
        _sources(book.add_worksheet(SOURCES), sources, formats)
        for sheet in sheets:
            write_sheet(book.add_worksheet(sheet.name), sheet, formats)
    return buffer.getvalue()


def _guide(page: Worksheet, sheets: Sequence[Sheet], issue: Issue, formats: Formats) -> None:
    page.set_column(0, 0, _NARROW)
    page.set_column(1, 2, _WIDE)
    page.set_column(3, 5, _NARROW)
    page.write_string(0, 0, issue.title, formats.title)
    told = (
        ("Quarter", issue.quarter),
        ("As-of day", f"{issue.as_of.isoformat()} (only what was public on that day is used)"),
        ("Run", issue.run_id),
        ("Made with", issue.made_with),
    )
    for row, (word, text) in enumerate(told, start=1):
        page.write_string(row, 0, word)
        page.write_string(row, 1, text)
    row = len(told) + 2
    for note in _NOTES:
        page.merge_range(row, 0, row, _NOTES_OVER - 1, "", formats.wrapped)
        page.write_string(row, 0, note, formats.wrapped)
        page.set_row(row, 15.0 * (1 + len(note) // 140))
        row += 1
    row += 1
    for column, word in enumerate(("sheet", "title", "what a row is", "rows", "cells cut", "file")):
        page.write_string(row, column, word, formats.head)
    front = ((COLUMNS, "Unit and meaning of every column"), (SOURCES, "Sources of the figures, with licence"))
    for name, title in front:
        row += 1
        page.write_url(row, 0, f"internal:'{name}'!A1", formats.link, name)
        page.write_string(row, 1, title, formats.wrapped)
    for sheet in sheets:
        row += 1
        page.write_url(row, 0, f"internal:'{sheet.name}'!A1", formats.link, sheet.name)
        page.write_string(row, 1, sheet.described.title, formats.wrapped)
        page.write_string(row, 2, sheet.described.row, formats.wrapped)
        page.write_number(row, 3, sheet.frame.height)
        page.write_number(row, 4, sheet.cut_cells)
        page.write_string(row, 5, sheet.files)


def _columns(page: Worksheet, sheets: Sequence[Sheet], formats: Formats) -> None:
    rows = [
        (sheet.name, name, column.type, column.told_unit, column.description)
        for sheet in sheets
        for name, column in sheet.columns.items()
    ]
    names, widths = ("table", "column", "type", "unit", "description"), (_NARROW, _NARROW, 10, 20, 2 * _WIDE)
    _texts(page, names, rows, widths, formats)


def _sources(page: Worksheet, sources: Sequence[SourceLine], formats: Formats) -> None:
    names = ("source_id", "title", "publisher", "edition", "url", "licence", "status")
    rows = [tuple(str(getattr(source, name)) for name in names) for source in sources]
    _texts(page, names, rows, (_NARROW, _WIDE, _WIDE, 14, _WIDE, _NARROW, 14), formats)
    page.write_string(0, len(names), "rows used", formats.head)
    for row, source in enumerate(sources, start=1):
        page.write_number(row, len(names), source.used)
    page.autofilter(0, 0, len(rows), len(names))


def _texts(
    page: Worksheet, names: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], formats: Formats
) -> None:
    head(page, names, formats)
    for row, texts in enumerate(rows, start=1):
        for column, text in enumerate(texts):
            if text:
                page.write_string(row, column, text)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.autofilter(0, 0, len(rows), len(names) - 1)
