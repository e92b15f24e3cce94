"""Printing results on stdout as table, CSV or JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from shutil import get_terminal_size

import polars as pl

from supplyrisk.cli.session import Format
from supplyrisk.cli.text_table import table_lines
from supplyrisk.report.tables_out import records

_WIDTH_OF_A_FILE = 200
"""Characters of a table that goes to a file or another program."""


def print_frame(frame: pl.DataFrame, form: Format, title: str = "", important: Sequence[str] = ()) -> None:
    """A frame on stdout. CSV and JSON hold every value; the table is for reading and shortens numbers and lists.

    ``important``: columns of the table that are kept longest where it would be too wide.
    """
    if form is Format.json:
        print(json.dumps(records(frame), ensure_ascii=False, indent=1))
    elif form is Format.csv:
        lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
        sys.stdout.write(frame.with_columns(pl.col(lists).list.join(";")).write_csv())
    else:
        width = get_terminal_size().columns if sys.stdout.isatty() else _WIDTH_OF_A_FILE
        sys.stdout.writelines(f"{line}\n" for line in table_lines(frame, width, title, important))
