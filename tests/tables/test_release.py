"""Tables beside their release: what is changed, missing, or only saved with other line ends."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.tables.contract import read_contracts
from supplyrisk.tables.datapackage import describe_data_package, render_json
from supplyrisk.tables.release import FILE, TableState, compare_with_release


@pytest.fixture
def released(mini_data: Path) -> Path:
    """The small data package with its descriptor."""
    descriptor = describe_data_package(mini_data, read_contracts(mini_data), "mini", "Mini", "1.0.0")
    (mini_data / FILE).write_text(render_json(descriptor), encoding="utf-8")
    return mini_data


def state(folder: Path, table: str = "facts") -> TableState:
    return next(one for one in compare_with_release(folder) if one.table == table)


def rewrite(path: Path, old: str, new: str) -> None:
    data = path.read_bytes()
    assert old.encode() in data
    path.write_bytes(data.replace(old.encode(), new.encode()))


def test_the_descriptor_holds_the_hash_of_the_bytes_their_number_and_the_rows(released: Path) -> None:
    resources = {one["name"]: one for one in json.loads((released / FILE).read_text(encoding="utf-8"))["resources"]}
    data = (released / "colours.csv").read_bytes()
    assert data == b"colour_id,name\nred,Red\ngreen,Green\nblue,\n"
    told = {key: resources["colours"][key] for key in ("hash", "bytes", "rows")}
    assert told == {"hash": f"sha256:{sha256(data).hexdigest()}", "bytes": 41, "rows": 3}


def test_a_release_holds_table_by_table(released: Path) -> None:
    states = compare_with_release(released)
    assert [one.table for one in states] == ["colours", "facts", "sources"]
    assert all(one.is_as_released for one in states)
    assert state(released).told.startswith("3 rows released, sha256 ")


def test_a_changed_cell_is_told_with_both_hashes_and_changes_no_other_table(released: Path) -> None:
    rewrite(released / "facts.csv", "0.25", "0.26")
    found = state(released)
    assert not found.is_as_released
    ours = sha256((released / "facts.csv").read_bytes()).hexdigest()[:12]
    assert found.told.startswith(f"3 rows here, 3 rows released: the text differs (sha256 of the bytes is {ours}, ")
    assert state(released, "colours").is_as_released


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("green,Green\n", "", "2 rows here, 3 rows released: 1 missing (sha256"),
        ("blue,\n", "blue,\nblack,\n", "4 rows here, 3 rows released: 1 too many (sha256"),
    ],
)
def test_rows_that_lack_or_are_too_many_are_counted(released: Path, old: str, new: str, told: str) -> None:
    rewrite(released / "colours.csv", old, new)
    found = state(released, "colours")
    assert not found.is_as_released
    assert found.told.startswith(told)


@pytest.mark.parametrize("changed", [lambda data: b"\xef\xbb\xbf" + data, lambda data: data.replace(b"\n", b"\r\n")])
def test_line_ends_and_byte_order_mark_change_the_hash_but_no_figure(released: Path, changed: object) -> None:
    path = released / "facts.csv"
    path.write_bytes(changed(path.read_bytes()))  # type: ignore[operator]
    found = state(released)
    assert found.is_as_released
    assert "only line ends or the byte order mark differ (sha256 of the bytes is " in found.told
    rewrite(path, "0.25", "0.26")
    assert not state(released).is_as_released


def test_a_missing_table_and_one_that_was_not_released_are_told(released: Path) -> None:
    (released / "facts.csv").unlink()
    assert (state(released).is_as_released, state(released).told) == (False, "the file is missing, 3 rows released")
    rewrite(released / FILE, '"name": "colours"', '"name": "colors"')
    found = state(released, "colours")
    assert (found.is_as_released, found.told) == (False, "datapackage.json has no such table")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"rows": 3', '"lines": 3', r"datapackage\.json: colours lacks rows\. Take the released file back"),
        ('"sha256:', '"', r"datapackage\.json: colours lacks a hash with sha256:"),
        ('"resources"', '"tables"', r"datapackage\.json: the file cannot be read \('resources'\)"),
        ("{", "[", r"datapackage\.json: the file cannot be read"),
    ],
)
def test_a_descriptor_that_tells_no_release_is_an_error_with_a_mend(
    released: Path, old: str, new: str, told: str
) -> None:
    rewrite(released / FILE, old, new)
    with pytest.raises(InputError, match=told):
        compare_with_release(released)


def test_no_descriptor_is_an_error_with_a_mend(mini_data: Path) -> None:
    with pytest.raises(InputError, match=r"nothing tells the tables as released\. .*make docs"):
        compare_with_release(mini_data)
