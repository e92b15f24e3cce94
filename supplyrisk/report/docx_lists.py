"""Lists of a Word document: those its styles set, and a new count for each numbered list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from supplyrisk.report.docx_styles import BULLET_LIST, NUMBER_LIST
from supplyrisk.report.docx_xml import NAMESPACES

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_LEVELS = range(3)
_INDENT_TWIPS = 397


class Lists:
    """The lists of a document; where its styles set none, or one that is not there, those of the house."""

    def __init__(self, document: WordDocument, ids: Mapping[str, str]) -> None:
        self._numbering = _numbering(document)
        bullets = self._abstract_of(_number_in_style(document, ids["List Bullet"]))
        numbers = self._abstract_of(_number_in_style(document, ids["List Number"]))
        self.bullets = None if bullets is not None else self._count(self._defined(BULLET_LIST), restart=False)
        """Number of the list that bullets are set in; None where their style does it."""
        self._numbers = self._defined(NUMBER_LIST) if numbers is None else numbers

    def numbered(self) -> int:
        """Number of a list that counts from one."""
        return self._count(self._numbers, restart=True)

    def _count(self, abstract: int, restart: bool) -> int:
        number = self._numbering.add_num(abstract)
        if restart:
            number.add_lvlOverride(0).add_startOverride(1)
        return int(number.numId)

    def _abstract_of(self, number: int | None) -> int | None:
        found = [one.abstractNumId.val for one in self._numbering.num_lst if one.numId == number]
        return int(found[0]) if found else None

    def _defined(self, kind: int) -> int:
        from docx.oxml import parse_xml

        there = self._numbering.xpath("w:abstractNum")
        taken = self._numbering.xpath("w:abstractNum/@w:abstractNumId")
        number = max(map(int, taken), default=0) + 1
        definition = parse_xml(_definition(kind, number, NAMESPACES))
        if there:  # Word wants all definitions before the first list
            there[-1].addnext(definition)
        else:
            self._numbering.insert(len(self._numbering.xpath("w:numPicBullet")), definition)
        return number


def house_lists() -> str:
    """The lists of a document without template."""
    kinds = (BULLET_LIST, NUMBER_LIST)
    lists = "".join(f'<w:num w:numId="{kind}"><w:abstractNumId w:val="{kind}"/></w:num>' for kind in kinds)
    return f"<w:numbering {NAMESPACES}>{''.join(_definition(kind, kind) for kind in kinds)}{lists}</w:numbering>"


def _definition(kind: int, number: int, namespaces: str = "") -> str:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{_INDENT_TWIPS * (level + 1)}" w:hanging="{_INDENT_TWIPS}"/>'
        "</w:pPr></w:lvl>"
        for level in _LEVELS
        for form, text in [("bullet", "•–•"[level]) if kind == BULLET_LIST else ("decimal", f"%{level + 1}.")]
    )
    return (
        f'<w:abstractNum {namespaces} w:abstractNumId="{number}"><w:multiLevelType w:val="hybridMultilevel"/>'
        f"{levels}</w:abstractNum>"
    )


def _number_in_style(document: WordDocument, style: str) -> int | None:
    """Number of the list that the style, or one it is based on, sets its paragraphs in."""
    styles = {one.styleId: one for one in document.styles.element.style_lst}
    current: str | None = style
    seen: set[str] = set()
    while current is not None and current in styles and current not in seen:
        seen.add(current)
        numbers = styles[current].xpath("w:pPr/w:numPr/w:numId/@w:val")
        if numbers:
            return int(numbers[0])
        current = next(iter(styles[current].xpath("w:basedOn/@w:val")), None)
    return None


def _numbering(document: WordDocument) -> Any:
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.parts.numbering import NumberingPart

    part = document.part
    try:
        return part.part_related_by(RELATIONSHIP_TYPE.NUMBERING).element  # type: ignore[attr-defined]
    except KeyError:
        empty = f"<w:numbering {NAMESPACES}/>".encode()
        name = PackURI("/word/numbering.xml")
        made = NumberingPart.load(name, CONTENT_TYPE.WML_NUMBERING, empty, part.package)
        part.relate_to(made, RELATIONSHIP_TYPE.NUMBERING)
        return made.element
