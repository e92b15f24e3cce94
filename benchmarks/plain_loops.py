"""Look-through with draws and home-first prior in plain loops: slow, and simple enough to be read as definitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from supplyrisk.network.draws import NetworkDraws

Array = NDArray[np.float64]
Made = dict[str, list[float]]


def plain_look_through(
    drawn: NetworkDraws, used: Mapping[str, Array], draws: int, struck: int | None = None
) -> list[Made]:
    """The first ``draws`` draws of ``look_through_draws``: per draw, product → volume by place of making.

    ``struck``: a place that makes nothing on any tier.
    """
    return [_one_draw(drawn, used, draw, struck) for draw in range(draws)]


def plain_home_first(
    supply: Sequence[float], demand: Sequence[float], levels: Sequence[tuple[Sequence[int], Sequence[int]]]
) -> list[list[float]]:
    """``home_first_prior``: every market of every level in turn, and the world at last."""
    left_supply, left_demand = list(supply), list(demand)
    flows = [[0.0] * len(demand) for _ in supply]
    for sellers, buyers in (*levels, ([1] * len(supply), [1] * len(demand))):
        for market in range(1, max(*sellers, *buyers) + 1):
            rows = [row for row, number in enumerate(sellers) if number == market]
            columns = [column for column, number in enumerate(buyers) if number == market]
            offered, wanted = sum(left_supply[row] for row in rows), sum(left_demand[column] for column in columns)
            if min(offered, wanted) <= 0.0:
                continue
            for row in rows:
                for column in columns:
                    flows[row][column] += left_supply[row] * left_demand[column] / max(offered, wanted)
            for row in rows:
                left_supply[row] *= 1.0 - min(1.0, wanted / offered)
            for column in columns:
                left_demand[column] *= 1.0 - min(1.0, offered / wanted)
    return flows


def _one_draw(drawn: NetworkDraws, used: Mapping[str, Array], draw: int, struck: int | None) -> Made:
    network = drawn.network
    size = len(network.places.codes)
    made: Made = {}
    for product in network.chain.products:
        if product not in network.products:
            continue
        need = [float(used[product][place]) if product in used else 0.0 for place in range(size)]
        for user in network.chain.users[product]:
            if user in made:
                coefficients = network.coefficient(product, user)
                factor = float(drawn.factors[product, user][draw]) if (product, user) in drawn.factors else 1.0
                for place in range(size):
                    need[place] += float(coefficients[place]) * factor * made[user][place]
        if not any(need):
            continue
        lanes = drawn.lanes[product]
        reached = [0.0] * size
        for lane in range(len(lanes.suppliers)):
            if lanes.suppliers[lane] != struck:
                reached[lanes.suppliers[lane]] += float(lanes.shares[lane, draw]) * need[lanes.users[lane]]
        made[product] = reached
    return made
