"""Ultimate origin behind an end product used in a region: look-through shares, hidden dependency, pass-through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplyrisk.network.draws import NetworkDraws
from supplyrisk.network.look_through import cut_off, look_through
from supplyrisk.network.model import Network
from supplyrisk.network.pass_through import pass_through
from supplyrisk.network.places import NO_COUNTRY
from supplyrisk.network.reached import Reached, direct_draws, reached_by
from supplyrisk.network.use import uses_nothing
from supplyrisk.scores.concentration import HHI_SCALE
from supplyrisk.scores.intervals import interval
from supplyrisk.scores.sourcing import (
    DATA_AND_LANES,
    MOVED_LANES,
    SMALLEST_LISTED_SHARE,
    basis_of_flows,
    largest_makers,
    makers_hhi,
    moved_far,
    shares_by_maker,
)
from supplyrisk.scores.table import ScoreRow

Array = NDArray[np.float64]

CHAIN_CUT = "chain_cut"
"""Part of the chain between the product and the end product has no known output."""

_SMALLEST_PASS_THROUGH = 0.05


@dataclass(frozen=True)
class OriginPart:
    """One score of a product behind an end product, with its draws (None: missing, with its reason).

    ``country``: whose share it is, of a score by maker, and ``is_country`` whether it is one (the region itself is;
    EU output of unstated member and ROW are none); ``ends``: the smallest and largest that the score can be.
    """

    metric: str
    product: str
    value: float | None = None
    draws: Array | None = None
    country: str | None = None
    is_country: bool = True
    ends: tuple[float, float] = (0.0, 1.0)
    reason: str | None = None


def origin_parts(
    drawn: NetworkDraws,
    ends: tuple[str, ...],
    used: Mapping[str, Array],
    region: str,
    first_passing: int | None = None,
) -> Iterator[OriginPart]:
    """Scores of every product behind ``used`` (use by place of the end products) in one region.

    ``ends``: the products of the bundle: one, or the end products of a chain taken together. Shares
    count secondary input in the whole, so that those of the makers add up to one less ``look_through_secondary``; a
    hidden dependency leaves it out on both sides, as direct shares are of goods with a maker. A product that a gap
    cuts off from an end product is missing: what is reached of it is not the whole.
    Countries that at least ``_SMALLEST_PASS_THROUGH`` of a raw material passes through are told, or
    ``first_passing`` that many of each raw material, however little that is.
    """
    network, places = drawn.network, drawn.network.places
    looked = look_through(network, used)
    reached = reached_by(drawn, used)
    drawn_made = reached.made()
    cut = cut_off(network, ends)
    for product in cut:
        if product in network.products:
            yield OriginPart("look_through_hhi", product, reason=CHAIN_CUT)
            if not network.chain.inputs[product]:
                yield OriginPart("pass_through", product, reason=CHAIN_CUT)
    for product in looked.made:
        if product in used or product in cut:
            continue
        primary = float(looked.shares(product).sum())
        makers = shares_by_maker(places, looked.shares(product), region)
        makers_drawn = shares_by_maker(places, primary * drawn_made[product] / drawn_made[product].sum(axis=0), region)
        direct, direct_drawn = _direct(drawn, product, region)
        for code, value, counts in largest_makers(makers, SMALLEST_LISTED_SHARE):
            draws = makers_drawn[code][0]
            yield OriginPart("look_through_share", product, value, draws, code, counts)
            if direct is not None and direct_drawn is not None and counts:
                hidden = value / primary - float(direct[code][0])
                hidden_draws = draws / primary - direct_drawn[code][0]
                yield OriginPart("hidden_dependency", product, hidden, hidden_draws, code, ends=(-1.0, 1.0))
        secondary = looked.secondary_share(product)
        if secondary is not None:
            yield OriginPart("look_through_secondary", product, secondary)
        hhi, hhi_draws = float(makers_hhi(makers)), makers_hhi(makers_drawn)
        yield OriginPart("look_through_hhi", product, hhi, hhi_draws, ends=(0.0, HHI_SCALE))
    yield from _pass_through(network, region, used, looked.made, reached, drawn_made, frozenset(cut), first_passing)


def origin_scores(
    drawn: NetworkDraws,
    end_product: str,
    ends: tuple[str, ...],
    used: Mapping[str, Array],
    region: str,
    stages: Mapping[str, str],
) -> Iterator[ScoreRow]:
    """Rows of ``origin_parts``, with the 5 and 95 % quantiles of their centred draws.

    ``end_product`` names the bundle, ``ends`` its products.
    """
    for part in origin_parts(drawn, ends, used, region):
        low = high = None
        if part.value is not None and part.draws is not None:
            low, high = interval(part.draws, part.value, *part.ends)
        yield ScoreRow(
            part.metric,
            part.product,
            stages[part.product],
            basis_of_flows(drawn.network.products[part.product]),
            part.value,
            low,
            high,
            "none" if low is None else _interval_kind(part, drawn.network),
            part.country,
            missing_reason=part.reason,
            scope=region,
            end_product=end_product,
        )


def _interval_kind(part: OriginPart, network: Network) -> str:
    """Who made a product behind a use is told no better than who sells it directly."""
    is_of_makers = part.metric in ("look_through_share", "look_through_hhi")
    return MOVED_LANES if is_of_makers and moved_far(network.products[part.product]) else DATA_AND_LANES


def _direct(
    drawn: NetworkDraws, product: str, region: str
) -> tuple[dict[str, tuple[Array, bool]] | None, dict[str, tuple[Array, bool]] | None]:
    """Direct sourcing shares of the region with draws, where trade tells them without moving far to fit."""
    network = drawn.network
    flows = network.products[product]
    inside = network.places.of_region(region)
    if flows.evidence != "trade" or moved_far(flows) or uses_nothing(flows, inside):
        return None, None
    used = np.where(inside, flows.demand, 0.0)
    volumes, draws = flows.mix @ used, direct_draws(drawn, product, used)
    return (
        shares_by_maker(network.places, volumes / volumes.sum(), region),
        shares_by_maker(network.places, draws / draws.sum(axis=0), region),
    )


def _pass_through(
    network: Network,
    region: str,
    used: Mapping[str, Array],
    made: Mapping[str, Array],
    reached: Reached,
    drawn_made: Mapping[str, Array],
    cut: frozenset[str],
    first: int | None,
) -> Iterator[OriginPart]:
    """Per root material, the countries through which much of it goes; ``made``: volumes behind ``used``."""
    inside = network.places.of_region(region)
    roots = [product for product in made if not network.chain.inputs[product] and product not in cut]
    if not roots:
        return
    touching = np.sum([volume > 0.0 for volume in made.values()], axis=0) > 0
    candidates = [
        code
        for position, code in enumerate(network.places.codes)
        if touching[position] and not inside[position] and code not in NO_COUNTRY
    ]
    found = pass_through(network, used, candidates)
    told = {}
    for root in roots:
        largest = sorted(candidates, key=lambda code: (-found[code][root], code))
        enough = [code for code in largest if found[code][root] >= _SMALLEST_PASS_THROUGH]
        told[root] = enough if first is None else largest[:first]
    shown = sorted({code for codes in told.values() for code in codes})
    left = reached.volume_left([network.places.index[code] for code in shown])
    whole = {root: drawn_made[root].sum(axis=0) for root in roots}
    for case, code in enumerate(shown):
        for root in roots:
            if code in told[root]:
                passed = 1.0 - left[root][case] / whole[root]
                yield OriginPart("pass_through", root, found[code][root], passed, code)
