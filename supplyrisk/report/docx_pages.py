"""Pages of a Word document: upright ones, and ones on their side for what does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from supplyrisk.report.content import Figure, Table
from supplyrisk.report.document import Block, Bullets, Document, Heading, Paragraph
from supplyrisk.report.docx_tables import fitted
from supplyrisk.report.docx_xml import TWIPS
from supplyrisk.report.page_turns import LEGIBLE, cut_at_turns

_A4_TWIPS = (11906, 16838)
_MARGIN_TWIPS = 1134
CAPTION_POINTS = 72.0
"""Height kept free for the caption of a picture and the heading above it."""
_UPRIGHT_POINTS = 8
"""The smallest type of a table on an upright page; where it had to be smaller, the page is turned."""


@dataclass(frozen=True)
class Frame:
    """The part of a page that text fills, in points."""

    width: float
    height: float

    def scale(self, figure: Figure) -> float:
        """The part of its own size at which a figure stands in it with its caption."""
        width, height = figure.size
        return min(1.0, self.width / width, (self.height - CAPTION_POINTS) / height)


@dataclass(frozen=True)
class Placed:
    """A block of the document; ``boxed`` inside a box that stands out, ``small`` in small print."""

    block: Block
    boxed: bool
    small: bool = False


@dataclass(frozen=True)
class Stretch:
    """What stands on pages of one kind: ``turned`` ones lie on their side."""

    turned: bool
    placed: tuple[Placed, ...]


def stretches(document: Document, upright: Frame, turnable: bool) -> list[Stretch]:
    """The document as stretches of pages of one kind, in order.

    A heading with all that stands below it up to the next goes onto turned pages as soon as one table or wide figure
    does not fit an upright one, but for a tall figure that could not be read there; headings and texts right above go
    with what follows them. Lists that only lead elsewhere are left out:
    the table of contents does that.
    """
    parts = [piece for part in _parts(document) for piece in _pieces(part, upright, turnable)]
    return [
        Stretch(turned, tuple(one for _, part in group for one in part))
        for turned, group in groupby(parts, key=lambda part: part[0])
    ]


def _placed(document: Document) -> Iterator[Placed]:
    for chapter in document.chapters:
        for block in chapter.headed:
            if not (isinstance(block, Bullets) and block.contents):
                yield Placed(block, chapter.boxed, chapter.small)


def _parts(document: Document) -> list[list[Placed]]:
    parts: list[list[Placed]] = []
    for one in _placed(document):
        begins = isinstance(one.block, Heading)
        if not parts or (begins and not all(isinstance(above.block, Heading | Paragraph) for above in parts[-1])):
            parts.append([])
        parts[-1].append(one)
    return parts


def _pieces(part: list[Placed], upright: Frame, turnable: bool) -> list[tuple[bool, list[Placed]]]:
    if not turnable:
        return [(False, part)]
    turned = Frame(upright.height, upright.width)
    return cut_at_turns(
        part, lambda one: _too_wide(one.block, upright), lambda one: _too_tall(one.block, upright, turned)
    )


def _too_tall(block: Block, upright: Frame, turned: Frame) -> bool:
    """Whether a figure could be read on an upright page and not on a turned one."""
    return isinstance(block, Figure) and turned.scale(block) < min(LEGIBLE, upright.scale(block))


def _too_wide(block: Block, frame: Frame) -> bool:
    if isinstance(block, Table):
        fit = fitted(block, frame.width)
        return not block.folded and (fit is None or fit.points < _UPRIGHT_POINTS)
    return isinstance(block, Figure) and block.wide


def frame_of(section: Any) -> Frame:
    """The frame that the properties of a section (w:sectPr) give; a missing size is that of A4."""
    page, margins = section.get_or_add_pgSz(), section.get_or_add_pgMar()
    width, height = (_twips(page, name, usual) for name, usual in zip("wh", _A4_TWIPS, strict=True))
    sides = {name: abs(_twips(margins, name, _MARGIN_TWIPS)) for name in ("left", "right", "top", "bottom")}
    columns = section.xpath("w:cols[@w:num > 1]")
    text: float = width - sides["left"] - sides["right"] - _twips(margins, "gutter", 0)
    if columns:
        count, space = _twips(columns[0], "num", 1), _twips(columns[0], "space", 720)
        text = (text - (count - 1) * space) / count
    return Frame(text / TWIPS, (height - sides["top"] - sides["bottom"]) / TWIPS)


def turnable(section: Any) -> bool:
    """Whether the page of a section stands upright, so that turning it makes it wider."""
    page = section.get_or_add_pgSz()
    return bool(_twips(page, "w", _A4_TWIPS[0]) < _twips(page, "h", _A4_TWIPS[1]))


def section_of(base: Any, turned: bool, first: bool) -> Any:
    """The properties of one section made from those of the whole; only the first has a page of its own in front."""
    section = deepcopy(base)
    for old in section.xpath("w:type"):
        section.remove(old)
    if turned:
        page = section.get_or_add_pgSz()
        width, height = _twips(page, "w", _A4_TWIPS[0]), _twips(page, "h", _A4_TWIPS[1])
        for name, value in (("w", str(height)), ("h", str(width)), ("orient", "landscape")):
            page.set(_name(name), value)
    if not first:
        for old in section.xpath("w:titlePg"):
            section.remove(old)
        for numbers in section.xpath("w:pgNumType"):
            numbers.attrib.pop(_name("start"), None)
    return section


def _twips(element: Any, name: str, usual: int) -> int:
    return round(float(element.get(_name(name), usual)))


def _name(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(f"w:{name}"))
