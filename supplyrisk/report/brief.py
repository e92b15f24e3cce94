"""A policy brief as a document: message, why now, exposure, what if, what helps, limits, sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

import supplyrisk
from supplyrisk.findings.brief import SHOWN_DAYS
from supplyrisk.report.brief_given import BriefGiven, BriefWording
from supplyrisk.report.brief_tables import exposure_table, further_sources, measure_table, source_table, value_table
from supplyrisk.report.brief_topics import MAGNETS, VALUE_ADDED, Topic
from supplyrisk.report.compose import names_in, section_title
from supplyrisk.report.content import Figure
from supplyrisk.report.document import Block, Bullets, Document, Findings, Item, Paragraph, Section
from supplyrisk.report.value_path_part import path_note

_OTHER_SCENARIOS = 2


def brief_wording(
    language: str, tables: Mapping[str, pl.DataFrame], titles: Mapping[str, Mapping[str, str]]
) -> BriefWording:
    """Words of a language; ``tables``: countries, products, materials and sources."""
    materials = dict(tables["materials"].select("material_id", f"name_{language}").iter_rows())
    return BriefWording(language, names_in(language, tables), materials, titles)


def topic_title(topic: Topic, tables: Mapping[str, pl.DataFrame], wording: BriefWording) -> str:
    """What a topic is called."""
    own = wording.catalogue["brief"]["topics"]
    return str(own[topic.topic_id]) if topic.topic_id in own else section_title(topic.drawn, tables, wording)


def compose_brief(given: BriefGiven, title: str, figure: Figure | None, wording: BriefWording) -> Document:
    """The brief on ``title``, with its one chart where there is something to draw."""

    def section(name: str, blocks: Iterator[Block], boxed: bool = False) -> Section:
        return Section(name, wording.brief(name), tuple(blocks), boxed)

    lead = (
        Paragraph(wording.brief("subtitle", quarter=given.quarter)),
        Paragraph(f"{wording.page('as_of', day=wording.day(given.as_of))}. {wording.brief('confidence_note')}"),
    )
    chapters = (
        section("message", _message(given, wording), boxed=True),
        section("why", _why(given, wording)),
        section("exposure", _exposure(given, figure, wording)),
        section("whatif", _whatif(given, wording)),
        section("helps", _helps(given, wording)),
        section("cannot", _cannot(given, wording)),
        section("sources", _sources(given, wording)),
    )
    made_with = wording.page("made_with", version=supplyrisk.__version__, run=given.run)
    words = {**wording.catalogue["page"], "print_keys": wording.brief("print_keys")}
    return Document(wording.language, wording.brief("title", topic=title), lead, chapters, made_with, words)


def _message(given: BriefGiven, wording: BriefWording) -> Iterator[Block]:
    yield Findings(wording.told(given.message))


def _why(given: BriefGiven, wording: BriefWording) -> Iterator[Block]:
    yield Findings(wording.told(given.why))


def _exposure(given: BriefGiven, figure: Figure | None, wording: BriefWording) -> Iterator[Block]:
    value = value_table(given, wording)
    if value is not None:
        yield Paragraph(wording.brief("value_note"))
        yield value
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
            regions=f" {wording.catalogue['words']['and']} ".join(places),
            products=wording.format_products(names),
            reason=wording.format_reason(reason),
        )
        for (reason, names), places in gaps.items()
    ]
    return " ".join([wording.brief("exposure_note"), *told])


def _whatif(given: BriefGiven, wording: BriefWording) -> Iterator[Block]:
    hardest = given.hardest
    if hardest is None:
        yield Paragraph(wording.brief("no_scenario"))
        return
    kind = "scenario_one" if hardest.touching == 1 else "scenario" if hardest.losses else "scenario_without_loss"
    told = wording.brief(kind, count=hardest.touching, title=wording.format_titled(hardest.scenario_id))
    yield Paragraph(f"{told} {given.summaries[hardest.scenario_id][wording.language]}")
    yield Findings(wording.told(given.whatif))
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
    yield Paragraph(wording.brief("scenario_note"))


def _helps(given: BriefGiven, wording: BriefWording) -> Iterator[Block]:
    table = measure_table(given, wording)
    if given.path is not None:
        yield Paragraph(path_note(given.path, given.regions[0], wording))
    if table is None:
        reason = given.without_measures
        yield Paragraph(wording.brief("no_comparison", reason=reason) if reason else wording.brief("no_measure"))
        return
    if given.helps:
        yield Findings(wording.told(given.helps))
    yield table
    yield Paragraph(wording.brief("measure_note", draws=wording.integer(given.draws), sets=given.sets))


def _cannot(given: BriefGiven, wording: BriefWording) -> Iterator[Block]:
    items = [Item(wording.brief(f"cannot_{name}", products=wording.format_products(listed))) for name, listed in (
        ("assumed", given.assumed), ("weak", given.weak)) if listed]  # fmt: skip
    items += [Item(text) for text in wording.catalogue["brief"]["cannot_items"]]
    if given.topic.topic_id == VALUE_ADDED:
        items.append(Item(wording.brief("cannot_value")))
    if given.topic.topic_id == MAGNETS:
        items.append(Item(wording.brief("cannot_magnets")))
    yield Bullets(tuple(items))


def _sources(given: BriefGiven, wording: BriefWording) -> Iterator[Block]:
    table = source_table(given.sources, wording)
    yield Paragraph(wording.brief("sources_note", day=wording.day(given.as_of), days=wording.number(SHOWN_DAYS, 1)))
    if table is not None:
        yield table
    if given.shown:
        keys = ", ".join(one.product_id for one in given.shown)
        yield Paragraph(wording.brief("keys", keys=keys, regions=", ".join(given.regions)))
    rest = further_sources(given.sources, wording)
    if rest:
        yield Paragraph(rest)
