"""The empty Word document that reports are written into without a template: page A4, header, footer, lists, fonts."""

from __future__ import annotations

from supplyrisk.report.docx_lists import house_lists
from supplyrisk.report.docx_package import CONTENT_TYPES, packed
from supplyrisk.report.docx_styles import FONT, style_id, styles_part
from supplyrisk.report.docx_xml import NAMESPACES, paragraph, run, word_field
from supplyrisk.report.look import Look

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = (
    # name, its content type (what follows "wordprocessingml."), what it is to the document, its id
    ("styles", "styles+xml", "styles", "rId1"),
    ("numbering", "numbering+xml", "numbering", "rId2"),
    ("settings", "settings+xml", "settings", "rId3"),
    ("fontTable", "fontTable+xml", "fontTable", "rId4"),
    ("header1", "header+xml", "header", "rId5"),
    ("footer1", "footer+xml", "footer", "rId6"),
)
_PAGE = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rId5"/><w:footerReference w:type="default" r:id="rId6"/>'
    '<w:pgSz w:w="11906" w:h="16838"/>'
    "{margins}"
    '<w:cols w:space="708"/><w:titlePg/></w:sectPr>'
)
_MARGINS = (
    '<w:pgMar w:top="1304" w:right="1134" w:bottom="1134" w:left="1134" w:header="624" w:footer="510" w:gutter="0"/>'
)
_SHORT_MARGINS = (
    '<w:pgMar w:top="964" w:right="1020" w:bottom="907" w:left="1020" w:header="510" w:footer="397" w:gutter="0"/>'
)


def house_package(look: Look, language: str, title: str, short: bool = False) -> bytes:
    """The document in the look; ``language`` as in en-GB, ``title`` stands in the header from page 2 on.

    A ``short`` one has smaller margins and type.
    """
    page = _PAGE.format(margins=_SHORT_MARGINS if short else _MARGINS)
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}"/>'
        for name, kind in (("document", "document.main+xml"), *((part[0], part[1]) for part in _PARTS))
    )
    relations = "".join(
        f'<Relationship Id="{number}" Type="{_OFFICE}/{relation}" Target="{name}.xml"/>'
        for name, _, relation, number in _PARTS
    )
    pages = f"{word_field('PAGE', '1')}{run(' / ')}{word_field('NUMPAGES', '1')}"
    texts = {
        CONTENT_TYPES: f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{page}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
        "word/numbering.xml": house_lists(),
        "word/settings.xml": f"<w:settings {NAMESPACES}>"
        '<w:zoom w:percent="100"/><w:defaultTabStop w:val="708"/><w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
        f'w:val="15"/></w:compat><w:themeFontLang w:val="{language}"/></w:settings>',
        # Word without the font takes the alternative, which has the same widths.
        "word/fontTable.xml": f'<w:fonts {NAMESPACES}><w:font w:name="{FONT}"><w:altName w:val="Arial"/>'
        '<w:panose1 w:val="020B0604020202020204"/><w:charset w:val="00"/><w:family w:val="swiss"/>'
        '<w:pitch w:val="variable"/></w:font></w:fonts>',
        "word/header1.xml": f"<w:hdr {NAMESPACES}>{paragraph(run(title), style_id('header'))}</w:hdr>",
        "word/footer1.xml": f"<w:ftr {NAMESPACES}>{paragraph(pages, style_id('footer'))}</w:ftr>",
    }
    parts = {name: f"{_HEAD}{text}".encode() for name, text in texts.items()}
    return packed({**parts, "word/styles.xml": styles_part(look, language, short)})
