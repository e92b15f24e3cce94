"""The one chart of a policy brief: who makes the products of its table, or the European value stage by stage."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from supplyrisk.report import charts
from supplyrisk.report.brief_given import BriefGiven, BriefWording
from supplyrisk.report.brief_value import stages_figure
from supplyrisk.report.content import Figure
from supplyrisk.report.figures import material_figure
from supplyrisk.report.sections import MaterialSection

_FEWEST_BARS = 2


def brief_figure(
    given: BriefGiven, production: pl.DataFrame, tables: Mapping[str, pl.DataFrame], title: str, wording: BriefWording
) -> Figure | None:
    """The chart; None where there is one bar or dot at most, which says no more than the table."""
    if given.topic.about_value:
        return stages_figure(given, wording)
    shown = [one.product_id for one in given.shown]
    drawn = given.topic.drawn
    own = tuple(name for name in shown if name in drawn.own) if drawn.own == given.topic.own else ()
    section = MaterialSection(drawn.section_id, own, tuple(name for name in shown if name not in own))
    if len(shown) < _FEWEST_BARS:
        return None
    return material_figure(production, tables, section, wording.capital(title), wording, charts.COMPACT)
