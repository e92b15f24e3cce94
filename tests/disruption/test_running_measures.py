"""Which export restrictions act on a day, told by their dates and by what follows them."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from supplyrisk.disruption.running_measures import acting_measures, months_left

NAMES = ("measure_id", "iso3", "good_id", "measure", "subject", "reach", "target_iso3", "start", "end",
         "suspended_from", "suspended_until", "status", "quota", "quota_unit")  # fmt: skip


def measure(name: str, start: str | None, end: str | None = None, **given: Any) -> dict[str, Any]:
    row = {
        "measure_id": name,
        "iso3": "COD",
        "good_id": "cobalt",
        "measure": "quota",
        "subject": "goods",
        "reach": "all",
    }
    return dict.fromkeys(NAMES) | row | {"start": start, "end": end, "status": "in_force"} | given


def acting(*rows: dict[str, Any], day: date = date(2025, 12, 31)) -> list[str]:
    table = pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.String))
    return [row["measure_id"] for row in acting_measures(table, 2024, day)]


FIRST = measure("first", "2025-10-16", "2025-12-31", status="ended")
SECOND = measure("second", "2026-01-01", "2027-12-31")


def test_an_announced_measure_stands_in_the_place_of_the_one_that_it_follows() -> None:
    assert acting(FIRST, SECOND) == ["second"]
    assert acting(FIRST, SECOND, day=date(2025, 11, 1)) == ["second"]
    assert acting(FIRST, SECOND, day=date(2026, 3, 31)) == ["second"]
    assert acting(FIRST, SECOND, day=date(2025, 10, 15)) == []  # none is in force yet


def test_what_renews_a_measure_of_the_base_year_is_no_change_but_for_a_quota_of_tonnes() -> None:
    old = measure("old", "2024-02-01", "2025-01-31", measure="licence", status="ended")
    new = measure("new", "2025-02-01", "2026-01-31", measure="licence")
    newer = measure("newer", "2026-02-01", measure="licence")
    assert acting(old, new) == []
    assert acting(old, new, newer) == []
    assert acting(old, new, newer, day=date(2026, 3, 31)) == []
    assert acting(new) == ["new"]
    quota = {"quota": "100", "quota_unit": "t/y"}
    assert acting(old | quota | {"measure": "quota"}, new | quota | {"measure": "quota"}) == ["new"]


@pytest.mark.parametrize(
    "other",
    [
        measure("second", "2026-01-02"),  # a day without any
        measure("second", "2026-01-01", iso3="ZMB"),
        measure("second", "2026-01-01", measure="ban"),
        measure("second", "2026-01-01", target_iso3="USA"),
        measure("second", "2026-01-01", status="announced"),
    ],
)
def test_what_does_not_follow_the_same_measure_does_not_take_its_place(other: dict[str, Any]) -> None:
    assert acting(FIRST, other) == ["first"]  # in force on its last day, though it ended by the day of collection


@pytest.mark.parametrize(
    ("row", "acts"),
    [
        (measure("one", "2024-12-03"), False),  # in the base year
        (measure("one", "2025"), True),
        (measure("one", None), False),
        (measure("one", "2025-02", "2025-11"), False),
        (measure("one", "2025-02", subject="technology"), False),
        (measure("one", "2025-02", measure="royalty"), False),
        (measure("one", "2025-02", status="unknown"), False),
        (
            measure("one", "2025-02", status="suspended", suspended_from="2025-11-09", suspended_until="2026-11-10"),
            False,
        ),
        (
            measure("one", "2025-02", status="suspended", suspended_from="2026-01-09", suspended_until="2026-11-10"),
            True,
        ),
    ],
)
def test_a_measure_acts_by_its_dates(row: dict[str, Any], acts: bool) -> None:
    assert acting(row) == ["one"] * acts


@pytest.mark.parametrize(("end", "months"), [(None, 12), ("2025-12-31", 1), ("2026-02", 3), ("2027", 12)])
def test_a_measure_acts_to_the_month_in_which_it_ends(end: str | None, months: int) -> None:
    assert months_left(end, date(2025, 12, 31), 12) == months
