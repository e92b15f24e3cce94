"""The cheapest new makers in Europe that lift its part of the value in batteries to a target, as a linear programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

Limit = Literal["none", "build_rate", "need_of_european_makers"]
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class ChainProduct:
    """A product behind the batteries used in a region, in its own unit a year.

    ``total``: made anywhere; ``inside``: made in the EU; ``value_per_unit``: EUR. ``free_need``: what makers in the EU
    (of end products: users in the region) need of it and buy elsewhere; ``need_per_unit``: what one more unit of each
    using product, made in the EU, needs of it.
    """

    product: str
    total: float
    inside: float
    value_per_unit: float
    free_need: float
    need_per_unit: Mapping[str, float]


@dataclass(frozen=True)
class BuildOption:
    """New makers of a product: ``capex_per_unit`` EUR per unit of output a year, ``most`` output they can reach."""

    product: str
    capex_per_unit: float
    most: float


@dataclass(frozen=True)
class Built:
    """What is built of a product: units a year, EUR of capital, and what kept it from being more."""

    product: str
    output: float
    capex: float
    limit: Limit


@dataclass(frozen=True)
class ValuePath:
    """The way to a target share: ``share`` before, ``reachable`` at most; ``built`` None where it cannot be reached."""

    share: float
    reachable: float
    built: tuple[Built, ...] | None

    @property
    def capex(self) -> float | None:
        """EUR of capital in all."""
        return None if self.built is None else sum(item.capex for item in self.built)


def value_path(products: Sequence[ChainProduct], options: Sequence[BuildOption], target: float) -> ValuePath:
    """Least capital that brings the European share of value to ``target``.

    min Σ c_p·x_p with, for extra European output x_p of every product that can be built: Σ_p v_p·(inside_p + x_p) ≥
    target·Σ_p v_p·total_p; x_p ≤ most_p and total_p − inside_p; x_p ≤ free_need_p + Σ_q a_pq·x_q − what they buy is
    bought in the region only by European makers, those of the plan included, whose other inputs come from elsewhere
    unless the plan makes them. ``reachable`` is the largest share under the same limits. Where the share is above the
    target nothing is built.
    """
    by_name = {item.product: item for item in products if item.total > 0.0}
    open_to = [option for option in options if option.product in by_name]
    chosen = [by_name[option.product] for option in open_to]
    # As parts of what is behind the use: square metres of film and gigawatt hours of cells meet in one programme.
    size = np.array([item.total for item in chosen])
    whole = sum(item.value_per_unit * item.total for item in products)
    now = sum(item.value_per_unit * item.inside for item in products) / whole
    value = np.array([item.value_per_unit for item in chosen]) * size / whole
    rows, room = _needs(chosen)
    most = [
        min(max(0.0, option.most), item.total - item.inside) / item.total
        for option, item in zip(open_to, chosen, strict=True)
    ]
    reachable = now + float(value @ _solve(-value, rows, room, most))
    if now >= target:
        return ValuePath(now, reachable, ())
    if reachable < target:
        return ValuePath(now, reachable, None)
    cost = np.array([option.capex_per_unit for option in open_to]) * size
    # The target itself less a hair, so that rounding does not make a target just within reach impossible.
    plan = _solve(
        cost / max(1.0, cost.sum()), np.vstack([rows, -value]), np.append(room, now - target + _TOLERANCE), most
    )
    slack = room - rows @ plan
    built = tuple(
        Built(item.product, part * item.total, part * per, _limit(part, limit, float(free)))
        for item, part, per, limit, free in zip(chosen, plan.tolist(), cost.tolist(), most, slack, strict=True)
        if part > _TOLERANCE
    )
    return ValuePath(now, reachable, built)


def _needs(chosen: Sequence[ChainProduct]) -> tuple[Array, Array]:
    """Rows x_p − Σ_q a_pq·x_q ≤ free_need_p, as parts of what is behind the use."""
    rows = np.eye(len(chosen))
    place = {item.product: number for number, item in enumerate(chosen)}
    for number, item in enumerate(chosen):
        for user, per_unit in item.need_per_unit.items():
            if user in place:
                rows[number, place[user]] -= per_unit * chosen[place[user]].total / item.total
    return rows, np.array([item.free_need / item.total for item in chosen])


def _solve(cost: Array, rows: Array, room: Array, most: Sequence[float]) -> Array:
    if len(cost) == 0:
        return np.zeros(0)
    from scipy.optimize import linprog  # takes most of a second to load, and reports on scores alone pass here

    found = linprog(cost, A_ub=rows, b_ub=room, bounds=[(0.0, limit) for limit in most], method="highs")
    if not found.success:
        raise ArithmeticError(f"the linear programme of the value path was not solved: {found.message}")
    return np.asarray(found.x)


def _limit(part: float, most: float, free: float) -> Limit:
    if part >= most - 1e-6:
        return "build_rate"
    return "need_of_european_makers" if free <= 1e-6 else "none"
