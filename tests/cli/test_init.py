"""`supplyrisk init`: a working copy that works at once, whole or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from supplyrisk.foundation.errors import ExitCode, InputError
from supplyrisk.foundation.yaml_reader import read_yaml
from supplyrisk.runs.config import read_config
from supplyrisk.runs.opening import open_project_data
from supplyrisk.runs.project import Project, find_project
from supplyrisk.runs.ready_files import find_file, ready_files
from supplyrisk.runs.schemas import schema_of
from supplyrisk.runs.working_copy import make_working_copy
from tests.cli.test_commands import Output, call
from tests.conftest import ROOT

FILES = {
    "README.md", "config.yaml", "overlay/README.md", "overlay/production.csv", "scenarios/my_scenario.yaml",
    "schema/config.schema.json", "schema/scenario.schema.json",
}  # fmt: skip


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_working_copy_has_the_shipped_config_with_its_own_overlay_and_language(tmp_path: Path, language: str) -> None:
    copy = make_working_copy(tmp_path / "new" / "copy", language)
    assert files_in(copy) == FILES
    own, shipped = read_config(copy / "config.yaml"), read_config(ROOT / "config.yaml")
    assert own == shipped.model_copy(update={"overlay": "overlay", "language": language})
    comments = [text.partition("#")[2] for text in (ROOT / "config.yaml").read_text(encoding="utf-8").splitlines()[1:]]
    assert [
        t.partition("#")[2] for t in (copy / "config.yaml").read_text(encoding="utf-8").splitlines()[1:]
    ] == comments
    project = find_project(copy)
    assert (project.data, project.models, project.home) == (ROOT / "data", ROOT / "models", copy)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_each_file_points_to_a_schema_that_lies_in_the_copy_and_fits(tmp_path: Path, language: str) -> None:
    copy = make_working_copy(tmp_path / "copy", language)
    for file, kind in (("config.yaml", "config"), ("scenarios/my_scenario.yaml", "scenario")):
        first = (copy / file).read_text(encoding="utf-8").splitlines()[0]
        target = ((copy / file).parent / first.partition("$schema=")[2]).resolve()
        assert target == copy / "schema" / f"{kind}.schema.json"
        assert target.read_text(encoding="utf-8") == schema_of(kind)


def test_the_example_says_the_same_in_both_languages(tmp_path: Path) -> None:
    def told(language: str) -> object:
        data = read_yaml(make_working_copy(tmp_path / language, language) / "scenarios" / "my_scenario.yaml").data
        for shock in data["shocks"].values():
            del shock["rests_on"]
        return data

    assert told("en") == told("nl")


def test_data_check_and_whatif_run_on_a_new_copy(tmp_path: Path, capsys: Output) -> None:
    copy = str(tmp_path / "copy")
    assert call("init", copy) == ExitCode.DONE
    assert capsys.readouterr().out == f"{copy}/README.md\n"
    assert call("--project", copy, "data", "check") == ExitCode.DONE
    assert "every contract and rule holds" in capsys.readouterr().out
    assert call("--project", copy, "whatif", "my_scenario", "--no-sensitivity", "--quiet") == ExitCode.DONE
    told = capsys.readouterr().out
    assert told.startswith("Half of the Chinese magnesium for Europe stays away\n")
    assert "magnesium metal" in told


def test_the_row_of_the_readme_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    for language in ("en", "nl"):
        copy = make_working_copy(tmp_path / language, language)
        readme = (copy / "overlay" / "README.md").read_text(encoding="utf-8")
        example = readme.partition("```text\n")[2].partition("```")[0]
        assert example.splitlines()[0] == (copy / "overlay" / "production.csv").read_text(encoding="utf-8").strip()
        (copy / "overlay" / "production.csv").write_text(example, encoding="utf-8")
        project = find_project(copy)
        config = read_config(project.config_file)
        day = date(2026, 3, 31)
        rows = open_project_data(project, config, day, ("production",)).table("production")
        same = {"product_id": "gallium", "iso3": "JPN", "year": 2024, "edition": "curated_2024"}
        assert rows.filter(**same)["value"].to_list() == [5.0]
        assert rows.height == open_project_data(find_project(ROOT), config.model_copy(update={"overlay": None}), day,
                                                ("production",)).table("production").height  # fmt: skip


def test_a_folder_that_holds_something_is_refused_and_left_as_it_was(tmp_path: Path, capsys: Output) -> None:
    for number in range(8):
        (tmp_path / f"note{number}.txt").write_text("mine", encoding="utf-8")
    assert call("init", str(tmp_path)) == ExitCode.WRONG_INPUT
    told = capsys.readouterr().err
    assert "is not empty: it holds note0.txt, note1.txt, note2.txt" in told
    assert "and 2 more. Give a new folder." in told
    assert files_in(tmp_path) == {f"note{number}.txt" for number in range(8)}


def test_an_empty_folder_is_filled_but_not_the_one_you_are_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    assert files_in(make_working_copy(tmp_path / "empty", "en")) == FILES
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(InputError, match=r"^\. is the folder you are in, which is to be replaced\. Give a new folder"):
        make_working_copy(Path(), "en")


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert call("init", str(tmp_path / "file")) == ExitCode.WRONG_INPUT
    assert "file is a file, a folder is to be written there" in capsys.readouterr().err
    assert call("init", str(tmp_path / "file" / "copy")) == ExitCode.WRONG_INPUT
    assert "Nothing can be written to" in capsys.readouterr().err


def test_an_unknown_language_is_told_before_anything_is_written(tmp_path: Path, capsys: Output) -> None:
    assert call("init", str(tmp_path / "copy"), "--lang", "fr") == ExitCode.WRONG_INPUT
    assert "'fr' is not a language of the reports" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_breaks_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "write_text", _stop)
    with pytest.raises(KeyboardInterrupt):
        make_working_copy(tmp_path / "copy", "en")
    assert list(tmp_path.iterdir()) == []


def _stop(*_: object, **__: object) -> int:
    raise KeyboardInterrupt


@pytest.fixture
def own_project(tmp_path: Path) -> Project:
    """A working copy."""
    return find_project(make_working_copy(tmp_path / "copy", "en"))


def test_own_scenarios_and_ready_ones_go_by_name(own_project: Project) -> None:
    assert find_file(own_project, "scenarios", "my_scenario") == own_project.home / "scenarios" / "my_scenario.yaml"
    assert find_file(own_project, "scenarios", "suez_detour") == ROOT / "models" / "scenarios" / "suez_detour.yaml"
    with pytest.raises(InputError, match="Did you mean 'my_scenario'"):
        find_file(own_project, "scenarios", "my_scenari")


def test_a_name_that_stands_in_both_places_is_refused(own_project: Project) -> None:
    (own_project.home / "scenarios" / "suez_detour.yaml").write_text("title: mine\n", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"'suez_detour' is one of models/scenarios and .*suez_detour\.yaml too\. Give"
    ):
        find_file(own_project, "scenarios", "suez_detour")


def test_scenarios_of_ones_own_do_not_enter_the_report(own_project: Project) -> None:
    assert [path.name for path in ready_files(own_project, "scenarios") if path.stem == "my_scenario"] == []
