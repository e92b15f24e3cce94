"""Long words on paper may break behind their joints, and no letter changes by that."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.report.line_breaks import BREAK, breakable
from supplyrisk.report.wording import LANGUAGES, read_catalogue


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see whatif_chile.lithium_outage now", "see whatif_|chile.|lithium_|outage now"),
        ("production.cobalt_mine.2024", "production.|cobalt_|mine.|2024"),
        ("https://x.org/a?b=cc&d=ee", "https://|x.|org/|a?|b=|cc&|d=|ee"),
        ("usgs_2026;iea_2025:part", "usgs_|2026;|iea_|2025:|part"),
        ("a_short.id and words", "a_short.id and words"),
        ("a_b 1.234,5 (0.1–0.2)", "a_b 1.234,5 (0.1–0.2)"),
    ],
)
def test_long_words_break_behind_their_joints_and_short_ones_do_not(text: str, expected: str) -> None:
    assert breakable(text) == expected.replace("|", BREAK)


def test_a_word_without_joints_breaks_when_no_line_could_hold_it() -> None:
    assert breakable("x" * 30) == "x" * 24 + BREAK + "x" * 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_sentence_is_so_long_that_it_breaks_anywhere(language: str) -> None:
    findings = read_catalogue(language)["findings"]
    chopped = re.compile(rf"[^\W_]{BREAK}")
    assert [name for name, text in findings.items() if chopped.search(breakable(text))] == []


@given(st.text())
def test_breaks_change_no_letter(text: str) -> None:
    assert breakable(text).replace(BREAK, "") == text.replace(BREAK, "")
