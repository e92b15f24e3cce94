"""Draws of a network: keyed, centred, and equal to the plain loop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from supplyrisk.network.build import build_network
from supplyrisk.network.draws import NetworkDraws, draw_network
from supplyrisk.network.look_through import look_through, used_in
from supplyrisk.network.model import Network
from supplyrisk.network.reached import look_through_draws
from supplyrisk.runs.quarterly import Run
from tests.network.chain_builders import ASSUMPTIONS, chain_of, inputs_of, supply_of

CHAIN = chain_of({("mine", "metal"): 1.2, ("metal", "good"): 0.5})
SUPPLY = {
    "mine": {"AUS": 60.0, "CHN": 40.0},
    "metal": {"CHN": 70.0, "DEU": 20.0, "USA": 10.0},
    "good": {"CHN": 50.0, "DEU": 30.0, "USA": 20.0},
}
DEMAND = [("good", "NLD", 10.0), ("good", "CHN", 60.0), ("good", "USA", 30.0)]
TRADE = {"mine": {("AUS", "CHN"): 40.0, ("AUS", "DEU"): 10.0, ("AUS", "USA"): 5.0}}

_NO_SPREAD = ASSUMPTIONS.lane_spread.prior.model_copy(update={"value": 1e-9})
STILL = ASSUMPTIONS.model_copy(
    update={"lane_spread": ASSUMPTIONS.lane_spread.model_copy(update={"trade": _NO_SPREAD, "prior": _NO_SPREAD})}
)
"""Lanes that move with output and the home preference only."""


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


@pytest.mark.parametrize("region", ["EU27", "NLD"])
def test_draws_lie_around_the_balanced_shares_on_the_real_network(run_2026q1: Run, region: str) -> None:
    found = run_2026q1.network.drawn
    network = found.network
    used = used_in(network, run_2026q1.network.bundles["battery"], region)
    point, made = look_through(network, used), look_through_draws(found, used)
    assert set(made) == set(point.made)
    for product, volume in point.made.items():
        value, shares = volume / volume.sum(), made[product] / made[product].sum(axis=0)
        for place in np.flatnonzero(value > 0.03):
            low, middle, high = np.quantile(shares[place], [0.05, 0.5, 0.95])
            name = (product, network.places.codes[place])
            assert low - 1e-9 <= value[place] <= high + 1e-9, name
            assert middle == pytest.approx(value[place], abs=0.03), name


def test_the_first_hundred_draws_of_the_real_network_stand_on_their_own(run_2026q1: Run) -> None:
    run = run_2026q1.network
    few = draw_network(run.inputs, run.network, run.preference_range, run_2026q1.config.seed, 100)
    assert run.drawn.draws > 100
    for product, lanes in few.lanes.items():
        whole = run.drawn.lanes[product]
        assert (lanes.suppliers == whole.suppliers).all()
        assert (lanes.users == whole.users).all()
        np.testing.assert_allclose(lanes.shares, whole.shares[:, :100], rtol=1e-12)
    for pair, factor in few.factors.items():
        np.testing.assert_allclose(factor, run.drawn.factors[pair][:100], rtol=1e-12)


def test_home_preference_is_drawn_between_its_ends_around_its_centre() -> None:
    # Narrow below, wide above: the median stays, 5 and 95 % are the ends.
    supply = {product: supply_of(amounts, product, width=1e-9) for product, amounts in SUPPLY.items()}
    inputs = replace(inputs_of(CHAIN, SUPPLY, DEMAND, home_preference=0.5), supply=supply, assumptions=STILL)
    network = build_network(inputs)
    lanes = draw_network(inputs, network, (0.4, 0.9), 7, 4000).lanes["metal"]
    index = network.places.index
    lane = int(np.flatnonzero((lanes.suppliers == index["DEU"]) & (lanes.users == index["DEU"]))[0])
    ends = [
        build_network(replace(inputs, home_preference=end)).products["metal"].mix[index["DEU"], index["DEU"]]
        for end in (0.4, 0.5, 0.9)
    ]
    assert np.quantile(lanes.shares[lane], [0.05, 0.5, 0.95]) == pytest.approx(ends, abs=0.01)
