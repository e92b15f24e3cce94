"""An organisation's own Word document or template, emptied to be written into; its styles and page stay."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.report.docx_package import CONTENT_TYPES, packed, unpacked
from supplyrisk.report.docx_styles import NEEDED, WORDS_OWN

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}.main+xml"
_OF_THE_TEXT = ("image", "hyperlink", "chart", "oleObject", "package", "comments")
"""Kinds of relationships that only the text of a template has, which is taken out."""


def template_package(path: Path) -> bytes:
    """The template as the package of a document. Raises ``InputError`` for what Word would not open as one."""
    try:
        given = path.read_bytes()
    except OSError as error:
        raise InputError(f"The template {path} cannot be read ({error.strerror}). Give a .docx or .dotx.") from error
    try:
        parts = unpacked(given)
    except (BadZipFile, NotImplementedError, RuntimeError) as error:
        raise InputError(
            f"{path} is no .docx or .dotx: it cannot be opened as a package ({error}). "
            "Open it in Word and save it as a Word document (.docx), without a password."
        ) from error
    types = parts.get(CONTENT_TYPES, b"").decode("utf-8", errors="replace")
    if "macroEnabled" in types:
        raise InputError(f"{path} holds macros. Save it in Word as .docx or .dotx.")
    types = types.replace(_KIND.format("template"), _KIND.format("document"))
    if _KIND.format("document") not in types:
        raise InputError(f"{path} is no Word document (.docx) or template (.dotx), though it is a package of parts.")
    return packed({**parts, CONTENT_TYPES: types.encode()})


def opened(package: bytes, name: str) -> WordDocument:
    """The document of a package. Raises ``InputError`` when parts are missing or broken."""
    import docx

    try:
        document = docx.Document(BytesIO(package))
        document.styles, document.settings  # noqa: B018 - read here, so that broken ones are told here
    except (KeyError, ValueError, SyntaxError, AttributeError) as error:
        raise InputError(
            f"{name} cannot be read as a Word document ({error}). "
            "Open it in Word and save it as a Word document (.docx, not Strict)."
        ) from error
    return document


def emptied(document: WordDocument) -> None:
    """Take the text out; the page of the last section stays, with its headers and footers and what they need.

    A section without a header or footer of its own has that of the section before it.
    """
    body = document.element.body
    last = body.get_or_add_sectPr()
    references = {
        (one.tag, one.get(_tag("type"))): one
        for section in body.xpath(".//w:sectPr")
        for one in section.xpath("w:headerReference | w:footerReference")
    }
    for one in last.xpath("w:headerReference | w:footerReference"):
        last.remove(one)
    for place, one in enumerate(references.values()):
        last.insert(place, one)
    for child in list(body):
        if child is not last:
            body.remove(child)
    used = set(last.xpath(".//@r:id"))
    for number, relation in list(document.part.rels.items()):
        if number not in used and relation.reltype.rpartition("/")[2].startswith(_OF_THE_TEXT):
            del document.part.rels[number]


def style_ids(document: WordDocument) -> dict[str, str]:
    """Ids of the styles by name; the names of Word's own are written in one way (``heading 1``, ``List Bullet``)."""
    own = {name.casefold(): name for name in WORDS_OWN}
    names = ((style.name_val or "", style.styleId) for style in _styles(document))
    return {own.get(name.casefold(), name): str(number) for name, number in names if name}


def check_template(path: Path) -> None:
    """Raise ``InputError`` for a template that no document could be made with."""
    check_styles(opened(template_package(path), str(path)), str(path))


def check_styles(document: WordDocument, name: str) -> None:
    """Raise ``InputError`` with every needed style that the template lacks, and those it has that are near."""
    kinds = ((style.name_val or "", style.get(_tag("type"))) for style in _styles(document))
    there = [style for style, kind in kinds if kind == "paragraph"]
    problems = ProblemCollector()
    for needed in _missing(NEEDED, there):
        problems.add(
            file=name,
            where="styles",
            message=f"there is no paragraph style '{needed}'",
            mend=did_you_mean(needed, set(there) - set(NEEDED)),
        )
    problems.raise_if_any(
        "The template lacks styles (Word keeps one of its own in a file once a line has been set in it)"
    )


def _missing(needed: Iterable[str], there: Iterable[str]) -> list[str]:
    known = {name.casefold() for name in there}
    return [name for name in needed if name.casefold() not in known]


def set_language(document: WordDocument, language: str) -> None:
    """Set the language of the text, as in en-GB, in the defaults and in every style that names one."""
    from docx.oxml import OxmlElement

    root = document.styles.element
    for one in root.xpath("w:style//w:lang[@w:val]"):
        one.set(_tag("val"), language)
    parent = root
    for name, place in (("w:docDefaults", 0), ("w:rPrDefault", 0), ("w:rPr", 0), ("w:lang", None)):
        found = parent.find(_clark(name))
        if found is None:
            found = OxmlElement(name)
            parent.insert(len(parent) if place is None else place, found)
        parent = found
    parent.set(_tag("val"), language)


def _styles(document: WordDocument) -> list[Any]:
    return list(document.styles.element.style_lst)


def _tag(name: str) -> str:
    return _clark(f"w:{name}")


def _clark(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(name))
