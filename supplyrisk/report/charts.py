"""Charts: each function takes a tidy frame with ready labels and returns a plot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import polars as pl

from supplyrisk.report.contrast import ink_on
from supplyrisk.report.theme import INK, SCALE, report_theme

if TYPE_CHECKING:
    from plotnine import ggplot

Number = Callable[[float], str]
"""How a number is written in the language of a chart."""
_LABEL_FROM = 0.06
_NAME_LETTERS, _AXIS_LETTERS = 44, 96
"""Letters in a line of a name beside a row, and in names and axis title together."""


WIDE, COMPACT = (8.2, 0.34), (7.0, 0.25)
"""Inches across a chart of bars and for each bar: of a report, and of a page that holds much else."""


def share_bars(
    frame: pl.DataFrame,
    order: Sequence[str],
    colours: Mapping[str, str],
    axis: str,
    size: tuple[float, float] = WIDE,
) -> ggplot:
    """Stacked horizontal bars of shares.

    ``frame``: bar, part, share (fraction), label; bars from top to bottom as in ``order``; parts stack in the order of
    ``colours``. Labels stand in parts that are wide enough for them.
    """
    import plotnine as p9

    parts = list(colours)
    sums = (
        frame.with_columns(
            pl.col("bar")
            .replace_strict({bar: i for i, bar in enumerate(reversed(order))}, return_dtype=pl.Int64)
            .alias("y"),
            pl.col("part")
            .replace_strict({part: i for i, part in enumerate(parts)}, return_dtype=pl.Int64)
            .alias("place"),
        )
        .sort("y", "place")
        .with_columns((pl.col("share").cum_sum().over("bar")).alias("end"))
        .with_columns((pl.col("end") - pl.col("share")).alias("start"))
        .with_columns(((pl.col("start") + pl.col("end")) / 2).alias("middle"))
    )
    labels = sums.filter(pl.col("share") >= _LABEL_FROM).with_columns(
        pl.col("part")
        .replace_strict({part: ink_on(colour) for part, colour in colours.items()}, return_dtype=pl.String)
        .alias("ink")
    )
    names = list(reversed(order))
    return (
        p9.ggplot(sums)
        + p9.geom_rect(
            p9.aes(xmin="start", xmax="end", ymin="y - 0.38", ymax="y + 0.38", fill="part"), color="white", size=0.3
        )
        + p9.geom_text(p9.aes(x="middle", y="y", label="label", color="ink"), data=labels, size=8)
        + p9.scale_fill_manual(values=dict(colours), breaks=parts)
        + p9.scale_color_identity()
        + p9.scale_y_continuous(breaks=list(range(len(names))), labels=names, minor_breaks=[], expand=(0, 0.15))
        + p9.scale_x_continuous(
            breaks=[0, 0.25, 0.5, 0.75, 1.0],
            labels=["0", "25", "50", "75", "100 %"],
            limits=(0, 1.0001),
            expand=(0, 0.01),
        )
        + p9.labs(x=axis, y="")
        + report_theme(size[0], 0.55 + size[1] * max(len(names), 1))
        + p9.theme(panel_grid_major_y=p9.element_blank())
    )


def interval_dots(
    frame: pl.DataFrame, axis: str, number: Number, line: float | None = None, whole: float | None = None
) -> ggplot:
    """Dots with intervals from zero on, one line an item from top to bottom. ``frame``: name, value, low, high.

    ``number``: how the axis writes numbers; ``line``: a value to compare with; ``whole``: where the scale ends, in
    quarters of it.
    """
    import plotnine as p9

    chart = _dots(frame, axis, line)
    labels = _labels(number)
    if whole is None:
        return chart + p9.expand_limits(x=0) + p9.scale_x_continuous(labels=labels)
    quarters = [part * whole / 4.0 for part in range(5)]
    return chart + p9.scale_x_continuous(limits=(0, whole), breaks=quarters, labels=labels, expand=(0, whole / 100.0))


def _labels(number: Number) -> Callable[[Sequence[float] | Sequence[str]], list[str]]:
    return lambda breaks: [number(float(value)) for value in breaks]


def _dots(frame: pl.DataFrame, axis: str, line: float | None) -> ggplot:
    import plotnine as p9

    names = [fill(name, _NAME_LETTERS) for name in frame["name"]]
    longest = max((len(line) for name in names for line in name.split("\n")), default=0)
    lines = max((name.count("\n") + 1 for name in names), default=1)
    placed = frame.with_columns(pl.Series("y", list(range(len(names)))[::-1], dtype=pl.Int64))
    chart = p9.ggplot(placed)
    if line is not None:
        chart += p9.geom_vline(xintercept=line, linetype="dashed", color=INK, size=0.4)
    return (
        chart
        + p9.geom_segment(p9.aes(x="low", xend="high", y="y", yend="y"), color="#6baed6", size=1.6)
        + p9.geom_point(p9.aes(x="value", y="y"), color="#08306b", size=2.2)
        + p9.scale_y_continuous(
            breaks=list(range(len(names))), labels=list(reversed(names)), minor_breaks=[], expand=(0, 0.6)
        )
        # Names leave the axis so much less room, and a title that does not fit would be cut off.
        + p9.labs(x=fill(axis, max(24, _AXIS_LETTERS - longest)), y="")
        + report_theme(8.2, 0.9 + (0.1 + 0.14 * lines) * len(names))
    )


def ratio_dots(frame: pl.DataFrame, axis: str, number: Number, least: float, most: float) -> ggplot:
    """Dots with intervals on a scale of tens from ``least`` to ``most``, a line at 1; intervals are cut at both.

    ``frame``: name, value, low, high, from top to bottom.
    """
    import plotnine as p9

    ends = [pl.col(name).clip(least, most) for name in ("value", "low", "high")]
    breaks = [10.0**power for power in range(-3, 7) if least <= 10.0**power <= most]
    scale = p9.scale_x_log10(limits=(least, most), breaks=breaks, labels=_labels(number))
    return _dots(frame.with_columns(ends), axis, 1.0) + scale


def part_map(frame: pl.DataFrame, rows: Sequence[str], columns: Sequence[str]) -> ggplot:
    """Fields shaded by part with their number. ``frame``: row, column, part (fraction), label."""
    import plotnine as p9

    placed = frame.with_columns(
        pl.col("row").cast(pl.Enum(list(reversed(rows)))),
        pl.col("column").cast(pl.Enum(list(columns))),
        pl.when(pl.col("part") > 0.45).then(pl.lit("#ffffff")).otherwise(pl.lit("#000000")).alias("ink"),
    )
    return (
        p9.ggplot(placed, p9.aes(x="column", y="row"))
        + p9.geom_tile(p9.aes(fill="part"), color="white", size=0.8)
        + p9.geom_text(p9.aes(label="label", color="ink"), size=8)
        + p9.scale_fill_gradientn(colors=list(SCALE), limits=(0, 1))
        + p9.scale_color_identity()
        + p9.labs(x="", y="")
        + report_theme(8.2, 1.2 + 0.28 * len(rows))
        + p9.theme(panel_grid_major=p9.element_blank(), axis_text_x=p9.element_text(rotation=40, ha="right"))
    )


def reliability_dots(frame: pl.DataFrame, across: str, up: str) -> ggplot:
    """Chance told against part that happened, and the line on which both agree.

    ``frame``: mean_chance, happened, low, high, label.
    """
    import plotnine as p9

    return (
        p9.ggplot(frame)
        + p9.geom_abline(slope=1, intercept=0, linetype="dashed", color=INK, size=0.4)
        + p9.geom_segment(p9.aes(x="mean_chance", xend="mean_chance", y="low", yend="high"), color="#6baed6", size=1.6)
        + p9.geom_point(p9.aes(x="mean_chance", y="happened"), color="#08306b", size=2.4)
        + p9.geom_text(p9.aes(x="mean_chance", y="high", label="label"), size=8, va="bottom", nudge_y=0.008)
        + p9.expand_limits(x=0, y=0)
        + p9.labs(x=across, y=up)
        + report_theme(6.0, 4.0)
    )


def heat_map(frame: pl.DataFrame, rows: Sequence[str], chains: Sequence[str], stages: Sequence[str]) -> ggplot:
    """Fields shaded by share with their number, a panel a chain.

    ``frame``: row, chain, stage, share (fraction), label; rows run from top to bottom, the rest from left to right.
    """
    import plotnine as p9

    placed = frame.with_columns(
        pl.col("row").cast(pl.Enum(list(reversed(rows)))),
        pl.col("chain").cast(pl.Enum(list(chains))),
        pl.col("stage").cast(pl.Enum(list(stages))),
        pl.when(pl.col("share") > 0.45).then(pl.lit("#ffffff")).otherwise(pl.lit("#000000")).alias("ink"),
    )
    return (
        p9.ggplot(placed, p9.aes(x="stage", y="row"))
        + p9.geom_tile(p9.aes(fill="share"), color="white", size=0.8)
        + p9.geom_text(p9.aes(label="label", color="ink"), size=8)
        + p9.facet_grid(cols="chain", scales="free_x", space="free_x")
        + p9.scale_fill_gradientn(colors=list(SCALE), limits=(0, 1))
        + p9.scale_color_identity()
        + p9.labs(x="", y="")
        + report_theme(9.6, 1.5 + 0.3 * len(rows))
        + p9.theme(
            panel_grid_major=p9.element_blank(),
            axis_text_x=p9.element_text(rotation=40, ha="right"),
            panel_spacing_x=0.012,
        )
    )


def trend_lines(frame: pl.DataFrame, names: Sequence[str], axis: str) -> ggplot:
    """Small lines, one panel a product, broken where the edition changes.

    ``frame``: name, year, value, low, high, stretch (a run of years of one edition), shade (alternating by stretch).
    """
    import plotnine as p9

    placed = frame.with_columns(pl.col("name").cast(pl.Enum(list(names))), pl.col("shade").cast(pl.String))
    rows = -(-len(names) // 3)
    return (
        p9.ggplot(placed, p9.aes(x="year", group="stretch"))
        + p9.geom_ribbon(p9.aes(ymin="low", ymax="high", fill="shade"), alpha=0.25)
        + p9.geom_line(p9.aes(y="value", color="shade"), size=0.9)
        + p9.geom_point(p9.aes(y="value", color="shade"), size=1.0)
        + p9.facet_wrap("name", ncol=3)
        + p9.scale_color_manual(values={"0": "#0072b2", "1": "#d55e00"})
        + p9.scale_fill_manual(values={"0": "#0072b2", "1": "#d55e00"})
        + p9.scale_y_continuous(limits=(0, 10_000), breaks=[0, 5_000, 10_000])
        + p9.scale_x_continuous(breaks=[2005, 2015, 2025])
        + p9.labs(x="", y=axis)
        + report_theme(9.0, 0.5 + 1.7 * rows)
    )


def beside_dots(frame: pl.DataFrame, axis: str, number: Number, labels: tuple[str, str], line: float) -> ggplot:
    """Two values an item: an open diamond for one, a dot with its interval for the other; items from top to bottom.

    ``frame``: name, other, value, low, high; ``labels``: of the diamond and of the dot; ``line``: a value to compare
    with.
    """
    import plotnine as p9

    one, two = labels
    placed = frame.with_columns(pl.Series("y", list(range(frame.height))[::-1], dtype=pl.Int64))
    points = pl.concat(
        [
            placed.select("y", pl.col("other").alias("at"), pl.lit(one).alias("kind")),
            placed.select("y", pl.col("value").alias("at"), pl.lit(two).alias("kind")),
        ]
    )
    return (
        p9.ggplot(points)
        + p9.geom_vline(xintercept=line, linetype="dashed", color=INK, size=0.4)
        + p9.geom_segment(p9.aes(x="low", xend="high", y="y", yend="y"), data=placed, color="#6baed6", size=1.6)
        + p9.geom_point(p9.aes(x="at", y="y", shape="kind", color="kind"), size=2.4)
        + p9.scale_shape_manual(values={one: "D", two: "o"}, breaks=[one, two])
        + p9.scale_color_manual(values={one: "#d55e00", two: "#08306b"}, breaks=[one, two])
        + p9.scale_y_continuous(
            breaks=list(range(frame.height)), labels=frame["name"].to_list()[::-1], minor_breaks=[], expand=(0, 0.6)
        )
        + p9.scale_x_continuous(labels=_labels(number))
        + p9.expand_limits(x=0)
        + p9.labs(x=axis, y="", shape="", color="")
        + report_theme(8.2, 1.2 + 0.24 * frame.height, legend="top")
    )
