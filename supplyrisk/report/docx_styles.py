"""The styles of a Word document: those that every template must have, and those of reports that are added to it.

The house font is Liberation Sans: free, in every LibreOffice, of the widths of Arial, which the table of fonts names as
what stands in for it. Added styles name no font, so that those of a template speak.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from supplyrisk.report.docx_xml import NAMESPACES
from supplyrisk.report.look import Look

FONT = "Liberation Sans"
HEADINGS = tuple(f"heading {level}" for level in range(1, 6))
NEEDED = ("Title", "Subtitle", *HEADINGS, "List Bullet", "List Number", "caption")
"""Styles that a template must bring, by the names that Word gives them in a file of any language."""
_DEFAULTS = ("Normal", "Normal Table", "Default Paragraph Font")
WORDS_OWN = (*NEEDED, *_DEFAULTS, "TOC Heading", "toc 1", "toc 2", "Hyperlink", "Strong")
"""The styles of Word itself that are used here; some programs write their names with other capitals."""
TABLE_POINTS = (9, 8, 7)
"""Sizes of type in tables, the largest that fits."""
BULLET_LIST, NUMBER_LIST = 1, 2
"""Numbers of the two lists of the house."""


@dataclass(frozen=True)
class _Style:
    name: str
    paragraph: str = ""
    run: str = ""
    kind: str = "paragraph"
    based_on: str = "Normal"
    next_style: str = ""
    rest: str = ""
    """What follows the properties: those of a table."""

    def xml(self, ids: Mapping[str, str]) -> str:
        head = f'<w:name w:val="{self.name}"/>'
        if self.based_on in ids:
            head += f'<w:basedOn w:val="{ids[self.based_on]}"/>'
        if self.next_style:
            head += f'<w:next w:val="{ids[self.next_style]}"/>'
        custom = ' w:customStyle="1"' if self.name.startswith("Report ") else ""
        paragraph = f"<w:pPr>{self.paragraph}</w:pPr>" if self.paragraph else ""
        characters = f"<w:rPr>{self.run}</w:rPr>" if self.run else ""
        return (
            f'<w:style w:type="{self.kind}"{custom} w:styleId="{ids[self.name]}">{head}<w:qFormat/>'
            f"{paragraph}{characters}{self.rest}</w:style>"
        )


def table_text(points: int) -> str:
    """Name of the style of a table's text in that size."""
    return f"Report Table {points}"


def styles_part(look: Look, language: str, short: bool = False) -> bytes:
    """The styles of a document without template, as a part of the package; in smaller type for a ``short`` one."""
    sizes = _SHORT if short else _LONG
    styles = (*_house(look, sizes), *_added(look))
    ids = {style.name: style_id(style.name) for style in styles} | _DEFAULT_IDS
    fonts = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:styles {NAMESPACES}><w:docDefaults>'
        f"<w:rPrDefault><w:rPr>{fonts}{_type(look.ink, sizes.text)}"
        f'<w:lang w:val="{language}" w:eastAsia="{language}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        f"<w:pPrDefault><w:pPr>{_spacing(0, sizes.after, sizes.line)}</w:pPr></w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
        f"{''.join(style.xml(ids) for style in styles)}</w:styles>"
    ).encode()


def added_styles(look: Look, ids: Mapping[str, str]) -> dict[str, str]:
    """Definitions by name of the styles of reports that are missing in ``ids`` (names of those there are, to ids)."""
    missing = [style for style in _added(look) if style.name not in ids]
    taken = set(ids.values())
    known = dict(ids)
    for style in missing:
        known[style.name] = style_id(style.name)
        while known[style.name] in taken:
            known[style.name] += "Added"
    return {style.name: style.xml(known) for style in missing}


def style_id(name: str) -> str:
    """The id of a style of the house."""
    return "".join(word[:1].upper() + word[1:] for word in name.split(" ")).replace("Toc", "TOC")


_DEFAULT_IDS = {"Normal": "Normal", "Default Paragraph Font": "DefaultParagraphFont", "Normal Table": "TableNormal"}


@dataclass(frozen=True)
class _Sizes:
    """Points of type, of headings by level, and of the space above the first of them; lines in 240ths."""

    text: float
    title: float
    subtitle: float
    headings: Sequence[float]
    above: int
    after: int
    line: int


_LONG = _Sizes(10.5, 26, 14, (18, 14, 12, 11, 10.5), 22, 6, 276)
_SHORT = _Sizes(9.5, 18, 9.5, (12.5, 11, 10.5, 10, 9.5), 9, 3, 247)


