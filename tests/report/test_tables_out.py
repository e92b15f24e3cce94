"""The score table as files."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import polars as pl

from supplyrisk.report.tables_out import flat_scores, records, scores_as_json, write_scores
from supplyrisk.runs.scoring import Scores
from supplyrisk.scores.table import SCHEMA
from tests.score_builders import score

FRAME = pl.DataFrame(
    [
        score("hhi", "gallium", 9789.25, input_row_ids=["row.1", "row.2"]),
        score("hhi", "gap", missing_reason="no_edition_known", edition="Über, unit"),
    ],
    schema=SCHEMA,
)


def test_csv_joins_row_ids_and_leaves_null_empty() -> None:
    first, second = csv.DictReader(StringIO(flat_scores(FRAME).write_csv()))
    assert (first["value"], first["as_of"], first["input_row_ids"]) == ("9789.25", "2026-03-31", "row.1;row.2")
    assert (second["value"], second["missing_reason"], second["edition"]) == ("", "no_edition_known", "Über, unit")


def test_json_keeps_null_lists_and_letters() -> None:
    text = scores_as_json(FRAME)
    first, second = json.loads(text)
    assert (first["value"], first["as_of"], first["input_row_ids"]) == (9789.25, "2026-03-31", ["row.1", "row.2"])
    assert second["value"] is None
    assert "Über" in text


def test_records_write_days_as_text() -> None:
    assert [row["as_of"] for row in records(FRAME)] == ["2026-03-31", "2026-03-31"]


def test_two_files_are_written_and_parquet_gives_the_table_back(tmp_path: Path) -> None:
    write_scores(FRAME, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"scores.parquet", "scores.json"}
    assert pl.read_parquet(tmp_path / "scores.parquet").equals(FRAME)


def test_three_files_of_a_real_run_tell_the_same(scores: Scores, tmp_path: Path) -> None:
    write_scores(scores.table, tmp_path)
    from_json = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))
    from_csv = list(csv.DictReader(StringIO(flat_scores(scores.table).write_csv())))
    assert len(from_json) == len(from_csv) == scores.table.height
    for name in ("value", "low", "high"):
        expected = scores.table[name].to_list()
        assert [row[name] for row in from_json] == expected
        assert [float(row[name]) if row[name] else None for row in from_csv] == expected
