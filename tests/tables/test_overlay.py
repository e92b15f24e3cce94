"""Rows of one's own beside the data package."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.tables.package import DataPackage, open_data

HEADER = "row_id,colour_id,year,place,share,amount,count,flag,day,grade,source_ids,known_from\n"
DAY = date(2026, 3, 31)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """An empty overlay folder."""
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def open_with(mini_data: Path, own: Path, *lines: str) -> DataPackage:
    """The mini package with these overlay rows of facts."""
    (own / "facts.csv").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return open_data(mini_data, ["facts"], DAY, overlay=own)


def test_a_row_with_a_new_key_is_added_at_the_end(mini_data: Path, own: Path) -> None:
    rows = open_with(mini_data, own, "facts.own,red,2021,,,7,,,,good,atlas,2025-02-01").table("facts")
    assert rows["row_id"].to_list() == ["facts.red.2020", "facts.green.2020", "facts.blue.2020", "facts.own"]
    assert rows["amount"].to_list() == [10.0, 20.5, None, 7.0]


def test_a_row_with_the_key_of_another_takes_its_place(mini_data: Path, own: Path) -> None:
    rows = open_with(mini_data, own, "facts.own,green,2020,NA,,99,,,,good,atlas,2025-02-01").table("facts")
    assert rows["row_id"].to_list() == ["facts.red.2020", "facts.blue.2020", "facts.own"]


def test_an_empty_key_cell_is_replaced_by_an_empty_one(mini_data: Path, own: Path) -> None:
    rows = open_with(mini_data, own, "facts.own,red,2020,,,99,,,,good,atlas,2025-02-01").table("facts")
    assert rows["row_id"].to_list() == ["facts.green.2020", "facts.blue.2020", "facts.own"]


def test_an_empty_key_cell_does_not_replace_a_filled_one(mini_data: Path, own: Path) -> None:
    rows = open_with(mini_data, own, "facts.own,green,2020,,,99,,,,good,atlas,2025-02-01").table("facts")
    assert rows.height == 4


def test_tables_that_the_overlay_does_not_hold_stay_as_they_are(mini_data: Path, own: Path) -> None:
    plain = open_data(mini_data, ["facts"], DAY)
    overlaid = open_data(mini_data, ["facts"], DAY, overlay=own)
    assert overlaid.table("facts").equals(plain.table("facts"))


def test_an_own_row_may_rest_on_an_own_source(mini_data: Path, own: Path) -> None:
    (own / "sources.csv").write_text(
        "source_id,release_rule,published,release_lag_days,last_period\nmine,published,2026-01-01,,\n", encoding="utf-8"
    )
    package = open_with(mini_data, own, "facts.own,red,2021,,,7,,,,good,mine,2026-01-01")
    assert package.table("facts").height == 4
    assert package.table("sources")["source_id"].to_list() == ["atlas", "survey", "mine"]


def test_the_day_looked_from_holds_for_own_rows_too(mini_data: Path, own: Path) -> None:
    rows = open_with(mini_data, own, "facts.own,red,2021,,,7,,,,good,atlas,2026-04-01").table("facts")
    assert "facts.own" not in rows["row_id"].to_list()


def test_wrong_rows_of_base_and_overlay_are_told_apart_by_their_file(mini_data: Path, own: Path) -> None:
    base = mini_data / "facts.csv"
    base.write_text(base.read_text(encoding="utf-8").replace("0.25", "25"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_with(mini_data, own, "facts.own,red,2021,,,-7,,,,best,atlas,2025-02-01")
    assert [text.partition(": ")[0] for text in str(caught.value).splitlines()[1:]] == [
        "  facts.csv, row 2 (facts.red.2020), column share",
        "  overlay/facts.csv, row 2 (facts.own), column amount",
        "  overlay/facts.csv, row 2 (facts.own), column grade",
    ]


def test_an_own_row_that_refers_to_nothing_is_an_error(mini_data: Path, own: Path) -> None:
    with pytest.raises(InputError, match=r"facts\.own.*'atlass' is not known in sources\.source_id.*'atlas'"):
        open_with(mini_data, own, "facts.own,red,2021,,,7,,,,good,atlass,2025-02-01")


def test_own_rows_that_take_the_id_of_a_row_with_another_key_are_named(mini_data: Path, own: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_with(mini_data, own, "facts.red.2020,red,2021,,,7,,,,good,atlas,2025-02-01")
    assert str(caught.value).splitlines()[1:] == [
        "  overlay/facts.csv, row facts.red.2020: the row_id is that of a row of the data package with another "
        "colour_id, year, place. Give the row an id of its own."
    ]


def test_an_own_row_may_keep_the_id_of_the_row_it_replaces(mini_data: Path, own: Path) -> None:
    rows = open_with(mini_data, own, "facts.red.2020,red,2020,,,99,,,,good,atlas,2025-02-01").table("facts")
    assert rows.filter(row_id="facts.red.2020")["amount"].to_list() == [99.0]


def test_an_overlay_file_without_rows_changes_nothing(mini_data: Path, own: Path) -> None:
    (own / "facts.csv").write_text(HEADER, encoding="utf-8")
    package = open_data(mini_data, ["facts"], DAY, overlay=own)
    assert package.table("facts").equals(open_data(mini_data, ["facts"], DAY).table("facts"))


def test_a_missing_overlay_folder_is_an_error(mini_data: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^The overlay folder .*absent does not exist\. Mend `overlay:` in the con"):
        open_data(mini_data, ["facts"], DAY, overlay=tmp_path / "absent")


def test_a_file_in_the_place_of_the_overlay_folder_is_an_error(mini_data: Path) -> None:
    with pytest.raises(InputError, match=r"^The overlay folder .*facts\.csv does not exist"):
        open_data(mini_data, ["facts"], DAY, overlay=mini_data / "facts.csv")


def test_an_unknown_reference_of_an_own_row_names_the_overlay_file_and_its_row(mini_data: Path, own: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_with(
            mini_data,
            own,
            "facts.own,red,2021,,,7,,,,good,atlas,2025-02-01",
            "facts.x,rd,2021,,,7,,,,good,atlas,2025-02-01",
        )
    assert "overlay/facts.csv, row 3 (facts.x), column colour_id: 'rd' is not known in colours.colour_id" in str(
        caught.value
    )
    assert "Did you mean 'red'?" in str(caught.value)


def test_an_unknown_reference_of_a_base_row_beside_an_overlay_is_named_by_its_id(mini_data: Path, own: Path) -> None:
    base = mini_data / "facts.csv"
    base.write_text(
        base.read_text(encoding="utf-8").replace("facts.blue.2020,blue", "facts.blue.2020,blu"), encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        open_with(mini_data, own, "facts.own,red,2020,,,7,,,,good,atlas,2025-02-01")
    assert "  facts.csv, row facts.blue.2020, column colour_id: 'blu' is not known" in str(caught.value)
