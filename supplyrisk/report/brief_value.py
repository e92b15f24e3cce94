"""What a policy brief says of European value added: stage by stage, the way to the goal, and what that does to risk."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from supplyrisk.mitigation.value_path_tables import NO_FIGURE
from supplyrisk.report import charts
from supplyrisk.report.brief_given import BriefGiven, BriefWording
from supplyrisk.report.content import Figure, Table
from supplyrisk.report.document import Block, Paragraph, Section
from supplyrisk.report.theme import render_svg
from supplyrisk.report.value_path_part import plan_table

_NONE = "–"
_FEWEST_DOTS = 2


def value_sections(given: BriefGiven, figure: Figure | None, wording: BriefWording) -> tuple[Section, ...]:
    """Value by stage with the chart where there is one, the way to the goal, and what if."""
    parts = {
        "exposure": _by_stage(given, figure, wording),
        "helps": _way(given, wording),
        "whatif": _risk(given, wording),
    }
    return tuple(Section(name, wording.brief(f"{name}_value"), tuple(blocks)) for name, blocks in parts.items())


def _by_stage(given: BriefGiven, figure: Figure | None, wording: BriefWording) -> Iterator[Block]:
    table = _stage_table(given, wording)
    if table is not None:
        yield Paragraph(wording.brief("value_note"))
        yield table
    if figure is not None:
        yield figure


def _risk(given: BriefGiven, wording: BriefWording) -> Iterator[Block]:
    yield from wording.findings(given.whatif)
    if given.drawn.draws:
        yield Paragraph(wording.drawn("plan_note", "plan_confirmed", given.drawn))
    else:
        yield Paragraph(wording.brief("plan_note_none"))


def _way(given: BriefGiven, wording: BriefWording) -> Iterator[Block]:
    """The way to the target for European value: in how many cases, with what, and what that leaves out."""
    yield from wording.findings(given.helps)
    if given.path is None:
        why = given.without_measures
        reason = wording.not_known(why) if why else wording.format_reason("nothing_used_in_region")
        yield Paragraph(wording.brief("no_way", reason=reason))
        return
    plan = plan_table(given.path, given.regions[0], wording, limits=False)
    if plan is not None:
        yield plan
    without = given.path.path.filter(
        (pl.col("region") == given.regions[0]) & (pl.col("limit") == NO_FIGURE)
    )  # fmt: skip
    yield Paragraph(wording.brief("way_note", part=wording.format_percent(float(without["value_part"].sum()))))


def _stage_table(given: BriefGiven, wording: BriefWording) -> Table | None:
    """European part of the value added in batteries used, by stage, region and year."""
    if not given.value:
        return None
    heads = list(dict.fromkeys((one.region, one.year) for one in given.value))
    by_place = {(one.stage, one.region, one.year): one for one in given.value}
    rows = tuple(
        (
            str(wording.catalogue["stages"][stage]) if stage else wording.brief("whole"),
            *(
                _NONE
                if (one := by_place.get((stage, *head))) is None
                else wording.share_cell(one.value, one.low, one.high)
                for head in heads
            ),
        )
        for stage in dict.fromkeys(one.stage for one in given.value)
    )
    header = (
        wording.page("stage"),
        *(f"{wording.capital(wording.format_place(region))}, {year}" for region, year in heads),
    )
    return Table(wording.brief("value_table"), header, rows, frozenset(range(1, len(header))))


def stages_figure(given: BriefGiven, wording: BriefWording) -> Figure | None:
    """Dots with ranges of the European part by stage, beside the target for all of them together."""
    lead = given.regions[0]
    year = min((one.year for one in given.value if one.region == lead), default=0)
    rows = [one for one in given.value if one.region == lead and one.year == year]
    if len(rows) < _FEWEST_DOTS:
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
