"""Flows from tier to tier behind a use, against the hand-made network."""

from __future__ import annotations

import numpy as np
import pytest

from supplyrisk.network.bands import bands_behind, content_per_unit
from supplyrisk.network.look_through import look_through, used_in
from supplyrisk.network.regional_use import regional_use
from tests.network_builders import CELL, CHEMICALS, ORE, PACK, PLACES, VALUES, small_network

NETWORK = small_network()
USED = used_in(NETWORK, (PACK,), "EU27")


def amount(product: str, user: str | None, supplier: str, place: str) -> float:
    """Ore on one lane behind the packs used in the EU."""
    for row in bands_behind(NETWORK, USED, {ORE: 1.0}).iter_rows():
        if row[:4] == (product, user, supplier, place):
            return float(row[4])
    return 0.0


def test_a_unit_holds_its_own_part_and_that_of_its_inputs() -> None:
    content = content_per_unit(NETWORK, {ORE: 1.0})
    chile, germany = PLACES.index["CHL"], PLACES.index["DEU"]
    # 1.5 of ore in chemicals, 2 of chemicals in a cell, a cell in a pack.
    assert content[CHEMICALS][chile] == pytest.approx(1.5)
    assert [content[product][germany] for product in (CELL, PACK)] == pytest.approx([3.0, 3.0])


def test_where_nothing_is_made_nothing_is_inside() -> None:
    assert content_per_unit(NETWORK, {ORE: 1.0})[CHEMICALS][PLACES.index["DEU"]] == 0.0


@pytest.mark.parametrize(
    ("product", "user", "supplier", "place", "expected"),
    [
        (ORE, CHEMICALS, "CHL", "CHL", 19.5),
        (ORE, CHEMICALS, "ROW", "CHN", 7.5),
        (CHEMICALS, CELL, "CHL", "DEU", 12.0),
        (CHEMICALS, CELL, "CHN", "CHN", 22.5),
        (CELL, PACK, "CHN", "DEU", 18.0),
        (PACK, None, "DEU", "NLD", 6.0),
    ],
)
def test_bands_carry_ore_in_the_amount_worked_by_hand(
    product: str, user: str | None, supplier: str, place: str, expected: float
) -> None:
    assert amount(product, user, supplier, place) == pytest.approx(expected)


def test_what_is_mined_is_what_is_used() -> None:
    bands = bands_behind(NETWORK, USED, {ORE: 1.0})
    used = bands.filter(bands["user_product"].is_null())["amount"].sum()
    assert used == pytest.approx(42.0) == pytest.approx(float(look_through(NETWORK, USED).made[ORE].sum()))


def test_value_grows_from_tier_to_tier_by_what_is_added() -> None:
    bands = bands_behind(NETWORK, USED, VALUES)
    used = bands.filter(bands["user_product"].is_null())["amount"].sum()
    # 42 of ore at 1, 28 of chemicals at 5, 14 cells at 20, 14 packs at 10.
    assert used == pytest.approx(42.0 + 140.0 + 280.0 + 140.0)


def test_nothing_is_behind_a_gap() -> None:
    network = small_network(without=CELL)
    bands = bands_behind(network, used_in(network, (PACK,), "EU27"), {ORE: 1.0})
    assert bands.is_empty()


def test_use_is_told_by_what_it_is_known_from() -> None:
    use = regional_use(NETWORK, ["EU27", "CHL"]).rows_by_key(["region", "product_id"], named=True, unique=True)
    assert use["EU27", PACK]["known_from"] == "final_demand"
    assert use["EU27", CELL]["known_from"] == "makers"
    assert use["EU27", CHEMICALS]["known_from"] == "trade"
    assert use["EU27", ORE]["known_from"] == "nothing"
    assert use["EU27", CHEMICALS]["share_of_world"] == pytest.approx(8.0 / 28.0)
    assert np.isclose(use["CHL", ORE]["use"], 19.5)
