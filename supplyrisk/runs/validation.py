"""`supplyrisk validate`: tables as released, and every published figure that can be reproduced, beside ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from supplyrisk.foundation.errors import CheckFailed, InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.runs.config import read_config
from supplyrisk.runs.geopolrisk_validation import peer_not_given, peer_reproductions
from supplyrisk.runs.opening import open_project_data
from supplyrisk.runs.project import find_project
from supplyrisk.scores.criticality.reproduce import StudyTables, criticality_reproductions
from supplyrisk.scores.reproduction import FAILS, HOLDS, NOT_CHECKED, Reproduction, reproduction_table
from supplyrisk.tables.release import FILE, MEND, compare_with_release

AS_RELEASED = "data_as_released"
TABLES = ("eu_assessment", "eu_sourcing", "eu_material_uses", "governance", "materials")


def validate_project(
    folder: Path | None,
    checks: tuple[str, ...] = (),
    as_of: date | None = None,
    raw: Path | None = None,
    reference: Path | None = None,
) -> pl.DataFrame:
    """All reproductions (schema of scores.reproduction) on the data known on a day (today), or ``checks`` alone.

    Before them each table of the data folder beside its release (``tables_as_released``). With ``raw`` (a folder of raw
    files) and ``reference`` (results of geopolrisk-py 2.0.1 as CSV) the compatible GeoPolRisk is compared too; without
    them that check is listed as not made.

    Raises ``InputError`` for a check there is not, and where datapackage.json does not tell the release.
    """
    project = find_project(folder)
    released = tables_as_released(project.data)
    package = open_project_data(project, read_config(project.config_file), as_of or date.today(), TABLES)
    tables = StudyTables(*(package.table(name) for name in TABLES))
    if (raw is None) != (reference is None):
        raise InputError("--from-raw and --geopolrisk-reference belong together: give both or neither.")
    of_peer = peer_not_given() if raw is None or reference is None else peer_reproductions(folder, raw, reference)
    table = reproduction_table([*released, *criticality_reproductions(tables), *of_peer])
    known = table["check"].unique(maintain_order=True).to_list()
    for check in checks:
        if check not in known:
            raise InputError(f"'{check}' is not a check. {did_you_mean(check, known)}")
    return table.filter(pl.col("check").is_in(list(checks))) if checks else table


@dataclass(frozen=True)
class TableReproduction(Reproduction):
    """Rows of a table as released beside those here; it holds by the hash of its bytes, not by the number of rows."""

    is_as_released: bool = False

    @property
    def verdict(self) -> str:
        """``holds`` or ``fails``."""
        return HOLDS if self.is_as_released else FAILS


def tables_as_released(data: Path) -> Iterator[TableReproduction]:
    """Every table of a data folder beside its release; files of an overlay are no part of it.

    Raises ``InputError`` where datapackage.json does not tell the release.
    """
    for one in compare_with_release(data):
        released, here = (None if side is None else float(side.rows) for side in (one.released, one.here))
        yield TableReproduction(
            "data", AS_RELEASED, one.table, released, here, 0.0, FILE, one.told, is_as_released=one.is_as_released
        )


def summary_of(table: pl.DataFrame) -> pl.DataFrame:
    """Comparisons by method and check: how many hold, fail, and could not be made, and the largest difference."""
    # Below a bound nothing differs: there the largest difference upwards counts, with its sign.
    apart = pl.when(pl.col("comparison") == "at_most").then(pl.col("difference")).otherwise(pl.col("difference").abs())
    counts = [(pl.col("verdict") == verdict).sum().alias(verdict) for verdict in (HOLDS, FAILS, NOT_CHECKED)]
    return table.group_by("method", "check", maintain_order=True).agg(
        *counts, apart.max().alias("largest_difference"), pl.col("source").first()
    )


def raise_if_any_fails(table: pl.DataFrame) -> None:
    """Raise ``CheckFailed`` with every comparison that does not hold."""
    failed = table.filter(pl.col("verdict") == FAILS)
    if failed.is_empty():
        return
    lines = [_failure(row) for row in failed.iter_rows(named=True)]
    if AS_RELEASED in failed["check"]:
        lines.append(f"{AS_RELEASED}: {MEND}")
    raise CheckFailed(f"{failed.height} of {table.height} comparisons do not hold:\n  " + "\n  ".join(lines))


def _failure(row: Mapping[str, Any]) -> str:
    if row["check"] == AS_RELEASED:
        return f"{AS_RELEASED}: {row['subject']}: {row['note']}"
    ours = "missing" if row["ours"] is None else f"{row['ours']:.4g}"
    return (
        f"{row['check']} of {row['subject']}: published {row['published']:g}, ours {ours}, "
        f"allowed {row['tolerance']:.3g} ({row['note']})"
    )
