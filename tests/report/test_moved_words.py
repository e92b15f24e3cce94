"""What moved on behind a score, in words."""

from __future__ import annotations

import pytest

from supplyrisk.report.moved_words import moved_words
from supplyrisk.report.wording import LANGUAGES, Names, Wording, read_catalogue
from supplyrisk.runs.project_scores import GOAL_TABLE, QUERY_TABLES
from supplyrisk.tables.contract import read_contracts
from tests.conftest import ROOT

NAMES = Names({}, {"ndfeb_magnet": "NdFeB magnets", "iron_ore": "Iron ore"}, {})
EN, NL = (Wording(language, NAMES) for language in ("en", "nl"))


def test_years_products_and_counts_are_told_table_by_table() -> None:
    moved = "trade 2023 > 2024; demand +ndfeb_magnet; production -6"
    assert moved_words(moved, EN) == (
        "trade 2023 → 2024; demand with NdFeB permanent magnets added; production without 6 products"
    )
    assert moved_words(moved, NL) == (
        "handel 2023 → 2024; vraag met permanente NdFeB-magneten erbij; productie zonder 6 producten"
    )


def test_several_products_are_listed() -> None:
    assert moved_words("recipes +iron_ore,ndfeb_magnet", EN) == (
        "recipes with iron ore and NdFeB permanent magnets added"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tables_of_facts_by_year_that_scores_may_rest_on_have_words_and_no_others(language: str) -> None:
    columns = {name: {one.name for one in contract.columns} for name, contract in read_contracts(ROOT / "data").items()}
    behind_scores = set(QUERY_TABLES) - {GOAL_TABLE}
    yearly = {name for name in behind_scores if {"row_id", "year"} <= columns[name]}
    assert set(read_catalogue(language)["change"]["tables"]) == yearly


def test_a_text_that_tells_no_move_is_refused() -> None:
    with pytest.raises(ValueError, match="does not tell what moved on"):
        moved_words("something else", EN)
