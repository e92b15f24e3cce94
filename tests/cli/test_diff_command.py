"""supplyrisk diff and history on the command line: errors before work, and which kept runs are taken."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from supplyrisk.foundation.errors import ExitCode
from supplyrisk.scores.table import SCHEMA
from supplyrisk.store.history import keep_run
from tests.cli.test_commands import call

Output = pytest.CaptureFixture[str]
EMPTY = pl.DataFrame(schema=dict(SCHEMA))


def test_quarters_in_the_wrong_order_end_before_anything_is_read(tmp_path: Path, capsys: Output) -> None:
    assert call("diff", "2026Q1", "2025Q4", "--reports", str(tmp_path)) == ExitCode.WRONG_INPUT
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Give the older one first: supplyrisk diff 2025Q4 2026Q1." in captured.err
    assert "reading" not in captured.err


def test_an_unknown_language_is_told(tmp_path: Path, capsys: Output) -> None:
    asked = ("diff", "2025Q4", "2026Q1", "--lang", "fr", "--reports", str(tmp_path))
    assert call(*asked) == ExitCode.WRONG_INPUT
    assert "'fr' is not a language of the reports. Known: en, nl." in capsys.readouterr().err


def test_history_tells_which_runs_diff_takes(tmp_path: Path, capsys: Output) -> None:
    for run, quarter, version in (("aaa", "2025Q4", "0.1.0"), ("bbb", "2025Q4", "0.2.0"), ("ccc", "2026Q1", "0.2.0")):
        manifest = {"quarter": quarter, "as_of": "2025-12-31", "versions": {"supplyrisk": version}}
        folder = keep_run(tmp_path, run, EMPTY, manifest)
    (folder / "scores.parquet").write_bytes(b"broken")
    assert call("history", "--reports", str(tmp_path), "--format", "json") == ExitCode.DONE
    rows = {row["run_id"]: (row["diff"], row["scores"]) for row in json.loads(capsys.readouterr().out)}
    assert rows == {
        "aaa": ("with --run", "readable"),
        "bbb": ("taken", "readable"),
        "ccc": ("taken", "it is damaged and cannot be read as Parquet"),
    }
    assert call("history", "--reports", str(tmp_path), "--quarter", "2026q1", "--format", "json") == ExitCode.DONE
    assert [row["run_id"] for row in json.loads(capsys.readouterr().out)] == ["ccc"]
    assert call("history", "--reports", str(tmp_path), "--quarter", "spring") == ExitCode.WRONG_INPUT
    assert "'spring' is not a quarter." in capsys.readouterr().err
