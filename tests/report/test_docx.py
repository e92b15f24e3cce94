"""Documents as DOCX: what Word is strict about, and what an officer needs who writes on."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx.enum.section import WD_ORIENT
from lxml import etree  # type: ignore[import-untyped]

from supplyrisk.report.content import Table
from supplyrisk.report.docx import render_docx
from supplyrisk.report.docx_bookmarks import bookmark_names
from supplyrisk.report.docx_tables import fitted, squeezed
from supplyrisk.report.look import LOOKS
from tests.docx_builders import (
    LANDSCAPE,
    LONG_ID,
    NAMES,
    READ,
    WIDE,
    W,
    document,
    found,
    made_with,
    misplaced,
    opened,
    parts,
    styles_and_texts,
    trees,
    undefined_styles,
)

LOOK = LOOKS["government"]


@pytest.fixture(scope="module")
def made() -> bytes:
    return render_docx(document(*LANDSCAPE), LOOK)


def test_children_stand_in_the_order_of_the_schema(made: bytes) -> None:
    assert misplaced(made) == []
    right, keep = b'<w:jc w:val="right"/>', b"<w:keepNext/>"
    assert len(misplaced(made_with(made, "word/document.xml", keep + right, right + keep))) == 1


def test_same_input_gives_the_same_bytes_with_types_first_and_no_clock(made: bytes) -> None:
    assert render_docx(document(*LANDSCAPE), LOOK) == made
    with ZipFile(BytesIO(made)) as archive:
        entries = archive.infolist()
    assert entries[0].filename == "[Content_Types].xml"
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    core = parts(made)["docProps/core.xml"]
    assert b"created" not in core
    assert b"modified" not in core


def test_every_relationship_leads_to_a_part_with_a_content_type(made: bytes) -> None:
    files = parts(made)
    roots = trees(made)
    types = roots["[Content_Types].xml"]
    typed = set(types.xpath("//@PartName")) | {f".{one}" for one in types.xpath("//@Extension")}
    for name, root in roots.items():
        if name.endswith(".rels"):
            folder = name.split("_rels/")[0]
            inner = root.xpath("*[not(@TargetMode='External')]/@Target")
            for target in (one[1:] if one.startswith("/") else folder + one for one in inner):
                assert target in files
                assert f"/{target}" in typed or Path(target).suffix in typed
    used = set(re.findall(rb'r:(?:id|embed)="(\w+)"', files["word/document.xml"]))
    given = {one.encode() for one in roots["word/_rels/document.xml.rels"].xpath("*/@Id")}
    assert used <= given


def test_text_is_kept_but_for_characters_that_xml_forbids(made: bytes) -> None:
    texts = [text for _, text in styles_and_texts(made)]
    assert READ in texts
    assert opened(made).core_properties.title == f"Report {READ}"
    assert any(text.startswith(READ) and text.endswith("(confidence: high)") for text in texts)


def test_styles_are_those_of_word(made: bytes) -> None:
    rows = styles_and_texts(made)
    assert rows[0] == ("Title", f"Report {READ}")
    assert rows[1] == ("Subtitle", "The subtitle")
    assert ("Normal", "What was public.") in rows
    for style, text in (
        ("Heading 1", "Headlines"),
        ("Heading 2", "Part"),
        ("Heading 3", "Deeper · Refining"),
        ("Heading 4", "Region"),
        ("Heading 5", "Deepest"),
        ("List Number", "Second. (confidence: low)"),
        ("List Bullet", "Second. (confidence: low)"),
        ("List Bullet", "Lead: Text"),
        ("Report Box", "Beware."),
        ("Report Box Bullet", "First limit"),
        ("Caption", "Figure 1. Chart first"),
        ("Caption", "Figure 2. Chart third"),
        ("Caption", "Table 1. Wide"),
        ("Caption", "Table 2. Sources"),
    ):
        assert (style, text) in rows
    assert {table.style.name for table in opened(made).tables if table.style} == {"Report Table"}


def test_every_style_used_is_defined(made: bytes) -> None:
    assert undefined_styles(made) == set()


def test_captions_count_with_fields_that_already_show_their_number(made: bytes) -> None:
    fields = [one.text.strip() for one in found(made, "//w:instrText") if "SEQ" in (one.text or "")]
    assert fields == [
        r"SEQ Figure \* ARABIC",
        r"SEQ Table \* ARABIC",
        r"SEQ Figure \* ARABIC",
        r"SEQ Figure \* ARABIC",
        r"SEQ Table \* ARABIC",
    ]
    dutch = render_docx(document(language="nl"), LOOK)
    assert "Tabel 1. Sources" in [text for _, text in styles_and_texts(dutch)]
    assert r"SEQ Figuur \* ARABIC" in [one.text.strip() for one in found(dutch, "//w:instrText")]


def test_fields_are_opened_and_closed_in_turn(made: bytes) -> None:
    kinds = [one.get(f"{W}fldCharType") for one in found(made, "//w:fldChar")]
    assert kinds == ["begin", "separate", "end"] * (len(kinds) // 3)
    assert kinds


def test_contents_are_filled_in_with_links_that_lead_somewhere(made: bytes) -> None:
    entries = found(made, "//w:sdtContent/w:p[starts-with(w:pPr/w:pStyle/@w:val, 'TOC')]")
    texts = ["".join(entry.itertext(f"{W}t")) for entry in entries]
    assert texts == [
        "Contents",
        "Headlines",
        "Limits",
        READ,
        "Part",
        "Wide chapter",
        "Wide part",
        "Wide picture",
        "Sources",
    ]
    names = found(made, "//w:bookmarkStart/@w:name")
    links = found(made, "//w:hyperlink/@w:anchor")
    assert len(links) == len(texts) - 1 + 1  # without its heading, and one link in the text
    assert set(links) <= set(names)
    assert b"updateFields" not in parts(made)["word/settings.xml"]


def test_a_short_document_has_no_contents_and_smaller_margins_and_type(made: bytes) -> None:
    short = render_docx(document(*LANDSCAPE), LOOK, cover=False)
    assert found(short, "//w:sdt") == []
    assert misplaced(short) == []
    tops = [int(found(one, "//w:pgMar/@w:top")[0]) for one in (made, short)]
    assert tops[1] < tops[0]
    sizes = [
        trees(one)["word/styles.xml"].xpath("//*[local-name()='rPrDefault']//@*[local-name()='val']")
        for one in (made, short)
    ]
    assert ("21" in sizes[0], "19" in sizes[1]) == (True, True)


def test_bookmarks_and_pictures_have_names_and_numbers_of_their_own(made: bytes) -> None:
    starts = found(made, "//w:bookmarkStart")
    names = [one.get(f"{W}name") for one in starts]
    numbers = [one.get(f"{W}id") for one in starts]
    assert "source_first" in names
    assert len(set(names)) == len(names)
    assert len(set(numbers)) == len(numbers)
    assert sorted(numbers) == sorted(one.get(f"{W}id") for one in found(made, "//w:bookmarkEnd"))
    assert len(set(found(made, "//wp:docPr/@id"))) == 3


def test_names_of_bookmarks_fit_word_and_never_meet() -> None:
    names = bookmark_names(["a-b", "a_b", "A-B", "1st", "x" * 60, "x" * 50])
    assert list(names.values()) == ["a_b", "a_b_2", "A_B_3", "a_1st", "x" * 40, "x" * 38 + "_2"]


def test_pictures_have_a_text_and_fit_their_page(made: bytes) -> None:
    told = found(made, "//wp:docPr/@descr")
    assert told == [f'What {name} shows, with "quotes" & more' for name in ("first", "third", "second")]
    widths = [int(one) / 12700 for one in found(made, "//wp:extent/@cx")]
    assert widths == pytest.approx([400, 728.5, 400], abs=0.1)  # A4 on its side less two margins of 20 mm
    assert [name for name in parts(made) if name.endswith(".png")] == [f"word/media/report{n}.png" for n in (1, 2, 3)]


def test_heads_of_tables_repeat_and_rows_stay_whole(made: bytes) -> None:
    for table in found(made, "//w:tbl"):
        rows = table.findall(f"{W}tr")
        assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True] + [False] * (len(rows) - 1)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert {len(row.findall(f"{W}tc")) for row in rows} == {len(table.findall(f"{W}tblGrid/{W}gridCol"))}


def test_numbers_stand_to_the_right(made: bytes) -> None:
    sources = found(made, "//w:tbl")[-1]
    aligned = [
        [bool(cell.xpath("w:p/w:pPr/w:jc[@w:val='right']", namespaces=NAMES)) for cell in row.findall(f"{W}tc")]
        for row in sources.findall(f"{W}tr")
    ]
    assert aligned == [[False, False, True]] * 4


def test_addresses_are_links_that_word_accepts(made: bytes) -> None:
    relations = trees(made)["word/_rels/document.xml.rels"]
    assert relations.xpath("*[@TargetMode='External']/@Target") == ["https://example.org/a%20b?x=%5B1%5D&y=2"]
    (link,) = found(made, "//w:tbl//w:hyperlink")
    assert "".join(link.itertext(f"{W}t")) == "A source"


def test_rows_left_out_are_told_in_one_line(made: bytes) -> None:
    notes = [text for style, text in styles_and_texts(made) if style == "Report Note"]
    assert "scores.csv" in notes[0]
    assert notes[1] == ("Not in this document: Rows: one; two (rows: 3). See the HTML report, under the same heading.")
    assert notes[2] == "Made with care"
    assert len(found(made, "//w:tbl")) == 2


def test_each_numbered_list_counts_from_one(made: bytes) -> None:
    numbers = [one.get(f"{W}val") for one in found(made, "//w:p/w:pPr/w:numPr/w:numId")]
    first, again = numbers[0], numbers[-1]
    assert numbers == [first, first, again, again]
    assert first != again
    starts = trees(made)["word/numbering.xml"].xpath(
        f"//w:num[@w:numId='{again}']/w:lvlOverride/w:startOverride/@w:val", namespaces=NAMES
    )
    assert starts == ["1"]


def test_the_language_is_set_in_styles_and_properties(made: bytes) -> None:
    for package, language in ((made, "en-GB"), (render_docx(document(language="nl"), LOOK), "nl-NL")):
        assert trees(package)["word/styles.xml"].xpath("//w:rPrDefault//w:lang/@w:val", namespaces=NAMES) == [language]
        assert opened(package).core_properties.language == language
        assert opened(package).core_properties.subject == "The subtitle"


def test_wide_parts_lie_on_their_side_with_what_leads_to_them(made: bytes) -> None:
    sections = opened(made).sections
    assert [one.orientation for one in sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    turned = [one.text for one in sections[1].iter_inner_content() if hasattr(one, "text") and one.text]
    assert turned[:3] == ["Wide chapter", "About it.", "Wide part"]
    assert [one.different_first_page_header_footer for one in sections] == [True, False, False]
    assert len(opened(render_docx(document(), LOOK)).sections) == 1


def test_title_and_page_number_stand_on_every_page(made: bytes) -> None:
    section = opened(made).sections[0]
    assert section.header.paragraphs[0].text == f"Report {READ}"
    assert re.findall(r"PAGE|NUMPAGES", etree.tostring(section.footer._element).decode()) == ["PAGE", "NUMPAGES"]


def test_no_word_of_a_table_is_wider_than_its_column() -> None:
    table = Table("t", ("Id", "Text"), ((LONG_ID, "a few short words " * 20),))
    fit = fitted(table, 480)
    assert fit is not None
    assert sum(fit.widths) == pytest.approx(480)
    assert fit.points == 9
    assert fitted(WIDE, 480) is None
    assert sum(squeezed(WIDE, 480).widths) == pytest.approx(480)
