"""`supplyrisk report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from supplyrisk.cli.session import AsOfOption, Session


def report(
    context: typer.Context,
    quarter: Annotated[
        list[str] | None,
        typer.Option(
            "--quarter", metavar="YYYYQn", help="Quarter, as 2026Q1; may be repeated [default: that of the config]."
        ),
    ] = None,
    as_of: AsOfOption = None,
    reports: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for the reports.")] = None,
    lang: Annotated[
        str | None, typer.Option(metavar="en|nl|both", help="Language [default: that of the config].")
    ] = None,
    form: Annotated[
        list[str] | None,
        typer.Option(
            "--format", metavar="html|pdf|docx|xlsx", help="Format; may be repeated [default: those of the config]."
        ),
    ] = None,
    theme: Annotated[
        str | None, typer.Option(metavar="neutral|government", help="Colours [default: those of the config].")
    ] = None,
    template: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Word file whose styles and page the DOCX takes.")
    ] = None,
) -> None:
    """Make the quarterly report: supplyrisk report --quarter 2026Q1 --lang both"""
    from supplyrisk.runs.make_reports import make_reports

    session: Session = context.obj
    for path in make_reports(
        session.project, quarter or [], as_of, reports, lang, form or [], theme, template, session.progress
    ):
        print(path)
