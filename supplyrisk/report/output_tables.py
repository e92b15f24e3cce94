"""The one list of the tables in a report's folder: what each is about, and unit, type and meaning of every column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from supplyrisk.foundation.model_reader import read_model

Text = Annotated[str, StringConstraints(min_length=3)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
"""A name that a sheet of a workbook can bear: 31 characters at most."""

ColumnType = Literal["string", "number", "integer", "boolean", "date"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class OutputColumn(_Strict):
    """A column; ``unit_in`` names the column that holds the unit of each row, where that differs by row."""

    type: ColumnType
    description: Text
    unit: str | None = None
    unit_in: str | None = None

    @property
    def told_unit(self) -> str:
        """The unit in words, empty where there is none."""
        return f"see column {self.unit_in}" if self.unit_in else self.unit or ""


class OutputTable(_Strict):
    """A table, or a family of them where ``path`` has a {name}; columns in the order of the file."""

    path: Text
    title: Text
    row: Text
    columns: Mapping[str, OutputColumn]

    @model_validator(mode="after")
    def _units_are_columns(self) -> OutputTable:
        unknown = {column.unit_in for column in self.columns.values() if column.unit_in} - set(self.columns)
        if unknown:
            raise ValueError(f"unit_in names no column of the table: {', '.join(sorted(unknown))}")
        return self

    @property
    def member(self) -> str | None:
        """What the members of a family differ by, as scenario; None for a single table."""
        return next((field for _, field, _, _ in Formatter().parse(self.path) if field), None)


class OutputTables(_Strict):
    """See catalogue/output_tables.yaml."""

    shared: Mapping[str, OutputColumn]
    tables: Mapping[Name, OutputTable]
    figures: Mapping[Name, OutputTable]

    @model_validator(mode="after")
    def _members_are_described(self) -> OutputTables:
        members = {name: table.member for name, table in self.tables.items() if table.member}
        if nameless := [name for name, member in members.items() if member not in self.shared]:
            raise ValueError(f"shared describes no column for the members of {', '.join(nameless)}")
        return self

    def of_figure(self, file_name: str) -> OutputTable:
        """The table that a figure's data are: the first whose path fits. Raises ``ValueError`` for none."""
        for table in self.figures.values():
            if fnmatchcase(file_name, table.path):
                return table
        raise ValueError(f"the data of {file_name} are described nowhere in output_tables.yaml")


@dataclass(frozen=True)
class Output:
    """A table to be written: its name in the list, and which of its family it is."""

    table: str
    frame: pl.DataFrame
    member: str = ""

    @property
    def described(self) -> OutputTable:
        """What the list says of it."""
        return output_tables().tables[self.table]

    @property
    def path(self) -> str:
        """Its file in the folder of the report."""
        table = self.described
        return table.path.format(**{table.member: self.member}) if table.member else table.path


@cache
def output_tables() -> OutputTables:
    """The list of the tables."""
    path = Path(str(files("supplyrisk.report") / "catalogue" / "output_tables.yaml"))
    return read_model(path, OutputTables, "The list of output tables cannot be used")


def check_described(output: Output) -> None:
    """Raise ``ValueError`` where the columns of a table, or their types, are not those of the list."""
    wanted = {name: column.type for name, column in output.described.columns.items()}
    found = output.frame.schema
    if list(found) != list(wanted):
        raise ValueError(f"{output.path} has the columns {list(found)}, described are {list(wanted)}")
    wrong = [f"{name} ({found[name]})" for name, kind in wanted.items() if not _fits(found[name], kind)]
    if wrong:
        raise ValueError(f"{output.path}: described with another type: {', '.join(wrong)}")


def _fits(dtype: pl.DataType, kind: ColumnType) -> bool:
    fitting = {
        "string": dtype in (pl.String, pl.List(pl.String)),
        "number": dtype.is_float(),
        "integer": dtype.is_integer(),
        "boolean": dtype == pl.Boolean,
        "date": dtype == pl.Date,
    }
    return fitting[kind]
