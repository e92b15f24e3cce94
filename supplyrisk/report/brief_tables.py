"""The compact tables of a policy brief: exposure by tier or by stage of value, measures, sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from supplyrisk.findings.brief import SHOWN_DAYS, Effect
from supplyrisk.findings.exposure import Exposure, Share
from supplyrisk.report.brief_given import BriefGiven, BriefWording
from supplyrisk.report.content import SourceLine, Table

_MILLION = 1e6
_NONE = "–"
_MOST_SOURCES = 5
_PERCENT = "\u00a0%"


def exposure_table(given: BriefGiven, wording: BriefWording) -> Table | None:
    """Who makes what, and what the regions buy from whom; columns of which nothing is known are left out."""
    if not given.shown:
        return None
    lead = given.regions[0]
    place = wording.format_place
    columns: list[tuple[str, Callable[[Exposure], str]]] = [
        (wording.page("product"), lambda one: wording.names.products[one.product_id]),
        (wording.page("largest"), lambda one: _maker(one, wording)),
        (wording.page("hhi"), lambda one: _NONE if one.hhi is None else wording.integer(one.hhi)),
    ]
    for region in given.regions:
        if any(region in one.direct or region not in one.untold for one in given.shown):
            head = wording.capital(wording.brief("buys", region=place(region)))
            columns.append((head, lambda one, region=region: _direct(one, region, wording)))  # type: ignore[misc]
    if any(lead in one.behind for one in given.shown):
        head = wording.brief("behind", region=place(lead))
        columns.append((head, lambda one: _share(one.behind.get(lead), wording)))
    rows = tuple(tuple(cell(one) for _, cell in columns) for one in given.shown)
    caption = wording.brief("exposure_table")
    if len(given.shown) < given.followed:
        caption = wording.brief("exposure_table_part", shown=len(given.shown), followed=given.followed)
    return Table(caption, tuple(head for head, _ in columns), rows, frozenset({2}))


def value_table(given: BriefGiven, wording: BriefWording) -> Table | None:
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
                else _range(one.value, one.low, one.high, wording)
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


def measure_table(given: BriefGiven, wording: BriefWording) -> Table | None:
    """What each measure does in the leading region, and when it can work."""
    if not given.effects:
        return None
    lead = given.regions[0]
    loss = given.hardest.losses.get(lead) if given.hardest is not None else None
    header = [wording.page("measures_measure")]
    if loss is not None:
        header.append(wording.brief("days_with", days=wording.format_days(loss.days)))
    header += [wording.brief("avoided"), wording.page("measures_lead_months")]
    rows = []
    for one in given.effects:
        row = [given.titles[one.measure_id][wording.language]]
        if loss is not None:
            row.append(_days(one, lead, loss.days, wording))
        row += [_avoided(one, lead, wording), wording.integer(one.lead_months)]
        rows.append(tuple(row))
    caption = wording.brief("measure_table", region=wording.format_place(lead))
    return Table(caption, tuple(header), tuple(rows), frozenset(range(1, len(header))))


def further_sources(sources: Sequence[SourceLine], wording: BriefWording) -> str:
    """Editions that are not in the table, in one line: id and number of rows."""
    rest = [f"{line.source_id} {line.used}" for line in _by_rows(sources)[_MOST_SOURCES:]]
    return wording.brief("further_sources", count=len(rest), listed=", ".join(rest)) if rest else ""


def _by_rows(sources: Sequence[SourceLine]) -> list[SourceLine]:
    return sorted(sources, key=lambda line: (-line.used, line.source_id))


def source_table(sources: Sequence[SourceLine], wording: BriefWording) -> Table | None:
    """The editions behind most of the numbers, with their publishers and how many of their rows were used."""
    shown = _by_rows(sources)[:_MOST_SOURCES]
    if not shown:
        return None
    header = (wording.page("source"), wording.page("publisher"), wording.page("used_by"))
    rows = tuple(
        (
            f"{line.title} ({line.edition})" if line.edition else line.title,
            line.publisher,
            str(line.used),
        )
        for line in shown
    )
    return Table(
        wording.brief("source_table"), header, rows, frozenset({2}), addresses=tuple(line.url for line in shown)
    )


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
    return f"{wording.short_place(share.country)} {_range(share.value, share.low, share.high, wording)}"


def _range(value: float, low: float, high: float, wording: BriefWording) -> str:
    told, *ends = (wording.format_percent(part) for part in (value, low, high))
    return told if told == ends[0] == ends[1] else f"{told} ({ends[0].removesuffix(_PERCENT)}–{ends[1]})"


def _days(one: Effect, region: str, before: float, wording: BriefWording) -> str:
    if region not in one.days:
        return _NONE
    after = one.days[region]
    return wording.brief("same") if abs(after - before) < SHOWN_DAYS else wording.format_days(after)


def _avoided(one: Effect, region: str, wording: BriefWording) -> str:
    if region not in one.avoided:
        return _NONE
    value, low, high = (wording.number(round(part / _MILLION, 1) + 0.0, 1) for part in one.avoided[region])
    return f"{value} ({low} … {high})".replace("-", "\u2212")
