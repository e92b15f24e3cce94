"""Columns of a printed table: as wide as their words need, in letters as large as the page allows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from supplyrisk.report.content import Table
from supplyrisk.report.line_breaks import BREAK, breakable

SIZES = (9.0, 8.5, 8.0, 7.5, 7.0)
"""Sizes of letters in points, tried in this order."""
PADDING = 4.0
"""Points left free on either side of a cell."""

_HEAD_LINES = 3
_BOLD = 1.2
"""How much wider a bold word is at most."""
# Letters of Libertinus Serif by their width in parts of the size, rounded up.
_WIDTHS = {
    0.0: BREAK,
    0.25: " \u00a0,.:;|·'",
    0.35: '!()I\\ijl{}’‘ï"-/Jft²³',
    0.45: "*?[]`rs“”cez~éëè",
    0.5: "#$0123456789FS_abgvxá€",
    0.55: "+<=>LPY^dhknopquy–−óöü×≥≤",
    0.65: "BERTÉ%CKVZ",
    0.75: "AGNUX&DHOQw—…",
    0.85: "mM",
    0.95: "@W",
}
_LETTERS = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_SPACE = _LETTERS[" "]
_ROUNDING = 1e-6
_ANY_LATIN, _ANY_OTHER = 0.75, 1.0


@dataclass(frozen=True)
class Columns:
    """The size of the letters and the width of each column with its padding, in points."""

    size: float
    widths: tuple[float, ...]


def number_pieces(cell: str) -> tuple[str, ...]:
    """A number and the interval behind it, each to stay on one line; nothing for a cell that is no number."""
    if not re.match(r"[+−]?\d", cell):
        return ()
    number, bracket, interval = cell.partition(" (")
    return (number, f"({interval}") if bracket else (number,)


def text_width(text: str, size: float) -> float:
    """How wide a text is on one line at most, in points."""
    return size * sum(_LETTERS.get(letter, _ANY_LATIN if letter < "\u0250" else _ANY_OTHER) for letter in text)


def fit_columns(table: Table, width: float, sizes: Sequence[float] = SIZES) -> Columns | None:
    """Columns that hold every word within ``width`` points, at the first size that does; None where none does.

    Whole cells stay on one line where they fit, below heads of one line or, if need be, more; else columns give way
    alike. Numbers and their intervals part only where no size holds them together.
    """
    choices = (_needs(table, parted) for parted in (False, True))
    fits = (_at_size(needs, width, size) for needs in choices for size in sizes)
    return next((found for found in fits if found is not None), None)


def squeezed_columns(table: Table, width: float) -> Columns:
    """Columns in letters as small as it takes for every word to stay within ``width`` points."""
    needs = _needs(table, True)
    size = (width - 2 * PADDING * len(needs)) / sum(need.least for need in needs)
    return Columns(size, tuple(need.least * size + 2 * PADDING for need in needs))


def lines_of(table: Table, columns: Columns) -> list[int]:
    """About how many lines each row takes: those of its longest cell."""
    return [max(_lines(cell, columns, position) for position, cell in enumerate(row)) for row in table.rows]


def _lines(cell: str, columns: Columns, position: int) -> int:
    room = (columns.widths[position] - 2 * PADDING) / columns.size + _ROUNDING
    lines, taken = 0, room
    for word in _words(cell):
        width = text_width(word, 1.0)
        if taken + _SPACE + width > room:
            lines, taken = lines + 1, width
        else:
            taken += _SPACE + width
    return lines


@dataclass(frozen=True)
class _Need:
    """What a column needs in letters of one point: its longest word, its longest cell and its head each on one line.

    ``usual`` is the root mean square of its cells, which long cells count in more than short ones.
    """

    least: float
    cell: float
    head: float
    usual: float

    def whole(self, head_lines: int) -> float:
        """Its width when no cell breaks, below a head of some lines."""
        return max(self.least, self.cell, self.head / head_lines)

    def part(self, part: float) -> float:
        """Its width when cells get that part of what they usually need on one line."""
        return max(self.least, min(self.whole(_HEAD_LINES), part * self.usual))


def _at_size(needs: Sequence[_Need], width: float, size: float) -> Columns | None:
    room = (width - 2 * PADDING * len(needs)) / size
    widths = next(
        (
            whole
            for head_lines in range(1, _HEAD_LINES + 1)
            if sum(whole := [need.whole(head_lines) for need in needs]) <= room
        ),
        None,
    )
    if widths is None and sum(need.least for need in needs) <= room:
        widths = _giving_way(needs, room)
    return None if widths is None else Columns(size, tuple(each * size + 2 * PADDING for each in widths))


def _giving_way(needs: Sequence[_Need], room: float) -> list[float]:
    low, high = 0.0, max(need.whole(_HEAD_LINES) / need.usual for need in needs)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(need.part(middle) for need in needs) <= room else (low, middle)
    return [need.part(low) for need in needs]


def _needs(table: Table, parted: bool) -> list[_Need]:
    """The needs of each column; with ``parted`` numbers an interval may stand below its number."""
    found = []
    for position, head in enumerate(table.header):
        cells = [row[position] for row in table.rows]
        numeric = position in table.numeric
        words = [word for cell in cells for word in _unbroken(cell, numeric, parted)]
        of_head = [text_width(word, _BOLD) for word in _words(head)]
        of_cells = [text_width(cell, 1.0) for cell in cells]
        least = max(*of_head, *(text_width(word, 1.0) for word in words), _SPACE)
        usual = (sum(each**2 for each in of_cells) / max(len(cells), 1)) ** 0.5
        found.append(_Need(least, max(of_cells, default=0.0), text_width(head, _BOLD), max(least, usual)))
    return found


def _unbroken(cell: str, numeric: bool, parted: bool) -> Sequence[str]:
    pieces = number_pieces(cell) if numeric else ()
    if not pieces:
        return _words(cell)
    return pieces if parted else (cell,)


def _words(text: str) -> list[str]:
    return re.split(f"[ \n{BREAK}]", breakable(text))
