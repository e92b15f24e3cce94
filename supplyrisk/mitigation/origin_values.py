"""Ultimate origin behind an end product as numbers with their draws: the largest shares, hidden and passing through."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from supplyrisk.mitigation.score_values import ScoreKey, ScoreValue, Values
from supplyrisk.network.draws import NetworkDraws
from supplyrisk.network.look_through import cut_off, look_through
from supplyrisk.network.model import Network
from supplyrisk.network.pass_through import pass_through
from supplyrisk.network.places import EU_UNSPECIFIED, REST_OF_WORLD, Places
from supplyrisk.network.reached import direct_draws, look_through_draws, reached_by
from supplyrisk.network.use import uses_nothing
from supplyrisk.scores.concentration import HHI_SCALE
from supplyrisk.scores.origin import CHAIN_CUT

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


def passing(network: Network, used: Mapping[str, Array], region: str, most: int) -> list[str]:
    """The ``most`` countries outside a region through which most of a root material behind ``used`` goes."""
    outside = [network.places.codes[one] for one in _Makers(network.places, region).outside]
    weight = {
        code: max((share for product, share in shares.items() if not network.chain.inputs[product]), default=0.0)
        for code, shares in pass_through(network, used, outside).items()
    }
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
    found = pass_through(network, used, countries)
    first = {root: max(countries, key=lambda code: found[code][root]) for root in roots}
    struck = sorted(set(first.values()))
    left = reached_by(drawn, used).volume_left([network.places.index[code] for code in struck])
    for root, code in first.items():
        draws = 1.0 - left[root][struck.index(code)] / whole[root].sum(axis=0)
        yield ScoreKey("pass_through", root, end_product), ScoreValue(found[code][root], draws, country=code)
