"""The PDF: open to every reader, true to its texts, nothing beyond the edge of the page, same bytes for same input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PageObject, PdfReader

from supplyrisk.foundation.errors import InputError
from supplyrisk.report.content import Figure, Sentence, Table
from supplyrisk.report.document import Block, Bullets, Document, Findings, Heading, Item, Paragraph, Section
from supplyrisk.report.look import LOOKS
from supplyrisk.report.pdf import render_pdf
from supplyrisk.report.pdf_pages import LONG, runs_of_pages
from supplyrisk.report.wording import LANGUAGES, read_catalogue

LOOK = LOOKS["neutral"]
NASTY = r"""#let x = 1 $a$ *b* _c_ <d> @e [f] \g `h` "i" 'j' // k ~ Türkiye − ≥ Σ Ж"""
LONG_ID = "network_links.import_dependence_of_battery_cells_nickel_based_traction_and_storage.EU27"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" viewBox="0 0 10 10">'
    '<rect width="10" height="10"/></svg>'
)
SMALL = Figure("small", SVG.format(width=400, height=100), "A small picture.", "A black field.")
TALL = Figure("tall", SVG.format(width=480, height=620), "A tall picture.", "A tall black field.")
WIDE = Figure("wide", SVG.format(width=750, height=280), "A wide picture.", "A wide black field.")
KEYED = Sentence("China makes 92 % of it.", "low", ("hhi.gallium",))
TABLE = Table(
    "Shares", ("Product", "Share"), (("gallium", "92 % (90 %–94 %)"), (NASTY, "not available")), frozenset({1})
)
FOLDED = replace(TABLE, caption="Rows behind it", folded=True)
LINKED = Table(
    "Sources",
    ("id", "Source"),
    (("a", "First"), ("b", "Second")),
    addresses=("https://example.org/a_(b)#c", ""),
    address_column=1,
)
WIDEST = Table(
    "Twelve columns",
    ("Id", *(f"Column number {position}" for position in range(1, 12))),
    tuple((LONG_ID, *("123,456 (100,000–150,000)" for _ in range(11))) for _ in range(3)),
    frozenset(range(1, 12)),
)


def document(*blocks: Block, language: str = "en", boxed: bool = False) -> Document:
    chapter = Section("first", "First chapter", tuple(blocks), boxed)
    words = read_catalogue(language)["page"]
    return Document(language, f"Title {NASTY}", (Paragraph("What it is about."),), (chapter,), "Made here.", words)


def pages(of: Document, cover: bool = True) -> list[PageObject]:
    return list(PdfReader(BytesIO(render_pdf(of, LOOK, cover))).pages)


def text_of(of: Sequence[PageObject]) -> str:
    """All text with every run of blanks as one space."""
    return " ".join(" ".join(page.extract_text() for page in of).replace("\u00a0", " ").split())


FULL = document(
    Paragraph(NASTY),
    Paragraph("Not to be overlooked.", strong=True),
    Findings((KEYED, Sentence(NASTY, "high", ())), numbered=True),
    Heading(3, "Part", "part", note="with a note"),
    Bullets((Item(NASTY, lead="Lead"), Item("to the part", anchor="part"), Item("to nowhere", anchor="none"))),
    SMALL,
    Heading(4, "Smaller part"),
    TABLE,
    LINKED,
    FOLDED,
    WIDE,
)


def test_every_kind_of_block_passes_the_rules_for_accessible_documents() -> None:
    reader = PdfReader(BytesIO(render_pdf(FULL, LOOK)))
    root: Any = reader.root_object
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid:part>1<" in root["/Metadata"].get_data().decode()
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.creation_date) == (FULL.title, None)


def test_texts_stand_in_it_letter_by_letter() -> None:
    found = text_of(pages(FULL))
    # title page, three heads of pages, paragraph, finding, bullet, cell
    assert found.count(NASTY) >= 6
    for text in (
        "Not to be overlooked.",
        "1. China makes 92 % of it. confidence: low",
        "Part with a note",
        "to nowhere",
    ):
        assert text in found
    assert "Made here." in found


