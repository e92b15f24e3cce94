"""`supplyrisk targets`."""

from __future__ import annotations

from typing import Annotated

import typer

from supplyrisk.cli.session import AsOfOption, Format, FormatOption, QuarterOption, Session

_IMPORTANT = (
    "target_id",
    "metric",
    "direction",
    "target",
    "unit",
    "due",
    "value",
    "low",
    "high",
    "year",
    "gap",
    "verdict",
    "missing_reason",
)


def targets(
    context: typer.Context,
    view: Annotated[
        str,
        typer.Option(help="targets, single-country (65 % benchmark), imports (over years), partners or projects."),
    ] = "targets",
    region: Annotated[list[str] | None, typer.Option(help="Only this region in focus; may be repeated.")] = None,
    quarter: QuarterOption = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Targets of policy beside what the data give: supplyrisk targets --view single-country --region EU27"""
    from supplyrisk.cli.output import print_frame
    from supplyrisk.runs.targets_run import targets_of

    session: Session = context.obj
    table = targets_of(session.project, quarter, as_of, view, region or [])
    if form is Format.table:
        table = table.drop([name for name in ("subject", "source_ids", "study_stage") if name in table.columns])
    print_frame(table, form, important=_IMPORTANT)
