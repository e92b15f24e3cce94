"""What a policy brief says of supply: exposure tier by tier, the scenario that hits hardest, and measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from supplyrisk.findings.brief_measures import matters
from supplyrisk.findings.exposure import Exposure
from supplyrisk.report.brief_given import BriefGiven, BriefWording
from supplyrisk.report.brief_tables import exposure_table, measure_table, shown_effects
from supplyrisk.report.content import Figure
from supplyrisk.report.document import Block, Paragraph, Section

_OTHER_SCENARIOS = 2
_NAMES_THE_BEST = ("help_most", "help_most_doubtful", "help_several", "help_several_doubtful")


def supply_sections(given: BriefGiven, figure: Figure | None, wording: BriefWording) -> tuple[Section, ...]:
    """Exposure with the chart where there is one, what if, and what helps."""
    parts = {
        "exposure": _exposure(given, figure, wording),
        "whatif": _whatif(given, wording),
        "helps": _helps(given, wording),
    }
    return tuple(Section(name, wording.brief(name), tuple(blocks)) for name, blocks in parts.items())


def _exposure(given: BriefGiven, figure: Figure | None, wording: BriefWording) -> Iterator[Block]:
    yield from wording.findings(given.exposed)
    table = exposure_table(given, wording)
    if table is not None:
        yield Paragraph(_exposure_note(given, wording))
        yield table
    if figure is not None:
        yield figure


def _exposure_note(given: BriefGiven, wording: BriefWording) -> str:
    """How to read the table, and for which regions nothing can be said, with the reasons."""
    gaps: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for region in given.regions:
        untold = {one.product_id: one.untold[region] for one in given.shown if region in one.untold}
        for reason in sorted(set(untold.values()) - {"nothing_used_in_region"}):
            names = tuple(product for product, why in untold.items() if why == reason)
            gaps.setdefault((reason, names), []).append(wording.format_place(region))
    told = [
        wording.brief(
            "untold",
            regions=wording.listed(places),
            products=wording.format_products(names),
            reason=wording.format_reason(reason),
        )
        for (reason, names), places in gaps.items()
    ]
    bought = any(one.direct or one.behind for one in given.shown)
    note = wording.brief("exposure_note" if bought else "exposure_note_world", years=_years(given.shown))
    return " ".join([note, *told])


def _years(shown: Sequence[Exposure]) -> str:
    """First and last year of the shares in the table."""
    parts = [part for one in shown for part in (one.maker, *one.direct.values(), *one.behind.values())]
    years = sorted({part.year for part in parts if part is not None})
    return "–".join(str(year) for year in dict.fromkeys((*years[:1], *years[-1:])))


def _whatif(given: BriefGiven, wording: BriefWording) -> Iterator[Block]:
    hardest = given.hardest
    if hardest is None:
        yield Paragraph(wording.brief("no_scenario"))
        return
    kind = "scenario_one" if hardest.touching == 1 else "scenario" if hardest.losses else "scenario_without_loss"
    told = wording.brief(kind, count=hardest.touching, title=wording.format_titled(hardest.scenario_id))
    yield Paragraph(f"{told} {given.summaries[hardest.scenario_id][wording.language]}")
    yield from wording.findings(given.whatif)
    others = hardest.others[:_OTHER_SCENARIOS]
    if others:
        listed = "; ".join(
            wording.brief(
                "other_scenario",
                title=wording.format_titled(name),
                days=wording.format_days(days),
                product=wording.format_product(product),
            )
            for name, days, product in others
        )
        yield Paragraph(wording.brief("others_lose", region=wording.format_place(given.regions[0]), listed=listed))


def _helps(given: BriefGiven, wording: BriefWording) -> Iterator[Block]:
    if not given.effects:
        why = given.without_measures
        told = wording.brief("no_comparison", reason=wording.not_known(why)) if why else wording.brief("no_measure")
        yield Paragraph(told)
        return
    for finding in given.message:
        if finding.message_id in _NAMES_THE_BEST:
            best = finding.numbers["measure"]
            yield Paragraph(f"{wording.format_titled(best)}: {given.summaries[best][wording.language]}")
    yield from wording.findings(given.helps)
    table = measure_table(given, wording)
    if table is not None:
        yield table
    note = wording.drawn("measure_note", "measure_leaders", given.drawn)
    yield Paragraph(" ".join([note, *_later(given, wording), *_not_shown(given, wording)]))


def _later(given: BriefGiven, wording: BriefWording) -> Iterator[str]:
    """Which measures of the table rest on figures of a later day."""
    names = [one.measure_id for one in shown_effects(given) if one.measure_id in given.later]
    if names:
        yield wording.page("measures_later", names=wording.format_titles(names))


def _not_shown(given: BriefGiven, wording: BriefWording) -> Iterator[str]:
    """How many measures the table has no room for, and how many change little."""
    shown = shown_effects(given)
    left = [one for one in given.effects if one not in shown]
    no_room = sum(matters(one, given.hardest, given.regions[0]) for one in left)
    counts = {"measures_no_room": no_room, "measures_rest": len(left) - no_room}
    yield from (wording.brief(key, count=count) for key, count in counts.items() if count)
