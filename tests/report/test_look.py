"""Colours of the looks: enough contrast for every reader (WCAG 2.1, 1.4.3)."""

import pytest

from supplyrisk.report.contrast import contrast
from supplyrisk.report.look import LOOKS


@pytest.mark.parametrize("name", LOOKS)
def test_texts_reach_the_contrast_of_level_aa(name: str) -> None:
    look = LOOKS[name]
    pairs = [(colour, "#ffffff") for colour in (look.ink, look.muted, look.accent)]
    pairs += [(look.ink, look.head), (look.ink, look.warning), (look.accent, look.warning)]
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []
