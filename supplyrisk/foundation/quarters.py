"""Quarters of a year, as reports are named after them."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from supplyrisk.foundation.errors import InputError

_PATTERN = re.compile(r"(\d{4})[Qq]([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def last_day(self) -> date:
        """Its last day: what was known then is what its report rests on."""
        month = 3 * self.number
        first_of_next = date(self.year + 1, 1, 1) if month == 12 else date(self.year, month + 1, 1)
        return first_of_next - timedelta(days=1)

    def back(self, quarters: int) -> Quarter:
        """The quarter so many before it."""
        year, number = divmod(4 * self.year + self.number - 1 - quarters, 4)
        return Quarter(year, number + 1)


def parse_quarter(text: str) -> Quarter:
    """'2026Q1' → Quarter(2026, 1). Raises ``InputError`` for anything else."""
    match = _PATTERN.fullmatch(text.strip())
    if match is None:
        raise InputError(f"'{text}' is not a quarter. Write the year and Q1, Q2, Q3 or Q4, for example 2026Q1.")
    year = int(match.group(1))
    if not 2000 <= year <= 2100:
        raise InputError(f"The year of the quarter '{text}' must lie between 2000 and 2100.")
    return Quarter(year, int(match.group(2)))


def parse_date(text: str, option: str | None = None) -> date:
    """A day written as YYYY-MM-DD. Raises ``InputError`` that names ``option`` where one is given."""
    day = None
    with suppress(ValueError):
        day = date.fromisoformat(text.strip())
    if day is None or day.isoformat() != text.strip():  # fromisoformat also takes 20260331 and 2026-W13
        place = "" if option is None else f"{option}: "
        raise InputError(f"{place}'{text}' is not a day. Write it as 2026-03-31.")
    return day
