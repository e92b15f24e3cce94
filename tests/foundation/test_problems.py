"""Collecting problems and showing them at once."""

from __future__ import annotations

import pytest

from supplyrisk.foundation.errors import CheckFailed, InputError
from supplyrisk.foundation.problems import Problem, ProblemCollector, describe_problems


def _problem(number: int) -> Problem:
    return Problem("a.csv", f"row {number}", "it is wrong", "Mend it.")


def test_a_problem_is_one_line_of_place_message_and_remedy() -> None:
    assert (
        str(Problem("a.csv", "row 3", "the cell is empty", "Fill it.")) == "a.csv, row 3: the cell is empty. Fill it."
    )


def test_a_problem_without_place_in_the_file_or_remedy_leaves_no_gap() -> None:
    assert str(Problem("a.csv", "", "the table is missing.", "")) == "a.csv: the table is missing."


def test_nothing_is_raised_without_problems() -> None:
    ProblemCollector().raise_if_any("The data cannot be used")


def test_all_problems_are_raised_together_in_the_order_they_were_found() -> None:
    collector = ProblemCollector()
    collector.add(file="b.csv", where="row 2", message="second table", mend="Mend it.")
    collector.extend([_problem(9), _problem(1)])
    with pytest.raises(InputError) as caught:
        collector.raise_if_any("The data cannot be used")
    assert str(caught.value).splitlines() == [
        "The data cannot be used: 3 problems.",
        "  b.csv, row 2: second table. Mend it.",
        "  a.csv, row 9: it is wrong. Mend it.",
        "  a.csv, row 1: it is wrong. Mend it.",
    ]


def test_one_problem_is_counted_in_the_singular() -> None:
    assert describe_problems("Title", [_problem(1)]).splitlines()[0] == "Title: 1 problem."


def test_the_kind_of_error_can_be_chosen() -> None:
    collector = ProblemCollector()
    collector.extend([_problem(1)])
    with pytest.raises(CheckFailed, match="1 problem"):
        collector.raise_if_any("Title", CheckFailed)


def test_forty_problems_are_all_shown() -> None:
    lines = describe_problems("Title", [_problem(number) for number in range(40)]).splitlines()
    assert len(lines) == 41
    assert lines[-1] == "  a.csv, row 39: it is wrong. Mend it."


def test_a_list_of_more_than_forty_is_cut_and_says_how_many_are_left() -> None:
    lines = describe_problems("Title", [_problem(number) for number in range(43)]).splitlines()
    assert lines[0] == "Title: 43 problems."
    assert len(lines) == 42
    assert lines[40] == "  a.csv, row 39: it is wrong. Mend it."
    assert lines[41] == "  … and 3 more."


def test_unknown_words_are_noted_each_with_the_nearest_and_known_ones_are_not() -> None:
    collector = ProblemCollector()
    collector.note_unknown(["pdf", "dox", "xyz"], ("pdf", "docx"), "a format of reports", where="--format")
    assert [str(problem) for problem in collector.problems] == [
        "--format: 'dox' is not a format of reports. Did you mean 'docx'?",
        "--format: 'xyz' is not a format of reports. Known: docx, pdf.",
    ]
