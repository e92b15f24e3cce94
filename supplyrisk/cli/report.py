"""`supplyrisk report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from supplyrisk.cli.session import AsOfOption, QuarterOption, Session


def report(
    context: typer.Context,
    quarter: QuarterOption = None,
    as_of: AsOfOption = None,
    reports: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for the reports.")] = None,
    lang: Annotated[str | None, typer.Option(metavar="en|nl", help="Language [default: that of the config].")] = None,
) -> None:
    """Make the quarterly report: supplyrisk report --quarter 2026Q1"""
    from datetime import date

    from supplyrisk.report.wording import read_catalogue
    from supplyrisk.runs.opening import load_config, reports_folder, resolve_day
    from supplyrisk.runs.project import find_project
    from supplyrisk.runs.quarterly import compute_run
    from supplyrisk.runs.report_files import write_report
    from supplyrisk.store.alert_log import read_log
    from supplyrisk.store.atomic import check_replaceable

    session: Session = context.obj
    project = find_project(session.project)
    config, named = load_config(project, quarter)
    language = lang or config.language
    read_catalogue(language)
    day = resolve_day(config, named, as_of, date.today())
    target = reports_folder(project, config, reports)
    check_replaceable(target / str(named))
    read_log(target)
    run = compute_run(project, config, named, day, session.progress)
    folder = write_report(project, run, target, language, session.progress)
    print(folder / "report.html")
