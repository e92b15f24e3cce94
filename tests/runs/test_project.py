"""Where a project lies, and the day a run looks from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.quarters import Quarter
from supplyrisk.runs.config import Config
from supplyrisk.runs.opening import load_config, reports_folder, resolve_day
from supplyrisk.runs.project import find_project
from supplyrisk.runs.quarterly import compute_run
from tests.conftest import ROOT

TODAY = date(2026, 5, 20)
FIRST = Quarter(2026, 1)


def test_folder_of_ones_own_is_used_whole(copied_project: Path) -> None:
    project = find_project(copied_project)
    assert (project.config_file, project.data, project.models, project.home) == (
        copied_project / "config.yaml",
        copied_project / "data",
        copied_project / "models",
        copied_project,
    )


def test_what_a_folder_lacks_is_taken_from_the_shipped_project(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("quarter: 2026Q1\n", encoding="utf-8")
    project = find_project(tmp_path)
    assert project.config_file == tmp_path / "config.yaml"
    assert (project.data, project.models) == (ROOT / "data", ROOT / "models")


def test_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--project: the folder .*nowhere does not exist"):
        find_project(tmp_path / "nowhere")


def test_folder_without_any_part_of_a_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--project: .* holds no config\.yaml, data or models folder"):
        find_project(tmp_path)


def test_working_folder_that_is_a_project_is_used(copied_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copied_project)
    assert find_project().data == copied_project / "data"


def test_elsewhere_the_shipped_project_is_used_and_reports_go_to_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    project = find_project()
    assert (project.data, project.home) == (ROOT / "data", tmp_path)


def test_reports_go_to_the_option_else_to_the_folder_of_the_config(copied_project: Path, config: Config) -> None:
    project = find_project(copied_project)
    own = config.model_copy(update={"reports": "output"})
    assert reports_folder(project, own, None) == copied_project / "output"
    assert reports_folder(project, own, copied_project / "else") == copied_project / "else"


def test_quarter_of_the_option_stands_before_that_of_the_config(copied_project: Path) -> None:
    project = find_project(copied_project)
    assert load_config(project, None)[1] == FIRST
    assert load_config(project, "2025q4")[1] == Quarter(2025, 4)


def test_day_is_the_last_of_the_quarter(config: Config) -> None:
    assert resolve_day(config, FIRST, None, TODAY) == date(2026, 3, 31)


def test_day_of_the_config_stands_before_the_quarter_and_the_option_before_both(config: Config) -> None:
    own = config.model_copy(update={"as_of": "2026-02-15"})
    assert resolve_day(own, FIRST, None, TODAY) == date(2026, 2, 15)
    assert resolve_day(own, FIRST, "2026-01-10", TODAY) == date(2026, 1, 10)


def test_quarter_that_has_not_ended_is_refused(config: Config) -> None:
    with pytest.raises(
        InputError,
        match=r"The quarter 2026Q2 ends on 2026-06-30, which has not come yet \(today is 2026-05-20\)\. Give",
    ):
        resolve_day(config, Quarter(2026, 2), None, TODAY)


def test_day_that_has_not_come_is_refused(config: Config) -> None:
    with pytest.raises(InputError, match="The as-of day is 2026-05-21, which has not come yet"):
        resolve_day(config, FIRST, "2026-05-21", TODAY)


def test_today_is_a_day_that_has_come(config: Config) -> None:
    assert resolve_day(config, FIRST, "2026-05-20", TODAY) == TODAY


def test_day_that_cannot_be_read_names_the_option(config: Config) -> None:
    with pytest.raises(InputError, match=r"--as-of: '15-2-2026' is not a day\. Write it as 2026-03-31"):
        resolve_day(config, FIRST, "15-2-2026", TODAY)


def test_unknown_product_of_the_trend_chart_is_shown_with_the_nearest(config: Config) -> None:
    report = config.report.model_copy(update={"trend_products": ("cobalt_mine", "galium")})
    own = config.model_copy(update={"report": report})
    with pytest.raises(
        InputError,
        match=r"config\.yaml, report\.trend_products\[1\]: 'galium' is not a product\. Did you mean 'gallium'\?",
    ):
        compute_run(find_project(ROOT), own, FIRST, date(2026, 3, 31), lambda text: None)


def test_unknown_source_to_exclude_is_shown_with_the_nearest(config: Config) -> None:
    own = config.model_copy(update={"exclude_sources": ("iea_cmd_2025",)})
    with pytest.raises(
        InputError, match=r"exclude_sources: 'iea_cmd_2025' is not a source\. Did you mean 'iea_cmde_2025'\?"
    ):
        compute_run(find_project(ROOT), own, FIRST, date(2026, 3, 31), lambda text: None)
