"""Charts of the network chapter: what passes through a country, and European value added."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from supplyrisk.findings.origin import FOLLOWED
from supplyrisk.findings.region_scores import RegionScores
from supplyrisk.report.content import Figure
from supplyrisk.report.network_given import NetworkGiven
from supplyrisk.report.network_tables import LOOKED_THROUGH, RAW_STAGES
from supplyrisk.report.range_chart import range_panels
from supplyrisk.report.theme import FIXED, SCALE, render_svg
from supplyrisk.report.wording import Wording

_COUNTRIES = 5
_BLUE = FIXED["EU27"]
_OWN_COLOURS: Mapping[str, str] = {"CHN": FIXED["CHN"], "NLD": FIXED["NLD"]}


def pass_through_figure(own: RegionScores, wording: Wording) -> Figure | None:
    """Per raw material behind batteries and magnets the countries that most of it passes through, with intervals."""
    rows = own.rows("pass_through").filter(
        pl.col("end_product").is_in(LOOKED_THROUGH) & pl.col("stage").is_in(RAW_STAGES) & pl.col("value").is_not_null()
    )
    if rows.is_empty():
        return None
    members = own.countries.filter(pl.col("eu27"))["iso3"].to_list()
    # Materials with findings of their own come first, in their order; the rest by name.
    places = {followed.root: place for place, followed in enumerate(FOLLOWED)}
    placed = rows.with_columns(
        pl.col("product_id").replace_strict(places, default=len(places), return_dtype=pl.Int64).alias("place")
    )
    leading = (
        placed.sort("place", "product_id", "value", "country", descending=[False, False, True, False])
        .group_by("end_product", "product_id", maintain_order=True)
        .head(_COUNTRIES)
    )
    frame = leading.select(
        pl.struct("end_product", "product_id")
        .map_elements(lambda row: _panel(row["end_product"], row["product_id"], wording), return_dtype=pl.String)
        .alias("panel"),
        pl.col("country").map_elements(wording.short_place, return_dtype=pl.String).alias("name"),
        "value",
        "low",
        "high",
        pl.when(pl.col("country").is_in(members))
        .then(pl.lit(_BLUE))
        .otherwise(pl.col("country").replace_strict(_OWN_COLOURS, default=SCALE[2]))
        .alias("fill"),
    )
    told = [
        f"{panel}: {', '.join(f'{name} {wording.format_percent(value)}' for name, value in part.iter_rows())}"
        for (panel,), part in frame.select("panel", "name", "value").group_by(["panel"], maintain_order=True)
        for part in [part.select("name", "value")]
    ]
    svg = render_svg(range_panels(frame, wording.page("network_passed_axis"), 3, 9.6))
    alt = wording.page("network_passed_alt", roots="; ".join(told))
    data = frame.drop("fill").rename({"panel": "material", "name": "country", "value": "share"})
    caption = wording.page("network_passed_chart")
    return Figure(f"network_passed_{own.region}", svg, caption, alt, wide=True, data=data.write_csv())


def _panel(end: str, root: str, wording: Wording) -> str:
    panel = wording.capital(wording.format_root(root))
    return panel if end == LOOKED_THROUGH[0] else f"{panel} ({wording.format_end(end)})"


def value_added_figure(own: RegionScores, given: NetworkGiven, wording: Wording) -> Figure | None:
    """European share of value added as a whole and by tier: bars between the bounds, with the goal as a line.

    None where the chain is cut: value whose makers are unknown would be missing from the whole.
    """
    if given.is_cut("battery"):
        return None
    page, stages = wording.page, wording.catalogue["stages"]
    rows = []
    for metric, panel in (
        ("value_added_share", "network_value_used"),
        ("value_added_share_made", "network_value_made"),
    ):
        found = {row["stage"]: row for row in own.rows(metric).filter(pl.col("value").is_not_null()).to_dicts()}
        for stage in (None, *stages):
            if stage in found:
                name = page("network_all_stages") if stage is None else str(stages[stage])
                row = found[stage]
                rows.append((page(panel), name, row["value"], row["low"], row["high"], _BLUE))
    if not rows:
        return None
    frame = pl.DataFrame(rows, schema=["panel", "name", "value", "low", "high", "fill"], orient="row")
    goal = given.facts.goal
    line = None if goal is None else (goal[0], page("network_value_goal", goal=wording.format_percent(goal[0])))
    told = "; ".join(
        f"{panel}, {name}: {wording.interval(wording.format_percent(low), wording.format_percent(high))}"
        for panel, name, _, low, high, _ in rows
    )
    panels = frame["panel"].n_unique()
    svg = render_svg(range_panels(frame, page("share"), panels, 9.2, line))
    drawn_line = pl.lit(None if goal is None else goal[0], dtype=pl.Float64).alias("goal")
    data = frame.drop("fill").rename({"name": "stage", "value": "share"}).with_columns(drawn_line)
    return Figure(
        name=f"network_value_added_{own.region}",
        svg=svg,
        caption=f"{page('network_value_chart')}. {page('network_value_chart_note')}",
        alt=page("network_value_chart_alt", rows=told),
        wide=True,
        data=data.write_csv(),
    )
