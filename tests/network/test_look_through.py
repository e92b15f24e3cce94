"""What is behind a use: the published examples, and the plain reach matrix on random networks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from supplyrisk.network.build import build_network
from supplyrisk.network.look_through import cut_off, look_through, made_in, used_in
from supplyrisk.network.model import Network
from supplyrisk.network.pass_through import pass_through
from supplyrisk.network.paths import paths_from
from tests.network.chain_builders import chain_of, inputs_of
from tests.network_builders import CELL, CHEMICALS, ORE, PACK, small_network

Array = NDArray[np.float64]

GOLD = {("mine", "refined"): 1.0, ("refined", "cell"): 1.0, ("cell", "use"): 1.0}


def gold(secondary_of_finland: float = 0.0) -> Network:
    """The worked example of the method note: two mines, two refiners, two makers of cells, one user.

    A refiner in China buys ore 0.9 from DR Congo and 0.1 from Australia, one in Finland 0.25 and 0.75; Chinese cells
    use Chinese metal, Polish ones 0.6 Chinese and 0.4 Finnish; the user buys half of each.
    """
    chain = chain_of(GOLD)
    refined_finland = 0.2
    supply = {
        "use": {"USR": 1.0},
        "cell": {"CHN": 0.5, "POL": 0.5},
        "refined": {"CHN": 0.8, "FIN": refined_finland},
        "mine": {"COD": 0.77, "AUS": 0.23},
    }
    network = build_network(inputs_of(chain, supply, [("use", "USR", 1.0)]))
    lanes: dict[str, Mapping[tuple[str, str], float]] = {
        "use": {("USR", "USR"): 1.0},
        "cell": {("CHN", "USR"): 0.5, ("POL", "USR"): 0.5},
        "refined": {("CHN", "CHN"): 0.5, ("CHN", "POL"): 0.3, ("FIN", "POL"): 0.2},
        "mine": {("COD", "CHN"): 0.72, ("AUS", "CHN"): 0.08, ("COD", "FIN"): 0.05, ("AUS", "FIN"): 0.15},
    }
    index, size = network.places.index, len(network.places.codes)
    products = {}
    for product, flows in network.products.items():
        matrix = np.zeros((size, size))
        for (supplier, user), amount in lanes[product].items():
            matrix[index[supplier], index[user]] = amount
        products[product] = replace(flows, flows=matrix)
    if secondary_of_finland:
        share = np.zeros(size)
        share[index["FIN"]] = secondary_of_finland
        mine = products["mine"]
        products["mine"] = replace(mine, coefficients={"refined": 1.0 - share}, secondary_share={"refined": share})
    return replace(network, products=products)


def shares(network: Network, product: str, *codes: str) -> list[float]:
    looked = look_through(network, used_in(network, ("use",), "USR"))
    found = looked.shares(product)
    return [float(found[network.places.index[code]]) for code in codes]


def test_ultimate_origins_of_the_published_example() -> None:
    network = gold()
    assert shares(network, "mine", "COD", "AUS") == pytest.approx([0.77, 0.23])
    assert shares(network, "refined", "CHN", "FIN") == pytest.approx([0.8, 0.2])
    assert shares(network, "cell", "CHN", "POL") == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize(("product", "hhi"), [("mine", 0.6458), ("refined", 0.6800), ("cell", 0.5000)])
def test_concentration_of_the_published_example(product: str, hhi: float) -> None:
    network = gold()
    looked = look_through(network, used_in(network, ("use",), "USR"))
    assert float(np.square(looked.shares(product)).sum()) == pytest.approx(hhi)


def test_secondary_input_leaves_the_mines_with_less_than_the_whole() -> None:
    network = gold(secondary_of_finland=0.10)
    found = shares(network, "mine", "COD", "AUS")
    assert found == pytest.approx([0.765, 0.215])
    assert sum(found) == pytest.approx(0.98)
    assert look_through(network, used_in(network, ("use",), "USR")).secondary["mine"] == pytest.approx(0.02)


def test_a_maker_that_uses_nothing_but_scrap_counts_in_the_whole() -> None:
    # A fifth of the refined metal is Finnish; made from scrap alone, mines hold 0.8 of the whole and not all of it.
    network = gold(secondary_of_finland=1.0)
    assert shares(network, "mine", "COD", "AUS") == pytest.approx([0.72, 0.08])
    assert look_through(network, used_in(network, ("use",), "USR")).secondary["mine"] == pytest.approx(0.2)


def test_pass_through_of_the_published_example() -> None:
    # Through China: all Chinese metal, 0.8 of it. Through Poland: the Polish half. Through Finland: 0.2.
    network = gold()
    found = pass_through(network, used_in(network, ("use",), "USR"), ["CHN", "POL", "FIN", "COD"])
    assert [found[code]["mine"] for code in ("CHN", "POL", "FIN", "COD")] == pytest.approx([0.8, 0.5, 0.2, 0.77])


def test_ways_of_the_published_example_add_up_to_the_origin() -> None:
    network = gold()
    ways = paths_from(network, used_in(network, ("use",), "USR"), "mine", "COD", smallest=0.0)
    assert sum(way.share for way in ways) == pytest.approx(0.77)
    # 0.9 of Chinese metal, all of which goes into the Chinese half of the cells or 0.6 of the Polish one.
    assert [round(way.share, 6) for way in ways] == [0.45, 0.27, 0.05]
    assert str(ways[0]) == "mine COD → refined CHN → cell CHN → use USR → use USR"


def test_small_network_by_hand() -> None:
    # Used in the EU: 10 made in Germany, 4 in China. German packs take 4 cells from Germany, 6 from China; Chinese 4.
    network = small_network()
    made = look_through(network, used_in(network, (PACK,), "EU27")).made
    index = network.places.index
    assert made[PACK][index["DEU"]] == pytest.approx(10.0)
    assert made[CELL][[index["DEU"], index["CHN"]]] == pytest.approx([4.0, 10.0])
    assert made[CHEMICALS][[index["CHL"], index["CHN"]]] == pytest.approx([13.0, 15.0])
    assert made[ORE].sum() == pytest.approx(28.0 * 1.5)


def test_look_through_of_what_a_region_makes_starts_from_its_output() -> None:
    network = small_network()
    made = made_in(network, (PACK,), "EU27").made
    assert made[PACK].sum() == pytest.approx(10.0)
    assert made[CELL][network.places.index["CHN"]] == pytest.approx(6.0)


def test_a_gap_cuts_off_what_lies_behind_it() -> None:
    network = small_network(without=CELL)
    assert cut_off(network, (PACK,)) == {CHEMICALS: (CELL,), ORE: (CELL,)}
    assert set(look_through(network, used_in(network, (PACK,), "EU27")).made) == {PACK}
    assert cut_off(small_network(), (PACK,)) == {}


# --- random networks against the plain reach matrix N = (I - B)^-1 and against the list of all ways

PLACES = ("AAA", "BBB", "CCC")
RANDOM = {("mine", "metal"): 1.3, ("metal", "part"): 0.7, ("metal", "good"): 0.4, ("part", "good"): 2.0}


@st.composite
def random_networks(draw: st.DrawFn) -> Network:
    amounts = st.floats(0.1, 10.0)
    supply = {product: {place: draw(amounts) for place in PLACES} for product in ("mine", "metal", "part", "good")}
    demand = [("good", place, draw(amounts)) for place in PLACES]
    return build_network(inputs_of(chain_of(RANDOM), supply, demand, home_preference=draw(st.floats(0.0, 1.0))))


@given(random_networks())
def test_equal_to_the_plain_reach_matrix(network: Network) -> None:
    used = used_in(network, ("good",), "AAA")
    looked = look_through(network, used)
    products, size = list(network.products), len(network.places.codes)
    at = {product: number * size for number, product in enumerate(products)}
    direct = np.zeros((len(products) * size, len(products) * size))
    for product in products:
        for user, amounts in network.products[product].coefficients.items():
            block = network.products[product].mix * amounts[None, :]
            direct[at[product] : at[product] + size, at[user] : at[user] + size] = block
    start = np.zeros(len(products) * size)
    start[at["good"] : at["good"] + size] = network.products["good"].mix @ used["good"]
    reach = np.linalg.inv(np.eye(direct.shape[0]) - direct) @ start
    for product in products:
        assert looked.made[product] == pytest.approx(reach[at[product] : at[product] + size], rel=1e-9, abs=1e-12)


@given(random_networks())
def test_pass_through_is_the_share_of_ways_that_touch_the_country(network: Network) -> None:
    used = used_in(network, ("good",), "AAA")
    ways = [way for origin in network.places.codes for way in paths_from(network, used, "mine", origin, smallest=0.0)]
    assert sum(way.share for way in ways) == pytest.approx(1.0)
    touched = sum(way.share for way in ways if any(place == "BBB" for _, place in way.steps))
    found = pass_through(network, used, ["BBB"])["BBB"]
    assert found["mine"] == pytest.approx(touched, abs=1e-9)
    looked = look_through(network, used)
    assert found["mine"] >= looked.shares("mine")[network.places.index["BBB"]] - 1e-12


@given(random_networks())
def test_shares_of_every_tier_add_up_to_one(network: Network) -> None:
    looked = look_through(network, used_in(network, ("good",), "AAA"))
    for product in looked.made:
        assert looked.shares(product).sum() == pytest.approx(1.0)
