"""What all commands share: the project folder, how much is said on stderr, and the shared options."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer


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


FormatOption = Annotated[Format, typer.Option("--format", help="How to print the result.")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="Look from this day: hides what was not public yet.")
]
QuarterOption = Annotated[
    str | None, typer.Option("--quarter", metavar="YYYYQn", help="Quarter, as 2026Q1 [default: that of the config].")
]
