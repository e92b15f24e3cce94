"""The chapter on disruptions: countries as choke points, and every ready scenario on half a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.report.content import ChapterPart, DisruptionChapter, Table
from supplyrisk.report.whatif_page import WhatIfGiven, whatif_half_page
from supplyrisk.report.wording import Wording

_COUNTRIES = 12
_BILLION = 1e9
_SMALL = 1e7
"""EUR a year of the region below which a country is no choke point that a reader needs to see."""


@dataclass(frozen=True)
class ChokeGiven:
    """Choke points of one region, see runs.chokepoints: ``single`` a row a country, ``unpriced`` what has no price.

    ``recover_months``: low and high end of what recovery takes.
    """

    region: str
    window_months: float
    recover_months: tuple[float, float]
    single: pl.DataFrame
    pairs: pl.DataFrame
    unpriced: Sequence[str]


@dataclass(frozen=True)
class ScenarioGap:
    """A scenario that cannot run: of ``products`` no maker or lane that it names was known; its title by language."""

    title: Mapping[str, str]
    products: Sequence[str]


@dataclass(frozen=True)
class DisruptionGiven:
    """What the chapter is made from."""

    choke: Sequence[ChokeGiven]
    scenarios: Sequence[WhatIfGiven]
    gaps: Sequence[ScenarioGap]


def disruption_chapter(given: DisruptionGiven, wording: Wording) -> DisruptionChapter:
    """Choke points of every region, then the scenarios, then those that cannot run."""
    return DisruptionChapter(
        anchor="disruption",
        title=wording.page("disruption"),
        lead=wording.page("disruption_lead"),
        choke=tuple(_choke_part(choke, wording) for choke in given.choke),
        scenarios_note=wording.page("disruption_scenarios_note"),
        scenarios=tuple(whatif_half_page(scenario, wording) for scenario in given.scenarios),
        gaps=tuple(
            wording.page(
                "scenario_gap", title=gap.title[wording.language], products=wording.format_products(gap.products)
            )
            for gap in given.gaps
        ),
    )


def _choke_part(given: ChokeGiven, wording: Wording) -> ChapterPart:
    place = wording.format_place(given.region)
    note = wording.page(
        "choke_note",
        region=place,
        months=wording.integer(given.window_months),
        products=wording.format_products(list(given.unpriced)),
        low=wording.integer(given.recover_months[0]),
        high=wording.integer(given.recover_months[1]),
    )
    shown = wording.page(
        "choke_shown",
        region=place,
        shown=_shown(given).height,
        all=given.single.height,
        least=wording.format_millions(_SMALL),
    )
    return ChapterPart(
        anchor=f"choke-{given.region.lower()}",
        title=wording.page("choke_title", region=place),
        note=f"{note} {shown}",
        tables=(choke_table(given, wording), pairs_table(given, wording)),
    )


def choke_table(given: ChokeGiven, wording: Wording) -> Table:
    """The countries whose loss weighs most on the region, largest first; none below ``_SMALL``."""
    rows = tuple(
        (
            wording.format_country(row["country"]),
            wording.interval(_billion(row["focus_low"], wording), _billion(row["focus_high"], wording)),
            _billion(row["focus_first"], wording),
            _billion(row["uncoordinated_focus"], wording),
            _billion(row["loss"], wording),
            _months(row["months_to_survive"], wording),
            wording.page(_EXPOSED[row["exposed"]]),
        )
        for row in _shown(given).iter_rows(named=True)
    )
    keys = ("country", "range", "first", "uncoordinated", "world", "survive", "exposed")
    header = tuple(wording.page(f"choke_{key}") for key in keys)
    caption = wording.page("choke_table", region=wording.format_place(given.region))
    return Table(caption, header, rows, frozenset({1, 2, 3, 4, 5}))


_EXPOSED = {"yes": "yes", "no": "no", "depends": "choke_depends"}


def _shown(given: ChokeGiven) -> pl.DataFrame:
    return given.single.filter(pl.max_horizontal("focus_high", "uncoordinated_focus") >= _SMALL).head(_COUNTRIES)


def pairs_table(given: ChokeGiven, wording: Wording) -> Table:
    """The worst pairs of countries, and what they lose beyond each alone."""
    rows = tuple(
        (
            wording.format_country(row["country"]),
            wording.format_country(row["other"]),
            _billion(row["loss"], wording),
            _billion(row["beyond_singles"], wording),
        )
        for row in given.pairs.head(5).iter_rows(named=True)
    )
    header = tuple(wording.page(f"choke_{key}") for key in ("country", "other", "world", "beyond"))
    return Table(wording.page("choke_pairs"), header, rows, frozenset({2, 3}))


def _months(value: float | None, wording: Wording) -> str:
    return wording.page("choke_longer") if value is None else wording.number(value, 1)


def _billion(value: float, wording: Wording) -> str:
    billions = max(0.0, value) / _BILLION
    return wording.number(billions, 1 if billions >= 10 or billions < 0.0005 else 2 if billions >= 0.1 else 3)
