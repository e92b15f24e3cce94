"""A policy brief as a document: message, why now, exposure, what if, what helps, limits, sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

import supplyrisk
from supplyrisk.findings.brief import SHOWN_DAYS
from supplyrisk.findings.exposure import Exposure
from supplyrisk.findings.finding import Finding
from supplyrisk.mitigation.value_path_tables import NO_FIGURE
from supplyrisk.report.brief_given import BriefGiven, BriefWording
from supplyrisk.report.brief_tables import exposure_table, further_sources, measure_table, source_lines, value_table
from supplyrisk.report.brief_topics import MAGNETS, VALUE_ADDED, Topic
from supplyrisk.report.compose import names_in, section_title
from supplyrisk.report.content import Figure
from supplyrisk.report.document import Block, Bullets, Document, Findings, Item, Paragraph, Section
from supplyrisk.report.value_path_part import plan_table

_OTHER_SCENARIOS = 2
_OF_ITS_OWN = ("exposure", "whatif", "helps")
"""Parts that have a title of their own in the brief on value added."""
_NAMES_THE_BEST = ("help_most", "help_most_doubtful")


def brief_wording(
    language: str, tables: Mapping[str, pl.DataFrame], titles: Mapping[str, Mapping[str, str]]
) -> BriefWording:
    """Words of a language; ``tables``: countries, products, materials and sources."""
    return BriefWording(language, names_in(language, tables), titles)


def topic_title(topic: Topic, products: pl.DataFrame, wording: BriefWording) -> str:
    """What a topic is called."""
    own = wording.catalogue["brief"]["topics"]
    return str(own[topic.topic_id]) if topic.topic_id in own else section_title(topic.drawn, products, wording)


def compose_brief(given: BriefGiven, title: str, figure: Figure | None, wording: BriefWording) -> Document:
    """The brief on ``title``, with its one chart where there is something to draw."""

    def section(name: str, blocks: Iterator[Block], **look: bool) -> Section:
        about_value = given.topic.topic_id == VALUE_ADDED and name in _OF_ITS_OWN
        return Section(name, wording.brief(f"{name}_value" if about_value else name), tuple(blocks), **look)

    day = wording.page("as_of", day=wording.day(given.as_of))
    lead = (Paragraph(f"{wording.brief('subtitle', quarter=given.quarter)} {day}. {wording.brief('confidence_note')}"),)
    middle = [section("whatif", _whatif(given, wording)), section("helps", _helps(given, wording))]
    if given.topic.topic_id == VALUE_ADDED:
        middle.reverse()
    chapters = (
        section("message", _told(given.message, wording), boxed=True),
        section("why", _told(given.why, wording)),
        section("exposure", _exposure(given, figure, wording)),
        *middle,
        section("cannot", _cannot(given, wording)),
        section("sources", _sources(given, wording), small=True),
    )
    made_with = wording.page("made_with", version=supplyrisk.__version__, run=given.run)
    words = {**wording.catalogue["page"], "print_keys": wording.brief("print_keys")}
    return Document(wording.language, wording.brief("title", topic=title), lead, chapters, made_with, words)


def _told(findings: Sequence[Finding], wording: BriefWording) -> Iterator[Block]:
    if findings:
        yield Findings(wording.told(findings))


def _exposure(given: BriefGiven, figure: Figure | None, wording: BriefWording) -> Iterator[Block]:
    yield from _told(given.exposed, wording)
    value, table = value_table(given, wording), exposure_table(given, wording)
    if value is not None:
        yield Paragraph(wording.brief("value_note"))
        yield value
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
    if given.topic.topic_id == VALUE_ADDED:
        yield from _told(given.whatif, wording)
        note = "plan_note" if given.draws else "plan_note_none"
        yield Paragraph(wording.brief(note, draws=wording.integer(given.draws), sets=given.sets))
        return
    if hardest is None:
        yield Paragraph(wording.brief("no_scenario"))
        return
    kind = "scenario_one" if hardest.touching == 1 else "scenario" if hardest.losses else "scenario_without_loss"
    told = wording.brief(kind, count=hardest.touching, title=wording.format_titled(hardest.scenario_id))
    yield Paragraph(f"{told} {given.summaries[hardest.scenario_id][wording.language]}")
    yield from _told(given.whatif, wording)
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
    if given.topic.topic_id == VALUE_ADDED:
        yield from _way(given, wording)
        return
    if not given.effects:
        why = given.without_measures
        told = wording.brief("no_comparison", reason=wording.not_known(why)) if why else wording.brief("no_measure")
        yield Paragraph(told)
        return
    for finding in given.message:
        if finding.message_id in _NAMES_THE_BEST:
            best = finding.numbers["measure"]
            yield Paragraph(f"{wording.format_titled(best)}: {given.summaries[best][wording.language]}")
    yield from _told(given.helps, wording)
    table = measure_table(given, wording)
    if table is not None:
        yield table
    rest = len(given.effects) - (0 if table is None else len(table.rows))
    note = wording.brief("measure_note", draws=wording.integer(given.draws), sets=given.sets)
    yield Paragraph(" ".join([note, *([wording.brief("measures_rest", count=rest)] if rest else [])]))


def _way(given: BriefGiven, wording: BriefWording) -> Iterator[Block]:
    """The way to the target for European value: in how many cases, with what, and what that leaves out."""
    yield from _told(given.helps, wording)
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


def _cannot(given: BriefGiven, wording: BriefWording) -> Iterator[Block]:
    counts = (("assumed", given.assumed), ("weak", given.weak))
    data = [wording.brief(f"cannot_{name}", count=count, total=len(given.shown)) for name, count in counts if count]
    special = {MAGNETS: "limit_magnets", VALUE_ADDED: "limit_value"}.get(given.topic.topic_id)
    first = " ".join([*data, *([wording.brief(special)] if special else [])])
    texts = [*([first] if first else []), *wording.catalogue["brief"]["cannot_items"]]
    yield Bullets(tuple(Item(text) for text in texts))


def _sources(given: BriefGiven, wording: BriefWording) -> Iterator[Block]:
    yield Paragraph(wording.brief("sources_note", days=wording.number(SHOWN_DAYS, 1)))
    listed = source_lines(given.sources, wording)
    if listed:
        yield Bullets(listed)
    rest = further_sources(given.sources, wording)
    if rest:
        yield Paragraph(rest)
    if given.shown:
        keys = ", ".join(one.product_id for one in given.shown)
        yield Paragraph(wording.brief("keys", keys=keys))
