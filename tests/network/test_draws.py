"""Draws of a network: keyed, centred, and equal to the plain loop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from supplyrisk.network.build import anchor_range, build_network
from supplyrisk.network.draws import NetworkDraws, draw_network, look_through_draws
from supplyrisk.network.look_through import look_through, used_in
from supplyrisk.network.model import Network
from supplyrisk.runs.quarterly import Run
from tests.network.chain_builders import chain_of, inputs_of

CHAIN = chain_of({("mine", "metal"): 1.2, ("metal", "good"): 0.5})
SUPPLY = {
    "mine": {"AUS": 60.0, "CHN": 40.0},
    "metal": {"CHN": 70.0, "DEU": 20.0, "USA": 10.0},
    "good": {"CHN": 50.0, "DEU": 30.0, "USA": 20.0},
}
DEMAND = [("good", "NLD", 10.0), ("good", "CHN", 60.0), ("good", "USA", 30.0)]
TRADE = {"mine": {("AUS", "CHN"): 40.0, ("AUS", "DEU"): 10.0, ("AUS", "USA"): 5.0}}


def drawn(draws: int, products: tuple[str, ...] = ("mine", "metal", "good")) -> tuple[Network, NetworkDraws]:
    supply = {product: SUPPLY[product] for product in products}
    inputs = inputs_of(CHAIN, supply, DEMAND, {"mine": TRADE["mine"]} if "mine" in products else {})
    network = build_network(inputs)
    return network, draw_network(inputs, network, (0.3, 0.7), 7, draws)


def test_a_draw_does_not_depend_on_how_many_are_drawn() -> None:
    _, few = drawn(50)
    _, many = drawn(200)
    for product, lanes in few.lanes.items():
        assert lanes.shares == pytest.approx(many.lanes[product].shares[:, :50], rel=1e-12)


def test_draws_of_a_product_do_not_depend_on_the_others() -> None:
    _, whole = drawn(50)
    _, part = drawn(50, ("metal", "good"))
    assert part.lanes["good"].shares == pytest.approx(whole.lanes["good"].shares, rel=1e-12)


def test_shares_of_a_user_add_up_to_one_in_every_draw() -> None:
    network, found = drawn(100)
    for lanes in found.lanes.values():
        total = np.zeros((len(network.places.codes), 100))
        np.add.at(total, lanes.users, lanes.shares)
        assert total[np.unique(lanes.users)] == pytest.approx(1.0)


def test_another_seed_gives_other_draws() -> None:
    inputs = inputs_of(CHAIN, SUPPLY, DEMAND, TRADE)
    network = build_network(inputs)
    one, other = (draw_network(inputs, network, (0.3, 0.7), seed, 20).lanes["metal"].shares for seed in (1, 2))
    assert not np.allclose(one, other)


def test_fast_look_through_equals_the_plain_loop() -> None:
    network, found = drawn(6)
    used = used_in(network, ("good",), "EU27")
    fast = look_through_draws(found, used)
    size = len(network.places.codes)
    for draw in range(6):
        made: dict[str, list[float]] = {}
        for product in network.chain.products:
            need = [float(used[product][j]) if product in used else 0.0 for j in range(size)]
            for user in network.chain.users[product]:
                for j in range(size):
                    amount = network.coefficient(product, user)[j] * found.factors[product, user][draw]
                    need[j] += amount * made[user][j]
            lanes = found.lanes[product]
            reached = [0.0] * size
            for lane, (i, j) in enumerate(zip(lanes.suppliers, lanes.users, strict=True)):
                reached[i] += lanes.shares[lane, draw] * need[j]
            made[product] = reached
        for product, reached in made.items():
            assert fast[product][:, draw] == pytest.approx(reached, rel=1e-12, abs=1e-15)


def test_home_preference_moves_lanes_without_trade_only() -> None:
    inputs = inputs_of(CHAIN, SUPPLY, DEMAND, TRADE)
    network = build_network(inputs)
    narrow, wide = (draw_network(inputs, network, ends, 7, 400) for ends in ((0.5, 0.5), (0.0, 1.0)))

    def spread(found: NetworkDraws, product: str) -> float:
        return float(np.mean(np.std(found.lanes[product].shares, axis=1)))

    assert spread(wide, "metal") > spread(narrow, "metal") * 1.02
    assert spread(wide, "mine") == pytest.approx(spread(narrow, "mine"))


def test_draws_lie_around_the_balanced_shares_on_the_real_network(run_2026q1: Run) -> None:
    found = run_2026q1.network.drawn
    network = found.network
    used = used_in(network, ("battery_pack_nmc", "battery_pack_lfp"), "EU27")
    point, made = look_through(network, used), look_through_draws(found, used)
    for product, code in (("lithium_chemicals", "CHN"), ("cobalt_mine", "COD"), ("battery_cell_nmc", "POL")):
        shares = made[product][network.places.index[code]] / made[product].sum(axis=0)
        value = float(point.shares(product)[network.places.index[code]])
        low, middle, high = np.quantile(shares, [0.05, 0.5, 0.95])
        assert low < value < high
        assert middle == pytest.approx(value, abs=0.03)


# --- calibration


def test_import_share_is_met_and_held_at_the_ends() -> None:
    chain = chain_of({("cell", "pack"): 1.0})
    supply = {"pack": {"DEU": 50.0, "CHN": 50.0}, "cell": {"DEU": 30.0, "CHN": 70.0}}
    demand = [("pack", "EU27", 50.0), ("pack", "CHN", 50.0)]
    inputs = inputs_of(chain, supply, demand, home_preference=None)
    network = build_network(inputs)
    used = used_in(network, ("pack",), "EU27")
    cells = look_through(network, used).made["cell"]
    # World mix: 70 % of cells imported; home first: 40 %. Half is asked for.
    assert 1.0 - cells[network.places.in_eu].sum() / cells.sum() == pytest.approx(0.5, abs=1e-8)
    low, high = anchor_range(inputs, network)
    assert low < network.home_preference < high
    rich = inputs_of(chain, {**supply, "cell": {"DEU": 95.0, "CHN": 5.0}}, demand, home_preference=None)
    assert build_network(rich).home_preference == 0.0
    poor = inputs_of(chain, {**supply, "cell": {"DEU": 1.0, "CHN": 99.0}}, demand, home_preference=None)
    assert build_network(poor).home_preference == 1.0


def test_without_the_products_of_the_anchor_the_reserve_is_taken() -> None:
    inputs = replace(inputs_of(CHAIN, SUPPLY, DEMAND), home_preference=None)
    assert build_network(inputs).home_preference == 0.8
