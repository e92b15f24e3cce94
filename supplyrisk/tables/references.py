"""References between tables: a value that must stand in another table."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.tables.contract import Column, TableContract

_SHOWN_PER_RULE = 3


def check_references(
    contracts: Mapping[str, TableContract],
    frames: Mapping[str, pl.DataFrame],
    collector: ProblemCollector,
    own_rows: Mapping[str, int] | None = None,
) -> None:
    """Report every value that its column's reference does not know, with the nearest one that it does.

    ``own_rows``: how many rows at the end of a table are those of an overlay.
    """
    for name, frame in frames.items():
        for column in contracts[name].columns:
            if column.reference is not None and column.reference.table in frames:
                target = set(frames[column.reference.table][column.reference.column].drop_nulls())
                _check(contracts[name], column, frame, target, collector, (own_rows or {}).get(name, 0))


def _check(
    contract: TableContract,
    column: Column,
    frame: pl.DataFrame,
    target: set[str],
    collector: ProblemCollector,
    own: int,
) -> None:
    assert column.reference is not None
    identity = "row_id" if "row_id" in frame.columns else contract.key[0]
    cells = frame.with_row_index("row", offset=2).select(
        "row", pl.col(identity).alias("identity"), pl.col(column.name).alias("value")
    )
    if column.reference.is_list:
        cells = cells.with_columns(pl.col("value").str.split(";")).explode("value")
    unknown = cells.filter(pl.col("value").is_not_null() & ~pl.col("value").is_in(list(target)))
    first_own = frame.height - own + 2
    for row in unknown.head(_SHOWN_PER_RULE).iter_rows(named=True):
        is_own = row["row"] >= first_own
        number = row["row"] - first_own + 2 if is_own else row["row"]
        # Rows that an overlay replaced are gone, so that those after them no longer stand where they do in the file.
        counted = f"row {number} ({row['identity']})" if is_own or not own else f"row {row['identity']}"
        collector.add(
            file=f"overlay/{contract.file}" if is_own else contract.file,
            where=f"{counted}, column {column.name}",
            message=f"'{row['value']}' is not known in {column.reference.table}.{column.reference.column}",
            mend=did_you_mean(row["value"], target),
        )
    if unknown.height > _SHOWN_PER_RULE:
        collector.add(
            file=contract.file,
            where=f"column {column.name}",
            message=f"the same in {unknown.height - _SHOWN_PER_RULE} more rows",
        )
