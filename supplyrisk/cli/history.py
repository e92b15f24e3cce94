"""`supplyrisk history`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from supplyrisk.cli.session import Format, FormatOption, Session


def history(
    context: typer.Context,
    quarter: Annotated[
        str | None, typer.Option("--quarter", metavar="YYYYQn", help="Only runs of this quarter [all].")
    ] = None,
    reports: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of the reports.")] = None,
    form: FormatOption = Format.table,
) -> None:
    """List the runs that were kept, and which ones diff takes: supplyrisk history --quarter 2026Q1"""
    import polars as pl

    from supplyrisk.cli.output import print_frame
    from supplyrisk.foundation.quarters import parse_quarter
    from supplyrisk.runs.opening import check_there, load_config, reports_folder
    from supplyrisk.runs.project import find_project
    from supplyrisk.store.history import chosen_run, kept_runs, scores_fault

    session: Session = context.obj
    named = None if quarter is None else str(parse_quarter(quarter))
    project = find_project(session.project)
    config, _ = load_config(project, None)
    folder = reports_folder(project, config, reports)
    check_there(reports)
    runs = kept_runs(folder, named)
    taken = [chosen_run(folder, one) for one in {run["quarter"] for run in runs}]
    rows = [
        {
            "run_id": run["run_id"],
            "quarter": run["quarter"],
            "as_of": run["as_of"],
            "version": run.get("versions", {}).get("supplyrisk"),
            "scores": scores_fault(folder, run["run_id"]) or "readable",
            "diff": "taken" if run in taken else "with --run",
        }
        for run in runs
    ]
    columns = ("run_id", "quarter", "as_of", "version", "scores", "diff")
    print_frame(pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String)), form)
