"""The history of runs: ``<reports>/history/run=<id>/`` holds the scores and the manifest of one run.

A run is named after what it was made from, so the same inputs are the same run and are kept once. The folders are a
Hive-partitioned Parquet data set: ``select * from 'reports/history/*/scores.parquet'`` in any SQL engine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any

import polars as pl

from supplyrisk.store.atomic import replace_folder

HISTORY = "history"


def run_id(manifest: Mapping[str, Any]) -> str:
    """Twelve characters that name a run: a hash of its manifest (inputs, config, versions; no clock)."""
    text = json.dumps(manifest, sort_keys=True, ensure_ascii=False)
    return blake2b(text.encode(), digest_size=6).hexdigest()


def keep_run(
    reports: Path,
    run: str,
    scores: pl.DataFrame,
    manifest: Mapping[str, Any],
    further: Mapping[str, pl.DataFrame] | None = None,
) -> Path:
    """Write a run into the history (replacing an equal one), with ``further`` tables. Gives its folder."""
    folder = reports / HISTORY / f"run={run}"
    with replace_folder(folder) as draft:
        scores.with_columns(pl.lit(run).alias("run_id")).write_parquet(draft / "scores.parquet")
        for name, table in (further or {}).items():
            table.with_columns(pl.lit(run).alias("run_id")).write_parquet(draft / f"{name}.parquet")
        (draft / "manifest.json").write_text(render_manifest(manifest), encoding="utf-8")
    return folder


def kept_table(reports: Path, quarter: str, as_of: date, name: str) -> tuple[str, pl.DataFrame] | None:
    """A further table of the run of a quarter and day that was kept last, with the id of that run.

    None where no such run has the table.
    """
    folders = [
        reports / HISTORY / f"run={run['run_id']}"
        for run in kept_runs(reports)
        if run["quarter"] == quarter and run["as_of"] == as_of.isoformat()
    ]
    files = [folder / f"{name}.parquet" for folder in folders if (folder / f"{name}.parquet").is_file()]
    if not files:
        return None
    last = max(files, key=lambda file: (file.stat().st_mtime_ns, file))
    return last.parent.name.removeprefix("run="), pl.read_parquet(last, hive_partitioning=False).drop("run_id")


def render_manifest(manifest: Mapping[str, Any]) -> str:
    """Manifest as text, the same bytes for the same content."""
    return json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def kept_runs(reports: Path) -> list[dict[str, Any]]:
    """Manifests of the kept runs with their ``run_id``, ordered by quarter, as-of day and id."""
    found = [
        {**json.loads(path.read_text(encoding="utf-8")), "run_id": path.parent.name.removeprefix("run=")}
        for path in sorted((reports / HISTORY).glob("run=*/manifest.json"))
    ]
    return sorted(found, key=lambda run: (run["quarter"], run["as_of"], run["run_id"]))
