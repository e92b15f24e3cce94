"""Fragments of WordprocessingML as text: runs, paragraphs, fields, links, pictures.

Children stand in the order of the schema, without which Word opens nothing. Source of orders and names: ECMA-376,
part 1, chapter 17 and annex A.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
TWIPS = 20
"""Twentieths of a point: the measure of widths and distances in Word."""
_EMU = 12700
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_ENDS = re.compile(r"[\t\n\r]+")


def clean(text: str) -> str:
    """The text without characters that XML 1.0 forbids; tabs and line ends are spaces."""
    return _LINE_ENDS.sub(" ", _NOT_XML.sub("", text))


def escaped(text: str) -> str:
    """The clean text as it stands inside an element or an attribute in double quotes."""
    return escape(clean(text), {'"': "&quot;"})


def run(text: str, style: str = "") -> str:
    """Text in one style of characters."""
    properties = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escaped(text)}</w:t></w:r>'


def paragraph(
    content: str,
    style: str = "",
    *,
    keep_next: bool = False,
    new_page: bool = False,
    list_number: int | None = None,
    right: bool = False,
) -> str:
    """A paragraph; it begins a ``new_page``, stands in the list ``list_number``, is set to the ``right``."""
    properties = "".join(
        (
            f'<w:pStyle w:val="{style}"/>' if style else "",
            "<w:keepNext/>" if keep_next else "",
            "<w:pageBreakBefore/>" if new_page else "",
            "" if list_number is None else f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{list_number}"/></w:numPr>',
            '<w:jc w:val="right"/>' if right else "",
        )
    )
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{content}</w:p>"


def word_field(instruction: str, result: str) -> str:
    """A field that shows ``result`` until Word is asked to update it."""
    return f"{field_start(instruction)}{run(result)}{FIELD_END}"


def field_start(instruction: str) -> str:
    """The opening of a field whose result runs to ``FIELD_END``, over several paragraphs if need be."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escaped(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def bookmark(name: str, number: int, content: str) -> str:
    """A place that links lead to; ``name`` and ``number`` are unique in the document."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{number}"/>'


def inner_link(name: str, text: str, style: str = "") -> str:
    """A link to a bookmark."""
    return f'<w:hyperlink w:anchor="{name}" w:history="1">{run(text, style)}</w:hyperlink>'


def web_link(relation: str, text: str, style: str) -> str:
    """A link to the address that the relationship ``relation`` holds."""
    return f'<w:hyperlink r:id="{relation}" w:history="1">{run(text, style)}</w:hyperlink>'


def picture(relation: str, number: int, name: str, alt: str, width: float, height: float) -> str:
    """A picture in the line, ``width`` by ``height`` points, with its text for those who do not see it."""
    size = f'cx="{round(width * _EMU)}" cy="{round(height * _EMU)}"'
    told = f'id="{number}" name="{escaped(name)}" descr="{escaped(alt)}"'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr {told}/><wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f"<pic:nvPicPr><pic:cNvPr {told}/><pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
