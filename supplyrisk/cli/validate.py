"""`supplyrisk validate`."""

from __future__ import annotations

from typing import Annotated

import typer

from supplyrisk.cli.session import Format, FormatOption, Session


def validate(
    context: typer.Context,
    check: Annotated[list[str] | None, typer.Option(help="Only this check; may be repeated.")] = None,
    whole: Annotated[bool, typer.Option("--all", help="As a table: every comparison, not the counts alone.")] = False,
    form: FormatOption = Format.table,
) -> None:
    """Compare with published scores, number by number; exit 1 if one does not hold: supplyrisk validate"""
    from supplyrisk.cli.output import print_frame
    from supplyrisk.runs.validation import raise_if_any_fails, summary_of, validate_project

    session: Session = context.obj
    table = validate_project(session.project, tuple(check or ()))
    print_frame(summary_of(table) if form is Format.table and not whole else table, form)
    raise_if_any_fails(table)
