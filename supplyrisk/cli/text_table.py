"""A frame as a table to read on a screen: as wide as its data, with what is left out told below it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

_GAP = "  "
_LISTS_SHOWN = 3
_WIDEST, _NARROWEST = 48, 20
"""Characters of a column of words that is folded: at first, and where the table would be too wide otherwise."""


@dataclass(frozen=True)
class _Column:
    name: str
    cells: list[str]
    is_number: bool

    @property
    def natural(self) -> int:
        """Width in which nothing is folded."""
        return max(len(self.name), max(map(len, self.cells), default=0))

    def folded(self, most: int) -> int:
        """Width with words folded to ``most``; numbers are never folded, a heading only behind an underscore."""
        heading = max(map(len, _pieces(self.name, "_")))
        if self.is_number:
            return max(heading, max(map(len, self.cells), default=0))
        return min(self.natural, max(heading, most))


def table_lines(frame: pl.DataFrame, width: int, title: str = "", important: Sequence[str] = ()) -> Iterator[str]:
    """Lines of a table of at most ``width`` characters, where its first column alone is not wider.

    Columns without any value are left out. Where the table is too wide, so are columns that say the same in every row;
    then long words are folded; then the least important columns are left out: first those not ``important``, the last
    of them first. What was left out is told below the table.
    """
    if title:
        yield title
    every = [_Column(name, _texts(frame[name]), frame[name].dtype.is_numeric()) for name in frame.columns]
    shown = [column for column in every if any(column.cells)] or every
    empty = [column.name for column in every if column not in shown] if frame.height else []
    same: list[_Column] = []
    if frame.height > 1 and _total(column.natural for column in shown) > width:
        same = [column for column in shown if len(set(column.cells)) == 1]
        shown = [column for column in shown if column not in same] or shown[:1]
    widths, left_out = _fit(shown, width, important)
    kept = [column for column in shown if column.name in widths]
    yield from _rows(kept, [widths[column.name] for column in kept])
    if not frame.height:
        yield "(no rows)"
    if same:
        yield "The same in every row: " + ", ".join(f"{column.name} {column.cells[0]}" for column in same) + "."
    if empty:
        yield f"Empty in every row: {', '.join(empty)}."
    if left_out:
        yield f"Left out, as the table would be too wide: {', '.join(left_out)}. --format csv has every column."


def _fit(shown: Sequence[_Column], width: int, important: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Widths of the columns that are kept, and names of those that are left out."""
    kept = list(shown)
    rank = {name: place for place, name in enumerate([*important, *(column.name for column in shown)][::-1])}
    while True:
        for most in (None, _WIDEST, _NARROWEST):
            widths = {column.name: column.natural if most is None else column.folded(most) for column in kept}
            if _total(widths.values()) <= width or (len(kept) == 1 and most == _NARROWEST):
                left_out = [column.name for column in shown if column.name not in widths]
                return _spread(kept, widths, width), left_out
        kept.remove(min(kept, key=lambda column: rank[column.name]))


def _spread(kept: Sequence[_Column], widths: dict[str, int], width: int) -> dict[str, int]:
    """Room that is left goes to columns of words that are folded, from the first on."""
    room = width - _total(widths.values())
    for column in kept:
        more = 0 if column.is_number else max(min(column.natural - widths[column.name], room), 0)
        widths[column.name] += more
        room -= more
    return widths


def _total(widths: Iterable[int]) -> int:
    listed = list(widths)
    return sum(listed) + len(_GAP) * (len(listed) - 1)


def _rows(kept: Sequence[_Column], widths: Sequence[int]) -> Iterator[str]:
    numbers = [column.is_number for column in kept]

    def lines(cells: Sequence[Sequence[str]]) -> Iterator[str]:
        for line in range(max(map(len, cells))):
            parts = [cell[line] if line < len(cell) else "" for cell in cells]
            aligned = [
                part.rjust(size) if number else part.ljust(size)
                for part, size, number in zip(parts, widths, numbers, strict=True)
            ]
            yield _GAP.join(aligned).rstrip()

    yield from lines([_fold(column.name, size, "_") for column, size in zip(kept, widths, strict=True)])
    yield "─" * _total(widths)
    folds = [any(len(cell) > size for cell in column.cells) for column, size in zip(kept, widths, strict=True)]
    for cells in zip(*(column.cells for column in kept), strict=True):
        yield from lines(
            [
                _fold(cell, size, " ;_/") if fold else [cell]
                for cell, size, fold in zip(cells, widths, folds, strict=True)
            ]
        )


def _pieces(text: str, after: str) -> list[str]:
    """Parts of a text, each up to and with one of the characters ``after``."""
    return re.findall(f"[^{after}]*[{after}]|[^{after}]+", text) or [""]


def _fold(text: str, width: int, after: str) -> list[str]:
    """Lines of at most ``width``, broken behind one of ``after``; a piece that is longer is cut."""
    if len(text) <= width:
        return [text]
    lines = [""]
    for piece in _pieces(text, after):
        if lines[-1] and len(lines[-1]) + len(piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
        while len(lines[-1].rstrip()) > width:
            lines[-1:] = [lines[-1][:width], lines[-1][width:]]
    return [line.rstrip() for line in lines]


def _texts(values: pl.Series) -> list[str]:
    if isinstance(values.dtype, pl.List):
        return ["" if value is None else _listed(value) for value in values.to_list()]
    if values.dtype.is_float():
        return ["" if value is None else _number(value) for value in values.to_list()]
    return ["" if value is None else " ".join(str(value).split()) for value in values.to_list()]


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _listed(value: Sequence[Any]) -> str:
    rest = len(value) - _LISTS_SHOWN
    return ";".join(str(one) for one in value[:_LISTS_SHOWN]) + (f";… {rest} more" if rest > 0 else "")
