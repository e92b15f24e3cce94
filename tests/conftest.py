"""Shared fixtures: the project's own data, a small data package to break, and hypothesis profiles."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

from supplyrisk.runs.config import Config, read_config
from supplyrisk.runs.project import Project, find_project
from supplyrisk.runs.quarterly import Run, compute_run, load_config, open_project_data, resolve_day, score_project
from supplyrisk.runs.scoring import Scores
from supplyrisk.tables.package import DataPackage

settings.register_profile("short", max_examples=40, deadline=None)
settings.register_profile("long", max_examples=1500, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 25)


@pytest.fixture(scope="session")
def project() -> Project:
    """The project as shipped."""
    return find_project(ROOT)


@pytest.fixture(scope="session")
def config(project: Project) -> Config:
    """The config as shipped."""
    return read_config(project.config_file)


def run_of(project: Project, quarter: str) -> Run:
    """A computed run, without any file written."""
    config, named = load_config(project, quarter)
    return compute_run(project, config, named, resolve_day(config, named, None, TODAY), lambda text: None)


@pytest.fixture(scope="session")
def run_2026q1(project: Project) -> Run:
    """The default quarter."""
    return run_of(project, "2026Q1")


@pytest.fixture(scope="session")
def run_2025q4(project: Project) -> Run:
    """The quarter before the USGS 2026 edition was out."""
    return run_of(project, "2025Q4")


@pytest.fixture(scope="session")
def package(project: Project, config: Config) -> DataPackage:
    """The data package as known on the last day of 2026Q1."""
    return open_project_data(project, config, date(2026, 3, 31))


@pytest.fixture(scope="session")
def scores(project: Project, config: Config, package: DataPackage) -> Scores:
    """World scores of the default quarter."""
    return score_project(project, config, package)


@pytest.fixture
def copied_project(tmp_path: Path) -> Path:
    """A copy of config, data and models that a test may break."""
    for name in ("data", "models"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "config.yaml", tmp_path / "config.yaml")
    return tmp_path


@pytest.fixture
def edit(copied_project: Path) -> Callable[[str, str, str], None]:
    """Replace text in a file of the copied project: edit('data/production.csv', old, new); old must be there."""

    def replace(file: str, old: str, new: str) -> None:
        path = copied_project / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace
