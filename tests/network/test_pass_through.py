"""Which part of a raw material goes through a country, against the published example and the list of all ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from supplyrisk.network.build import build_network
from supplyrisk.network.look_through import look_through, used_in
from supplyrisk.network.model import Network
from supplyrisk.network.pass_through import pass_through
from supplyrisk.runs.quarterly import Run
from tests.network.chain_builders import chain_of, inputs_of
from tests.network_builders import CELL, CHEMICALS, ORE, PACK, small_network

Array = NDArray[np.float64]

CODES = ("AAA", "BBB", "CCC")
# Metal reaches goods as a part and as it is, so that ways of different length meet again.
BRANCHED = {("mine", "metal"): 1.3, ("metal", "part"): 0.7, ("metal", "good"): 0.4, ("part", "good"): 2.0}


def ways(network: Network, used: Mapping[str, Array], product: str) -> Iterator[tuple[frozenset[str], float]]:
    """Makers on every way from a maker of ``product`` to the use, with the volume of the product that goes there."""
    codes = network.places.codes

    def behind(
        name: str, place: int, per_unit: float, makers: frozenset[str]
    ) -> Iterator[tuple[frozenset[str], float]]:
        # ``place`` asks for ``per_unit`` of ``name``: one way on for every supplier and every input of it.
        for supplier in range(len(codes)):
            amount = per_unit * float(network.products[name].mix[supplier, place])
            if amount > 0.0:
                through = makers | {codes[supplier]}
                if name == product:
                    yield through, amount
                for part in network.chain.inputs[name]:
                    asked = amount * float(network.products[part].coefficients[name][supplier])
                    yield from behind(part, supplier, asked, through)

    for name, amounts in used.items():
        for place in range(len(codes)):
            yield from behind(name, place, float(amounts[place]), frozenset())


def counted(network: Network, used: Mapping[str, Array], product: str, code: str) -> float:
    found = list(ways(network, used, product))
    return sum(amount for makers, amount in found if code in makers) / sum(amount for _, amount in found)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    amounts = st.one_of(st.just(0.0), st.floats(0.1, 10.0))
    supply = {product: {place: draw(amounts) for place in CODES} for product in ("mine", "metal", "part", "good")}
    for values in supply.values():
        values["AAA"] += 0.5
    demand = [("good", place, draw(st.floats(0.1, 10.0))) for place in CODES]
    return build_network(inputs_of(chain_of(BRANCHED), supply, demand, home_preference=draw(st.floats(0.0, 1.0))))


@given(networks())
def test_equal_to_the_volume_of_all_ways_that_touch_the_country(network: Network) -> None:
    used = used_in(network, ("good",), "AAA")
    found = pass_through(network, used, CODES)
    for code in CODES:
        for product in ("mine", "metal", "part"):
            assert found[code][product] == pytest.approx(counted(network, used, product, code), abs=1e-9)


@given(networks())
def test_at_least_the_share_of_the_country_on_every_tier_all_of_the_mine_passes(network: Network) -> None:
    # Every way from the mine passes metal and good: what is made of them in a country is touched there. Parts are not
    # on every way, so their share may be larger.
    used = used_in(network, ("good",), "AAA")
    found, looked = pass_through(network, used, CODES), look_through(network, used)
    for code in CODES:
        place = network.places.index[code]
        assert found[code]["mine"] >= float(looked.shares("mine")[place]) - 1e-12
        assert found[code]["metal"] >= float(looked.shares("metal")[place]) - 1e-12
        # What metal passes through, its ore passes through too: a recipe for all countries.
        assert found[code]["mine"] >= found[code]["metal"] - 1e-12
        assert all(-1e-12 <= share <= 1.0 + 1e-12 for share in found[code].values())


def test_small_network_by_hand() -> None:
    # Ore behind the packs of the EU: 42, of which 10 German packs · 3 and 4 Chinese packs · 3. Without China: German
    # packs of German cells (4) of Chilean chemicals (8) of Chilean ore: 12 are left, 30 of 42 passed through China.
    used = used_in(small_network(), (PACK,), "EU27")
    found = pass_through(small_network(), used, ["CHN", "CHL", "DEU", "NLD"])
    assert found["CHN"] == {
        PACK: pytest.approx(4.0 / 14.0),
        CELL: pytest.approx(10.0 / 14.0),
        CHEMICALS: pytest.approx(20.0 / 28.0),
        ORE: pytest.approx(30.0 / 42.0),
    }
    # Chile: 13 of the 28 of chemicals, and the 10 of the 15 Chinese ones of Chilean ore: 19.5 + 15 of 42.
    assert found["CHL"][ORE] == pytest.approx((19.5 + 15.0) / 42.0)
    # Germany makes 10 of the 14 packs; the 4 Chinese packs hold Chinese cells.
    assert found["DEU"][ORE] == pytest.approx(10.0 / 14.0)
    assert found["NLD"] == pytest.approx({PACK: 0.0, CELL: 0.0, CHEMICALS: 0.0, ORE: 0.0})


def test_a_country_that_makes_everything_passes_everything() -> None:
    network = build_network(
        inputs_of(
            chain_of({("mine", "good"): 1.0}), {"mine": {"AAA": 5.0}, "good": {"AAA": 5.0}}, [("good", "BBB", 5.0)]
        )
    )
    assert pass_through(network, used_in(network, ("good",), "BBB"), ["AAA"])["AAA"] == {"good": 1.0, "mine": 1.0}


def test_pass_through_is_never_less_than_the_look_through_share_on_the_real_network(run_2026q1: Run) -> None:
    network, packs = run_2026q1.network.network, run_2026q1.network.bundles["battery"]
    used = used_in(network, packs, "EU27")
    looked, codes = look_through(network, used), ("CHN", "CHL", "AUS", "COD", "IDN", "KOR", "POL")
    found = pass_through(network, used, codes)
    for code in codes:
        place = network.places.index[code]
        for product in looked.made:
            # Of primary material, as pass-through knows no other.
            share = float(looked.made[product][place] / looked.made[product].sum())
            assert found[code][product] >= share - 1e-12, (code, product)
