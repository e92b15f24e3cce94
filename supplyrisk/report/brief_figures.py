"""The one chart of a policy brief: who makes the products of its table, or the European value stage by stage."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from supplyrisk.report import charts
from supplyrisk.report.brief_given import BriefGiven, BriefWording
from supplyrisk.report.brief_topics import VALUE_ADDED
from supplyrisk.report.content import Figure
from supplyrisk.report.figures import material_figure
from supplyrisk.report.sections import MaterialSection
from supplyrisk.report.theme import render_svg

_FEWEST_BARS = 2


def brief_figure(
    given: BriefGiven, production: pl.DataFrame, tables: Mapping[str, pl.DataFrame], title: str, wording: BriefWording
) -> Figure | None:
    """The chart; None where there is one bar or dot at most, which says no more than the table."""
    if given.topic.topic_id == VALUE_ADDED:
        return _stages(given, wording)
    shown = [one.product_id for one in given.shown]
    drawn = given.topic.drawn
    own = tuple(name for name in shown if name in drawn.own) if drawn.own == given.topic.own else ()
    section = MaterialSection(drawn.section_id, own, tuple(name for name in shown if name not in own))
    if len(shown) < _FEWEST_BARS:
        return None
    return material_figure(production, tables, section, wording.capital(title), wording, charts.COMPACT)


def _stages(given: BriefGiven, wording: BriefWording) -> Figure | None:
    """Dots with ranges of the European part by stage, beside the target for all of them together."""
    lead = given.regions[0]
    year = min((one.year for one in given.value if one.region == lead), default=0)
    rows = [one for one in given.value if one.region == lead and one.year == year]
    if len(rows) < _FEWEST_BARS:
        return None
    stages = wording.catalogue["stages"]
    frame = pl.DataFrame(
        {
            "name": [str(stages[one.stage]) if one.stage else wording.brief("whole") for one in rows],
            "value": [one.value for one in rows],
            "low": [one.low for one in rows],
            "high": [one.high for one in rows],
        }
    )
    target = None if given.path is None else given.path.target
    percent = frame.with_columns(pl.col("value", "low", "high") * 100.0)
    line = None if target is None else 100.0 * target
    svg = render_svg(charts.interval_dots(percent, wording.brief("stage_axis"), wording.axis_number, line, 100.0))
    place = wording.format_place(lead)
    caption = wording.brief("stage_figure", region=place, year=year)
    if target is not None:
        caption = f"{caption} {wording.brief('stage_target', target=wording.format_percent(target))}"
    told = "; ".join(f"{row['name']} {wording.format_range((row['value'], row['low'], row['high']))}"
                     for row in frame.iter_rows(named=True))  # fmt: skip
    alt = wording.brief("stage_alt", region=place, year=year, stages=told)
    data = frame.rename({"name": "stage", "value": "european_part"}).write_csv()
    return Figure(f"value_stages_{lead.lower()}", svg, caption, alt, data=data)
