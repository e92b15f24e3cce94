"""What the columns of a table sort by on a screen: words as they stand, numbers whatever language they are written in.

A column of numbers sorts by the first number of each cell. Cells without one come last. A column that mixes units
(t, GWh) has no order at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from babel.numbers import get_decimal_symbol, get_group_symbol

from supplyrisk.report.content import Table
from supplyrisk.report.wording import LOCALES

_NUMBER = re.compile(
    r"\s*(?:[<>≤≥~≈€]\s*|[^\W\d_]+\s+){0,2}"  # at most, over, EUR; longer texts say why there is no number
    r"(?P<sign>[-+\u2212]?)(?P<digits>\d+(?:[.,]\d+)*)"
    r"(?:\u2013\d+(?:[.,]\d+)*)?"  # the other end of a range, which has the unit of both
    r"\s*(?P<unit>%|[^\W\d_]\w*)?"
)


@dataclass(frozen=True)
class ColumnOrder:
    """How a column sorts: ``kind`` is number, text, or empty where it does not.

    ``values``: for each row a plain decimal ("-1234.5"), empty for cells without a number and in columns of text.
    """

    kind: str
    values: tuple[str, ...]


def orders(table: Table, language: str) -> tuple[ColumnOrder, ...]:
    """The order of every column; a table of one row has nothing to sort."""
    return tuple(_order(table, column, language) for column in range(len(table.header)))


def first_number(text: str, language: str) -> tuple[str, str]:
    """The first number of a cell as a plain decimal, and its unit: "1.234,5 t" in Dutch is ("1234.5", "t").

    Both are empty where the cell holds no number, or a sentence with a number in it.
    """
    found = _NUMBER.match(text)
    if found is None:
        return "", ""
    locale = LOCALES[language]
    digits = found["digits"].replace(get_group_symbol(locale), "").replace(get_decimal_symbol(locale), ".")
    sign = "-" if found["sign"] in ("-", "\u2212") else ""
    return (f"{sign}{digits}", found["unit"] or "") if digits.count(".") <= 1 else ("", "")


def _order(table: Table, column: int, language: str) -> ColumnOrder:
    nothing = ("",) * len(table.rows)
    if len(table.rows) < 2:
        return ColumnOrder("", nothing)
    if column not in table.numeric:
        return ColumnOrder("text", nothing)
    found = [first_number(row[column], language) for row in table.rows]
    units = {unit for number, unit in found if number}
    return ColumnOrder("number", tuple(number for number, _ in found)) if len(units) == 1 else ColumnOrder("", nothing)
