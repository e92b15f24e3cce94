"""Ranges with a dot, a panel a group: what passes through a country, and European value added."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from supplyrisk.report.theme import INK, report_theme

if TYPE_CHECKING:
    from plotnine import ggplot

_APART = "\u001f"


def range_panels(
    frame: pl.DataFrame, axis: str, columns: int, width: float, line: tuple[float, str] | None = None
) -> ggplot:
    """Ranges from 0 to 100 %, one line an item from top to bottom, a panel a group.

    ``frame``: panel, name, value, low, high, fill (colour of the range), in the order of the page; ``line``: a goal to
    be drawn across, with its label.
    """
    import plotnine as p9

    panels = frame["panel"].unique(maintain_order=True).to_list()
    keyed = frame.with_columns((pl.col("panel") + _APART + pl.col("name")).alias("key"))
    keys = keyed["key"].to_list()
    placed = keyed.with_columns(pl.col("panel").cast(pl.Enum(panels)), pl.col("key").cast(pl.Enum(keys[::-1])))
    tallest = int(frame.group_by("panel").len()["len"].max() or 1)  # type: ignore[arg-type]
    rows = -(-len(panels) // columns)
    chart = p9.ggplot(placed, p9.aes(y="key"))
    if line is not None:
        chart = chart + p9.geom_vline(xintercept=line[0], linetype="dashed", color=INK, size=0.5)
    return (
        chart
        + p9.geom_segment(p9.aes(x="low", xend="high", yend="key", color="fill"), size=3.2, alpha=0.55)
        + p9.geom_point(p9.aes(x="value", color="fill"), size=2.2)
        + p9.facet_wrap("panel", ncol=columns, scales="free_y")
        + p9.scale_color_identity()
        + p9.scale_y_discrete(labels=lambda found: [str(key).split(_APART)[-1] for key in found])
        + p9.scale_x_continuous(
            limits=(0, 1), breaks=[0, 0.25, 0.5, 0.75, 1.0], labels=["0", "25", "50", "75", "100 %"], expand=(0, 0.02)
        )
        + p9.labs(x=axis if line is None else f"{axis} ({line[1]})", y="")
        + report_theme(width, 0.75 + rows * (0.42 + 0.235 * tallest))
        + p9.theme(panel_spacing_x=0.02, panel_spacing_y=0.03)
    )
