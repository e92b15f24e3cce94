"""`supplyrisk alerts`: list, accept, log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from supplyrisk.cli.session import AsOfOption, Format, FormatOption, QuarterOption, Session
from supplyrisk.foundation.errors import InputError

app = typer.Typer()
ReportsOption = Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of the reports, with the log.")]


@app.callback(invoke_without_command=True)
def alerts(
    context: typer.Context,
    quarter: QuarterOption = None,
    as_of: AsOfOption = None,
    reports: ReportsOption = None,
    form: FormatOption = Format.table,
) -> None:
    """List what crosses a line of the config, and who accepted it: supplyrisk alerts --quarter 2026Q1"""
    if context.invoked_subcommand is not None:
        if (quarter, as_of, reports, form) != (None, None, None, Format.table):
            raise InputError(f"Give options of alerts {context.invoked_subcommand} behind that word.")
        return
    import sys
    from datetime import date

    from supplyrisk.cli.output import print_frame
    from supplyrisk.report.alerts_chapter import looked_lines
    from supplyrisk.report.alerts_out import alerts_document, alerts_frame, render
    from supplyrisk.runs.alerts_run import alerts_of

    session: Session = context.obj
    view = alerts_of(session.project, quarter, as_of, reports, date.today(), session.progress)
    if form is Format.json:
        sys.stdout.write(render(alerts_document(view.given, str(view.quarter), view.as_of, [view.wording])))
        return
    frame = alerts_frame(view.given, view.wording)
    if form is Format.table:
        frame = frame.select("alert_id", "text", "status", "owner", "day")
    print_frame(frame, form)
    print(*looked_lines(view.given.found, view.wording), sep="\n", file=sys.stderr if form is Format.csv else None)


@app.command()
def accept(
    context: typer.Context,
    alert_id: Annotated[list[str], typer.Argument(metavar="ALERT_ID…", help="Open alerts, as listed.")],
    owner: Annotated[str, typer.Option(help="Who accepts them.")],
    note: Annotated[str, typer.Option(help="Why, in a few words.")] = "",
    quarter: QuarterOption = None,
    as_of: AsOfOption = None,
    reports: ReportsOption = None,
) -> None:
    """Sign alerts off by name: supplyrisk alerts accept shortfall.EU27.cobalt_mine --owner Jansen"""
    from datetime import date

    from supplyrisk.runs.alerts_run import accept_alerts, alerts_of

    session: Session = context.obj
    today = date.today()
    view = alerts_of(session.project, quarter, as_of, reports, today, session.progress)
    accepted, path = accept_alerts(view, alert_id, owner, note, today)
    for one in accepted:
        print(f"{one.alert_id}: accepted by {one.owner} on {one.day}")
    session.progress(f"{path} has {len(accepted)} more {'line' if len(accepted) == 1 else 'lines'}")


@app.command()
def log(context: typer.Context, reports: ReportsOption = None, form: FormatOption = Format.table) -> None:
    """Print who accepted what, and when: supplyrisk alerts log"""
    from supplyrisk.cli.output import print_frame
    from supplyrisk.runs.alerts_run import log_of

    session: Session = context.obj
    print_frame(log_of(session.project, reports), form)
