"""Words of the shipped data, for tests of files that rest on them."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).parents[1] / "data"


def first_cells() -> dict[str, list[str]]:
    """First cell of every row by table: product and material ids, row ids."""
    tables = {table.stem: table.read_text(encoding="utf-8").splitlines() for table in DATA.glob("*.csv")}
    return {name: [row.partition(",")[0] for row in rows] for name, rows in tables.items()}


def every_row() -> list[str]:
    """Ids of all rows."""
    return [row for rows in first_cells().values() for row in rows]
