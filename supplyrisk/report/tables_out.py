"""The score table as CSV, Parquet and JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl


def flat_scores(scores: pl.DataFrame) -> pl.DataFrame:
    """Score table with the row ids joined by ';', for formats without lists."""
    return scores.with_columns(pl.col("input_row_ids").list.join(";"))


def scores_as_json(scores: pl.DataFrame) -> str:
    """A list of objects, one a score; null stays null."""
    return json.dumps(records(scores), ensure_ascii=False, indent=1, default=str) + "\n"


def records(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain dictionaries, dates as ISO text."""
    return [
        {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()}
        for row in frame.iter_rows(named=True)
    ]


def write_scores(scores: pl.DataFrame, folder: Path) -> None:
    """scores.parquet and scores.json into ``folder``, with the row ids as lists."""
    scores.write_parquet(folder / "scores.parquet")
    (folder / "scores.json").write_text(scores_as_json(scores), encoding="utf-8")
