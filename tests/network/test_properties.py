"""What must hold for any network: balance, names and units do not matter, output at home never harms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.network.build import NetworkInputs, build_network
from supplyrisk.network.look_through import look_through, used_in
from supplyrisk.network.model import Network
from tests.network.chain_builders import chain_of, inputs_of, supply_of

CHAIN = chain_of({("mine", "metal"): 1.2, ("metal", "good"): 0.5})
CODES = ("AUS", "CHN", "DEU", "NLD", "USA")
AMOUNT = st.floats(0.05, 50.0)

Supply = Mapping[str, Mapping[str, float]]


@st.composite
def cases(draw: st.DrawFn) -> tuple[Supply, list[tuple[str, str, float]], dict[tuple[str, str], float]]:
    supply = {product: {code: draw(AMOUNT) for code in CODES} for product in ("mine", "metal", "good")}
    demand = [("good", code, draw(AMOUNT)) for code in ("CHN", "NLD", "USA")]
    trade = {(i, j): draw(st.floats(0.0, 20.0)) for i in CODES for j in CODES if i != j}
    return supply, demand, trade


def dependence(network: Network, product: str) -> float:
    inside = network.places.of_region("EU27")
    flows = network.products[product].flows[:, inside]
    return 1.0 - float(flows[inside].sum() / flows.sum())


@given(cases(), st.floats(0.0, 1.0))
def test_every_product_balances_and_shares_add_up_to_one(
    case: tuple[Supply, list[tuple[str, str, float]], dict[tuple[str, str], float]], preference: float
) -> None:
    supply, demand, trade = case
    for traded in ({}, {"mine": trade}):
        network = build_network(inputs_of(CHAIN, supply, demand, traded, preference))
        for flows in network.products.values():
            assert flows.flows.sum(axis=1) == pytest.approx(flows.supply, rel=1e-7, abs=1e-7)
            used = flows.flows.sum(axis=0) > 0.0
            assert flows.mix.sum(axis=0)[used] == pytest.approx(1.0)
            assert float(flows.flows.sum()) == pytest.approx(float(flows.demand.sum()))


@given(cases())
def test_renaming_countries_changes_nothing_else(
    case: tuple[Supply, list[tuple[str, str, float]], dict[tuple[str, str], float]],
) -> None:
    supply, demand, trade = case
    new = {"AUS": "ZAF", "CHN": "BRA", "USA": "CAN", "DEU": "DEU", "NLD": "NLD"}
    renamed = build_network(
        inputs_of(
            CHAIN,
            {product: {new[code]: value for code, value in amounts.items()} for product, amounts in supply.items()},
            [(product, new[code], value) for product, code, value in demand],
            {"mine": {(new[i], new[j]): value for (i, j), value in trade.items()}},
        )
    )
    plain = build_network(inputs_of(CHAIN, supply, demand, {"mine": trade}))
    for product, flows in plain.products.items():
        for i in CODES:
            for j in CODES:
                before = flows.flows[plain.places.index[i], plain.places.index[j]]
                after = renamed.products[product].flows[renamed.places.index[new[i]], renamed.places.index[new[j]]]
                assert after == pytest.approx(before, rel=1e-6, abs=1e-7)


@given(cases(), st.floats(0.01, 1000.0))
def test_a_world_k_times_as_large_has_flows_k_times_as_large(
    case: tuple[Supply, list[tuple[str, str, float]], dict[tuple[str, str], float]], k: float
) -> None:
    supply, demand, trade = case
    plain = build_network(inputs_of(CHAIN, supply, demand, {"mine": trade}))
    large = build_network(
        inputs_of(
            CHAIN,
            {product: {code: k * value for code, value in amounts.items()} for product, amounts in supply.items()},
            [(product, code, k * value) for product, code, value in demand],
            {"mine": {lane: k * value for lane, value in trade.items()}},
        )
    )
    for product, flows in plain.products.items():
        assert large.products[product].flows == pytest.approx(k * flows.flows, rel=1e-6, abs=1e-7 * k)


@given(cases(), st.floats(0.1, 10.0))
def test_the_unit_of_a_product_does_not_matter(
    case: tuple[Supply, list[tuple[str, str, float]], dict[tuple[str, str], float]], k: float
) -> None:
    supply, demand, _ = case
    other = chain_of({("mine", "metal"): 1.2 / k, ("metal", "good"): 0.5 * k})
    changed = {**supply, "metal": {code: k * value for code, value in supply["metal"].items()}}
    plain, scaled = (
        build_network(inputs_of(chain, amounts, demand)) for chain, amounts in ((CHAIN, supply), (other, changed))
    )
    for product, flows in plain.products.items():
        factor = k if product == "metal" else 1.0
        assert scaled.products[product].flows == pytest.approx(factor * flows.flows, rel=1e-6, abs=1e-7)


def more_at_home(inputs: NetworkInputs, product: str, extra: float) -> NetworkInputs:
    amounts = dict(inputs.supply[product].values)
    amounts["DEU"] += extra
    return replace(inputs, supply={**inputs.supply, product: supply_of(amounts, product)})


@given(cases(), st.floats(0.0, 100.0))
def test_more_output_at_home_never_raises_dependence_under_the_proportional_prior(
    case: tuple[Supply, list[tuple[str, str, float]], dict[tuple[str, str], float]], extra: float
) -> None:
    supply, demand, _ = case
    inputs = inputs_of(CHAIN, supply, demand, home_preference=0.0)
    before, after = (build_network(one) for one in (inputs, more_at_home(inputs, "metal", extra)))
    assert dependence(after, "metal") <= dependence(before, "metal") + 1e-9


@given(cases(), st.sampled_from(["mine", "metal", "good"]), st.floats(0.0, 100.0))
def test_more_output_at_home_never_lowers_the_part_of_the_union_behind_a_use(
    case: tuple[Supply, list[tuple[str, str, float]], dict[tuple[str, str], float]], product: str, extra: float
) -> None:
    supply, demand, _ = case
    inputs = inputs_of(CHAIN, supply, demand, home_preference=0.0)
    parts = []
    for one in (inputs, more_at_home(inputs, product, extra)):
        network = build_network(one)
        looked = look_through(network, used_in(network, ("good",), "EU27"))
        parts.append(float(looked.shares(product)[network.places.in_eu].sum()))
    assert parts[1] >= parts[0] - 1e-9


@given(cases(), st.permutations(CODES))
def test_order_of_rows_changes_nothing(
    case: tuple[Supply, list[tuple[str, str, float]], dict[tuple[str, str], float]], order: list[str]
) -> None:
    supply, demand, trade = case
    turned = {product: {code: amounts[code] for code in order} for product, amounts in reversed(list(supply.items()))}
    lanes = {(i, j): trade[i, j] for i in order for j in order if i != j}
    plain = build_network(inputs_of(CHAIN, supply, demand, {"mine": trade}))
    again = build_network(inputs_of(CHAIN, turned, demand[::-1], {"mine": lanes}))
    for product, flows in plain.products.items():
        assert again.products[product].flows == pytest.approx(flows.flows, rel=1e-7, abs=1e-8)


@given(cases(), st.floats(0.0, 1.0))
def test_residual_told_is_that_of_the_flows_and_below_the_tolerance(
    case: tuple[Supply, list[tuple[str, str, float]], dict[tuple[str, str], float]], preference: float
) -> None:
    supply, demand, trade = case
    network = build_network(inputs_of(CHAIN, supply, demand, {"mine": trade, "metal": trade}, preference))
    for flows in network.products.values():
        use = np.sum(list(flows.needs.values()), axis=0) + flows.final_demand + flows.other_uses
        missed = max(np.abs(flows.flows.sum(axis=1) - flows.supply).max(), np.abs(flows.flows.sum(axis=0) - use).max())
        assert missed <= 1e-9 * flows.supply.sum()
        assert flows.residual <= 1e-9
        assert 0.0 <= flows.moved_mass <= 1.0


@given(cases(), st.floats(0.0, 1.0))
def test_what_trade_tells_stays_within_its_bounds(
    case: tuple[Supply, list[tuple[str, str, float]], dict[tuple[str, str], float]], preference: float
) -> None:
    supply, demand, trade = case
    flows = build_network(inputs_of(CHAIN, supply, demand, {"mine": trade}, preference)).products["mine"]
    assert flows.dispatch is not None
    assert (flows.dispatch >= 0.0).all()
    assert sum(flows.trade_dropped.values()) <= sum(trade.values()) + 1e-9
    assert 0.0 <= flows.re_export_share <= 1.0


@given(cases(), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_more_home_preference_never_raises_dependence(
    case: tuple[Supply, list[tuple[str, str, float]], dict[tuple[str, str], float]], one: float, other: float
) -> None:
    supply, demand, _ = case
    low, high = (build_network(inputs_of(CHAIN, supply, demand, home_preference=end)) for end in sorted((one, other)))
    for product in ("mine", "metal", "good"):
        assert dependence(high, product) <= dependence(low, product) + 1e-9


def test_re_exports_left_in_keep_the_balance() -> None:
    supply = {"mine": {"AUS": 10.0}, "metal": {"CHN": 8.0}, "good": {"NLD": 10.0}}
    trade = {"mine": {("AUS", "NLD"): 9.0, ("NLD", "CHN"): 8.5}}
    inputs = replace(inputs_of(CHAIN, supply, [("good", "NLD", 10.0)], trade), remove_re_exports=False)
    flows = build_network(inputs).products["mine"]
    assert np.abs(flows.flows.sum(axis=1) - flows.supply).max() < 1e-8
