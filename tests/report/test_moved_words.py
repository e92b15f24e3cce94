"""What moved on behind a score, in words."""

from __future__ import annotations

import csv

import pytest

from supplyrisk.report.moved_words import moved_words
from supplyrisk.report.wording import Names, Wording
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


def test_every_table_of_facts_by_year_has_a_word() -> None:
    with (ROOT / "data" / "tables.csv").open(encoding="utf-8") as file:
        yearly = {row["table"] for row in csv.DictReader(file) if row["kind"] == "fact" and row["period"] == "year"}
    assert "trade" in yearly
    assert yearly <= set(EN.catalogue["change"]["tables"])


def test_a_text_that_tells_no_move_is_refused() -> None:
    with pytest.raises(ValueError, match="does not tell what moved on"):
        moved_words("something else", EN)
