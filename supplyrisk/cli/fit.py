"""`supplyrisk fit`."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from supplyrisk.cli.session import AsOfOption, Session


def fit(
    context: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Only tell whether the fits are those of the data.")] = False,
    as_of: AsOfOption = None,
) -> None:
    """Fit the trends and keep them in models/fitted: supplyrisk fit"""
    from supplyrisk.foundation.quarters import parse_date
    from supplyrisk.runs.fitting import check_trends, fit_trends

    session: Session = context.obj
    if check:
        print(f"{check_trends(session.project)}: the fits are those of the data.")
        return
    day = date.today() if as_of is None else parse_date(as_of, "--as-of")
    print(fit_trends(session.project, day))
