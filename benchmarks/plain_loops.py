"""The look-through with draws in plain nested loops: slow, and simple enough to be read as its definition."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from supplyrisk.network.draws import NetworkDraws

Array = NDArray[np.float64]
Made = dict[str, list[float]]


def plain_look_through(drawn: NetworkDraws, used: Mapping[str, Array], draws: int) -> list[Made]:
    """The first ``draws`` draws of ``look_through_draws``: per draw, product → volume by place of making."""
    return [_one_draw(drawn, used, draw) for draw in range(draws)]


def _one_draw(drawn: NetworkDraws, used: Mapping[str, Array], draw: int) -> Made:
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
            reached[lanes.suppliers[lane]] += float(lanes.shares[lane, draw]) * need[lanes.users[lane]]
        made[product] = reached
    return made
