"""Documents as Markdown: every block, and text that keeps its signs."""

from __future__ import annotations

import pytest

from supplyrisk.report.content import Figure, Sentence, Table
from supplyrisk.report.document import Block, Bullets, Document, Findings, Heading, Item, Paragraph, Section
from supplyrisk.report.markdown import escaped, render_markdown

WORDS = {"confidence": "confidence", "confidence_low": "low", "from_scores": "from"}


def rendered(*blocks: Block, boxed: bool = False) -> str:
    document = Document("en", "Title", (), (Section("part", "Part", blocks, boxed),), "made", WORDS)
    text = render_markdown(document)
    return text.removeprefix("# Title\n\n").removesuffix("\n\n---\n\nmade\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a | b", r"a \| b"),
        ("*not* _this_ `code`", r"\*not\* \_this\_ \`code\`"),
        ("[link](to) <tag> &amp;", r"\[link\](to) \<tag\> \&amp;"),
        ("back\\slash", r"back\\slash"),
        ("# no heading", r"\# no heading"),
        ("- no list", r"\- no list"),
        ("1. no list", r"1\. no list"),
        ("2.2 (1.0)", "2.2 (1.0)"),
        ("two\nlines  here", "two lines here"),
        ("50\u00a0%", "50\u00a0%"),
        ("EUR 5, $5", r"EUR 5, \$5"),
    ],
)
def test_text_keeps_its_signs(text: str, expected: str) -> None:
    assert escaped(text) == expected


def test_table_sets_numbers_to_the_right_and_links_the_cell_with_an_address() -> None:
    table = Table(
        "Sources", ("a|b", "rows"), (("x_y", "3"), ("z", "4")), frozenset({1}), addresses=("https://e.eu", "")
    )
    assert rendered(table).split("\n\n", 1)[1] == (
        "**Sources**\n\n| a\\|b | rows |\n| --- | ---: |\n| [x\\_y](<https://e.eu>) | 3 |\n| z | 4 |"
    )


def test_sentence_says_how_sure_it_is_and_names_the_first_three_scores() -> None:
    sentence = Sentence("It is so.", "low", ("a_1", "b", "c", "d"))
    assert rendered(Findings((sentence,))).endswith("- It is so. (confidence: low; from `a_1`, `b`, `c` (+1))")


def test_numbered_sentences_have_their_number() -> None:
    items = (Sentence("One.", "low", ()), Sentence("Two.", "low", ()))
    assert rendered(Findings(items, numbered=True)).endswith("1. One. (confidence: low)\n2. Two. (confidence: low)")


def test_every_line_of_a_box_stands_in_it() -> None:
    text = rendered(Paragraph("Said."), Bullets((Item("one"), Item("two"))), boxed=True)
    assert text == "> ## Part\n>\n> Said.\n>\n> - one\n> - two"


def test_heading_link_strong_paragraph_and_chart_in_words() -> None:
    blocks = (
        Heading(3, "Below", note="C"),
        Bullets((Item("there", anchor="part"), Item("text", lead="Lead"))),
        Paragraph("Mind.", strong=True),
        Figure("f", "<svg/>", "Caption", "China 50 %"),
    )
    assert rendered(*blocks).split("\n\n") == [
        "## Part", "### Below (C)", "- [there](#part)\n- **Lead** text", "**Mind.**", "*Caption*", "China 50 %",
    ]  # fmt: skip
