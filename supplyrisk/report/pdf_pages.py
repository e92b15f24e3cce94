"""Pages of a printed document: which blocks stand upright and which need a page on its side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from supplyrisk.report.content import Figure, Table
from supplyrisk.report.document import Block, Heading, Paragraph
from supplyrisk.report.pdf_columns import SIZES, Columns, fit_columns, squeezed_columns

MARGINS = {"top": 68.0, "bottom": 58.0, "left": 54.0, "right": 54.0}
"""Points around the text of every page."""
_SHORT_SIDE, _LONG_SIDE = 595.28, 841.89
_CAPTION_SIZE = 8.5
_CAPTION_LETTERS_A_POINT = 0.24
_HEADING_ROOM = 62.0
"""Points kept free above a picture for its heading."""
_LEGIBLE = 0.7
"""Below this part of its own size the letters of a picture (8 points) are too small for print."""
_UPRIGHT_SIZES = tuple(size for size in SIZES if size >= 7.5)


@dataclass(frozen=True)
class Sheet:
    """The room for text on a page of A4, in points."""

    width: float
    height: float
    flipped: bool


def _sheet(across: float, down: float) -> Sheet:
    width = across - MARGINS["left"] - MARGINS["right"]
    return Sheet(width, down - MARGINS["top"] - MARGINS["bottom"], across > down)


UPRIGHT = _sheet(_SHORT_SIDE, _LONG_SIDE)
FLIPPED = _sheet(_LONG_SIDE, _SHORT_SIDE)


def sheets(blocks: Iterable[Block]) -> list[tuple[Sheet, list[Block]]]:
    """The blocks of a chapter in runs of one sheet each.

    What stands below one heading stays on one kind of sheet: on its side when a table or picture in it needs that. A
    heading with nothing but paragraphs goes with what follows it.
    """
    parts = _parts(blocks)
    runs: list[tuple[Sheet, list[Block]]] = []
    sheet = UPRIGHT
    for part in reversed(parts):
        if not runs or not all(isinstance(block, Heading | Paragraph) for block in part):
            sheet = FLIPPED if any(_needs_flipped(block) for block in part) else UPRIGHT
        if runs and runs[-1][0] == sheet:
            runs[-1][1][:0] = part
        else:
            runs.append((sheet, part))
    return runs[::-1]


def columns_on(table: Table, sheet: Sheet) -> Columns:
    """Columns of a table that stay within the sheet."""
    sizes = SIZES if sheet.flipped else _UPRIGHT_SIZES
    return fit_columns(table, sheet.width, sizes) or squeezed_columns(table, sheet.width)


def figure_width(figure: Figure, sheet: Sheet) -> float:
    """The width of a picture in points: its own, or less where the sheet is smaller; its caption fits below it.

    Raises ``ValueError`` for a picture that does not state its size in points.
    """
    width, height = _own_size(figure)
    lines = len(figure.caption) // (sheet.width * _CAPTION_LETTERS_A_POINT) + 1
    room = sheet.height - _HEADING_ROOM - lines * _CAPTION_SIZE * 1.5
    return min(width, sheet.width, room * width / height)


def _parts(blocks: Iterable[Block]) -> list[list[Block]]:
    parts: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Heading) and parts[-1]:
            parts.append([])
        parts[-1].append(block)
    return parts


def _needs_flipped(block: Block) -> bool:
    if isinstance(block, Table):
        return fit_columns(block, UPRIGHT.width, _UPRIGHT_SIZES) is None
    if isinstance(block, Figure):
        own = _own_size(block)[0]
        upright, flipped = (figure_width(block, sheet) / own for sheet in (UPRIGHT, FLIPPED))
        return upright < min(_LEGIBLE, flipped)
    return False


def _own_size(figure: Figure) -> tuple[float, float]:
    root = re.search(r"<svg\b[^>]*>", figure.svg)
    sizes: Sequence[str] = re.findall(r'\s(?:width|height)="([\d.]+)pt"', root.group() if root else "")
    if len(sizes) != 2:
        raise ValueError(f"the figure {figure.name} does not state its width and height in points")
    return float(sizes[0]), float(sizes[1])
