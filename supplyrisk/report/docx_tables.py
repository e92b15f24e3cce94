"""Tables of a Word document: widths of columns that fit the page, and the table itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from supplyrisk.report.content import Table
from supplyrisk.report.docx_styles import TABLE_POINTS
from supplyrisk.report.docx_xml import TWIPS, escaped, paragraph
from supplyrisk.report.line_breaks import BREAK, breakable

_PIECES = re.compile(rf"[ {BREAK}]|(?<=[-–])")
_NARROW = dict.fromkeys("iljtfrI.,:;'|!()[] \u00a0-", 0.3)
_BROAD = dict.fromkeys("ABCDEFGHJKLMNOPQRSTUVWXYZmw%+=±…\u2212", 0.72)
_WIDTHS = {**_NARROW, **_BROAD}
_USUAL = 0.556
"""Widths of letters of Liberation Sans, in parts of the size of type, rounded up."""
_BOLD = 1.08
_PADDING_POINTS = 7.0
"""What a cell needs beside its text: its margins of 3 points each, and the line."""
_MOST = 0.45
"""Part of the page that one column may want."""


@dataclass(frozen=True)
class Fit:
    """How a table fits: widths of its columns and size of its type, in points."""

    widths: tuple[float, ...]
    points: int


def fitted(table: Table, width: float) -> Fit | None:
    """The largest type in which no word is broken on ``width`` points; None when none is small enough."""
    return next((fit for fit in (_fit(table, width, points) for points in TABLE_POINTS) if fit), None)


def squeezed(table: Table, width: float) -> Fit:
    """The smallest type, with columns as wide as they can be; words may break anywhere."""
    points = TABLE_POINTS[-1]
    needs = [need * points + _PADDING_POINTS for need, _ in _columns(table)]
    return Fit(tuple(need * width / sum(needs) for need in needs), points)


def _fit(table: Table, width: float, points: int) -> Fit | None:
    columns = _columns(table)
    needs = [need * points + _PADDING_POINTS for need, _ in columns]
    spare = width - sum(needs)
    if spare < 0:
        return None
    wants = [
        max(min(full * points + _PADDING_POINTS, _MOST * width) - need, 0.1)
        for (_, full), need in zip(columns, needs, strict=True)
    ]
    return Fit(tuple(need + spare * want / sum(wants) for need, want in zip(needs, wants, strict=True)), points)


def _columns(table: Table) -> list[tuple[float, float]]:
    """For each column its longest unbroken piece and its longest text, in sizes of type."""
    lengths = []
    for column, head in enumerate(table.header):
        texts = {breakable(row[column]) for row in table.rows}
        pieces = {piece for text in texts for piece in _PIECES.split(text)}
        need = max([_BOLD * _length(piece) for piece in _PIECES.split(breakable(head))] + [*map(_length, pieces)])
        lengths.append((need, max([_BOLD * _length(head), *map(_length, texts)])))
    return lengths


def _length(text: str) -> float:
    return sum(_WIDTHS.get(letter, _USUAL) for letter in text)


def word_table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    fit: Fit,
    numeric: frozenset[int],
    styles: tuple[str, str],
    caption: str,
) -> str:
    """A table of runs and links (XML) in ``styles`` (its own, its text's); the first row repeats on every page."""
    widths = [round(TWIPS * width) for width in fit.widths]

    def row(cells: Sequence[str], head: bool) -> str:
        properties = f"<w:cantSplit/>{'<w:tblHeader/>' if head else ''}"
        return (
            f"<w:tr><w:trPr>{properties}</w:trPr>"
            + "".join(
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
                f"{paragraph(cell, styles[1], keep_next=head, right=column in numeric)}</w:tc>"
                for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
            )
            + "</w:tr>"
        )

    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{styles[0]}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0620" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
        f'w:noVBand="1"/><w:tblCaption w:val="{escaped(caption)}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{row(header, True)}{''.join(row(cells, False) for cells in rows)}</w:tbl>"
    )
