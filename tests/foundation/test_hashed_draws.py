"""Numbers looked up by keys: the same wherever they are asked for, even, and unrelated between keys."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from supplyrisk.foundation.hashed_draws import _mixed, hashed_uniforms


def test_a_number_depends_on_its_keys_alone() -> None:
    whole = hashed_uniforms(7, "length", np.arange(100), 3)
    part = hashed_uniforms(7, "length", np.arange(40, 60), 3)
    assert np.array_equal(whole[40:60], part)
    assert float(hashed_uniforms(7, "length", 41, 3)) == whole[41]
    table = hashed_uniforms(7, "length", np.arange(5)[:, None], np.arange(4)[None, :])
    assert table.shape == (5, 4)
    assert table[2, 3] == float(hashed_uniforms(7, "length", 2, 3))


def test_seed_name_and_order_of_keys_all_matter() -> None:
    one = float(hashed_uniforms(7, "length", 1, 2))
    others = [
        hashed_uniforms(8, "length", 1, 2), hashed_uniforms(7, "severity", 1, 2), hashed_uniforms(7, "length", 2, 1)
    ]  # fmt: skip
    assert len({one, *(float(other) for other in others)}) == 4


@pytest.mark.parametrize("name", ["number", "country", "hit"])
def test_numbers_are_uniform_and_neighbours_unrelated(name: str) -> None:
    drawn = hashed_uniforms(1, name, np.arange(20_000))
    assert ((drawn > 0.0) & (drawn < 1.0)).all()
    assert kstest(drawn, "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 0.03
    grid = hashed_uniforms(1, name, np.arange(200)[:, None], np.arange(100)[None, :])
    assert abs(np.corrcoef(grid[:, 0], grid[:, 1])[0, 1]) < 0.25
    assert kstest(grid.ravel(), "uniform").pvalue > 1e-3


def test_mixing_is_that_of_splitmix64() -> None:
    # First outputs of SplitMix64 from the seed 1234567, as published with the algorithm (Steele, Lea and Flood 2014;
    # reference program by Vigna): the k-th is the mix of seed + k·0x9E3779B97F4A7C15.
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431]
    state = np.array([(1234567 + k * 0x9E3779B97F4A7C15) % 2**64 for k in range(1, 5)], dtype=np.uint64)
    with np.errstate(over="ignore"):
        assert _mixed(state).tolist() == published
