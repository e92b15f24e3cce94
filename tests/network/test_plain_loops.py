"""The look-through with draws, with and without a country struck out, against the same in plain loops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.plain_loops import plain_look_through
from supplyrisk.network.draws import NetworkDraws
from supplyrisk.network.look_through import look_through, used_in, volume_left
from supplyrisk.network.reached import look_through_draws, reached_by
from supplyrisk.runs.quarterly import Run
from tests.network_builders import CELL, PACK, moved_draws, small_network, still_draws

Array = NDArray[np.float64]


def same(drawn: NetworkDraws, used: Mapping[str, Array], draws: int) -> None:
    fast = look_through_draws(drawn, used)
    for draw, plain in enumerate(plain_look_through(drawn, used, draws)):
        assert set(plain) == set(fast)
        for product, volumes in plain.items():
            np.testing.assert_allclose(fast[product][:, draw], volumes, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("region", ["EU27", "NLD"])
def test_every_draw_of_the_small_network(seed: int, region: str) -> None:
    network = small_network()
    same(moved_draws(network, seed), used_in(network, (PACK,), region), 20)


def test_a_gap_stops_both_at_the_same_place() -> None:
    network = small_network(without=CELL)
    used = used_in(network, (PACK,), "EU27")
    same(moved_draws(network), used, 20)
    assert set(look_through_draws(moved_draws(network), used)) == {PACK}


def test_draws_that_do_not_differ_are_the_look_through() -> None:
    network = small_network()
    used = used_in(network, (PACK,), "EU27")
    drawn = look_through_draws(still_draws(network, 3), used)
    for product, volumes in look_through(network, used).made.items():
        np.testing.assert_allclose(drawn[product], np.repeat(volumes[:, None], 3, axis=1), rtol=1e-12)


def left_is_the_same(drawn: NetworkDraws, used: Mapping[str, Array], codes: Sequence[str], draws: int) -> None:
    struck = [drawn.network.places.index[code] for code in codes]
    fast = reached_by(drawn, used).volume_left(struck)
    for case, place in enumerate(struck):
        for draw, plain in enumerate(plain_look_through(drawn, used, draws, place)):
            for product in fast:
                left = sum(plain.get(product, [0.0]))
                assert fast[product][case, draw] == pytest.approx(left, rel=1e-11, abs=1e-11)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("draws", [1, 20, 32, 75])
def test_what_is_left_without_a_country_in_every_draw(seed: int, draws: int) -> None:
    network = small_network()
    used = used_in(network, (PACK,), "EU27")
    left_is_the_same(moved_draws(network, seed, draws), used, ["CHN", "CHL", "DEU", "NLD", "ROW"], draws)


def test_what_is_left_without_a_country_at_the_point(run_2026q1: Run) -> None:
    for network in (small_network(), run_2026q1.network.network):
        used, codes = used_in(network, (PACK,), "EU27"), ["CHN", "CHL", "DEU"]
        left = volume_left(network, used, [network.places.index[code] for code in codes])
        for case, code in enumerate(codes):
            plain = plain_look_through(still_draws(network, 1), used, 1, network.places.index[code])[0]
            for product in look_through(network, used).made:
                assert left[product][case] == pytest.approx(sum(plain.get(product, [0.0])), rel=1e-11, abs=1e-11)


def test_two_draws_of_the_whole_network(run_2026q1: Run) -> None:
    run = run_2026q1.network
    used = used_in(run.network, run.bundles["battery"], "EU27")
    same(run.drawn, used, 2)
    left_is_the_same(run.drawn, used, ["CHN", "AUS"], 1)
