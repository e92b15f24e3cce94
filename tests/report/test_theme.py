"""Colours that can be told apart and read, and SVG with the same bytes."""

from __future__ import annotations

import polars as pl
import pytest

from supplyrisk.report.contrast import contrast, ink_on, luminance
from supplyrisk.report.theme import FIXED, FREE, OTHER, RESIDUAL, SCALE, colours_of, render_svg, report_theme


def test_china_and_the_union_have_the_same_colour_in_every_chart() -> None:
    for leading in (["CHN", "AUS", "EU27"], ["EU27", "ZAF", "CHN"]):
        colours = colours_of(leading, leading, "other", "residual")
        assert (colours["CHN"], colours["EU27"]) == (FIXED["CHN"], FIXED["EU27"])


def test_leading_countries_have_different_colours() -> None:
    leading = ["CHN", "EU27", "NLD", "AUS", "IDN", "COD", "ZAF", "USA", "CHL"]
    colours = colours_of(leading, leading, "other", "residual")
    assert len({colours[code] for code in leading}) == len(leading)


def test_countries_that_do_not_lead_are_grey_also_where_they_have_a_fixed_colour() -> None:
    colours = colours_of(["CHN"], ["CHN", "AUS", "NLD"], "other", "residual")
    assert (colours["AUS"], colours["NLD"]) == (OTHER, OTHER)


def test_more_leading_countries_than_colours_leaves_the_last_grey() -> None:
    leading = [f"C{number:02}" for number in range(len(FREE) + 1)]
    colours = colours_of(leading, leading, "other", "residual")
    assert [colours[code] for code in leading] == [*FREE, OTHER]


def test_drawn_together_and_unnamed_parts_are_two_greys() -> None:
    colours = colours_of(["CHN"], ["CHN"], "other", "residual")
    assert (colours["other"], colours["residual"]) == (OTHER, RESIDUAL)
    assert OTHER != RESIDUAL


@pytest.mark.parametrize("colour", sorted({*FIXED.values(), *FREE, *SCALE, OTHER, RESIDUAL}))
def test_text_on_every_colour_can_be_read(colour: str) -> None:
    # WCAG 2.1, success criterion 1.4.3 (AA): at least 4.5 : 1.
    assert contrast(ink_on(colour), colour) >= 4.5


def test_scale_grows_darker_in_grey_too() -> None:
    steps = [luminance(colour) for colour in SCALE]
    assert steps == sorted(steps, reverse=True)


def test_the_same_chart_gives_the_same_svg_without_a_date() -> None:
    from plotnine import aes, geom_point, ggplot

    def drawn() -> str:
        data = pl.DataFrame({"x": [1.0, 2.0], "y": [3.0, 4.0]})
        mapping = aes("x", "y")
        return render_svg(ggplot(data, mapping) + geom_point() + report_theme(2, 1))

    first = drawn()
    assert first == drawn()
    assert first.startswith("<?xml")
    assert "<dc:date>" not in first
