"""Choke points: every country taken out in turn, with a planner and without coordination."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.disruption.assumptions import SourcedAssumption
from supplyrisk.disruption.engine import simulate
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.parametrise import with_assumptions
from supplyrisk.disruption.planner import Planner, Removal
from supplyrisk.disruption.planner_model import PlannerLimits, planner_model
from supplyrisk.disruption.shocks import Hit, Shock, shock_table
from supplyrisk.disruption.supply_graph import NOBODY, Floats
from supplyrisk.disruption.value import unit_values
from supplyrisk.foundation.units import MONTHS_PER_YEAR
from supplyrisk.network.places import NO_COUNTRY
from supplyrisk.runs.disruption_run import DisruptionModel
from supplyrisk.runs.network_run import latest_values

_MONTHS_AT_MOST = 36.0
Exposed = Literal["yes", "depends", "no"]
_DETAILED = 25
"""Countries worked out in detail: those whose falling away costs the region most without coordination."""

SINGLE = {
    "region": pl.String, "country": pl.String, "loss": pl.Float64, "focus_low": pl.Float64, "focus_high": pl.Float64,
    "focus_first": pl.Float64, "uncoordinated_loss": pl.Float64, "uncoordinated_focus": pl.Float64,
    "months_to_survive": pl.Float64, "months_to_recover": pl.Float64, "months_to_recover_low": pl.Float64,
    "months_to_recover_high": pl.Float64, "exposed": pl.String, "in_detail": pl.Boolean,
    "hardest_product": pl.String, "hardest_share": pl.Float64,
}  # fmt: skip
PAIRS = {
    "region": pl.String, "country": pl.String, "other": pl.String, "loss": pl.Float64, "beyond_singles": pl.Float64,
}  # fmt: skip
CAPACITY = {
    "product_id": pl.String, "country": pl.String, "unit": pl.String, "output_per_year": pl.Float64,
    "value_per_unit": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class ChokePoints:
    """Countries as choke points of a focus region.

    ``single``: a row a country. Losses are EUR a year of priced final use over the window: ``loss`` of the world at
    least (planner), ``focus_low``/``focus_high`` the region's among the best plans, ``focus_first`` if it comes first;
    ``uncoordinated_*`` by propagation with rationing in proportion. ``months_to_survive``: without any loss of the
    region (null in detail: longer than three years); ``exposed``: whether that is less than recovery takes. Ranges and
    months are worked out ``in_detail`` for the countries that cost the region most without coordination, and null for
    the rest. ``hardest_product``: of which the region
    loses the largest share (place of use known). ``pairs``: two countries at once. ``capacity``: what one more unit of
    capacity would save without the worst country, EUR per unit. ``unpriced``: products used at the end without a price
    or a known place of use.
    """

    region: str
    window_months: float
    single: pl.DataFrame
    pairs: pl.DataFrame
    capacity: pl.DataFrame
    unpriced: tuple[str, ...]


def choke_points(
    model: DisruptionModel, region: str, countries: Sequence[str] = (), most_pairs: int = 8
) -> ChokePoints:
    """Every country (or those named) out in turn for the window assumed; pairs of the worst ``most_pairs``."""
    named = with_assumptions(model.base, model.assumptions)
    assumed = model.assumptions.planner
    window = assumed.window_months.value
    graph = named.graph
    final = np.flatnonzero(graph.slot_node == NOBODY)
    focus = named.places.of_region(region)[named.pool_place[graph.slot_pool[final]]]
    weight, unpriced = _weights(model, named, final)
    limits = PlannerLimits(window, assumed.new_lane_share.value)
    planner = Planner(planner_model(graph, named.node_product, named.pool_product, weight, limits), window, focus)
    taken = {
        code: np.flatnonzero(named.node_place == position)
        for position, code in enumerate(named.places.codes)
        if code not in NO_COUNTRY and (not countries or code in countries)
    }
    taken = {code: nodes for code, nodes in taken.items() if len(nodes) > 0}
    uncoordinated = _uncoordinated(named, taken, window, weight)
    of_focus = uncoordinated[:, focus].sum(axis=1)
    detailed = set(np.argsort(-of_focus, kind="stable")[:_DETAILED].tolist())
    rows = []
    for number, (code, nodes) in enumerate(taken.items()):
        detail = number in detailed
        found = planner.removal(nodes.tolist(), ranges=detail)
        survive = planner.months_to_survive(nodes.tolist(), _MONTHS_AT_MOST) if detail else np.nan
        product, share = _hardest(named, final, focus, found)
        rows.append(
            {
                "region": region,
                "country": code,
                "loss": MONTHS_PER_YEAR * found.loss,
                "focus_low": MONTHS_PER_YEAR * found.focus_low if detail else None,
                "focus_high": MONTHS_PER_YEAR * found.focus_high if detail else None,
                "focus_first": MONTHS_PER_YEAR * found.focus_first if detail else None,
                "uncoordinated_loss": MONTHS_PER_YEAR * float(uncoordinated[number].sum()),
                "uncoordinated_focus": MONTHS_PER_YEAR * float(of_focus[number]),
                "months_to_survive": survive if np.isfinite(survive) else None,
                "months_to_recover": assumed.recover_months.value,
                "months_to_recover_low": assumed.recover_months.low,
                "months_to_recover_high": assumed.recover_months.high,
                "exposed": exposed(survive, assumed.recover_months) if detail else None,
                "in_detail": detail,
                "hardest_product": product,
                "hardest_share": share,
            }
        )
    single = pl.DataFrame(rows, schema=SINGLE).sort(
        "uncoordinated_focus", "loss", "country", descending=[True, True, False]
    )
    return ChokePoints(
        region=region,
        window_months=window,
        single=single,
        pairs=_pairs(planner, region, taken, single, most_pairs),
        capacity=_capacity(planner, named, taken, single),
        unpriced=unpriced,
    )


def exposed(months_to_survive: float, recover_months: SourcedAssumption) -> Exposed:
    """Whether a region survives for less time than recovery takes, over the whole range of what recovery may take.

    yes below its low end, no from its high end on, between them it depends on which of them comes true.
    """
    if months_to_survive < recover_months.low:
        return "yes"
    return "no" if months_to_survive >= recover_months.high else "depends"


def _weights(model: DisruptionModel, named: NamedGraph, final: NDArray[np.int64]) -> tuple[Floats, tuple[str, ...]]:
    """EUR per unit of final use by slot.

    Products without a price, or without a known place of use (their users stand at the makers, so that whoever falls
    away would take them along), weigh nothing: they are served last and are in no sum. They are named.
    """
    values = latest_values(model.package.frames["value_added"])
    worth = unit_values(model.chain, dict(values.select("product_id", "value").iter_rows()))
    product = named.pool_product[named.graph.slot_pool[final]]
    demand = named.graph.slot_demand[final]
    world = np.bincount(product, demand, len(named.products))
    told = [named.can_tell(number) for number in range(len(named.products))]
    priced = np.array(
        [worth.get(name, 0.0) if known else 0.0 for name, known in zip(named.products, told, strict=True)]
    )
    unpriced = tuple(
        name for number, name in enumerate(named.products) if world[number] > 0.0 and priced[number] == 0.0
    )
    return priced[product], unpriced


def _uncoordinated(named: NamedGraph, taken: dict[str, NDArray[np.int64]], window: float, weight: Floats) -> Floats:
    """Value a month lost by final slot when makers of a country are gone and nobody coordinates (countries × slots)."""
    months = round(window)
    draws = [[Shock(Hit.CAPACITY, tuple(int(node) for node in nodes), 0, months, 1.0)] for nodes in taken.values()]
    lost = simulate(named.graph, shock_table(draws), months, named.rules)
    return np.asarray(lost * weight / months)


def _hardest(
    named: NamedGraph, final: NDArray[np.int64], focus: NDArray[np.bool_], found: Removal
) -> tuple[str | None, float | None]:
    product = named.pool_product[named.graph.slot_pool[final]]
    demand = np.bincount(product[focus], named.graph.slot_demand[final][focus], len(named.products))
    lost = np.bincount(product[focus], found.lost[focus], len(named.products))
    share = np.divide(lost, demand, out=np.zeros_like(lost), where=demand > 0.0)
    share[[number for number in range(len(named.products)) if not named.can_tell(number)]] = 0.0
    worst = int(np.argmax(share))
    return (named.products[worst], float(share[worst])) if share[worst] > 0.005 else (None, None)


def _pairs(
    planner: Planner, region: str, taken: dict[str, NDArray[np.int64]], single: pl.DataFrame, most: int
) -> pl.DataFrame:
    """Least loss of the world when two countries are gone, for pairs of the worst single ones."""
    alone = dict(
        single.sort("loss", "country", descending=[True, False]).head(most).select("country", "loss").iter_rows()
    )
    rows = []
    for one, other in combinations(sorted(alone), 2):
        both = MONTHS_PER_YEAR * planner.removal([*taken[one].tolist(), *taken[other].tolist()], ranges=False).loss
        rows.append(
            {
                "region": region,
                "country": one,
                "other": other,
                "loss": both,
                "beyond_singles": both - alone[one] - alone[other],
            }
        )
    return pl.DataFrame(rows, schema=PAIRS).sort("loss", "country", "other", descending=[True, False, False])


def _capacity(
    planner: Planner, named: NamedGraph, taken: dict[str, NDArray[np.int64]], single: pl.DataFrame
) -> pl.DataFrame:
    """Where one more unit of capacity would save most, without the country whose loss is largest."""
    if single.is_empty():
        return pl.DataFrame(schema=CAPACITY)
    worst = single.sort("loss", "country", descending=[True, False])["country"][0]
    values = planner.capacity_values(taken[worst].tolist())
    values[taken[worst]] = 0.0
    rows = [
        {
            "product_id": named.products[named.node_product[node]],
            "country": named.places.codes[named.node_place[node]],
            "unit": named.unit[named.products[named.node_product[node]]],
            "output_per_year": MONTHS_PER_YEAR * float(named.graph.node_base[node]),
            "value_per_unit": float(values[node]),
        }
        for node in np.flatnonzero(values > 0.0)
    ]
    found = pl.DataFrame(rows, schema=CAPACITY)
    worth = pl.col("value_per_unit") * pl.col("output_per_year")
    return found.sort(worth, "product_id", "country", descending=[True, False, False])
