"""Ultimate origin behind an end product as numbers with their draws: the largest shares, hidden and passing through."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from supplyrisk.mitigation.score_values import ScoreKey, ScoreValue, Values
from supplyrisk.network.draws import NetworkDraws, direct_draws, look_through_draws
from supplyrisk.network.look_through import cut_off, look_through
from supplyrisk.network.model import Network
from supplyrisk.network.places import EU_UNSPECIFIED, REST_OF_WORLD
from supplyrisk.scores.concentration import HHI_SCALE
from supplyrisk.scores.origin import CHAIN_CUT
from supplyrisk.scores.sourcing import largest_outside, shares_by_maker, uses_nothing

Array = NDArray[np.float64]
Makers = dict[str, tuple[Array, bool]]


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
    cut = cut_off(network, ends)
    found: Values = {}
    for product in cut:
        if product in network.products:
            scores = ("look_through_share", "look_through_hhi", *(() if network.chain.inputs[product] else _PASSING))
            found |= {ScoreKey(name, product, end_product): ScoreValue(None, reason=CHAIN_CUT) for name in scores}
    for product in looked.made:
        if product in used or product in cut:
            continue
        shares = looked.shares(product)
        makers = shares_by_maker(places, shares, region)
        by_draw = shares_by_maker(
            places, float(shares.sum()) * made[product] / made[product].sum(axis=0), region
        )
        found[ScoreKey("look_through_hhi", product, end_product)] = ScoreValue(float(_hhi(makers)), _hhi(by_draw))
        first = largest_outside(makers, region)
        share = ScoreValue(0.0, np.zeros(drawn.draws))
        if first is not None:
            share = ScoreValue(float(makers[first][0]), by_draw[first][0], country=first)
        found[ScoreKey("look_through_share", product, end_product)] = share
        hidden = _hidden(drawn, product, region, makers, by_draw)
        if hidden is not None:
            found[ScoreKey("hidden_dependency", product, end_product)] = hidden
    return found | dict(_passing(drawn, end_product, used, made, frozenset(cut), passed))


_PASSING = ("pass_through",)


def _hidden(drawn: NetworkDraws, product: str, region: str, makers: Makers, by_draw: Makers) -> ScoreValue | None:
    """Look-through less direct share of the country outside where that is largest; None where trade tells no direct."""
    network = drawn.network
    flows = network.products[product]
    inside = network.places.of_region(region)
    if flows.evidence != "trade" or uses_nothing(flows, inside):
        return None
    used = np.where(inside, flows.demand, 0.0)
    volumes, drawn_volumes = flows.mix @ used, direct_draws(drawn, product, used)
    direct = shares_by_maker(network.places, volumes / volumes.sum(), region)
    direct_drawn = shares_by_maker(network.places, drawn_volumes / drawn_volumes.sum(axis=0), region)
    outside = {
        code: float(share) - float(direct[code][0])
        for code, (share, counts) in sorted(makers.items())
        if counts and code != region and float(share) > 0.0
    }
    if not outside:
        return ScoreValue(0.0, np.zeros(drawn.draws))
    first = max(outside, key=outside.__getitem__)
    return ScoreValue(outside[first], by_draw[first][0] - direct_drawn[first][0], country=first)


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
    places = network.places
    inside = places.of_region(region)
    outside = [
        code
        for code, own in zip(places.codes, inside, strict=True)
        if not own and code not in (REST_OF_WORLD, EU_UNSPECIFIED)
    ]
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


def _hhi(makers: Makers) -> Array:
    return np.asarray(HHI_SCALE * sum(np.square(share) for share, counts in makers.values() if counts))
