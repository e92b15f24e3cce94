"""How large what a measure asks for is against the market, as the prices that it would move are not modelled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from supplyrisk.foundation.units import MONTHS_PER_YEAR
from supplyrisk.mitigation.apply import Quantity
from supplyrisk.mitigation.in_place import InPlace

MARKET = {
    "measure": pl.String, "product_id": pl.String, "what": pl.String, "unit": pl.String,
    "quantity_per_year": pl.Float64, "world_per_year": pl.Float64, "share_of_world": pl.Float64,
    "growth_of_sellers": pl.Float64,
}  # fmt: skip
HELD, MOVED = "held", "moved"


def market(place: InPlace) -> pl.DataFrame:
    """What each measure alone buys for a stock (over its ramp, a year at least) or moves, in ``MARKET``.

    ``share_of_world``: of world output in the base year. ``growth_of_sellers``, of what moves: what makers that gain
    make more, over what they made; nothing where all of them made nothing before.
    """
    base = place.base
    made = MONTHS_PER_YEAR * base.graph.node_base
    world = np.bincount(base.node_product, made, len(base.products))
    rows = []
    for name, measure in place.by_name.items():
        own = place.alone(name)
        years = max(1.0, measure.file.ramp_months / MONTHS_PER_YEAR)
        after = MONTHS_PER_YEAR * own.named.graph.node_base
        for what, items in ((HELD, own.held), (MOVED, own.moved)):
            for product, quantity in _summed(items).items():
                number = base.products.index(product)
                a_year = quantity / years if what == HELD else quantity
                total = float(world[number])
                gain = np.flatnonzero((base.node_product == number) & (after > made))
                before = float(made[gain].sum())
                growth = float((after - made)[gain].sum()) / before if what == MOVED and before > 0.0 else None
                share = a_year / total if total > 0.0 else None
                rows.append((name, product, what, base.unit[product], a_year, total, share, growth))
    return pl.DataFrame(rows, schema=MARKET, orient="row").sort(
        "share_of_world", "measure", "product_id", descending=[True, False, False], nulls_last=True
    )


def _summed(items: Sequence[Quantity]) -> dict[str, float]:
    found: dict[str, float] = {}
    for item in items:
        found[item.product] = found.get(item.product, 0.0) + item.quantity
    return found
