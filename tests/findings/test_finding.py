"""Keys and confidence of findings."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.findings.finding import confidence_of, score_key
from tests.score_builders import score

GRADES = st.lists(st.sampled_from([*"ABCD", None]), min_size=1, max_size=30)


def test_key_names_metric_product_country_and_year() -> None:
    assert score_key(score("top1_share", "gallium", 0.9, country="CHN")) == "top1_share/gallium/CHN/2024"


def test_key_of_a_score_at_a_stage_has_the_stage() -> None:
    words = {"scope": "EU27", "stage": "refining", "year": 2024}
    own = {"metric": "stage_capacity_of_material", "material_id": "lithium", **words}
    assert score_key(own) == "stage_capacity_of_material/EU27/lithium/refining/2024"
    assert score_key({"metric": "stage_capacity_by_value", **words}) == "stage_capacity_by_value/EU27/refining/2024"


def test_key_leaves_out_what_a_score_does_not_have() -> None:
    assert score_key(score("hhi", "gallium", year=None)) == "hhi/gallium"


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        (["A"], "high"),
        (["B"], "high"),
        (["C"], "medium"),
        (["D"], "low"),
        ([None], "low"),
        ([], "low"),
        (["D", "A", "A", "B", "B"], "high"),  # four of five reach B
        (["A", "A", "A", "D", "D"], "low"),
        (["C", "A", "A", "C", "D"], "medium"),  # four of five reach C
        (["A"] * 7 + ["D"] * 2, "low"),  # 7 of 9 is 78 %
    ],
)
def test_confidence_is_the_grade_that_four_fifths_reach(grades: Sequence[str | None], expected: str) -> None:
    assert confidence_of(grades) == expected


@given(GRADES, st.integers(0, 29))
def test_a_better_grade_never_lowers_confidence(grades: list[str | None], place: int) -> None:
    order = ("low", "medium", "high")
    better = grades[:]
    better[place % len(grades)] = "A"
    assert order.index(confidence_of(better)) >= order.index(confidence_of(grades))


@given(GRADES)
def test_confidence_does_not_depend_on_the_order(grades: list[str | None]) -> None:
    assert confidence_of(grades) == confidence_of(grades[::-1])
