"""Reading a raw file: is it there, has it the columns, are its numbers numbers; all problems at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    numbers: Sequence[str]


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
    """The columns of ``layout``, numbers as Float64 with missing ones null; None where there is no such table.

    Numbers may be padded with blanks; the words of ``MISSING`` are missing. Anything else is a problem with its row:
    the frame is for further checks then, and not to be used.
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


def _numbers(frame: pl.DataFrame, layout: Layout, collector: ProblemCollector) -> pl.DataFrame:
    stripped = frame.with_columns(pl.col(name).str.strip_chars() for name in layout.numbers)
    numbers = stripped.with_columns(
        pl.when(~pl.col(name).is_in(list(MISSING))).then(pl.col(name)).cast(pl.Float64, strict=False)
        for name in layout.numbers
    )
    for name in layout.numbers:
        wrong = ~numbers[name].is_finite().fill_null(False) & ~stripped[name].is_in(list(MISSING))
        _note_words(layout.file, frame, name, wrong, collector)
    return numbers


def _note_words(file: str, frame: pl.DataFrame, name: str, wrong: pl.Series, collector: ProblemCollector) -> None:
    note_rows(
        collector,
        file,
        wrong,
        f"column {name}",
        lambda position: f"'{frame[name][position]}' is not a number",
        "Mend the cell, or leave it empty if the figure is missing.",
    )


def note_rows(
    collector: ProblemCollector,
    file: str,
    wrong: pl.Series,
    where: str,
    message: Callable[[int], str],
    mend: str | Callable[[int], str],
) -> None:
    """Note the rows of a file that are ``wrong`` (true or false by row): the first three, and how many more.

    ``message`` and ``mend`` are made from the position of the row; rows are told as a spreadsheet counts them.
    """
    positions = wrong.arg_true()
    more = len(positions) - _ROWS_SHOWN
    for number, position in enumerate(positions.head(_ROWS_SHOWN), start=1):
        others = (
            f" (and {more} more such {'row' if more == 1 else 'rows'})" if number == _ROWS_SHOWN and more > 0 else ""
        )
        collector.add(
            file=file,
            where=f"row {position + 2}, {where}",
            message=message(position) + others,
            mend=mend if isinstance(mend, str) else mend(position),
        )


def rename(frame: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Columns under the names of the model; those without a name are left out."""
    return frame.select(pl.col(old).alias(new) for old, new in names.items())
