"""Columns of a printed table: as wide as their words need, in letters as large as the page allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from supplyrisk.report.content import Table

SIZES = (9.0, 8.5, 8.0, 7.5, 7.0)
"""Sizes of letters in points, tried in this order."""
PADDING = 4.0
"""Points left free on either side of a cell."""

_BREAK = "\u200b"
_LONG_WORD = 16
"""Letters above which a word may break after a dot, an underscore or a slash (ids, addresses)."""
_LONGEST_PIECE = 24
_HEADER_LINES = 3
_BOLD = 1.08
# Widths of letters of Libertinus Serif, in parts of the size, each class by its widest one.
_NARROW, _PLAIN, _WIDE, _WIDEST = 0.36, 0.54, 0.76, 1.0
_CLASSES = {
    **dict.fromkeys(" \u00a0!\"'()*,-./:;?I[\\]`fijlrst{|}·’²", _NARROW),
    **dict.fromkeys("%&+<=>ABCDEGHKNOQRTUVXYZw−×…", _WIDE),
    **dict.fromkeys("MWm@—", _WIDEST),
    _BREAK: 0.0,
}


@dataclass(frozen=True)
class Columns:
    """The size of the letters and the width of each column with its padding, in points."""

    size: float
    widths: tuple[float, ...]


def breakable(text: str) -> str:
    """The text with places where long ids and addresses may break (zero-width spaces)."""
    return "".join(_pieces(word) if len(word) > _LONG_WORD else word for word in re.split(r"(\s+)", text))


def text_width(text: str, size: float) -> float:
    """How wide a text is on one line at most, in points."""
    return size * sum(_CLASSES.get(letter, _PLAIN if letter < "\u0250" else _WIDEST) for letter in text)


def fit_columns(table: Table, width: float, sizes: Sequence[float] = SIZES) -> Columns | None:
    """Columns that hold every word within ``width`` points, at the first size that does; None where none does."""
    fits = (_columns(table, width, size) for size in sizes)
    return next((found for found in fits if found is not None), None)


def squeezed_columns(table: Table, width: float) -> Columns:
    """Columns at the smallest size, each narrowed alike to stay within ``width``: words may then break anywhere."""
    needs = _needs(table, SIZES[-1])
    room = width / sum(least for least, _ in needs)
    return Columns(SIZES[-1], tuple(least * room for least, _ in needs))


def _columns(table: Table, width: float, size: float) -> Columns | None:
    needs = _needs(table, size)
    if sum(least for least, _ in needs) > width:
        return None
    cap = _common_cap(needs, width)
    return Columns(size, tuple(max(least, min(whole, cap)) for least, whole in needs))


def _common_cap(needs: Sequence[tuple[float, float]], width: float) -> float:
    """The width above which columns give way to others, so that all of them together take ``width`` at most."""
    low, high = 0.0, max(whole for _, whole in needs)
    if sum(max(pair) for pair in needs) <= width:
        return high
    for _ in range(40):
        middle = (low + high) / 2
        taken = sum(max(least, min(whole, middle)) for least, whole in needs)
        low, high = (middle, high) if taken <= width else (low, middle)
    return low


def _needs(table: Table, size: float) -> list[tuple[float, float]]:
    """Of each column the width of its longest word and of its longest cell on one line; heads may take three."""
    found = []
    for position, head in enumerate(table.header):
        cells = [breakable(row[position]) for row in table.rows]
        head_word = max(text_width(word, size * _BOLD) for word in _words(breakable(head)))
        word = max((text_width(word, size) for cell in cells for word in _words(cell)), default=0.0)
        least = max(head_word, word)
        whole = max((text_width(cell, size) for cell in cells), default=0.0)
        whole = max(whole, least, text_width(head, size * _BOLD) / _HEADER_LINES)
        found.append((least + 2 * PADDING, whole + 2 * PADDING))
    return found


def _words(text: str) -> list[str]:
    return re.split(f"[ \n{_BREAK}]", text)


def _pieces(word: str) -> str:
    return _BREAK.join(_chopped(piece) for piece in re.split(r"(?<=[._/=&?])(?=[^\W_])", word))


def _chopped(piece: str) -> str:
    return _BREAK.join(_every(piece)) if len(piece) > _LONGEST_PIECE else piece


def _every(piece: str) -> Iterator[str]:
    for start in range(0, len(piece), _LONGEST_PIECE):
        yield piece[start : start + _LONGEST_PIECE]
