"""Findings on one product: who makes it, how concentrated that is, what the focus regions make, reserves, the trend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from supplyrisk.findings.finding import Finding, confidence_of, score_key
from supplyrisk.network.places import EU_REGION

Score = Mapping[str, Any]

EQUAL_SHARE = 1e-9
"""Shares closer than this are the same: they come from equal printed figures."""
SHORTEST_STRETCH = 5
"""Years that one edition must cover before its first and last are compared."""


def product_findings(scores: pl.DataFrame, product_id: str) -> Iterator[Finding]:
    """Findings on a product in the order a reader needs them; a missing score becomes a finding with its reason."""
    own = scores.filter(pl.col("product_id") == product_id)
    by_metric = {row["metric"]: row for row in own.filter(pl.col("metric") != "hhi_series").iter_rows(named=True)}
    yield from _reserves(product_id, by_metric)
    if by_metric["hhi"]["value"] is None:
        yield Finding(
            product_id, "product_gap", {"product": product_id, "reason": by_metric["hhi"]["missing_reason"]}, (), "high"
        )
        return
    yield _largest(product_id, by_metric, own)
    yield _concentration(product_id, by_metric, scores)
    yield from _regions(product_id, own)
    yield from _governance(product_id, by_metric)
    yield from _trend(product_id, own)
    yield from _quality(product_id, by_metric["hhi"])


def _largest(product_id: str, by_metric: Mapping[str, Score], own: pl.DataFrame) -> Finding:
    """Who makes most: one country, all of those that make equally much, or not known."""
    top = by_metric["top1_share"]
    if top["value"] is None:
        return Finding(
            product_id,
            "largest_unknown",
            {"product": product_id, "year": top["year"], "reason": top["missing_reason"]},
            (score_key(top),),
            "low",
        )
    numbers = {
        "product": product_id,
        "country": top["country"],
        "share": top["value"],
        "low": top["low"],
        "high": top["high"],
        "year": top["year"],
        "edition": top["edition"],
    }
    message, equal = "largest_producer", _equal_to(top, own)
    if len(equal) > 1:
        message = "largest_producers"
        numbers["countries"] = equal
        del numbers["country"]
    return Finding(product_id, message, numbers, (score_key(top),), confidence_of([top["quality"]]))


def _equal_to(top: Score, own: pl.DataFrame) -> list[str]:
    """Countries whose share of world output is the largest; one that stands second by the alphabet alone is one too."""
    shares = own.filter((pl.col("metric") == "share_of_world_output") & (pl.col("country") != EU_REGION))
    return shares.filter((pl.col("value") - top["value"]).abs() < EQUAL_SHARE)["country"].sort().to_list()


def _concentration(product_id: str, by_metric: Mapping[str, Score], scores: pl.DataFrame) -> Finding:
    hhi, effective = by_metric["hhi"], by_metric["effective_suppliers"]
    ranked = scores.filter((pl.col("metric") == "hhi") & pl.col("rank").is_not_null()).height
    numbers = {
        "product": product_id,
        "hhi": hhi["value"],
        "low": hhi["low"],
        "high": hhi["high"],
        "effective": effective["value"],
        "rank": hhi["rank"],
        "rank_low": hhi["rank_low"],
        "rank_high": hhi["rank_high"],
        "count": ranked,
    }
    return Finding(
        product_id, "concentration", numbers, (score_key(hhi), score_key(effective)), confidence_of([hhi["quality"]])
    )


def _regions(product_id: str, own: pl.DataFrame) -> Iterator[Finding]:
    regions = own.filter((pl.col("metric") == "share_of_world_output") & pl.col("is_focus"))
    for row in regions.iter_rows(named=True):
        numbers: dict[str, Any] = {
            "product": product_id,
            "region": row["country"],
            "share": row["value"],
            "high": row["high"],
        }
        if row["value"] is None:
            message = "region_not_named"
        elif row["value"] == 0.0:
            message = "region_none"
        else:
            message = "region_share"
            numbers["low"] = row["low"]
        yield Finding(product_id, message, numbers, (score_key(row),), confidence_of([row["quality"]]))


def _governance(product_id: str, by_metric: Mapping[str, Score]) -> Iterator[Finding]:
    row = by_metric["hhi_governance"]
    if row["value"] is None:
        yield Finding(
            product_id,
            "governance_gap",
            {"product": product_id, "reason": row["missing_reason"]},
            (score_key(row),),
            "high",
        )
        return
    numbers = {
        "product": product_id,
        "value": row["value"],
        "low": row["low"],
        "high": row["high"],
        "rank": row["rank"],
    }
    yield Finding(product_id, "governance", numbers, (score_key(row),), confidence_of([row["quality"]]))


def _reserves(product_id: str, by_metric: Mapping[str, Score]) -> Iterator[Finding]:
    top, hhi, years = (by_metric.get(name) for name in ("reserves_top1_share", "reserves_hhi", "reserves_years"))
    if hhi is None or top is None or years is None:
        return
    if hhi["value"] is None:
        yield Finding(
            product_id,
            "reserves_gap",
            {"product": product_id, "reason": hhi["missing_reason"]},
            (score_key(hhi),),
            "high",
        )
        return
    if top["value"] is not None:
        numbers = {
            "product": product_id,
            "country": top["country"],
            "share": top["value"],
            "hhi": hhi["value"],
            "year": hhi["year"],
        }
        for_group = years["missing_reason"] == "reserves_printed_for_a_group"
        message = "reserves_largest_group" if for_group else "reserves_largest"
        keys = (score_key(top), score_key(hhi))
        yield Finding(product_id, message, numbers, keys, confidence_of([hhi["quality"]]))
    if years["value"] is not None:
        message = "reserves_years_at_least" if years["interval_kind"] == "lower_bound" else "reserves_years"
        yield Finding(
            product_id,
            message,
            {"product": product_id, "years": years["value"]},
            (score_key(years),),
            confidence_of([years["quality"]]),
        )
    else:
        yield Finding(
            product_id, "reserves_years_gap", {"reason": years["missing_reason"]}, (score_key(years),), "high"
        )


def _trend(product_id: str, own: pl.DataFrame) -> Iterator[Finding]:
    """First and last year of the longest stretch that one edition covers; across editions nothing is compared."""
    series = own.filter(pl.col("metric") == "hhi_series").sort("year")
    if series.is_empty():
        return
    run = series.with_columns(
        ((pl.col("edition") != pl.col("edition").shift()) | (pl.col("year") != pl.col("year").shift() + 1))
        .fill_null(True)
        .cum_sum()
        .alias("run")
    )
    stretches = run.group_by("run", maintain_order=True).agg(
        pl.len().alias("years"), pl.col("year").max().alias("last")
    )
    best = stretches.sort("years", "last").row(-1, named=True)
    if best["years"] < SHORTEST_STRETCH:
        return
    rows = run.filter(pl.col("run") == best["run"])
    first, last = rows.row(0, named=True), rows.row(-1, named=True)
    numbers = {
        "product": product_id,
        "first_year": first["year"],
        "last_year": last["year"],
        "first": first["value"],
        "last": last["value"],
        "edition": last["edition"],
    }
    yield Finding(
        product_id,
        "trend",
        numbers,
        (score_key(first), score_key(last)),
        confidence_of([first["quality"], last["quality"]]),
    )


def _quality(product_id: str, hhi: Score) -> Iterator[Finding]:
    if hhi["quality"] in ("C", "D"):
        yield Finding(
            product_id,
            f"quality_{hhi['quality'].lower()}",
            {"product": product_id},
            (score_key(hhi),),
            confidence_of([hhi["quality"]]),
        )
