"""What all commands share: the project folder, how much is said on stderr, and the shared options."""

from __future__ import annotations

import sys
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from supplyrisk.foundation.errors import InputError


class Format(StrEnum):
    """How results are printed."""

    table = "table"
    csv = "csv"
    json = "json"


@dataclass(frozen=True)
class Session:
    """Global options of one call."""

    project: Path | None
    quiet: bool
    verbose: bool
    started: float = field(default_factory=perf_counter)

    def progress(self, text: str) -> None:
        """One line of progress on stderr, unless --quiet; with --verbose also the seconds since the start."""
        if not self.quiet:
            told = f" ({perf_counter() - self.started:.1f} s)" if self.verbose else ""
            print(f"supplyrisk: {text} …{told}", file=sys.stderr, flush=True)


def refuse_unused(context: typer.Context, asked: str, used: Collection[str]) -> None:
    """Raises ``InputError`` where options were written that what is ``asked`` for takes no notice of.

    ``used``: names of the parameters that it uses, beside day and form of the answer.
    """
    unused = [
        option.opts[0]
        for option in context.command.params
        if option.param_type_name == "option"
        and option.name not in {*used, "quarter", "as_of", "form"}
        and _is_written(context, str(option.name))
    ]
    if unused:
        raise InputError(f"{asked} does not use {', '.join(unused)}: leave {'it' if len(unused) == 1 else 'them'} out.")


def _is_written(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


FormatOption = Annotated[Format, typer.Option("--format", help="How to print the result.")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="Look from this day: hides what was not public yet.")
]
QuarterOption = Annotated[
    str | None, typer.Option("--quarter", metavar="YYYYQn", help="Quarter, as 2026Q1 [default: that of the config].")
]
