"""`supplyrisk history`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from supplyrisk.cli.session import Format, FormatOption, Session


def history(
    context: typer.Context,
    reports: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of the reports.")] = None,
    form: FormatOption = Format.table,
) -> None:
    """List the runs that were kept: supplyrisk history"""
    import polars as pl

    from supplyrisk.cli.output import print_frame
    from supplyrisk.runs.opening import load_config, reports_folder
    from supplyrisk.runs.project import find_project
    from supplyrisk.store.history import kept_runs

    session: Session = context.obj
    project = find_project(session.project)
    config, _ = load_config(project, None)
    runs = kept_runs(reports_folder(project, config, reports))
    rows = [
        {key: run[key] for key in ("run_id", "quarter", "as_of")} | {"version": run["versions"]["supplyrisk"]}
        for run in runs
    ]
    print_frame(pl.DataFrame(rows, schema=dict.fromkeys(("run_id", "quarter", "as_of", "version"), pl.String)), form)
