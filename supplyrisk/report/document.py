"""The one document model of reports, briefs and scenario pages: chapters of blocks that every renderer walks in order.

A renderer (HTML, PDF, DOCX, Markdown) turns blocks into its format and knows nothing of what a report is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from supplyrisk.report.content import Figure, Sentence, Table

CHAPTER_LEVEL = 2
"""Level of a chapter's heading; the title of the document is above it."""


@dataclass(frozen=True)
class Heading:
    """A heading: ``CHAPTER_LEVEL`` of a chapter, below it 3 to 6; with a short ``note`` behind it where it has one."""

    level: int
    text: str
    anchor: str = ""
    note: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``strong`` ones must not be overlooked."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Findings:
    """Sentences with how sure they are and the scores they come from; ``numbered`` where their order matters."""

    items: tuple[Sentence, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Item:
    """One point of a list: plain text behind a ``lead`` in bold.

    It may be a link to a place in the document (``anchor``) or to a web ``address``.
    """

    text: str
    lead: str = ""
    anchor: str = ""
    address: str = ""


@dataclass(frozen=True)
class Bullets:
    """A plain list; one made of links only (``contents``) is of use on a screen alone."""

    items: tuple[Item, ...]

    @property
    def contents(self) -> bool:
        """Whether it only leads to other places of the document."""
        return all(item.anchor for item in self.items)


Block = Heading | Paragraph | Findings | Bullets | Figure | Table


@dataclass(frozen=True)
class Section:
    """A chapter: its title is a heading; a ``boxed`` one stands out, a ``small`` one is small print."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]
    boxed: bool = False
    small: bool = False

    @property
    def headed(self) -> tuple[Block, ...]:
        """Its title as a heading, then its blocks."""
        return (Heading(CHAPTER_LEVEL, self.title, self.anchor), *self.blocks)


@dataclass(frozen=True)
class Document:
    """A whole document in one language; ``words`` are the texts of the catalogue that renderers need."""

    language: str
    title: str
    lead: tuple[Paragraph, ...]
    chapters: tuple[Section, ...]
    made_with: str
    words: Mapping[str, object]

    def blocks(self) -> Iterator[Block]:
        """All blocks in the order of the pages, headings of chapters among them."""
        for chapter in self.chapters:
            yield from chapter.headed

    @property
    def figures(self) -> list[Figure]:
        """All figures in the order of the pages."""
        return [block for block in self.blocks() if isinstance(block, Figure)]

    @property
    def has_keys(self) -> bool:
        """Whether any sentence names scores that it comes from; a format that leaves them out says so."""
        found = (block for block in self.blocks() if isinstance(block, Findings))
        return any(sentence.score_keys for findings in found for sentence in findings.items)
