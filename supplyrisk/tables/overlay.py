"""An overlay folder: rows of one's own that are added to the data package or replace rows with the same key."""

from __future__ import annotations

import polars as pl

from supplyrisk.tables.contract import TableContract


def apply_overlay(base: pl.DataFrame, overlay: pl.DataFrame, contract: TableContract) -> pl.DataFrame:
    """``base`` with the rows of ``overlay``; an overlay row takes the place of the base row with the same key."""
    # An empty key cell has a meaning ("all other countries"), so empty equals empty.
    kept = base.join(
        overlay.select(contract.key), on=list(contract.key), how="anti", nulls_equal=True, maintain_order="left"
    )
    return pl.concat([kept, overlay.select(base.columns)])
