"""Numbers as a language writes them: its separators, a real minus sign, and never a minus before nought."""

from __future__ import annotations

import string
from typing import Any

from babel.numbers import format_decimal, format_percent

MINUS = "\u2212"
_NO_BREAK = "\u00a0"
_PER_CENT = f"{_NO_BREAK}%"
_MILLION, _BILLION = 1e6, 1e9


class NumberWording(string.Formatter):
    """Writes numbers as ``locale`` does; ``format_…`` are the format words that texts of the catalogue may use."""

    def __init__(self, locale: str) -> None:
        self.locale = locale

    def number(self, value: float, decimals: int) -> str:
        """Number with thousands separator and a fixed number of decimals."""
        pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
        return _true_minus(format_decimal(round(value, decimals), format=pattern, locale=self.locale))

    def signed(self, value: float, decimals: int) -> str:
        """A difference: the same with a plus where it is above nothing."""
        text = self.number(value, decimals)
        return f"+{text}" if round(value, decimals) > 0 else text

    def integer(self, value: Any) -> str:
        """Whole number with thousands separator."""
        return self.number(float(value), 0)

    def quantity(self, value: float) -> str:
        """A quantity with as many decimals as it needs to be read: none from 100, one from 10, else two."""
        return self.number(value, 0 if value >= 100 or value == 0 else 1 if value >= 10 else 2)

    def three_digits(self, value: float) -> str:
        """A quantity of which no more than three digits are known: more would look surer than it is."""
        return self.quantity(float(f"{value:.3g}"))

    def axis_number(self, value: float) -> str:
        """A number on the axis of a chart: up to three decimals, as many as it needs."""
        return _true_minus(format_decimal(value, format="#,##0.###", locale=self.locale))

    def format_plain(self, value: object) -> str:
        """As it is: years, counts, words."""
        return self.integer(value) if isinstance(value, float) else str(value)

    def format_integer(self, value: float) -> str:
        """Whole number with thousands separator: 5,768 or 5.768."""
        return self.integer(value)

    def format_decimal(self, value: float) -> str:
        """One decimal: 2.4 or 2,4."""
        return self.number(value, 1)

    def format_signed(self, value: float) -> str:
        """A difference with one decimal and its sign."""
        return self.signed(value, 1)

    def format_two(self, value: float) -> str:
        """Two decimals."""
        return self.number(value, 2)

    def format_quantity(self, value: float) -> str:
        """A quantity with the decimals that it needs."""
        return self.quantity(value)

    def format_percent(self, value: float) -> str:
        """Fraction as per cent without decimals; with one where it is small, or short of 100, but not by rounding."""
        size = abs(value)
        near_an_end = 0.0005 < size < 0.01 or 0.995 <= size < 0.9995
        return self._percent(value, "0.0 %" if near_an_end else "0 %")

    def format_percent1(self, value: float) -> str:
        """Fraction as per cent with one decimal."""
        return self._percent(value, "0.0 %")

    def format_days(self, value: float) -> str:
        """Days: one decimal below ten."""
        return self.number(value, 1 if abs(value) < 9.95 else 0)

    def format_millions(self, value: float) -> str:
        """Euros in millions: one decimal below ten."""
        millions = value / _MILLION
        return self.number(millions, 1 if abs(millions) < 9.95 else 0)

    def format_billions(self, value: float) -> str:
        """Euros in billions, one decimal."""
        return self.number(value / _BILLION, 1)

    def format_points(self, value: float) -> str:
        """A difference of shares in whole percentage points, the number only."""
        return self.number(100.0 * value, 0)

    def signed_points(self, value: float) -> str:
        """The same with a plus where it is above nothing."""
        return self.signed(100.0 * value, 0)

    def interval(self, low: str, high: str) -> str:
        """Two written numbers as the ends of a range in a table: 79–92 %; with dots where one has a sign: −3 … +2.

        One number where they read alike.
        """
        if low == high:
            return low
        if {low[:1], high[:1]} & {"+", MINUS}:
            return f"{low} … {high}"
        return f"{low.removesuffix(_PER_CENT) if high.endswith(_PER_CENT) else low}–{high}"

    def format_years(self, years: tuple[int, int]) -> str:
        """First and last year: 2022–2024; one where they are the same."""
        return self.interval(*(str(year) for year in years))

    def with_interval(self, value: str, low: str, high: str) -> str:
        """A written value with its range in a table: 86 % (79–92 %); alone where both ends read as it does."""
        return value if value == low == high else f"{value} ({self.interval(low, high)})"

    def _percent(self, value: float, pattern: str) -> str:
        return _true_minus(format_percent(value, format=pattern, locale=self.locale)).replace(" ", _NO_BREAK)


def _true_minus(text: str) -> str:
    """The text of a number with a real minus sign, and with none where only noughts are left of it."""
    return text.replace("-", MINUS if any(digit in text for digit in "123456789") else "")
