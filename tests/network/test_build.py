"""Building a network: what is asked of whom, product by product, by hand and on the figures of the base year."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from supplyrisk.chain.specification import RangedAssumption, SecondaryInput
from supplyrisk.foundation.units import SHARES_OF_WORLD
from supplyrisk.network.build import NO_SUPPLY, ONLY_SHARES, build_network, build_networks, with_base_lanes
from supplyrisk.network.build_report import build_report
from supplyrisk.network.look_through import look_through, used_in
from supplyrisk.network.model import Network, ProductFlows, primary_coefficients
from supplyrisk.runs.quarterly import Run
from tests.network.chain_builders import chain_of, inputs_of

CHAIN = chain_of({("mine", "metal"): 1.25, ("metal", "good"): 0.5})
SUPPLY = {
    "mine": {"AUS": 60.0, "CHN": 40.0},
    "metal": {"CHN": 64.0, "DEU": 16.0},
    "good": {"CHN": 100.0, "DEU": 20.0, "USA": 40.0},
}
DEMAND = [("good", "NLD", 40.0), ("good", "CHN", 120.0)]


def at(network: Network, values: np.ndarray) -> dict[str, float]:
    return {code: float(value) for code, value in zip(network.places.codes, values, strict=True) if abs(value) > 1e-12}


# --- by hand


def test_needs_run_from_the_good_to_the_mine() -> None:
    network = build_network(inputs_of(CHAIN, SUPPLY, DEMAND))
    metal, mine = network.products["metal"], network.products["mine"]
    assert at(network, metal.needs["good"]) == pytest.approx({"CHN": 50.0, "DEU": 10.0, "USA": 20.0})
    assert at(network, mine.needs["metal"]) == pytest.approx({"CHN": 80.0, "DEU": 20.0})
    assert (metal.shortage_factor, mine.shortage_factor) == (1.0, 1.0)
    assert network.products["good"].final_demand.sum() == pytest.approx(160.0)


def test_a_shortage_scales_what_is_met_but_neither_the_recipe_nor_what_the_user_asks_of_others() -> None:
    # 40 of metal for a need of 80: half is met; goods are still 160, and ore is asked for the 40 of metal there is.
    network = build_network(inputs_of(CHAIN, {**SUPPLY, "metal": {"CHN": 30.0, "DEU": 10.0}}, DEMAND))
    metal, mine = network.products["metal"], network.products["mine"]
    assert metal.shortage_factor == pytest.approx(0.5)
    assert at(network, metal.needs["good"]) == pytest.approx({"CHN": 25.0, "DEU": 5.0, "USA": 10.0})
    assert metal.coefficients["good"] == pytest.approx(0.5)
    assert network.products["good"].supply.sum() == pytest.approx(160.0)
    assert mine.needs["metal"].sum() == pytest.approx(50.0)
    assert mine.other_uses.sum() == pytest.approx(50.0)


def test_a_statistical_surplus_asks_no_input() -> None:
    # 160 of metal where 80 are needed: half of it is only counted, and ore is asked for the other half.
    chain = chain_of({("mine", "metal"): 1.25, ("metal", "good"): 0.5}, statistical=("metal",))
    network = build_network(inputs_of(chain, {**SUPPLY, "metal": {"CHN": 120.0, "DEU": 40.0}}, DEMAND))
    metal = network.products["metal"]
    assert metal.statistical_surplus == pytest.approx(80.0)
    assert at(network, metal.supply) == pytest.approx({"CHN": 60.0, "DEU": 20.0})
    assert at(network, metal.published_supply) == pytest.approx({"CHN": 120.0, "DEU": 40.0})
    assert network.products["mine"].needs["metal"].sum() == pytest.approx(100.0)
    assert metal.use_place_known


def test_a_real_surplus_without_trade_hides_where_it_is_used() -> None:
    network = build_network(inputs_of(CHAIN, {**SUPPLY, "metal": {"CHN": 90.0, "DEU": 10.0}}, DEMAND))
    metal = network.products["metal"]
    assert at(network, metal.other_uses) == pytest.approx({"CHN": 18.0, "DEU": 2.0})
    assert not metal.use_place_known
    traded = inputs_of(
        CHAIN, {**SUPPLY, "metal": {"CHN": 90.0, "DEU": 10.0}}, DEMAND, {"metal": {("CHN", "USA"): 30.0}}
    )
    assert build_network(traded).products["metal"].use_place_known


def test_a_product_without_output_is_a_gap_and_asks_nothing_of_its_suppliers() -> None:
    network = build_network(inputs_of(CHAIN, {product: SUPPLY[product] for product in ("mine", "good")}, DEMAND))
    assert network.gaps == {"metal": NO_SUPPLY}
    assert network.products["mine"].needs == {}
    assert network.products["mine"].other_uses.sum() == pytest.approx(100.0)
    nothing_made = build_network(inputs_of(CHAIN, {**SUPPLY, "metal": {"CHN": 0.0}}, DEMAND))
    assert nothing_made.gaps == {"metal": NO_SUPPLY}


def scrap(primary: float | None) -> SecondaryInput:
    given = None if primary is None else RangedAssumption(value=primary, low=primary, high=primary, basis="assumed")
    return SecondaryInput(input="mine", primary_coefficient=given, follows="apparent_use")


def test_makers_short_of_ore_are_taken_to_use_scrap() -> None:
    # A unit from ore takes 2 of it, the mean of the world over ore and scrap is 1.25. China has 60 of ore (makes 100,
    # sends 40 to Germany) and would need 64 · 2 = 128: 68 are scrap. Germany has 40 and needs 16 · 2 = 32: none is.
    chain = chain_of({("mine", "metal"): 1.25, ("metal", "good"): 0.5}, secondary={"metal": scrap(2.0)})
    supply = {**SUPPLY, "mine": {"CHN": 100.0}}
    network = build_network(inputs_of(chain, supply, DEMAND, {"mine": {("CHN", "DEU"): 40.0}}))
    mine, index = network.products["mine"], network.places.index
    share = mine.secondary_share["metal"]
    assert share[index["CHN"]] == pytest.approx(68.0 / 128.0)
    assert share[index["DEU"]] == pytest.approx(0.0)
    # Where no metal is made nothing tells, so that the mean of the world stands: 1 - 1.25/2.
    assert share[index["USA"]] == pytest.approx(0.375)
    assert at(network, mine.needs["metal"]) == pytest.approx({"CHN": 60.0, "DEU": 32.0})
    assert at(network, mine.other_uses) == pytest.approx({"DEU": 8.0})
    report = build_report(network).rows_by_key("product_id", named=True, unique=True)["mine"]
    assert report["secondary_share"] == pytest.approx(68.0 / 160.0)


def test_without_trade_every_maker_uses_scrap_like_the_world() -> None:
    chain = chain_of({("mine", "metal"): 1.25, ("metal", "good"): 0.5}, secondary={"metal": scrap(2.0)})
    mine = build_network(inputs_of(chain, SUPPLY, DEMAND)).products["mine"]
    assert mine.secondary_share["metal"] == pytest.approx(0.375)
    assert mine.coefficients["metal"] == pytest.approx(1.25)


@pytest.mark.parametrize("primary", [None, 2.0])
def test_a_maker_that_has_no_ore_at_all_still_counts_in_the_whole(primary: float | None) -> None:
    # Germany makes 16 of metal and has no ore: all scrap. Behind the goods of the Netherlands its part has no mine.
    chain = chain_of({("mine", "metal"): 1.25, ("metal", "good"): 0.5}, secondary={"metal": scrap(primary)})
    supply = {**SUPPLY, "mine": {"CHN": 500.0}}
    network = build_network(inputs_of(chain, supply, DEMAND, {"mine": {("CHN", "USA"): 1.0}}))
    assert network.products["mine"].secondary_share["metal"][network.places.index["DEU"]] == 1.0
    looked = look_through(network, used_in(network, ("good",), "NLD"))
    german = float(looked.shares("metal")[network.places.index["DEU"]])
    assert 0.05 < german < 0.95
    assert looked.shares("mine").sum() == pytest.approx(1.0 - german)
    report = build_report(network).rows_by_key("product_id", named=True, unique=True)["mine"]
    assert report["secondary_share"] == pytest.approx(16.0 / 80.0)


def test_home_preference_is_told_only_where_it_was_used() -> None:
    network = build_network(inputs_of(CHAIN, SUPPLY, DEMAND, {"mine": {("AUS", "CHN"): 30.0}}, home_preference=0.4))
    assert network.products["mine"].home_preference is None
    assert network.products["metal"].home_preference == 0.4
    assert network.products["mine"].evidence == "trade"


def test_re_exports_left_in_make_the_hub_a_supplier() -> None:
    # Australia sends all of its ore through the Netherlands, which make none.
    supply = {"mine": {"AUS": 90.0, "NLD": 10.0}, "metal": {"CHN": 72.0, "NLD": 8.0}, "good": SUPPLY["good"]}
    trade = {"mine": {("AUS", "NLD"): 90.0, ("NLD", "CHN"): 90.0}}
    inputs = inputs_of(CHAIN, supply, DEMAND, trade)
    removed, left = (
        build_network(replace(inputs, remove_re_exports=remove)).products["mine"] for remove in (True, False)
    )
    index = inputs.places.index
    assert removed.flows[index["AUS"], index["CHN"]] > 80.0
    assert left.moved_mass > removed.moved_mass


# --- the base year


@pytest.fixture(scope="module")
def network(run_2026q1: Run) -> Network:
    return run_2026q1.network.network


def test_of_one_product_of_the_base_year_only_shares_are_known(network: Network) -> None:
    assert network.gaps == {"boron_refined": ONLY_SHARES}
    assert set(network.products) | set(network.gaps) == set(network.chain.products)


def test_residuals_are_those_of_the_flows(network: Network) -> None:
    for flows in network.products.values():
        missed = np.abs(flows.flows.sum(axis=1) - flows.supply).max() / flows.supply.sum()
        assert missed <= 1e-9
        assert flows.residual <= 1e-9


def test_links_of_the_base_year_fit_the_size_planned(network: Network) -> None:
    # "About 10 000 links at most"; lanes that matter to their supplier only are among them.
    assert network.links.height <= 11_500
    assert network.links.select("product_id", "supplier", "user").is_duplicated().sum() == 0
    assert network.links["share_of_user"].is_between(0.0, 1.0 + 1e-12).all()


def test_output_is_the_output_of_the_rows(network: Network, run_2026q1: Run) -> None:
    for product, rows in run_2026q1.network.inputs.supply.items():
        if product in network.gaps:
            continue
        flows = network.products[product]
        assert flows.published_supply.sum() == pytest.approx(sum(rows.values.values()))
        assert flows.supply.sum() + flows.statistical_surplus == pytest.approx(flows.published_supply.sum())


def test_coefficients_are_the_primary_ones_less_secondary_input(network: Network) -> None:
    for product, flows in network.products.items():
        for user, coefficient in flows.coefficients.items():
            primary = primary_coefficients(network.chain, network.places, product, user)
            share = flows.secondary_share.get(user, np.zeros_like(primary))
            assert ((share >= 0.0) & (share <= 1.0)).all()
            assert coefficient == pytest.approx(primary * (1.0 - share)), (product, user)


def test_what_makers_could_not_have_is_never_asked_for(network: Network) -> None:
    for product, flows in network.products.items():
        for user in flows.secondary_share:
            if flows.dispatch is not None and user in network.products:
                # Everything asked for is met: it was capped by what the country could have.
                asked = flows.coefficients[user] * network.products[user].supply
                assert flows.shortage_factor * asked.sum() <= flows.supply.sum() * (1.0 + 1e-9), product


def test_shares_behind_every_end_product_and_secondary_input_add_up_to_one(network: Network, run_2026q1: Run) -> None:
    for products in run_2026q1.network.bundles.values():
        used = used_in(network, products, "EU27")
        looked = look_through(network, used)
        for product, volume in looked.made.items():
            whole = float(volume.sum()) + looked.secondary.get(product, 0.0)
            asked = sum(
                float(primary_coefficients(network.chain, network.places, product, user) @ looked.made[user])
                for user in network.chain.users[product]
                if user in looked.made
            )
            asked += float(used[product].sum()) if product in used else 0.0
            assert whole == pytest.approx(asked), product


def apart(network: Network, before: Network, region: str) -> float:
    """Mean over traded products of half the summed change of where a region's use comes from."""
    inside = network.places.of_region(region)

    def mix(flows: ProductFlows) -> np.ndarray:
        taken = flows.flows[:, inside].sum(axis=1)
        return np.asarray(np.append(taken[~inside], taken[inside].sum()) / taken.sum())

    changes = [
        0.5 * float(np.abs(mix(flows) - mix(before.products[product])).sum())
        for product, flows in network.products.items()
        if flows.evidence == "trade" and flows.flows[:, inside].sum() > 0.0
    ]
    return float(np.mean(changes))


