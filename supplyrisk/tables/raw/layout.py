"""Reading a raw file: is it there, has it the columns, are its numbers numbers; all problems at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import ProblemCollector

MISSING = ("", "NA", "nan", "None", "..")
_ROWS_SHOWN = 3


@dataclass(frozen=True)
class Layout:
    """A file by name, the columns it must have (text as it stands), and those that hold numbers."""

    file: str
    text: tuple[str, ...]
    numbers: tuple[str, ...]


def only_file(folder: Path, pattern: str, collector: ProblemCollector) -> str:
    """Name of the one file of a folder that a pattern with ``*`` means; more than one is a problem.

    The pattern itself where there is none: reading it tells that the file is not there.
    """
    found = sorted(path.name for path in folder.glob(pattern))
    if len(found) > 1:
        collector.add(
            file=pattern,
            where=str(folder),
            message=f"{len(found)} files have such a name: {', '.join(found)}",
            mend="Leave the one to read in the folder.",
        )
    return found[0] if found else pattern


def read_layout(folder: Path, layout: Layout, collector: ProblemCollector) -> pl.DataFrame | None:
    """The columns of ``layout``, numbers as Float64 with missing ones null; None where anything is wrong.

    Numbers may be padded with blanks; the words of ``MISSING`` are missing. Anything else is a problem with its row.
    """
    path = folder / layout.file
    if not path.is_file():
        found = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
        collector.add(
            file=layout.file,
            where=str(folder),
            message="the file is not there",
            mend=did_you_mean(layout.file, found) if found else "Give the folder that holds the raw files.",
        )
        return None
    try:
        frame = pl.read_csv(path, infer_schema_length=0)
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as error:
        collector.add(
            file=layout.file,
            where="the whole file",
            message=f"it cannot be read as CSV ({str(error).splitlines()[0]})",
            mend="Fetch it anew from its publisher.",
        )
        return None
    wanted = (*layout.text, *layout.numbers)
    absent = [name for name in wanted if name not in frame.columns]
    for name in absent:
        collector.add(
            file=layout.file,
            where="header",
            message=f"the column '{name}' is missing",
            mend=did_you_mean(name, frame.columns),
        )
    if absent:
        return None
    return _numbers(frame.select(wanted).fill_null(""), layout, collector)


def _numbers(frame: pl.DataFrame, layout: Layout, collector: ProblemCollector) -> pl.DataFrame | None:
    stripped = frame.with_columns(pl.col(name).str.strip_chars() for name in layout.numbers)
    numbers = stripped.with_columns(
        pl.when(~pl.col(name).is_in(list(MISSING))).then(pl.col(name)).cast(pl.Float64, strict=False)
        for name in layout.numbers
    )
    sound = True
    for name in layout.numbers:
        wrong = numbers[name].is_null() & ~stripped[name].is_in(list(MISSING))
        for position in wrong.arg_true().head(_ROWS_SHOWN):
            sound = False
            collector.add(
                file=layout.file,
                where=f"row {position + 2}, column {name}",
                message=f"'{frame[name][position]}' is not a number",
                mend="Mend the cell, or leave it empty if the figure is missing.",
            )
    return numbers if sound else None


def rename(frame: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Columns under the names of the model; those without a name are left out."""
    return frame.select(pl.col(old).alias(new) for old, new in names.items())