def test_headings_tables_and_pictures_are_tagged() -> None:
    kinds, alts = [], []
    pending: list[Any] = [PdfReader(BytesIO(render_pdf(FULL, LOOK))).root_object["/StructTreeRoot"]]
    while pending:
        node = pending.pop().get_object()
        if not isinstance(node, dict):
            continue
        kinds.append(node.get("/S"))
        alts += [node["/Alt"]] if "/Alt" in node and node.get("/S") == "/Figure" else []
        below = node["/K"].get_object() if "/K" in node else []
        pending += below if isinstance(below, list) else [below]
    assert {"/H1", "/H2", "/H3", "/TOC", "/L", "/Caption", "/Figure", "/Link"} <= set(kinds)
    assert kinds.count("/THead") == kinds.count("/Table") == 2  # the folded one is left out
    assert kinds.count("/TH") == 4
    assert sorted(alts) == ["A black field.", "A wide black field."]


def test_all_fonts_are_embedded() -> None:
    resources: list[Any] = [page["/Resources"] for page in pages(FULL)]
    fonts = [font.get_object() for each in resources for font in each.get("/Font", {}).values()]
    descriptors = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]
    assert descriptors
    assert all({"/FontFile2", "/FontFile3"} & set(descriptor) for descriptor in descriptors)


def test_same_document_gives_the_same_bytes() -> None:
    assert render_pdf(FULL, LOOK) == render_pdf(FULL, LOOK)


