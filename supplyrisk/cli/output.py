"""Printing results on stdout as table, CSV or JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

import polars as pl

from supplyrisk.cli.session import Format
from supplyrisk.report.tables_out import records

_LISTS_SHOWN = 3


def print_frame(frame: pl.DataFrame, form: Format, title: str = "") -> None:
    """A frame on stdout. CSV and JSON hold every value; the table is for reading and shortens numbers and lists."""
    if form is Format.json:
        print(json.dumps(records(frame), ensure_ascii=False, indent=1))
    elif form is Format.csv:
        lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
        sys.stdout.write(frame.with_columns(pl.col(lists).list.join(";")).write_csv())
    else:
        _print_table(frame, title)


def _print_table(frame: pl.DataFrame, title: str) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title or None, box=SIMPLE, title_justify="left")
    for name, kind in frame.schema.items():
        table.add_column(name, justify="right" if kind.is_numeric() else "left", overflow="fold")
    for row in frame.iter_rows():
        table.add_row(*(_shown(value) for value in row))
    console = Console(soft_wrap=not sys.stdout.isatty(), width=None if sys.stdout.isatty() else 200)
    console.print(table)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    if isinstance(value, list):
        rest = len(value) - _LISTS_SHOWN
        return ";".join(value[:_LISTS_SHOWN]) + (f";… {rest} more" if rest > 0 else "")
    return str(value)
