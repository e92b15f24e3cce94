"""Composing the report of one language from findings, scores and rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

import supplyrisk
from supplyrisk.chain.graph import Chain
from supplyrisk.findings.finding import Finding
from supplyrisk.foundation.errors import NotKnown
from supplyrisk.report.alerts_chapter import AlertsGiven, alerts_chapter
from supplyrisk.report.change_part import ChangeGiven, change_chapter
from supplyrisk.report.content import MaterialPart, ProductPart, ReportContent, Sentence, Table
from supplyrisk.report.disruption_chapter import DisruptionGiven, disruption_chapter
from supplyrisk.report.figures import battery_figure, heat_figure, material_figure, ranking_figure, trend_figure
from supplyrisk.report.measures_chapter import MeasuresGiven, measures_chapter
from supplyrisk.report.network_chapter import network_chapter
from supplyrisk.report.network_given import NetworkGiven
from supplyrisk.report.published_chapters import official_chapter, policy_chapter
from supplyrisk.report.quality_annex import quality_tables, source_lines
from supplyrisk.report.ranking import ranking_table
from supplyrisk.report.risk_chapter import RiskGiven, risk_chapter
from supplyrisk.report.sections import MaterialSection, material_sections
from supplyrisk.report.wording import Names, Wording

_SHORT = ("largest_producer", "largest_producers", "product_gap")
"""Findings told of a product that has its own section elsewhere."""


@dataclass(frozen=True)
class ReportInput:
    """What a report is made from.

    ``tables``: data tables by name; ``production``: the rows chosen for the scores; ``scores``: the score table with
    ``is_focus`` (country is a focus region); ``lines``: thresholds by name; ``network_rows``: ids of rows that the
    network rests on; ``policy``: targets, single_country, partners and projects (scores.targets and its neighbours);
    ``disruption``: choke points and scenarios; ``risk``: the simulation, or why there is none; ``measures`` likewise;
    ``alerts``: what stands on top; ``changes`` since the quarter before, None where its report is not kept.
    """

    quarter: str
    as_of: date
    run: str
    scores: pl.DataFrame
    production: pl.DataFrame
    tables: Mapping[str, pl.DataFrame]
    findings: Sequence[Finding]
    chain: Chain
    focus: Sequence[str]
    lines: Mapping[str, float]
    ranked_products: int
    trend_products: Sequence[str]
    network: NetworkGiven
    network_rows: frozenset[str]
    policy: Mapping[str, pl.DataFrame]
    disruption: DisruptionGiven
    risk: RiskGiven | NotKnown
    measures: MeasuresGiven | NotKnown
    alerts: AlertsGiven
    changes: ChangeGiven | None


def names_in(language: str, tables: Mapping[str, pl.DataFrame]) -> Names:
    """Names of countries, products and editions in one language, and of materials where that table is given."""
    column = f"name_{language}"
    titles = tables["sources"].select("source_id", "title", "publisher", "edition")
    return Names(
        countries=dict(tables["countries"].select("iso3", column).iter_rows()),
        products=dict(tables["products"].select("product_id", column).iter_rows()),
        editions={row["source_id"]: edition_name(row) for row in titles.iter_rows(named=True)},
        materials=dict(tables["materials"].select("material_id", column).iter_rows()) if "materials" in tables else {},
    )


def edition_name(source: Mapping[str, str | None]) -> str:
    """Short name of an edition: its title up to the first comma or bracket, with the edition year if it lacks one."""
    title = str(source["title"]).split(" (")[0].split(",")[0]
    edition = source["edition"] or ""
    return title if not edition or edition[:4] in title else f"{title} {edition[:4]}"


def compose_report(given: ReportInput, language: str) -> ReportContent:
    """The report in one language."""
    wording = Wording(language, names_in(language, given.tables))
    page = wording.catalogue["page"]
    by_topic: dict[str, list[Finding]] = {}
    for finding in given.findings:
        by_topic.setdefault(finding.topic, []).append(finding)
    sections = material_sections(given.chain, given.tables["products"], given.tables["materials"])
    return ReportContent(
        language=language,
        page=page,
        title=wording.page("title", quarter=given.quarter),
        as_of=wording.page("as_of", day=wording.day(given.as_of)),
        headlines=tuple(_sentence(wording, finding) for finding in by_topic["headline"]),
        alerts=alerts_chapter(given.alerts, given.as_of, wording),
        changes=change_chapter(given.changes, wording),
        ranking=ranking_table(given.scores, given.focus, wording),
        ranking_figure=ranking_figure(given.scores, given.ranked_products, given.lines["hhi_high"], wording),
        heat_figure=heat_figure(given.production, given.tables, wording),
        battery_figure=battery_figure(given.production, given.tables, wording),
        trend_figure=trend_figure(given.scores, given.trend_products, wording),
        network=network_chapter(
            given.network,
            given.scores,
            given.tables["countries"],
            dict(given.tables["products"].select("product_id", "stage").iter_rows()),
            given.focus,
            by_topic,
            wording,
        ),
        official=official_chapter(given.scores, given.tables, given.focus, wording),
        policy=policy_chapter(given.policy, given.focus, wording),
        disruption=disruption_chapter(given.disruption, wording),
        risk=risk_chapter(given.risk, given.focus, wording),
        measures=measures_chapter(given.measures, given.focus, wording),
        materials=tuple(_material(given, section, by_topic, wording) for section in sections),
        quality=quality_tables(given.scores, wording),
        cannot=tuple(page["cannot_items"]),
        sources=source_lines(given.tables, given.scores, given.network_rows),
        made_with=wording.page("made_with", version=supplyrisk.__version__, run=given.run),
    )


def _sentence(wording: Wording, finding: Finding) -> Sentence:
    return Sentence(wording.sentence(finding), finding.confidence, finding.score_keys)


def _material(
    given: ReportInput, section: MaterialSection, by_topic: Mapping[str, Sequence[Finding]], wording: Wording
) -> MaterialPart:
    products = given.tables["products"]
    stages = dict(products.select("product_id", "stage").iter_rows())
    title = section_title(section, products, wording)

    def part(product: str, full: bool) -> ProductPart:
        chosen = [f for f in by_topic.get(product, ()) if full or f.message_id in _SHORT]
        stage = str(wording.catalogue["stages"][stages[product]])
        return ProductPart(
            anchor=f"{section.section_id}-{product}",
            title=wording.names.products[product],
            subtitle=stage,
            sentences=tuple(_sentence(wording, finding) for finding in chosen),
            rows=production_rows(given.production, product, wording) if full else None,
        )

    return MaterialPart(
        anchor=f"material-{section.section_id}",
        title=title,
        figure=material_figure(given.production, given.tables, section, title, wording),
        products=tuple(part(product, True) for product in section.own),
        onward=tuple(part(product, False) for product in section.onward),
    )


def section_title(section: MaterialSection, products: pl.DataFrame, wording: Wording) -> str:
    """Names of the materials of a section's own products; the mixed section is named after its chain."""
    if section.section_id == "mixed":
        return str(wording.catalogue["chains"]["battery"])
    material_of = dict(products.select("product_id", "material_id").iter_rows())
    return " · ".join(dict.fromkeys(wording.names.materials[material_of[product]] for product in section.own))


def production_rows(production: pl.DataFrame, product: str, wording: Wording) -> Table | None:
    """Rows behind a product's scores, largest first; None when it has none."""
    rows = production.filter(pl.col("product_id") == product).sort("value", "iso3", descending=[True, False])
    if rows.is_empty():
        return None
    total = rows["value"].sum()
    page: Callable[[str], str] = wording.page
    header = tuple(page(key) for key in ("country", "output", "unit", "share", "year", "grade", "sources", "row_id"))
    return Table(
        caption=f"{page('rows')}: {wording.names.products[product]}",
        header=header,
        rows=tuple(
            (
                wording.names.countries[row["iso3"]],
                wording.quantity(row["value"]),
                row["unit"],
                wording.format_percent1(row["value"] / total),
                str(row["year"]),
                row["quality"],
                row["source_ids"].replace(";", "; "),
                row["row_id"],
            )
            for row in rows.iter_rows(named=True)
        ),
        numeric=frozenset({1, 3, 4}),
        folded=True,
    )
