"""Where pages turn: one wide block turns all below its heading, but for what could not be read there."""

from __future__ import annotations

import pytest

from supplyrisk.report.page_turns import cut_at_turns


@pytest.mark.parametrize(
    ("blocks", "pieces"),
    [
        ("text", [(False, "text")]),
        ("text wide", [(True, "text wide")]),
        ("text tall text wide text", [(False, "text tall"), (True, "text wide text")]),
        ("wide tall text", [(True, "wide"), (False, "tall"), (True, "text")]),
        ("tall text", [(False, "tall text")]),
    ],
)
def test_what_fits_both_goes_with_what_follows(blocks: str, pieces: list[tuple[bool, str]]) -> None:
    found = cut_at_turns(blocks.split(), lambda block: block == "wide", lambda block: block == "tall")
    assert [(turned, " ".join(own)) for turned, own in found] == pieces
