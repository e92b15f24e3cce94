"""A document as the data that the template of the PDF walks: plain lists and words, with sizes already settled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from supplyrisk.report.content import Figure, Table
from supplyrisk.report.document import (
    CHAPTER_LEVEL,
    Block,
    Bullets,
    Document,
    Findings,
    Heading,
    Item,
    Paragraph,
    Section,
)
from supplyrisk.report.line_breaks import BREAK, breakable
from supplyrisk.report.look import Look
from supplyrisk.report.pdf_columns import PADDING, lines_of, number_pieces
from supplyrisk.report.pdf_pages import (
    CAPTION_SIZE,
    LONG,
    SHORT,
    Layout,
    Page,
    columns_on,
    figure_width,
    runs_of_pages,
    stays_whole,
    text_height,
)

_TALL = 12
"""Lines above which a row of a table may go on on the next page."""

_Data = dict[str, Any]


def document_data(document: Document, look: Look, cover: bool) -> _Data:
    """The document ready for JSON. Keys of scores and folded tables are left out, with a note where there were some."""
    words, layout = document.words, LONG if cover else SHORT
    anchors = {block.anchor for block in document.blocks() if isinstance(block, Heading)}
    return {
        "language": document.language,
        "title": document.title,
        "lead": [_paragraph(paragraph) for paragraph in document.lead],
        "left_out": str(words["print_keys"]) if document.has_keys else None,
        "made_with": document.made_with,
        "words": {name: str(word) for name, word in words.items() if name.startswith(("contents", "confidence"))},
        "look": asdict(look),
        "margins": layout.margins,
        "text_size": layout.text_size,
        "caption_size": CAPTION_SIZE,
        "padding": PADDING,
        "cell_padding": layout.cell_padding,
        "box_padding": layout.box_padding,
        "break": BREAK,
        "cover": cover,
        "chapters": [_chapter(chapter, document, anchors, layout) for chapter in document.chapters],
    }


def _chapter(chapter: Section, document: Document, anchors: set[str], layout: Layout) -> _Data:
    shown = list(_printed(chapter, str(document.words["print_rows"])))
    # A warning is one box, so it stays on one kind of page.
    runs = [(layout.boxed, shown)] if chapter.boxed else runs_of_pages(shown, layout)
    return {
        "boxed": chapter.boxed,
        "small": chapter.small,
        "runs": [{"flipped": page.flipped, "blocks": list(_blocks(blocks, page, anchors))} for page, blocks in runs],
    }


def _printed(chapter: Section, rows_note: str) -> Iterator[Block]:
    """The chapter's heading and blocks without folded tables and lists of links.

    Where tables go, a note says so below the first block.
    """
    heading, *shown = (block for block in chapter.headed if not _left_out(block))
    yield from (heading, *shown[:1])
    if any(isinstance(block, Table) and block.folded for block in chapter.blocks):
        yield Paragraph(rows_note)
    yield from shown[1:]


def _left_out(block: Block) -> bool:
    return block.folded if isinstance(block, Table) else isinstance(block, Bullets) and block.contents


def _blocks(blocks: Iterable[Block], page: Page, anchors: set[str]) -> Iterator[_Data]:
    above = 0.0
    for block in blocks:
        yield _block(block, page, above, anchors)
        height = text_height(block, page)
        above = above + height if height else 0.0


def _block(block: Block, page: Page, above: float, anchors: set[str]) -> _Data:
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
                "width": figure_width(block, page, above),
                "caption": breakable(block.caption),
                "alt": block.alt,
            }
        case Table():
            return _table(block, page)


def _heading(heading: Heading) -> _Data:
    return {
        "kind": "heading",
        "level": heading.level - CHAPTER_LEVEL + 1,
        "text": breakable(heading.text),
        "anchor": heading.anchor,
        "note": heading.note,
    }


def _paragraph(paragraph: Paragraph) -> _Data:
    return {"kind": "paragraph", "text": breakable(paragraph.text), "strong": paragraph.strong}


def _item(item: Item, anchors: set[str]) -> _Data:
    anchor = item.anchor if item.anchor in anchors else ""
    return {"text": breakable(item.text), "lead": breakable(item.lead), "anchor": anchor, "address": item.address}


def _table(table: Table, page: Page) -> _Data:
    columns = columns_on(table, page)
    return {
        "kind": "table",
        "caption": breakable(table.caption),
        "size": columns.size,
        "widths": columns.widths,
        "right": [position in table.numeric for position in range(len(table.header))],
        "header": [breakable(cell) for cell in table.header],
        "whole": stays_whole(table, columns, page),
        "tall": [lines > _TALL for lines in lines_of(table, columns)],
        "rows": [[_cell(cell, position in table.numeric) for position, cell in enumerate(row)] for row in table.rows],
        "addresses": table.addresses,
        "address_column": table.address_column,
    }


def _cell(cell: str, numeric: bool) -> str | tuple[str, ...]:
    return (numeric and number_pieces(cell)) or breakable(cell)
