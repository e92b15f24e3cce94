"""Random numbers keyed by seed and name: the same whatever else is drawn, and of the right distribution."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.foundation.keyed_draws import keyed_normal_matrix, keyed_normals, keyed_uniforms

DRAWS = 100_000
# Five standard errors: a sound generator fails this once in two million names.
SIGMAS = 5.0

names = st.text(max_size=30)
seeds = st.integers(min_value=0, max_value=2**63)


@given(seed=seeds, name=names, start=st.integers(0, 300), draws=st.integers(0, 300))
def test_a_batch_that_starts_later_is_a_slice_of_the_whole_stream(seed: int, name: str, start: int, draws: int) -> None:
    whole = keyed_uniforms(seed, name, start + draws)
    assert np.array_equal(keyed_uniforms(seed, name, draws, start=start), whole[start:])


@given(seed=seeds, name=names, cuts=st.lists(st.integers(0, 200), max_size=4))
def test_batches_put_together_are_the_whole_stream(seed: int, name: str, cuts: list[int]) -> None:
    edges = sorted({0, 200, *cuts})
    parts = [keyed_normals(seed, name, after - before, start=before) for before, after in pairwise(edges)]
    assert np.array_equal(np.concatenate(parts), keyed_normals(seed, name, 200))


@given(seed=seeds, name=names)
def test_uniforms_lie_strictly_between_zero_and_one(seed: int, name: str) -> None:
    numbers = keyed_uniforms(seed, name, 500)
    assert (numbers > 0).all()
    assert (numbers < 1).all()


@given(seed=seeds, name=names, other=names)
def test_another_name_gives_another_stream(seed: int, name: str, other: str) -> None:
    same = np.array_equal(keyed_uniforms(seed, name, 8), keyed_uniforms(seed, other, 8))
    assert same == (name == other)


@given(seed=seeds, other=seeds, name=names)
def test_another_seed_gives_another_stream(seed: int, other: int, name: str) -> None:
    same = np.array_equal(keyed_uniforms(seed, name, 8), keyed_uniforms(other, name, 8))
    assert same == (seed == other)


def test_digits_do_not_slip_between_seed_and_name() -> None:
    assert not np.array_equal(keyed_uniforms(1, "1x", 8), keyed_uniforms(11, "x", 8))


@pytest.mark.parametrize("name", ["cobalt_mine/COD", "cobalt_mine/CHN", ""])
def test_uniforms_have_the_moments_of_the_uniform_distribution(name: str) -> None:
    numbers = keyed_uniforms(20260101, name, DRAWS)
    # Mean 1/2 with variance 1/12; the squared deviation has mean 1/12 and variance 1/80 − 1/144 = 1/180.
    assert numbers.mean() == pytest.approx(1 / 2, abs=SIGMAS * (1 / 12 / DRAWS) ** 0.5)
    assert ((numbers - 0.5) ** 2).mean() == pytest.approx(1 / 12, abs=SIGMAS * (1 / 180 / DRAWS) ** 0.5)


@pytest.mark.parametrize("name", ["cobalt_mine/COD", "cobalt_mine/CHN", ""])
def test_normals_have_the_moments_of_the_standard_normal_distribution(name: str) -> None:
    numbers = keyed_normals(20260101, name, DRAWS)
    # E z = 0 (variance 1), E z² = 1 (variance 2), E z³ = 0 (variance 15), E z⁴ = 3 (variance 96).
    for power, mean, variance in ((1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)):
        assert (numbers**power).mean() == pytest.approx(mean, abs=SIGMAS * (variance / DRAWS) ** 0.5)


def test_normals_are_the_quantiles_of_the_uniforms() -> None:
    uniforms, normals = keyed_uniforms(7, "a", 2000), keyed_normals(7, "a", 2000)
    assert np.array_equal(np.argsort(uniforms), np.argsort(normals))
    # Table of the normal distribution: Φ(1.959964) = 0.975, Φ(1) = 0.841345.
    assert (uniforms < 0.975).tolist() == (normals < 1.959964).tolist()
    assert (uniforms < 0.841345).tolist() == (normals < 1.0).tolist()


def test_streams_of_two_names_do_not_correlate() -> None:
    first, second = keyed_normals(1, "a", DRAWS), keyed_normals(1, "b", DRAWS)
    assert abs((first * second).mean()) < SIGMAS / DRAWS**0.5


def test_following_draws_of_one_name_do_not_correlate() -> None:
    numbers = keyed_normals(1, "a", DRAWS)
    for lag in (1, 2, 3, 4):
        assert abs((numbers[lag:] * numbers[:-lag]).mean()) < SIGMAS / (DRAWS - lag) ** 0.5


@given(rows=st.lists(names, min_size=1, max_size=6, unique=True), data=st.data())
def test_a_row_of_the_matrix_does_not_depend_on_the_other_rows(rows: list[str], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(rows))
    by_name = dict(zip(rows, keyed_normal_matrix(3, rows, 12), strict=True))
    for name, row in zip(shuffled, keyed_normal_matrix(3, shuffled, 12), strict=True):
        assert np.array_equal(row, by_name[name])
        assert np.array_equal(row, keyed_normals(3, name, 12))


def test_a_matrix_without_names_has_no_rows_and_all_draws() -> None:
    assert keyed_normal_matrix(1, [], 5).shape == (0, 5)
