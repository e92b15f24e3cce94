"""Reading a CSV file by its contract: every kind of violation, with file, row, column and remedy."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.tables.contract import read_contracts
from supplyrisk.tables.reader import read_table

HEADER = (
    "row_id",
    "colour_id",
    "year",
    "place",
    "share",
    "amount",
    "count",
    "flag",
    "day",
    "grade",
    "source_ids",
    "known_from",
)
SOUND = {
    "row_id": "facts.a",
    "colour_id": "red",
    "year": "2020",
    "grade": "good",
    "source_ids": "atlas",
    "known_from": "2025-02-01",
}


def line(**cells: str) -> str:
    """A row of facts.csv that is sound but for ``cells``."""
    return ",".join((SOUND | cells).get(name, "") for name in HEADER)


def read(folder: Path, *lines: str, header: str = ",".join(HEADER)) -> tuple[pl.DataFrame | None, list[str]]:
    """The table facts with these lines, and the problems as text."""
    (folder / "facts.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return read_again(folder)


def read_again(folder: Path) -> tuple[pl.DataFrame | None, list[str]]:
    """The table facts as it lies there."""
    collector = ProblemCollector()
    frame = read_table(folder, read_contracts(folder)["facts"], collector)
    return frame, [str(problem) for problem in collector.problems]


def test_a_sound_table_comes_in_the_types_of_its_contract(mini_data: Path) -> None:
    frame, problems = read_again(mini_data)
    assert problems == []
    assert frame is not None
    assert frame.row(0) == (
        *("facts.red.2020", "red", 2020, None, 0.25, 10.0, 3, True),
        *(date(2020, 5, 1), "good", "atlas", date(2025, 2, 1)),
    )
    assert frame["count"].dtype == pl.Int64
    assert frame["amount"].dtype == pl.Float64


def test_na_stays_text_because_it_is_namibia(mini_data: Path) -> None:
    frame, problems = read(mini_data, line(place="NA"))
    assert problems == []
    assert frame is not None
    assert frame["place"].to_list() == ["NA"]


def test_empty_cells_are_null_quoted_or_not(mini_data: Path) -> None:
    frame, problems = read(mini_data, line(place='""'), line(row_id="facts.b", year="2021"))
    assert problems == []
    assert frame is not None
    assert frame["place"].to_list() == [None, None]
    assert frame["amount"].to_list() == [None, None]


def test_columns_may_stand_in_another_order(mini_data: Path) -> None:
    reordered = HEADER[::-1]
    cells = SOUND | {"place": "x", "amount": "7"}
    frame, problems = read(mini_data, ",".join(cells.get(name, "") for name in reordered), header=",".join(reordered))
    assert problems == []
    assert frame is not None
    assert frame.columns == list(HEADER)
    assert frame.select("row_id", "place", "amount").row(0) == ("facts.a", "x", 7.0)


def test_a_table_without_rows_is_empty_and_sound(mini_data: Path) -> None:
    frame, problems = read(mini_data)
    assert problems == []
    assert frame is not None
    assert frame.height == 0


def test_quoted_text_keeps_commas_quotation_marks_and_line_breaks(mini_data: Path) -> None:
    frame, problems = read(mini_data, line(place='"a, ""b""\nc"'))
    assert problems == []
    assert frame is not None
    assert frame["place"].to_list() == ['a, "b"\nc']


def test_a_quotation_mark_inside_a_plain_text_is_part_of_the_text(mini_data: Path) -> None:
    frame, problems = read(mini_data, line(place='3"pipe'), line(row_id="facts.b", year="2021", place='4"pipe'))
    assert problems == []
    assert frame is not None
    assert frame["place"].to_list() == ['3"pipe', '4"pipe']


def test_line_ends_of_windows_and_a_byte_order_mark_change_nothing(mini_data: Path) -> None:
    path = mini_data / "facts.csv"
    plain, _ = read_again(mini_data)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    frame, problems = read_again(mini_data)
    assert problems == []
    assert frame is not None
    assert plain is not None
    assert frame.equals(plain)


def test_a_missing_file_is_named_with_the_folder_it_belongs_in(mini_data: Path) -> None:
    (mini_data / "facts.csv").unlink()
    frame, problems = read_again(mini_data)
    assert frame is None
    assert problems == [f"facts.csv: the table is missing. Put it back; it belongs in the folder {mini_data}."]


def test_a_file_that_is_not_utf8_is_a_problem(mini_data: Path) -> None:
    (mini_data / "facts.csv").write_bytes((",".join(HEADER) + "\n" + line(place="België")).encode("latin-1"))
    frame, problems = read_again(mini_data)
    assert frame is None
    assert len(problems) == 1
    assert problems[0].startswith("facts.csv: the file is not UTF-8 text (")
    assert problems[0].endswith("Save it as UTF-8.")


def test_an_empty_file_lacks_every_column(mini_data: Path) -> None:
    (mini_data / "facts.csv").write_text("", encoding="utf-8")
    frame, problems = read_again(mini_data)
    assert frame is None
    assert problems == [f"facts.csv, row 1: the column '{name}' is missing. Add it." for name in HEADER]


def test_rows_of_the_wrong_length_are_all_named_by_their_row(mini_data: Path) -> None:
    frame, problems = read(mini_data, line(), "facts.b,red,2021", line(row_id="facts.c", year="2022"), line() + ",x,y")
    assert frame is None
    assert problems == [
        "facts.csv, row 3: the row has 3 cells, the header 12. Complete the row; a comma inside a text needs "
        "quotation marks. The file may be truncated.",
        "facts.csv, row 5: the row has 14 cells, the header 12. Complete the row; a comma inside a text needs "
        "quotation marks. The file may be truncated.",
    ]


def test_an_unclosed_quotation_mark_is_named_by_the_row_it_opens_in(mini_data: Path) -> None:
    later = [line(row_id=f"facts.{number}", year=str(2000 + number)) for number in range(9)]
    frame, problems = read(mini_data, line(), line(row_id="facts.b", year="2021", place='"open'), *later)
    assert frame is None
    assert len(problems) == 1
    assert problems[0].startswith("facts.csv, row 3: the row cannot be read: ")
    assert problems[0].endswith("Close the quotation mark.")


def test_an_unknown_and_a_missing_column_are_both_named_with_the_nearest_word(mini_data: Path) -> None:
    header = ",".join("yeer" if name == "year" else name for name in HEADER)
    frame, problems = read(mini_data, line(), header=header)
    assert frame is None
    assert problems == [
        "facts.csv, row 1: 'yeer' is not a column of facts. Did you mean 'year'?",
        "facts.csv, row 1: the column 'year' is missing. Add it.",
    ]


def test_a_column_that_stands_twice_is_a_problem(mini_data: Path) -> None:
    frame, problems = read(mini_data, line() + ",good", header=",".join([*HEADER, "grade"]))
    assert frame is None
    assert problems == ["facts.csv, row 1: the column 'grade' stands here twice. Keep one."]


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("amount", "12 t", "'12 t' is not a number. Mend the cell or leave it empty."),
        ("amount", '"1,5"', "'1,5' is not a number. Mend the cell or leave it empty."),
        ("amount", "NA", "'NA' is not a number. Mend the cell or leave it empty."),
        ("amount", "inf", "'inf' is not a finite number. Mend the cell."),
        ("amount", "-inf", "'-inf' is not a finite number. Mend the cell."),
        ("amount", "nan", "'nan' is not a finite number. Mend the cell."),
        ("share", "nan", "'nan' is not a finite number. Mend the cell."),
        ("share", "inf", "'inf' is not a finite number. Mend the cell."),
        ("amount", "-3", "-3 is below the minimum of 0 t. Allowed: 0 or more."),
        ("count", "101", "101 is above the maximum of 100. Allowed: up to 100."),
        ("count", "3.5", "'3.5' is not a whole number. Mend the cell or leave it empty."),
        ("year", "1999", "1999 is below the minimum of 2000. Allowed: 2000 to 2030."),
        ("year", "2031", "2031 is above the maximum of 2030. Allowed: 2000 to 2030."),
        ("year", "2020/21", "'2020/21' is not a year. Mend the cell."),
        (
            "share",
            "1.3",
            "1.3 is above the maximum of 1 fraction. Shares are fractions between 0 and 1: write 0.45 for 45 %.",
        ),
        (
            "share",
            "-0.1",
            "-0.1 is below the minimum of 0 fraction. Shares are fractions between 0 and 1: write 0.45 for 45 %.",
        ),
        ("flag", "yes", "'yes' is not true or false. Mend the cell or leave it empty."),
        ("flag", "TRUE", "'TRUE' is not true or false. Mend the cell or leave it empty."),
        ("day", "31-12-2020", "'31-12-2020' is not a day (YYYY-MM-DD). Mend the cell or leave it empty."),
        ("day", "2021-02-29", "'2021-02-29' is not a day (YYYY-MM-DD). Mend the cell or leave it empty."),
        ("grade", "goood", "'goood' is not allowed. Did you mean 'good'?"),
        ("grade", "x", "'x' is not allowed. Known: fair, good, poor."),
        ("row_id", "facts.A", r"'facts.A' does not fit the pattern facts\.[a-z0-9.]+. Mend the cell."),
        ("row_id", "my facts.a", r"'my facts.a' does not fit the pattern facts\.[a-z0-9.]+. Mend the cell."),
        ("grade", "", "the cell is empty. A value is required here."),
        ("year", "", "the cell is empty. A value is required here."),
    ],
)
def test_a_wrong_cell_is_named_once_with_row_column_and_remedy(
    mini_data: Path, column: str, cell: str, expected: str
) -> None:
    _, problems = read(mini_data, line(row_id="facts.first", year="2001"), line(**{column: cell}))
    row_id = cell if column == "row_id" else "facts.a"
    assert problems == [f"facts.csv, row 3 ({row_id}), column {column}: {expected}"]


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [("share", "0", 0.0), ("share", "1", 1.0), ("year", "2000", 2000), ("year", "2030", 2030), ("amount", "1e3", 1e3)],
)
def test_the_ends_of_a_range_are_allowed(mini_data: Path, column: str, cell: str, value: float) -> None:
    frame, problems = read(mini_data, line(**{column: cell}))
    assert problems == []
    assert frame is not None
    assert frame[column].to_list() == [value]


def test_the_same_key_in_two_rows_is_named_with_both_rows(mini_data: Path) -> None:
    _, problems = read(mini_data, line(place="x"), line(row_id="facts.b"), line(row_id="facts.c", place="x"))
    assert problems == [
        "facts.csv, rows 2, 4: the same colour_id, year, place stands in several rows (red, 2020, x). Keep one of them."
    ]


def test_an_empty_key_cell_counts_as_a_value_of_the_key(mini_data: Path) -> None:
    _, problems = read(mini_data, line(), line(row_id="facts.b"))
    assert problems == [
        "facts.csv, rows 2, 3: the same colour_id, year, place stands in several rows (red, 2020, None). "
        "Keep one of them."
    ]


def test_the_same_row_id_in_two_rows_is_named_with_both_rows(mini_data: Path) -> None:
    _, problems = read(mini_data, line(), line(year="2021"))
    assert problems == ["facts.csv, rows 2, 3: the same row_id stands in several rows (facts.a). Keep one of them."]


def test_a_table_keyed_by_row_id_reports_a_double_once(mini_data: Path) -> None:
    path = mini_data / "tables.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("colour_id;year;place", "row_id"), encoding="utf-8")
    _, problems = read(mini_data, line(), line(year="2021"))
    assert problems == ["facts.csv, rows 2, 3: the same row_id stands in several rows (facts.a). Keep one of them."]


def test_many_doubles_are_counted_after_the_third(mini_data: Path) -> None:
    rows = [line(row_id=f"facts.{number}", year=str(2000 + number)) for number in range(5)]
    _, problems = read(mini_data, *rows, *(line(row_id=f"facts.{n}", year=str(2010 + n)) for n in range(5)))
    assert len(problems) == 4
    assert problems[2].startswith("facts.csv, rows 4, 9: the same row_id")
    assert problems[3] == "facts.csv: the same row_id: 2 more times."


def test_the_same_fault_in_many_rows_is_counted_after_the_third(mini_data: Path) -> None:
    rows = [line(row_id=f"facts.{number}", year=str(2000 + number), amount="-1") for number in range(8)]
    _, problems = read(mini_data, *rows)
    assert [problem.split(" (")[0] for problem in problems[:3]] == [f"facts.csv, row {row}" for row in (2, 3, 4)]
    assert problems[3] == "facts.csv, column amount: the same in 5 more rows."
    assert len(problems) == 4


def test_all_faults_of_a_table_are_reported_at_once(mini_data: Path) -> None:
    _, problems = read(
        mini_data,
        line(grade="goood", amount="much"),
        line(row_id="facts.b", share="45", year="2021"),
        line(row_id="facts.c", year="1850", known_from=""),
        line(row_id="facts.b", year="2022", flag="maybe"),
    )
    assert {problem.split(": ")[0] for problem in problems} == {
        "facts.csv, row 2 (facts.a), column amount",
        "facts.csv, row 2 (facts.a), column grade",
        "facts.csv, row 3 (facts.b), column share",
        "facts.csv, row 4 (facts.c), column year",
        "facts.csv, row 4 (facts.c), column known_from",
        "facts.csv, row 5 (facts.b), column flag",
        "facts.csv, rows 3, 5",
    }
    assert len(problems) == 7


def test_rows_after_a_text_with_a_line_break_keep_their_number_as_in_a_spreadsheet(mini_data: Path) -> None:
    _, problems = read(mini_data, line(place='"a\nb"'), line(row_id="facts.b", amount="-1"))
    assert problems[0].startswith("facts.csv, row 3 (facts.b), column amount: ")
