"""Findings on the back-test: which way of ranking put what happened highest, and what no one saw coming."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from supplyrisk.findings.finding import Confidence, Finding

TOPIC = "backtest"
_FIRST = 20
_FEW = 10
"""Pairs with an event below which a ranking tells little."""


def backtest_findings(results: pl.DataFrame, pairs: pl.DataFrame) -> Iterator[Finding]:
    """What hazards.backtest found, in words; tables as there, ``pairs`` with rank within the year.

    For any and for large events, with and without China: the order of the ways of ranking by average precision, and
    whether the range of the best lies above those of all others. Then hits and misses of the model.
    """
    own = results.filter(pl.col("units") == "pairs")
    for (countries, outcome), frame in own.group_by("countries", "outcome", maintain_order=True):
        precision = {row["score"]: row for row in _of(frame, "average_precision")}
        hits = {row["score"]: row["value"] for row in _of(frame, f"hit_at_{_FIRST}")}
        order = sorted(precision, key=lambda score: (-precision[score]["value"], score))
        if len(order) > 1 and precision[order[0]]["happened"] > 0:
            yield _ranked(str(countries), str(outcome), order, precision, hits)
    large = pairs.filter(pl.col("large"))
    late = large.filter(pl.col("rank") > _FIRST).sort("rank", "year", "country", "product_id", descending=True)
    if not late.is_empty():
        worst = late.row(0, named=True)
        numbers = {name: worst[name] for name in ("country", "product_id", "year", "rank")}
        numbers |= {"large": large.height, "found": large.height - late.height, "first": _FIRST}
        yield Finding(TOPIC, "backtest_missed", numbers, ("backtest/pairs",), "high")


def _of(frame: pl.DataFrame, measure: str) -> Iterator[dict[str, Any]]:
    return frame.filter(pl.col("measure") == measure).iter_rows(named=True)


def _ranked(
    countries: str,
    outcome: str,
    order: list[str],
    precision: Mapping[str, Mapping[str, float]],
    hits: Mapping[str, float],
) -> Finding:
    best = precision[order[0]]
    numbers: dict[str, object] = {
        "outcome": outcome,
        "countries": countries,
        "happened": best["happened"],
        "best": order[0],
        "value": best["value"],
        "low": best["low"],
        "high": best["high"],
        "others": [(score, precision[score]["value"]) for score in order[1:]],
        "hits": [round(_FIRST * hits[score]) for score in order],
        "first": _FIRST,
    }
    apart = best["low"] > max(precision[score]["high"] for score in order[1:])
    confidence: Confidence = "low" if best["happened"] < _FEW else "high" if apart else "medium"
    message = "backtest_apart" if apart else "backtest_ranked"
    return Finding(TOPIC, message, numbers, (f"backtest/{countries}/{outcome}",), confidence)
