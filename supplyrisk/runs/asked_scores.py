"""Which groups of scores a question needs: nothing else is worked out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from supplyrisk.chain import Chain
from supplyrisk.scores.dependency_scores import FLAG_METRICS
from supplyrisk.scores.headline_index import HEADLINE
from supplyrisk.scores.metrics import (
    BY_STAGE_METRICS,
    LIVE_METRICS,
    MATERIAL_METRICS,
    METRICS,
    NETWORK_METRICS,
    OFFICIAL_METRICS,
)
from supplyrisk.scores.reserves import RESERVE_METRICS
from supplyrisk.scores.trade_dependency import LIMITS
from supplyrisk.scores.trend import FORECAST, TREND
from supplyrisk.scores.world import WORLD_METRICS

SERIES = frozenset({"hhi_series"})
TRENDS = frozenset({TREND, FORECAST})
BY_PRODUCTS = frozenset({"by_product_share"})
WORLD, RESERVES = frozenset(WORLD_METRICS), frozenset(RESERVE_METRICS)
TRADE = frozenset({*LIMITS, *FLAG_METRICS.values()})
NETWORK, LIVE, OFFICIAL = frozenset(NETWORK_METRICS), frozenset(LIVE_METRICS), frozenset(OFFICIAL_METRICS)
STAGE_CAPACITY = frozenset(BY_STAGE_METRICS)
"""The part of ``NETWORK`` that is of a stage."""
HEADLINE_INDEX = frozenset({HEADLINE})
OF_OUTLOOK = frozenset({"import_dependence", "look_through_share", "value_added_share", "value_added_share_made"})
"""Scores that also stand for the outlook year, or between the bounds of the home preference."""

GROUPS = (SERIES, TRENDS, BY_PRODUCTS, WORLD, RESERVES, TRADE, NETWORK, LIVE, OFFICIAL, HEADLINE_INDEX)
"""Scores that are worked out together; every score is in one of them."""


@dataclass(frozen=True)
class AskedScores:
    """The scores asked for by name, and the products; none of either: all."""

    metrics: frozenset[str]
    products: frozenset[str] = frozenset()

    def includes(self, group: Collection[str]) -> bool:
        """Whether any score of a group is asked for."""
        return not self.metrics.isdisjoint(group)

    def needs_outlook(self, chain: Chain) -> bool:
        """Whether one of the scores of the outlook or of the bounds is asked for, of a product that can have one."""
        inside = {name for pack in chain.bundle for name in (pack, *chain.above(pack))}
        return self.includes(OF_OUTLOOK) and (not self.products or not self.products.isdisjoint(inside))


ALL_SCORES = AskedScores(frozenset(METRICS))


def asked_scores(
    metrics: Sequence[str], products: Sequence[str], materials: Sequence[str], parts: Sequence[str]
) -> AskedScores:
    """What a question by metric, product and material needs; ``parts``: scores that the headline index is made of.

    Ranks are over all products of a metric, so a product alone narrows little: only what no product has. Scores of
    materials are official and live ones, and what each stage alone gives.
    """
    if metrics:
        return AskedScores(frozenset(with_parts(metrics, parts)), frozenset(products))
    if materials:
        return AskedScores(frozenset(MATERIAL_METRICS))
    return AskedScores(frozenset(METRICS), frozenset(products))


def with_parts(metrics: Sequence[str], parts: Sequence[str]) -> list[str]:
    """Scores that are shown: the headline index never stands without its ``parts``."""
    return list(dict.fromkeys([*metrics, *(parts if HEADLINE in metrics else ())]))
