"""Draws of a network with measures in place, each the same draw as without them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from supplyrisk.network.draws import LaneDraws, NetworkDraws
from supplyrisk.network.model import Network

Array = NDArray[np.float64]
_SMALLEST_SHARE = 1e-4
"""Lanes that appear with a measure and are smaller than this part of their user's intake are left out of draws."""


def first_draws(drawn: NetworkDraws, count: int) -> NetworkDraws:
    """The first draws of a network (all, where there are no more)."""
    count = min(count, drawn.draws)
    return NetworkDraws(
        drawn.network,
        {name: replace(lanes, shares=lanes.shares[:, :count]) for name, lanes in drawn.lanes.items()},
        {pair: factors[:count] for pair, factors in drawn.factors.items()},
        count,
    )


def draws_after(drawn: NetworkDraws, after: Network) -> NetworkDraws:
    """The draws of ``drawn`` with the measures of ``after`` (mitigation.changed_network) in place, draw by draw.

    With m and m′ the mix of a user without and with them and s a draw of m: a supplier that loses keeps the part
    m′/m of its s; what a user's suppliers lose together goes to those that gain in proportion to (m′ − m)·s/m, a new
    one to m′. So a share that moves moves in every draw, of what there is in that draw. Recipes are the same draws.
    """
    before = drawn.network
    lanes = {
        name: drawn.lanes[name] if flows is before.products[name] else _moved(drawn.lanes[name],
                                                                             before.products[name].mix, flows.mix)
        for name, flows in after.products.items()
    }  # fmt: skip
    return NetworkDraws(after, lanes, drawn.factors, drawn.draws)


def _moved(lanes: LaneDraws, before: Array, after: Array) -> LaneDraws:
    drawn = np.zeros(before.shape, dtype=np.bool_)
    drawn[lanes.suppliers, lanes.users] = True
    suppliers, users = np.nonzero(drawn | (after > _SMALLEST_SHARE))
    place = np.full(before.shape, -1)
    place[lanes.suppliers, lanes.users] = np.arange(len(lanes.suppliers))
    of_lane = place[suppliers, users]
    known = of_lane >= 0
    share = np.zeros((len(suppliers), lanes.shares.shape[1]))
    share[known] = lanes.shares[of_lane[known]]
    was, then = before[suppliers, users], after[suppliers, users]
    # A lane that only draws have, and not the centre, is nothing that a measure was seen to move.
    kept = share * np.where(was > 0.0, _over(np.minimum(then, was), was), 1.0)[:, None]
    gain = np.maximum(then - was, 0.0)
    weight = gain[:, None] * np.where((known & (was > 0.0))[:, None], _over(share, was[:, None]), 1.0)
    summed = _by_user(users, before.shape[1])
    # In a draw in which none of those that gain sells anything yet, they gain as at the centre.
    weight = np.where(summed(weight)[users] > 0.0, weight, gain[:, None])
    freed = 1.0 - summed(kept)
    found = kept + freed[users] * _over(weight, summed(weight)[users])
    return LaneDraws(suppliers, users, _over(found, summed(found)[users]))


def _over(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)), where=whole > 0.0)


def _by_user(users: NDArray[np.intp], size: int) -> Callable[[Array], Array]:
    """Sums of lanes × draws over the suppliers of each user: users × draws."""
    order = np.argsort(users, kind="stable")
    ordered = users[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))

    def summed(values: Array) -> Array:
        found = np.zeros((size, values.shape[1]))
        if len(order):
            found[ordered[starts]] = np.add.reduceat(values[order], starts, axis=0)
        return found

    return summed
