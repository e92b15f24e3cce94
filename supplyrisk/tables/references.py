"""References between tables: a value that must stand in another table."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.tables.contract import Column, TableContract

_SHOWN_PER_RULE = 3


def check_references(
    contracts: Mapping[str, TableContract], frames: Mapping[str, pl.DataFrame], collector: ProblemCollector
) -> None:
    """Report every value that its column's reference does not know, with the nearest one that it does."""
    for name, frame in frames.items():
        for column in contracts[name].columns:
            if column.reference is not None and column.reference.table in frames:
                target = set(frames[column.reference.table][column.reference.column].drop_nulls())
                _check(contracts[name], column, frame, target, collector)


def _check(
    contract: TableContract, column: Column, frame: pl.DataFrame, target: set[str], collector: ProblemCollector
) -> None:
    assert column.reference is not None
    identity = "row_id" if "row_id" in frame.columns else contract.key[0]
    cells = frame.with_row_index("row", offset=2).select(
        "row", pl.col(identity).alias("identity"), pl.col(column.name).alias("value")
    )
    if column.reference.is_list:
        cells = cells.with_columns(pl.col("value").str.split(";")).explode("value")
    unknown = cells.filter(pl.col("value").is_not_null() & ~pl.col("value").is_in(list(target)))
    for row in unknown.head(_SHOWN_PER_RULE).iter_rows(named=True):
        collector.add(
            file=contract.file,
            where=f"row {row['row']} ({row['identity']}), column {column.name}",
            message=f"'{row['value']}' is not known in {column.reference.table}.{column.reference.column}",
            mend=did_you_mean(row["value"], target),
        )
    if unknown.height > _SHOWN_PER_RULE:
        collector.add(
            file=contract.file,
            where=f"column {column.name}",
            message=f"the same in {unknown.height - _SHOWN_PER_RULE} more rows",
        )