def test_removing_re_exports_changes_the_netherlands_more_than_the_union(network: Network, run_2026q1: Run) -> None:
    left_in = build_network(
        replace(run_2026q1.network.inputs, remove_re_exports=False, home_preference=network.home_preference)
    )
    assert apart(network, left_in, "NLD") > 1.5 * apart(network, left_in, "EU27")


def test_the_order_of_rows_does_not_matter(run_2026q1: Run, network: Network) -> None:
    inputs = run_2026q1.network.inputs
    turned = replace(
        inputs,
        demand=inputs.demand.reverse(),
        supply={
            product: replace(rows, values=dict(reversed(list(rows.values.items()))))
            for product, rows in reversed(list(inputs.supply.items()))
        },
        trade={
            product: replace(trade, flows=trade.flows.sample(fraction=1.0, shuffle=True, seed=1))
            for product, trade in inputs.trade.items()
        },
        home_preference=network.home_preference,
    )
    again = build_network(turned)
    for product, flows in network.products.items():
        np.testing.assert_allclose(
            again.products[product].flows, flows.flows, rtol=1e-6, atol=1e-9 * float(flows.supply.sum())
        )
    assert again.links.select(pl.len()).item() == network.links.height


def test_dropped_lanes_move_no_share_behind_batteries_by_a_hundredth(run_2026q1: Run, network: Network) -> None:
    inputs, packs = run_2026q1.network.inputs, run_2026q1.network.bundles["battery"]
    everything = inputs.assumptions.model_copy(update={"smallest_lane_share": 0.0})
    whole = build_network(replace(inputs, assumptions=everything, home_preference=network.home_preference))
    assert whole.links.height > 1.5 * network.links.height
    for region in ("EU27", "NLD"):
        ours, theirs = (look_through(one, used_in(one, packs, region)) for one in (network, whole))
        for product in ours.made:
            moved = np.abs(ours.shares(product) - theirs.shares(product)).max()
            assert moved < 0.002, (region, product)
        inside = network.places.of_region(region)
        for product, flows in network.products.items():
            taken, before = (one[:, inside].sum(axis=1) for one in (flows.flows, whole.products[product].flows))
            if before.sum() > 0.0:
                moved = np.abs(taken / taken.sum() - before / before.sum()).max()
                assert moved < 0.01, (region, product)


