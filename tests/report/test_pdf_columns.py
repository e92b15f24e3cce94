"""Columns of printed tables: words fit, numbers stay with their intervals, long cells give way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.report.content import Table
from supplyrisk.report.line_breaks import BREAK, breakable
from supplyrisk.report.pdf_columns import (
    PADDING,
    SIZES,
    fit_columns,
    lines_of,
    number_pieces,
    squeezed_columns,
    text_width,
)

_CELLS = st.text(alphabet="abcdefghij klmno_.123", max_size=60)


def test_a_number_parts_from_its_interval_alone() -> None:
    assert number_pieces("+56 (+49 … +63)") == ("+56", "(+49 … +63)")
    assert number_pieces("7,563") == ("7,563",)
    assert number_pieces("not available (no table)") == ()


def test_width_adds_up_letters() -> None:
    assert text_width("1,0", 10.0) == pytest.approx(10 * (0.5 + 0.25 + 0.5))


def test_a_small_table_takes_no_more_than_it_needs() -> None:
    columns = fit_columns(Table("t", ("A", "B"), (("1", "2"),)), 487.0)
    assert columns is not None
    assert columns.size == SIZES[0]
    assert columns.widths == pytest.approx((0.75 * 1.2 * 9 + 2 * PADDING, 0.65 * 1.2 * 9 + 2 * PADDING))


def test_long_cells_give_way_and_numbers_do_not() -> None:
    table = Table("t", ("Text", "Share"), (("word " * 80, "92 % (90 %–94 %)"),), frozenset({1}))
    columns = fit_columns(table, 300.0)
    assert columns is not None
    assert columns.widths[1] >= text_width("92 % (90 %–94 %)", columns.size) + 2 * PADDING
    assert sum(columns.widths) == pytest.approx(300.0, abs=0.01)
    assert lines_of(table, columns)[0] > 5


def test_letters_shrink_before_intervals_part() -> None:
    row = tuple("123 (100–150)" for _ in range(7))
    table = Table("t", ("A",) * 7, (row,), frozenset(range(7)))
    columns = fit_columns(table, 420.0)
    assert columns is not None
    assert SIZES[-1] < columns.size < SIZES[0]
    assert lines_of(table, columns) == [1]


def test_what_fits_at_no_size_is_squeezed_until_it_does() -> None:
    table = Table("t", ("unbreakable",) * 30, (("word",) * 30,))
    assert fit_columns(table, 487.0) is None
    columns = squeezed_columns(table, 487.0)
    assert 0 < columns.size < SIZES[-1]
    assert sum(columns.widths) == pytest.approx(487.0)


@given(st.lists(st.tuples(_CELLS, _CELLS, _CELLS), max_size=8), st.floats(120.0, 800.0))
def test_columns_stay_within_the_width_and_hold_every_word(rows: list[tuple[str, str, str]], width: float) -> None:
    table = Table("t", ("First", "Second", "Third"), tuple(rows), frozenset({2}))
    columns = fit_columns(table, width) or squeezed_columns(table, width)
    assert sum(columns.widths) <= width + 0.01
    for position, room in enumerate(columns.widths):
        words = [word for row in rows for word in breakable(row[position]).replace(BREAK, " ").split()]
        assert all(text_width(word, columns.size) <= room - 2 * PADDING + 0.01 for word in words)
