"""The picture of a scenario: which part of final demand is not met, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from supplyrisk.report.theme import FREE, INK, report_theme

if TYPE_CHECKING:
    from plotnine import ggplot


def shortage_lines(frame: pl.DataFrame, regions: tuple[str, ...], axis: str, below: str) -> ggplot:
    """Lines of unmet shares, a panel a region. ``frame``: region, name, month, share (fraction)."""
    import plotnine as p9

    names = frame["name"].unique(maintain_order=True).to_list()
    placed = frame.with_columns(pl.col("region").cast(pl.Enum(list(regions))), pl.col("name").cast(pl.Enum(names)))
    last = int(frame["month"].max())  # type: ignore[arg-type]
    return (
        p9.ggplot(placed, p9.aes(x="month", y="share", color="name"))
        + p9.geom_hline(yintercept=0.0, color=INK, size=0.3)
        + p9.geom_step(size=0.9)
        + p9.facet_wrap("region", ncol=1)
        + p9.scale_color_manual(values=dict(zip(names, ("#d55e00", "#0072b2", *FREE[1:]), strict=False)))
        + p9.scale_y_continuous(limits=(0, 1), breaks=[0, 0.5, 1.0], labels=["0", "50", "100 %"])
        + p9.scale_x_continuous(breaks=[1, *range(6, last + 1, 6)], expand=(0, 0.2))
        + p9.labs(x=below, y=axis)
        + report_theme(8.2, 1.1 + 1.5 * len(regions), legend="bottom")
    )
