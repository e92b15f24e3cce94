"""Tables to read on a screen: what is shown, folded and left out, and that it is told."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.cli.text_table import table_lines

SCORES = pl.DataFrame(
    {
        "metric": ["hhi", "hhi"],
        "product_id": ["cobalt_mine", "gallium"],
        "value": [5767.57, 0.25],
        "missing_reason": [None, None],
    },
    schema_overrides={"missing_reason": pl.String},
)


def lines(frame: pl.DataFrame, width: int, *important: str) -> list[str]:
    return list(table_lines(frame, width, important=important))


def test_a_table_that_fits_is_as_wide_as_its_data_and_tells_what_is_empty() -> None:
    assert lines(SCORES, 80) == [
        "metric  product_id   value",
        "──────────────────────────",
        "hhi     cobalt_mine  5,768",
        "hhi     gallium       0.25",
        "Empty in every row: missing_reason.",
    ]


def test_what_is_the_same_in_every_row_is_told_below_where_the_table_is_too_wide() -> None:
    assert lines(SCORES, 20) == [
        "product_id   value",
        "──────────────────",
        "cobalt_mine  5,768",
        "gallium       0.25",
        "The same in every row: metric hhi.",
        "Empty in every row: missing_reason.",
    ]


def test_the_least_important_columns_are_left_out_and_named() -> None:
    found = lines(SCORES, 12, "value")
    assert found[:2] == ["value", "─────"]
    assert found[-1] == ("Left out, as the table would be too wide: product_id. --format csv has every column.")


def test_columns_that_are_not_important_go_from_the_last_on() -> None:
    wide = pl.DataFrame({name: ["x" * 10, "y" * 10] for name in "abcd"})
    assert lines(wide, 34, "c")[0].split() == ["a", "b", "c"]
    assert lines(wide, 22, "c")[0].split() == ["a", "c"]


def test_words_are_folded_at_blanks_and_headings_behind_underscores_only() -> None:
    frame = pl.DataFrame({"a_long_heading": [1.0, 2.0], "told": ["one two three four five six", "short"]})
    assert lines(frame, 30) == [
        "a_long_  told",
        "heading",
        "─" * 30,
        "      1  one two three four",
        "         five six",
        "      2  short",
    ]


def test_a_table_without_rows_says_so() -> None:
    assert lines(SCORES.clear(), 80) == [
        "metric  product_id  value  missing_reason",
        "─────────────────────────────────────────",
        "(no rows)",
    ]


def test_lists_are_shortened() -> None:
    frame = pl.DataFrame({"rows": [["a", "b", "c", "d", "e"], ["a"]]})
    assert lines(frame, 80)[2:] == ["a;b;c;… 2 more", "a"]


@pytest.mark.parametrize("width", [1, 5])
def test_one_column_stays_however_narrow(width: int) -> None:
    assert lines(SCORES, width, "product_id")[0] == "product_id"[:10]


WORDS = st.text("ab _;/", max_size=60)


@given(st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=5), st.integers(50, 90))
def test_no_line_is_wider_than_asked_and_no_letter_is_lost(rows: list[tuple[str, str, str]], width: int) -> None:
    frame = pl.DataFrame(rows, schema=["first", "second", "third"], orient="row")
    shown = [line for line in lines(frame, width) if ":" not in line]
    assert all(len(line) <= width for line in shown)
    told = "".join(lines(frame, width))
    if "Left out" not in told and "The same" not in told:
        of_cells = "".join(cell for row in rows for cell in row)
        of_lines = "".join(shown[2:])
        assert sorted(of_lines.replace(" ", "")) == sorted(of_cells.replace(" ", ""))
