"""The data package of a run."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.tables.package import open_data, with_referenced

DAY = date(2026, 3, 31)


def _lines(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return str(error.value).splitlines()


def test_a_table_brings_along_those_it_refers_to(mini_data: Path) -> None:
    assert sorted(open_data(mini_data, ["facts"], DAY).frames) == ["colours", "facts", "sources"]
    assert sorted(open_data(mini_data, ["colours"], DAY).frames) == ["colours"]


def test_references_of_references_come_along(mini_data: Path) -> None:
    columns = mini_data / "columns.csv"
    columns.write_text(
        columns.read_text(encoding="utf-8").replace("false,,,,,,Name.", "false,,,,,sources.source_id,Name."),
        encoding="utf-8",
    )
    (mini_data / "colours.csv").write_text("colour_id,name\nred,atlas\ngreen,\nblue,\n", encoding="utf-8")
    package = open_data(mini_data, ["colours"], DAY)
    assert with_referenced(package.contracts, ["colours"]) == ["colours", "sources"]
    assert sorted(package.frames) == ["colours", "sources"]


def test_facts_are_shown_as_known_on_the_day_and_reference_lists_whole(mini_data: Path) -> None:
    package = open_data(mini_data, ["facts"], date(2025, 1, 31))
    assert package.table("facts")["row_id"].to_list() == ["facts.blue.2020"]
    assert package.table("sources").height == 2


def test_the_marked_table_is_whole_and_tells_what_is_known(mini_data: Path) -> None:
    marked = open_data(mini_data, ["facts"], date(2025, 1, 31)).marked_table("facts")
    assert marked["is_known"].to_list() == [False, False, True]


def test_rows_of_excluded_sources_are_left_out(mini_data: Path) -> None:
    package = open_data(mini_data, ["facts"], DAY, ["survey"])
    assert package.table("facts")["row_id"].to_list() == ["facts.red.2020"]
    assert package.marked_table("facts")["is_known"].to_list() == [True, False, False]


def test_unknown_sources_to_exclude_are_all_named_with_the_nearest(mini_data: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_data(mini_data, ["facts"], DAY, ["surveys", "atlass", "survey"])
    assert _lines(caught) == [
        "The data package cannot be used: 2 problems.",
        "  config.yaml, exclude_sources: 'atlass' is not a source. Did you mean 'atlas'?",
        "  config.yaml, exclude_sources: 'surveys' is not a source. Did you mean 'survey'?",
    ]


def test_sources_to_exclude_are_checked_for_tables_without_sources_too(mini_data: Path) -> None:
    with pytest.raises(InputError, match="'atlass' is not a source"):
        open_data(mini_data, ["colours"], DAY, ["atlass"])


def test_a_table_of_sources_that_is_missing_is_a_problem_also_when_some_are_excluded(mini_data: Path) -> None:
    (mini_data / "sources.csv").unlink()
    with pytest.raises(InputError, match=r"sources\.csv: the table is missing"):
        open_data(mini_data, ["facts"], DAY, ["survey"])


def test_an_unknown_table_names_the_nearest(mini_data: Path) -> None:
    with pytest.raises(InputError, match=r"^'fact' is not a table\. Did you mean 'facts'\?$"):
        open_data(mini_data, ["fact"], DAY)


def test_problems_of_several_tables_are_reported_at_once(mini_data: Path) -> None:
    (mini_data / "colours.csv").unlink()
    facts = mini_data / "facts.csv"
    facts.write_text(
        facts.read_text(encoding="utf-8").replace("0.25", "1.25").replace("poor,survey", "poor,surveyy"),
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        open_data(mini_data, ["facts"], DAY, ["nothing"])
    assert [text.partition(": ")[0] for text in _lines(caught)] == [
        "The data package cannot be used",
        "  colours.csv",
        "  facts.csv, row 2 (facts.red.2020), column share",
        "  facts.csv, row 4 (facts.blue.2020), column source_ids",
        "  config.yaml, exclude_sources",
    ]


def test_hashes_cover_the_loaded_tables_the_contracts_and_the_overlay(mini_data: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "colours.csv").write_text("colour_id,name\npink,Pink\n", encoding="utf-8")
    (own / "unrelated.csv").write_text("x\n", encoding="utf-8")
    hashes = open_data(mini_data, ["colours"], DAY, overlay=own).file_hashes()
    assert hashes == {
        "data/colours.csv": sha256((mini_data / "colours.csv").read_bytes()).hexdigest(),
        "data/columns.csv": sha256((mini_data / "columns.csv").read_bytes()).hexdigest(),
        "data/tables.csv": sha256((mini_data / "tables.csv").read_bytes()).hexdigest(),
        "overlay/colours.csv": sha256(b"colour_id,name\npink,Pink\n").hexdigest(),
    }


def test_a_changed_cell_changes_the_hash_of_its_table_only(mini_data: Path) -> None:
    before = open_data(mini_data, ["facts"], DAY).file_hashes()
    facts = mini_data / "facts.csv"
    facts.write_text(facts.read_text(encoding="utf-8").replace("20.5", "20.6"), encoding="utf-8")
    after = open_data(mini_data, ["facts"], DAY).file_hashes()
    assert {name for name in before if before[name] != after[name]} == {"data/facts.csv"}


def test_own_country_names_resolve_beside_the_shipped_ones(copied_project: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "country_names.csv").write_text("alias,iso3,origin\nBatavia,NLD,other\n", encoding="utf-8")
    package = open_data(copied_project / "data", ["countries", "country_names"], DAY, overlay=own)
    assert package.country_names().resolve("batavia") == "NLD"
    assert package.country_names().resolve("Duitsland") == "DEU"
