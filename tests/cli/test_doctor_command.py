"""`supplyrisk doctor` as a user meets it: what is broken is told, and the other checks go on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from supplyrisk.foundation.errors import ExitCode
from tests.cli.test_commands import Output, call
from tests.conftest import ROOT


def checks_of(capsys: Output) -> dict[str, dict[str, Any]]:
    """The checks of what was printed as JSON."""
    return {check["check_id"]: check for check in json.loads(capsys.readouterr().out)["checks"]}


def test_the_shipped_project_is_fit(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supplyrisk.runs.doctor_models.stored_fits", lambda folder: [])  # slow, and tested by itself
    assert call("--project", str(ROOT), "doctor", "--quiet", "--as-of", "2026-03-31") == ExitCode.DONE
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.startswith("2026Q1, as known on 2026-03-31\nok       versions")
    assert "Fit to make a report: 0 faults" in printed.out.splitlines()[-1]


def test_everything_broken_at_once_is_told_by_its_own_check(
    copied_project: Path, edit: Callable[[str, str, str], None], capsys: Output
) -> None:
    edit("config.yaml", "overlay: null", "overlay: own ")
    edit("config.yaml", "reports: reports", "reports: config.yaml/reports")
    edit("models/scenarios/suez_detour.yaml", "title:", "titel:")
    edit("models/fitted/trends.yaml", "trends:", "trendz:")
    (copied_project / "data" / "capacity.csv").write_bytes(b"\xff\xfe")
    (copied_project / "data" / "reserves.csv").unlink()
    given = ("--project", str(copied_project), "doctor", "--quiet", "--format", "json")
    assert call(*given) == ExitCode.CHECK_FAILED
    printed = capsys.readouterr()
    checks = {check["check_id"]: check for check in json.loads(printed.out)["checks"]}
    faults = {name for name, check in checks.items() if check["verdict"] == "fault"}
    # Models and fits say that they could not be made; what rests on whole tables goes on.
    assert faults == {"overlay", "reports", "data", "release", "models", "fits"}
    assert "capacity.csv: the file is not UTF-8 text" in str(checks["data"]["details"])
    assert "reserves.csv: the table is missing" in str(checks["data"]["details"])
    assert checks["release"]["found"].startswith("not as released: capacity, reserves; capacity: 0 rows here, ")
    assert checks["models"]["found"] == "cannot be told: capacity cannot be read"
    assert checks["editions"]["verdict"] == "ok"
    assert "doctor found 6 faults in 17 checks: reports, overlay, data, release, models, fits." in printed.err
    assert not (copied_project / "reports").exists()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the checks that take seconds."""
    from supplyrisk.runs import doctor
    from supplyrisk.tables.checks import CheckedData

    kept = [check for check in doctor._CHECKS if not check[2]]
    monkeypatch.setattr(doctor, "_CHECKS", tuple(kept))
    monkeypatch.setattr(doctor, "_data", lambda project, overlay: CheckedData({}, {}, ()))


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("quarter: [", "this is not valid YAML"),
        ("quarter: 2026Q1\nfocus: [NLD]\nseed: 1\nlangauge: nl\n", "Did you mean 'language'?"),
        ("quarter: 2099Q4\nfocus: [NLD]\nseed: 1\n", "has not come yet"),
        ("quarter: 2026Q5\nfocus: [NLD]\nseed: 1\n", "'2026Q5' is not a quarter"),
        ("quarter: 2026Q1\nas_of: soon\nfocus: [NLD]\nseed: 1\n", "config.yaml, line 2, as_of: 'soon' is not a day"),
    ],
)
def test_a_config_that_cannot_be_used_is_one_fault_among_checks(
    tmp_path: Path, capsys: Output, text: str, told: str
) -> None:
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    assert call("--project", str(tmp_path), "doctor", "--quiet", "--format", "json") == ExitCode.CHECK_FAILED
    checks = checks_of(capsys)
    assert [name for name, check in checks.items() if check["verdict"] == "fault"] == ["config"]
    assert told in checks["config"]["found"]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--quarter", "2026Q5"), "'2026Q5' is not a quarter"),
        (("--quarter", "2099Q1"), "has not come yet"),
        (("--as-of", "soon"), "--as-of: 'soon' is not a day"),
        (("--format", "csv"), "'csv' is not one of"),
    ],
)
def test_wrong_usage_is_told_and_exits_2(words: tuple[str, ...], told: str, capsys: Output) -> None:
    assert call("doctor", *words) == ExitCode.WRONG_INPUT
    printed = capsys.readouterr()
    assert told in printed.err
    assert printed.out == ""


@pytest.mark.usefixtures("quick")
def test_a_day_of_the_command_line_stands_in_for_a_broken_config(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "config.yaml").write_text("quarter: [", encoding="utf-8")
    for words, day in ((("--as-of", "2025-02-15"), "2025-02-15"), (("--quarter", "2025Q4"), "2025-12-31")):
        assert call("--project", str(tmp_path), "doctor", *words, "--quiet") == ExitCode.CHECK_FAILED
        assert f"as known on {day}" in capsys.readouterr().out.splitlines()[0]


@pytest.mark.usefixtures("quick")
def test_a_check_that_breaks_is_told_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    from supplyrisk.runs import doctor

    def broken(examined: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(doctor, "_CHECKS", (("broken", broken, ()), *doctor._CHECKS))
    assert call("--project", str(ROOT), "doctor", "--quiet") == ExitCode.CHECK_FAILED
    told = capsys.readouterr().out
    assert "fault    broken     cannot be told (ZeroDivisionError: by zero)" in told
    assert "fonts" in told
