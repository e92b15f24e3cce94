"""A document as DOCX, to be opened in Word and written on in: real styles, captions, links and repeating heads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from supplyrisk.report.document import Document
from supplyrisk.report.docx_body import Body
from supplyrisk.report.docx_house import house_package
from supplyrisk.report.docx_lists import Lists
from supplyrisk.report.docx_package import packed, unpacked
from supplyrisk.report.docx_pages import frame_of, section_of, stretches, turnable
from supplyrisk.report.docx_styles import added_styles
from supplyrisk.report.docx_template import check_styles, emptied, opened, set_language, style_ids, template_package
from supplyrisk.report.docx_xml import NAMESPACES, escaped
from supplyrisk.report.look import Look
from supplyrisk.report.wording import LOCALES

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_PICTURE_NUMBER = re.compile(rb'<wp:docPr\b[^>]*?\bid="(\d+)"')
_BREAK = (
    '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    '<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
)
"""A paragraph of one point that ends a section."""


def render_docx(document: Document, look: Look, template: Path | None = None, cover: bool = True) -> bytes:
    """The document as a DOCX package; the same bytes for the same input.

    Without ``cover`` it has no contents and is set for a few pages. With a ``template`` (.docx or .dotx) its styles,
    page, header and footer are used, and ``look`` colours only the styles that it lacks and need not have. Raises
    ``InputError`` for a file that is none, and with all needed styles that it lacks.
    """
    language = LOCALES[document.language].replace("_", "-")
    if template is None:
        word = opened(house_package(look, language, document.title, short=not cover), "the document")
    else:
        word = opened(template_package(template), str(template))
        check_styles(word, str(template))
        emptied(word)
        set_language(word, language)
    ids = _complete_styles(word, look)
    _fill(word, document, ids, cover)
    stream = BytesIO()
    properties = _properties_name(word)
    word.save(stream)
    return packed({**unpacked(stream.getvalue()), properties: _properties(document, language)})


def _complete_styles(word: WordDocument, look: Look) -> Mapping[str, str]:
    from docx.oxml import parse_xml

    styles = word.styles.element
    ids = style_ids(word)
    for definition in added_styles(look, ids).values():
        styles.append(parse_xml(definition.replace("<w:style ", f"<w:style {NAMESPACES} ", 1)))
    return style_ids(word)


def _fill(word: WordDocument, document: Document, ids: Mapping[str, str], cover: bool) -> None:
    from docx.oxml import parse_xml

    base = word.element.body.get_or_add_sectPr()
    lists = Lists(word, ids)
    body = Body(
        document,
        ids,
        bullets=lists.bullets,
        numbered=lists.numbered,
        add_picture=lambda png: _add_picture(word, png),
        add_address=lambda address: _add_address(word, address),
        first_picture=_highest_picture_number(word) + 1,
    )
    frames = {turned: frame_of(section_of(base, turned, first=True)) for turned in (False, True)}
    parts = stretches(document, frames[False], turnable(base))
    texts = [body.front(contents=cover)]
    kinds = [False]
    for part in parts:
        text = body.blocks(part.placed, frames[part.turned], new_page=cover and len(texts) == 1 and not part.turned)
        if part.turned == kinds[-1]:
            texts[-1] += text
        else:
            texts.append(text)
            kinds.append(part.turned)
    texts[-1] += body.end()
    for number, (turned, text) in enumerate(zip(kinds, texts, strict=True)):
        section = section_of(base, turned, first=number == 0)
        blocks = list(parse_xml(f"<w:body {NAMESPACES}>{text}{_BREAK}</w:body>".encode()))
        if number == len(texts) - 1:
            blocks[-1] = section
        else:
            blocks[-1].pPr.append(section)
        for block in blocks:
            base.addprevious(block)
    word.element.body.remove(base)


def _add_picture(word: WordDocument, png: bytes) -> str:
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.parts.image import ImagePart

    package = word.part.package
    assert package is not None
    name = package.next_partname("/word/media/report%d.png")
    return word.part.relate_to(ImagePart(name, CONTENT_TYPE.PNG, png), RELATIONSHIP_TYPE.IMAGE)


def _add_address(word: WordDocument, address: str) -> str | None:
    from docx.opc.constants import RELATIONSHIP_TYPE

    try:
        known = urlsplit(address).scheme in ("http", "https", "mailto")
    except ValueError:
        return None
    # Word refuses a whole document for one address with a space or a bracket in it.
    return (
        word.part.relate_to(quote(address, safe="!#$%&'()*+,/:;=?@~"), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        if known
        else None
    )


def _highest_picture_number(word: WordDocument) -> int:
    parts = [relation.target_part.blob for relation in word.part.rels.values() if not relation.is_external]
    return max((int(number) for blob in parts for number in _PICTURE_NUMBER.findall(blob)), default=0)


def _properties_name(word: WordDocument) -> str:
    from docx.opc.constants import RELATIONSHIP_TYPE

    assert word.core_properties is not None  # made where a template has none
    package = word.part.package
    assert package is not None
    return str(package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES).partname).removeprefix("/")


def _properties(document: Document, language: str) -> bytes:
    """Title, subject, what it was made with, language; no times and no names of people."""
    subject = document.lead[0].text if document.lead else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escaped(document.title)}</dc:title><dc:subject>{escaped(subject)}</dc:subject>"
        f"<dc:description>{escaped(document.made_with)}</dc:description><dc:language>{language}</dc:language>"
        "</cp:coreProperties>"
    ).encode()
