"""Quarters and days as people write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.quarters import Quarter, parse_date, parse_quarter


@pytest.mark.parametrize("text", ["2026Q1", "2026q1", " 2026Q1 "])
def test_a_quarter_is_read_in_either_case_and_with_blanks_around(text: str) -> None:
    assert parse_quarter(text) == Quarter(2026, 1)


@pytest.mark.parametrize("text", ["2026Q5", "2026Q0", "2026-Q1", "2026 Q1", "26Q1", "Q1 2026", "2026", "", "2026Q11"])
def test_anything_else_is_no_quarter_and_the_error_shows_how_to_write_one(text: str) -> None:
    with pytest.raises(InputError, match=rf"^'{text}' is not a quarter\. .*Q1, Q2, Q3 or Q4, for example 2026Q1\.$"):
        parse_quarter(text)


@pytest.mark.parametrize("text", ["1999Q4", "2101Q1"])
def test_a_year_far_away_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match=rf"'{text}' must lie between 2000 and 2100"):
        parse_quarter(text)


@pytest.mark.parametrize("text", ["2000Q1", "2100Q4"])
def test_the_first_and_last_year_are_allowed(text: str) -> None:
    assert str(parse_quarter(text)) == text


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2026Q1", date(2026, 3, 31)),
        ("2026Q2", date(2026, 6, 30)),
        ("2026Q3", date(2026, 9, 30)),
        ("2026Q4", date(2026, 12, 31)),
        ("2024Q1", date(2024, 3, 31)),
    ],
)
def test_a_quarter_ends_on_the_last_day_of_its_third_month(text: str, last: date) -> None:
    assert parse_quarter(text).last_day == last


@given(year=st.integers(2000, 2100), number=st.integers(1, 4))
def test_the_text_of_a_quarter_reads_back_as_the_same_quarter(year: int, number: int) -> None:
    assert parse_quarter(str(Quarter(year, number))) == Quarter(year, number)


@given(year=st.integers(2000, 2099), number=st.integers(1, 4))
def test_the_day_after_the_last_day_begins_the_next_quarter(year: int, number: int) -> None:
    following = Quarter(year, number).last_day + timedelta(days=1)
    expected = date(year + 1, 1, 1) if number == 4 else date(year, {1: 4, 2: 7, 3: 10}[number], 1)
    assert following == expected


def test_quarters_sort_by_time() -> None:
    texts = ["2026Q1", "2025Q4", "2026Q3", "2025Q1"]
    assert sorted(map(parse_quarter, texts)) == [Quarter(2025, 1), Quarter(2025, 4), Quarter(2026, 1), Quarter(2026, 3)]


@pytest.mark.parametrize("text", ["2026-02-15", " 2026-02-15 "])
def test_a_day_is_read(text: str) -> None:
    assert parse_date(text, "--as-of") == date(2026, 2, 15)


@pytest.mark.parametrize(
    "text", ["15-02-2026", "2026-02-30", "2026-2-15", "2026/02/15", "20260215", "2026-W07", "2026Q1", "yesterday", ""]
)
def test_anything_else_is_no_day_and_the_error_names_the_option(text: str) -> None:
    with pytest.raises(InputError, match=rf"^--as-of: '{text}' is not a day\. Write it as 2026-03-31\.$"):
        parse_date(text, "--as-of")
