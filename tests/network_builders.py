"""A hand-made network of four tiers, small enough to follow with a pencil.

Packs: Germany makes 10 (8 used there, 2 in the Netherlands), China 4 (2 and 2). A pack holds one cell: German makers of
packs take 4 from Germany and 6 from China, Chinese ones 4 from China. A cell holds 2 of lithium chemicals: 8 go from
Chile to Germany, 15 from China and 5 from Chile to China. A unit of chemicals takes 1.5 of ore: Chile uses 19.5 of its
own, China 15 from Chile and 7.5 from makers that are not named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from supplyrisk.chain.graph import Chain, Recipe
from supplyrisk.chain.specification import ProductSpecification
from supplyrisk.network.draws import LaneDraws, NetworkDraws
from supplyrisk.network.model import Evidence, Network, ProductFlows
from supplyrisk.network.places import Places, places_of

Array = NDArray[np.float64]
Lanes = Mapping[tuple[str, str], float]

PACK, CELL, CHEMICALS, ORE = "battery_pack_lfp", "battery_cell_lfp", "lithium_chemicals", "lithium_mine"
STAGES: Mapping[str, str] = {PACK: "pack", CELL: "cell", CHEMICALS: "refining", ORE: "extraction"}
VALUES: Mapping[str, float] = {PACK: 10.0, CELL: 20.0, CHEMICALS: 5.0, ORE: 1.0}
PLACES = places_of({"CHL", "CHN"}, {"DEU", "NLD"})

_INPUTS = {PACK: (CELL,), CELL: (CHEMICALS,), CHEMICALS: (ORE,), ORE: ()}
_COEFFICIENTS = {(CELL, PACK): 1.0, (CHEMICALS, CELL): 2.0, (ORE, CHEMICALS): 1.5}
_LANES: Mapping[str, Lanes] = {
    PACK: {("DEU", "DEU"): 8.0, ("CHN", "DEU"): 2.0, ("DEU", "NLD"): 2.0, ("CHN", "NLD"): 2.0},
    CELL: {("DEU", "DEU"): 4.0, ("CHN", "DEU"): 6.0, ("CHN", "CHN"): 4.0},
    CHEMICALS: {("CHL", "DEU"): 8.0, ("CHN", "CHN"): 15.0, ("CHL", "CHN"): 5.0},
    ORE: {("CHL", "CHL"): 19.5, ("CHL", "CHN"): 15.0, ("ROW", "CHN"): 7.5},
}


def small_chain() -> Chain:
    """Ore → chemicals → cell → pack."""
    return Chain(
        products=(PACK, CELL, CHEMICALS, ORE),
        recipes=tuple(
            Recipe(part, whole, None, value, value, value, "t/t", "observed", "A", f"recipes.{part}.{whole}")
            for (part, whole), value in _COEFFICIENTS.items()
        ),
        specifications={
            product: ProductSpecification(inputs=inputs, surplus="other_uses") for product, inputs in _INPUTS.items()
        },
        chain_of=dict.fromkeys(_INPUTS, "battery"),
        final_products=(PACK,),
        groups=(),
        bundled="battery",
    )


def small_flows(product: str, places: Places = PLACES) -> ProductFlows:
    """The lanes of one product; packs are final demand, everything else is used up by the next tier."""
    flows = np.zeros((len(places.codes), len(places.codes)))
    for (supplier, place), quantity in _LANES[product].items():
        flows[places.index[supplier], places.index[place]] = quantity
    nothing, demand, supply = np.zeros(len(places.codes)), flows.sum(axis=0), flows.sum(axis=1)
    user = next((whole for (part, whole) in _COEFFICIENTS if part == product), None)
    evidence: Evidence = "trade" if product in (CHEMICALS, ORE) else "prior"
    return ProductFlows(
        product_id=product,
        unit="t",
        year=2024,
        edition="edition_a",
        published_supply=supply,
        supply=supply,
        needs={} if user is None else {user: demand},
        final_demand=demand if product == PACK else nothing,
        other_uses=nothing,
        statistical_surplus=0.0,
        remainder=0.0,
        shortage_factor=1.0,
        coefficients={} if user is None else {user: np.full(len(places.codes), _COEFFICIENTS[product, user])},
        secondary_share={},
        flows=flows,
        dispatch=None,
        evidence=evidence,
        use_place_known=True,
        moved_mass=0.0,
        residual=0.0,
        truncated_share=0.0,
        home_preference=None if evidence == "trade" else 0.5,
        trade_year=2024 if evidence == "trade" else None,
        trade_codes=(),
        trade_mended_tonnes=0.0,
        trade_weighed_tonnes=0.0,
        trade_dropped={},
        trade_dropped_share=0.0,
        re_export_share=0.0,
        input_row_ids=(),
    )


def small_network(without: str | None = None) -> Network:
    """The network, whole or with one product as a gap."""
    kept = [product for product in STAGES if product != without]
    return Network(
        chain=small_chain(),
        places=PLACES,
        products={product: small_flows(product) for product in kept},
        gaps={} if without is None else {without: "no_supply_known"},
        home_preference=0.5,
        year=2024,
    )


def one_product(supply: Mapping[str, float], demand: Mapping[str, float], lanes: Lanes | None = None) -> Network:
    """A network of one product, lanes as given or everyone buying the world mix."""
    places = places_of({*supply, *demand}, {"DEU", "NLD"})
    flows = np.outer(places.vector(supply), places.vector(demand)) / sum(supply.values())
    if lanes is not None:
        flows = np.zeros_like(flows)
        for (supplier, user), quantity in lanes.items():
            flows[places.index[supplier], places.index[user]] = quantity
    chain = Chain((ORE,), (), {ORE: ProductSpecification(surplus="other_uses")}, {ORE: "battery"}, (), (), "battery")
    product = replace(
        small_flows(ORE),
        flows=flows,
        supply=flows.sum(axis=1),
        published_supply=flows.sum(axis=1),
        needs={},
        coefficients={},
        other_uses=flows.sum(axis=0),
    )
    return Network(chain, places, {ORE: product}, {}, 0.5, 2024)


def still_draws(network: Network, draws: int = 20) -> NetworkDraws:
    """Draws that do not differ: every lane keeps its share."""
    lanes = {}
    for product, flows in network.products.items():
        suppliers, users = np.nonzero(flows.mix)
        shares = np.repeat(flows.mix[suppliers, users][:, None], draws, axis=1)
        lanes[product] = LaneDraws(suppliers, users, shares)
    return NetworkDraws(network, lanes, {}, draws)


def moved_draws(network: Network, seed: int = 1, draws: int = 200) -> NetworkDraws:
    """Draws whose lanes and recipes move by a known random number."""
    still, random = still_draws(network, draws), np.random.default_rng(seed)
    lanes = {}
    for product, drawn in still.lanes.items():
        shares = drawn.shares * np.exp(random.normal(0.0, 0.4, drawn.shares.shape))
        total = np.zeros((len(network.places.codes), draws))
        np.add.at(total, drawn.users, shares)
        lanes[product] = LaneDraws(drawn.suppliers, drawn.users, shares / total[drawn.users])
    factors = {pair: np.exp(random.normal(0.0, 0.1, draws)) for pair in _COEFFICIENTS}
    return NetworkDraws(network, lanes, factors, draws)
