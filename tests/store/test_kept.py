"""Results kept between commands: only ever a gain of time."""

from __future__ import annotations

from pathlib import Path

import pytest

from supplyrisk.store.kept import fingerprint, kept


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUPPLYRISK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_result_is_made_once(folder: Path) -> None:
    made: list[int] = []

    def make() -> tuple[int, ...]:
        made.append(1)
        return (1, 2)

    assert kept("a", make) == kept("a", make) == (1, 2)
    assert len(made) == 1
    assert [file.name for file in folder.iterdir()] == ["a.pickle"]


def test_a_broken_file_is_made_anew(folder: Path) -> None:
    kept("a", lambda: 1)
    (folder / "a.pickle").write_bytes(b"not a pickle")
    assert kept("a", lambda: 2) == 2
    assert kept("a", lambda: 3) == 2


def test_without_a_folder_to_write_to_it_is_made_each_time(folder: Path) -> None:
    folder.write_text("a file", encoding="utf-8")
    assert (kept("a", lambda: 1), kept("a", lambda: 2)) == (1, 2)


def test_old_results_go(folder: Path) -> None:
    for number in range(12):
        kept(f"r{number}", lambda: 0)
    assert len(list(folder.iterdir())) == 8


def test_the_fingerprint_follows_content_names_and_words(tmp_path: Path) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("a", encoding="utf-8")
    other.write_text("a", encoding="utf-8")
    first = fingerprint([one], ["2026-03-31"])
    assert first == fingerprint([one], ["2026-03-31"])
    assert len({first, fingerprint([other], ["2026-03-31"]), fingerprint([one], ["2025-12-31"])}) == 3
    one.write_text("b", encoding="utf-8")
    assert fingerprint([one], ["2026-03-31"]) != first
