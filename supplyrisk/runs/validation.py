"""`supplyrisk validate`: every published figure that can be reproduced, beside ours."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from supplyrisk.foundation.errors import CheckFailed, InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.runs.config import read_config
from supplyrisk.runs.geopolrisk_validation import peer_not_given, peer_reproductions
from supplyrisk.runs.opening import open_project_data
from supplyrisk.runs.project import find_project
from supplyrisk.scores.criticality.reproduce import StudyTables, criticality_reproductions
from supplyrisk.scores.reproduction import FAILS, HOLDS, NOT_CHECKED, reproduction_table

TABLES = ("eu_assessment", "eu_sourcing", "eu_material_uses", "governance", "materials")


def validate_project(
    folder: Path | None,
    checks: tuple[str, ...] = (),
    as_of: date | None = None,
    raw: Path | None = None,
    reference: Path | None = None,
) -> pl.DataFrame:
    """All reproductions (schema of scores.reproduction) on the data known on a day (today), or ``checks`` alone.

    With ``raw`` (a folder of raw files) and ``reference`` (results of geopolrisk-py 2.0.1 as CSV) the compatible
    GeoPolRisk is compared too; without them that check is listed as not made.

    Raises ``InputError`` for a check there is not.
    """
    project = find_project(folder)
    package = open_project_data(project, read_config(project.config_file), as_of or date.today(), TABLES)
    tables = StudyTables(*(package.table(name) for name in TABLES))
    if (raw is None) != (reference is None):
        raise InputError("--from-raw and --geopolrisk-reference belong together: give both or neither.")
    of_peer = peer_not_given() if raw is None or reference is None else peer_reproductions(folder, raw, reference)
    table = reproduction_table([*criticality_reproductions(tables), *of_peer])
    known = table["check"].unique(maintain_order=True).to_list()
    for check in checks:
        if check not in known:
            raise InputError(f"'{check}' is not a check. {did_you_mean(check, known)}")
    return table.filter(pl.col("check").is_in(list(checks))) if checks else table


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
    lines = [
        f"{row['check']} of {row['subject']}: published {row['published']:g}, ours {row['ours']:.4g}, "
        f"allowed {row['tolerance']:.3g} ({row['note']})"
        for row in failed.iter_rows(named=True)
    ]
    raise CheckFailed(f"{failed.height} of {table.height} comparisons do not hold:\n  " + "\n  ".join(lines))
