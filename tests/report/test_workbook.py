"""The workbook of a report, read back: text stays text, numbers show their unit, nothing is cut in silence."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import polars as pl
import pytest
from openpyxl.workbook import Workbook

from supplyrisk.report.content import SourceLine
from supplyrisk.report.issue import Issue
from supplyrisk.report.look import LOOKS
from supplyrisk.report.output_tables import Output, OutputColumn, output_tables
from supplyrisk.report.sheets import LONGEST_CELL, pattern_of, sheets_of, shortened
from supplyrisk.report.tables_out import flat_scores
from supplyrisk.report.workbook import render_workbook
from supplyrisk.scores.table import SCHEMA
from tests.score_builders import score

ISSUE = Issue("2026Q1", date(2026, 3, 31), "0123456789ab", "0.1.0")
LOOK = LOOKS["government"]
SOURCES = (SourceLine("one", "=Title", "Publisher", "2025", "https://example.org/a", "CC BY 4.0", "open", 3),)
LIKE_FORMULAS = ("=1+1", "+1", "-1", "@now", '=HYPERLINK("https://example.org")', "https://example.org", "007")
LONG = ";".join(f"row.{number:05d}" for number in range(5_000))

SCORES = flat_scores(
    pl.DataFrame(
        [
            score("hhi", "gallium", 9789.25, input_row_ids=["row.1", "row.2"], unit="index_10000"),
            score("top1_share", "gallium", 0.987, input_row_ids=LONG.split(";"), unit="fraction"),
            score("hhi", "gap", missing_reason="no_edition_known"),
        ],
        schema=SCHEMA,
    )
)
SUPPLY = pl.DataFrame(
    {"product_id": LIKE_FORMULAS, "lost_share_per_year": [0.5] * (len(LIKE_FORMULAS) - 1) + [None]},
    schema={"product_id": pl.String, "lost_share_per_year": pl.Float64},
)


def whatif(product: str) -> pl.DataFrame:
    types = {"string": pl.String, "number": pl.Float64, "integer": pl.Int64, "boolean": pl.Boolean}
    columns = output_tables().tables["whatif"].columns
    row = {"region": "EU27", "product_id": product, "use": "final", "unit": "GWh", "demand_per_month": 0.004}
    return pl.DataFrame(
        [{name: row.get(name) for name in columns} | {"place_known": True, "worst_share": 0.25}],
        schema={name: types[column.type] for name, column in columns.items()},
    )


OUTPUTS = (
    Output("risk_supply", SUPPLY),
    Output("whatif", whatif("a"), "first"),
    Output("whatif", whatif("b"), "second"),
    Output("scores", SCORES),
)


@pytest.fixture(scope="module")
def book() -> Workbook:
    """The workbook as openpyxl reads it."""
    return openpyxl.load_workbook(BytesIO(render_workbook(OUTPUTS, SOURCES, ISSUE, LOOK)))


def column_of(book: Workbook, sheet: str, name: str) -> list[Any]:
    header, *rows = book[sheet].iter_rows()
    place = [cell.value for cell in header].index(name)
    return [row[place] for row in rows]


def test_the_guide_stands_first_and_tables_follow_in_the_order_of_the_list(book: Workbook) -> None:
    assert book.sheetnames == ["README", "columns", "sources", "scores", "whatif", "risk_supply"]


def test_the_guide_says_what_the_file_is_and_leads_to_every_sheet(book: Workbook) -> None:
    cells = [cell for row in book["README"].iter_rows() for cell in row]
    texts = [str(cell.value) for cell in cells if cell.value is not None]
    assert texts[0] == "Tables of the quarterly report on critical raw materials 2026Q1"
    assert {"2026Q1", "0123456789ab"} <= set(texts)
    assert any(text.startswith("2026-03-31") for text in texts)
    links = {cell.hyperlink.location for cell in cells if cell.hyperlink}
    assert links == {f"'{name}'!A1" for name in book.sheetnames if name != "README"}


def test_text_that_looks_like_a_formula_a_link_or_a_number_stays_text(book: Workbook) -> None:
    cells = column_of(book, "risk_supply", "product_id")
    assert [cell.value for cell in cells] == list(LIKE_FORMULAS)
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    assert book["sources"]["B2"].value == "=Title"
    assert book["sources"]["B2"].data_type == "s"


def test_no_sheet_holds_a_formula() -> None:
    with ZipFile(BytesIO(render_workbook(OUTPUTS, SOURCES, ISSUE, LOOK))) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 6
    assert [sheet for sheet in sheets if b"<f>" in sheet] == []


def test_missing_is_an_empty_cell_and_not_zero(book: Workbook) -> None:
    assert column_of(book, "risk_supply", "lost_share_per_year")[-1].value is None
    assert [cell.value for cell in column_of(book, "scores", "value")] == [9789.25, 0.987, None]


def test_numbers_show_their_unit_row_by_row(book: Workbook) -> None:
    first, second, _ = column_of(book, "scores", "value")
    assert (first.number_format, second.number_format) == ("#,##0", "0.0 %")
    assert column_of(book, "whatif", "worst_share")[0].number_format == "0.0 %"
    day = column_of(book, "scores", "as_of")[0]
    assert (day.value, day.number_format, day.is_date) == (datetime(2026, 3, 31), "yyyy-mm-dd", True)
    assert column_of(book, "whatif", "place_known")[0].value is True


@pytest.mark.parametrize(
    ("kind", "unit", "pattern"),
    [
        ("number", "EUR a year", "#,##0"),
        ("integer", "count", "0"),
        ("number", "GWh", "[>=100]#,##0;[>=0.01]0.00;General"),
    ],
)
def test_the_pattern_follows_type_and_unit(kind: str, unit: str, pattern: str) -> None:
    column = OutputColumn.model_validate({"type": kind, "description": "A number."})
    assert pattern_of(column, unit) == pattern


def test_a_family_stands_on_one_sheet_told_apart_by_a_column(book: Workbook) -> None:
    assert [cell.value for cell in column_of(book, "whatif", "scenario")] == ["first", "second"]
    assert [cell.value for cell in column_of(book, "whatif", "product_id")] == ["a", "b"]


def test_header_is_frozen_and_filtered(book: Workbook) -> None:
    assert (book["scores"].freeze_panes, book["scores"].auto_filter.ref) == ("A2", "A1:Y4")


def test_heads_links_and_title_have_the_colours_of_the_look(book: Workbook) -> None:
    def rgb(colour: str) -> str:
        return f"FF{colour.removeprefix('#').upper()}"

    head = book["scores"]["A1"]
    assert (head.fill.fgColor.rgb, head.border.bottom.color.rgb) == (rgb(LOOK.head), rgb(LOOK.accent))
    (link,) = [cell for cell in book["README"]["A"] if cell.value == "scores"]
    assert (book["README"]["A1"].font.color.rgb, link.font.color.rgb) == (rgb(LOOK.accent), rgb(LOOK.accent))


def test_a_cell_too_long_is_cut_with_a_word_on_it(book: Workbook) -> None:
    short, long, _ = (str(cell.value) for cell in column_of(book, "scores", "input_row_ids"))
    assert short == "row.1;row.2"
    assert len(long) <= LONGEST_CELL
    kept, _, note = long.partition(" … ")
    assert LONG.startswith(kept + ";")
    assert note == "[cut: 49,999 characters in all, the whole is in scores.csv]"


def test_the_guide_counts_what_was_cut(book: Workbook) -> None:
    (row,) = [row for row in book["README"].iter_rows(values_only=True) if row[0] == "scores"]
    assert row[3:] == (3, 1, "scores.csv")
    assert [sheet.cut_cells for sheet in sheets_of(OUTPUTS)] == [1, 0, 0]


def test_a_text_without_semicolon_is_cut_at_the_limit() -> None:
    assert shortened("x" * LONGEST_CELL, "a.csv") == "x" * LONGEST_CELL
    assert len(shortened("x" * (LONGEST_CELL + 1), "a.csv")) == LONGEST_CELL


def test_every_column_is_explained_with_its_unit(book: Workbook) -> None:
    told = {row[:2]: row[2:] for row in book["columns"].iter_rows(min_row=2, values_only=True)}
    assert told["risk_supply", "lost_share_per_year"][:2] == ("number", "fraction")
    assert told["scores", "value"][1] == "see column unit"
    assert ("whatif", "scenario") in told
    assert all(len(str(texts[2])) > 4 for texts in told.values())


def test_the_same_tables_give_the_same_bytes_with_the_day_of_the_report(book: Workbook) -> None:
    assert render_workbook(OUTPUTS, SOURCES, ISSUE, LOOK) == render_workbook(OUTPUTS, SOURCES, ISSUE, LOOK)
    assert book.properties.created == book.properties.modified == datetime(2026, 3, 31)
    with ZipFile(BytesIO(render_workbook(OUTPUTS, SOURCES, ISSUE, LOOK))) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