@pytest.mark.parametrize(("language", "names"), [("en", ("Table 1.", "Figure 1.")), ("nl", ("Tabel 1.", "Figuur 1."))])
def test_captions_are_numbered_in_the_language(language: str, names: tuple[str, str]) -> None:
    found = text_of(pages(document(TABLE, SMALL, language=language)))
    assert all(name in found for name in names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_left_out_is_said(language: str) -> None:
    words = read_catalogue(language)["page"]
    notes = [words["print_keys"], words["print_rows"]]
    with_both = text_of(pages(document(Findings((KEYED,)), FOLDED, language=language)))
    assert [note in with_both for note in notes] == [True, True]
    assert "Rows behind it" not in with_both
    without = text_of(pages(document(Findings((replace(KEYED, score_keys=()),)), language=language)))
    assert [note in without for note in notes] == [False, False]


def test_lists_that_only_lead_elsewhere_give_way_to_the_contents_page() -> None:
    found = text_of(pages(document(Bullets((Item("go to part", anchor="part"),)), Heading(3, "The part", "part"))))
    assert "go to part" not in found
    assert "Contents First chapter" in found


def test_links_lead_to_the_address_and_to_the_part() -> None:
    links = [note.get_object() for page in pages(FULL, cover=False) for note in page.get("/Annots", [])]
    assert [link["/A"]["/URI"] for link in links if "/A" in link] == ["https://example.org/a_(b)#c"]
    assert len(links) == 2  # and the bullet that leads to the part


def test_pages_are_counted_and_named_at_head_and_foot() -> None:
    cover, contents, *rest = pages(document(Paragraph("Text."), boxed=False))
    assert "/ 3" not in cover.extract_text()
    assert "2 / 3" in contents.extract_text()
    assert len(rest) == 1
    assert rest[0].extract_text().count("First chapter") == 2  # head of the page and heading


def test_a_short_document_has_no_cover_and_no_contents() -> None:
    only = pages(document(Paragraph("Text.")), cover=False)
    assert len(only) == 1
    assert "Contents" not in text_of(only)
    assert "1 / 1" in text_of(only)


def test_points_of_a_list_lead_to_their_web_address() -> None:
    item = Item("Summaries", address="https://example.org/s")
    links = [
        note.get_object() for page in pages(document(Bullets((item,))), cover=False) for note in page.get("/Annots", [])
    ]
    assert [link["/A"]["/URI"] for link in links] == ["https://example.org/s"]


def test_a_short_document_takes_fewer_pages_and_never_turns_one() -> None:
    long = document(*(Paragraph("word " * 300) for _ in range(8)), WIDE)
    printed = [pages(long, cover) for cover in (True, False)]
    assert len(printed[1]) < len(printed[0]) - 2  # the title page and the contents apart
    assert all(page.mediabox.width < page.mediabox.height for page in printed[1])


def letters(made: Sequence[PageObject], word: str) -> set[float]:
    """Sizes of the letters in which a word is set."""
    found: set[float] = set()

    def visit(text: str, current: list[float], matrix: list[float], font: object, size: float) -> None:
        if word in text:
            found.add(round(abs(size * matrix[3] * current[3]), 1))

    for page in made:
        page.extract_text(visitor_text=visit)
    return found


def test_small_print_is_smaller_than_the_text_which_stays_legible() -> None:
    usual = document(Paragraph("Usual"), Bullets((Item("Usual"),)))
    small = Section("last", "Last", (Paragraph("Tiny"), Bullets((Item("Tiny"),))), small=True)
    made = pages(replace(usual, chapters=(*usual.chapters, small)), cover=False)
    assert letters(made, "Usual") == {9.5}
    assert letters(made, "Tiny") == {7.5}


def beyond_the_margins(page: PageObject) -> list[str]:
    """Texts that start left of the text area or right of it."""
    left, right = LONG.margins["left"] - 1, float(page.mediabox.width) - LONG.margins["right"] + 1
    found: list[str] = []

    def visit(text: str, current: list[float], matrix: list[float], *_: object) -> None:
        across = current[0] * matrix[4] + current[2] * matrix[5] + current[4]
        if text.strip() and not left <= across <= right:
            found.append(text)

    page.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("boxed", [False, True])
def test_twelve_columns_of_long_texts_stay_on_the_page(boxed: bool) -> None:
    made = pages(document(WIDEST, boxed=boxed))
    assert [beyond_the_margins(page) for page in made] == [[]] * len(made)
    flipped = [float(page.mediabox.width) > float(page.mediabox.height) for page in made]
    assert any(flipped) is not boxed


def test_a_long_id_breaks_and_can_still_be_copied() -> None:
    narrow = Table("Ids", ("Id", "Text"), ((LONG_ID, "word " * 120),))
    found = "".join(page.extract_text() for page in pages(document(narrow)))
    assert LONG_ID not in found
    assert LONG_ID in found.replace("\n", "").replace(" ", "")


def test_a_long_table_repeats_its_head_on_every_page() -> None:
    rows = tuple((f"row {number}", "1") for number in range(150))
    made = pages(document(Table("Long", ("Name of row", "Value"), rows, frozenset({1}))))[2:]
    assert len(made) >= 3
    assert all("Name of row" in page.extract_text() for page in made)


def test_a_table_without_rows_shows_its_head() -> None:
    assert "Table 1. Shares Product Share" in text_of(pages(document(replace(TABLE, rows=()))))


def test_a_wide_picture_gets_a_page_on_its_side_and_other_text_does_not() -> None:
    made = pages(document(Paragraph("Text."), Heading(3, "A"), SMALL, Heading(3, "B"), WIDE, Heading(3, "C"), TABLE))
    assert [page.mediabox.width > page.mediabox.height for page in made] == [False, False, False, True, False]


def test_a_tall_picture_stays_upright_where_the_table_below_it_is_turned() -> None:
    blocks = (Heading(3, "A"), Paragraph("Text."), TALL, SMALL, WIDEST, Paragraph("After."))
    (upright, above), (turned, below) = runs_of_pages(blocks, LONG)
    assert (upright.flipped, turned.flipped) == (False, True)
    assert above == [*blocks[:3]]
    assert below == [*blocks[3:]]


def test_a_picture_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="no alt text"):
        replace(SMALL, alt=" ")


def test_a_picture_that_cannot_be_read_is_named_as_the_fault() -> None:
    broken = replace(SMALL, svg='<svg width="10pt" height="10pt"><rect')
    with pytest.raises(InputError, match=r"cannot be made as PDF: failed to parse SVG"):
        render_pdf(document(broken), LOOK)


def test_a_letter_without_a_font_is_refused_and_shown() -> None:
    with pytest.raises(InputError, match=r"cannot be made as PDF: PDF/UA-1 error: the text .*中.*font"):
        render_pdf(document(Paragraph("中")), LOOK)


@pytest.mark.parametrize("level", [2, 4])
def test_headings_that_skip_a_level_are_refused_by_name(level: int) -> None:
    with pytest.raises(InputError, match=rf"'Deep' of level {level} cannot follow 'First chapter' of level 2"):
        render_pdf(document(Heading(level, "Deep")), LOOK)
