"""Formats of short documents: what their files are called, and who renders them (loaded when first used)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.report.document import Document
from supplyrisk.report.look import Look

MARKDOWN = "md"


@dataclass(frozen=True)
class DocumentFormat:
    """One format: its name is the suffix of its files; ``render`` gives the bytes of a file."""

    name: str
    render: Callable[[Document, Look], bytes]

    @property
    def suffix(self) -> str:
        """Suffix of its files, with the dot."""
        return f".{self.name}"


def _markdown(document: Document, look: Look) -> bytes:
    from supplyrisk.report.markdown import render_markdown

    return render_markdown(document).encode()


def _by_name(module: str, function: str, **options: bool) -> Callable[[Document, Look], bytes]:
    def render(document: Document, look: Look) -> bytes:
        found: str | bytes = getattr(import_module(f"supplyrisk.report.{module}"), function)(document, look, **options)
        return found.encode() if isinstance(found, str) else found

    return render


FORMATS: Mapping[str, DocumentFormat] = MappingProxyType(
    {
        found.name: found
        for found in (
            DocumentFormat(MARKDOWN, _markdown),
            DocumentFormat("html", _by_name("html", "render_html")),
            DocumentFormat("pdf", _by_name("pdf", "render_pdf", cover=False)),
            DocumentFormat("docx", _by_name("docx", "render_docx")),
        )
    }
)


def format_named(name: str) -> DocumentFormat:
    """The format of that name. Raises ``InputError`` for an unknown one."""
    if name not in FORMATS:
        raise InputError(f"'{name}' is not a format of documents. {did_you_mean(name, FORMATS)}")
    return FORMATS[name]
