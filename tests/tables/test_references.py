"""References between tables."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.tables.contract import read_contracts
from supplyrisk.tables.reader import read_table
from supplyrisk.tables.references import check_references


def problems(folder: Path, *without: str) -> list[str]:
    """Broken references of the mini package, with some tables not loaded."""
    contracts, reading, collector = read_contracts(folder), ProblemCollector(), ProblemCollector()
    frames: dict[str, pl.DataFrame] = {}
    for name, contract in contracts.items():
        frame = read_table(folder, contract, reading)
        if frame is not None and name not in without:
            frames[name] = frame
    reading.raise_if_any("The tables themselves must be sound")
    check_references(contracts, frames, collector)
    return [str(problem) for problem in collector.problems]


def edit(folder: Path, old: str, new: str) -> None:
    """Replace text in facts.csv."""
    path = folder / "facts.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_sound_references_are_no_problem(mini_data: Path) -> None:
    assert problems(mini_data) == []


def test_an_unknown_value_is_named_with_row_column_and_nearest_value(mini_data: Path) -> None:
    edit(mini_data, ",green,", ",gren,")
    assert problems(mini_data) == [
        "facts.csv, row 3 (facts.green.2020), column colour_id: 'gren' is not known in colours.colour_id. "
        "Did you mean 'green'?"
    ]


def test_each_item_of_a_list_is_looked_up(mini_data: Path) -> None:
    edit(mini_data, "atlas;survey", "atlas;surveys;atlass")
    assert problems(mini_data) == [
        "facts.csv, row 3 (facts.green.2020), column source_ids: 'surveys' is not known in sources.source_id. "
        "Did you mean 'survey'?",
        "facts.csv, row 3 (facts.green.2020), column source_ids: 'atlass' is not known in sources.source_id. "
        "Did you mean 'atlas'?",
    ]


def test_a_list_parted_by_anything_else_is_one_unknown_value(mini_data: Path) -> None:
    edit(mini_data, "atlas;survey", "atlas; survey")
    assert [problem.split(": ")[1] for problem in problems(mini_data)] == [
        "' survey' is not known in sources.source_id. Did you mean 'survey'?"
    ]


def test_all_columns_and_rows_are_reported_at_once(mini_data: Path) -> None:
    edit(mini_data, ",green,", ",gren,")
    edit(mini_data, "poor,survey", "poor,magazine")
    assert [problem.partition(":")[0] for problem in problems(mini_data)] == [
        "facts.csv, row 3 (facts.green.2020), column colour_id",
        "facts.csv, row 4 (facts.blue.2020), column source_ids",
    ]


def test_many_unknown_values_are_counted_after_the_third(mini_data: Path) -> None:
    edit(mini_data, "atlas;survey", "a;b;c;d;e")
    found = problems(mini_data)
    assert len(found) == 4
    assert found[3] == "facts.csv, column source_ids: the same in 2 more rows."


def test_an_empty_cell_refers_to_nothing(mini_data: Path) -> None:
    columns = mini_data / "columns.csv"
    text = columns.read_text(encoding="utf-8").replace(
        "facts,place,string,,false,,,,,,", "facts,place,string,,false,,,,,colours.name,"
    )
    columns.write_text(text, encoding="utf-8")
    edit(mini_data, ",NA,", ",Red,")
    assert problems(mini_data) == []


def test_a_table_that_is_not_loaded_is_not_looked_into(mini_data: Path) -> None:
    edit(mini_data, ",green,", ",gren,")
    assert problems(mini_data, "colours") == []
