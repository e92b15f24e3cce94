"""Concentration by year."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given

from supplyrisk.scores.series import hhi_series
from tests.score_builders import KINDS, outputs, production_rows

STAGES = {"metal": "extraction"}


def test_each_year_is_scored_with_its_own_edition() -> None:
    rows = pl.concat(
        [
            production_rows({"CHN": 80.0, "AUS": 20.0}, year=2022, edition="edition_a"),
            production_rows({"CHN": 60.0, "AUS": 40.0}, year=2023, edition="edition_b"),
        ]
    )
    found = [(row.basis.year, row.basis.edition, row.value) for row in hhi_series(rows, KINDS, STAGES)]
    assert found == [(2022, "edition_a", pytest.approx(6800.0)), (2023, "edition_b", pytest.approx(5200.0))]


def test_low_and_high_are_the_ends_of_what_is_not_named() -> None:
    # Named 0.7² + 0.1² = 5000; centre + 0.2·0.1 = 200; as one country + 0.2² = 400.
    (row,) = hhi_series(production_rows({"CHN": 70.0, "AUS": 10.0, "ROW": 20.0}), KINDS, STAGES)
    assert (row.low, row.value, row.high) == (
        pytest.approx(5000.0),
        pytest.approx(5200.0),
        pytest.approx(5400.0),
    )


@pytest.mark.parametrize(("share", "grade"), [(99.0, "A"), (80.0, "A"), (79.0, "C")])
def test_year_has_the_grade_that_four_fifths_reach_and_all_its_rows(share: float, grade: str) -> None:
    rows = production_rows({"CHN": share, "AUS": 100.0 - share}, quality={"CHN": "A", "AUS": "C"})
    (row,) = hhi_series(rows, KINDS, STAGES)
    assert row.basis.quality == grade
    assert list(row.basis.input_row_ids) == rows["row_id"].to_list()


def test_years_are_not_ranked() -> None:
    (row,) = hhi_series(production_rows({"CHN": 1.0}), KINDS, STAGES)
    assert row.draws is None


@given(outputs())
def test_low_value_and_high_are_in_order_for_any_year(values: dict[str, float]) -> None:
    (row,) = hhi_series(production_rows(values), KINDS, STAGES)
    assert row.low is not None
    assert row.value is not None
    assert row.high is not None
    assert 0.0 <= row.low <= row.value <= row.high <= 10_000.0 * (1 + 1e-12)
