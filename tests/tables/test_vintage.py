"""What was known on a day, without the sources that are left out."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from supplyrisk.tables.vintage import IS_KNOWN, known_rows, mark_known

ROWS = pl.DataFrame(
    {
        "row_id": ["old", "mixed", "new"],
        "source_ids": ["atlas", "atlas;book", "book_2"],
        "known_from": [date(2025, 2, 1), date(2026, 2, 6), date(2026, 2, 7)],
    }
)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 1, 31), []),
        (date(2025, 2, 1), ["old"]),
        (date(2026, 2, 5), ["old"]),
        (date(2026, 2, 6), ["old", "mixed"]),
        (date(2030, 1, 1), ["old", "mixed", "new"]),
    ],
)
def test_a_row_is_known_from_its_first_day_on(day: date, expected: list[str]) -> None:
    assert known_rows(ROWS, day)["row_id"].to_list() == expected


@pytest.mark.parametrize(
    ("excluded", "expected"),
    [
        (["atlas"], ["new"]),
        (["book"], ["old", "new"]),
        (["book", "book_2"], ["old"]),
        (["boo"], ["old", "mixed", "new"]),
    ],
)
def test_a_row_with_any_excluded_source_is_left_out_and_only_whole_ids_count(
    excluded: list[str], expected: list[str]
) -> None:
    assert known_rows(ROWS, date(2030, 1, 1), excluded)["row_id"].to_list() == expected


def test_the_day_and_the_excluded_sources_hold_together() -> None:
    assert known_rows(ROWS, date(2026, 2, 6), ["book"])["row_id"].to_list() == ["old"]


def test_marking_keeps_every_row_and_says_which_are_known() -> None:
    marked = mark_known(ROWS, date(2026, 2, 6), ["book"])
    assert marked.drop(IS_KNOWN).equals(ROWS)
    assert marked[IS_KNOWN].to_list() == [True, False, False]


def test_known_rows_carry_no_mark() -> None:
    assert known_rows(ROWS, date(2030, 1, 1)).equals(ROWS)
