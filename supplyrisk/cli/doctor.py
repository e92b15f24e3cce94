"""`supplyrisk doctor`."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from supplyrisk.cli.session import AsOfOption, QuarterOption, Session


class Form(StrEnum):
    """How the examination is printed."""

    table = "table"
    json = "json"


def doctor(
    context: typer.Context,
    quarter: QuarterOption = None,
    as_of: AsOfOption = None,
    form: Annotated[Form, typer.Option("--format", help="How to print it; json holds everything.")] = Form.table,
) -> None:
    """Check installation, data and models; exit 1 for a fault: supplyrisk doctor"""
    from datetime import date

    from supplyrisk.runs.doctor import examine

    session: Session = context.obj
    found = examine(session.project, quarter, as_of, date.today(), session.progress)
    sys.stdout.write(found.as_json() if form is Form.json else found.as_text())
    found.raise_if_faulty()
