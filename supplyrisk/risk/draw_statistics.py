"""What is kept of simulated draws: sums, counts and the worst, so that memory hardly grows with their number."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from supplyrisk.disruption.engine import Shortages
from supplyrisk.disruption.supply_graph import Floats
from supplyrisk.risk.tail import tail_size


@dataclass(frozen=True)
class DrawStatistics:
    """Of draws in sets of equal size. Losses are shares of a group's demand over the horizon.

    ``mean_by_set``: sets × groups; ``variance``: groups, over all draws; ``runs``: sets × groups × months (0 …
    horizon), draws by their longest run of short months; ``first_months``: groups × months, draws by their first short
    month, 0 for those without; ``worst``: the ``tail_size(draws)`` largest losses of each group (× groups, in no
    order); ``totals``: draws × totals, losses summed with the weights given. ``digest``: hash of every draw's results,
    equal for any number of threads and any size of batches.
    """

    draws: int
    mean_by_set: Floats
    variance: Floats
    runs: NDArray[np.int64]
    first_months: NDArray[np.int64]
    worst: Floats
    totals: Floats
    digest: str

    @property
    def mean(self) -> Floats:
        """Expected loss of each group."""
        mean: Floats = self.mean_by_set.mean(axis=0)
        return mean


class DrawCounter:
    """Takes batches in the order of their draws; ``weights``: groups × totals."""

    def __init__(self, sets: int, draws: int, months: int, weights: Floats) -> None:
        groups = len(weights)
        self._draws, self._of_set, self._weights = draws, draws // sets, weights
        self._sum, self._squares = np.zeros((sets, groups)), np.zeros(groups)
        self._runs = np.zeros((sets, groups, months + 1), dtype=np.int64)
        self._first = np.zeros((groups, months + 1), dtype=np.int64)
        self._tail, self._pile, self._piled = tail_size(draws), [np.zeros((0, groups))], 0
        self._totals = np.zeros((draws, weights.shape[1]))
        self._hashes = [blake2b(digest_size=8) for _ in range(5)]
        self._done = 0

    def add(self, lost: Floats, found: Shortages) -> None:
        """A batch within one set: ``lost`` as shares of demand, draws × groups."""
        number, draws = self._done // self._of_set, len(lost)
        self._sum[number] += lost.sum(axis=0)
        self._squares += (lost**2).sum(axis=0)
        self._runs[number] += self._counts(found.longest_run)
        self._first += self._counts(found.first_month)
        self._totals[self._done : self._done + draws] = lost @ self._weights
        arrays = (lost, found.short_months, found.longest_run, found.first_month, found.worst)
        for own, array in zip(self._hashes, arrays, strict=True):
            own.update(np.ascontiguousarray(array).tobytes())
        self._pile.append(lost)
        self._piled += draws
        if self._piled >= self._tail:
            self._keep_worst()
        self._done += draws

    def statistics(self) -> DrawStatistics:
        """Everything kept, once all draws were added."""
        self._keep_worst()
        mean = self._sum.sum(axis=0) / self._draws
        whole = blake2b(digest_size=8)
        for own in self._hashes:
            whole.update(own.digest())
        return DrawStatistics(
            self._draws,
            self._sum / self._of_set,
            np.maximum(0.0, self._squares / self._draws - mean**2),
            self._runs,
            self._first,
            self._pile[0],
            self._totals,
            whole.hexdigest(),
        )

    def _counts(self, months: NDArray[np.int16]) -> NDArray[np.int64]:
        groups, longest = self._first.shape
        place = np.arange(groups) * longest + months
        return np.bincount(place.ravel(), minlength=groups * longest).reshape(groups, longest)

    def _keep_worst(self) -> None:
        whole = np.concatenate(self._pile)
        if len(whole) > self._tail:
            whole = np.partition(whole, len(whole) - self._tail, axis=0)[-self._tail :]
        self._pile, self._piled = [whole], 0
