"""A headline index: weights by hand, a missing part is a missing index, and wrong weights are told at once."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.runs.headline import index_parts, read_weights
from supplyrisk.runs.project import Project
from supplyrisk.scores.headline_index import IndexPart, headline_rows
from supplyrisk.scores.table import SCHEMA, ScoreRow

PARTS = (
    IndexPart("hhi_governance", 1.0, 10.0),
    IndexPart("import_dependence", 2.0, 1.0),
    IndexPart("n_minus_one", 1.0, 1.0, falling=True),
    IndexPart("by_product_share", 0.0, 1.0),
)


def score(metric: str, scope: str, value: float | None, low: float | None, high: float | None, **more: Any) -> Any:
    row: dict[str, Any] = dict.fromkeys(SCHEMA)
    row |= {"metric": metric, "scope": scope, "value": value, "low": low, "high": high, "scenario": "base"}
    row |= {"product_id": "tin_refined", "stage": "refining", "quality": "B", "input_row_ids": [f"row.{metric}"]}
    return row | more


GIVEN = [
    score("hhi_governance", "world", 4.0, 3.0, 5.0, year=2023),
    score("import_dependence", "EU27", 0.8, 0.7, 0.9, year=2024),
    score("n_minus_one", "EU27", 0.6, 0.4, 0.7, quality="C"),
]


def index(rows: list[Any], parts: tuple[IndexPart, ...] = PARTS) -> ScoreRow:
    (found,) = headline_rows(pl.DataFrame(rows, schema=dict(SCHEMA)), parts, ["EU27"])
    return found


def test_a_weighted_mean_of_parts_from_best_to_worst() -> None:
    # (0.4 + 2·0.8 + (1 − 0.6))/4; ends (0.3 + 2·0.7 + 0.3)/4 and (0.5 + 2·0.9 + 0.6)/4.
    found = index(GIVEN)
    assert (found.value, found.low, found.high) == pytest.approx((0.6, 0.5, 0.725))
    assert (found.basis.year, found.basis.quality, len(found.basis.input_row_ids)) == (2024, "C", 3)


def test_a_missing_part_is_a_missing_index_and_not_a_smaller_sum() -> None:
    gap = score("n_minus_one", "EU27", None, None, None, missing_reason="place_of_use_unknown")
    assert (index([*GIVEN[:2], gap]).value, index([*GIVEN[:2], gap]).missing_reason) == (None, "place_of_use_unknown")
    assert index(GIVEN[:2]).missing_reason == "part_of_the_index_missing"


def test_a_score_listed_by_country_is_no_part() -> None:
    # The largest supplier is named with what is left without it; two countries of one score are no single number.
    named = {**GIVEN[2], "country": "CHN"}
    assert index([*GIVEN[:2], named]).value == pytest.approx(0.6)
    assert index([*GIVEN[:2], named, {**named, "country": "CHL"}]).missing_reason == "part_of_the_index_missing"


def test_a_part_without_weight_need_not_be_known() -> None:
    alone = (IndexPart("hhi_governance", 1.0, 10.0), IndexPart("n_minus_one", 0.0, 1.0))
    assert index(GIVEN[:1], alone).value == pytest.approx(0.4)


def test_weights_of_a_user_take_the_place_of_all(project: Project) -> None:
    parts = {part.metric: part.weight for part in index_parts(project, {"import_dependence": 3.0})}
    assert {name for name, weight in parts.items() if weight > 0.0} == {"import_dependence"}


def test_wrong_weights_are_told_all_at_once(project: Project) -> None:
    names = [part.metric for part in index_parts(project)]
    with pytest.raises(InputError, match=r"Did you mean 'import_dependence'(?s:.*)'n_minus_one=-1': a weight"):
        read_weights(["import_dependance=1", "n_minus_one=-1"], names)
    with pytest.raises(InputError, match=r"'n_minus_one=2': n_minus_one has a weight already"):
        read_weights(["n_minus_one=1", "n_minus_one=2"], names)
    with pytest.raises(InputError, match="All weights of the headline index are 0"):
        index_parts(project, read_weights(["n_minus_one=0"], names))
