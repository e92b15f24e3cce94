"""Pages of a printed document: which blocks stand upright and which need a page on its side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import ceil

from supplyrisk.report.content import Figure, Table
from supplyrisk.report.document import Block, Heading, Paragraph
from supplyrisk.report.page_turns import LEGIBLE, cut_at_turns
from supplyrisk.report.pdf_columns import SIZES, Columns, fit_columns, lines_of, squeezed_columns, text_width

_SHORT_SIDE, _LONG_SIDE = 595.28, 841.89
_UPRIGHT_SIZES = tuple(size for size in SIZES if size >= 7.5)
_WHOLE_HEIGHT = 330.0
"""Points up to which a table is better moved to the next page than broken."""
CAPTION_SIZE = 8.5
"""Size of the letters below pictures and above tables, in points."""
# Guesses of what stands above and below a picture.
_LINE_HEIGHT = 1.4
_HEADING_HEIGHT, _GAP = 46.0, 14.0
_LINES_A_ROW = 2
"""Lines a row of a table takes on average where cells break so often that it is hard to read."""


@dataclass(frozen=True)
class Page:
    """The room for text on a page of A4, the size of its letters and the room above and below a cell, in points."""

    width: float
    height: float
    flipped: bool
    text_size: float
    cell_padding: float


@dataclass(frozen=True)
class Layout:
    """Points around the text of every page, between the edge of a box and its text, and above and below cells.

    ``text_size``: of the letters; ``turns``: what is too wide for an upright page gets one on its side.
    """

    margins: Mapping[str, float]
    box_padding: float
    text_size: float
    cell_padding: float
    turns: bool

    @property
    def upright(self) -> Page:
        """A page that stands."""
        return self._page(_SHORT_SIDE, _LONG_SIDE)

    @property
    def flipped(self) -> Page:
        """A page on its side."""
        return self._page(_LONG_SIDE, _SHORT_SIDE)

    @property
    def boxed(self) -> Page:
        """The inside of a box on an upright page."""
        return replace(self.upright, width=self.upright.width - 2 * self.box_padding)

    def _page(self, across: float, down: float) -> Page:
        width = across - self.margins["left"] - self.margins["right"]
        height = down - self.margins["top"] - self.margins["bottom"]
        return Page(width, height, across > down, self.text_size, self.cell_padding)


LONG = Layout(
    {"top": 68.0, "bottom": 58.0, "left": 54.0, "right": 54.0},
    box_padding=14.0,
    text_size=10.5,
    cell_padding=3.2,
    turns=True,
)
"""Of a report with a title page."""
SHORT = Layout(
    {"top": 46.0, "bottom": 44.0, "left": 50.0, "right": 50.0},
    box_padding=8.0,
    text_size=9.5,
    cell_padding=2.2,
    turns=False,
)
"""Of a few pages that are read at a sitting."""


def runs_of_pages(blocks: Iterable[Block], layout: Layout) -> list[tuple[Page, list[Block]]]:
    """The blocks of a chapter in runs, each on pages of one kind.

    What stands below one heading stays on one kind of page: on its side when a table or picture in it needs that, but
    for a tall picture that could not be read there. A heading with nothing but paragraphs goes with what follows it.
    """
    runs: list[tuple[Page, list[Block]]] = []
    page = layout.upright
    for part in reversed(_parts(blocks)):
        for turned, piece in reversed(_pieces(part, layout)):
            if not runs or not all(isinstance(block, Heading | Paragraph) for block in piece):
                page = layout.flipped if turned else layout.upright
            if runs and runs[-1][0] == page:
                runs[-1][1][:0] = piece
            else:
                runs.append((page, piece))
    return runs[::-1]


def columns_on(table: Table, page: Page) -> Columns:
    """Columns of a table that stay within the page."""
    sizes = SIZES if page.flipped else _UPRIGHT_SIZES
    return fit_columns(table, page.width, sizes) or squeezed_columns(table, page.width)


def stays_whole(table: Table, columns: Columns, page: Page) -> bool:
    """Whether a table is so short that it may not break over pages."""
    line = columns.size * _LINE_HEIGHT
    return sum(lines * line + 2 * page.cell_padding for lines in lines_of(table, columns)) <= _WHOLE_HEIGHT


def text_height(block: Block, page: Page) -> float:
    """About how much of the page a heading or a paragraph takes, in points; any other block counts as nothing."""
    if isinstance(block, Heading):
        return _HEADING_HEIGHT
    return _height(block.text, page.text_size, page) if isinstance(block, Paragraph) else 0.0


def figure_width(figure: Figure, page: Page, above: float = 0.0) -> float:
    """The width of a picture in points: its own, or less for it to stand on the page with its caption.

    It also leaves room for text of the height ``above``, unless its letters would be too small for print then. Raises
    ``ValueError`` for a picture that does not state its size.
    """
    width, height = figure.size
    room = page.height - _height(figure.caption, CAPTION_SIZE, page) - _GAP
    alone, below = (min(width, page.width, free * width / height) for free in (room, room - above))
    return below if below >= LEGIBLE * width else alone


def _height(text: str, size: float, page: Page) -> float:
    return ceil(text_width(text, size) / page.width) * size * _LINE_HEIGHT + _GAP


def _parts(blocks: Iterable[Block]) -> list[list[Block]]:
    parts: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Heading) and parts[-1]:
            parts.append([])
        parts[-1].append(block)
    return parts


def _pieces(part: list[Block], layout: Layout) -> list[tuple[bool, list[Block]]]:
    if not layout.turns:
        return [(False, part)]
    return cut_at_turns(part, lambda block: _needs_flipped(block, layout), lambda block: _needs_upright(block, layout))


def _needs_upright(block: Block, layout: Layout) -> bool:
    """Whether a picture is so tall that only an upright page shows it legibly."""
    if not isinstance(block, Figure):
        return False
    upright, flipped = (figure_width(block, page) / block.size[0] for page in (layout.upright, layout.flipped))
    return flipped < min(LEGIBLE, upright)


def _needs_flipped(block: Block, layout: Layout) -> bool:
    if isinstance(block, Table):
        columns = fit_columns(block, layout.upright.width, _UPRIGHT_SIZES)
        return columns is None or _shorter_flipped(block, columns, layout)
    if isinstance(block, Figure):
        own = block.size[0]
        upright, flipped = (figure_width(block, page) / own for page in (layout.upright, layout.flipped))
        return upright < min(LEGIBLE, flipped)
    return False


def _shorter_flipped(table: Table, upright: Columns, layout: Layout) -> bool:
    """Whether cells break so often upright that fewer pages hold the table on their side."""
    lines = sum(lines_of(table, upright))
    flipped = sum(lines_of(table, columns_on(table, layout.flipped)))
    enough = flipped / layout.flipped.height < lines / layout.upright.height
    return lines > _LINES_A_ROW * len(table.rows) and enough
