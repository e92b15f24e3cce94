"""Uniform numbers looked up by whole numbers: the number of (draw, event, …) is the same wherever it is asked for.

For draws whose count is itself random, where streams (foundation.keyed_draws) would have to be run through. The keys
are mixed one after another by the finaliser of SplitMix64 (Steele, Lea and Flood 2014, OOPSLA), which passes the usual
batteries of tests; equal keys give equal numbers on any machine.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import ArrayLike, NDArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_TO_UNIT = 2.0**-53


def hashed_uniforms(seed: int, name: str, *keys: ArrayLike) -> NDArray[np.float64]:
    """Uniform numbers in (0, 1), one for each set of ``keys`` (whole numbers from zero on, broadcast together)."""
    digest = blake2b(f"{seed}|{name}".encode(), digest_size=8).digest()
    state: NDArray[np.uint64] = np.array(int.from_bytes(digest, "little"), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for key in keys:
            state = _mixed(state + _GOLDEN * (np.asarray(key).astype(np.uint64) + np.uint64(1)))
    return np.asarray(((state >> np.uint64(11)).astype(np.float64) + 0.5) * _TO_UNIT)


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * _FIRST
    state = (state ^ (state >> np.uint64(27))) * _SECOND
    return np.asarray(state ^ (state >> np.uint64(31)))
