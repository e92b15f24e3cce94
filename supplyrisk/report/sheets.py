"""One table as one sheet of a workbook: every text stays text, numbers show their unit, a missing cell is empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from supplyrisk.report.look import Look
from supplyrisk.report.output_tables import Output, OutputColumn, OutputTable, output_tables

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST_CELL = 32_767
"""Characters that a cell can hold (Microsoft, Excel specifications and limits)."""

_FORMATS: Mapping[str, str] = {
    "fraction": "0.0 %",
    "fraction_difference": "0.0 %",
    "EUR": "#,##0",
    "EUR a year": "#,##0",
    "index_10000": "#,##0",
    "percent": "0.0",
}
_OTHER_NUMBER = "[>=100]#,##0;[>=0.01]0.00;General"
_WHOLE_NUMBER, _DAY = "0", "yyyy-mm-dd"
_WIDEST, _NARROWEST = 46, 9


@dataclass(frozen=True)
class Sheet:
    """A table as it stands on its sheet; ``files`` hold the same rows, ``cut_cells`` of them are shortened here."""

    name: str
    described: OutputTable
    columns: Mapping[str, OutputColumn]
    frame: pl.DataFrame
    files: str

    @property
    def cut_cells(self) -> int:
        """Cells too long for a sheet."""
        texts = self.frame.select(pl.col(pl.String).str.len_chars() > LONGEST_CELL)
        return sum(int(column.sum()) for column in texts.iter_columns())


def sheets_of(outputs: Sequence[Output]) -> list[Sheet]:
    """Sheets in the order of the list of tables; the members of a family stand on one, told apart by a column."""
    found = []
    for name, table in output_tables().tables.items():
        own = [output for output in outputs if output.table == name]
        if not own:
            continue
        columns, frames = dict(table.columns), [output.frame for output in own]
        if table.member and table.member not in columns:
            columns = {table.member: output_tables().shared[table.member], **columns}
            frames = [one.frame.select(pl.lit(one.member).alias(table.member), pl.all()) for one in own]
        frame = pl.concat(frames).with_columns(
            pl.col(pl.List(pl.String)).list.join(";"), pl.col(pl.Float64).fill_nan(None)
        )
        files = own[0].path if not table.member else table.path.replace(f"{{{table.member}}}", "*")
        found.append(Sheet(name, table, columns, frame, files))
    return found


class Formats:
    """Formats of a workbook in a look, each made once."""

    def __init__(self, book: Workbook, look: Look) -> None:
        self._book = book
        self._numbers: dict[str, Format] = {}
        self.head = book.add_format(
            {"bold": True, "bottom": 1, "bottom_color": look.accent, "bg_color": look.head, "valign": "top"}
        )
        self.title = book.add_format({"bold": True, "font_size": 14, "font_color": look.accent})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.link = book.add_format({"font_color": look.accent, "underline": 1, "valign": "top"})

    def number(self, pattern: str) -> Format:
        """Format of numbers with a pattern of Excel."""
        if pattern not in self._numbers:
            self._numbers[pattern] = self._book.add_format({"num_format": pattern})
        return self._numbers[pattern]


def pattern_of(column: OutputColumn, unit: str | None) -> str:
    """Pattern of Excel for a column of numbers or days in a unit."""
    if column.type == "date":
        return _DAY
    if column.type == "integer":
        return _WHOLE_NUMBER
    return _FORMATS.get(unit or "", _OTHER_NUMBER)


def shortened(text: str, files: str) -> str:
    """The text as a cell can hold it: cut behind a semicolon where there is one, and saying so."""
    if len(text) <= LONGEST_CELL:
        return text
    note = f" … [cut: {len(text):,} characters in all, the whole is in {files}]"
    kept = text[: LONGEST_CELL - len(note)]
    return (kept.rpartition(";")[0] or kept) + note


def write_sheet(page: Worksheet, sheet: Sheet, formats: Formats) -> None:
    """Header, rows, filter, frozen first row and widths."""
    head(page, list(sheet.columns), formats)
    names = list(sheet.columns)
    for number, (name, column) in enumerate(sheet.columns.items()):
        write = _writer(page, number, column, sheet, formats)
        values = sheet.frame[name]
        units = sheet.frame[column.unit_in] if column.unit_in else [column.unit] * len(values)
        for row, (value, unit) in enumerate(zip(values, units, strict=True), start=1):
            if value is not None:
                write(row, value, unit)
        page.set_column(number, number, _width(name, values))
    page.autofilter(0, 0, sheet.frame.height, len(names) - 1)


def head(page: Worksheet, names: Sequence[str], formats: Formats) -> None:
    """First row with the names of the columns, frozen."""
    for number, name in enumerate(names):
        page.write_string(0, number, name, formats.head)
    page.freeze_panes(1, 0)


def _writer(
    page: Worksheet, number: int, column: OutputColumn, sheet: Sheet, formats: Formats
) -> Callable[[int, Any, str | None], object]:
    """What writes a value of a column into its cell, by row, value and unit."""
    if column.type == "string":
        return lambda row, value, unit: page.write_string(row, number, shortened(value, sheet.files))
    if column.type == "boolean":
        return lambda row, value, unit: page.write_boolean(row, number, value)
    put = page.write_datetime if column.type == "date" else page.write_number
    return lambda row, value, unit: put(row, number, value, formats.number(pattern_of(column, unit)))


def _width(name: str, values: pl.Series) -> float:
    """Width that fits the name and nine cells of ten, within bounds; numbers need no more than their name."""
    if values.dtype != pl.String:
        return max(len(name) + 3, _NARROWEST + 3)
    longest = values.str.len_chars().quantile(0.9, "nearest") or 0
    return min(max(len(name) + 3, int(longest) + 2, _NARROWEST), _WIDEST)
