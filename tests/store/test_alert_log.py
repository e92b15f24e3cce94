"""The log of accepted alerts: only added to, whole or not at all, and a damaged line told with its number."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.store.alert_log import LOG, Acceptance, append_log, read_log

NOTE = "één\u2028twee"
FIRST = Acceptance(alert_id="a", owner="Jansen", day=date(2026, 4, 2), quarter="2026Q1", value=0.1, note=NOTE)
SECOND = Acceptance(alert_id="b", owner="De Vries", day=date(2026, 4, 3), quarter="2026Q1", value=None)


def test_log_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert read_log(tmp_path / "reports") == ()


def test_lines_come_back_in_the_order_in_which_they_were_added(tmp_path: Path) -> None:
    append_log(tmp_path / "reports", [FIRST])
    append_log(tmp_path / "reports", [SECOND, FIRST])
    assert read_log(tmp_path / "reports") == (FIRST, SECOND, FIRST)


def test_what_was_written_by_hand_stays_byte_by_byte(tmp_path: Path) -> None:
    by_hand = '\r\n{"owner": "X",  "alert_id": "c", "day": "2026-01-01", "quarter": "2026Q1", "value": 1}\r\n\n'
    last = '{"alert_id":"d","owner":"Y","day":"2026-01-02","quarter":"2026Q1","value":null}'
    (tmp_path / LOG).write_bytes((by_hand + last).encode())
    append_log(tmp_path, [FIRST])
    content = (tmp_path / LOG).read_bytes().decode()
    assert content.startswith(by_hand + last + "\n")
    assert [line.alert_id for line in read_log(tmp_path)] == ["c", "d", "a"]


def test_every_damaged_line_is_told_with_file_and_line_and_nothing_is_added(tmp_path: Path) -> None:
    append_log(tmp_path, [FIRST])
    path = tmp_path / LOG
    broken = '{"alert_id": "x", "owner": "  ", "day": "soon", "quarter": "2026Q1", "value": 1}\nnot json\n'
    path.write_bytes(path.read_bytes() + broken.encode())
    before = path.read_bytes()
    with pytest.raises(InputError, match="cannot be read: 3 problems") as caught:
        append_log(tmp_path, [SECOND])
    text = str(caught.value)
    assert f"{path}, line 2, owner:" in text
    assert f"{path}, line 2, day:" in text
    assert f"{path}, line 3:" in text
    assert path.read_bytes() == before


def test_log_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / LOG).write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=r"alerts_log\.jsonl: the file cannot be read as UTF-8 text"):
        read_log(tmp_path)


def test_log_stays_when_the_new_one_cannot_take_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append_log(tmp_path, [FIRST])

    def refuse(*paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(InputError, match="No space left on device"):
        append_log(tmp_path, [SECOND])
    assert read_log(tmp_path) == (FIRST,)
    assert [path.name for path in tmp_path.iterdir()] == [LOG]


def test_two_people_who_accept_at_once_both_keep_their_lines(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: append_log(tmp_path, [one]), [FIRST, SECOND] * 10))
    assert sorted(one.alert_id for one in read_log(tmp_path)) == sorted([FIRST.alert_id, SECOND.alert_id] * 10)


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be made"):
        append_log(tmp_path / "file" / "reports", [FIRST])
