"""The text of a Word document: every block of the document model in WordprocessingML, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from supplyrisk.report.content import Figure, Sentence, Table
from supplyrisk.report.document import Block, Bullets, Document, Findings, Heading, Item, Paragraph
from supplyrisk.report.docx_bookmarks import Bookmarks
from supplyrisk.report.docx_pages import Frame, Placed
from supplyrisk.report.docx_styles import HEADINGS, table_text
from supplyrisk.report.docx_tables import fitted, squeezed, word_table
from supplyrisk.report.docx_xml import (
    FIELD_END,
    field_start,
    inner_link,
    paragraph,
    picture,
    run,
    web_link,
    word_field,
)
from supplyrisk.report.line_breaks import breakable
from supplyrisk.report.raster import DOTS_PER_INCH, png_of

_IN_CONTENTS = (2, 3)
"""Levels of headings that the table of contents shows."""


@dataclass
class Body:
    """Writes blocks; counts captions, bookmarks and pictures as it goes.

    ``styles``: ids by name; ``numbered`` gives a list that counts from one, ``bullets`` the list of bullets (None where
    their style sets it); ``add_picture`` and ``add_address`` give the id of a relationship (None for an address that no
    link can hold); ``first_picture`` is the first number that no picture of a template has.
    """

    document: Document
    styles: Mapping[str, str]
    bullets: int | None
    numbered: Callable[[], int]
    add_picture: Callable[[bytes], str]
    add_address: Callable[[str], str | None]
    first_picture: int
    _bookmarks: Bookmarks = field(init=False)
    _figures: int = field(default=0, init=False)
    _tables: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._bookmarks = Bookmarks(self.document)

    def front(self, contents: bool = True) -> str:
        """Title, lead, what this document leaves out, and the table of ``contents``."""
        document = self.document
        first, *others = document.lead or (Paragraph(""),)
        lead = [self._paragraph(run(one.text, self._strong(one)), "Normal") for one in others]
        note = self._paragraph(run(self._word("print_keys")), "Report Note")
        parts = [self._paragraph(run(document.title), "Title"), self._paragraph(run(first.text), "Subtitle"), *lead]
        if document.has_keys:
            parts.append(note)
        return "".join((*parts, self._contents() if contents else ""))

    def end(self) -> str:
        """What the document was made with."""
        return self._paragraph(run(self.document.made_with), "Report Note")

    def blocks(self, placed: Sequence[Placed], frame: Frame, new_page: bool) -> str:
        """Blocks on pages with that frame; the first begins a ``new_page``."""
        texts: list[str] = []
        folded: list[Table] = []
        for one in placed:
            if isinstance(one.block, Table) and one.block.folded:
                folded.append(one.block)
                continue
            texts += self._left_out(folded)
            folded = []
            texts.append(self._block(one, frame, new_page and not texts))
        return "".join((*texts, *self._left_out(folded)))

    def _block(self, placed: Placed, frame: Frame, new_page: bool) -> str:
        block: Block = placed.block
        if isinstance(block, Heading):
            return self._heading(block, new_page)
        if isinstance(block, Paragraph):
            style = "Report Box" if placed.boxed else "Report Note" if placed.small else "Normal"
            return self._paragraph(run(block.text, self._strong(block)), style)
        if isinstance(block, Findings):
            return self._findings(block, placed.boxed)
        if isinstance(block, Bullets):
            return "".join(self._bullet(self._item(item), placed.boxed) for item in block.items)
        return self._figure(block, frame) if isinstance(block, Figure) else self._table(block, frame)

    def _heading(self, heading: Heading, new_page: bool) -> str:
        note = run(f" · {heading.note}", self.styles["Report Aside"]) if heading.note else ""
        content = self._bookmarks.mark(heading.anchor, run(heading.text)) + note
        return self._paragraph(content, HEADINGS[min(heading.level, 6) - 2], new_page=new_page)

    def _findings(self, findings: Findings, boxed: bool) -> str:
        if not findings.numbered:
            return "".join(self._bullet(self._finding(one), boxed) for one in findings.items)
        number = self.numbered() if findings.items else 0
        return "".join(self._paragraph(self._finding(one), "List Number", list_number=number) for one in findings.items)

    def _finding(self, sentence: Sentence) -> str:
        sure = f"{self._word('confidence')}: {self._word(f'confidence_{sentence.confidence}')}"
        return run(sentence.text) + run(f" ({sure})", self.styles["Report Aside"])

    def _bullet(self, content: str, boxed: bool) -> str:
        return self._paragraph(content, "Report Box Bullet" if boxed else "List Bullet", list_number=self.bullets)

    def _item(self, item: Item) -> str:
        lead = run(item.lead, self.styles["Strong"]) + run(": ") if item.lead else ""
        place = self._bookmarks.name(item.anchor)
        if place:
            return lead + inner_link(place, item.text, self.styles["Hyperlink"])
        relation = self.add_address(item.address) if item.address else None
        return lead + (web_link(relation, item.text, self.styles["Hyperlink"]) if relation else run(item.text))

    def _figure(self, figure: Figure, frame: Frame) -> str:
        self._figures += 1
        width, height = figure.size
        scale = frame.scale(figure)
        relation = self.add_picture(png_of(figure.svg, max(1, round(DOTS_PER_INCH * scale))))
        drawn = picture(
            relation,
            self.first_picture + self._figures - 1,
            f"{self._word('docx_figure')} {self._figures}",
            figure.alt,
            width * scale,
            height * scale,
        )
        caption = self._caption("docx_figure", self._figures, figure.caption)
        return self._paragraph(drawn, "Report Figure") + self._paragraph(caption, "caption")

    def _table(self, table: Table, frame: Frame) -> str:
        self._tables += 1
        fit = fitted(table, frame.width) or squeezed(table, frame.width)
        caption = self._caption("docx_table", self._tables, table.caption)
        return self._paragraph(caption, "caption", keep_next=True) + word_table(
            [run(breakable(cell)) for cell in table.header],
            [list(self._cells(table, number)) for number in range(len(table.rows))],
            fit,
            table.numeric,
            (self.styles["Report Table"], self.styles[table_text(fit.points)]),
            table.caption,
        )

    def _cells(self, table: Table, number: int) -> Iterator[str]:
        address = table.addresses[number] if table.addresses else ""
        anchor = table.anchors[number] if table.anchors else ""
        for column, cell in enumerate(table.rows[number]):
            relation = self.add_address(address) if address and column == table.address_column else None
            text = breakable(cell)
            content = web_link(relation, text, self.styles["Hyperlink"]) if relation else run(text)
            yield self._bookmarks.mark(anchor, content) if column == 0 else content

    def _caption(self, word: str, number: int, text: str) -> str:
        label = self._word(word)
        return run(f"{label} ") + word_field(f"SEQ {label} \\* ARABIC", str(number)) + run(f". {text}")

    def _left_out(self, tables: Sequence[Table]) -> list[str]:
        if not tables:
            return []
        count = sum(len(table.rows) for table in tables)
        said = self._word("docx_rows").format(count=count, captions=joined([table.caption for table in tables]))
        return [self._paragraph(run(said), "Report Note")]

    def _contents(self) -> str:
        lines = [
            (f"toc {block.level - 1}", self._bookmarks.name(block.anchor), block.text)
            for block in self.document.blocks()
            if isinstance(block, Heading) and block.level in _IN_CONTENTS
        ]
        entries = [(style, inner_link(name, text) if name else run(text)) for style, name, text in lines]
        if not entries:
            return ""
        (first_style, first), *others = entries
        entries = [(first_style, field_start('TOC \\o "1-2" \\h \\z \\u') + first), *others]
        entries[-1] = (entries[-1][0], entries[-1][1] + FIELD_END)
        return (
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
            f"</w:docPartObj></w:sdtPr><w:sdtContent>{self._paragraph(run(self._word('contents')), 'TOC Heading')}"
            f"{''.join(self._paragraph(entry, style) for style, entry in entries)}</w:sdtContent></w:sdt>"
        )

    def _paragraph(
        self,
        content: str,
        style: str,
        *,
        keep_next: bool = False,
        new_page: bool = False,
        list_number: int | None = None,
    ) -> str:
        return paragraph(
            content, self.styles.get(style, ""), keep_next=keep_next, new_page=new_page, list_number=list_number
        )

    def _strong(self, block: Paragraph) -> str:
        return self.styles["Strong"] if block.strong else ""

    def _word(self, name: str) -> str:
        return str(self.document.words[name])


def joined(captions: Sequence[str]) -> str:
    """Captions as a list; what they all begin with, up to a colon, is said once."""
    head, colon, _ = captions[0].partition(": ")
    common = head + colon
    if not colon or not all(caption.startswith(common) for caption in captions):
        return "; ".join(captions)
    return common + "; ".join(caption.removeprefix(common) for caption in captions)
