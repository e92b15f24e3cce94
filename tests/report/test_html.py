"""The page of a document: its structure, what it may load, and what its script builds on."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from datetime import date
from hashlib import sha256
from itertools import pairwise

import pytest

from supplyrisk.report.content import Figure, Sentence, Table, WhatIfPart
from supplyrisk.report.document import Bullets, Document, Findings, Heading, Item, Paragraph, Section
from supplyrisk.report.html import render_html
from supplyrisk.report.look import LOOKS, Look
from supplyrisk.report.whatif_outline import whatif_outline
from supplyrisk.report.wording import Names, Wording, read_catalogue
from tests.html_page import Page

LOOK = LOOKS["neutral"]
ROWS = Table(
    caption="Shares",
    header=("Country", "Share"),
    rows=(("China", "1.234,5"), ("Chili", "–"), ("<b>Peru</b>", "\u22123")),
    numeric=frozenset({1}),
    anchors=("row-chn", "row-chl", "row-per"),
    addresses=("https://example.org/a?b=1&c=2", "", ""),
    address_column=0,
)
DOCUMENT = Document(
    language="nl",
    title="Ertsen & metalen",
    lead=(Paragraph("Wat het is."), Paragraph("Stand van kennis.", strong=True)),
    chapters=(
        Section("first", "Eerst", (Findings((Sentence("Zin.", "low", ("a.b", "c.d")),), numbered=True), ROWS)),
        Section("cannot", "Wat niet", (Bullets((Item("Veel"), Item("tin", lead="Erts"))),), boxed=True),
        Section(
            "second",
            "Daarna",
            (
                Bullets((Item("Naar tin", anchor="tin"),)),
                Heading(3, "Tin", "tin"),
                Heading(4, "Tin, winning", note="Winning"),
                Figure("plain", "<svg/>", "Bijschrift", "Wat men ziet"),
                Figure("broad", "<svg/>", "Breed", "Wat men breed ziet", wide=True),
                replace(ROWS, folded=True, anchors=(), caption="Rijen"),
            ),
        ),
    ),
    made_with="Gemaakt met het model",
    words=read_catalogue("nl")["page"],
)
TEXT = render_html(DOCUMENT, LOOK)
PAGE = Page(TEXT)


def headings_of(document: Document) -> list[tuple[str, str]]:
    """Level and text of every heading below the title."""
    return [
        heading
        for chapter in document.chapters
        for heading in (
            ("h2", chapter.title),
            *(
                (f"h{block.level}", f"{block.text} {block.note}".strip())
                for block in chapter.blocks
                if isinstance(block, Heading)
            ),
        )
    ]


def test_headings_are_those_of_the_document() -> None:
    title, contents, *rest = PAGE.texts_of("h1", "h2", "h3", "h4", "h5", "h6")
    assert (title, contents) == (("h1", "Ertsen & metalen"), ("h2", "Inhoud"))
    assert rest == headings_of(DOCUMENT)


def test_the_contents_lead_to_every_chapter_and_links_arrive() -> None:
    ids = Counter(str(attributes["id"]) for _, attributes in PAGE.tags if "id" in attributes)
    assert max(ids.values()) == 1
    targets = [str(link["href"])[1:] for link in PAGE.all("a") if str(link["href"]).startswith("#")]
    assert targets == ["main", "first", "cannot", "second", "tin"]
    assert set(targets) <= set(ids)


def test_a_browser_may_run_only_what_the_page_brought() -> None:
    (policy,) = [meta["content"] for meta in PAGE.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    for tag in ("script", "style"):
        ((_, inside),) = PAGE.texts_of(tag)
        assert len(inside) > 1000
        hashed = b64encode(sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{hashed}';" in str(policy)
    assert str(policy).startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in str(policy)


def test_nothing_is_loaded_from_outside_and_no_attribute_runs() -> None:
    assert PAGE.all("link") == PAGE.all("iframe") == []
    assert PAGE.all("script") == [{}]
    assert all(str(image["src"]).startswith("data:image/svg+xml;base64,") for image in PAGE.all("img"))
    assert [
        name for _, attributes in PAGE.tags for name in attributes if name.startswith("on") or name == "style"
    ] == []


def test_texts_are_escaped() -> None:
    assert "<b>Peru" not in TEXT
    assert ("td", "<b>Peru</b>") in PAGE.texts_of("td")
    assert PAGE.all("a")[4]["href"] == "https://example.org/a?b=1&c=2"


@pytest.mark.parametrize("look", LOOKS.values(), ids=lambda look: look.name)
def test_colours_are_those_of_the_look(look: Look) -> None:
    ((_, style),) = Page(render_html(DOCUMENT, look)).texts_of("style")
    assert f"--accent: {look.accent};" in style
    assert f"--warning-rule: {look.warning_rule};" in style
    assert set(re.findall(r"var\((--[\w-]+)\)", style)) <= set(re.findall(r"(--[\w-]+):", style))
    own_rules = style.partition("\n")[2]
    assert set(re.findall(r"#[0-9a-f]{6}\b", own_rules)) == set()


def test_findings_say_how_sure_they_are_and_show_their_scores_when_asked() -> None:
    assert '<ol class="findings">' in TEXT
    assert '<span class="confidence low">zekerheid: laag</span>' in TEXT
    assert ("summary", "uit 2") in PAGE.texts_of("summary")


def test_a_box_a_wide_figure_and_a_folded_table_are_marked() -> None:
    assert '<section id="cannot" class="box">' in TEXT
    assert re.search(r'<figure id="figure-broad">\s*<div class="scroll wide" role="region" tabindex="0"', TEXT)
    assert [figure["id"] for figure in PAGE.all("figure")] == ["figure-plain", "figure-broad"]
    assert [details.get("class") for details in PAGE.all("details")] == ["keys", "folded"]
    assert ("summary", "Rijen") in PAGE.texts_of("summary")
    assert [image["alt"] for image in PAGE.all("img")] == ["Wat men ziet", "Wat men breed ziet"]


def test_tables_have_captions_heads_and_rows_that_links_reach() -> None:
    assert len(PAGE.all("table")) == len(PAGE.all("caption")) == 2
    assert all(head["scope"] == "col" for head in PAGE.all("th"))
    assert [row["id"] for row in PAGE.all("tr") if "id" in row] == ["row-chn", "row-chl", "row-per"]
    assert [head.get("class") for head in PAGE.all("th")] == [None, "number"] * 2


def test_tables_tell_the_script_what_to_sort_by() -> None:
    assert [head["data-sort"] for head in PAGE.all("th")] == ["text", "number"] * 2
    assert [cell.get("data-value") for cell in PAGE.all("td")][:6] == [None, "1234.5", None, None, None, "-3"]


def test_the_script_says_its_words_in_the_language_of_the_page() -> None:
    (body,) = PAGE.all("body")
    assert body["data-filter"] == "Rijen filteren"
    assert {"{shown}", "{all}"} <= set(str(body["data-shown"]).split())
    ((_, script),) = PAGE.texts_of("script")
    assert set(re.findall(r"texts\.(\w+)", script)) == {name.removeprefix("data-") for name in body}


def test_the_page_is_complete_without_its_script() -> None:
    body = TEXT[TEXT.index("<body") : TEXT.index("<script")]
    assert not re.search(r"<button|<input|hidden", body)


def test_a_document_without_maker_has_no_footer() -> None:
    assert PAGE.texts_of("footer") == [("footer", "Gemaakt met het model")]
    assert Page(render_html(replace(DOCUMENT, made_with=""), LOOK)).all("footer") == []


def _scenario(name: str) -> WhatIfPart:
    said = {"De EU": (Sentence("Te kort.", "medium", ()),), "Nederland": ()}
    return WhatIfPart(f"whatif-{name}", f"Scenario {name}", "Wat er gebeurt.", said, None, (ROWS,))


@pytest.mark.parametrize("beside", [None, replace(ROWS, anchors=())])
def test_scenarios_are_a_document_with_what_they_cannot_tell_last(beside: Table | None) -> None:
    parts = [replace(_scenario("een"), tables=()), _scenario("twee")]
    document = whatif_outline(parts, beside, date(2026, 3, 31), Wording("nl", Names({}, {}, {})))
    compared = [("h2", "Scenario's naast elkaar")] if beside else []
    expected = [("h2", "Scenario een"), ("h3", "De EU"), ("h2", "Scenario twee"), ("h3", "De EU")]
    assert headings_of(document) == [*expected, *compared, ("h2", "Wat dit niet kan zeggen")]
    page = Page(render_html(document, LOOK))
    headings = page.texts_of("h1", "h2", "h3")
    assert headings[:1] + headings[2:] == [("h1", "Wat als"), *headings_of(document)]
    assert all(int(after[1]) - int(before[1]) <= 1 for (before, _), (after, _) in pairwise(headings))
    assert document.lead[-1].text == "Stand van kennis op 31 maart 2026."
    assert document.chapters[-1].boxed
