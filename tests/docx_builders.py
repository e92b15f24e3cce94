"""A small document of every kind of block, and looks into the parts of a Word document."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import docx
from docx.document import Document as WordDocument
from lxml import etree  # type: ignore[import-untyped]

from supplyrisk.report.content import Figure, Sentence, Table
from supplyrisk.report.document import Bullets, Document, Findings, Heading, Item, Paragraph, Section
from supplyrisk.report.wording import read_catalogue

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMES = {"w": W.strip("{}"), "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"}
NASTY = 'Fish & <chips> "hot" \x00\x0b\x1f\ufffe ü 锂 😀'
READ = 'Fish & <chips> "hot"  ü 锂 😀'
LONG_ID = "production.battery_cell_nickel_based_traction_and_storage.chn.2024.curated_2024"

# Order of children, ECMA-376 part 1, annex A (CT_PPr, CT_RPr, CT_TblPr …): the elements written here, and those near.
ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens spacing ind contextualSpacing mirrorIndents jc textDirection textAlignment outlineLvl rPr "
    "sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike color spacing w kern position sz szCs highlight u effect "
    "bdr shd vertAlign rtl cs em lang",
    "tbl": "tblPr tblGrid tr",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tblBorders": "top left bottom right insideH insideV",
    "tcBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "tr": "tblPrEx trPr tc",
    "trPr": "cantSplit tblHeader",
    "tc": "tcPr p",
    "tcPr": "cnfStyle tcW gridSpan vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked "
    "personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "tblStylePr": "pPr rPr tblPr trPr tcPr",
    "styles": "docDefaults latentStyles style",
    "docDefaults": "rPrDefault pPrDefault",
    "numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
    "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
    "num": "abstractNumId lvlOverride",
    "numPr": "ilvl numId",
    "sdt": "sdtPr sdtEndPr sdtContent",
    "docPartObj": "docPartGallery docPartCategory docPartUnique",
    "font": "altName panose1 charset family notTrueType pitch sig",
    "settings": "writeProtection view zoom removePersonalInformation defaultTabStop characterSpacingControl compat "
    "rsids themeFontLang clrSchemeMapping decimalSymbol listSeparator",
}


def picture(name: str, width: float = 400, wide: bool = False) -> Figure:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="100pt" viewBox="0 0 {width} 100">'
        '<rect width="50" height="50"/></svg>'
    )
    return Figure(name, svg, f"Chart {name}", f'What {name} shows, with "quotes" & more', wide)


WIDE = Table("Wide", tuple(f"Extraordinarily {n}" for n in range(12)), (tuple("uninterruptedword" for _ in range(12)),))
SOURCES = Table(
    "Sources",
    ("Id", "Source", "Rows"),
    ((LONG_ID, "A source", "1"), ("other", "Another", "2"), ("third", "No link", "3")),
    numeric=frozenset({2}),
    anchors=("source-first", "source-other", "source-third"),
    addresses=("https://example.org/a b?x=[1]&y=2", "javascript:alert(1)", ""),
    address_column=1,
)


def document(*more: Section, language: str = "en") -> Document:
    """Every kind of block, in the chapters of a small report."""
    findings = (Sentence(NASTY, "high", ("key",)), Sentence("Second.", "low", ()))
    folded = (
        Table("Rows: one", ("a",), (("1",), ("2",)), folded=True),
        Table("Rows: two", ("a",), (("3",),), folded=True),
    )
    chapters = (
        Section("headlines", "Headlines", (Paragraph("Lead."), Findings(findings, numbered=True))),
        Section("cannot", "Limits", (Paragraph("Beware."), Bullets((Item("First limit"),))), boxed=True),
        Section(
            "main",
            NASTY,
            (
                Paragraph("Not to be overlooked.", strong=True),
                Bullets((Item("Elsewhere", anchor="sources"),)),
                Heading(3, "Part", "main-part"),
                Heading(4, "Deeper", "main-deeper", note="Refining"),
                Heading(5, "Region"),
                Heading(6, "Deepest"),
                Findings(findings, numbered=True),
                Findings(findings),
                Bullets((Item("Text", lead="Lead"), Item("To the sources", anchor="sources"), Item("No", anchor="x"))),
                picture("first"),
                *folded,
            ),
        ),
        *more,
        Section("sources", "Sources", (picture("second"), SOURCES)),
    )
    lead = (Paragraph("The subtitle"), Paragraph("What was public."))
    return Document(language, f"Report {NASTY}", lead, chapters, "Made with care", read_catalogue(language)["page"])


LANDSCAPE = (
    Section("wide", "Wide chapter", (Paragraph("About it."), Heading(3, "Wide part", "wide-part"), WIDE)),
    Section("figure", "Wide picture", (picture("third", 750, wide=True),)),
)


def parts(package: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(package)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def trees(package: bytes) -> dict[str, etree._Element]:
    return {name: etree.fromstring(data) for name, data in parts(package).items() if name.endswith((".xml", ".rels"))}


def opened(package: bytes) -> WordDocument:
    return docx.Document(BytesIO(package))


def found(package: bytes, path: str) -> list[etree._Element]:
    return list(trees(package)["word/document.xml"].xpath(path, namespaces=NAMES))


def styles_and_texts(package: bytes) -> list[tuple[str, str]]:
    return [(one.style.name if one.style else "", one.text) for one in opened(package).paragraphs]


def misplaced(package: bytes) -> list[str]:
    """Children that the schema does not know in their parent, or wants before the child that they follow."""
    wrong = []
    for name, root in trees(package).items():
        for parent in root.iter(*(f"{W}{one}" for one in ORDERS)):
            order = ORDERS[etree.QName(parent).localname].split()
            children = [etree.QName(child).localname for child in parent]
            wrong += [f"{name}: {child} in {parent.tag}" for child in children if child not in order]
            places = [order.index(child) for child in children if child in order]
            wrong += [f"{name}: order in {parent.tag}: {children}" for one, then in pairwise(places) if one > then]
        for tag in ("p", "r"):
            firsts = root.xpath(f"//w:{tag}[w:{tag}Pr][not(*[1][self::w:{tag}Pr])]", namespaces=NAMES)
            wrong += [f"{name}: properties are not first in {one.tag}" for one in firsts]
    return wrong


def made_with(package: bytes, name: str, old: bytes, new: bytes) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for part, data in parts(package).items():
            archive.writestr(part, data.replace(old, new) if part == name else data)
    return stream.getvalue()


def undefined_styles(package: bytes) -> set[str]:
    """Ids of styles that the text or other styles name and that are not there, or twice."""
    roots = trees(package)
    defined = roots["word/styles.xml"].xpath("//w:style/@w:styleId", namespaces=NAMES)
    names = " | ".join(f"//w:{tag}/@w:val" for tag in ("pStyle", "rStyle", "tblStyle", "basedOn", "next"))
    used = {one for name in ("document", "styles") for one in roots[f"word/{name}.xml"].xpath(names, namespaces=NAMES)}
    return (used - set(defined)) | {one for one in defined if defined.count(one) > 1}
