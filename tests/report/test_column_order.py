"""What columns of a table sort by: numbers of both languages, missing ones, mixed units."""

from __future__ import annotations

import pytest

from supplyrisk.report.column_order import first_number, orders
from supplyrisk.report.content import Table


@pytest.mark.parametrize(
    ("english", "dutch", "number"),
    [
        ("1,234.5", "1.234,5", "1234.5"),
        ("21,000,000,000", "21.000.000.000", "21000000000"),
        ("0.4\u00a0%", "0,4\u00a0%", "0.4"),
        ("\u221232 (\u221245 … \u221219)", "\u221232 (\u221245 … \u221219)", "-32"),
        ("-1.2 … 0.0", "-1,2 … 0,0", "-1.2"),
        ("+63", "+63", "63"),
        ("3.2–4.5", "3,2–4,5", "3.2"),
        ("3-4", "3-4", "3"),
        ("99.8\u00a0% (99.6–99.9\u00a0%)", "99,8\u00a0% (99,6–99,9\u00a0%)", "99.8"),
        ("56/1,953", "56/1.953", "56"),
        ("at most 1.0\u00a0%", "hoogstens 1,0\u00a0%", "1.0"),
        ("EUR 5,307 million", "5.307 miljoen euro", "5307"),
    ],
)
def test_the_first_number_is_read_in_either_language(english: str, dutch: str, number: str) -> None:
    assert first_number(english, "en")[0] == number
    assert first_number(dutch, "nl")[0] == number


@pytest.mark.parametrize("text", ["", "–", "-", "not available", "out of reach", "the series ends in 2024", "10.2.1"])
def test_a_cell_without_a_number_has_no_value(text: str) -> None:
    assert first_number(text, "en") == ("", "")


@pytest.mark.parametrize(
    ("text", "unit"), [("73,139 t", "t"), ("5.1 GWh", "GWh"), ("5\u00a0%", "%"), ("5–12\u00a0%", "%"), ("6 (2031)", "")]
)
def test_the_unit_is_what_follows(text: str, unit: str) -> None:
    assert first_number(text, "en")[1] == unit


def _table(numeric: set[int], *rows: tuple[str, ...]) -> Table:
    return Table("caption", tuple("abc"[: len(rows[0])]), rows, frozenset(numeric))


def test_columns_of_numbers_have_values_and_columns_of_words_none() -> None:
    words, numbers = orders(_table({1}, ("Tin", "1.200"), ("Zink", "–"), ("Lood", "3,5")), "nl")
    assert (words.kind, words.values) == ("text", ("", "", ""))
    assert (numbers.kind, numbers.values) == ("number", ("1200", "", "3.5"))


@pytest.mark.parametrize("cells", [("34.2 GWh", "73,139 t"), ("5\u00a0%", "5"), ("–", "–")])
def test_numbers_of_several_units_or_none_have_no_order(cells: tuple[str, str]) -> None:
    (order,) = orders(_table({0}, *((cell,) for cell in cells)), "en")
    assert (order.kind, order.values) == ("", ("", ""))


def test_one_row_has_no_order() -> None:
    assert [order.kind for order in orders(_table({1}, ("Tin", "5")), "en")] == ["", ""]
