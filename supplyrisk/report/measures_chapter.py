"""The chapter on measures: what each avoids alone and beside the others, what it costs, and when it can work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from supplyrisk.foundation.errors import NotKnown
from supplyrisk.mitigation.in_place import ContentNotReached, MixNotReached
from supplyrisk.mitigation.per_euro import ALL
from supplyrisk.mitigation.recycling_tables import RecyclingTables
from supplyrisk.mitigation.scrap_tables import ScrapTables
from supplyrisk.mitigation.specification import Retaliation
from supplyrisk.mitigation.value_path_tables import ValuePathTables
from supplyrisk.report import charts
from supplyrisk.report.content import Chapter, ChapterPart, Figure, Table
from supplyrisk.report.measure_facts import (
    later_facts,
    later_note,
    measure_facts,
    not_reached_facts,
    replaced_facts,
    retaliation_facts,
    retaliation_not_counted,
)
from supplyrisk.report.measure_pages import measure_pages
from supplyrisk.report.measure_scores_part import compliance_part, scores_of_measure, scores_part
from supplyrisk.report.order_part import order_part
from supplyrisk.report.per_euro_part import cost_figure, first_three, per_euro
from supplyrisk.report.recycling_part import recycling_part
from supplyrisk.report.scrap_part import scrap_part
from supplyrisk.report.theme import render_svg
from supplyrisk.report.value_path_part import value_path_parts
from supplyrisk.report.wording import Wording

_MILLION = 1e6


@dataclass(frozen=True)
class MeasuresGiven:
    """What the chapter is made from.

    ``table`` of measures, ``products``, ``third_countries``, ``timing``, ``market`` and ``sensitivity``
    (runs.mitigate_run); ``scores`` and ``compliance`` (runs.measure_effects); ``titles`` and ``summaries`` by measure
    and language; ``retaliations``: what others may do because of a measure, where they may; ``replaced_by``: goods
    outside the network that take over use, by language; ``content_not_reached`` and ``mix_not_reached``: where a rule
    or a joint contract falls short (mitigation.in_place); ``later``: by measure, data rows that it rests on and that
    were not public yet; ``left_out``: titles of measures that touch nothing known on the day; ``not_moved``: products
    that the simulation of the way to the target for European value leaves out; ``value_path``, ``recycling`` (of
    batteries), ``magnets`` and ``base_metals``: the answers, or why there is none.
    """

    table: pl.DataFrame
    products: pl.DataFrame
    third_countries: pl.DataFrame
    timing: pl.DataFrame
    market: pl.DataFrame
    sensitivity: pl.DataFrame
    scores: pl.DataFrame
    compliance: pl.DataFrame
    titles: Mapping[str, Mapping[str, str]]
    summaries: Mapping[str, Mapping[str, str]]
    retaliations: Mapping[str, Sequence[Retaliation]]
    replaced_by: Mapping[str, Sequence[Mapping[str, str]]]
    later: Mapping[str, Sequence[str]]
    left_out: Sequence[Mapping[str, str]]
    not_moved: Sequence[str]
    value_path: ValuePathTables | NotKnown
    recycling: RecyclingTables | NotKnown
    magnets: RecyclingTables | NotKnown
    base_metals: ScrapTables | NotKnown
    draws: int
    sets: int
    leader_draws: int
    leader_sets: int
    content_not_reached: Sequence[ContentNotReached]
    mix_not_reached: Sequence[MixNotReached]


def measures_chapter(given: MeasuresGiven | NotKnown, focus: Sequence[str], wording: Wording) -> Chapter:
    """The chapter, or why there can be none on that day."""
    lead = wording.page("measures_lead")
    if isinstance(given, NotKnown):
        return Chapter(
            "measures",
            wording.page("measures"),
            f"{lead} {wording.page('risk_gap', reason=wording.not_known(given))}",
            (),
        )
    parts = tuple(_part(given, region, wording) for region in focus)
    paths = value_path_parts(given.value_path, focus, wording)
    recycled = (
        recycling_part(given.recycling, wording),
        recycling_part(given.magnets, wording, "magnets"),
        scrap_part(given.base_metals, wording),
    )
    notes = {measure: _page_note(given, measure, focus, wording) for measure in given.summaries}
    of_scores = {
        measure: scores_of_measure(given.scores, measure, texts[wording.language], focus, wording)
        for measure, texts in given.titles.items()
    }
    draws = {False: (given.draws, given.sets), True: (given.leader_draws, given.leader_sets)}
    pages = measure_pages(given.titles, notes, given.products, given.third_countries, of_scores, draws, focus, wording)
    titles = {measure: _title(given, measure, wording) for measure in (*given.titles, ALL)}
    effects = (scores_part(given.scores, titles, focus, wording), compliance_part(given.compliance, titles, wording))
    what = (*(part for part in effects if part is not None), _what(given, focus, wording), *pages)
    return Chapter("measures", wording.page("measures"), lead, (*parts, *paths, *recycled, *what))


def _page_note(given: MeasuresGiven, measure: str, focus: Sequence[str], wording: Wording) -> str:
    """What is said first on the page of a measure."""
    return " ".join(
        text
        for text in (
            given.summaries[measure][wording.language],
            not_reached_facts(measure, given.content_not_reached, given.mix_not_reached, wording),
            later_facts(given.later.get(measure, ()), wording),
            replaced_facts(given.replaced_by.get(measure, ()), wording),
            retaliation_facts(given.retaliations.get(measure, ()), wording),
            measure_facts(measure, given.timing, given.market, focus, wording),
        )
        if text
    )


def _part(given: MeasuresGiven, region: str, wording: Wording) -> ChapterPart:
    own = given.table.filter(pl.col("region") == region)
    place = wording.format_place(region)
    rows = tuple(
        (
            _title(given, row["measure"], wording),
            wording.format_millions(row["avoided"]),
            wording.interval(wording.format_millions(row["low"]), wording.format_millions(row["high"])),
            "–" if row["avoided_last"] is None else wording.format_millions(row["avoided_last"]),
            wording.format_millions(row["avoided_cvar95"]),
            "–" if row["cost"] is None else wording.format_millions(row["cost"]),
            per_euro(row, wording),
            _rank(row, wording),
            wording.integer(row["lead_months"]),
        )
        for row in own.iter_rows(named=True)
    )
    keys = ("measure", "avoided", "range", "last", "tail", "cost", "per_avoided", "rank", "lead_months")
    header = tuple(wording.page(f"measures_{key}") for key in keys)
    note = wording.page("measures_note", draws=wording.integer(given.draws), sets=given.sets)
    if given.leader_draws > 0:
        draws = wording.integer(given.leader_draws)
        note = f"{note} {wording.page('measures_leaders', draws=draws, sets=given.leader_sets)}"
    titles = {measure: _title(given, measure, wording) for measure in own["measure"]}
    later = [titles[name] for name in titles if name in given.later]
    units = dict(given.market.select("product_id", "unit").unique().iter_rows())
    not_counted = retaliation_not_counted(own, titles, given.retaliations, wording)
    answer, figure = first_three(own, titles, place, wording), cost_figure(own, titles, region, wording)
    hangs, changing = order_part(given.sensitivity.filter(pl.col("region") == region), titles, units, place, wording)
    table = Table(wording.page("measures_table", region=place), header, rows, frozenset(range(1, len(keys))))
    return ChapterPart(
        anchor=f"measures-{region.lower()}",
        title=wording.capital(place),
        note=" ".join(part for part in (answer, hangs, note, later_note(later, wording), not_counted) if part),
        figures=(_dots(given, own, region, wording), *([] if figure is None else [figure])),
        tables=(table, *([] if changing is None else [changing])),
    )


def _rank(row: Mapping[str, Any], wording: Wording) -> str:
    """Order by euro, with the places that draws leave open where there are several."""
    if row["rank_per_euro"] is None:
        return "–"
    low, high = row["place_low"], row["place_high"]
    open_places = "" if low is None or low == high else f" ({wording.interval(str(low), str(high))})"
    return f"{row['rank_per_euro']}{open_places}"


def _dots(given: MeasuresGiven, own: pl.DataFrame, region: str, wording: Wording) -> Figure:
    names = [_title(given, measure, wording) for measure in own["measure"]]
    frame = own.select(
        pl.Series("name", names, dtype=pl.String),
        (pl.col("avoided") / _MILLION).alias("value"),
        (pl.col("low") / _MILLION).alias("low"),
        (pl.col("high") / _MILLION).alias("high"),
    )
    svg = render_svg(charts.interval_dots(frame, wording.page("measures_axis"), wording.axis_number, 0.0))
    alt = wording.page(
        "measures_alt", count=len(names), first=names[0], value=wording.format_millions(own["avoided"][0])
    )
    caption = wording.page("measures_figure", region=wording.format_place(region))
    data = frame.rename({"name": "measure", "value": "avoided_million_eur"}).write_csv()
    return Figure(f"measures_{region.lower()}", svg, caption, alt, data=data)


def _what(given: MeasuresGiven, focus: Sequence[str], wording: Wording) -> ChapterPart:
    """What each measure is."""
    rows = tuple(
        (texts[wording.language], given.summaries[measure][wording.language]) for measure, texts in given.titles.items()
    )
    header = (wording.page("measures_measure"), wording.page("measures_what"))
    note = wording.page("measures_what_note")
    if given.third_countries.filter((pl.col("crosses") != "") & pl.col("region").is_in(list(focus))).is_empty():
        note = f"{note} {wording.page('measures_no_crossing')}"
    if given.left_out:
        names = "; ".join(texts[wording.language] for texts in given.left_out)
        note = f"{note} {wording.page('measures_left_out', names=names)}"
    if given.not_moved:
        note = f"{note} {wording.page('path_left', names=wording.format_products(given.not_moved))}"
    table = Table(wording.page("measures_list"), header, rows, frozenset())
    return ChapterPart("measures-list", wording.page("measures_list"), note, (), (table,))


def _title(given: MeasuresGiven, measure: str, wording: Wording) -> str:
    return wording.page("measures_all") if measure == ALL else given.titles[measure][wording.language]
