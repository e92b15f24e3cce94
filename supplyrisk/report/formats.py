"""Formats of documents: what their files are called, and who renders them (loaded when first used)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from supplyrisk.report.document import Document
from supplyrisk.report.look import Look

MARKDOWN = "md"


@dataclass(frozen=True)
class Appearance:
    """How a document is to look: its colours, an organisation's Word template.

    With a ``cover`` it gets a title page and contents where it has pages; without, it is set for a few pages.
    """

    look: Look
    cover: bool = True
    template: Path | None = None


@dataclass(frozen=True)
class DocumentFormat:
    """One format: its name is the suffix of its files; ``render`` gives the bytes of a file."""

    name: str
    render: Callable[[Document, Appearance], bytes]

    @property
    def suffix(self) -> str:
        """Suffix of its files, with the dot."""
        return f".{self.name}"


def _markdown(document: Document, appearance: Appearance) -> bytes:
    from supplyrisk.report.markdown import render_markdown

    return render_markdown(document).encode()


def _html(document: Document, appearance: Appearance) -> bytes:
    from supplyrisk.report.html import render_html

    return render_html(document, appearance.look).encode()


def _pdf(document: Document, appearance: Appearance) -> bytes:
    from supplyrisk.report.pdf import render_pdf

    return render_pdf(document, appearance.look, appearance.cover)


def _docx(document: Document, appearance: Appearance) -> bytes:
    from supplyrisk.report.docx import render_docx

    return render_docx(document, appearance.look, appearance.template, appearance.cover)


FORMATS: Mapping[str, DocumentFormat] = MappingProxyType(
    {
        name: DocumentFormat(name, render)
        for name, render in ((MARKDOWN, _markdown), ("html", _html), ("pdf", _pdf), ("docx", _docx))
    }
)
