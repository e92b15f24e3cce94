"""The back-test in words: which way of ranking was best, and whether it can be told from chance."""

from __future__ import annotations

import polars as pl

from supplyrisk.findings.backtest import backtest_findings
from supplyrisk.hazards.backtest import PAIRS, RESULTS


def _results(*precision: tuple[str, float, float, float], happened: int = 40) -> pl.DataFrame:
    head = ("pairs", "large", "all")
    rows = [(*head, score, "average_precision", *ends, 0.1, 400, happened) for score, *ends in precision]
    rows += [
        (*head, score, "hit_at_20", 0.05 * n, 0.0, 1.0, 0.1, 400, happened) for n, (score, *_) in enumerate(precision)
    ]
    return pl.DataFrame(rows, schema=RESULTS, orient="row")


def _pairs(*ranks: int) -> pl.DataFrame:
    rows = [(2024, "CHN", "gallium", 0.1, rank, "E1", True, 0, 0.5) for rank in ranks]
    return pl.DataFrame([*rows, (2024, "CHN", "cobalt", 0.1, 900, "E2", False, 0, 0.5)], schema=PAIRS, orient="row")


def test_overlapping_ranges_leave_the_order_to_chance() -> None:
    results = _results(("model", 0.2, 0.1, 0.3), ("history", 0.1, 0.05, 0.2), ("share", 0.4, 0.25, 0.6))
    (told,) = backtest_findings(results, _pairs(3))
    assert (told.message_id, told.confidence, told.numbers["best"]) == ("backtest_ranked", "medium", "share")
    assert told.numbers["others"] == [("model", 0.2), ("history", 0.1)]
    assert told.numbers["hits"] == [2, 0, 1]


def test_ranges_apart_are_told_apart_and_few_events_lower_confidence() -> None:
    ends = ("model", 0.2, 0.1, 0.24), ("share", 0.4, 0.25, 0.6)
    (told,) = backtest_findings(_results(*ends), _pairs(3))
    assert (told.message_id, told.confidence) == ("backtest_apart", "high")
    (few,) = backtest_findings(_results(*ends, happened=9), _pairs(3))
    assert few.confidence == "low"
    assert list(backtest_findings(_results(*ends, happened=0), _pairs(3))) == []


def test_a_third_whose_wide_range_reaches_the_best_leaves_the_order_open() -> None:
    results = _results(("model", 0.2, 0.1, 0.24), ("history", 0.1, 0.02, 0.5), ("share", 0.4, 0.25, 0.6))
    (told,) = backtest_findings(results, _pairs(3))
    assert (told.message_id, told.confidence) == ("backtest_ranked", "medium")


def test_of_large_events_beyond_the_first_twenty_the_furthest_is_named() -> None:
    (told,) = backtest_findings(_results(), _pairs(3, 20, 21, 88))
    assert (told.message_id, told.numbers["large"], told.numbers["found"], told.numbers["rank"]) == (
        "backtest_missed", 4, 2, 88,
    )  # fmt: skip
