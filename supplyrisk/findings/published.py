"""Findings on official scores and ours beside them, and on targets of policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from supplyrisk.findings.finding import Finding, confidence_of, score_key
from supplyrisk.scores.criticality.formulas import SUPPLY_RISK_THRESHOLD, one_decimal, reaches_line
from supplyrisk.scores.criticality.live import NO_SERIES
from supplyrisk.scores.criticality.rows import CHANGE, LIVE, SUPPLY_RISK
from supplyrisk.scores.single_country import ABOVE, NOT_DECIDED, NOT_MEASURABLE
from supplyrisk.scores.sourcing import NOTHING_USED

OFFICIAL, TARGETS, SINGLE = "official", "policy_targets", "single_country"
_NAMED = 3
_TOLD_CHANGE = 0.05
"""Part of a change from which it shows in one decimal."""
_COMPARED = ("earlier", "earlier_from", "earlier_until", "later", "later_from", "later_until", "compared")

Row = Mapping[str, Any]


def official_findings(scores: pl.DataFrame) -> Iterator[Finding]:
    """How many materials stand higher and lower than published, which moved most, cross the line, or lack a score.

    Rises and falls, crossings upward and downward are told alike; a crossing with whether the range covers the line, a
    change with the part that rests on our weight of new restrictions.
    """
    live = scores.filter((pl.col("metric") == LIVE) & pl.col("value").is_not_null())
    printed = scores.filter((pl.col("metric") == SUPPLY_RISK) & pl.col("value").is_not_null()).sort("year")
    published = {row["material_id"]: row for row in printed.iter_rows(named=True)}
    scored = live.filter(pl.col("material_id").is_in(list(published)))
    pairs = [(row, published[row["material_id"]]) for row in scored.iter_rows(named=True)]
    if not pairs:
        return
    keys = tuple(score_key(row) for row, _ in pairs)
    confidence = confidence_of([row["quality"] for row, _ in pairs])
    # A change counts only where the whole range lies on one side of the published score, which has one decimal.
    up = [pair for pair in pairs if one_decimal(pair[0]["low"]) > pair[1]["value"]]
    down = [pair for pair in pairs if one_decimal(pair[0]["high"]) < pair[1]["value"]]
    counts = {"count": len(pairs), "up": len(up), "down": len(down), "year": pairs[0][1]["year"]}
    yield Finding(OFFICIAL, "official_moved", counts, keys, confidence)
    of_restrictions = scores.filter(pl.col("metric") == CHANGE["restrictions"])
    restrictions = dict(of_restrictions.select("material_id", "value").iter_rows())
    for row, before in (*_furthest(up), *_furthest(down)):
        numbers = {name: row[name] for name in ("material_id", "value", "low", "high")}
        numbers |= {"published": before["value"], "year": before["year"], "shares": row["year"]}
        message, restricted = "official_change", restrictions.get(row["material_id"])
        if restricted is not None and abs(restricted) >= _TOLD_CHANGE:
            message, numbers["restrictions"] = "official_change_restricted", restricted
        yield Finding(OFFICIAL, message, numbers, (score_key(row), score_key(before)), confidence_of([row["quality"]]))
    for message, is_upward in (("official_crosses", True), ("official_falls_below", False)):
        crossed = [
            (row["material_id"], reaches_line(row["high"]) != reaches_line(row["low"]))
            for row, before in pairs
            if reaches_line(row["value"]) is is_upward and reaches_line(before["value"]) is not is_upward
        ]
        if crossed:
            numbers = {"materials": sorted(crossed), "line": SUPPLY_RISK_THRESHOLD}
            yield Finding(OFFICIAL, message, numbers, keys, confidence)
    every = scores.filter(pl.col("metric") == LIVE)
    without = every.filter(pl.col("value").is_null())
    if without.height:
        told = tuple(score_key(row) for row in without.iter_rows(named=True))
        no_series = without.filter(pl.col("missing_reason") == NO_SERIES).height
        numbers = {"count": without.height, "all": every.height, "no_series": no_series}
        yield Finding(OFFICIAL, "official_without", numbers, told, "high")


def _furthest(pairs: Sequence[tuple[Row, Row]]) -> Sequence[tuple[Row, Row]]:
    """The pairs of today's and the published score that lie furthest apart."""
    return sorted(pairs, key=lambda pair: (-abs(pair[0]["value"] - pair[1]["value"]), pair[0]["material_id"]))[:_NAMED]


def target_findings(targets: pl.DataFrame) -> Iterator[Finding]:
    """The benchmarks over all strategic raw materials together, and imports over the years."""
    for row in targets.sort("target_id").iter_rows(named=True):
        keys = (f"policy_targets/{row['target_id']}",)
        if row["mean"] is not None:
            numbers = {name: _fraction(row[name]) for name in ("target", "mean", "mean_low", "mean_high")}
            numbers |= {"metric": row["metric"], "known": row["with_figures"], "concerned": row["concerned"]}
            message = "policy_recycling"
            if row["value"] is not None:
                numbers |= {name: _fraction(row[name]) for name in ("value", "low", "high")}
                numbers["covered"] = row["value_covered"]
                message = "policy_worth"
            yield Finding(TARGETS, message, numbers, keys, "low")


def single_country_findings(targets: pl.DataFrame, single: pl.DataFrame, regions: Sequence[str]) -> Iterator[Finding]:
    """How many products one country supplies more than the line of, by region, and in imports over the years."""
    for region in regions:
        own = single.filter(pl.col("region") == region)
        count = {name: own.filter(pl.col("verdict") == name).height for name in (ABOVE, NOT_DECIDED, NOT_MEASURABLE)}
        known = own.height - count[NOT_MEASURABLE]
        unused = own.filter(pl.col("missing_reason") == NOTHING_USED).height
        if known:
            numbers = {"region": region, "above": count[ABOVE], "open": count[NOT_DECIDED], "known": known}
            numbers |= {"unknown": count[NOT_MEASURABLE] - unused, "unused": unused, "limit": own["limit"][0]}
            keys = (f"policy_single_country/{region}",)
            yield Finding(SINGLE, "policy_single_country", numbers, keys, confidence_of(own["quality"].to_list()))
    for row in targets.filter(pl.col("compared").is_not_null()).iter_rows(named=True):
        numbers = {name: int(row[name]) for name in _COMPARED} | {"limit": _fraction(row["target"])}
        yield Finding(SINGLE, "policy_imports", numbers, (f"policy_targets/{row['target_id']}",), "medium")


def _fraction(percent: float) -> float:
    return percent / 100.0
