"""The chapters on official scores beside live ones, and on targets of policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from supplyrisk.findings.dependency import dependency_findings
from supplyrisk.findings.finding import Finding
from supplyrisk.findings.live_reach import live_reach
from supplyrisk.findings.published import official_findings, single_country_findings, target_findings
from supplyrisk.report.content import Chapter, ChapterPart, Figure, Sentence, Table
from supplyrisk.report.criticality_tables import (
    by_product_table,
    change_table,
    criticality_table,
    not_live_table,
    partial_table,
    shown_tables,
    standing_table,
)
from supplyrisk.report.dependency_tables import dependency_tables
from supplyrisk.report.policy_tables import (
    imports_table,
    partners_lines,
    projects_table,
    single_country_lines,
    targets_summary,
    together_table,
    trend_gaps_table,
    unmeasured_products,
    unmeasured_table,
)
from supplyrisk.report.published_figures import official_figure, single_country_figure
from supplyrisk.report.trend_table import trend_table
from supplyrisk.report.wording import Wording
from supplyrisk.scores.criticality.formulas import ECONOMIC_IMPORTANCE_THRESHOLD, SUPPLY_RISK_THRESHOLD
from supplyrisk.scores.target_measures import TOGETHER


def official_chapter(
    scores: pl.DataFrame, tables: Mapping[str, pl.DataFrame], regions: Sequence[str], wording: Wording
) -> Chapter:
    """Supply risk and economic importance as published, the live score beside them, trade and by-products.

    ``tables``: by_products and governance by name.
    """
    return _chapter(
        "official",
        wording,
        {
            "official_scores": [
                criticality_table(scores, wording),
                change_table(scores, wording),
                standing_table(scores, wording),
                not_live_table(scores, wording),
                partial_table(scores, wording),
            ],
            "trade_dependency": dependency_tables(scores, regions, wording),
            "trend_tests": [trend_table(scores, wording)],
            "by_products": [by_product_table(scores, tables["by_products"], wording)],
        },
        [*official_findings(scores), *dependency_findings(scores, regions)],
        {"official_scores": official_figure(scores, wording)},
        {
            "risk": wording.number(SUPPLY_RISK_THRESHOLD, 1),
            "importance": wording.number(ECONOMIC_IMPORTANCE_THRESHOLD, 1),
            "reach": _reach(scores, tables["governance"], wording),
        },
    )


def _reach(scores: pl.DataFrame, governance: pl.DataFrame, wording: Wording) -> str:
    """How late each part of the updated score is, to follow a note; empty where there is no such score."""
    found = live_reach(scores, governance)
    if found is None:
        return ""
    told = wording.page(
        "live_reach",
        shares=wording.format_years(found.shares),
        governance=found.governance,
        day=wording.day(found.restrictions),
    )
    return f" {told}"


def policy_chapter(policy: Mapping[str, pl.DataFrame], regions: Sequence[str], wording: Wording) -> Chapter:
    """Targets, the share of one third country against its limit, and partners.

    ``policy``: targets, single_country, imports, partners and projects by name.
    """
    targets, single = policy["targets"], policy["single_country"]
    return _chapter(
        "policy",
        wording,
        {
            "policy_targets": [
                targets_summary(targets, wording),
                together_table(targets, wording),
                trend_gaps_table(targets, wording),
                unmeasured_table(targets, wording),
                projects_table(policy["projects"], wording),
            ],
            "single_country": [
                *(
                    table(single, region, wording)
                    for region in regions
                    for table in (single_country_lines, unmeasured_products)
                ),
                imports_table(policy["imports"], wording),
            ],
            "partners": [partners_lines(policy["partners"], single, region, wording) for region in regions],
        },
        [*target_findings(targets), *single_country_findings(targets, single, regions)],
        {"single_country": single_country_figure(single, regions[0], wording)},
        {"benchmarks": _benchmarks(targets, wording), "limit": _limit(single, wording)},
    )


def _benchmarks(targets: pl.DataFrame, wording: Wording) -> str:
    """The lines over all strategic raw materials together in brackets, as (10 %, 40 % and 25 %); empty without any."""
    told = targets.filter(pl.col("metric").is_in(TOGETHER) & pl.col("target").is_not_null()).sort("target_id")
    lines = [wording.format_percent(target / 100.0) for target in told["target"].unique(maintain_order=True)]
    return f" ({wording.listed(lines)})" if lines else ""


def _limit(single: pl.DataFrame, wording: Wording) -> str:
    """The limit that the verdicts on one third country are given by."""
    limits = single["limit"].drop_nulls()
    return "–" if limits.is_empty() else wording.format_percent(limits[0])


def _chapter(
    name: str,
    wording: Wording,
    parts: Mapping[str, Sequence[Table | None]],
    findings: Iterable[Finding],
    figures: Mapping[str, Figure | None],
    numbers: Mapping[str, str],
) -> Chapter:
    """``findings`` go to the part named by their topic, ``official`` to the first; ``figures`` are by part.

    ``numbers`` stand in the notes.
    """
    shown = {part: shown_tables(tables) for part, tables in parts.items()}
    first = next(iter(parts))
    said: dict[str, list[Sentence]] = {}
    for found in findings:
        place = found.topic if found.topic in parts else first
        said.setdefault(place, []).append(Sentence(wording.sentence(found), found.confidence, found.score_keys))
    return Chapter(
        anchor=name,
        title=wording.page(name),
        lead=wording.page(f"{name}_lead"),
        parts=tuple(
            ChapterPart(
                part.replace("_", "-"),
                wording.page(part),
                wording.page(f"{part}_note", **numbers),
                () if (figure := figures.get(part)) is None else (figure,),
                tables,
                tuple(said.get(part, ())),
            )
            for part, tables in shown.items()
            if tables
        ),
    )
