"""What renderers ask a document: its blocks with headings, whether it names scores, and sizes of charts."""

from __future__ import annotations

import pytest

from supplyrisk.report.content import Figure, Sentence
from supplyrisk.report.document import Document, Findings, Heading, Paragraph, Section


def figure(svg: str) -> Figure:
    return Figure("small", svg, "Caption", "What it shows")


@pytest.mark.parametrize(
    ("root", "size"),
    [
        ('<svg height="36pt" viewBox="0 0 9 9" width="72.5pt">', (72.5, 36.0)),
        ('<?xml version="1.0"?>\n<svg\n width="400px"\n height="80">', (300.0, 60.0)),
    ],
)
def test_size_of_a_chart_is_in_points_and_a_pixel_is_three_quarters_of_one(
    root: str, size: tuple[float, float]
) -> None:
    assert figure(f'{root}<rect width="1pt" height="1pt"/></svg>').size == size


@pytest.mark.parametrize("svg", ["<svg/>", '<svg width="10pt"><rect height="10pt"/></svg>'])
def test_a_chart_without_a_size_is_named(svg: str) -> None:
    with pytest.raises(ValueError, match="the figure small states no width and height"):
        assert figure(svg).size


def test_blocks_of_a_document_are_headed_by_their_chapters() -> None:
    told, chart = Paragraph("Told."), figure("<svg/>")
    chapters = (Section("a", "First", (told, chart)), Section("b", "Second", ()))
    document = Document("en", "Title", (), chapters, "", {})
    assert list(document.blocks()) == [Heading(2, "First", "a"), told, chart, Heading(2, "Second", "b")]
    assert document.figures == [chart]


@pytest.mark.parametrize(("keys", "expected"), [((), False), (("hhi/cobalt",), True)])
def test_document_has_keys_where_a_sentence_names_scores(keys: tuple[str, ...], expected: bool) -> None:
    findings = Findings((Sentence("One.", "high", ()), Sentence("Two.", "high", keys)))
    assert Document("en", "Title", (), (Section("a", "A", (findings,)),), "", {}).has_keys is expected
