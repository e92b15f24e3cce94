"""Contrast of colours, with values of the standard, and the ink that reads best."""

from __future__ import annotations

import pytest

from supplyrisk.report.contrast import contrast, ink_on, luminance


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the well-known grey that just fails


@pytest.mark.parametrize(("colour", "expected"), [("#ff0000", 0.2126), ("#00ff00", 0.7152), ("#0000ff", 0.0722)])
def test_luminance_weighs_the_primary_colours(colour: str, expected: float) -> None:
    assert luminance(colour) == pytest.approx(expected)


@pytest.mark.parametrize(("colour", "ink"), [("#757575", "#ffffff"), ("#767676", "#000000"), ("#ff0000", "#000000")])
def test_ink_turns_black_where_it_reads_better(colour: str, ink: str) -> None:
    # On #757575 black has 4.56 : 1 and white 4.61 : 1, on #767676 it is 4.62 and 4.54.
    assert ink_on(colour) == ink
