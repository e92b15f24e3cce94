"""Findings on changes: every message has its sentence in each language, and each comes when it should."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from supplyrisk.findings.change import change_findings
from supplyrisk.report.wording import LANGUAGES, read_catalogue
from supplyrisk.scores.change import ChangeClass

ROW = {
    "metric": "hhi",
    "scenario": "base",
    "product_id": "cobalt_mine",
    "material_id": None,
    "stage": None,
    "scope": "world",
    "country": None,
    "end_product": None,
    "unit": "index_10000",
    "before": 5941.0,
    "after": 5768.0,
    "change": -173.0,
    "method_change": 0.0,
    "data_revision": -173.0,
    "real_change": 0.0,
    "not_split": 0.0,
    "year_before": 2024,
    "year_after": 2024,
}


def told(*classes: str, kept: bool = True, **words: Any) -> dict[str, dict[str, Any]]:
    """Numbers of the findings by message, for rows of the given classes."""
    changes = pl.DataFrame([{**ROW, "class": name, **words} for name in classes])
    return {one.message_id: dict(one.numbers) for one in change_findings(changes, "2025Q4", "2026Q1", kept)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_said_by_some_finding_and_has_its_sentence(language: str) -> None:
    said = {*told(*(one.value for one in ChangeClass)), *told("no_change", kept=False), *told("data_revision")}
    assert said == set(read_catalogue(language)["change"]["findings"])


def test_where_nothing_changed_that_is_what_is_said() -> None:
    found = told("no_change", "no_change")
    assert list(found) == ["change_none", "change_method_none"]
    assert (found["change_none"]["total"], found["change_none"]["same"]) == (2, 2)


def test_scores_of_one_quarter_only_are_no_change() -> None:
    counts = told("new_coverage", "coverage_lost", "not_listed", "no_change", "data_revision", "sampling_noise")
    found = counts["change_counts"]
    assert [found[name] for name in ("total", "compared", "changed", "same", "single")] == [6, 3, 2, 1, 3]


def test_a_report_that_was_not_kept_hides_a_change_of_method() -> None:
    assert list(told("no_change", kept=False)) == ["change_none", "change_method_unseen"]


def test_that_no_change_was_real_is_said() -> None:
    found = told("data_revision", "no_change")
    assert "change_real_none" in found
    assert (found["change_data_revision"]["count"], found["change_data_revision"]["part"]) == (1, -173.0)


def test_the_example_is_taken_from_the_main_scores() -> None:
    changes = pl.DataFrame(
        [
            {**ROW, "class": "real_change", "metric": "share_of_world_output"},
            {**ROW, "class": "real_change", "product_id": "nickel_mine"},
        ]
    )
    findings = {one.message_id: one for one in change_findings(changes, "2025Q4", "2026Q1", True)}
    real = findings["change_real_change"]
    assert (real.numbers["count"], real.numbers["product_id"]) == (2, "nickel_mine")
    assert real.score_keys == ("hhi/nickel_mine/2024",)
