"""The network as a graph: nodes are a product made at a place, edges what it delivers to a maker or a use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from supplyrisk.network.model import Network, ProductFlows

if TYPE_CHECKING:
    import networkx

FINAL_DEMAND, OTHER_USES = "final_demand", "other_uses"


class Tier(NamedTuple):
    """Where a product stands in its chain: stage, and tier counted from the mine (1)."""

    stage: str
    tier: int


EDGE_SCHEMA = {
    "source": pl.String,
    "target": pl.String,
    "product_id": pl.String,
    "supplier": pl.String,
    "user": pl.String,
    "used_for": pl.String,
    "quantity": pl.Float64,
    "unit": pl.String,
    "share_of_user": pl.Float64,
    "evidence": pl.String,
}


def edges(network: Network) -> pl.DataFrame:
    """What each maker delivers: source and target node, lane, use, quantity, share of the user, what the lane rests on.

    A lane T_p[i, j] is split over the uses of p at j (makers of other products, final demand, other uses) in proportion
    to their amounts; the quantities of the edges of a lane (unit of p) add up to it. ``share_of_user`` = T_p[i, j] over
    all of p used at j. Nodes are named ``product@place``, those of a use ``final_demand:product@place``.
    """
    parts = [_edges_of(network, flows) for flows in network.products.values()]
    return pl.concat(parts).sort("source", "target") if parts else pl.DataFrame(schema=EDGE_SCHEMA)


def _edges_of(network: Network, flows: ProductFlows) -> pl.DataFrame:
    codes, product = network.places.codes, flows.product_id
    uses = {**flows.needs, FINAL_DEMAND: flows.final_demand, OTHER_USES: flows.other_uses}
    total = np.sum(list(uses.values()), axis=0)
    records = []
    for use, amounts in uses.items():
        part = np.divide(amounts, total, out=np.zeros_like(total), where=total > 0.0)
        for i, j in zip(*np.nonzero(flows.flows * part[None, :]), strict=True):
            target = f"{use}@{codes[j]}" if use in flows.needs else f"{use}:{product}@{codes[j]}"
            records.append(
                (
                    f"{product}@{codes[i]}",
                    target,
                    product,
                    codes[i],
                    codes[j],
                    use,
                    float(flows.flows[i, j] * part[j]),
                    flows.unit,
                    float(flows.mix[i, j]),
                    flows.evidence,
                )
            )
    return pl.DataFrame(records, schema=EDGE_SCHEMA, orient="row")


def nodes(network: Network, tiers: Mapping[str, Tier]) -> pl.DataFrame:
    """Makers and uses, a row a node: name, kind, product, place, stage, tier, whether in the EU, quantity and unit.

    ``kind``: maker, final_demand or other_uses; ``quantity`` is output, or what is used there (unit of the product).
    """
    codes, inside = network.places.codes, network.places.in_eu
    records = []
    for product, flows in network.products.items():
        for kind, amounts in (
            ("maker", flows.supply),
            (FINAL_DEMAND, flows.final_demand),
            (OTHER_USES, flows.other_uses),
        ):
            for i in np.flatnonzero(amounts):
                name = f"{product}@{codes[i]}" if kind == "maker" else f"{kind}:{product}@{codes[i]}"
                place = (codes[i], *tiers[product], bool(inside[i]))
                records.append((name, kind, product, *place, float(amounts[i]), flows.unit))
    schema = {
        "node": pl.String,
        "kind": pl.String,
        "product_id": pl.String,
        "place": pl.String,
        "stage": pl.String,
        "tier": pl.Int64,
        "in_eu": pl.Boolean,
        "quantity": pl.Float64,
        "unit": pl.String,
    }
    return pl.DataFrame(records, schema=schema, orient="row").sort("node")


def to_networkx(network: Network, tiers: Mapping[str, Tier]) -> networkx.DiGraph[Any]:
    """``nodes`` and ``edges`` as a networkx DiGraph, attributes by column name."""
    import networkx as nx

    graph: networkx.DiGraph[Any] = nx.DiGraph(year=network.year, home_preference=network.home_preference)
    for row in nodes(network, tiers).iter_rows(named=True):
        graph.add_node(row.pop("node"), **row)
    for row in edges(network).iter_rows(named=True):
        graph.add_edge(row.pop("source"), row.pop("target"), **row)
    return graph
