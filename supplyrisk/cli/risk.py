"""`supplyrisk risk`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from supplyrisk.cli.session import AsOfOption, Format, FormatOption, QuarterOption, Session


def risk(
    context: typer.Context,
    view: Annotated[
        str | None,
        typer.Option(
            help="products (default), why (in words), value, causes, places, drivers, exact, supply, price; with "
            "--chokepoints: countries (default), pairs, capacity, suppliers (largest maker out)."
        ),
    ] = None,
    draws: Annotated[int, typer.Option(help="Draws of the simulation.")] = 10_000,
    seed: Annotated[int | None, typer.Option(help="Seed of the random numbers [that of the config].")] = None,
    driver_draws: Annotated[
        int, typer.Option(min=0, help="Draws for each step of the screening of uncertain numbers.")
    ] = 256,
    running: Annotated[
        bool, typer.Option("--running", help="With the measures in force that started after the base year.")
    ] = False,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Also write a folder with all tables.")] = None,
    chokepoints: Annotated[bool, typer.Option("--chokepoints", help="Every country out in turn instead.")] = False,
    country: Annotated[
        list[str] | None, typer.Option(help="With --chokepoints: only this country out; may be repeated.")
    ] = None,
    focus: Annotated[list[str] | None, typer.Option(help="Region in focus; may be repeated.")] = None,
    quarter: QuarterOption = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.table,
) -> None:
    """How likely and how bad: supplyrisk risk --draws 10000; or what one country's loss costs: risk --chokepoints"""
    import sys

    from supplyrisk.cli.output import print_frame
    from supplyrisk.runs.risk_command import run_chokepoints, run_simulation

    session: Session = context.obj
    if chokepoints:
        table, note = run_chokepoints(
            session.project, view or "countries", country or [], focus or [], quarter, as_of, session.progress
        )
    else:
        table, note = run_simulation(
            session.project, view or "products", focus or [], draws, seed, driver_draws, running, quarter, as_of, out,
            session.progress,
        )  # fmt: skip
    print_frame(table, form)
    if form is Format.table:
        sys.stdout.write(note)
