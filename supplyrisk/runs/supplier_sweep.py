"""The largest maker of every product out in turn (N-1), month by month through the network."""

from __future__ import annotations

import numpy as np
import polars as pl

from supplyrisk.disruption.engine import final_slots, simulate
from supplyrisk.disruption.final_use import lost_days
from supplyrisk.disruption.parametrise import with_assumptions
from supplyrisk.disruption.shocks import Hit, Shock, shock_table
from supplyrisk.network.places import NO_COUNTRY
from supplyrisk.runs.disruption_run import DisruptionModel

SWEEP = {
    "region": pl.String, "product_id": pl.String, "country": pl.String, "share_of_output": pl.Float64,
    "months": pl.Int64, "hardest_product": pl.String, "lost_days": pl.Float64,
}  # fmt: skip
_HORIZON = 36
_SHOWN_DAYS = 0.05


def supplier_sweep(model: DisruptionModel) -> pl.DataFrame:
    """What each focus region loses when the largest named maker of a product makes nothing for the window assumed.

    A row a region and product: the country, its share of output at rest, and the final product of which the region
    loses most days of use within three years (null where none loses a twentieth of a day; place of use known). The
    rest of the world and an EU member that is not named are no single maker and are passed over.
    """
    named = with_assumptions(model.base, model.assumptions)
    graph = named.graph
    months = round(model.assumptions.planner.window_months.value)
    unnamed = {named.places.index[code] for code in NO_COUNTRY}
    taken: list[tuple[str, str, float]] = []
    draws = []
    for number, product in enumerate(named.products):
        nodes = np.flatnonzero(named.node_product == number)
        single = [node for node in nodes if int(named.node_place[node]) not in unnamed]
        if single:
            largest = max(single, key=lambda node: (float(graph.node_base[node]), -node))
            share = float(graph.node_base[largest] / graph.node_base[nodes].sum())
            taken.append((product, named.places.codes[named.node_place[largest]], share))
            draws.append([Shock(Hit.CAPACITY, (int(largest),), 0, months, 1.0)])
    lost = simulate(graph, shock_table(draws), _HORIZON, named.rules)
    rows = []
    for region in model.focus:
        places = named.places.of_region(region)
        for (product, country, share), losses in zip(taken, lost, strict=True):
            unserved = np.zeros(graph.slots)
            unserved[final_slots(graph)] = losses
            days = lost_days(named, unserved, places)
            worst = int(np.argmax(days))
            rows.append(
                {
                    "region": region,
                    "product_id": product,
                    "country": country,
                    "share_of_output": share,
                    "months": months,
                    "hardest_product": named.products[worst] if days[worst] >= _SHOWN_DAYS else None,
                    "lost_days": float(days[worst]) if days[worst] >= _SHOWN_DAYS else None,
                }
            )
    return pl.DataFrame(rows, schema=SWEEP).sort(
        "region", "lost_days", "product_id", descending=[False, True, False], nulls_last=True
    )
