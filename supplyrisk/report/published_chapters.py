"""The chapters on official scores beside live ones, and on targets of policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from supplyrisk.report.content import Chapter, ChapterPart, Table
from supplyrisk.report.criticality_tables import (
    by_product_table,
    criticality_table,
    dependency_table,
    not_live_table,
    shown_tables,
)
from supplyrisk.report.policy_tables import (
    partners_lines,
    projects_table,
    single_country_lines,
    targets_summary,
    unmeasured_table,
)
from supplyrisk.report.trend_table import trend_table
from supplyrisk.report.wording import Wording


def official_chapter(
    scores: pl.DataFrame, by_products: pl.DataFrame, regions: Sequence[str], wording: Wording
) -> Chapter:
    """Supply risk and economic importance as published, the live score beside them, trade and by-products."""
    return _chapter(
        "official",
        wording,
        {
            "official_scores": [criticality_table(scores, wording), not_live_table(scores, wording)],
            "trade_dependency": [dependency_table(scores, region, wording) for region in regions],
            "trend_tests": [trend_table(scores, wording)],
            "by_products": [by_product_table(scores, by_products, wording)],
        },
    )


def policy_chapter(policy: Mapping[str, pl.DataFrame], regions: Sequence[str], wording: Wording) -> Chapter:
    """Targets, the 65 % benchmark and partners; ``policy``: targets, single_country, partners and projects by name."""
    single = policy["single_country"]
    return _chapter(
        "policy",
        wording,
        {
            "policy_targets": [
                targets_summary(policy["targets"], wording),
                unmeasured_table(policy["targets"], wording),
                projects_table(policy["projects"], wording),
            ],
            "single_country": [single_country_lines(single, region, wording) for region in regions],
            "partners": [partners_lines(policy["partners"], single, region, wording) for region in regions],
        },
    )


def _chapter(name: str, wording: Wording, parts: Mapping[str, Sequence[Table | None]]) -> Chapter:
    shown = {part: shown_tables(tables) for part, tables in parts.items()}
    return Chapter(
        anchor=name,
        title=wording.page(name),
        lead=wording.page(f"{name}_lead"),
        parts=tuple(
            ChapterPart(part.replace("_", "-"), wording.page(part), wording.page(f"{part}_note"), (), tables)
            for part, tables in shown.items()
            if tables
        ),
    )
