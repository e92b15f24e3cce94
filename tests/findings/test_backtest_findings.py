"""The back-test in words: which way of ranking was best, and whether it can be told from chance."""

from __future__ import annotations

import polars as pl

from supplyrisk.findings.backtest import backtest_findings, forecast_finding
from supplyrisk.findings.finding import Finding
from supplyrisk.hazards.backtest import PAIRS, RESULTS
from supplyrisk.hazards.ranking import RELIABILITY
from supplyrisk.report.wording import Names, Wording


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


def _reliability(*rows: tuple[float, ...]) -> pl.DataFrame:
    return pl.DataFrame([(*row, 100) for row in rows], schema=RELIABILITY, orient="row")


def _ranking(results: pl.DataFrame, *ranks: int) -> list[Finding]:
    """Findings but those on the size of chances."""
    return list(backtest_findings(results, _pairs(*ranks), _reliability()))[2:]


def test_the_sum_of_chances_stands_beside_how_many_pairs_had_an_event() -> None:
    rows = [
        (2023, "CHN", "gallium", 0.5, 1, "E1;E2", True, 0, 0.5),
        (2023, "COD", "cobalt", 0.25, 2, "", False, 0, 0.5),
        (2024, "CHN", "gallium", 0.5, 1, "E3", True, 0, 0.5),
        (2024, "COD", "cobalt", 0.25, 2, "E4", False, 0, 0.5),
    ]
    pairs = pl.DataFrame(rows, schema=PAIRS, orient="row")
    size, *_ = backtest_findings(_results(), pairs, _reliability())
    assert size.message_id == "backtest_size"
    assert size.numbers == {"told": 1.5, "happened": 3, "first": 2023, "last": 2024}
    coming = forecast_finding(pl.DataFrame({"chance": [0.5, 0.125]}), pairs)
    assert coming.numbers == {"told": 0.625, "first": 2023, "last": 2024, "happened": 1.5, "told_then": 0.75}


def test_classes_of_chance_outside_the_range_of_what_happened_are_told() -> None:
    low, fits, high = (
        (0.02, 0.05, 0.03, 0.1, 0.07, 0.14), (0.1, 0.2, 0.12, 0.14, 0.08, 0.22), (0.2, 1.01, 0.5, 0.2, 0.1, 0.4),
    )  # fmt: skip
    _, told, *_ = backtest_findings(_results(), _pairs(3), _reliability(low, fits, high))
    assert (told.message_id, told.numbers["classes"]) == ("backtest_classes", [low, (0.2, 1.0, 0.5, 0.2, 0.1, 0.4)])
    words = Wording("en", Names({}, {}, {})).sentence(told).replace("\N{NO-BREAK SPACE}", " ")
    assert "2 % to 5 % (told 3.0 % on average, happened 10.0 %, range 7.0 % to 14.0 %); 20 % to 100 % (told" in words
    _, none, *_ = backtest_findings(_results(), _pairs(3), _reliability(fits))
    assert none.message_id == "backtest_classes_none"


def test_overlapping_ranges_leave_the_order_to_chance() -> None:
    results = _results(("model", 0.2, 0.1, 0.3), ("history", 0.1, 0.05, 0.2), ("share", 0.4, 0.25, 0.6))
    (told,) = _ranking(results, 3)
    assert (told.message_id, told.confidence, told.numbers["best"]) == ("backtest_ranked", "medium", "share")
    assert told.numbers["others"] == [("model", 0.2), ("history", 0.1)]
    assert told.numbers["hits"] == [2, 0, 1]


def test_ranges_apart_are_told_apart_and_few_events_lower_confidence() -> None:
    ends = ("model", 0.2, 0.1, 0.24), ("share", 0.4, 0.25, 0.6)
    (told,) = _ranking(_results(*ends), 3)
    assert (told.message_id, told.confidence) == ("backtest_apart", "high")
    (few,) = _ranking(_results(*ends, happened=9), 3)
    assert few.confidence == "low"
    assert _ranking(_results(*ends, happened=0), 3) == []


def test_a_third_whose_wide_range_reaches_the_best_leaves_the_order_open() -> None:
    results = _results(("model", 0.2, 0.1, 0.24), ("history", 0.1, 0.02, 0.5), ("share", 0.4, 0.25, 0.6))
    (told,) = _ranking(results, 3)
    assert (told.message_id, told.confidence) == ("backtest_ranked", "medium")


def test_of_large_events_beyond_the_first_twenty_the_furthest_is_named() -> None:
    (told,) = _ranking(_results(), 3, 20, 21, 88)
    assert (told.message_id, told.numbers["large"], told.numbers["found"], told.numbers["rank"]) == (
        "backtest_missed", 4, 2, 88,
    )  # fmt: skip
