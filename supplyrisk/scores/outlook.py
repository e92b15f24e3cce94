"""Scores of a later year: the centre of the outlook, and the range over its cases and home preferences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from supplyrisk.network.look_through import cut_off, look_through, used_in
from supplyrisk.network.model import Network
from supplyrisk.network.use import uses_nothing
from supplyrisk.scores.sourcing import (
    NOTHING_USED,
    PLACE_OF_USE_UNKNOWN,
    SMALLEST_LISTED_SHARE,
    largest_makers,
    shares_by_maker,
)
from supplyrisk.scores.table import Basis, ScoreRow
from supplyrisk.scores.value_share import NetworkRange

Array = NDArray[np.float64]

OUTLOOK_CASES = "outlook_cases"


def outlook_scores(
    networks: NetworkRange, end_product: str, products: tuple[str, ...], region: str, stages: Mapping[str, str]
) -> Iterator[ScoreRow]:
    """Look-through shares and import dependence behind the use of end products in a region, in a later year.

    Low and high are the smallest and largest result over the cases and bounds of ``networks``; the value is that of the
    central case at the calibrated home preference. The low end of import dependence takes all that makers without a
    name supply as the region's own, as in the base year. Products whose place of use is not known are missing with a
    reason; what a gap cuts off from an end product has no look-through shares (the value added is missing with that
    reason).
    """
    everyone = (networks.centre, *networks.bounds)
    looked = [look_through(network, used_in(network, products, region)) for network in everyone]
    cut = cut_off(networks.centre, products)
    for product in looked[0].made:
        flows = networks.centre.products[product]
        basis = Basis(networks.centre.year, flows.edition, "D", flows.input_row_ids)
        if product not in products and product not in cut:
            makers = [
                shares_by_maker(networks.centre.places, one.shares(product), region)
                for one in looked
                if product in one.made
            ]
            for code, _, _ in largest_makers(makers[0], SMALLEST_LISTED_SHARE):
                shares = [float(one[code][0]) for one in makers]
                yield _row(networks, "look_through_share", product, stages, basis, shares, region, code, end_product)
        yield _import_dependence(networks, product, stages, basis, region)


def _import_dependence(
    networks: NetworkRange, product: str, stages: Mapping[str, str], basis: Basis, region: str
) -> ScoreRow:
    flows = networks.centre.products[product]
    inside = networks.centre.places.of_region(region)
    reason = None if flows.use_place_known else PLACE_OF_USE_UNKNOWN
    if reason is None and uses_nothing(flows, inside):
        reason = NOTHING_USED
    if reason is not None:
        return ScoreRow(
            "import_dependence",
            product,
            stages[product],
            basis,
            None,
            missing_reason=reason,
            scope=region,
            scenario=networks.scenario,
        )
    values = [_dependence(network, product, inside) for network in (networks.centre, *networks.bounds)]
    named = [_named_outside(network, product, region) for network in (networks.centre, *networks.bounds)]
    row = _row(networks, "import_dependence", product, stages, basis, values, region, None, None)
    return replace(row, low=min(*values, *named))


def _dependence(network: Network, product: str, inside: NDArray[np.bool_]) -> float:
    used = network.products[product].flows[:, inside]
    total = float(used.sum())
    return 1.0 - float(used[inside].sum()) / total if total > 0.0 else 0.0


def _named_outside(network: Network, product: str, region: str) -> float:
    """Part of use that named countries outside supply: makers without a name may be the region's own."""
    places = network.places
    inside = places.of_region(region)
    used = network.products[product].flows[:, inside]
    total = float(used.sum())
    named = ~inside & ~places.unnamed_outside(region)
    return float(used[named].sum()) / total if total > 0.0 else 0.0


def _row(
    networks: NetworkRange,
    metric: str,
    product: str,
    stages: Mapping[str, str],
    basis: Basis,
    values: list[float],
    region: str,
    country: str | None,
    end_product: str | None,
) -> ScoreRow:
    return ScoreRow(
        metric,
        product,
        stages[product],
        basis,
        values[0],
        min(values),
        max(values),
        OUTLOOK_CASES,
        country,
        scope=region,
        end_product=end_product,
        scenario=networks.scenario,
    )
