"""European value added of batteries, between the bounds of what is not known about who supplies whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from supplyrisk.network.look_through import LookThrough, cut_off, look_through, made_in, used_in
from supplyrisk.network.model import Network
from supplyrisk.network.value_added import ValueAdded, value_added
from supplyrisk.scores.origin import CHAIN_CUT
from supplyrisk.scores.sourcing import NOTHING_USED, place_gap
from supplyrisk.scores.table import Basis, ScoreRow
from supplyrisk.scores.world import REGION_NOT_NAMED

Array = NDArray[np.float64]

PREFERENCE_BOUNDS = "home_preference_bounds"
NO_VALUE = "value_per_unit_missing"
NO_OUTPUT = "nothing_made_in_region"

USED, MADE = "value_added_share", "value_added_share_made"


@dataclass(frozen=True)
class NetworkRange:
    """Networks of the same year: the centre, and others between which the result is open.

    For the base year the two bounds of the home preference (0 and 1); for a later year those in every case.
    """

    centre: Network
    bounds: tuple[Network, ...]
    kind: str = PREFERENCE_BOUNDS
    scenario: str = "base"


def value_scores(
    networks: NetworkRange,
    end_product: str,
    products: tuple[str, ...],
    values: Mapping[str, float],
    value_row_ids: Sequence[str],
    region: str,
    stages: Mapping[str, str],
) -> Iterator[ScoreRow]:
    """Share of value made in the EU, of what ``region`` uses and of what it makes, as a whole and by stage.

    Low and high are the smallest and largest result over ``networks``: a range of what the data leave open, not a
    confidence interval. ``values``: EUR per unit. A stage's row is the part of that stage's value made in the EU.
    """
    basis = Basis(networks.centre.year, f"network_{networks.centre.year}", "D", tuple(value_row_ids))
    for metric in (USED, MADE):
        found = [
            _value(_looked(network, metric, products, region), network, values)
            for network in (networks.centre, *networks.bounds)
        ]
        results = [result for result in found if result is not None]
        reason = None if len(results) == len(found) else _missing(networks.centre, metric, products, region)
        if cut_off(networks.centre, products):
            reason = CHAIN_CUT
        if reason is not None:
            yield replace(_row(networks, metric, None, basis, [], region, end_product), missing_reason=reason)
            continue
        yield _row(networks, metric, None, basis, [result.share for result in results], region, end_product)
        for stage in dict.fromkeys(stages[product] for product in results[0].by_product):
            shares = [_stage_share(result, stage, stages) for result in results]
            yield _row(networks, metric, stage, basis, shares, region, end_product)


def _looked(network: Network, metric: str, products: tuple[str, ...], region: str) -> LookThrough | None:
    if metric == MADE:
        looked = made_in(network, products, region)
        return looked if looked.made else None
    start = used_in(network, products, region)
    return look_through(network, start) if start else None


def _missing(network: Network, metric: str, products: tuple[str, ...], region: str) -> str:
    """Why there is nothing whose value could be told."""
    flows = [network.products[product] for product in products if product in network.products]
    if metric == MADE:
        unnamed = any(network.places.is_unnamed(region, one.supply) for one in flows)
        return REGION_NOT_NAMED if unnamed else NO_OUTPUT
    unknown = [one.product_id for one in flows if not one.use_place_known]
    return place_gap(network, unknown[0]) if unknown else NOTHING_USED


def _value(looked: LookThrough | None, network: Network, values: Mapping[str, float]) -> ValueAdded | None:
    return None if looked is None else value_added(looked.made, values, network.places.in_eu)


def _stage_share(result: ValueAdded, stage: str, stages: Mapping[str, str]) -> float:
    parts = [pair for product, pair in result.by_product.items() if stages[product] == stage]
    total = sum(whole for whole, _ in parts)
    return sum(own for _, own in parts) / total if total > 0.0 else 0.0


def _row(
    networks: NetworkRange,
    metric: str,
    stage: str | None,
    basis: Basis,
    shares: Sequence[float],
    region: str,
    end_product: str,
) -> ScoreRow:
    """Centre first, then the ends; no shares: a missing score."""
    return ScoreRow(
        metric,
        None,
        stage,
        basis,
        shares[0] if shares else None,
        min(shares) if shares else None,
        max(shares) if shares else None,
        networks.kind if shares else "none",
        "EU27",
        scope=region,
        end_product=end_product,
        scenario=networks.scenario,
    )
