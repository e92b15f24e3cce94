"""Building networks: from the end product to the mine needs are settled, then every product's lanes are found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.chain.graph import Chain
from supplyrisk.foundation.units import SHARES_OF_WORLD
from supplyrisk.network.assumptions import NetworkAssumptions
from supplyrisk.network.calibration import anchor_known, calibrate_home_preference
from supplyrisk.network.demand_rows import FinalDemand, final_demand
from supplyrisk.network.lanes import TradeView, balance_and_truncate, preference_ends, trade_prior, trade_view
from supplyrisk.network.model import (
    Evidence,
    Network,
    ProductFlows,
    primary_coefficients,
    recipe_coefficients,
)
from supplyrisk.network.needs import Settled, pool_small_users, primary_need, settle
from supplyrisk.network.places import Places
from supplyrisk.network.trade_content import ContentTrade

Array = NDArray[np.float64]

NO_SUPPLY, ONLY_SHARES = "no_supply_known", "only_shares_known"


@dataclass(frozen=True)
class SupplyRows:
    """Output of one product by code of the data, and the rows it comes from.

    ``log_widths``: standard deviation of the logarithm of each figure; ``row_of``: row id by code.
    """

    values: Mapping[str, float]
    log_widths: Mapping[str, float]
    row_of: Mapping[str, str]
    unit: str
    year: int
    edition: str

    @property
    def row_ids(self) -> tuple[str, ...]:
        """The rows, in the order of their ids."""
        return tuple(sorted(self.row_of.values()))


@dataclass(frozen=True)
class NetworkInputs:
    """Everything a network is made from.

    ``demand``: rows of final demand (product_id, iso3, value, row_id); ``trade`` by product where it can be used;
    ``home_preference``: a fixed value, or None to calibrate it to the anchor of the assumptions. ``base``: for a later
    year, the network whose lanes of traded products, places of other uses and input per unit carry over.
    ``partly_known_demand``: products without rows of demand because only part of them were public.
    """

    chain: Chain
    places: Places
    supply: Mapping[str, SupplyRows]
    demand: pl.DataFrame
    trade: Mapping[str, ContentTrade]
    assumptions: NetworkAssumptions
    year: int
    home_preference: float | None = None
    remove_re_exports: bool = True
    variant: str = "base"
    base: Network | None = None
    partly_known_demand: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Balanced:
    """One product with supply and demand settled, before lanes are known."""

    rows: SupplyRows
    published: Array
    view: TradeView | None
    settled: Settled
    needs: Mapping[str, Array]
    coefficients: Mapping[str, Array]
    secondary: Mapping[str, Array]
    final: FinalDemand | None

    @property
    def demand(self) -> Array:
        return self.settled.needs + self.settled.final_demand + self.settled.other_uses


def build_network(inputs: NetworkInputs) -> Network:
    """The network of ``inputs``, see ``build_networks``."""
    return build_networks(inputs, [inputs.home_preference])[0]


def build_networks(inputs: NetworkInputs, home_preferences: Sequence[float | None]) -> tuple[Network, ...]:
    """Networks of ``inputs`` that differ in the home preference alone (None: the calibrated one).

    Needs are settled once for all of them, and the lanes of products with trade, which do not depend on it, found once.
    Raises ``BalanceError`` (product and residual) when flows cannot meet supply and demand to 1e-9. Products without
    known output become gaps, and so do those of which only shares of world output are known where recipes would set
    them against quantities; what gaps would need is not asked of their suppliers.
    """
    balanced: dict[str, _Balanced] = {}
    gaps: dict[str, str] = {}
    for product in inputs.chain.products:
        rows = inputs.supply.get(product)
        if rows is None or sum(rows.values.values()) <= 0.0:
            gaps[product] = NO_SUPPLY
        elif rows.unit == SHARES_OF_WORLD and (inputs.chain.inputs[product] or inputs.chain.users[product]):
            gaps[product] = ONLY_SHARES
        else:
            balanced[product] = _settle_product(inputs, product, rows, balanced)
    found = [_calibrated(inputs, balanced) if wanted is None else wanted for wanted in home_preferences]
    flows = {product: _flows(inputs, product, part, found) for product, part in balanced.items()}
    return tuple(
        Network(
            inputs.chain,
            inputs.places,
            {product: each[position] for product, each in flows.items()},
            gaps,
            preference,
            inputs.year,
            inputs.variant,
            inputs.partly_known_demand,
        )
        for position, preference in enumerate(found)
    )


def _calibrated(inputs: NetworkInputs, balanced: Mapping[str, _Balanced]) -> float:
    return calibrate_home_preference(
        inputs.assumptions.home_preference,
        inputs.places,
        {product: (part.settled.supply, part.demand) for product, part in balanced.items()},
        {product: part.settled.final_demand for product, part in balanced.items()},
        {product: part.coefficients for product, part in balanced.items()},
        inputs.assumptions.home_preference.anchor.imported_share.value,
    )


def anchor_range(inputs: NetworkInputs, network: Network) -> tuple[float, float]:
    """Home preference at the high and at the low end of the anchor's import share; without it the reserve's range."""
    assumed = inputs.assumptions.home_preference
    final = {product: flows.final_demand for product, flows in network.products.items()}
    if not anchor_known(assumed, inputs.places, final):
        return assumed.reserve.low, assumed.reserve.high
    anchor = assumed.anchor.imported_share
    low, high = (
        calibrate_home_preference(
            assumed,
            inputs.places,
            {product: (flows.supply, flows.demand) for product, flows in network.products.items()},
            final,
            {product: flows.coefficients for product, flows in network.products.items()},
            imported,
        )
        for imported in (anchor.high, anchor.low)
    )
    return min(low, network.home_preference), max(high, network.home_preference)


def _settle_product(
    inputs: NetworkInputs, product: str, rows: SupplyRows, balanced: Mapping[str, _Balanced]
) -> _Balanced:
    places, specification = inputs.places, inputs.chain.specifications[product]
    published = places.vector(rows.values)
    trade = inputs.trade.get(product)
    view = None if trade is None else trade_view(places, published, trade.flows)
    apparent = None if view is None else view.apparent_use
    needs: dict[str, Array] = {}
    coefficients: dict[str, Array] = {}
    secondary: dict[str, Array] = {}
    for user in inputs.chain.users[product]:
        coefficient, share = _effective_coefficient(inputs, product, user, balanced.get(user), apparent)
        coefficients[user] = coefficient
        if share is not None:
            secondary[user] = share
        if user in balanced:
            needs[user] = coefficient * balanced[user].settled.supply
    demand_rows = inputs.demand.filter(pl.col("product_id") == product).select("iso3", "value", "row_id")
    need = np.sum(list(needs.values()), axis=0) if needs else np.zeros_like(published)
    final = final_demand(demand_rows, places, float(published.sum() - need.sum()), apparent)
    wanted = np.zeros_like(published) if final is None else final.by_place
    settled = settle(
        published,
        need,
        wanted,
        specification.surplus == "statistical",
        _other_use_weight(inputs, product, apparent, need + wanted),
    )
    settled = pool_small_users(settled, places, inputs.assumptions.smallest_user_share)
    return _Balanced(rows, published, view, settled, needs, coefficients, secondary, final)


def _other_use_weight(
    inputs: NetworkInputs, product: str, apparent_use: Array | None, accounted: Array
) -> Array | None:
    """Where other uses are: apparent use that nothing else accounts for, or as in the base year; None if unknown."""
    if apparent_use is not None:
        return np.maximum(apparent_use - accounted, 0.0)
    known = None if inputs.base is None else inputs.base.products.get(product)
    return known.other_uses if known is not None and known.use_place_known else None


def _effective_coefficient(
    inputs: NetworkInputs, product: str, user: str, made: _Balanced | None, apparent_use: Array | None
) -> tuple[Array, Array | None]:
    """Primary input per unit by place, and the share of secondary input where makers also use scrap."""
    known = None if inputs.base is None else inputs.base.products.get(product)
    if known is not None:
        return known.coefficients[user], known.secondary_share.get(user)
    recipe = recipe_coefficients(inputs.chain, inputs.places, product, user)
    secondary = inputs.chain.specifications[user].secondary
    if secondary is None or secondary.input != product:
        return recipe, None
    primary = primary_coefficients(inputs.chain, inputs.places, product, user)
    world_mean = np.maximum(1.0 - recipe / primary, 0.0)
    if apparent_use is None or made is None:
        return primary * (1.0 - world_mean), world_mean
    full = primary * made.settled.supply
    met = primary_need(full, apparent_use)
    share = np.divide(full - met, full, out=world_mean.copy(), where=full > 0.0)
    return primary * (1.0 - share), share


def _flows(
    inputs: NetworkInputs, product: str, part: _Balanced, home_preferences: Sequence[float]
) -> list[ProductFlows]:
    """Flows of one product at each home preference."""
    supply, demand, view = part.settled.supply, part.demand, part.view
    if view is not None:
        chosen = view if inputs.remove_re_exports else _as_dispatched(view)
        prior = trade_prior(inputs.places, chosen, supply, demand, inputs.assumptions.support_weight.value)
        return [_on_prior(inputs, product, part, prior, "trade", None)] * len(home_preferences)
    ends = preference_ends(inputs.places, supply, demand)
    known = None if inputs.base is None else inputs.base.products.get(product)
    if known is not None and known.evidence == "trade":
        weight = inputs.assumptions.base_lane_weight.value
        priors = [with_base_lanes(known.flows, ends.at(preference), weight) for preference in home_preferences]
        return [_on_prior(inputs, product, part, prior, "trade", None) for prior in priors]
    return [
        _on_prior(inputs, product, part, ends.at(preference), "prior", preference) for preference in home_preferences
    ]


def _on_prior(
    inputs: NetworkInputs,
    product: str,
    part: _Balanced,
    prior: Array,
    evidence: Evidence,
    home_preference: float | None,
) -> ProductFlows:
    settled, view = part.settled, part.view
    balanced, truncated = balance_and_truncate(
        prior, settled.supply, part.demand, product, inputs.assumptions.smallest_lane_share
    )
    trade = inputs.trade.get(product)
    place_unknown = settled.other_uses.sum() > 0.0 and evidence == "prior"
    return ProductFlows(
        product_id=product,
        unit=part.rows.unit,
        year=part.rows.year,
        edition=part.rows.edition,
        published_supply=part.published,
        supply=settled.supply,
        needs={user: need * settled.shortage_factor for user, need in part.needs.items()},
        final_demand=settled.final_demand,
        other_uses=settled.other_uses,
        statistical_surplus=settled.statistical_surplus,
        remainder=0.0 if part.final is None else part.final.remainder,
        shortage_factor=settled.shortage_factor,
        coefficients=part.coefficients,
        secondary_share=part.secondary,
        flows=balanced.flows,
        dispatch=None if view is None else view.by_dispatch,
        evidence=evidence,
        use_place_known=not place_unknown,
        moved_mass=balanced.moved_mass,
        residual=balanced.residual,
        truncated_share=truncated,
        home_preference=home_preference,
        trade_year=None if trade is None else trade.year,
        trade_codes=() if trade is None else trade.codes,
        trade_mended_tonnes=0.0 if trade is None else trade.mended_tonnes,
        trade_weighed_tonnes=0.0 if trade is None else trade.weighed_tonnes,
        trade_dropped={}
        if view is None
        else {code: float(lost) for code, lost in zip(inputs.places.codes, view.dropped, strict=True) if lost > 0.0},
        trade_dropped_share=0.0 if view is None else view.dropped_share,
        re_export_share=0.0 if view is None else view.re_export_share,
        input_row_ids=part.rows.row_ids + (() if part.final is None else part.final.row_ids),
    )


def _as_dispatched(view: TradeView) -> TradeView:
    return replace(view, by_origin=view.by_dispatch)


def with_base_lanes(base: Array, reserve: Array, weight: float) -> Array:
    """Lanes of a later year before balancing: weight·base·Σreserve/Σbase + (1 − weight)·reserve."""
    total = base.sum()
    return reserve if total <= 0.0 else np.asarray(weight * base / total * reserve.sum() + (1.0 - weight) * reserve)
