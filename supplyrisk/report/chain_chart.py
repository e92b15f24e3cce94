"""Drawing a chain picture: columns of countries with bands between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from supplyrisk.report.chain_layout import HALF_WIDTH, Band, Node, band_outline
from supplyrisk.report.contrast import ink_on
from supplyrisk.report.theme import INK, report_theme

if TYPE_CHECKING:
    from plotnine import ggplot

WIDTH = 10.4
"""Inches; every picture is as wide, so that its text keeps the size of the others."""

_TWO_LINES_FROM, _ONE_LINE_FROM = 0.34, 0.16
"""Inches that a bar must be high for two lines and for one."""

_HEADING, _LINE = 0.27, 0.2
"""Inches from a column to the lowest line above it, and from line to line."""

_LETTERS = 17
"""Letters that fit on one line of a bar."""

_SOFT = "#555555"


@dataclass(frozen=True)
class Heading:
    """What stands above a column: its name and a line or two below it."""

    title: str
    notes: tuple[str, ...]


def chain_bands(
    nodes: Sequence[Node],
    bands: Sequence[Band],
    headings: Sequence[Heading],
    names: Mapping[str, str],
    shares: Mapping[tuple[int, str], str],
    colours: Mapping[str, str],
    strong: Sequence[str],
    height: float,
) -> ggplot:
    """Nodes as bars with names and shares in them, bands in the colour of their source.

    ``names`` by code, ``shares`` as text by column and code, ``strong``: codes whose bands stand out, ``height`` of the
    columns in inches.
    """
    import plotnine as p9

    chart = p9.ggplot()
    for alpha, codes in ((0.22, [code for code in colours if code not in strong]), (0.5, list(strong))):
        curves = _curves([band for band in bands if band.source in codes], colours)
        if curves.height:
            chart = chart + p9.geom_polygon(p9.aes(x="x", y="y", group="band", fill="fill"), data=curves, alpha=alpha)
    bars, labels = _bars(nodes, colours), _labels(nodes, names, shares, colours, height)
    chart = (
        chart
        + p9.geom_rect(
            p9.aes(xmin="left", xmax="right", ymin="bottom", ymax="top", fill="fill"),
            data=bars,
            color="white",
            size=0.3,
        )
        + p9.geom_text(p9.aes(x="x", y="y", label="label", color="ink"), data=labels, size=7.8, lineheight=1.1)
    )
    for line, (size, colour) in enumerate(((9.2, INK), (8.0, _SOFT), (8.0, _SOFT))):
        texts = _headings(headings, line, height)
        if texts.height:
            chart = chart + p9.geom_text(
                p9.aes(x="x", y="y", label="label"),
                data=texts,
                size=size,
                color=colour,
                fontweight="bold" if line == 0 else "normal",
                va="baseline",
            )
    last = len(headings) - 1
    above = (_HEADING + _LINE * (max(len(heading.notes) for heading in headings) + 0.6)) / height
    return (
        chart
        + p9.scale_fill_identity()
        + p9.scale_color_identity()
        + p9.scale_x_continuous(limits=(-HALF_WIDTH - 0.14, last + HALF_WIDTH + 0.14), expand=(0, 0))
        + p9.scale_y_continuous(limits=(-0.01, 1.0 + above), expand=(0, 0))
        + report_theme(WIDTH, height * (1.01 + above))
        + p9.theme(
            axis_text=p9.element_blank(),
            axis_title=p9.element_blank(),
            axis_ticks=p9.element_blank(),
            panel_grid_major=p9.element_blank(),
        )
    )


def _curves(bands: Sequence[Band], colours: Mapping[str, str]) -> pl.DataFrame:
    parts = [pl.DataFrame(schema={"band": pl.Int64, "x": pl.Float64, "y": pl.Float64, "fill": pl.String})]
    for position, band in enumerate(bands):
        x, y = band_outline(band)
        parts.append(
            pl.DataFrame({"band": [position] * x.size, "x": x, "y": y, "fill": [colours[band.source]] * x.size})
        )
    return pl.concat(parts)


def _bars(nodes: Sequence[Node], colours: Mapping[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "left": [node.column - HALF_WIDTH for node in nodes],
            "right": [node.column + HALF_WIDTH for node in nodes],
            "bottom": [node.bottom for node in nodes],
            "top": [node.top for node in nodes],
            "fill": [colours[node.code] for node in nodes],
        }
    )


def _labels(
    nodes: Sequence[Node],
    names: Mapping[str, str],
    shares: Mapping[tuple[int, str], str],
    colours: Mapping[str, str],
    height: float,
) -> pl.DataFrame:
    """Name and share where the bar is high enough for them, below each other or side by side."""
    rows = [
        {
            "x": float(node.column),
            "y": (node.bottom + node.top) / 2,
            "label": _label(node.height * height, names[node.code], shares[node.column, node.code]),
            "ink": ink_on(colours[node.code]),
        }
        for node in nodes
        if node.height * height >= _ONE_LINE_FROM
    ]
    return pl.DataFrame(rows, schema={"x": pl.Float64, "y": pl.Float64, "label": pl.String, "ink": pl.String})


def _label(inches: float, name: str, share: str) -> str:
    if inches >= _TWO_LINES_FROM:
        return f"{name}\n{share}".strip()
    return f"{name} {share}" if len(name) + len(share) < _LETTERS else name


def _headings(headings: Sequence[Heading], line: int, height: float) -> pl.DataFrame:
    lines = 1 + max(len(heading.notes) for heading in headings)
    y = 1.0 + (_HEADING - 0.12 + _LINE * (lines - 1 - line)) / height
    rows = [
        {"x": float(column), "y": y, "label": text}
        for column, heading in enumerate(headings)
        if line < 1 + len(heading.notes) and (text := (heading.title, *heading.notes)[line])
    ]
    return pl.DataFrame(rows, schema={"x": pl.Float64, "y": pl.Float64, "label": pl.String})
