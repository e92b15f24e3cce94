"""The largest third country behind purchases, before and after measures, on the hand-made network."""

from __future__ import annotations

from pathlib import Path

import pytest

from supplyrisk.disruption.from_network import graph_of_network
from supplyrisk.mitigation.apply import apply_measures
from supplyrisk.mitigation.read import read_measures
from supplyrisk.mitigation.third_countries import ABOVE_NOW, BELOW_NOW, largest_third_countries, third_country_changes
from tests.mitigation.test_measures import HEAD, WORDS
from tests.network_builders import CELL, CHEMICALS, ORE, PACK, small_network

PRODUCTS = (PACK, CELL, CHEMICALS, ORE)


def test_shares_count_what_the_region_makes_itself_and_no_member_as_third_country() -> None:
    bare = graph_of_network(small_network(), {})
    # The EU takes 10 packs from Germany and 4 from China; 6 of 10 cells from China; all chemicals from Chile; no ore.
    assert largest_third_countries(bare, "EU27", PRODUCTS) == {
        PACK: ("CHN", pytest.approx(4 / 14)),
        CELL: ("CHN", pytest.approx(0.6)),
        CHEMICALS: ("CHL", pytest.approx(1.0)),
    }
    assert largest_third_countries(bare, "NLD", PRODUCTS) == {PACK: ("CHN", pytest.approx(0.5))}
    assert largest_third_countries(bare, "EU27", [CELL]).keys() == {CELL}


def test_measures_that_cross_the_line_are_told(tmp_path: Path) -> None:
    bare = graph_of_network(small_network(), {})
    path = tmp_path / "away.yaml"
    change = f"{{kind: diversification, region: EU27, products: [{CELL}], away_from: [CHN], share: 0.5}}"
    path.write_text(f"{HEAD}changes:\n  - {change}\n", encoding="utf-8")
    moved = apply_measures(bare, read_measures([path], WORDS)).named
    (row,) = third_country_changes(bare, {"away": moved}, ["EU27"], PRODUCTS, 0.5).iter_rows(named=True)
    assert (row["product_id"], row["country_before"], row["crosses"]) == (CELL, "CHN", BELOW_NOW)
    assert (row["share_before"], row["share_after"]) == (pytest.approx(0.6), pytest.approx(0.3))
    assert row["limit"] == 0.5
    for before, after, limit, crosses in (
        (moved, bare, 0.5, ABOVE_NOW),
        (moved, bare, 0.65, ""),
        (bare, moved, 0.2, ""),
    ):
        found = third_country_changes(before, {"one": after}, ["EU27"], PRODUCTS, limit)
        assert found["crosses"].to_list() == [crosses]
    assert third_country_changes(bare, {"none": bare}, ["EU27", "NLD"], PRODUCTS, 0.5).is_empty()