def test_shares_of_the_world_are_never_set_against_quantities() -> None:
    # 80 % of the world in one country is no 80 tonnes: with a recipe or with trade it would look like that.
    inputs = inputs_of(CHAIN, {**SUPPLY, "metal": {"CHN": 80.0, "DEU": 20.0}}, DEMAND)
    shares = replace(inputs.supply["metal"], unit=SHARES_OF_WORLD)
    network = build_network(replace(inputs, supply={**inputs.supply, "metal": shares}))
    assert network.gaps == {"metal": ONLY_SHARES}
    assert network.products["mine"].needs == {}


@pytest.mark.parametrize("trade", [{}, {"mine": {("CHN", "DEU"): 4.0, ("CHN", "USA"): 2.0}}])
def test_networks_built_together_are_those_built_one_by_one(trade: dict[str, dict[tuple[str, str], float]]) -> None:
    inputs, preferences = inputs_of(CHAIN, SUPPLY, DEMAND, trade), (None, 0.0, 0.35, 1.0)
    together = build_networks(inputs, preferences)
    for network, preference in zip(together, preferences, strict=True):
        alone = build_network(replace(inputs, home_preference=preference))
        assert (network.home_preference, network.gaps) == (alone.home_preference, alone.gaps)
        for product, flows in alone.products.items():
            assert np.array_equal(network.products[product].flows, flows.flows)
            assert network.products[product].home_preference == flows.home_preference


def test_lanes_of_a_later_year_carry_over_in_part() -> None:
    # Base lanes of 10 on one lane, scaled to the 40 of the reserve: 0.9 x 40 + 0.1 x 20 and 0.1 x 20.
    base, reserve = np.array([[10.0, 0.0]]), np.array([[20.0, 20.0]])
    assert with_base_lanes(base, reserve, 0.9).tolist() == [[pytest.approx(38.0), pytest.approx(2.0)]]
    assert with_base_lanes(0.0 * base, reserve, 0.9).tolist() == [[20.0, 20.0]]
