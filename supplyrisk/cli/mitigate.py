"""`supplyrisk mitigate`."""

from __future__ import annotations

from typing import Annotated

import typer

from supplyrisk.cli.session import AsOfOption, Format, FormatOption, QuarterOption, Session


def mitigate(
    context: typer.Context,
    measures: Annotated[
        list[str] | None, typer.Argument(metavar="[MEASURE…]", help="Measure files, or names of ready ones [all].")
    ] = None,
    view: Annotated[str, typer.Option(help="measures, products (days of use lost), or pairs.")] = "measures",
    focus: Annotated[list[str] | None, typer.Option(help="Region in focus; may be repeated.")] = None,
    draws: Annotated[int, typer.Option(min=10, help="Draws for each set of measures.")] = 500,
    seed: Annotated[int | None, typer.Option(help="Seed of the random numbers [that of the config].")] = None,
    quarter: QuarterOption = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.table,
) -> None:
    """What would help: supplyrisk mitigate stock_90_days lfp_shift --focus EU27"""
    import sys

    from supplyrisk.cli.output import print_frame
    from supplyrisk.runs.mitigate_command import run_mitigation

    session: Session = context.obj
    table, note = run_mitigation(
        session.project, measures or [], view, focus or [], draws, seed, quarter, as_of, session.progress
    )
    print_frame(table, form)
    if form is Format.table:
        sys.stdout.write(note)
