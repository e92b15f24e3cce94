"""A document as Markdown for GitHub and the like. Charts are told in words: what they show, from the same numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from supplyrisk.report.content import Figure, Sentence, Table
from supplyrisk.report.document import Block, Bullets, Document, Findings, Heading, Item, Paragraph, Section

_MARKUP = re.compile(r"([\\`*_\[\]<>#|~&$])")
_LIST_MARK = re.compile(r"^([-+](?=\s)|\d+(?=[.)](?:\s|$)))")
_BLANKS = re.compile(r"[ \t\r\n]+")
_KEYS = 3
"""Keys of scores shown behind a sentence."""


def render_markdown(document: Document) -> str:
    """The whole document, one block after another, with an empty line between."""
    blocks = [f"# {escaped(document.title)}", *(_paragraph(one) for one in document.lead)]
    for chapter in document.chapters:
        blocks += _section(chapter, document)
    return "\n\n".join([*blocks, "---", escaped(document.made_with)]) + "\n"


def escaped(text: str) -> str:
    """One line of text that Markdown shows as it is: signs of markup and what would begin a list lose their meaning."""
    marked = _MARKUP.sub(r"\\\1", _BLANKS.sub(" ", text).strip(" "))
    return _LIST_MARK.sub(lambda found: f"\\{found[0]}" if found[0] in "-+" else f"{found[0]}\\", marked)


def _section(section: Section, document: Document) -> Iterator[str]:
    parts = [text for block in section.headed for text in _block(block, document) if text]
    if section.boxed:
        yield "\n>\n".join("\n".join(f"> {line}".rstrip() for line in part.split("\n")) for part in parts)
    else:
        yield from parts


def _block(block: Block, document: Document) -> Iterator[str]:
    match block:
        case Heading():
            note = f" ({escaped(block.note)})" if block.note else ""
            yield f"{'#' * block.level} {escaped(block.text)}{note}"
        case Paragraph():
            yield _paragraph(block)
        case Findings():
            marks = (f"{number}." if block.numbered else "-" for number in range(1, len(block.items) + 1))
            yield "\n".join(
                f"{mark} {_sentence(item, document)}" for mark, item in zip(marks, block.items, strict=True)
            )
        case Bullets():
            yield "\n".join(f"- {_item(item)}" for item in block.items)
        case Figure():
            yield f"*{escaped(block.caption)}*"
            yield escaped(block.alt)
        case Table():
            yield f"**{escaped(block.caption)}**"
            yield _table(block)


def _paragraph(paragraph: Paragraph) -> str:
    text = escaped(paragraph.text)
    return f"**{text}**" if paragraph.strong else text


def _sentence(sentence: Sentence, document: Document) -> str:
    """The sentence, how sure it is, and the first of the scores it comes from."""
    words = document.words
    told = f"{words['confidence']}: {words[f'confidence_{sentence.confidence}']}"
    if sentence.score_keys:
        keys = ", ".join(f"`{key}`" for key in sentence.score_keys[:_KEYS])
        more = len(sentence.score_keys) - _KEYS
        told += f"; {words['from_scores']} {keys}" + (f" (+{more})" if more > 0 else "")
    return f"{escaped(sentence.text)} ({told})"


def _item(item: Item) -> str:
    text = escaped(item.text)
    if item.anchor:
        return f"[{text}](#{item.anchor})"
    if item.address:
        text = f"[{text}](<{item.address}>)"
    return f"**{escaped(item.lead)}** {text}" if item.lead else text


def _table(table: Table) -> str:
    marks = ["---:" if column in table.numeric else "---" for column in range(len(table.header))]
    lines = [_row([escaped(cell) for cell in table.header]), _row(marks)]
    for number, row in enumerate(table.rows):
        cells = [escaped(cell) for cell in row]
        if table.addresses and table.addresses[number]:
            cells[table.address_column] = f"[{cells[table.address_column]}](<{table.addresses[number]}>)"
        lines.append(_row(cells))
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
