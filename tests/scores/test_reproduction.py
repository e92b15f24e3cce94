"""Comparisons with published figures: verdicts."""

from __future__ import annotations

import math

import pytest

from supplyrisk.scores.reproduction import Reproduction, reproduction_table


@pytest.mark.parametrize(
    ("published", "ours", "verdict"),
    [
        (1.0, 1.05, "holds"),
        (1.0, 0.95, "holds"),
        (1.0, 1.06, "fails"),
        (1.0, math.nan, "fails"),
        (1.0, math.inf, "fails"),
        (None, 1.0, "not_checked"),
        (1.0, None, "fails"),
        (None, None, "not_checked"),
    ],
)
def test_verdict(published: float | None, ours: float | None, verdict: str) -> None:
    row = Reproduction("method", "check", "subject", published, ours, 0.05 + 1e-12, "source")
    assert row.verdict == verdict


def test_table_keeps_the_order_and_the_difference() -> None:
    rows = [Reproduction("m", "c", name, 2.0, 1.5, 0.1, "s") for name in ("b", "a")]
    table = reproduction_table(rows)
    assert table["subject"].to_list() == ["b", "a"]
    assert table["difference"].to_list() == [-0.5, -0.5]
    assert table["verdict"].to_list() == ["fails", "fails"]


@pytest.mark.parametrize(("ours", "verdict"), [(0.2, "holds"), (1.03, "holds"), (1.04, "fails")])
def test_a_bound_fails_only_above_it(ours: float, verdict: str) -> None:
    row = Reproduction("method", "check", "subject", 1.0, ours, 0.03 + 1e-12, "source", comparison="at_most")
    assert row.verdict == verdict
