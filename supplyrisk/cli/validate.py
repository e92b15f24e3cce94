"""`supplyrisk validate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from supplyrisk.cli.session import AsOfOption, Format, FormatOption, Session


def validate(
    context: typer.Context,
    check: Annotated[list[str] | None, typer.Option(help="Only this check; may be repeated.")] = None,
    whole: Annotated[bool, typer.Option("--all", help="As a table: every comparison, not the counts alone.")] = False,
    from_raw: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Raw files, to compare GeoPolRisk with its package.")
    ] = None,
    geopolrisk_reference: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Results of geopolrisk-py 2.0.1 as CSV; with --from-raw.")
    ] = None,
    backtest: Annotated[
        bool,
        typer.Option(
            "--backtest", help="Instead: what the hazards foretold of the last whole years, and what happened."
        ),
    ] = False,
    view: Annotated[
        str, typer.Option(help="With --backtest: results, rolling, reliability, pairs, missed, models.")
    ] = "results",
    as_of: AsOfOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Compare tables with their release and scores with published ones; exit 1 if one differs: supplyrisk validate"""
    from supplyrisk.cli.output import print_frame
    from supplyrisk.foundation.errors import InputError
    from supplyrisk.runs.validation import raise_if_any_fails, summary_of, validate_project

    session: Session = context.obj
    if backtest:
        from supplyrisk.runs.backtest_run import backtest_view

        print_frame(backtest_view(session.project, view, as_of, session.progress), form)
        return
    if as_of is not None:
        raise InputError("--as-of is of --backtest: studies are compared on all that is known today. Leave it out.")
    table = validate_project(session.project, tuple(check or ()), None, from_raw, geopolrisk_reference)
    print_frame(summary_of(table) if form is Format.table and not whole else table, form)
    raise_if_any_fails(table)
