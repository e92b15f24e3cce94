"""`supplyrisk schema`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def schema(
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it to this file.")] = None,
) -> None:
    """JSON Schema of scenario files for your editor: supplyrisk schema --out scenario.schema.json"""
    from supplyrisk.scenario.schema import scenario_schema
    from supplyrisk.store.atomic import replace_file

    text = scenario_schema()
    if out is None:
        sys.stdout.write(text)
    else:
        with replace_file(out) as draft:
            draft.write_text(text, encoding="utf-8")
