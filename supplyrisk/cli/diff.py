"""`supplyrisk diff`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from supplyrisk.cli.session import Format, FormatOption, Session


def diff(
    context: typer.Context,
    before: Annotated[str, typer.Argument(metavar="OLDER", help="The older quarter, as 2025Q4.")],
    after: Annotated[str, typer.Argument(metavar="NEWER", help="The newer quarter, as 2026Q1.")],
    metric: Annotated[
        list[str] | None, typer.Option(help="Only this score; may be repeated [the main ones are shown].")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every score, also those that did not change.")] = False,
    run: Annotated[
        str | None, typer.Option(metavar="ID", help="Kept run that stands for the older quarter [the latest].")
    ] = None,
    reports: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of the reports.")] = None,
    lang: Annotated[str | None, typer.Option(metavar="en|nl", help="Language [default: that of the config].")] = None,
    form: FormatOption = Format.table,
) -> None:
    """Show what changed between two quarters, and why: supplyrisk diff 2025Q4 2026Q1"""
    from datetime import date

    from supplyrisk.cli.output import print_frame
    from supplyrisk.report.wording import read_catalogue
    from supplyrisk.runs.config import read_config
    from supplyrisk.runs.diff_run import ask_diff, quarter_diff
    from supplyrisk.runs.diff_view import DiffView
    from supplyrisk.runs.opening import reports_folder
    from supplyrisk.runs.project import find_project

    session: Session = context.obj
    project = find_project(session.project)
    config = read_config(project.config_file)
    language = lang or config.language
    read_catalogue(language)
    asked = ask_diff(before, after, metric or [], reports_folder(project, config, reports), date.today(), run)
    view = DiffView(quarter_diff(project, config, asked, session.progress), language, everything)
    if form is Format.json:
        sys.stdout.write(view.as_json())
    elif form is Format.csv:
        print_frame(view.rows, form)
    else:
        sys.stdout.write(view.head())
        table, more = view.table()
        print_frame(table, form)
        sys.stdout.write(more)
