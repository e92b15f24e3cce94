"""Column contracts, kept as data in data/columns.csv and data/tables.csv.

Reader, checks, documentation and datapackage.json all follow them.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import polars as pl

from supplyrisk.foundation.errors import InputError

COLUMNS_FILE = "columns.csv"
TABLES_FILE = "tables.csv"

_COLUMNS_HEADER = (
    *("table", "column", "type", "unit", "required", "minimum", "maximum"),
    *("allowed", "pattern", "references", "description"),
)
_TABLES_HEADER = ("table", "file", "key", "kind", "period", "title", "description")

POLARS_TYPES: Mapping[str, type[pl.DataType]] = {
    "string": pl.String,
    "number": pl.Float64,
    "integer": pl.Int64,
    "year": pl.Int64,
    "boolean": pl.Boolean,
    "date": pl.Date,
}


@dataclass(frozen=True)
class Reference:
    """Values of a column must stand in ``table.column``; ``is_list``: the cell holds several, parted by ';'."""

    table: str
    column: str
    is_list: bool


@dataclass(frozen=True)
class Column:
    """What one column may hold."""

    name: str
    type: str
    unit: str
    required: bool
    minimum: float | None
    maximum: float | None
    allowed: tuple[str, ...]
    pattern: str | None
    reference: Reference | None
    description: str


@dataclass(frozen=True)
class TableContract:
    """What one table holds: file, key, columns. ``period`` names the column with the period a fact is about."""

    name: str
    file: str
    key: tuple[str, ...]
    kind: str
    period: str | None
    title: str
    description: str
    columns: tuple[Column, ...]

    @property
    def is_fact(self) -> bool:
        """True for observations with source and ``known_from``; False for reference lists."""
        return self.kind == "fact"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Column names in the order of the file."""
        return tuple(column.name for column in self.columns)

    @property
    def schema(self) -> dict[str, type[pl.DataType]]:
        """Polars types by column."""
        return {column.name: POLARS_TYPES[column.type] for column in self.columns}


def read_contracts(folder: Path) -> dict[str, TableContract]:
    """Contracts of all tables of a data folder, by table name.

    Raises ``InputError`` when a contract file is missing or does not hold what a contract needs.
    """
    columns: dict[str, list[Column]] = {}
    for row in _rows(folder / COLUMNS_FILE, _COLUMNS_HEADER):
        if row["type"] not in POLARS_TYPES:
            raise InputError(
                f"{COLUMNS_FILE}: column {row['table']}.{row['column']} has the unknown type '{row['type']}'."
            )
        columns.setdefault(row["table"], []).append(_column(row))
    contracts: dict[str, TableContract] = {}
    for row in _rows(folder / TABLES_FILE, _TABLES_HEADER):
        if row["table"] not in columns:
            raise InputError(f"{COLUMNS_FILE}: the table '{row['table']}' has no columns.")
        contracts[row["table"]] = TableContract(
            name=row["table"],
            file=row["file"],
            key=tuple(row["key"].split(";")),
            kind=row["kind"],
            period=row["period"] or None,
            title=row["title"],
            description=row["description"],
            columns=tuple(columns[row["table"]]),
        )
    _check_names(contracts)
    return contracts


def _rows(path: Path, header: tuple[str, ...]) -> list[dict[str, str]]:
    if not path.is_file():
        raise InputError(f"{path.name}: the contract file is missing in {path.parent}.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name}: the file is not UTF-8 text ({error}). Save it as UTF-8.") from error
    reader = csv.reader(StringIO(text))
    if tuple(next(reader, ())) != header:
        raise InputError(f"{path.name}: the first row must be {','.join(header)}.")
    rows = list(reader)
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise InputError(f"{path.name}, row {number}: the row has {len(row)} cells, the header {len(header)}.")
    return [dict(zip(header, row, strict=True)) for row in rows]


def _check_names(contracts: Mapping[str, TableContract]) -> None:
    for contract in contracts.values():
        for name in contract.key:
            if name not in contract.column_names:
                raise InputError(f"{TABLES_FILE}: the key column '{name}' is not a column of {contract.name}.")
        for column in contract.columns:
            target = column.reference
            if target is not None and (
                target.table not in contracts or target.column not in contracts[target.table].column_names
            ):
                raise InputError(
                    f"{COLUMNS_FILE}: {contract.name}.{column.name} refers to {target.table}.{target.column}, "
                    "which does not exist."
                )


def _bound(row: Mapping[str, str], side: str) -> float | None:
    try:
        return float(row[side]) if row[side] else None
    except ValueError as error:
        raise InputError(
            f"{COLUMNS_FILE}: the {side} of {row['table']}.{row['column']} is '{row[side]}', which is not a number."
        ) from error


def _column(row: Mapping[str, str]) -> Column:
    reference = None
    if row["references"]:
        table, _, column = row["references"].rstrip(";").partition(".")
        reference = Reference(table, column, row["references"].endswith(";"))
    return Column(
        name=row["column"],
        type=row["type"],
        unit=row["unit"],
        required=row["required"] == "true",
        minimum=_bound(row, "minimum"),
        maximum=_bound(row, "maximum"),
        allowed=tuple(row["allowed"].split("|")) if row["allowed"] else (),
        pattern=row["pattern"] or None,
        reference=reference,
        description=row["description"],
    )
