"""A policy brief as a document: message, why now, exposure, what if, what helps, limits, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

import supplyrisk
from supplyrisk.disruption.final_use import SHOWN_DAYS
from supplyrisk.report.brief_given import BriefGiven, BriefWording
from supplyrisk.report.brief_supply import supply_sections
from supplyrisk.report.brief_tables import further_sources, source_lines
from supplyrisk.report.brief_topics import Topic
from supplyrisk.report.brief_value import value_sections
from supplyrisk.report.compose import names_in, section_title
from supplyrisk.report.content import Figure
from supplyrisk.report.document import Block, Bullets, Document, Item, Paragraph, Section


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

    def section(name: str, blocks: Iterable[Block], **look: bool) -> Section:
        return Section(name, wording.brief(name), tuple(blocks), **look)

    day = wording.page("as_of", day=wording.day(given.as_of))
    lead = (Paragraph(f"{wording.brief('subtitle', quarter=given.quarter)} {day}. {wording.brief('confidence_note')}"),)
    sections_of_topic = value_sections if given.topic.about_value else supply_sections
    chapters = (
        section("message", wording.findings(given.message), boxed=True),
        section("why", wording.findings(given.why)),
        *sections_of_topic(given, figure, wording),
        section("cannot", _cannot(given, wording)),
        section("sources", _sources(given, wording), small=True),
    )
    made_with = wording.page("made_with", version=supplyrisk.__version__, run=given.run)
    words = {**wording.catalogue["page"], "print_keys": wording.brief("print_keys")}
    return Document(wording.language, wording.brief("title", topic=title), lead, chapters, made_with, words)


def _cannot(given: BriefGiven, wording: BriefWording) -> Iterator[Block]:
    counts = (("assumed", given.assumed), ("weak", given.weak))
    data = [wording.brief(f"cannot_{name}", count=count, total=len(given.shown)) for name, count in counts if count]
    of_topic = wording.catalogue["brief"]["limits"].get(given.topic.topic_id)
    first = " ".join([*data, *([str(of_topic)] if of_topic else [])])
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
