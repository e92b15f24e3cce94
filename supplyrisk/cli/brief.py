"""`supplyrisk brief`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from supplyrisk.cli.session import AsOfOption, QuarterOption, Session


def brief(
    context: typer.Context,
    topic: Annotated[str, typer.Argument(help="A material (cobalt, kobalt …), or battery, magnets, value-added.")],
    lang: Annotated[
        str | None, typer.Option(metavar="en|nl|both", help="Language [default: that of the config].")
    ] = None,
    to: Annotated[
        Path | None, typer.Option(metavar="FILE|DIR", help="File or folder to write [default: text on stdout].")
    ] = None,
    form: Annotated[
        list[str] | None, typer.Option("--format", metavar="md|html|pdf|docx", help="Format; may be repeated [md].")
    ] = None,
    theme: Annotated[str, typer.Option(metavar="neutral|government", help="Colours of the document.")] = "neutral",
    quarter: QuarterOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Make a policy brief of two pages: supplyrisk brief cobalt --lang both --to briefs --format pdf --format docx

    What matters about one material or chain: why now, exposure, what a scenario costs, what measures change, sources.
    """
    from supplyrisk.runs.brief_files import make_brief

    session: Session = context.obj
    paths, text = make_brief(session.project, topic, lang, form or [], to, quarter, as_of, theme, session.progress)
    sys.stdout.write(text)
    for path in paths:
        print(path)
