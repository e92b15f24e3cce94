"""Findings on import dependency by trade: how many products a test surely calls dependent, and how many are open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import polars as pl

from supplyrisk.findings.finding import Finding, confidence_of, score_key
from supplyrisk.scores.dependency_scores import FLAG_METRICS, NO_TABLE
from supplyrisk.scores.trade_dependency import CORE, GEODEP

DEPENDENCY = "trade_dependency"
METHODS = (CORE, GEODEP)

Answer = Literal["yes", "open_yes", "open_no", "no", "unknown"]
POSSIBLE: tuple[Answer, ...] = ("yes", "open_yes", "open_no")
"""Answers that do not exclude a dependency, the surest first."""


def answer_of(value: float | None, low: float | None, high: float | None) -> Answer:
    """A test's answer with its ends: ``open_…`` where these differ (and what the central value says), else sure."""
    if value is None:
        return "unknown"
    if low == value == high:
        return "yes" if value == 1.0 else "no"
    return "open_yes" if value == 1.0 else "open_no"


def newest_answers(scores: pl.DataFrame, region: str, method: str) -> pl.DataFrame:
    """Score rows of a method's answer in a region, the newest of each product, with ``answer``; by product."""
    own = scores.filter(
        (pl.col("metric") == FLAG_METRICS[method]) & (pl.col("scope") == region) & (pl.col("scenario") == "base")
    )
    newest = own.sort("year", nulls_last=False).group_by("product_id", maintain_order=True).last().sort("product_id")
    answers = [answer_of(*ends) for ends in newest.select("value", "low", "high").iter_rows()]
    return newest.with_columns(pl.Series("answer", answers, dtype=pl.String))


def dependency_findings(scores: pl.DataFrame, regions: Sequence[str]) -> Iterator[Finding]:
    """Products by answer, of each region and method; open answers are counted apart and never as a yes."""
    for region in regions:
        for method in METHODS:
            found = newest_answers(scores, region, method)
            judged = found.filter(pl.col("answer") != "unknown")
            if judged.is_empty():
                continue
            count = {name: judged.filter(pl.col("answer") == name).height for name in (*POSSIBLE, "no")}
            without = found.filter(pl.col("missing_reason") == NO_TABLE).height
            numbers = {
                "region": region,
                "years": (judged["year"].min(), judged["year"].max()),
                "judged": judged.height,
                "sure": count["yes"],
                "open": count["open_yes"] + count["open_no"],
                "open_yes": count["open_yes"],
                "no": count["no"],
                "unknown": found.height - judged.height - without,
                "without": without,
            }
            keys = tuple(score_key(row) for row in judged.iter_rows(named=True))
            yield Finding(DEPENDENCY, f"dependency_{method}", numbers, keys, confidence_of(judged["quality"].to_list()))
