"""Ultimate origin behind an end product as numbers with their draws: the largest shares, hidden and passing through."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from supplyrisk.mitigation.score_values import ScoreKey, ScoreValue, Values
from supplyrisk.network.draws import NetworkDraws, direct_draws, look_through_draws
from supplyrisk.network.look_through import cut_off, look_through
from supplyrisk.network.model import Network
from supplyrisk.network.places import EU_UNSPECIFIED, REST_OF_WORLD, Places
from supplyrisk.scores.concentration import HHI_SCALE
from supplyrisk.scores.origin import CHAIN_CUT
from supplyrisk.scores.sourcing import uses_nothing

Array = NDArray[np.float64]


def origin_values(
    drawn: NetworkDraws,
    end_product: str,
    ends: tuple[str, ...],
    used: Mapping[str, Array],
    region: str,
    passed: Collection[str],
) -> Values:
    """Scores of every product behind ``used`` (as scores.origin), each of the country outside with the largest one.

    ``passed``: countries of which it is asked what passes through them, per root material (``passing``).
    """
    network, places = drawn.network, drawn.network.places
    looked, made = look_through(network, used), look_through_draws(drawn, used)
    makers = _Makers(places, region)
    cut = cut_off(network, ends)
    found: Values = {}
    for product in cut:
        if product in network.products:
            scores = ["look_through_share", "look_through_hhi"]
            if not network.chain.inputs[product]:
                scores.append("pass_through")
            found |= {ScoreKey(name, product, end_product): ScoreValue(None, reason=CHAIN_CUT) for name in scores}
    for product in looked.made:
        if product in used or product in cut:
            continue
        shares = looked.shares(product)
        by_draw = float(shares.sum()) * made[product] / made[product].sum(axis=0)
        hhi = ScoreValue(float(makers.hhi(shares)), makers.hhi(by_draw))
        found[ScoreKey("look_through_hhi", product, end_product)] = hhi
        found[ScoreKey("look_through_share", product, end_product)] = makers.largest(shares, by_draw)
        hidden = _hidden(drawn, product, makers, shares, by_draw)
        if hidden is not None:
            found[ScoreKey("hidden_dependency", product, end_product)] = hidden
    return found | dict(_passing(drawn, end_product, used, made, frozenset(cut), passed))


@dataclass(frozen=True)
class _Makers:
    """Places as makers for a region: itself as one, countries outside it, and what has no name."""

    places: Places
    region: str

    @cached_property
    def inside(self) -> NDArray[np.bool_]:
        return self.places.of_region(self.region)

    @cached_property
    def outside(self) -> NDArray[np.int64]:
        """Positions of countries outside the region, in the order of their codes."""
        named = np.array([code not in (REST_OF_WORLD, EU_UNSPECIFIED) for code in self.places.codes])
        return np.flatnonzero(named & ~self.inside)

    def hhi(self, shares: Array) -> Array:
        """10 000·Σ s², the region as one maker, residuals left out."""
        own = shares[self.inside].sum(axis=0)
        return np.asarray(HHI_SCALE * (own**2 + (shares[self.outside] ** 2).sum(axis=0)))

    def largest(self, shares: Array, by_draw: Array) -> ScoreValue:
        """The largest of ``shares`` of a country outside; nought where none has one."""
        if not (shares[self.outside] > 0.0).any():
            return ScoreValue(0.0, np.zeros(by_draw.shape[1]))
        first = self.outside[int(np.argmax(shares[self.outside]))]
        return ScoreValue(float(shares[first]), by_draw[first], country=self.places.codes[first])


def _hidden(drawn: NetworkDraws, product: str, makers: _Makers, shares: Array, by_draw: Array) -> ScoreValue | None:
    """Look-through less direct share of the country outside where that is largest; None where trade tells no direct."""
    flows = drawn.network.products[product]
    if flows.evidence != "trade" or uses_nothing(flows, makers.inside):
        return None
    used = np.where(makers.inside, flows.demand, 0.0)
    volumes, drawn_volumes = flows.mix @ used, direct_draws(drawn, product, used)
    hidden = np.where(shares > 0.0, shares - volumes / volumes.sum(), 0.0)
    if not (shares[makers.outside] > 0.0).any():
        return ScoreValue(0.0, np.zeros(drawn.draws))
    reached = makers.outside[shares[makers.outside] > 0.0]
    first = reached[int(np.argmax(hidden[reached]))]
    hidden_drawn = by_draw[first] - drawn_volumes[first] / drawn_volumes.sum(axis=0)
    return ScoreValue(float(hidden[first]), hidden_drawn, country=makers.places.codes[first])


def passed_through(network: Network, used: Mapping[str, Array], countries: Sequence[str]) -> dict[str, Array]:
    """Part of each product's volume behind a use that touches each of ``countries``: product → array over them.

    As network.pass_through, all countries in one pass down the tiers.
    """
    columns = np.arange(len(countries) + 1)
    struck = np.array([network.places.index[code] for code in countries], dtype=np.int64)
    made: dict[str, Array] = {}
    for product in network.chain.products:
        flows = network.products.get(product)
        if flows is None:
            continue
        need = np.repeat(used[product][:, None], len(columns), axis=1) if product in used else None
        for user in network.chain.users[product]:
            if user in made:
                asked = flows.coefficients[user][:, None] * made[user]
                need = asked if need is None else need + asked
        if need is not None and need.any():
            reached = flows.mix @ need
            reached[struck, columns[1:]] = 0.0
            made[product] = reached
    volumes = {product: volume.sum(axis=0) for product, volume in made.items()}
    return {product: 1.0 - volume[1:] / volume[0] for product, volume in volumes.items() if volume[0] > 0.0}


def passing(network: Network, used: Mapping[str, Array], region: str, most: int) -> list[str]:
    """The ``most`` countries outside a region through which most of a root material behind ``used`` goes."""
    outside = [network.places.codes[one] for one in _Makers(network.places, region).outside]
    found = passed_through(network, used, outside)
    parts = [share for product, share in found.items() if not network.chain.inputs[product]]
    weight = dict(zip(outside, np.max(parts, axis=0) if parts else np.zeros(len(outside)), strict=True))
    return sorted((code for code in outside if weight[code] > 0.0), key=lambda code: (-weight[code], code))[:most]


def _passing(
    drawn: NetworkDraws,
    end_product: str,
    used: Mapping[str, Array],
    whole: Mapping[str, Array],
    cut: frozenset[str],
    passed: Collection[str],
) -> Iterator[tuple[ScoreKey, ScoreValue]]:
    network = drawn.network
    roots: Sequence[str] = [product for product in whole if not network.chain.inputs[product] and product not in cut]
    if not passed:
        return
    countries = sorted(passed)
    found = passed_through(network, used, countries)
    first = {root: int(np.argmax(found[root])) for root in roots}
    left = {one: look_through_draws(drawn, used, network.places.index[countries[one]]) for one in set(first.values())}
    for root, one in first.items():
        kept = left[one][root].sum(axis=0) if root in left[one] else np.zeros(drawn.draws)
        draws = 1.0 - kept / whole[root].sum(axis=0)
        value = ScoreValue(float(found[root][one]), draws, country=countries[one])
        yield ScoreKey("pass_through", root, end_product), value
