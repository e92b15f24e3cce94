"""A scenario as a page: sentences, a chart, and tables, in one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.disruption.final_use import can_tell
from supplyrisk.findings.finding import Finding
from supplyrisk.network.places import WORLD
from supplyrisk.report.content import Figure, Sentence, Table, WhatIfPart
from supplyrisk.report.theme import render_svg
from supplyrisk.report.whatif_chart import shortage_lines
from supplyrisk.report.wording import Wording

_LINES = 5
"""Products in the chart."""
_DRAWN = 0.02
"""A shortage below this share at worst is told in words only: on the scale of the chart it is a flat line."""


@dataclass(frozen=True)
class WhatIfGiven:
    """A scenario and its outcome as the page needs them.

    ``shocks``: name and what each touches (by product, a month at rest, with its unit); ``unmet``: region, product_id,
    month, share; ``final_use``, ``sensitivity``: see disruption.outcome and runs.whatif; ``idle``: measures
    in force without a lane.
    """

    scenario_id: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    shocks: Sequence[ShockLine]
    findings: Sequence[Finding]
    unmet: pl.DataFrame
    final_use: pl.DataFrame
    sensitivity: pl.DataFrame | None
    regions: Sequence[str]
    idle: Sequence[str]


@dataclass(frozen=True)
class ShockLine:
    """One shock in the table of the page: months from 1; ``touches``: product and quantity a month at rest, unit."""

    name: str
    hit: str
    first_month: int
    last_month: int
    recovery_months: int
    severity: float
    touches: tuple[tuple[str, float, str], ...]
    rests_on: str


def whatif_part(given: WhatIfGiven, wording: Wording) -> WhatIfPart:
    """The part of one scenario: every finding, the picture, what it assumes, what was lost, and on what it hangs."""
    tables = (shock_table(given, wording), loss_table(given, wording), sensitivity_table(given, wording))
    return _part(given, given.regions, None, tuple(table for table in tables if table.rows), wording)


def whatif_half_page(given: WhatIfGiven, wording: Wording) -> WhatIfPart:
    """The same for the report: the focus regions, what fell short and what it hangs on, and the picture."""
    return _part(given, [region for region in given.regions if region != WORLD], _HALF_PAGE, (), wording)


_HALF_PAGE = frozenset(
    {
        "whatif_nothing", "whatif_nothing_as_is", "whatif_short", "whatif_short_open", "whatif_short_other",
        "whatif_short_open_other", "whatif_cannot_tell", "whatif_limit", "whatif_hangs_on", "whatif_unknown",
    }
)  # fmt: skip


def _part(
    given: WhatIfGiven,
    regions: Sequence[str],
    messages: frozenset[str] | None,
    tables: tuple[Table, ...],
    wording: Wording,
) -> WhatIfPart:
    """Sentences of ``regions`` by their name, of the given messages or all."""
    sentences = {
        wording.capital(wording.format_place(region)): tuple(
            Sentence(wording.sentence(finding), finding.confidence, finding.score_keys)
            for finding in given.findings
            if finding.topic == region and (messages is None or finding.message_id in messages)
        )
        for region in regions
    }
    idle = wording.page("whatif_idle", measures=", ".join(given.idle)) if given.idle else ""
    return WhatIfPart(
        anchor=f"whatif-{given.scenario_id.replace('_', '-')}",
        title=given.title[wording.language],
        summary=" ".join(text for text in (given.summary[wording.language], idle) if text),
        sentences=sentences,
        figure=shortage_figure(given, regions, wording),
        tables=tables,
    )


def shock_table(given: WhatIfGiven, wording: Wording) -> Table:
    """What the scenario assumes, shock by shock."""
    words = wording.catalogue["hits"]
    rows = []
    for shock in given.shocks:
        touched = ", ".join(
            f"{wording.format_product(product)} {wording.quantity(quantity)} {unit}"
            for product, quantity, unit in sorted(shock.touches, key=lambda part: part[0])[:4]
        )
        more = len(shock.touches) - 4
        rows.append(
            (
                shock.name,
                str(words[shock.hit]),
                f"{shock.first_month}–{shock.last_month}",
                str(shock.recovery_months),
                wording.format_percent(shock.severity)
                if shock.severity >= 0
                else f"+{wording.format_percent(-shock.severity)}",
                touched + (f" (+{more})" if more > 0 else ""),
                shock.rests_on,
            )
        )
    keys = ("shock", "shock_hits", "shock_months", "shock_recovery", "shock_share", "shock_touches", "shock_rests_on")
    return Table(
        wording.page("whatif_shocks"), tuple(wording.page(key) for key in keys), tuple(rows), frozenset({3, 4})
    )


def loss_table(given: WhatIfGiven, wording: Wording) -> Table:
    """What final use lost, by region and product."""
    rows = given.final_use.filter((pl.col("months_short") > 0) & can_tell())
    found = tuple(
        (
            wording.format_place(row["region"]),
            wording.format_product(row["product_id"]),
            str(wording.catalogue["uses"][row["use"]]),
            str(row["first_short_month"]),
            f"{wording.format_percent(row['worst_share'])} ({row['worst_month']})",
            wording.number(row["lost_days"], 0),
            f"{wording.quantity(row['lost_quantity'])} {row['unit']}",
            "–" if row["recovered_month"] is None else str(row["recovered_month"]),
        )
        for row in rows.iter_rows(named=True)
    )
    keys = ("region", "product", "use", "first_short", "worst", "lost_days", "lost_quantity", "recovered")
    header = tuple(wording.page(f"whatif_{key}") for key in keys)
    return Table(wording.page("whatif_losses"), header, found, frozenset({3, 4, 5, 6, 7}))


def sensitivity_table(given: WhatIfGiven, wording: Wording) -> Table:
    """How far the loss of the product hit most moves over the range of each assumption; those that move it most."""
    rows = [
        (
            wording.format_place(region),
            wording.format_product(row["product_id"]),
            wording.capital(wording.format_parameter(row["parameter"])),
            wording.number(row["lost_days"], 0),
            wording.number(row["at_low"], 0),
            wording.number(row["at_high"], 0),
        )
        for region in given.regions
        for row in _of_region(given.sensitivity, region).head(5).iter_rows(named=True)
    ]
    keys = ("region", "product", "assumption", "lost_days", "at_low", "at_high")
    header = tuple(wording.page(f"whatif_{key}") for key in keys)
    return Table(wording.page("whatif_sensitivity"), header, tuple(rows), frozenset({3, 4, 5}))


def _of_region(table: pl.DataFrame | None, region: str) -> pl.DataFrame:
    return pl.DataFrame() if table is None else table.filter(pl.col("region") == region)


def shortage_figure(given: WhatIfGiven, among: Sequence[str], wording: Wording) -> Figure | None:
    """Unmet share by month of the products hit most; None where nothing falls short enough to be seen."""
    unmet = given.unmet.filter(pl.col("region").is_in(list(among)))
    short = unmet.filter(pl.col("share") > _DRAWN)
    if short.is_empty():
        return None
    hardest = (
        short.group_by("product_id").agg(pl.col("share").sum()).sort("share", "product_id", descending=[True, False])
    )["product_id"].head(_LINES)
    names = {product: wording.capital(wording.format_product(product)) for product in hardest}
    regions = {region: wording.capital(wording.format_place(region)) for region in among}
    frame = unmet.filter(pl.col("product_id").is_in(hardest.to_list())).select(
        pl.col("region").replace_strict(regions, return_dtype=pl.String),
        pl.col("product_id").replace_strict(names, return_dtype=pl.String).alias("name"),
        "month",
        "share",
    )
    order = pl.col("name").replace_strict({name: i for i, name in enumerate(names.values())}, return_dtype=pl.Int64)
    chart = shortage_lines(
        frame.sort(order, "region", "month"),
        tuple(regions[region] for region in among if regions[region] in set(frame["region"])),
        wording.page("whatif_unmet"),
        wording.page("whatif_month"),
    )
    caption = wording.page("whatif_figure", title=given.title[wording.language])
    most = frame.group_by("region", "name", maintain_order=True).agg(pl.col("share").max())
    worst = "; ".join(
        f"{row['region']}, {row['name']}: {wording.format_percent(row['share'])}" for row in most.iter_rows(named=True)
    )
    name = f"whatif-{given.scenario_id.replace('_', '-')}"
    data = frame.sort(order, "region", "month").rename({"name": "product", "share": "unmet_share"})
    return Figure(name, render_svg(chart), caption, f"{caption}. {worst}.", data=data.write_csv())
