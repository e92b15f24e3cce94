"""Reading a CSV file by its contract; every violation is collected with file, row, column and remedy."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import polars as pl

from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.tables.contract import Column, TableContract

_ROW = "row_in_file"
_SHOWN_PER_RULE = 3


def read_table(folder: Path, contract: TableContract, collector: ProblemCollector) -> pl.DataFrame | None:
    """The table in the types of its contract, or None when it cannot be read at all.

    Empty cells are null. Problems (missing file, truncated row, unknown column, wrong type, value out of range or not
    allowed, missing required value, key or row_id twice) go to ``collector``; rows are numbered as in the file, the
    header is row 1.
    """
    text = _read_text(folder, contract, collector)
    rows = None if text is None else _sound_rows(text, contract, collector)
    if rows is None:
        return None
    header, *cells = rows
    raw = pl.DataFrame(cells, schema=dict.fromkeys(header, pl.String), orient="row")
    raw = raw.select(pl.col(contract.column_names).replace("", None)).with_row_index(_ROW, offset=2)
    frame = raw.select(_ROW, *(_typed(column) for column in contract.columns))
    for column in contract.columns:
        _check_column(raw, frame, column, contract, collector)
    _check_unique(frame, contract, collector)
    return frame.drop(_ROW)


def _read_text(folder: Path, contract: TableContract, collector: ProblemCollector) -> str | None:
    path = folder / contract.file
    if not path.is_file():
        collector.add(
            file=contract.file, message="the table is missing", mend=f"Put it back; it belongs in the folder {folder}."
        )
        return None
    try:
        return path.read_text(encoding="utf-8-sig")  # spreadsheets put a byte order mark before UTF-8
    except (OSError, UnicodeDecodeError) as error:
        collector.add(file=contract.file, message=f"the file is not UTF-8 text ({error})", mend="Save it as UTF-8.")
        return None


def _sound_rows(text: str, contract: TableContract, collector: ProblemCollector) -> list[list[str]] | None:
    expected = list(contract.column_names)
    rows: list[list[str]] = []
    sound = True
    try:
        reader = csv.reader(StringIO(text), strict=True)
        header = next(reader, [])
        rows.append(header)
        for name in header:
            if name not in expected:
                mend = did_you_mean(name, expected)
                collector.add(
                    file=contract.file, where="row 1", message=f"'{name}' is not a column of {contract.name}", mend=mend
                )
        for name in expected:
            if name not in header:
                collector.add(
                    file=contract.file, where="row 1", message=f"the column '{name}' is missing", mend="Add it."
                )
        for name in sorted({name for name in header if header.count(name) > 1}):
            collector.add(
                file=contract.file, where="row 1", message=f"the column '{name}' stands here twice", mend="Keep one."
            )
        if sorted(header) != sorted(expected):
            return None
        for row in reader:
            rows.append(row)
            if len(row) != len(header):
                sound = False
                collector.add(
                    file=contract.file,
                    where=f"row {len(rows)}",
                    message=f"the row has {len(row)} cells, the header {len(header)}",
                    mend="Complete the row; a comma inside a text needs quotation marks. The file may be truncated.",
                )
    except csv.Error as error:
        collector.add(
            file=contract.file,
            where=f"row {len(rows) + 1}",
            message=f"the row cannot be read: {error}",
            mend="Close the quotation mark.",
        )
        return None
    return rows if sound else None


def _typed(column: Column) -> pl.Expr:
    source = pl.col(column.name)
    match column.type:
        case "number":
            return source.cast(pl.Float64, strict=False)
        case "integer" | "year":
            return source.cast(pl.Int64, strict=False)
        case "boolean":
            return source.replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)
        case "date":
            return source.str.to_date("%Y-%m-%d", strict=False)
        case _:
            return source


def _check_column(
    raw: pl.DataFrame, frame: pl.DataFrame, column: Column, contract: TableContract, collector: ProblemCollector
) -> None:
    text, value = raw[column.name], frame[column.name]

    def report(bad: pl.Series, message: str, mend: str) -> None:
        bad = bad.fill_null(False)
        if not bad.any():
            return
        rows = raw.filter(bad)
        for row in rows.head(_SHOWN_PER_RULE).iter_rows(named=True):
            name = row.get("row_id") or row.get(contract.key[0]) or ""
            collector.add(
                file=contract.file,
                where=f"row {row[_ROW]} ({name}), column {column.name}",
                message=message.replace("{cell}", str(row[column.name])),
                mend=mend or did_you_mean(str(row[column.name]), column.allowed),
            )
        if rows.height > _SHOWN_PER_RULE:
            collector.add(
                file=contract.file,
                where=f"column {column.name}",
                message=f"the same in {rows.height - _SHOWN_PER_RULE} more rows",
            )

    if column.required:
        report(text.is_null(), "the cell is empty", "A value is required here.")
    kind = {"year": "a year", "integer": "a whole number", "boolean": "true or false", "date": "a day (YYYY-MM-DD)"}
    report(
        text.is_not_null() & value.is_null(),
        f"'{{cell}}' is not {kind.get(column.type, 'a number')}",
        "Mend the cell or leave it empty." if not column.required else "Mend the cell.",
    )
    if value.dtype.is_float():
        report(~value.is_finite(), "'{cell}' is not a finite number", "Mend the cell.")
        value = value.set(~value.is_finite(), None)
    unit = f" {column.unit}" if column.unit else ""
    if column.minimum is not None:
        report(
            value < column.minimum, f"{{cell}} is below the minimum of {column.minimum:g}{unit}", _range_hint(column)
        )
    if column.maximum is not None:
        report(
            value > column.maximum, f"{{cell}} is above the maximum of {column.maximum:g}{unit}", _range_hint(column)
        )
    if column.allowed:
        report(text.is_not_null() & ~text.is_in(list(column.allowed)), "'{cell}' is not allowed", "")
    if column.pattern is not None:
        report(
            ~text.str.contains(f"^(?:{column.pattern})$"),
            "'{cell}' does not fit the pattern " + column.pattern,
            "Mend the cell.",
        )


def _range_hint(column: Column) -> str:
    if column.minimum == 0 and column.maximum == 1:
        return "Shares are fractions between 0 and 1: write 0.45 for 45 %."
    if column.minimum is not None and column.maximum is not None:
        return f"Allowed: {column.minimum:g} to {column.maximum:g}."
    return (
        f"Allowed: {column.minimum:g} or more." if column.minimum is not None else f"Allowed: up to {column.maximum:g}."
    )


def _check_unique(frame: pl.DataFrame, contract: TableContract, collector: ProblemCollector) -> None:
    keys = [contract.key, ("row_id",)] if "row_id" in contract.column_names else [contract.key]
    for key in dict.fromkeys(keys):
        doubled = frame.group_by(list(key), maintain_order=True).agg(pl.col(_ROW)).filter(pl.col(_ROW).list.len() > 1)
        for row in doubled.head(_SHOWN_PER_RULE).iter_rows(named=True):
            values = ", ".join(str(row[name]) for name in key)
            collector.add(
                file=contract.file,
                where=f"rows {', '.join(str(number) for number in row[_ROW])}",
                message=f"the same {', '.join(key)} stands in several rows ({values})",
                mend="Keep one of them.",
            )
        if doubled.height > _SHOWN_PER_RULE:
            collector.add(
                file=contract.file, message=f"the same {', '.join(key)}: {doubled.height - _SHOWN_PER_RULE} more times"
            )
