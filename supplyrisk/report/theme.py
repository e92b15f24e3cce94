"""The look of all charts: one palette that the colour-blind can tell apart, one theme, one way to SVG."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plotnine import ggplot, theme

INK, GRID, OTHER, RESIDUAL = "#1a1a1a", "#d9d9d9", "#bdbdbd", "#ececec"

FIXED: Mapping[str, str] = MappingProxyType({"CHN": "#d55e00", "EU27": "#0072b2", "NLD": "#56b4e9"})
"""Colours that a country has in every chart."""

FREE: Sequence[str] = ("#e69f00", "#009e73", "#cc79a7", "#f0e442", "#7f6bb3", "#8c564b", "#56b4e9")
"""Colours for the other countries of a chart, in order of size (after Okabe and Ito 2008, two added)."""

SCALE: Sequence[str] = ("#f7fbff", "#c6dbef", "#6baed6", "#2171b5", "#08306b")
"""Light to dark for magnitudes; orders alike in grey."""

DOTS_PER_INCH = 100


def colours_of(leading: Sequence[str], codes: Sequence[str], other: str, residual: str) -> dict[str, str]:
    """Colour by country code in the order of ``codes``: ``leading`` ones have their own, the rest are grey."""
    free = iter(colour for colour in FREE if not (colour == FIXED["NLD"] and "NLD" in leading))
    own = {code: FIXED[code] if code in FIXED else next(free, OTHER) for code in leading}
    return {code: own.get(code, OTHER) for code in codes} | {other: OTHER, residual: RESIDUAL}


def report_theme(width: float, height: float, legend: str = "none") -> theme:
    """Theme of every chart; size in inches."""
    from plotnine import element_blank, element_line, element_rect, element_text, theme, theme_minimal

    return theme_minimal(base_size=10, base_family="DejaVu Sans") + theme(
        figure_size=(width, height),
        dpi=DOTS_PER_INCH,
        legend_position=legend,
        legend_title=element_blank(),
        panel_grid_minor=element_blank(),
        panel_grid_major=element_line(color=GRID, size=0.4),
        plot_background=element_rect(fill="white", color="white"),
        axis_title=element_text(size=9, color=INK),
        axis_text=element_text(size=9, color=INK),
        strip_text=element_text(size=9, color=INK, ha="left"),
    )


@contextmanager
def _same_bytes() -> Iterator[None]:
    import matplotlib

    with matplotlib.rc_context({"svg.hashsalt": "supplyrisk", "svg.fonttype": "path"}), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def render_svg(chart: ggplot) -> str:
    """The chart as SVG text; the same bytes for the same data (fixed hash salt, no date)."""
    buffer = BytesIO()
    with _same_bytes():
        chart.save(buffer, format="svg", verbose=False, metadata={"Date": None, "Creator": None})
    return "\n".join(line.rstrip() for line in buffer.getvalue().decode("utf-8").splitlines()) + "\n"
