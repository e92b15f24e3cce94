"""The network of the base year against numbers found independently on the same figures, with their accepted ranges."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from supplyrisk.network.build import build_network
from supplyrisk.network.look_through import LookThrough, look_through, used_in
from supplyrisk.network.model import Network
from supplyrisk.network.pass_through import pass_through
from supplyrisk.network.published_balance import published_balance
from supplyrisk.network.value_added import value_added
from supplyrisk.runs.quarterly import Run

PACKS = ("battery_pack_nmc", "battery_pack_lfp")


@pytest.fixture(scope="module")
def network(run_2026q1: Run) -> Network:
    """At the calibrated home preference."""
    return run_2026q1.network.network


@pytest.fixture(scope="module")
def home_first(run_2026q1: Run) -> Network:
    """At home preference 1."""
    return build_network(replace(run_2026q1.network.inputs, home_preference=1.0))


@pytest.fixture(scope="module")
def balance(run_2026q1: Run) -> dict[str, dict[str, float]]:
    """Published output against need, by product."""
    inputs = run_2026q1.network.inputs
    rows = published_balance(inputs.chain, inputs.places, inputs.supply).iter_rows(named=True)
    return {row["product_id"]: row for row in rows}


def batteries(network: Network) -> LookThrough:
    return look_through(network, used_in(network, PACKS, "EU27"))


def share(network: Network, product: str, code: str) -> float:
    found = batteries(network).shares(product)
    inside: NDArray[np.bool_] = network.places.of_region(code)
    return float(found[inside].sum())


def european_value(network: Network, run: Run) -> float:
    return value_added(batteries(network).made, run.network.values, network.places.in_eu).share


# --- exact arithmetic


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        ("cobalt_mine", 5768),
        ("lithium_chemicals", 5385),
        ("nickel_mine", 4055),
        ("battery_cell_nmc", 2767),
        ("ndfeb_magnet", 8868),
    ],
)
def test_concentration_of_output_with_members_apart(network: Network, product: str, expected: float) -> None:
    # The figures take what is filed with ROW and with the EU as one maker each; the scores leave both out.
    share = network.products[product].published_supply / network.products[product].published_supply.sum()
    assert 10_000.0 * float(np.square(share).sum()) == pytest.approx(expected, rel=1e-3)


def test_concentration_of_cells_with_the_union_as_one_maker(network: Network) -> None:
    flows = network.products["battery_cell_nmc"]
    share, inside = flows.published_supply / flows.published_supply.sum(), network.places.in_eu
    assert 10_000.0 * float(np.square(share[~inside]).sum() + share[inside].sum() ** 2) == pytest.approx(2969, rel=1e-3)


@pytest.mark.parametrize(
    ("product", "expected"), [("cobalt_refined", 0.700), ("lithium_chemicals", 0.264), ("anode_active", 0.376)]
)
def test_output_beyond_the_need_of_published_output(
    balance: dict[str, dict[str, float]], product: str, expected: float
) -> None:
    assert balance[product]["remainder_share"] == pytest.approx(expected, abs=6e-4)


@pytest.mark.parametrize(("product", "expected"), [("ndpr_refined", 0.9232), ("zinc_mine", 0.9292)])
def test_output_below_the_need_of_published_output(
    balance: dict[str, dict[str, float]], product: str, expected: float
) -> None:
    assert balance[product]["output_over_need"] == pytest.approx(expected, rel=1e-3)


def test_shortage_of_neodymium_scales_flows_but_not_the_amount_per_unit(network: Network) -> None:
    flows = network.products["ndpr_refined"]
    assert flows.shortage_factor == pytest.approx(0.9232, rel=1e-3)
    need = flows.coefficients["ndfeb_magnet"] * network.products["ndfeb_magnet"].supply
    assert flows.demand.sum() == pytest.approx(need.sum() * flows.shortage_factor)


def test_battery_use_of_the_union_and_of_the_netherlands(network: Network) -> None:
    use = np.sum([network.products[pack].final_demand for pack in PACKS], axis=0)
    assert use[network.places.in_eu].sum() == pytest.approx(142.19, rel=1e-4)
    assert use[network.places.index["NLD"]] == pytest.approx(9.81, rel=1e-3)


def test_cells_needed_and_made_in_the_union(network: Network) -> None:
    needed = made = 0.0
    for cell in ("battery_cell_nmc", "battery_cell_lfp"):
        flows = network.products[cell]
        needed += flows.demand[network.places.in_eu].sum()
        made += flows.supply[network.places.in_eu].sum()
    assert needed == pytest.approx(164.6, rel=2e-3)
    assert made == pytest.approx(90.1, rel=2e-3)


def test_value_in_the_batteries_used_in_the_union(network: Network, run_2026q1: Run) -> None:
    # 14.8 bn EUR found with one recipe for all countries. Ours is half a per cent less: copper makers short of ore use
    # scrap here (0.698 of ore a tonne behind the foil instead of 0.8326), and pig iron and lithium ore go by national
    # recipes. With theirs (copper 0.83264493, pig iron 0.6809, lithium 1.0573) the figure is met to a thousandth.
    made, values = batteries(network).made, run_2026q1.network.values
    total = value_added(made, values, network.places.in_eu).total
    assert total == pytest.approx(14.725e9, rel=1e-3)
    there = {
        ("copper_mine", "copper_refined"): 0.83264493,
        ("pig_iron", "crude_steel"): 0.6809,
        ("lithium_mine", "lithium_chemicals"): 1.0573,
    }
    for (part, whole), recipe in there.items():
        total += values[part] * float(recipe * made[whole].sum() - made[part].sum())
    assert total == pytest.approx(14.8e9, rel=1e-3)


# --- model results, with the ranges that right implementations lie in


def test_european_value_added_with_home_first_allocation(home_first: Network, run_2026q1: Run) -> None:
    assert 0.40 <= european_value(home_first, run_2026q1) <= 0.43


def test_european_value_added_at_a_home_preference_of_0_88(run_2026q1: Run) -> None:
    # 0.36-0.40 is accepted; ours lies just below, because 0.88 is not the same there. Here the preference mixes both
    # ends evenly: EU packs hold 91.6 % EU-made nickel-based packs (0.88 of 100 and 0.12 of 30) where 94 was found, and
    # the anchor of 59 % imported cells is met at 0.89 where it was 0.84. The next test compares like with like.
    network = build_network(replace(run_2026q1.network.inputs, home_preference=0.88))
    assert european_value(network, run_2026q1) == pytest.approx(0.359, abs=5e-4)
    assert share(network, "battery_pack_nmc", "EU27") == pytest.approx(0.916, abs=2e-3)


def test_european_value_added_at_the_import_share_found_at_0_88(run_2026q1: Run) -> None:
    # "Preference 0.88 gives 57 %" of cells imported.
    inputs = run_2026q1.network.inputs
    assumed = inputs.assumptions.home_preference
    imported = assumed.anchor.imported_share.model_copy(update={"value": 0.57})
    anchor = assumed.anchor.model_copy(update={"imported_share": imported})
    changed = inputs.assumptions.model_copy(update={"home_preference": assumed.model_copy(update={"anchor": anchor})})
    network = build_network(replace(inputs, assumptions=changed))
    assert 0.36 <= european_value(network, run_2026q1) <= 0.40


def test_european_value_added_when_everyone_buys_the_world_mix(run_2026q1: Run) -> None:
    network = build_network(replace(run_2026q1.network.inputs, home_preference=0.0))
    assert 0.10 <= european_value(network, run_2026q1) <= 0.13


def test_european_value_added_near_the_anchor(network: Network, run_2026q1: Run) -> None:
    # "Hence near 37 % (35-41)" with an import share of cells of 59 %.
    assert 0.35 <= european_value(network, run_2026q1) <= 0.41


def test_imported_cells_meet_the_anchor(network: Network) -> None:
    looked = batteries(network)
    cells = [looked.made[cell] for cell in ("battery_cell_nmc", "battery_cell_lfp")]
    own = sum(float(volume[network.places.in_eu].sum()) for volume in cells)
    # Dropping the smallest lanes moves it by a seventh of a point.
    assert 1.0 - own / sum(float(volume.sum()) for volume in cells) == pytest.approx(0.59, abs=2e-3)


def test_cells_from_the_union_in_nickel_based_packs(home_first: Network) -> None:
    assert 0.61 <= share(home_first, "battery_cell_nmc", "EU27") <= 0.62


@pytest.mark.parametrize(
    ("product", "code", "low", "high"),
    [
        ("lithium_chemicals", "CHN", 0.57, 0.70),
        ("cobalt_mine", "COD", 0.76, 0.91),
        ("nickel_mine", "IDN", 0.42, 0.52),
        ("natural_graphite_mine", "CHN", 0.88, 0.97),
        ("anode_active", "CHN", 0.94, 0.98),
    ],
)
def test_origin_behind_batteries(home_first: Network, product: str, code: str, low: float, high: float) -> None:
    assert low <= share(home_first, product, code) <= high


def test_lithium_that_passes_through_china(home_first: Network) -> None:
    used = used_in(home_first, PACKS, "EU27")
    assert 0.67 <= pass_through(home_first, used, ["CHN"])["CHN"]["lithium_mine"] <= 0.84


def test_rare_earths_in_magnets_that_pass_through_china(network: Network) -> None:
    used = used_in(network, ("ndfeb_magnet",), "EU27")
    assert 0.95 <= pass_through(network, used, ["CHN"])["CHN"]["magnet_rare_earths_mine"] <= 1.0


def test_chile_leads_the_lithium_chemicals_of_the_union(network: Network) -> None:
    flows, inside = network.products["lithium_chemicals"], network.places.in_eu
    own = flows.flows[:, inside].sum(axis=1)
    assert 0.69 <= own[network.places.index["CHL"]] / own.sum() <= 0.82


@pytest.mark.parametrize(
    ("product", "low", "high"), [("copper_refined", 0.84, 0.91), ("aluminium_primary", 0.27, 0.34)]
)
def test_self_sufficiency_of_the_union(network: Network, product: str, low: float, high: float) -> None:
    flows, inside = network.products[product], network.places.in_eu
    assert low <= flows.published_supply[inside].sum() / flows.demand[inside].sum() <= high


# --- every product


def test_every_product_balances(network: Network) -> None:
    for flows in network.products.values():
        scale = flows.supply.sum()
        assert flows.residual <= 1e-9
        assert np.abs(flows.flows.sum(axis=1) - flows.supply).max() <= 1e-9 * scale, flows.product_id
        use = sum(flows.needs.values()) + flows.final_demand + flows.other_uses
        assert np.abs(flows.flows.sum(axis=0) - use).max() <= 1e-9 * scale, flows.product_id
        assert (flows.flows >= 0.0).all()


def test_about_ten_thousand_links_and_little_dropped(network: Network) -> None:
    assert network.links.height <= 11_500
    assert max(flows.truncated_share for flows in network.products.values()) < 0.01


def test_makers_ask_for_what_their_recipes_need(network: Network) -> None:
    for product, flows in network.products.items():
        for user, met in flows.needs.items():
            asked = flows.coefficients[user] * network.products[user].supply
            assert met == pytest.approx(asked * flows.shortage_factor), (product, user)


def test_re_exports_matter_more_for_the_netherlands_than_for_the_union(network: Network) -> None:
    # A hub: of what is sent to the Netherlands as from there, much was made elsewhere.
    def change(region: str) -> float:
        inside = network.places.of_region(region)
        changes = []
        for flows in network.products.values():
            if flows.dispatch is not None and flows.flows[:, inside].sum() > 0.0 < flows.dispatch[:, inside].sum():
                made = flows.flows[:, inside].sum(axis=1) / flows.flows[:, inside].sum()
                sent = flows.dispatch[:, inside].sum(axis=1) / flows.dispatch[:, inside].sum()
                groups = np.where(inside, -1, np.arange(inside.size))
                apart = pl.DataFrame({"group": groups, "d": made - sent}).group_by("group").agg(pl.col("d").sum())
                changes.append(0.5 * float(apart["d"].abs().sum()))
        return float(np.mean(changes))

    assert change("NLD") > change("EU27")
