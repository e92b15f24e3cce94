"""Scores of reserves: concentration, years of cover, and when they are not given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.scores.reserves import OPEN_ENDED, reserve_scores, years_of_cover
from supplyrisk.scores.table import ScoreRow
from tests.score_builders import KINDS, WIDTHS


@dataclass(frozen=True)
class Holder:
    """One line of a reserve table."""

    iso3: str
    reserve: float | None
    output: float | None
    mark: str | None = None
    output_unit: str | None = "t"
    group: str = "metal_mine"


def rows_of(holders: Sequence[Holder]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "row_id": f"reserves.metal_mine.{holder.iso3.lower()}",
                "product_id": "metal_mine",
                "reserve_group": holder.group,
                "iso3": holder.iso3,
                "year": 2024,
                "edition": "edition_a",
                "value": holder.reserve,
                "unit": "t",
                "mark": holder.mark,
                "output_value": holder.output,
                "output_unit": holder.output_unit,
                "quality": "A",
            }
            for holder in holders
        ],
        schema_overrides={"value": pl.Float64, "output_value": pl.Float64, "mark": pl.String},
    )


def scores_of(*holders: Holder) -> dict[str, ScoreRow]:
    return {row.metric: row for row in reserve_scores(rows_of(holders), KINDS, WIDTHS, 7, 400)}


def value(row: ScoreRow) -> float:
    assert row.value is not None
    return row.value


CHILE, AUSTRALIA, BRAZIL = Holder("CHL", 600.0, 10.0), Holder("AUS", 300.0, 20.0), Holder("BRA", 100.0, 10.0)


def test_index_and_largest_share_of_printed_reserves() -> None:
    scores = scores_of(CHILE, AUSTRALIA, BRAZIL)
    assert value(scores["reserves_hhi"]) == pytest.approx(4600.0)  # 3600 + 900 + 100
    assert value(scores["reserves_top1_share"]) == pytest.approx(0.6)
    assert scores["reserves_top1_share"].country == "CHL"


def test_years_are_reserves_over_output() -> None:
    assert value(scores_of(CHILE, AUSTRALIA, BRAZIL)["reserves_years"]) == pytest.approx(25.0)  # 1000 t / 40 t


def test_intervals_hold_the_values() -> None:
    for row in scores_of(CHILE, AUSTRALIA, BRAZIL).values():
        assert row.low is not None
        assert row.high is not None
        assert row.low < value(row) < row.high


def test_interval_of_years_is_that_of_a_quotient_of_two_figures_of_the_grade() -> None:
    # Width of grade A 0.03 on both: 25·exp(±1.645·0.03·√2) = 25·(0.9326 … 1.0723); 400 draws give it within 1 %.
    row = scores_of(CHILE, AUSTRALIA, BRAZIL)["reserves_years"]
    assert row.low == pytest.approx(23.32, rel=0.01)
    assert row.high == pytest.approx(26.81, rel=0.01)


def test_output_is_converted_to_the_unit_of_the_reserves() -> None:
    rows = rows_of([CHILE, Holder("AUS", 400.0, 0.01, output_unit="kt")])
    assert years_of_cover(rows) == pytest.approx(50.0)  # 1000 t / (10 t + 10 t)


def test_output_in_a_unit_of_another_kind_is_an_error() -> None:
    with pytest.raises(InputError, match=r"'Mm3' measures volume and 't' measures mass"):
        years_of_cover(rows_of([Holder("CHL", 600.0, 10.0, output_unit="Mm3")]))


def test_every_row_is_listed_also_those_without_a_number() -> None:
    withheld = Holder("USA", None, 2.0, mark="withheld")
    listed = scores_of(CHILE, AUSTRALIA, withheld)["reserves_years"].basis.input_row_ids
    assert sorted(listed) == ["reserves.metal_mine.aus", "reserves.metal_mine.chl", "reserves.metal_mine.usa"]


def test_small_producer_without_printed_reserve_is_left_out_of_reserve_and_output() -> None:
    # 2 of 32 t of output without reserve: 900 t / 30 t, not / 32 t.
    scores = scores_of(CHILE, AUSTRALIA, Holder("USA", None, 2.0, mark="withheld"))
    assert value(scores["reserves_years"]) == pytest.approx(30.0)


def test_producer_of_exactly_a_tenth_without_printed_reserve_is_still_small() -> None:
    scores = scores_of(Holder("CHL", 600.0, 90.0), Holder("USA", None, 10.0))
    assert value(scores["reserves_hhi"]) == 10_000.0


def test_reserve_of_a_large_producer_that_is_not_printed_leaves_no_score() -> None:
    scores = scores_of(Holder("CHL", 600.0, 89.0), Holder("USA", None, 11.0, mark="withheld"))
    assert {(row.value, row.missing_reason) for row in scores.values()} == {
        (None, "reserves_of_large_producer_not_printed")
    }


def test_no_printed_reserve_at_all_leaves_no_score() -> None:
    scores = scores_of(Holder("CHL", None, 10.0), Holder("AUS", None, 5.0))
    assert {row.missing_reason for row in scores.values()} == {"reserves_not_printed"}
    assert set(scores) == {"reserves_hhi", "reserves_top1_share", "reserves_years"}


def test_reserve_printed_for_a_group_gives_no_years_but_an_index() -> None:
    scores = scores_of(
        Holder("ZAF", 900.0, 10.0, group="platinum_group"), Holder("USA", 100.0, 5.0, group="platinum_group")
    )
    assert scores["reserves_years"].missing_reason == "reserves_printed_for_a_group"
    assert value(scores["reserves_hhi"]) == pytest.approx(8200.0)  # 8100 + 100


def test_no_printed_output_gives_no_years() -> None:
    scores = scores_of(Holder("CHL", 600.0, None), Holder("AUS", 300.0, None))
    assert scores["reserves_years"].missing_reason == "output_not_printed"


def test_output_of_a_large_holder_that_is_not_printed_gives_no_years() -> None:
    # 110 of 1010 t of reserves is 10.9 %; 100 of 1000 t is just a tenth.
    assert scores_of(CHILE, AUSTRALIA, Holder("USA", 110.0, None))["reserves_years"].missing_reason == (
        "output_of_large_holder_not_printed"
    )
    assert value(scores_of(CHILE, AUSTRALIA, Holder("USA", 100.0, None))["reserves_years"]) == pytest.approx(30.0)


def test_reserve_printed_as_more_than_a_number_leaves_the_high_end_open() -> None:
    row = scores_of(CHILE, Holder("AUS", 300.0, 20.0, mark="greater_than"))["reserves_years"]
    assert value(row) == pytest.approx(30.0)
    assert (row.high, row.interval_kind) == (None, OPEN_ENDED)


def test_reserves_of_unnamed_countries_larger_than_the_largest_holder_leave_it_unknown() -> None:
    scores = scores_of(Holder("CHL", 300.0, 10.0), Holder("ROW", 500.0, 10.0))
    assert scores["reserves_top1_share"].missing_reason == "unnamed_larger_than_largest"


def test_reserve_of_zero_is_printed_and_holds_nothing() -> None:
    scores = scores_of(CHILE, AUSTRALIA, Holder("BRA", 0.0, 0.0))
    assert value(scores["reserves_hhi"]) == pytest.approx(5555.5556)  # (2/3)² + (1/3)² = 5/9
