"""The document of a quarterly report: every chapter of its content as blocks, in the order of the pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from supplyrisk.report.content import (
    AlertsChapter,
    ChangeChapter,
    Chapter,
    ChapterPart,
    DisruptionChapter,
    MaterialPart,
    NetworkChapter,
    RegionPart,
    ReportContent,
    RiskChapter,
    Sentence,
    SourceLine,
    Table,
    WhatIfPart,
)
from supplyrisk.report.document import (
    Block,
    Bullets,
    Document,
    Findings,
    Heading,
    Item,
    Paragraph,
    Section,
)


def outline(report: ReportContent) -> Document:
    """The report as a document."""
    words = report.page

    def text(key: str) -> str:
        return str(words[key])

    def section(name: str, *blocks: Block) -> Section:
        return Section(name, text(name), (Paragraph(text(f"{name}_lead")), *blocks))

    chapters = [
        section("headlines", Findings(report.headlines, numbered=True)),
        Section(report.alerts.anchor, report.alerts.title, tuple(_alerts(report.alerts))),
        Section(report.changes.anchor, report.changes.title, tuple(_changes(report.changes))),
        Section("cannot", text("cannot"), (_bullets(report.cannot),), boxed=True),
        section("network", *_network(report.network, report)),
        _chapter(report.official),
        _chapter(report.policy),
        Section(report.risk.anchor, report.risk.title, tuple(_risk(report.risk))),
        _chapter(report.measures),
        Section(report.disruption.anchor, report.disruption.title, tuple(_disruption(report.disruption, report))),
        section("ranking", report.ranking_figure, report.ranking),
        section("heat", report.heat_figure),
        section("battery", report.battery_figure),
    ]
    if report.trend_figure is not None:
        chapters.append(section("trends", report.trend_figure))
    parts = Bullets(tuple(Item(part.title, anchor=part.anchor) for part in report.materials))
    materials = [block for part in report.materials for block in _material(part, text("onward"))]
    chapters += [
        section("materials", parts, *materials),
        section("quality", *report.quality),
        section("sources", _sources(report.sources, report)),
    ]
    lead = (Paragraph(text("subtitle")), Paragraph(f"{report.as_of}. {text('vintage')}"))
    return Document(report.language, report.title, lead, tuple(chapters), report.made_with, words)


def whatif_blocks(part: WhatIfPart, level: int) -> Iterator[Block]:
    """One scenario below a heading of its own; regions stand at ``level``."""
    yield Paragraph(part.summary)
    for region, items in part.sentences.items():
        if items:
            yield Heading(level, region)
            yield Findings(items)
    if part.figure:
        yield part.figure
    yield from part.tables


def _bullets(texts: Iterable[str]) -> Bullets:
    return Bullets(tuple(Item(text) for text in texts))


def _findings(items: Sequence[Sentence]) -> Iterator[Block]:
    if items:
        yield Findings(tuple(items))


def _changes(chapter: ChangeChapter) -> Iterator[Block]:
    yield from _findings(chapter.sentences)
    yield from (Paragraph(note) for note in chapter.notes)
    yield from chapter.tables


def _alerts(chapter: AlertsChapter) -> Iterator[Block]:
    yield Paragraph(chapter.lead)
    yield from (Paragraph(gap, strong=True) for gap in chapter.gaps)
    yield from _findings(chapter.sentences)
    if chapter.rest:
        yield Paragraph(chapter.rest)
    yield from chapter.tables


def _part(part: ChapterPart, level: int) -> Iterator[Block]:
    yield Heading(level, part.title, part.anchor)
    yield from _findings(part.sentences)
    if part.note:
        yield Paragraph(part.note)
    yield from part.figures
    yield from part.tables


def _chapter(chapter: Chapter) -> Section:
    parts = [block for part in chapter.parts for block in _part(part, 3)]
    return Section(chapter.anchor, chapter.title, (Paragraph(chapter.lead), *parts))


def _region(region: RegionPart) -> Iterator[Block]:
    yield Heading(3, region.title, region.anchor)
    yield from _findings(region.sentences)
    for part in region.parts:
        yield from _part(part, 4)


def _network(chapter: NetworkChapter, report: ReportContent) -> Iterator[Block]:
    weak = str(report.page["network_weak"])
    if chapter.gap:
        yield Paragraph(chapter.gap, strong=True)
    regions = [Item(region.title, anchor=region.anchor) for region in chapter.regions]
    yield Bullets((*regions, Item(weak, anchor="network-weak")))
    for region in chapter.regions:
        yield from _region(region)
    yield Heading(3, weak, "network-weak")
    yield Paragraph(str(report.page["network_weak_lead"]))
    yield from _findings(chapter.weak_sentences)
    yield Paragraph(str(report.page["network_misfits_note"]))
    yield from chapter.weak_tables
    yield Paragraph(str(report.page["network_files"]))


def _risk(chapter: RiskChapter) -> Iterator[Block]:
    yield Paragraph(chapter.lead)
    if chapter.gap:
        yield Paragraph(chapter.gap, strong=True)
    for region in chapter.regions:
        yield from _region(region)
    for part in chapter.validation:
        yield from _part(part, 3)
    if chapter.cannot:
        yield Heading(3, chapter.cannot_title, "risk-cannot")
        yield _bullets(chapter.cannot)


def _disruption(chapter: DisruptionChapter, report: ReportContent) -> Iterator[Block]:
    yield Paragraph(chapter.lead)
    for part in chapter.choke:
        yield Heading(3, part.title, part.anchor)
        yield Paragraph(part.note)
        yield from (table for table in part.tables if table.rows)
    if chapter.scenarios or chapter.gaps:
        yield Heading(3, str(report.page["disruption_scenarios"]), "scenarios")
        yield Paragraph(chapter.scenarios_note)
    for scenario in chapter.scenarios:
        yield Heading(4, scenario.title, scenario.anchor)
        yield from whatif_blocks(scenario, 5)
    if chapter.gaps:
        yield _bullets(chapter.gaps)


def _material(part: MaterialPart, onward: str) -> Iterator[Block]:
    yield Heading(3, part.title, part.anchor)
    for product in part.products:
        yield Heading(4, product.title, product.anchor, note=product.subtitle)
        yield from _findings(product.sentences)
    if part.onward:
        yield Heading(4, onward, f"{part.anchor}-onward")
        yield Bullets(tuple(Item(item.text, lead=one.title) for one in part.onward for item in one.sentences))
    if part.figure:
        yield part.figure
    for product in part.products:
        if product.rows:
            yield product.rows


def _sources(lines: Sequence[SourceLine], report: ReportContent) -> Table:
    words = report.page
    return Table(
        caption=str(words["sources"]),
        header=("id", *(str(words[key]) for key in ("source", "publisher", "licence", "used_by"))),
        rows=tuple(
            (
                line.source_id,
                line.full_title,
                line.publisher,
                f"{line.licence} · {line.status}",
                str(line.used),
            )
            for line in lines
        ),
        numeric=frozenset({4}),
        anchors=tuple(f"source-{line.source_id}" for line in lines),
        addresses=tuple(line.url for line in lines),
        address_column=1,
    )
