"""How large what a measure asks for is against the market, as the prices that it would move are not modelled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from supplyrisk.disruption.supply_graph import Floats
from supplyrisk.foundation.units import MONTHS_PER_YEAR
from supplyrisk.mitigation.apply import Quantity
from supplyrisk.mitigation.in_place import InPlace
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.specification import Substitution

MARKET = {
    "measure": pl.String, "product_id": pl.String, "what": pl.String, "unit": pl.String,
    "quantity_per_year": pl.Float64, "world_per_year": pl.Float64, "share_of_world": pl.Float64,
    "growth_of_sellers": pl.Float64, "growing_place": pl.String, "made_before_per_year": pl.Float64,
    "made_after_per_year": pl.Float64,
}  # fmt: skip
HELD, MOVED, RECEIVED = "held", "moved", "received"
_LEAST_PART_OF_GAIN = 0.1
"""Part of what makers gain together from which the growth of one place is told: a small maker soon grows a lot."""
_NO_GROWTH = (None, None, None, None)


def market(place: InPlace) -> pl.DataFrame:
    """What each measure alone buys for a stock (over its ramp, a year at least), moves, or lets replace, in ``MARKET``.

    ``received``: of a product that replaces another, what its makers make more together. ``share_of_world``: of world
    output in the base year. ``growth_of_sellers``, of what moves and what is received: the largest growth of the makers
    of one place (``growing_place``), of those with a tenth or more of what makers gain together; nothing where none of
    these made anything before.
    """
    base = place.base
    made = MONTHS_PER_YEAR * base.graph.node_base
    world = np.bincount(base.node_product, made, len(base.products))
    rows = []
    for name, measure in place.by_name.items():
        own = place.alone(name)
        years = max(1.0, measure.file.ramp_months / MONTHS_PER_YEAR)
        after = MONTHS_PER_YEAR * own.named.graph.node_base
        asked = [(product, HELD, quantity / years) for product, quantity in _summed(own.held).items()]
        asked += [(product, MOVED, quantity) for product, quantity in _summed(own.moved).items()]
        gained = {product: _of_product(place, product, np.maximum(after - made, 0.0)) for product in _received(measure)}
        asked += [(product, RECEIVED, float(more.sum())) for product, more in gained.items() if more.any()]
        for product, what, a_year in asked:
            total = float(world[base.products.index(product)])
            share = a_year / total if total > 0.0 else None
            growth = _NO_GROWTH if what == HELD else _largest_growth(place, product, made, after)
            rows.append((name, product, what, base.unit[product], a_year, total, share, *growth))
    return pl.DataFrame(rows, schema=MARKET, orient="row").sort(
        "share_of_world", "measure", "product_id", descending=[True, False, False], nulls_last=True
    )


def _received(measure: Measure) -> Iterator[str]:
    """Products that replace others."""
    to = (change.to_product for change in measure.file.changes if isinstance(change, Substitution))
    yield from dict.fromkeys(to)


def _largest_growth(
    place: InPlace, product: str, made: Floats, after: Floats
) -> tuple[float | None, str | None, float | None, float | None]:
    """Growth of the makers of the place that grow most, its code, and what they made before and make after."""
    before, then = (_of_product(place, product, each) for each in (made, after))
    gain = np.maximum(then - before, 0.0)
    told = np.flatnonzero((before > 0.0) & (gain > 0.0) & (gain >= _LEAST_PART_OF_GAIN * gain.sum()))
    if not len(told):
        return _NO_GROWTH
    most = told[np.argmax(gain[told] / before[told])]
    growth = float(gain[most] / before[most])
    return growth, place.base.places.codes[most], float(before[most]), float(then[most])


def _of_product(place: InPlace, product: str, of_nodes: Floats) -> Floats:
    """By place, what its makers of a product add up to, without new ones that a measure brings itself."""
    base = place.base
    is_maker = np.asarray(base.node_product == base.products.index(product))
    is_maker[list(base.standalone.values())] = False
    nodes = np.flatnonzero(is_maker)
    return np.bincount(base.node_place[nodes], of_nodes[nodes], len(base.places.codes)).astype(np.float64)


def _summed(items: Sequence[Quantity]) -> dict[str, float]:
    found: dict[str, float] = {}
    for item in items:
        found[item.product] = found.get(item.product, 0.0) + item.quantity
    return found
