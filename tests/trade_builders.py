"""Small hand-made rows of the trade table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

EU = frozenset({"DEU", "NLD", "FRA", "POL"})

_TYPES = {
    "row_id": pl.String,
    "year": pl.Int64,
    "period": pl.String,
    "product_id": pl.String,
    "trade_good": pl.String,
    "hs6": pl.String,
    "cn8": pl.String,
    "nomenclature": pl.String,
    "exporter_iso3": pl.String,
    "importer_iso3": pl.String,
    "record_kind": pl.String,
    "value_kusd": pl.Float64,
    "suspect": pl.String,
    "source_ids": pl.String,
    "quality": pl.String,
}


def trade_rows(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows given by exporter, importer, value and what differs from BACI, 2024, product ``metal``, heading 111111."""
    records = []
    for position, row in enumerate(rows):
        full = {"year": 2024, "hs6": "111111", "nomenclature": "HS1992", "record_kind": "reconciled"} | dict(row)
        records.append(
            dict.fromkeys(_TYPES)
            | {name: full[name] for name in _TYPES if name in full}
            | {
                "row_id": f"trade.{position}",
                "product_id": full.get("product", "metal"),
                "trade_good": full.get("good"),
                "exporter_iso3": full["exporter"],
                "importer_iso3": full["importer"],
                "value_kusd": full["value"],
                "source_ids": full.get("source_ids", "baci"),
                "quality": "B",
            }
        )
    return pl.DataFrame(records, schema=_TYPES)
