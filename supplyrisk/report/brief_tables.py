"""The compact tables of a policy brief: exposure by tier or by stage of value, measures; and the list of sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from supplyrisk.disruption.final_use import SHOWN_DAYS
from supplyrisk.findings.brief_measures import Effect, shown_in_table
from supplyrisk.findings.exposure import Exposure, Share
from supplyrisk.report.brief_given import BriefGiven, BriefWording
from supplyrisk.report.content import SourceLine, Table
from supplyrisk.report.document import Item

_NONE = "–"
_MOST_MEASURES, _MOST_SOURCES = 6, 5


def exposure_table(given: BriefGiven, wording: BriefWording) -> Table | None:
    """Who makes what, and what the regions buy from whom; columns of which nothing is known are left out."""
    if not given.shown:
        return None
    lead = given.regions[0]
    place = wording.format_place
    columns: list[tuple[str, Callable[[Exposure], str]]] = [
        (wording.page("product"), lambda one: wording.names.products[one.product_id]),
        (wording.page("largest"), lambda one: _maker(one, wording)),
    ]
    for region in given.regions:
        if any(region in one.direct or region not in one.untold for one in given.shown):
            head = wording.capital(wording.brief("buys", region=place(region)))
            columns.append((head, lambda one, region=region: _direct(one, region, wording)))  # type: ignore[misc]
    if any(lead in one.behind for one in given.shown):
        ends = sorted({str(one.behind[lead].end) for one in given.shown if lead in one.behind})
        named = wording.listed([wording.format_end(end) for end in ends])
        head = wording.brief("behind", ends=named, region=place(lead))
        columns.append((head, lambda one: _share(one.behind.get(lead), wording)))
    rows = tuple(tuple(cell(one) for _, cell in columns) for one in given.shown)
    caption = wording.brief("exposure_table")
    if len(given.shown) < given.followed:
        caption = wording.brief("exposure_table_part", shown=len(given.shown), followed=given.followed)
    return Table(caption, tuple(head for head, _ in columns), rows)


def shown_effects(given: BriefGiven) -> list[Effect]:
    """Measures of the table: in the order by euro, those that change little in the scenario left out."""
    return shown_in_table(given.effects, given.hardest, given.regions[0], _MOST_MEASURES)


def measure_table(given: BriefGiven, wording: BriefWording) -> Table | None:
    """What each measure does in the leading region, what it costs, and when it can work."""
    lead = given.regions[0]
    loss = given.hardest.losses.get(lead) if given.hardest is not None else None
    columns: list[tuple[str, Callable[[Effect], str]]] = [
        (wording.page("measures_measure"), lambda one: given.titles[one.measure_id][wording.language]),
    ]
    if loss is not None:
        days, before = wording.brief("days_with", days=wording.format_days(loss.days)), loss.days
        columns.append((days, lambda one: _days(one, before, wording)))
    columns += [
        (wording.brief("avoided"), lambda one: _avoided(one, wording)),
        (wording.brief("cost"), lambda one: _NONE if one.cost is None else wording.format_millions(one.cost)),
        (
            wording.page("measures_per_avoided"),
            lambda one: _NONE if one.per_avoided is None else wording.format_ratio(one.per_avoided),
        ),
        (wording.page("measures_lead_months"), lambda one: wording.integer(one.lead_months)),
    ]
    rows = tuple(tuple(cell(one) for _, cell in columns) for one in shown_effects(given))
    if not rows:
        return None
    return Table(
        wording.brief("measure_table", region=wording.format_place(lead)),
        tuple(head for head, _ in columns),
        rows,
        frozenset(range(1, len(columns))),
    )


def source_lines(sources: Sequence[SourceLine], wording: BriefWording) -> tuple[Item, ...]:
    """The editions behind most of the numbers, with their publishers and how many of their rows were used."""
    return tuple(
        Item(
            wording.brief(
                "source",
                title=line.full_title,
                publisher=line.publisher,
                rows=wording.integer(line.used),
            ),
            address=line.url,
        )
        for line in _by_rows(sources)[:_MOST_SOURCES]
    )


def further_sources(sources: Sequence[SourceLine], wording: BriefWording) -> str:
    """Editions that are not listed in full, in one line: their ids."""
    rest = [line.source_id for line in _by_rows(sources)[_MOST_SOURCES:]]
    return wording.brief("further_sources", count=len(rest), listed=", ".join(rest)) if rest else ""


def _by_rows(sources: Sequence[SourceLine]) -> list[SourceLine]:
    return sorted(sources, key=lambda line: (-line.used, line.source_id))


def _maker(one: Exposure, wording: BriefWording) -> str:
    return wording.brief("not_known") if one.maker is None else _share(one.maker, wording)


def _direct(one: Exposure, region: str, wording: BriefWording) -> str:
    """The largest supplier; that nobody outside the EU reaches a hundredth; or that it is not known."""
    if region in one.direct:
        return _share(one.direct[region], wording)
    if one.untold.get(region) == "nothing_used_in_region":
        return wording.brief("no_use")
    return wording.brief("not_known" if region in one.untold else "below_one")


def _share(share: Share | None, wording: BriefWording) -> str:
    if share is None:
        return _NONE
    told = wording.share_cell(*share.range)
    if share.without_range is not None:
        told = wording.share_without_range(share.value, share.without_range)
    return f"{wording.short_place(share.country)} {told}"


def _days(one: Effect, before: float, wording: BriefWording) -> str:
    if one.days is None:
        return _NONE
    return wording.brief("same") if abs(one.days - before) < SHOWN_DAYS else wording.format_days(one.days)


def _avoided(one: Effect, wording: BriefWording) -> str:
    return wording.with_interval(*(wording.format_millions(part) for part in one.avoided))
