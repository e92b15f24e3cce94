"""`supplyrisk schema`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def schema(
    kind: Annotated[str, typer.Argument(metavar="[scenario|measure|config]", help="Kind of file.")] = "scenario",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it to this file.")] = None,
) -> None:
    """JSON Schema of files for your editor: supplyrisk schema measure --out measure.schema.json"""
    from supplyrisk.runs.schemas import schema_of
    from supplyrisk.store.atomic import replace_file

    text = schema_of(kind)
    if out is None:
        sys.stdout.write(text)
    else:
        with replace_file(out) as draft:
            draft.write_text(text, encoding="utf-8")
