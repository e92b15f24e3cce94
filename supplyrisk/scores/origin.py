"""Ultimate origin behind an end product used in a region: look-through shares, hidden dependency, pass-through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from supplyrisk.network.draws import NetworkDraws, direct_draws, look_through_draws
from supplyrisk.network.look_through import cut_off, look_through
from supplyrisk.network.pass_through import pass_through
from supplyrisk.network.places import EU_UNSPECIFIED, REST_OF_WORLD
from supplyrisk.scores.concentration import HHI_SCALE
from supplyrisk.scores.intervals import interval
from supplyrisk.scores.sourcing import DATA_AND_LANES, basis_of_flows, shares_by_maker
from supplyrisk.scores.table import ScoreRow

Array = NDArray[np.float64]

CHAIN_CUT = "chain_cut"
"""Part of the chain between the product and the end product has no known output."""

_SMALLEST_SHARE = 0.01
_SMALLEST_PASS_THROUGH = 0.05
_MOST_COUNTRIES = 8


def origin_scores(
    drawn: NetworkDraws,
    end_product: str,
    ends: tuple[str, ...],
    used: Mapping[str, Array],
    region: str,
    stages: Mapping[str, str],
) -> Iterator[ScoreRow]:
    """Scores of every product behind ``used`` (use by place of the end products) in one region.

    ``end_product`` names the bundle, ``ends`` its products: one, or the end products of a chain taken together. Shares
    count secondary input in the whole, so that those of the makers add up to one less the secondary share. A product
    that a gap cuts off from an end product is missing: what is reached of it is not the whole.
    """
    network, places = drawn.network, drawn.network.places
    looked = look_through(network, used)
    drawn_made = look_through_draws(drawn, used)
    cut = cut_off(network, ends)
    for product in cut:
        if product in network.products:
            basis = basis_of_flows(network.products[product])
            for metric in ("look_through_hhi", *(() if network.chain.inputs[product] else ("pass_through",))):
                yield ScoreRow(
                    metric,
                    product,
                    stages[product],
                    basis,
                    None,
                    missing_reason=CHAIN_CUT,
                    scope=region,
                    end_product=end_product,
                )
    for product in looked.made:
        if product in used or product in cut:
            continue
        flows = network.products[product]
        basis, stage = basis_of_flows(flows), stages[product]
        primary = float(looked.shares(product).sum())
        makers = shares_by_maker(places, looked.shares(product), region)
        makers_drawn = shares_by_maker(places, primary * drawn_made[product] / drawn_made[product].sum(axis=0), region)
        direct, direct_drawn = _direct(drawn, product, region)
        listed = sorted(makers.items(), key=lambda item: (-float(item[1][0]), item[0]))
        for code, (value, _) in listed:
            if float(value) < _SMALLEST_SHARE:
                continue
            low, high = interval(makers_drawn[code][0], float(value), 0.0, 1.0)
            yield ScoreRow(
                "look_through_share",
                product,
                stage,
                basis,
                float(value),
                low,
                high,
                DATA_AND_LANES,
                code,
                scope=region,
                end_product=end_product,
            )
            if direct is not None and direct_drawn is not None and code not in (REST_OF_WORLD, EU_UNSPECIFIED):
                plain = float(direct[code][0])
                hidden_draws = makers_drawn[code][0] - direct_drawn[code][0]
                low, high = interval(hidden_draws, float(value) - plain, -1.0, 1.0)
                yield ScoreRow(
                    "hidden_dependency",
                    product,
                    stage,
                    basis,
                    float(value) - plain,
                    low,
                    high,
                    DATA_AND_LANES,
                    code,
                    scope=region,
                    end_product=end_product,
                )
        hhi = _hhi(makers)
        low, high = interval(_hhi(makers_drawn), float(hhi), 0.0, HHI_SCALE)
        yield ScoreRow(
            "look_through_hhi",
            product,
            stage,
            basis,
            float(hhi),
            low,
            high,
            DATA_AND_LANES,
            scope=region,
            end_product=end_product,
        )
    yield from _pass_through(drawn, end_product, used, region, stages, drawn_made, frozenset(cut))


def _hhi(makers: dict[str, tuple[Array, bool]]) -> Array:
    return np.asarray(HHI_SCALE * sum(np.square(share) for share, counts in makers.values() if counts))


def _direct(
    drawn: NetworkDraws, product: str, region: str
) -> tuple[dict[str, tuple[Array, bool]] | None, dict[str, tuple[Array, bool]] | None]:
    """Direct sourcing shares of the region with draws, where trade tells them."""
    network = drawn.network
    flows = network.products[product]
    used = np.where(network.places.of_region(region), flows.demand, 0.0)
    if flows.evidence != "trade" or used.sum() <= 0.0:
        return None, None
    volumes, draws = flows.mix @ used, direct_draws(drawn, product, used)
    return (
        shares_by_maker(network.places, volumes / volumes.sum(), region),
        shares_by_maker(network.places, draws / draws.sum(axis=0), region),
    )


def _pass_through(
    drawn: NetworkDraws,
    end_product: str,
    used: Mapping[str, Array],
    region: str,
    stages: Mapping[str, str],
    whole: Mapping[str, Array],
    cut: frozenset[str],
) -> Iterator[ScoreRow]:
    """Per root material, the countries through which most of it goes."""
    network = drawn.network
    inside = network.places.of_region(region)
    reached = look_through(network, used).made
    roots = [product for product in reached if not network.chain.inputs[product] and product not in cut]
    if not roots:
        return
    touching = np.sum([volume > 0.0 for volume in reached.values()], axis=0) > 0
    candidates = [
        code
        for position, code in enumerate(network.places.codes)
        if touching[position] and not inside[position] and code not in (REST_OF_WORLD, EU_UNSPECIFIED)
    ]
    found = pass_through(network, used, candidates)
    weight = {code: max(found[code][root] for root in roots) for code in candidates}
    for code in sorted(candidates, key=lambda name: (-weight[name], name))[:_MOST_COUNTRIES]:
        if weight[code] < _SMALLEST_PASS_THROUGH:
            break
        left = look_through_draws(drawn, used, network.places.index[code])
        for root in roots:
            value = found[code][root]
            if value < _SMALLEST_PASS_THROUGH:
                continue
            kept = left[root].sum(axis=0) if root in left else np.zeros(drawn.draws)
            low, high = interval(1.0 - kept / whole[root].sum(axis=0), value, 0.0, 1.0)
            yield ScoreRow(
                "pass_through",
                root,
                stages[root],
                basis_of_flows(network.products[root]),
                value,
                low,
                high,
                DATA_AND_LANES,
                code,
                scope=region,
                end_product=end_product,
            )
