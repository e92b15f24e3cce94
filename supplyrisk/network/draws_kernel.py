"""The look-through by draw compiled: a few draws at a time go down the whole chain, so that they stay in the cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numba import njit

NOT_STRUCK = -1
"""In the place of a place: every place makes what it does."""

_DRAWS_AT_ONCE = 32

Function = TypeVar("Function", bound=Callable[..., Any])
Decorator = Callable[[Function], Function]
_njit: Any = njit
compiled: Decorator[Any] = _njit(cache=True, nogil=True, error_model="numpy")
inlined: Decorator[Any] = _njit(inline="always", error_model="numpy")


class ReachedLanes(NamedTuple):
    """The products that a use reaches, numbered from the end products to the mine, and the lanes that carry something.

    ``lanes``, ``users``, ``makers`` and ``asks`` hold where those of each product begin in the arrays below them and
    where the last one ends. ``used``: products × places; ``shares``: lanes × draws; ``asking``: number of the product
    that takes the product in, with input per unit in ``coefficient`` (asks × places) and its factor by draw in
    ``factor`` (asks × draws).
    """

    used: Any
    lanes: Any
    supplier: Any
    user: Any
    shares: Any
    users: Any
    place_of_use: Any
    makers: Any
    place_of_making: Any
    asks: Any
    asking: Any
    coefficient: Any
    factor: Any


@inlined
def _ask(reached: ReachedLanes, product: int, volume: Any, first: int, count: int, need: Any) -> None:
    """What every place of use needs of a product: the use itself, and input of what is made there."""
    for place in reached.place_of_use[reached.users[product] : reached.users[product + 1]]:
        need[place] = reached.used[product, place]
        for ask in range(reached.asks[product], reached.asks[product + 1]):
            asking, per_unit = reached.asking[ask], reached.coefficient[ask, place]
            for d in range(count):
                need[place, d] += per_unit * (volume[asking, place, d] * reached.factor[ask, first + d])


@inlined
def _supply(reached: ReachedLanes, product: int, struck: int, first: int, count: int, need: Any, volume: Any) -> None:
    """What every place makes of a product for those needs; ``struck`` makes nothing."""
    for place in reached.place_of_making[reached.makers[product] : reached.makers[product + 1]]:
        volume[product, place] = 0.0
    for lane in range(reached.lanes[product], reached.lanes[product + 1]):
        supplier, user = reached.supplier[lane], reached.user[lane]
        if supplier != struck:
            for d in range(count):
                volume[product, supplier, d] += reached.shares[lane, first + d] * need[user, d]


@compiled
def pass_down(reached: ReachedLanes, struck: Any, made: Any, left: Any) -> None:
    """Volumes behind the use, once for each place in ``struck``, which makes nothing on any tier.

    ``left``: zeros, struck × products × draws, filled with the volume over all places of making; ``made``: zeros,
    products × places × draws, filled with the volumes of the last one in ``struck``, or empty.
    """
    products, places = reached.used.shape
    draws = reached.shares.shape[1]
    need = np.empty((places, _DRAWS_AT_ONCE))
    volume = np.zeros((products, places, _DRAWS_AT_ONCE))
    for first in range(0, draws, _DRAWS_AT_ONCE):
        count = min(_DRAWS_AT_ONCE, draws - first)
        for case in range(len(struck)):
            for product in range(products):
                _ask(reached, product, volume, first, count, need)
                _supply(reached, product, struck[case], first, count, need, volume)
                for place in reached.place_of_making[reached.makers[product] : reached.makers[product + 1]]:
                    for d in range(count):
                        left[case, product, first + d] += volume[product, place, d]
        for product in range(len(made)):
            for place in reached.place_of_making[reached.makers[product] : reached.makers[product + 1]]:
                for d in range(count):
                    made[product, place, first + d] = volume[product, place, d]
