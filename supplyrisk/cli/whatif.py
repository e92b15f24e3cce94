"""`supplyrisk whatif`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from supplyrisk.cli.session import AsOfOption, Format, FormatOption, QuarterOption, Session


def whatif(
    context: typer.Context,
    scenarios: Annotated[list[str], typer.Argument(metavar="FILE…", help="Scenario files, or names of ready ones.")],
    compare: Annotated[
        str, typer.Option(metavar="baseline|FILE", help="What to set it beside: no shock, or another scenario.")
    ] = "baseline",
    focus: Annotated[
        list[str] | None, typer.Option(help="Region in focus; may be repeated [those of the config].")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Also write a folder with page, chart and tables.")
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of the sentences: en or nl.")] = "en",
    sensitivity: Annotated[bool, typer.Option(help="Also vary each assumption over its range.")] = True,
    quarter: QuarterOption = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Run scenarios through the network: supplyrisk whatif drc_cobalt_stop --out cobalt"""
    from supplyrisk.cli.output import print_frame
    from supplyrisk.runs.whatif_command import run_whatif
    from supplyrisk.store.atomic import check_replaceable

    if out is not None:
        check_replaceable(out)
    session: Session = context.obj
    found = run_whatif(
        session.project, scenarios, compare, focus or [], quarter, as_of, sensitivity, lang, session.progress
    )
    if out is not None:
        session.progress(f"writing {out}")
        found.write(out)
    if form is Format.json:
        sys.stdout.write(found.as_json())
    elif form is Format.csv:
        print_frame(found.losses(), form)
    else:
        sys.stdout.write(found.as_text())
        if len(found.results) > 1:
            print_frame(found.beside(), form)
