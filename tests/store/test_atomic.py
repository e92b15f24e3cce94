"""A folder is either complete or the one before it is left as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.store.atomic import check_replaceable, replace_folder


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder with an earlier report."""
    folder = tmp_path / "reports" / "2026Q1"
    (folder / "figures").mkdir(parents=True)
    (folder / "report.html").write_text("old", encoding="utf-8")
    (folder / "figures" / "a.svg").write_text("old figure", encoding="utf-8")
    return folder


def contents(folder: Path) -> dict[str, str]:
    """Text of every file below a folder, hidden ones included."""
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()
    }


OLD = {"2026Q1/report.html": "old", "2026Q1/figures/a.svg": "old figure"}


def only_old(folder: Path) -> bool:
    """The parent holds the old folder whole and nothing else, no empty folder either."""
    return contents(folder.parent) == OLD and os.listdir(folder.parent) == ["2026Q1"]


def test_a_new_folder_is_written_with_the_folders_above_it(tmp_path: Path) -> None:
    target = tmp_path / "reports" / "2026Q1"
    with replace_folder(target) as draft:
        (draft / "report.html").write_text("new", encoding="utf-8")
    assert contents(tmp_path) == {"reports/2026Q1/report.html": "new"}
    assert os.listdir(target.parent) == ["2026Q1"]


def test_on_success_the_new_folder_takes_the_place_of_the_old_one_whole(old: Path) -> None:
    with replace_folder(old) as draft:
        (draft / "report.html").write_text("new", encoding="utf-8")
    assert contents(old.parent) == {"2026Q1/report.html": "new"}
    assert os.listdir(old.parent) == ["2026Q1"]


def test_while_writing_the_old_folder_stands_untouched(old: Path) -> None:
    with replace_folder(old) as draft:
        (draft / "report.html").write_text("new", encoding="utf-8")
        assert contents(old) == {"report.html": "old", "figures/a.svg": "old figure"}
        assert draft.parent == old.parent


def test_the_draft_begins_empty(old: Path) -> None:
    with replace_folder(old) as draft:
        assert list(draft.iterdir()) == []


@pytest.mark.parametrize("error", [ValueError, OSError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_the_old_folder_and_no_litter(old: Path, error: type[BaseException]) -> None:
    def write() -> None:
        with replace_folder(old) as draft:
            (draft / "report.html").write_text("half", encoding="utf-8")
            raise error

    with pytest.raises(error):
        write()
    assert only_old(old)


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
@pytest.mark.parametrize("failing_move", [1, 2])
def test_an_error_between_the_moves_brings_the_old_folder_back(
    old: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException], failing_move: int
) -> None:
    moves = 0
    move = os.replace

    def fail_once(source: Path, target: Path) -> None:
        nonlocal moves
        moves += 1
        if moves == failing_move:
            raise error
        move(source, target)

    monkeypatch.setattr(os, "replace", fail_once)

    def write() -> None:
        with replace_folder(old) as draft:
            (draft / "report.html").write_text("new", encoding="utf-8")

    with pytest.raises(error):
        write()
    assert only_old(old)


def test_an_error_without_an_old_folder_leaves_nothing(tmp_path: Path) -> None:
    def write() -> None:
        with replace_folder(tmp_path / "reports" / "2026Q1"):
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        write()
    assert os.listdir(tmp_path / "reports") == []


def test_other_folders_beside_it_are_left_alone(old: Path) -> None:
    other = old.parent / "2026Q2"
    other.mkdir()
    (other / "report.html").write_text("other", encoding="utf-8")
    with replace_folder(old) as draft:
        (draft / "report.html").write_text("new", encoding="utf-8")
    assert contents(old.parent) == {"2026Q1/report.html": "new", "2026Q2/report.html": "other"}


def test_the_folder_may_be_read_by_others(old: Path) -> None:
    with replace_folder(old):
        pass
    assert old.stat().st_mode & 0o777 == 0o755


def test_a_file_in_the_place_of_the_folder_is_an_input_error_and_stays(tmp_path: Path) -> None:
    (tmp_path / "2026Q1").write_text("a file", encoding="utf-8")

    def write() -> None:
        with replace_folder(tmp_path / "2026Q1"):
            pytest.fail("nothing can be written here")

    with pytest.raises(InputError, match=r"2026Q1 is a file, a folder is to be written there\. Move it away\.$"):
        write()
    assert contents(tmp_path) == {"2026Q1": "a file"}


@pytest.mark.parametrize("below", ["2026Q1", "deeper/2026Q1"])
def test_a_file_in_the_place_of_the_parent_folder_is_an_input_error_with_a_remedy(tmp_path: Path, below: str) -> None:
    (tmp_path / "reports").write_text("a file", encoding="utf-8")

    def write() -> None:
        with replace_folder(tmp_path / "reports" / below):
            pytest.fail("nothing can be written here")

    with pytest.raises(
        InputError, match=r"^Nothing can be written to .*reports.*\(.+\)\. Give another folder with --r"
    ):
        write()
    assert contents(tmp_path) == {"reports": "a file"}


def test_a_folder_that_cannot_be_replaced_is_told_before_any_work(tmp_path: Path) -> None:
    check_replaceable(tmp_path / "deep" / "down" / "target")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="is a file, a folder is to be written there"):
        check_replaceable(tmp_path / "file")
    with pytest.raises(InputError, match="Nothing can be written"):
        check_replaceable(tmp_path / "file" / "target")
