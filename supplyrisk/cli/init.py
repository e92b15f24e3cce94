"""`supplyrisk init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New folder, or one that is empty.")],
    lang: Annotated[str, typer.Option(metavar="en|nl", help="Language of its texts and reports.")] = "en",
) -> None:
    """Make a working copy: config, rows and scenarios of your own: supplyrisk init my_copy"""
    from supplyrisk.runs.working_copy import make_working_copy

    print(make_working_copy(folder, lang) / "README.md")
