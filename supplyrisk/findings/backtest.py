"""Findings on the back-test: whether chances were of the right size, which ranking was best, what no one saw coming."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from supplyrisk.findings.finding import Confidence, Finding

TOPIC = "backtest"
_FIRST = 20
_FEW = 10
"""Pairs with an event below which a ranking tells little."""


def backtest_findings(results: pl.DataFrame, pairs: pl.DataFrame, reliability: pl.DataFrame) -> Iterator[Finding]:
    """What hazards.backtest found, in words; tables as there, ``pairs`` with rank within the year.

    Size first: how many pairs with an event the chances add up to and how many there were, and the classes of chance
    whose mean lies outside the range of what happened. Then, for any and for large events, with and without China: the
    order of the ways of ranking by average precision, and whether the range of the best lies above those of all others.
    Then hits and misses of the model.
    """
    yield Finding(TOPIC, "backtest_size", _size(pairs), ("backtest/pairs",), "medium")
    yield _classes(reliability)
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


def forecast_finding(forecast: pl.DataFrame, pairs: pl.DataFrame) -> Finding:
    """How many pairs with an event the chances of the coming year add up to, beside those a year of the back-test."""
    past = _size(pairs)
    years = past["last"] - past["first"] + 1
    numbers = {
        "told": float(forecast["chance"].sum()), "first": past["first"], "last": past["last"],
        "happened": past["happened"] / years, "told_then": past["told"] / years,
    }  # fmt: skip
    return Finding(TOPIC, "backtest_forecast", numbers, ("risk/forecast", "backtest/pairs"), "medium")


def _size(pairs: pl.DataFrame) -> dict[str, Any]:
    """Pairs with an event: the sum of the chances, and how many there were; first and last year."""
    ends = pairs.select(pl.col("year").min().alias("first"), pl.col("year").max().alias("last")).row(0, named=True)
    return {"told": float(pairs["chance"].sum()), "happened": int((pairs["events"] != "").sum()), **ends}


def _classes(reliability: pl.DataFrame) -> Finding:
    outside = reliability.filter(~pl.col("mean_chance").is_between("low", "high")).select(
        "from_chance", pl.min_horizontal("to_chance", 1.0), "mean_chance", "happened", "low", "high"
    )
    message = "backtest_classes_none" if outside.is_empty() else "backtest_classes"
    return Finding(TOPIC, message, {"classes": outside.rows()}, ("backtest/reliability",), "medium")


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
