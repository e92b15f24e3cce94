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

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.scores.table import SCHEMA
from supplyrisk.store.atomic import replace_folder

HISTORY = "history"
_MEND = "Take the folder of the run out of the history, or put back the one that was kept."


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
    """A further table of a kept run of a quarter and day, with the id of that run; None where no such run has it.

    Of several runs that which ``chosen_run`` would take. Raises ``InputError`` that names the file when it is damaged.
    """
    runs = [
        run
        for run in kept_runs(reports, quarter)
        if run["as_of"] == as_of.isoformat() and _file(reports, run["run_id"], name).is_file()
    ]
    if not runs:
        return None
    chosen = max(runs, key=_rank)
    path = _file(reports, chosen["run_id"], name)
    table = _read(path)
    if isinstance(table, str):
        raise InputError(f"{path}: {table}. {_MEND}")
    return chosen["run_id"], table.drop("run_id")


def render_manifest(manifest: Mapping[str, Any]) -> str:
    """Manifest as text, the same bytes for the same content."""
    return json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def kept_runs(reports: Path, quarter: str | None = None) -> list[dict[str, Any]]:
    """Manifests of the kept runs (of one quarter) with their ``run_id``, ordered by quarter, as-of day and id.

    Raises ``InputError`` with every manifest that cannot be read.
    """
    collector = ProblemCollector()
    found = []
    for path in sorted((reports / HISTORY).glob("run=*/manifest.json")):
        manifest = _read_manifest(path)
        if manifest is None:
            collector.add(file=str(path), message="it is no manifest of a run", mend=_MEND)
        elif quarter in (None, manifest["quarter"]):
            found.append({**manifest, "run_id": path.parent.name.removeprefix("run=")})
    collector.raise_if_any("The history of runs cannot be read")
    return sorted(found, key=lambda run: (run["quarter"], run["as_of"], run["run_id"]))


def _read_manifest(path: Path) -> dict[str, Any] | None:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(manifest, dict) and all(isinstance(manifest.get(key), str) for key in ("quarter", "as_of"))
    return manifest if whole else None


def chosen_run(reports: Path, quarter: str, run: str | None = None) -> dict[str, Any] | None:
    """The kept run that stands for a quarter: ``run``, else that of the latest as-of day and version; None without any.

    Of several of one day and version the one with most draws of risk. Raises ``InputError`` when ``run`` is none of the
    quarter's.
    """
    runs = kept_runs(reports, quarter)
    if run is not None:
        named = [one for one in runs if one["run_id"] == run]
        if not named:
            known = [one["run_id"] for one in runs]
            raise InputError(f"'{run}' is not a kept run of {quarter}. {did_you_mean(run, known)}")
        return named[0]
    return max(runs, key=_rank, default=None)


def _rank(run: Mapping[str, Any]) -> tuple[str, tuple[int, ...], int, str]:
    return run["as_of"], _version(run), int(run.get("config", {}).get("risk_draws", 0)), run["run_id"]


def _version(run: Mapping[str, Any]) -> tuple[int, ...]:
    text = str(run.get("versions", {}).get("supplyrisk", ""))
    return tuple(int(part) if part.isdigit() else 0 for part in text.split("."))


def _file(reports: Path, run: str, table: str) -> Path:
    return reports / HISTORY / f"run={run}" / f"{table}.parquet"


def kept_scores(reports: Path, run: str) -> pl.DataFrame:
    """Scores of a kept run in the columns of the score table.

    Raises ``InputError`` that names the file when it is missing, damaged, or lacks columns of today's table.
    """
    path = _file(reports, run, "scores")
    frame = _read_scores(path)
    if isinstance(frame, str):
        raise InputError(f"{path}: {frame}. {_MEND}")
    return frame


def scores_fault(reports: Path, run: str) -> str | None:
    """Why the scores of a kept run cannot be read; None when they can."""
    frame = _read_scores(_file(reports, run, "scores"))
    return frame if isinstance(frame, str) else None


def _read(path: Path) -> pl.DataFrame | str:
    """The table, or what is wrong with it."""
    if not path.is_file():
        return "the file is missing"
    try:
        return pl.read_parquet(path, hive_partitioning=False)
    except (OSError, pl.exceptions.PolarsError):
        return "it is damaged and cannot be read as Parquet"


def _read_scores(path: Path) -> pl.DataFrame | str:
    frame = _read(path)
    if isinstance(frame, str):
        return frame
    lacking = [name for name, kind in SCHEMA.items() if frame.schema.get(name) != kind]
    if lacking:
        return f"it has not the columns that scores have today ({', '.join(lacking)})"
    return frame.select(list(SCHEMA))
