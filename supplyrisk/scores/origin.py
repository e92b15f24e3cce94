"""Ultimate origin behind an end product used in a region: look-through shares, hidden dependency, pass-through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplyrisk.network.draws import NetworkDraws
from supplyrisk.network.look_through import cut_off, look_through
from supplyrisk.network.pass_through import pass_through
from supplyrisk.network.places import EU_UNSPECIFIED, REST_OF_WORLD
from supplyrisk.network.reached import Reached, direct_draws, reached_by
from supplyrisk.network.use import uses_nothing
from supplyrisk.scores.concentration import HHI_SCALE
from supplyrisk.scores.intervals import interval
from supplyrisk.scores.sourcing import (
    DATA_AND_LANES,
    SMALLEST_LISTED_SHARE,
    basis_of_flows,
    largest_makers,
    makers_hhi,
    shares_by_maker,
)
from supplyrisk.scores.table import ScoreRow

Array = NDArray[np.float64]

CHAIN_CUT = "chain_cut"
"""Part of the chain between the product and the end product has no known output."""

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
    behind = _Behind(drawn, end_product, region, stages)
    network, places = drawn.network, drawn.network.places
    looked = look_through(network, used)
    reached = reached_by(drawn, used)
    drawn_made = reached.made()
    cut = cut_off(network, ends)
    for product in cut:
        if product in network.products:
            yield behind.missing("look_through_hhi", product)
            if not network.chain.inputs[product]:
                yield behind.missing("pass_through", product)
    for product in looked.made:
        if product in used or product in cut:
            continue
        primary = float(looked.shares(product).sum())
        makers = shares_by_maker(places, looked.shares(product), region)
        makers_drawn = shares_by_maker(places, primary * drawn_made[product] / drawn_made[product].sum(axis=0), region)
        direct, direct_drawn = _direct(drawn, product, region)
        for code, value, counts in largest_makers(makers, SMALLEST_LISTED_SHARE):
            draws = makers_drawn[code][0]
            yield behind.row("look_through_share", product, value, draws, country=code)
            if direct is not None and direct_drawn is not None and counts:
                hidden, hidden_draws = value - float(direct[code][0]), draws - direct_drawn[code][0]
                yield behind.row("hidden_dependency", product, hidden, hidden_draws, minimum=-1.0, country=code)
        hhi, hhi_draws = float(makers_hhi(makers)), makers_hhi(makers_drawn)
        yield behind.row("look_through_hhi", product, hhi, hhi_draws, maximum=HHI_SCALE)
    yield from _pass_through(behind, used, looked.made, reached, drawn_made, frozenset(cut))


@dataclass(frozen=True)
class _Behind:
    """Rows of one end product used in one region."""

    drawn: NetworkDraws
    end_product: str
    region: str
    stages: Mapping[str, str]

    def row(
        self,
        metric: str,
        product: str,
        value: float,
        draws: Array,
        minimum: float = 0.0,
        maximum: float = 1.0,
        country: str | None = None,
    ) -> ScoreRow:
        """A score with the 5 and 95 % quantiles of its centred draws."""
        low, high = interval(draws, value, minimum, maximum)
        return ScoreRow(
            metric,
            product,
            self.stages[product],
            basis_of_flows(self.drawn.network.products[product]),
            value,
            low,
            high,
            DATA_AND_LANES,
            country,
            scope=self.region,
            end_product=self.end_product,
        )

    def missing(self, metric: str, product: str) -> ScoreRow:
        """A score that a gap between the product and the end product leaves out."""
        return ScoreRow(
            metric,
            product,
            self.stages[product],
            basis_of_flows(self.drawn.network.products[product]),
            None,
            missing_reason=CHAIN_CUT,
            scope=self.region,
            end_product=self.end_product,
        )


def _direct(
    drawn: NetworkDraws, product: str, region: str
) -> tuple[dict[str, tuple[Array, bool]] | None, dict[str, tuple[Array, bool]] | None]:
    """Direct sourcing shares of the region with draws, where trade tells them."""
    network = drawn.network
    flows = network.products[product]
    inside = network.places.of_region(region)
    if flows.evidence != "trade" or uses_nothing(flows, inside):
        return None, None
    used = np.where(inside, flows.demand, 0.0)
    volumes, draws = flows.mix @ used, direct_draws(drawn, product, used)
    return (
        shares_by_maker(network.places, volumes / volumes.sum(), region),
        shares_by_maker(network.places, draws / draws.sum(axis=0), region),
    )


def _pass_through(
    behind: _Behind,
    used: Mapping[str, Array],
    made: Mapping[str, Array],
    reached: Reached,
    drawn_made: Mapping[str, Array],
    cut: frozenset[str],
) -> Iterator[ScoreRow]:
    """Per root material, the countries through which most of it goes; ``made``: volumes behind ``used``."""
    network = behind.drawn.network
    inside = network.places.of_region(behind.region)
    roots = [product for product in made if not network.chain.inputs[product] and product not in cut]
    if not roots:
        return
    touching = np.sum([volume > 0.0 for volume in made.values()], axis=0) > 0
    candidates = [
        code
        for position, code in enumerate(network.places.codes)
        if touching[position] and not inside[position] and code not in (REST_OF_WORLD, EU_UNSPECIFIED)
    ]
    found = pass_through(network, used, candidates)
    weight = {code: max(found[code][root] for root in roots) for code in candidates}
    first = sorted(candidates, key=lambda name: (-weight[name], name))[:_MOST_COUNTRIES]
    shown = [code for code in first if weight[code] >= _SMALLEST_PASS_THROUGH]
    left = reached.volume_left([network.places.index[code] for code in shown])
    whole = {root: drawn_made[root].sum(axis=0) for root in roots}
    for case, code in enumerate(shown):
        for root in roots:
            if found[code][root] >= _SMALLEST_PASS_THROUGH:
                passed = 1.0 - left[root][case] / whole[root]
                yield behind.row("pass_through", root, found[code][root], passed, country=code)
