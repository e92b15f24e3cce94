"""What measures do to headline scores: before and after on the same draws, and how many scores stay as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from supplyrisk.mitigation.score_values import HEADLINE_SCORES, ScoreKey, ScoreValue
from supplyrisk.scores.intervals import interval
from supplyrisk.scores.metrics import METRICS

SCORES = {
    "region": pl.String, "measure": pl.String, "score": pl.String, "product_id": pl.String, "end_product": pl.String,
    "country_before": pl.String, "country_after": pl.String, "before": pl.Float64, "after": pl.Float64,
    "change": pl.Float64, "low": pl.Float64, "high": pl.Float64, "unit": pl.String, "scores": pl.Int64,
    "reason": pl.String,
}  # fmt: skip
ONLY_STOCKS = "a_stock_moves_no_share"
NOT_TOUCHED = "nothing_behind_it_moves"
BELOW_ROUNDING = "moves_by_less_than_its_rounding"
CENTRE_ONLY = "no_draws_of_this_score"
NOT_REACHED = "not_behind_the_end_product"
UNMOVED = (ONLY_STOCKS, NOT_TOUCHED, BELOW_ROUNDING)
LEAST_CHANGE = 0.005
"""Smallest change that is told, as a part of the scale: half a point of a share, 50 points of an index of 10 000."""
SCALES = {"index_10000": 10_000.0, "index_10": 10.0}
"""Scale of each unit that is no share."""


def score_rows(
    region: str,
    measure: str,
    before: Mapping[ScoreKey, ScoreValue],
    after: Mapping[ScoreKey, ScoreValue],
    at_ends: Sequence[Mapping[ScoreKey, ScoreValue]] = (),
    only_stocks: bool = False,
) -> Iterator[tuple[object, ...]]:
    """Rows in ``SCORES`` of one region (or the world) and measure: scores that move one by one, the others counted.

    ``after``: what was worked out anew; a score that is not in it rests on nothing that the measure moves. Low and
    high: 5 and 95 % of after − before, draw by draw, moved so that their median is the change at the centre; of a
    score that has ends for draws the smallest and largest difference; taken as wide as with any of ``at_ends`` (the
    same with an assumption of the measure at its ends). A score without a value on either side is a gap, counted by
    its reason, and told alone where only the measure makes it one.
    """
    counted: Counter[tuple[str, str]] = Counter()
    for key in sorted({**before, **after}, key=_order):
        was, then = before.get(key, _MISSING), after.get(key)
        if then is None:
            counted[key.score, was.reason or (ONLY_STOCKS if only_stocks else NOT_TOUCHED)] += 1
        elif was.value is None:
            counted[key.score, was.reason or NOT_REACHED] += 1
        elif then.value is None:
            yield region, measure, *_names(key, was, then), was.value, *_NO_CHANGE, _unit(key), 1, then.reason
        else:
            others = [one[key] for one in at_ends if key in one and one[key].value is not None]
            if max(abs((one.value or 0.0) - was.value) for one in (then, *others)) < _least(key):
                counted[key.score, BELOW_ROUNDING] += 1
                continue
            change, *_ = _difference(was, then)
            ranges = [_difference(was, one)[1:] for one in (then, *others)]
            low = min((one for one, _ in ranges if one is not None), default=None)
            high = max((one for _, one in ranges if one is not None), default=None)
            numbers = (was.value, then.value, change, low, high)
            why = CENTRE_ONLY if low is None else None
            yield region, measure, *_names(key, was, then), *numbers, _unit(key), 1, why
    for (score, reason), count in sorted(counted.items(), key=lambda item: (_place(item[0][0]), item[0][1])):
        names = (score, None, None, None, None)
        yield region, measure, *names, None, *_NO_CHANGE, METRICS[score].unit, count, reason


_MISSING = ScoreValue(None, reason=NOT_REACHED)
_NO_CHANGE = (None, None, None, None)


def _names(key: ScoreKey, was: ScoreValue, then: ScoreValue) -> tuple[str | None, ...]:
    return key.score, key.product_id, key.end_product, was.country, then.country


def _difference(was: ScoreValue, then: ScoreValue) -> tuple[float, float | None, float | None]:
    assert was.value is not None
    assert then.value is not None
    change = then.value - was.value
    if was.ends is not None and then.ends is not None:
        ends = [change, *(later - earlier for earlier, later in zip(was.ends, then.ends, strict=True))]
        return change, min(ends), max(ends)
    if was.draws is None or then.draws is None:
        return change, None, None
    return change, *interval(np.asarray(then.draws - was.draws), change)


def _least(key: ScoreKey) -> float:
    return LEAST_CHANGE * SCALES.get(_unit(key), 1.0)


def _unit(key: ScoreKey) -> str:
    return METRICS[key.score].unit


def _order(key: ScoreKey) -> tuple[int, str, str]:
    return _place(key.score), key.end_product or "", key.product_id or ""


def _place(score: str) -> int:
    return HEADLINE_SCORES.index(score)
