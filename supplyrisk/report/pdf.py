"""The document as a PDF for print and for every reader: tagged, PDF/UA-1, fonts embedded, same bytes for same input.

The compiler itself refuses what is not accessible. Texts reach its template as data and are never read as markup.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from supplyrisk.foundation.errors import InputError
from supplyrisk.report.content import Figure, Table
from supplyrisk.report.document import Block, Bullets, Document, Findings, Heading, Item, Paragraph, Section
from supplyrisk.report.look import Look
from supplyrisk.report.pdf_columns import BREAK, PADDING, breakable, lines_of, number_pieces
from supplyrisk.report.pdf_pages import (
    MARGINS,
    UPRIGHT,
    Sheet,
    columns_on,
    figure_width,
    sheets,
    stays_whole,
    text_height,
)

_WORDS = ("contents", "confidence", "confidence_high", "confidence_medium", "confidence_low")
_FIRST_LEVEL = 2
"""The level of a chapter's heading in a document; in the PDF it is the first, below the title."""
_TALL = 12
"""Lines above which a row of a table may go on on the next page."""

_Data = dict[str, Any]


def render_pdf(document: Document, look: Look, cover: bool = True) -> bytes:
    """The document on A4, with a title page, contents and chapters on new pages, or without them (``cover`` False).

    Keys of scores and folded tables are left out, and the text says so. Raises ``InputError`` when headings skip a
    level or the compiler refuses the document (a letter that no font has, a picture that cannot be read).
    """
    _check_headings(document)
    given = json.dumps(_document(document, look, cover), ensure_ascii=False)
    return _compile(given, document.title)


def _compile(given: str, title: str) -> bytes:
    import typst

    template = (files("supplyrisk.report") / "templates" / "report.typ").read_bytes()
    try:
        made, warnings = typst.compile_with_warnings(
            template,
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            sys_inputs={"document": given},
        )
    except typst.TypstError as refusal:
        raise InputError(_refused(title, refusal)) from refusal
    if warnings:
        raise InputError(_refused(title, warnings[0]))
    assert isinstance(made, bytes)
    return made


def _refused(title: str, reason: Any) -> str:
    hints = "".join(f" ({hint})" for hint in reason.hints)
    return f"'{title}' cannot be made as PDF: {reason.message}{hints}."


def _check_headings(document: Document) -> None:
    for chapter in document.chapters:
        above, level = chapter.title, _FIRST_LEVEL
        for block in chapter.blocks:
            if isinstance(block, Heading):
                if not _FIRST_LEVEL < block.level <= level + 1:
                    raise InputError(
                        f"The heading '{block.text}' of level {block.level} cannot follow '{above}' of level {level}: "
                        "who listens to a document finds the way by its levels, so none may be skipped."
                    )
                above, level = block.text, block.level


def _document(document: Document, look: Look, cover: bool) -> _Data:
    words = document.words
    anchors = {chapter.anchor for chapter in document.chapters}
    anchors |= {block.anchor for block in document.blocks() if isinstance(block, Heading)}
    left_out = any(
        isinstance(block, Findings) and any(item.score_keys for item in block.items) for block in document.blocks()
    )
    return {
        "language": document.language,
        "title": document.title,
        "lead": [_paragraph(paragraph) for paragraph in document.lead],
        "left_out": str(words["print_keys"]) if left_out else None,
        "made_with": document.made_with,
        "words": {name: str(words[name]) for name in _WORDS},
        "look": asdict(look),
        "margins": MARGINS,
        "padding": PADDING,
        "break": BREAK,
        "cover": cover,
        "chapters": [_chapter(chapter, document, anchors) for chapter in document.chapters],
    }


def _chapter(chapter: Section, document: Document, anchors: set[str]) -> _Data:
    shown = list(_printed(chapter, str(document.words["print_rows"])))
    # A warning is one box, so it stays on one kind of page.
    runs = [(UPRIGHT, shown)] if chapter.boxed else sheets(shown)
    return {
        "boxed": chapter.boxed,
        "runs": [{"flipped": sheet.flipped, "blocks": list(_blocks(blocks, sheet, anchors))} for sheet, blocks in runs],
    }


def _printed(chapter: Section, rows_note: str) -> Iterator[Block]:
    """The chapter's heading and blocks without folded tables and lists of links.

    Where tables go, a note says so below the first block.
    """
    yield Heading(_FIRST_LEVEL, chapter.title, chapter.anchor)
    shown = [block for block in chapter.blocks if not _left_out(block)]
    yield from shown[:1]
    if any(isinstance(block, Table) and block.folded for block in chapter.blocks):
        yield Paragraph(rows_note)
    yield from shown[1:]


def _left_out(block: Block) -> bool:
    return block.folded if isinstance(block, Table) else isinstance(block, Bullets) and block.contents


def _blocks(blocks: Iterable[Block], sheet: Sheet, anchors: set[str]) -> Iterator[_Data]:
    above = 0.0
    for block in blocks:
        yield _block(block, sheet, above, anchors)
        height = text_height(block, sheet)
        above = above + height if height else 0.0


def _block(block: Block, sheet: Sheet, above: float, anchors: set[str]) -> _Data:
    match block:
        case Heading():
            return _heading(block)
        case Paragraph():
            return _paragraph(block)
        case Findings():
            items = [{"text": breakable(item.text), "confidence": item.confidence} for item in block.items]
            return {"kind": "findings", "items": items, "numbered": block.numbered}
        case Bullets():
            return {"kind": "bullets", "items": [_item(item, anchors) for item in block.items]}
        case Figure():
            return {
                "kind": "figure",
                "svg": block.svg,
                "width": figure_width(block, sheet, above),
                "caption": breakable(block.caption),
                "alt": block.alt,
            }
        case Table():
            return _table(block, sheet)


def _heading(heading: Heading) -> _Data:
    return {
        "kind": "heading",
        "level": heading.level - _FIRST_LEVEL + 1,
        "text": breakable(heading.text),
        "anchor": heading.anchor,
        "note": heading.note,
    }


def _paragraph(paragraph: Paragraph) -> _Data:
    return {"kind": "paragraph", "text": breakable(paragraph.text), "strong": paragraph.strong}


def _item(item: Item, anchors: set[str]) -> _Data:
    anchor = item.anchor if item.anchor in anchors else ""
    return {"text": breakable(item.text), "lead": breakable(item.lead), "anchor": anchor}


def _table(table: Table, sheet: Sheet) -> _Data:
    columns = columns_on(table, sheet)
    return {
        "kind": "table",
        "caption": breakable(table.caption),
        "size": columns.size,
        "widths": columns.widths,
        "right": [position in table.numeric for position in range(len(table.header))],
        "header": [breakable(cell) for cell in table.header],
        "whole": stays_whole(table, columns),
        "tall": [lines > _TALL for lines in lines_of(table, columns)],
        "rows": [[_cell(cell, position in table.numeric) for position, cell in enumerate(row)] for row in table.rows],
        "addresses": table.addresses,
        "address_column": table.address_column,
    }


def _cell(cell: str, numeric: bool) -> str | tuple[str, ...]:
    return (numeric and number_pieces(cell)) or breakable(cell)
