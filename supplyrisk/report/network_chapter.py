"""The chapter on who really makes what a region uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from supplyrisk.findings.finding import Finding
from supplyrisk.findings.network import NETWORK_TOPIC, region_topic
from supplyrisk.findings.region_scores import BASE, RegionScores
from supplyrisk.report.chain_figures import material_figures, value_figure
from supplyrisk.report.check_table import self_sufficiency_table
from supplyrisk.report.content import ChapterPart, Figure, NetworkChapter, RegionPart, Sentence, Table
from supplyrisk.report.melted_part import melted_part
from supplyrisk.report.network_figures import pass_through_figure, value_added_figure
from supplyrisk.report.network_given import NetworkGiven
from supplyrisk.report.network_tables import dispatch_table, hidden_table, sourcing_table, unknown_table
from supplyrisk.report.network_weak import links_table, misfit_table
from supplyrisk.report.outlook_table import outlook_table
from supplyrisk.report.wording import Wording

_NOTED = (
    "network_passed",
    "network_hidden",
    "network_material_pictures",
    "network_sourcing",
    "network_dispatch",
    "network_outlook",
)
"""Parts with a note on how to read them; the others have it in the captions of their figures."""


def network_chapter(
    given: NetworkGiven,
    scores: pl.DataFrame,
    countries: pl.DataFrame,
    stages: Mapping[str, str],
    regions: Sequence[str],
    by_topic: Mapping[str, Sequence[Finding]],
    wording: Wording,
) -> NetworkChapter:
    """The chapter in one language, a part a region; without any product it says that there is nothing to show."""

    def sentences(topic: str) -> tuple[Sentence, ...]:
        return tuple(
            Sentence(wording.sentence(finding), finding.confidence, finding.score_keys)
            for finding in by_topic.get(topic, ())
        )

    weak = sentences(NETWORK_TOPIC)
    if not given.network.products:
        return NetworkChapter(wording.page("network_nothing"), (), weak, ())
    parts = tuple(
        RegionPart(
            anchor=f"network-{region}",
            title=wording.page("network_region", region=wording.format_place(region)),
            sentences=sentences(region_topic(region)),
            parts=tuple(_parts(given, scores, countries, region, stages, wording)),
        )
        for region in regions
    )
    tables = (
        links_table(given.network.links, given.facts.products, wording),
        misfit_table(given.facts.products, wording),
        self_sufficiency_table(given.checks, wording),
    )
    return NetworkChapter(None, parts, weak, tuple(table for table in tables if table is not None))


def _parts(
    given: NetworkGiven,
    scores: pl.DataFrame,
    countries: pl.DataFrame,
    region: str,
    stages: Mapping[str, str],
    wording: Wording,
) -> Iterator[ChapterPart]:
    """Parts of a region in the order of reading; those without anything to show are left out."""
    own, place = RegionScores.of(scores, countries, region), wording.format_place(region)
    outlooks = sorted(set(scores["scenario"]) - {BASE})
    order = {product: place for place, product in enumerate(reversed(given.network.chain.products))}
    evidence = dict(given.facts.products.select("product_id", "evidence").iter_rows())

    def part(
        name: str, figures: Sequence[Figure | None] = (), tables: Sequence[Table | None] = ()
    ) -> Iterator[ChapterPart]:
        shown = tuple(figure for figure in figures if figure is not None)
        listed = tuple(table for table in tables if table is not None)
        if shown or listed:
            note = wording.page(f"{name}_note", region=place) if name in _NOTED else ""
            if name == "network_outlook" and given.outlook_moved:
                moved = wording.format_products(given.outlook_moved)
                note = f"{note} {wording.page('network_outlook_moved', products=moved)}"
            yield ChapterPart(
                f"{name.replace('_', '-')}-{region}", wording.page(name, region=place), note, shown, listed
            )

    yield from part("network_value_picture", [value_figure(given, stages, region, wording)])
    yield from part("network_value", [value_added_figure(own, given, wording)])
    yield from part("network_passed", [pass_through_figure(own, wording)])
    yield from part("network_hidden", tables=[hidden_table(own, wording)])
    for scenario in outlooks:
        later = RegionScores.of(scores, countries, region, scenario)
        yield from part("network_outlook", tables=[outlook_table(own, later, order, wording)])
    yield from part("network_material_pictures", list(material_figures(given, stages, region, wording)))
    yield from part(
        "network_sourcing",
        tables=[sourcing_table(own, evidence, given.facts.use, wording), unknown_table(own, wording)],
    )
    yield from part("network_dispatch", tables=[dispatch_table(own, given.facts.use, wording)])
    melted = None if given.metals is None else melted_part(given.metals, region, wording)
    if melted is not None:
        yield melted
