"""Assumptions of the model: widths by quality grade and thresholds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.runs.assumptions import read_quality_widths, read_thresholds
from supplyrisk.runs.project import Project

WIDTH_FILE = "models/assumptions/quality_width.yaml"
THRESHOLD_FILE = "models/assumptions/thresholds.yaml"
Edit = Callable[[str, str, str], None]


def test_width_grows_from_grade_to_grade(project: Project) -> None:
    widths = read_quality_widths(project.models / "assumptions" / "quality_width.yaml")
    assert list(widths) == ["A", "B", "C", "D"]
    assert list(widths.values()) == sorted(set(widths.values()))


def test_missing_grade_is_named(copied_project: Path, edit: Edit) -> None:
    edit(WIDTH_FILE, "  C: {log_standard_deviation: 0.15", "  # {log_standard_deviation: 0.15")
    with pytest.raises(InputError, match=r"quality_width\.yaml, quality_width: the grade C is missing\. Add it\."):
        read_quality_widths(copied_project / WIDTH_FILE)


def test_all_missing_grades_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "quality_width.yaml"
    path.write_text(
        "quality_width:\n  A: {log_standard_deviation: 0.03, basis: assumed, meaning: official}\n", encoding="utf-8"
    )
    with pytest.raises(InputError, match="3 problems") as caught:
        read_quality_widths(path)
    assert [f"the grade {grade} is missing" in str(caught.value) for grade in "ABCD"] == [False, True, True, True]


def test_unknown_grade_is_shown_with_its_line(copied_project: Path, edit: Edit) -> None:
    edit(WIDTH_FILE, "  D: {", "  E: {")
    with pytest.raises(InputError, match=r"quality_width\.yaml, line 9, quality_width\.E"):
        read_quality_widths(copied_project / WIDTH_FILE)


@pytest.mark.parametrize(("width", "message"), [("0", "0 is not above 0"), ("2.5", "2.5 is above the maximum of 2")])
def test_width_out_of_range_is_shown_with_line_and_bound(
    copied_project: Path, edit: Edit, width: str, message: str
) -> None:
    edit(WIDTH_FILE, "log_standard_deviation: 0.06", f"log_standard_deviation: {width}")
    with pytest.raises(InputError, match=rf"line 7, quality_width\.B\.log_standard_deviation: {message}"):
        read_quality_widths(copied_project / WIDTH_FILE)


def test_unknown_basis_is_shown_with_the_nearest(copied_project: Path, edit: Edit) -> None:
    edit(WIDTH_FILE, "basis: assumed, meaning: official", "basis: assume, meaning: official")
    with pytest.raises(
        InputError, match=r"quality_width\.A\.basis: 'assume' is not allowed\. Did you mean 'assumed'\?"
    ):
        read_quality_widths(copied_project / WIDTH_FILE)


def test_thresholds_of_the_law_and_of_the_strategic_dependencies(project: Project) -> None:
    # Regulation (EU) 2024/1252, Article 5(1)(b): 65 %; concentration of imports in strategic dependencies: 0.4.
    lines = read_thresholds(project.models / "assumptions" / "thresholds.yaml")
    assert lines["single_country_share"] == 0.65
    assert lines["hhi_high"] == 4000.0
    assert set(lines) == {"hhi_high", "single_country_share", "negligible_share", "short_cover_years"}


def test_missing_threshold_is_named(copied_project: Path, edit: Edit) -> None:
    edit(THRESHOLD_FILE, "  negligible_share:", "  neglible_share:")
    with pytest.raises(InputError, match="2 problems") as caught:
        read_thresholds(copied_project / THRESHOLD_FILE)
    assert "the key 'negligible_share' is missing" in str(caught.value)
    assert "'neglible_share' is not a key here. Did you mean 'negligible_share'?" in str(caught.value)


def test_threshold_in_an_unknown_unit_is_refused(copied_project: Path, edit: Edit) -> None:
    edit(THRESHOLD_FILE, "unit: years", "unit: year")
    with pytest.raises(InputError, match=r"short_cover_years\.unit: 'year' is not allowed\. Did you mean 'years'\?"):
        read_thresholds(copied_project / THRESHOLD_FILE)
