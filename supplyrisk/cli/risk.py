"""`supplyrisk risk`."""

from __future__ import annotations

from typing import Annotated

import typer

from supplyrisk.cli.session import AsOfOption, Format, FormatOption, QuarterOption, Session


def risk(
    context: typer.Context,
    chokepoints: Annotated[bool, typer.Option("--chokepoints", help="Every country out in turn.")] = False,
    view: Annotated[
        str, typer.Option(help="countries, pairs, capacity, or suppliers (largest maker out).")
    ] = "countries",
    country: Annotated[list[str] | None, typer.Option(help="Only this country out; may be repeated.")] = None,
    focus: Annotated[list[str] | None, typer.Option(help="Region in focus; may be repeated.")] = None,
    quarter: QuarterOption = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.table,
) -> None:
    """What is lost when a country falls away: supplyrisk risk --chokepoints --focus EU27"""
    import sys

    from supplyrisk.cli.output import print_frame
    from supplyrisk.runs.risk_command import run_chokepoints

    session: Session = context.obj
    table, note = run_chokepoints(
        session.project, chokepoints, view, country or [], focus or [], quarter, as_of, session.progress
    )
    print_frame(table, form)
    if form is Format.table:
        sys.stdout.write(note)
