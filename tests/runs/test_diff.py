"""Comparing two quarters: words that are wrong, kept runs that are damaged, and the shipped data without network."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.report.change_part import change_chapter
from supplyrisk.report.wording import LANGUAGES, read_catalogue
from supplyrisk.runs.config import Config
from supplyrisk.runs.diff_run import QuarterDiff, ask_diff, quarter_diff
from supplyrisk.runs.diff_view import DiffView
from supplyrisk.runs.project import Project
from supplyrisk.scores.change import PARTS, ChangeClass
from supplyrisk.scores.table import SCHEMA
from supplyrisk.store.history import keep_run

TODAY = date(2026, 11, 25)
METRICS = ("hhi", "hhi_series", "top1_share")
EMPTY = pl.DataFrame(schema=dict(SCHEMA))


def manifest(quarter: str, day: str, version: str = "0.1.0") -> dict[str, Any]:
    config = {"seed": 20260101, "draws": 1000, "exclude_sources": [], "overlay": None, "focus": ["EU27", "NLD"]}
    return {"quarter": quarter, "as_of": day, "versions": {"supplyrisk": version}, "config": config}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("2025-4", "2026Q1", "'2025-4' is not a quarter. Write the year and Q1, Q2, Q3 or Q4"),
        ("2026Q1", "2026Q1", "2026Q1 is given twice"),
        ("2026Q1", "2025Q4", "Give the older one first: supplyrisk diff 2025Q4 2026Q1"),
        ("2026Q1", "2027Q1", "2027Q1 ends on 2027-03-31, which has not come yet"),
    ],
)
def test_quarters_that_cannot_be_compared_are_told_before_anything_is_read(
    before: str, after: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        ask_diff(before, after, (), tmp_path, TODAY)
    assert told in str(caught.value)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        ask_diff("soon", "2027Q4", ("hhii",), tmp_path, TODAY)
    text = str(caught.value)
    assert "3 problems" in text
    assert "'hhii' is not a metric. Did you mean 'hhi'?" in text


def test_the_day_of_the_kept_run_is_looked_from(tmp_path: Path) -> None:
    keep_run(tmp_path, "aaa", EMPTY, manifest("2025Q4", "2025-11-15"))
    asked = ask_diff("2025Q4", "2026Q1", (), tmp_path, TODAY)
    assert asked.days == (date(2025, 11, 15), date(2026, 3, 31))
    assert [run and run["run_id"] for run in asked.runs] == ["aaa", None]


def test_the_latest_version_stands_for_a_quarter_and_another_run_can_be_named(tmp_path: Path) -> None:
    keep_run(tmp_path, "bbb", EMPTY, manifest("2025Q4", "2025-12-31", "0.9.0"))
    keep_run(tmp_path, "aaa", EMPTY, manifest("2025Q4", "2025-12-31", "0.10.0"))
    asked = ask_diff("2025Q4", "2026Q1", (), tmp_path, TODAY)
    assert asked.runs[0] is not None
    assert (asked.runs[0]["run_id"], asked.alternatives) == ("aaa", ("bbb",))
    named = ask_diff("2025Q4", "2026Q1", (), tmp_path, TODAY, "bbb")
    assert named.runs[0] is not None
    assert (named.runs[0]["run_id"], named.alternatives) == ("bbb", ("aaa",))
    with pytest.raises(InputError, match=r"'bbc' is not a kept run of 2025Q4. Did you mean 'bbb'\?"):
        ask_diff("2025Q4", "2026Q1", (), tmp_path, TODAY, "bbc")


def test_a_kept_run_without_scores_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    folder = keep_run(tmp_path, "aaa", EMPTY, manifest("2025Q4", "2025-12-31"))
    (folder / "scores.parquet").unlink()
    with pytest.raises(InputError, match=r"run=aaa.scores\.parquet: the file is missing"):
        ask_diff("2025Q4", "2026Q1", (), tmp_path, TODAY)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no parquet at all", None])
def test_a_damaged_kept_run_is_an_error_that_names_the_file(content: bytes | None, tmp_path: Path) -> None:
    folder = keep_run(tmp_path, "aaa", EMPTY, manifest("2025Q4", "2025-12-31"))
    whole = (folder / "scores.parquet").read_bytes()
    (folder / "scores.parquet").write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(InputError, match=r"run=aaa.scores\.parquet: it is damaged"):
        ask_diff("2025Q4", "2026Q1", (), tmp_path, TODAY)


def test_a_kept_run_of_other_columns_is_an_error(tmp_path: Path) -> None:
    keep_run(tmp_path, "aaa", EMPTY.drop("end_product"), manifest("2025Q4", "2025-12-31"))
    with pytest.raises(InputError, match=r"has not the columns that scores have today \(end_product\)"):
        ask_diff("2025Q4", "2026Q1", (), tmp_path, TODAY)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"quarter": "2025Q4"}'])
def test_a_manifest_that_is_none_is_an_error_that_names_the_file(text: str, tmp_path: Path) -> None:
    folder = keep_run(tmp_path, "aaa", EMPTY, manifest("2025Q4", "2025-12-31"))
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"run=aaa.manifest\.json: it is no manifest of a run"):
        ask_diff("2025Q4", "2026Q1", (), tmp_path, TODAY)


@pytest.fixture(scope="module")
def shipped(project: Project, config: Config, tmp_path_factory: pytest.TempPathFactory) -> QuarterDiff:
    """World scores of two quarters of the shipped data, the older report not kept."""
    asked = ask_diff("2025Q4", "2026Q1", METRICS, tmp_path_factory.mktemp("reports"), TODAY)
    return quarter_diff(project, config, asked, lambda text: None)


def row_of(diff: QuarterDiff, metric: str, product: str) -> dict[str, Any]:
    wanted = (pl.col("metric") == metric) & (pl.col("product_id") == product) & (pl.col("year_after") >= 2024)
    return diff.changes.filter(wanted).sort("year_after").tail(1).row(0, named=True)


def test_another_edition_of_2024_revises_cobalt(shipped: QuarterDiff) -> None:
    # HHI by hand from data/production.csv: usgs_mcs_2025 has COD 220 of 288.2 kt, curated_2024 COD 226 of 301.59 kt.
    row = row_of(shipped, "hhi", "cobalt_mine")
    assert (row["class"], row["year_before"], row["year_after"]) == ("data_revision", 2024, 2024)
    assert row["before"] == pytest.approx(5941.022, abs=1e-3)
    assert row["after"] == pytest.approx(5767.570, abs=1e-3)
    assert row["data_revision"] == row["change"]


def test_a_later_year_of_nickel_splits_into_revision_and_real_change(shipped: QuarterDiff) -> None:
    # By hand: 3799.748 (2024, edition 2025), 4049.893 (2024, edition 2026), 4595.721 (2025, edition 2026).
    row = row_of(shipped, "hhi_series", "nickel_mine")
    assert (row["class"], row["year_before"], row["year_after"]) == ("real_change", 2024, 2025)
    assert row["data_revision"] == pytest.approx(250.145, abs=1e-3)
    assert row["real_change"] == pytest.approx(545.827, abs=1e-3)


def test_every_change_of_the_shipped_data_is_the_sum_of_its_parts(shipped: QuarterDiff) -> None:
    told = shipped.changes.filter(pl.col("change").is_not_null())
    left = told.select((pl.col("change") - pl.sum_horizontal(PARTS)).abs().max()).item()
    assert told.height > 500
    assert left < 1e-9


def test_shares_carried_over_to_a_later_year_are_no_change(shipped: QuarterDiff) -> None:
    row = row_of(shipped, "hhi", "tungsten_refined")
    assert (row["year_before"], row["year_after"], row["class"]) == (2018, 2024, "no_change")


def test_that_nothing_changed_is_a_headline(project: Project, config: Config, tmp_path: Path) -> None:
    # Nothing became known between these two days that the scores of reserves rest on.
    asked = ask_diff("2025Q3", "2025Q4", ("reserves_hhi",), tmp_path, TODAY)
    found = quarter_diff(project, config, asked, lambda text: None)
    assert found.changes["class"].unique().to_list() == ["no_change"]
    for language in LANGUAGES:
        first = DiffView(found, language, everything=False)
        assert first.rows.is_empty()
        assert first.head().startswith({"en": "- Nothing changed: all", "nl": "- Er veranderde niets: alle"}[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_part_of_a_report_says_what_changed(language: str, shipped: QuarterDiff) -> None:
    view = DiffView(shipped, language, everything=True)
    chapter = change_chapter(view.given, view.wording)
    classes = read_catalogue(language)["change"]["classes"]
    assert list(classes) == [one.value for one in ChangeClass]
    assert [name for name, _ in chapter.tables[0].rows] == list(classes.values())
    nickel = next(row for row in chapter.tables[1].rows if "250" in row[5] and "546" in row[6])
    assert nickel[5:7] == ("+250", "+546")
    assert not any("{" in text for text in (*chapter.notes, *(sentence.text for sentence in chapter.sentences)))
    nothing = change_chapter(None, view.wording)
    assert nothing.tables == ()
    assert "supplyrisk diff" in nothing.notes[0]
    record = json.loads(view.as_json())
    assert sum(record["summary"].values()) == len(record["changes"]) == shipped.changes.height
    assert record["before"]["kept_run"] is None
