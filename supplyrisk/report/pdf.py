"""The document as a PDF for print and for every reader: tagged, PDF/UA-1, fonts embedded, same bytes for same input.

The compiler itself refuses what is not accessible. Texts reach its template as data and are never read as markup.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from supplyrisk.foundation.errors import InputError
from supplyrisk.report.document import CHAPTER_LEVEL, Document, Heading
from supplyrisk.report.look import Look
from supplyrisk.report.pdf_data import document_data


def render_pdf(document: Document, look: Look, cover: bool = True) -> bytes:
    """The document on A4, with a title page, contents and chapters on new pages, or without them (``cover`` False).

    Keys of scores and folded tables are left out, and the text says so. Raises ``InputError`` when headings skip a
    level or the compiler refuses the document (a letter that no font has, a picture that cannot be read).
    """
    _check_headings(document)
    given = json.dumps(document_data(document, look, cover), ensure_ascii=False)
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
        above, level = chapter.title, CHAPTER_LEVEL
        for block in chapter.blocks:
            if isinstance(block, Heading):
                if not CHAPTER_LEVEL < block.level <= level + 1:
                    raise InputError(
                        f"The heading '{block.text}' of level {block.level} cannot follow '{above}' of level {level}: "
                        "who listens to a document finds the way by its levels, so none may be skipped."
                    )
                above, level = block.text, block.level
