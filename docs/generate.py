"""Writes docs/data.md, docs/cli.md, docs/reproductions.md and data/datapackage.json from what they describe."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from typer.testing import CliRunner

from supplyrisk import __version__
from supplyrisk.cli.main import app
from supplyrisk.runs.validation import AS_RELEASED, summary_of, validate_project
from supplyrisk.tables.contract import Column, TableContract, read_contracts
from supplyrisk.tables.datapackage import describe_data_package, render_json

ROOT = Path(__file__).parent.parent
REPRODUCED_ON = date(2026, 3, 31)

COMMANDS = (
    (),
    ("report",),
    ("score",),
    ("explain",),
    ("graph",),
    ("whatif",),
    ("risk",),
    ("mitigate",),
    ("schema",),
    ("targets",),
    ("geopolrisk",),
    ("fit",),
    ("validate",),
    ("dependency",),
    ("history",),
    ("alerts",),
    ("alerts", "accept"),
    ("alerts", "log"),
    ("brief",),
    ("diff",),
    ("doctor",),
    ("init",),
    ("data",),
    ("data", "check"),
    ("data", "show"),
    ("data", "sources"),
)

_DATA_INTRO = """# Data

Tidy tables, one observation a row, in UTF-8 CSV. `make docs` makes this page from the column contracts
(`data/columns.csv`, `data/tables.csv`). Rows stand under the terms of their sources (`data/sources.csv`, columns
`licence` and `licence_status`).

* Country codes are text: ISO 3166-1 alpha-3, and `EU27`, `ROW` (all countries not named for that product, year and
  edition), `WLD`. `NA` is Namibia, never missing.
* An empty cell is missing. Missing is not zero.
* `quality`: A official statistics or legal text, B agency or reputable compilation, C press, one-off or partly
  derived, D expert estimate or assumption. `basis`: observed, derived or assumed; `derivation` says how.
* `known_from` follows from the release rules of the sources and the row's period: for `published` sources the day
  the edition appeared, for `series_lag` sources the end of the period plus the usual lag, as earlier editions printed
  it already; what an edition was the first to print (its `last_period`) counts from the day of that edition.
  `supplyrisk data check` recomputes it. Release days marked `assumed` in sources.csv are our reading: where only a
  year is known, 31 December is taken, which shows a figure rather too late than too early.
* What a third party copied from a dated document counts from the day of the document, not of the copy (recycling
  input rates of the study of 2023, strategic projects of March 2025); what it worked out itself, from its own day.
* Several editions of the same fact stand side by side; `edition_choice.csv` ranks them, and the first whose rows
  were all known on the as-of day stands for a product.
"""


def data_page(contracts: Mapping[str, TableContract]) -> str:
    """docs/data.md."""
    parts = [_DATA_INTRO]
    for name in sorted(contracts):
        contract = contracts[name]
        parts += [f"## {contract.title} (`{contract.file}`)", contract.description]
        period = f"; period `{contract.period}`" if contract.period else ""
        parts += [f"Kind: {contract.kind}. Key: {', '.join(f'`{key}`' for key in contract.key)}{period}."]
        lines = ["| column | type | unit | required | allowed | description |", "| --- | --- | --- | --- | --- | --- |"]
        parts.append("\n".join([*lines, *(_line(column) for column in contract.columns)]))
    return "\n\n".join(parts) + "\n"


def _line(column: Column) -> str:
    bounds = [f"≥ {column.minimum:g}"] if column.minimum is not None else []
    bounds += [f"≤ {column.maximum:g}"] if column.maximum is not None else []
    allowed = ", ".join(column.allowed) or ", ".join(bounds)
    if column.reference is not None:
        allowed = f"{column.reference.table}.{column.reference.column}{' (list)' if column.reference.is_list else ''}"
    cells = (
        f"`{column.name}`",
        column.type,
        column.unit,
        "yes" if column.required else "",
        allowed,
        column.description,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def command_page() -> str:
    """docs/cli.md: the help of every command."""
    runner = CliRunner(env={"COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1"})
    parts = ["# Command line\n\nMade by `make docs` from the commands themselves."]
    for words in COMMANDS:
        text = runner.invoke(app, [*words, "--help"], prog_name="supplyrisk").output.strip()
        parts.append(f"## {' '.join(('supplyrisk', *words))}\n\n```text\n{text}\n```")
    return "\n\n".join(parts) + "\n"


def reproductions_page() -> str:
    """docs/reproductions.md: every published figure beside ours, as known on ``REPRODUCED_ON``; no tables as released.

    These rest on data/datapackage.json, which is written together with this page.
    """
    table = validate_project(ROOT, as_of=REPRODUCED_ON).filter(pl.col("check") != AS_RELEASED)
    parts = [
        "# Reproductions\n\nPublished scores beside ours, made by `make docs` from `supplyrisk validate` as known on "
        f"{REPRODUCED_ON}. `at most`: the published figure is a bound, and only ours above it would be a difference; "
        "what such a bound cannot tell is said in [method.md](method.md). In brackets: the range of ours, where what "
        "is printed leaves one. `not checked`: not printed, not seen or not given; the note says which. "
        "`supplyrisk validate --check data_as_released` tells whether the tables are those of the release."
    ]
    lines = ["| check | hold | fail | not checked | largest difference |", "| --- | --- | --- | --- | --- |"]
    for row in summary_of(table).iter_rows(named=True):
        counts = f"{row['holds']} | {row['fails']} | {row['not_checked']} | {_number(row['largest_difference'])}"
        lines.append(f"| {row['check']} | {counts} |")
    parts.append("\n".join(lines))
    for (check,), rows in table.group_by(["check"], maintain_order=True):
        head = ["| subject | published | ours | allowed | verdict | note |", "| --- | --- | --- | --- | --- | --- |"]
        parts += [f"## {check}\n\n{rows['source'][0]}", "\n".join([*head, *map(_comparison, rows.to_dicts())])]
    return "\n\n".join(parts) + "\n"


def _comparison(row: Mapping[str, Any]) -> str:
    allowed = f"{'at most + ' if row['comparison'] == 'at_most' else '± '}{row['tolerance']:.3f}"
    verdict = str(row["verdict"]).replace("_", " ")
    between = "" if row["ours_low"] is None else f" ({_number(row['ours_low'])} to {_number(row['ours_high'])})"
    figures = f"{_number(row['published'])} | {_number(row['ours'])}{between} | {allowed}"
    return f"| {row['subject']} | {figures} | {verdict} | {row['note']} |"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")


def data_descriptor() -> str:
    """data/datapackage.json, with the hashes of the tables as they are now."""
    folder = ROOT / "data"
    title = "Data package of supplyrisk"
    return render_json(describe_data_package(folder, read_contracts(folder), "supplyrisk", title, __version__))


def pages() -> dict[str, str]:
    """Path below the project root → content of every generated file."""
    contracts = read_contracts(ROOT / "data")
    return {
        "docs/data.md": data_page(contracts),
        "docs/cli.md": command_page(),
        "docs/reproductions.md": reproductions_page(),
        "data/datapackage.json": data_descriptor(),
    }


if __name__ == "__main__":
    # The hashes first: the other pages are made from a data folder that they are compared with.
    (ROOT / "data/datapackage.json").write_text(data_descriptor(), encoding="utf-8")
    for path, content in pages().items():
        (ROOT / path).write_text(content, encoding="utf-8")
