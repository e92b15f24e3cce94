"""Since when a row was public, from release rules and periods."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from supplyrisk.tables.known_from import known_from

SOURCES = pl.DataFrame(
    [
        ("atlas", "published", date(2025, 2, 1), None, None),
        ("book", "published", date(2026, 2, 6), None, None),
        ("survey", "series_lag", date(2025, 12, 31), 540, None),
        ("monthly", "series_lag", date(2026, 10, 1), 30, None),
        ("no_lag", "series_lag", date(2025, 6, 30), None, None),
        ("yearbook", "series_lag", date(2024, 11, 7), 270, "2023"),
        ("bulletin", "series_lag", date(2026, 4, 20), 5, "2026-03"),
        ("undated", "published", None, None, None),
    ],
    schema={
        "source_id": pl.String,
        "release_rule": pl.String,
        "published": pl.Date,
        "release_lag_days": pl.Int64,
        "last_period": pl.String,
    },
    orient="row",
)


def days(*source_ids: str, period: int | str | None = 2020) -> list[date | None]:
    """First public days of one row for each text of source ids."""
    kind = pl.Int64 if isinstance(period, int) else pl.String
    rows = pl.DataFrame(
        {"source_ids": list(source_ids), "period": pl.Series([period] * len(source_ids), dtype=kind)},
    )
    return known_from(rows, SOURCES, "period").to_list()


def test_a_published_source_is_known_from_its_day_whatever_the_period() -> None:
    assert days("atlas", period=1990) == days("atlas", period=2030) == [date(2025, 2, 1)]


def test_a_running_series_is_known_a_lag_after_the_end_of_its_year() -> None:
    # 31 December 2020 + 540 days: 365 days bring 31 December 2021, 175 more 24 June 2022.
    assert days("survey", period=2020) == [date(2022, 6, 24)]


def test_a_running_series_is_never_known_later_than_its_edition() -> None:
    # 31 December 2024 + 540 days would be 24 June 2026.
    assert days("survey", period=2024) == [date(2025, 12, 31)]


@pytest.mark.parametrize(
    ("source", "period", "expected"),
    [
        ("yearbook", 2022, date(2023, 9, 27)),  # 31 December 2022 + 270 days
        ("yearbook", 2023, date(2024, 11, 7)),  # not 26 September 2024: no earlier edition had it
        ("yearbook", 2024, date(2024, 11, 7)),
        ("bulletin", "2026-02", date(2026, 3, 5)),
        ("bulletin", "2026-03", date(2026, 4, 20)),  # not 5 April 2026
        ("bulletin", "2026-03-15", date(2026, 4, 20)),  # a day in the last period
        ("bulletin", "2025", date(2026, 1, 5)),
    ],
)
def test_the_last_period_of_an_edition_is_known_with_the_edition(
    source: str, period: int | str, expected: date
) -> None:
    assert days(source, period=period) == [expected]


def test_a_running_series_without_a_lag_is_known_from_its_edition() -> None:
    assert days("no_lag", period=2020) == [date(2025, 6, 30)]


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2026", date(2026, 10, 1)),  # 30 January 2027 lies after the edition
        ("2025", date(2026, 1, 30)),  # 31 December 2025 + 30 days
        ("2026-02", date(2026, 3, 30)),  # 28 February 2026 + 30 days
        ("2024-02", date(2024, 3, 30)),  # 29 February 2024 + 30 days
        ("2026-04-15", date(2026, 5, 15)),
    ],
)
def test_the_period_may_be_a_year_a_month_or_a_day(period: str, expected: date) -> None:
    assert days("monthly", period=period) == [expected]


@pytest.mark.parametrize("period", [None, "2026-Q1", "spring"])
def test_a_running_series_without_a_readable_period_is_known_from_its_edition(period: str | None) -> None:
    assert days("monthly", period=period) == [date(2026, 10, 1)]


@pytest.mark.parametrize("source_ids", ["atlas;book", "book;atlas", "survey;book;atlas"])
def test_the_latest_source_counts(source_ids: str) -> None:
    assert days(source_ids) == [date(2026, 2, 6)]


@pytest.mark.parametrize("source_ids", ["absent", "undated", "atlas;absent", "undated;book"])
def test_a_source_unknown_or_without_a_day_leaves_the_day_open(source_ids: str) -> None:
    assert days(source_ids) == [None]


def test_every_row_keeps_its_place() -> None:
    assert days("book", "absent", "atlas", "survey", "atlas;book") == [
        date(2026, 2, 6),
        None,
        date(2025, 2, 1),
        date(2022, 6, 24),
        date(2026, 2, 6),
    ]


def test_a_table_without_a_period_knows_series_from_their_edition() -> None:
    rows = pl.DataFrame({"source_ids": ["survey", "atlas"]})
    assert known_from(rows, SOURCES, None).to_list() == [date(2025, 12, 31), date(2025, 2, 1)]