def _house(look: Look, sizes: _Sizes) -> Sequence[_Style]:
    return (
        _Style("Title", _spacing(0, 4), f"<w:b/>{_type(look.accent, sizes.title)}", next_style="Subtitle"),
        _Style("Subtitle", _spacing(0, 2 * sizes.after), _type(look.muted, sizes.subtitle), next_style="Normal"),
        *(
            _Style(
                name,
                f"<w:keepNext/><w:keepLines/>{_spacing(max(sizes.above - 3 * level, 2), 4)}"
                f'<w:outlineLvl w:val="{level}"/>',
                f"<w:b/>{_type(look.accent if level < 4 else look.ink, sizes.headings[level])}",
                next_style="Normal",
            )
            for level, name in enumerate(HEADINGS)
        ),
        *(
            _Style(name, f'<w:numPr><w:numId w:val="{number}"/></w:numPr>{_spacing(0, min(sizes.after, 4))}')
            for name, number in (("List Bullet", BULLET_LIST), ("List Number", NUMBER_LIST))
        ),
        _Style("caption", _spacing(6, 5), f"<w:b/>{_type(look.muted, 9.5)}", next_style="Normal"),
        _Style("header", f"{_line('bottom', look.rule, 4, 4)}{_spacing(0, 0)}", _type(look.muted, 8.5)),
        _Style("footer", f'{_spacing(0, 0)}<w:jc w:val="right"/>', _type(look.muted, 8.5)),
    )


def _added(look: Look) -> Sequence[_Style]:
    box = (
        f'{_line("left", look.warning_rule, 24, 8)}<w:shd w:val="clear" w:color="auto" w:fill="{_hex(look.warning)}"/>'
    )
    return (
        _Style("TOC Heading", '<w:outlineLvl w:val="9"/>', based_on="heading 1", next_style="Normal"),
        _Style("toc 1", _spacing(4, 2), "<w:b/>"),
        _Style("toc 2", f'{_spacing(0, 1)}<w:ind w:left="284"/>'),
        _character("Hyperlink", f'<w:color w:val="{_hex(look.accent)}"/><w:u w:val="single"/>'),
        _character("Strong", "<w:b/>"),
        _character("Report Aside", f'<w:color w:val="{_hex(look.muted)}"/><w:sz w:val="17"/><w:szCs w:val="17"/>'),
        _Style("Report Note", _spacing(4, 6), _type(look.muted, 9)),
        _Style("Report Figure", f"<w:keepNext/>{_spacing(8, 0, 240)}", next_style="caption"),
        _Style("Report Box", box),
        _Style("Report Box Bullet", box, based_on="List Bullet"),
        *(
            _Style(
                table_text(points), _spacing(1, 1, 240), f'<w:sz w:val="{2 * points}"/><w:szCs w:val="{2 * points}"/>'
            )
            for points in TABLE_POINTS
        ),
        _Style(
            "Report Table",
            kind="table",
            based_on="Normal Table",
            rest=(
                '<w:tblPr><w:tblStyleRowBandSize w:val="1"/><w:tblBorders>'
                f"{_edge('top', look.accent, 8)}{_edge('bottom', look.accent, 8)}{_edge('insideH', look.rule, 4)}"
                '</w:tblBorders><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>'
                "</w:tblCellMar></w:tblPr>"
                '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
                f"<w:tcBorders>{_edge('bottom', look.accent, 8)}</w:tcBorders>"
                f'<w:shd w:val="clear" w:color="auto" w:fill="{_hex(look.head)}"/><w:vAlign w:val="bottom"/></w:tcPr>'
                "</w:tblStylePr>"
            ),
        ),
    )


def _character(name: str, run: str) -> _Style:
    return _Style(name, run=run, kind="character", based_on="Default Paragraph Font")


def _hex(colour: str) -> str:
    return colour.removeprefix("#").upper()


def _type(colour: str, points: float) -> str:
    half_points = round(2 * points)
    return f'<w:color w:val="{_hex(colour)}"/><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _spacing(before: float, after: float, line: int = 0) -> str:
    lines = f' w:line="{line}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{round(20 * before)}" w:after="{round(20 * after)}"{lines}/>'


def _edge(side: str, colour: str, eighths: int, space: int = 0) -> str:
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{_hex(colour)}"/>'


def _line(side: str, colour: str, eighths: int, space: int) -> str:
    return f"<w:pBdr>{_edge(side, colour, eighths, space)}</w:pBdr>"
