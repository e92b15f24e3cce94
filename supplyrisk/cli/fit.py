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
    """Fit trends and hazards and keep them in models/fitted: supplyrisk fit"""
    from supplyrisk.foundation.quarters import parse_date
    from supplyrisk.runs.fitting import check_stored_fits, fit_all

    session: Session = context.obj
    if check:
        for path in check_stored_fits(session.project):
            print(f"{path}: the fits are those of the data.")
        return
    day = date.today() if as_of is None else parse_date(as_of, "--as-of")
    for path in fit_all(session.project, day):
        print(path)
