"""Draws of a network: uncertain output, lanes, recipes and home preference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplyrisk.chain.graph import Recipe
from supplyrisk.foundation.keyed_draws import keyed_normal_matrix, keyed_normals
from supplyrisk.network.build import NetworkInputs, SupplyRows
from supplyrisk.network.lanes import preference_ends
from supplyrisk.network.model import Network, ProductFlows

Array = NDArray[np.float64]

RANGE_IN_DEVIATIONS = 2 * 1.6448536269514722
"""A published range is read as the 5 to 95 % range of a lognormal."""

_SMALLEST_SHARE = 1e-4


@dataclass(frozen=True)
class LaneDraws:
    """Mix of one product by draw.

    ``suppliers`` and ``users``: positions of places, sorted by supplier; ``shares``: lanes × draws, adding up to one
    over the lanes of a user.
    """

    suppliers: NDArray[np.intp]
    users: NDArray[np.intp]
    shares: Array


@dataclass(frozen=True)
class NetworkDraws:
    """Draws of every product's mix and of the recipe coefficients (factor by input and output product)."""

    network: Network
    lanes: Mapping[str, LaneDraws]
    factors: Mapping[tuple[str, str], Array]
    draws: int


def draw_network(
    inputs: NetworkInputs, network: Network, preference_range: tuple[float, float], seed: int, draws: int
) -> NetworkDraws:
    """Draws keyed by seed and name, so that a draw does not depend on what else is drawn.

    Each lane's share is m·g_i·exp(σ z), then scaled to one per user: g_i the lognormal factor of the supplier's output
    (the same numbers as in the scores), σ the lane spread by evidence. Without a trade table m itself moves with the
    home preference, one number a draw for all products: ``preference_range`` is read as its 5 to 95 % range.
    Coefficients: lognormal with low and high of the recipe as 5 to 95 %.
    """
    preference = _preference_draws(network.home_preference, preference_range, seed, draws)
    lanes = {
        product: _lane_draws(inputs, network, flows, inputs.supply[product], preference, seed, draws)
        for product, flows in network.products.items()
    }
    factors = {}
    for recipe in network.chain.recipes:
        if recipe.iso3 is None:
            factors[recipe.input_product, recipe.output_product] = _coefficient_factor(recipe, seed, draws)
    return NetworkDraws(network, lanes, factors, draws)


def _preference_draws(centre: float, ends: tuple[float, float], seed: int, draws: int) -> Array:
    z = keyed_normals(seed, "home_preference", draws) / (RANGE_IN_DEVIATIONS / 2)
    return np.clip(centre + np.where(z < 0.0, (centre - ends[0]) * z, (ends[1] - centre) * z), 0.0, 1.0)


def _coefficient_factor(recipe: Recipe, seed: int, draws: int) -> Array:
    if not 0.0 < recipe.low < recipe.high:
        return np.ones(draws)
    deviation = np.log(recipe.high / recipe.low) / RANGE_IN_DEVIATIONS
    return np.asarray(np.exp(deviation * keyed_normals(seed, recipe.row_id, draws)))


def _lane_draws(
    inputs: NetworkInputs,
    network: Network,
    flows: ProductFlows,
    rows: SupplyRows,
    preference: Array,
    seed: int,
    draws: int,
) -> LaneDraws:
    places = inputs.places
    if flows.evidence == "trade":
        low = high = flows.mix
    else:
        ends = preference_ends(places, flows.supply, flows.demand)
        low, high = _mix(ends.world_mix), _mix(ends.home_first)
    centre = flows.mix
    suppliers, users = np.nonzero(np.maximum(centre, np.minimum(low, high)) > _SMALLEST_SHARE)
    # The centre moves by the difference the preference makes, so that draws spread around the balanced flows.
    slope = (high - low)[suppliers, users]
    shares = np.outer(slope, preference - network.home_preference)
    shares += centre[suppliers, users][:, None]
    np.maximum(shares, 0.0, out=shares)
    spread = inputs.assumptions.lane_spread
    deviation = (spread.trade if flows.evidence == "trade" else spread.prior).value
    names = [
        f"lane|{flows.product_id}|{places.codes[i]}|{places.codes[j]}" for i, j in zip(suppliers, users, strict=True)
    ]
    spread_by_draw = keyed_normal_matrix(seed, names, draws)
    spread_by_draw *= deviation
    shares *= np.exp(spread_by_draw, out=spread_by_draw)
    shares *= _supply_factors(inputs, rows, seed, draws)[suppliers]
    total = np.zeros((len(places.codes), draws))
    for user, share in zip(users, shares, strict=True):
        total[user] += share
    total[total <= 0.0] = 1.0
    shares /= total[users]
    return LaneDraws(suppliers, users, shares)


def _supply_factors(inputs: NetworkInputs, rows: SupplyRows, seed: int, draws: int) -> Array:
    """exp(σ z) of each place's output; codes that share a place share its factor, weighted by output."""
    places = inputs.places
    codes = sorted(rows.values)
    z = keyed_normal_matrix(seed, [rows.row_of[code] for code in codes], draws)
    drawn = np.array([rows.values[code] for code in codes])[:, None] * np.exp(
        np.array([rows.log_widths[code] for code in codes])[:, None] * z
    )
    found = np.zeros((len(places.codes), draws))
    for code, values in zip(codes, drawn, strict=True):
        found[places.index[places.place_of(code)]] += values
    base = places.vector(rows.values)
    return np.asarray(np.divide(found, base[:, None], out=np.ones_like(found), where=base[:, None] > 0.0))


def _mix(flows: Array) -> Array:
    total = flows.sum(axis=0)
    return np.asarray(np.divide(flows, total[None, :], out=np.zeros_like(flows), where=total > 0.0))
