"""The table of the largest changes: reasons that many rows give, names of countries, and figures of an outlook."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from supplyrisk.report.change_part import ChangeGiven, change_chapter, with_why
from supplyrisk.report.wording import Names, Wording

NAMES = Names({"VNM": "Vietnam", "ZAF": "South Africa"}, {"cobalt_mine": "Cobalt ore"}, {})
EN, NL = (Wording(language, NAMES) for language in ("en", "nl"))
MOVED = "trade 2023 > 2024; production +6"


def given(*rows: dict[str, Any]) -> ChangeGiven:
    """Changes of a concentration index, 25 higher each."""
    base = {
        "metric": "hhi", "scenario": "base", "product_id": "cobalt_mine", "material_id": None, "stage": None,
        "scope": "world", "country": None, "end_product": None, "unit": "index_10000", "before": 100.0, "after": 125.0,
        "change": 25.0, "method_change": 0.0, "data_revision": 0.0, "real_change": 0.0, "not_split": 25.0,
        "class": "not_split", "year_before": 2023, "year_after": 2024, "edition_before": None, "edition_after": None,
        "moved": MOVED, "country_before": None, "rows_out": None, "rows_in": None,
    }  # fmt: skip
    schema: dict[str, Any] = {
        "moved": pl.String,
        "country_before": pl.String,
        "rows_out": pl.UInt32,
        "rows_in": pl.List(pl.String),
    }
    changes = pl.DataFrame([base | row for row in rows], schema_overrides=schema)
    days = (date(2025, 12, 31), date(2026, 3, 31))
    return ChangeGiven("2025Q4", "2026Q1", days, "aaa", (), (), None, changes, ())


def test_a_reason_that_many_rows_give_is_told_once_in_a_note() -> None:
    rows: list[dict[str, Any]] = [
        {},
        {},
        {"rows_in": ["row.a", "row.b"], "rows_out": 1},
        {"moved": "trade 2023 > 2024"},
    ]
    chapter = change_chapter(given(*rows), EN)
    assert [row[-1] for row in chapter.tables[1].rows] == [
        "(1)", "(1)", "(1); rows in: 2, out: 1", "also moved on: trade 2023 → 2024",
    ]  # fmt: skip
    assert chapter.notes[-1] == (
        "Of the largest changes, (1) in the column why stands for: also moved on: trade 2023 → 2024; "
        "production with 6 products added."
    )
    assert with_why(given({}, {}, {}), EN)["why"].n_unique() == 1  # the file gives the whole reason in each row
    assert with_why(given({}), EN)["why"].item() == "also moved on: trade 2023 → 2024; production with 6 products added"


def test_the_largest_supplier_is_named_and_not_coded() -> None:
    row = {"moved": None, "metric": "n_minus_one", "country": "ZAF", "country_before": "VNM"}
    assert with_why(given(row), EN)["why"].item() == "largest supplier Vietnam → South Africa"
    assert with_why(given({"moved": None}), EN)["why"].item() is None


@pytest.mark.parametrize(("wording", "mark"), [(EN, "(outlook 2030)"), (NL, "(vooruitblik 2030)")])
def test_a_figure_of_an_outlook_is_marked(wording: Wording, mark: str) -> None:
    table = change_chapter(given({}, {"scenario": "outlook_2030"}), wording).tables[1]
    assert [row[0].endswith(mark) for row in table.rows] == [False, True]
