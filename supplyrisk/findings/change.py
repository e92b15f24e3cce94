"""Findings on what changed between two quarters, by reason; that nothing changed is a finding too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from supplyrisk.findings.finding import Confidence, Finding, score_key
from supplyrisk.scores.change import ChangeClass

TOPIC = "change"
HEADLINE_METRICS = (
    "hhi",
    "top1_share",
    "hhi_series",
    "supply_risk_live",
    "import_dependence",
    "sourcing_hhi",
    "n_minus_one",
    "value_added_share",
    "value_added_share_made",
)
"""Metrics that are shown first and from which the example of a sentence is taken."""

_EXAMPLES = {
    ChangeClass.real_change: "high",
    ChangeClass.data_revision: "high",
    ChangeClass.not_split: "medium",
    ChangeClass.method_change: "high",
}
_COUNTED = (
    ChangeClass.sampling_noise,
    ChangeClass.new_coverage,
    ChangeClass.coverage_lost,
    ChangeClass.not_listed,
)
_IN_ONE = (ChangeClass.new_coverage, ChangeClass.coverage_lost, ChangeClass.not_listed)
_OF_EXAMPLE = (
    "metric", "scenario", "product_id", "material_id", "stage", "scope", "country", "end_product", "unit", "before",
)  # fmt: skip


def change_findings(changes: pl.DataFrame, before: str, after: str, is_kept: bool) -> Iterator[Finding]:
    """Findings in the order of a page; ``changes`` as of scores.change, ``is_kept``: the older report is known."""
    counts = dict(changes.group_by("class").len().iter_rows())
    same = counts.get(ChangeClass.no_change.value, 0)
    quarters = {"older": before, "newer": after}
    single = sum(counts.get(reason.value, 0) for reason in _IN_ONE)
    compared = changes.height - single
    numbers = {**quarters, "total": changes.height, "same": same}
    numbers |= {"compared": compared, "changed": compared - same, "single": single}
    yield _finding("none" if same == changes.height else "counts", numbers)
    if not is_kept:
        yield _finding("method_unseen", quarters, confidence="low")
    elif ChangeClass.method_change.value not in counts:
        yield _finding("method_none", quarters)
    for reason, confidence in _EXAMPLES.items():
        rows = changes.filter(pl.col("class") == reason.value)
        shown = rows.filter(pl.col("metric").is_in(HEADLINE_METRICS))
        # The largest of the headline metrics; where none of them changed so, the largest of all.
        for row in (rows if shown.is_empty() else shown).head(1).iter_rows(named=True):
            yield _example(reason, rows.height, row, "high" if confidence == "high" else "medium")
        if rows.is_empty() and reason is ChangeClass.real_change and same < changes.height:
            yield _finding("real_none", quarters)
    for reason in _COUNTED:
        if count := counts.get(reason.value, 0):
            yield _finding(reason.value, {"count": count})


def _example(reason: ChangeClass, count: int, row: Mapping[str, Any], confidence: Confidence) -> Finding:
    names = (*_OF_EXAMPLE, "after", "change", reason.value, "year_before", "year_after")
    numbers = {"count": count, "part": row[reason.value], **{name: row[name] for name in names}}
    key = score_key({**row, "year": row["year_after"]})
    return Finding(TOPIC, f"change_{reason.value}", numbers, (key,), confidence)


def _finding(message: str, numbers: Mapping[str, Any], confidence: Confidence = "high") -> Finding:
    return Finding(TOPIC, f"change_{message}", numbers, (), confidence)
