"""Draws that a brief tells for the measures it names, from a comparison made by hand."""

from __future__ import annotations

import polars as pl

from supplyrisk.report.brief_given import DrawsBehind
from supplyrisk.runs.brief_measures import draws_behind
from supplyrisk.runs.mitigate_run import Mitigation

NONE = pl.DataFrame()
FOUND = Mitigation(NONE, NONE, NONE, NONE, NONE, NONE, NONE, 200, 10, 2000, 40, (), ())


def test_fresh_draws_stand_beside_those_of_the_screening_only_for_rows_told_on_them() -> None:
    assert draws_behind(FOUND, confirmed=True) == DrawsBehind(200, 10, 2000, 40)
    assert draws_behind(FOUND, confirmed=False) == DrawsBehind(200, 10)
