"""The network and world supply with measures in place, followed by hand, and the same draws with and without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from supplyrisk.disruption.from_network import graph_of_network
from supplyrisk.foundation.errors import InputError
from supplyrisk.mitigation.apply import apply_measures
from supplyrisk.mitigation.changed_draws import draws_after, first_draws
from supplyrisk.mitigation.changed_network import changed_products, network_after
from supplyrisk.mitigation.changed_supply import supply_after
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.specification import (
    ChangeSpecification,
    Demand,
    Diversification,
    IntegratedSupply,
    MeasureFile,
    SecondarySupply,
    Stockpile,
)
from supplyrisk.mitigation.standalone import with_standalone_for
from supplyrisk.network.look_through import look_through, used_in
from supplyrisk.network.model import Network
from supplyrisk.network.places import EU_UNSPECIFIED
from supplyrisk.scenario.specification import Basis, Title
from supplyrisk.scores.supply import Supply
from tests.network_builders import CELL, CHEMICALS, ORE, PACK, moved_draws, one_product, small_network


def measure_of(*changes: ChangeSpecification) -> Measure:
    text = Title(en="a", nl="b")
    return Measure(
        "one", MeasureFile(title=text, summary=text, lead_months=12, rests_on=Basis(reason="why"), changes=changes)
    )


def away(product: str, share: float, country: str = "CHN", to: Sequence[str] = ()) -> Measure:
    return measure_of(
        Diversification(
            kind="diversification", region="EU27", products=(product,), away_from=(country,), share=share, to=tuple(to)
        )
    )


def with_measure(network: Network, measure: Measure) -> Network:
    base = with_standalone_for(graph_of_network(network, {}), [measure])
    return network_after(network, base, apply_measures(base, [measure]).named)


def lanes(network: Network, product: str) -> dict[tuple[str, str], float]:
    flows, codes = network.products[product].flows, network.places.codes
    return {(codes[i], codes[j]): float(flows[i, j]) for i, j in zip(*np.nonzero(flows), strict=True)}


def test_purchases_move_and_every_tier_above_follows() -> None:
    network = small_network()
    after = with_measure(network, away(CELL, 0.5))
    assert changed_products(network, after) == {CELL, CHEMICALS, ORE}
    assert after.products[PACK] is network.products[PACK]
    # Of 6 Chinese cells 3 move to Germany, which then takes 14 chemicals from Chile; China takes 14 in place of 20.
    assert lanes(after, CELL) == pytest.approx({("DEU", "DEU"): 7.0, ("CHN", "DEU"): 3.0, ("CHN", "CHN"): 4.0})
    assert lanes(after, CHEMICALS) == pytest.approx({("CHL", "DEU"): 14.0, ("CHN", "CHN"): 10.5, ("CHL", "CHN"): 3.5})
    expected = {("CHL", "CHL"): 26.25, ("CHL", "CHN"): 10.5, ("ROW", "CHN"): 5.25}
    assert lanes(after, ORE) == pytest.approx(expected)
    cells, places = after.products[CELL], after.places.index
    assert (cells.supply[places["DEU"]], cells.published_supply[places["CHN"]]) == pytest.approx((7.0, 7.0))
    assert after.products[CHEMICALS].needs[CELL][places["DEU"]] == pytest.approx(14.0)


def test_use_that_shrinks_is_final_demand() -> None:
    less = measure_of(Demand(kind="demand", region="EU27", products=(PACK,), change_share=-0.5))
    after = with_measure(small_network(), less)
    packs, places = after.products[PACK], after.places.index
    assert [packs.final_demand[places[code]] for code in ("DEU", "NLD")] == pytest.approx([5.0, 2.0])
    assert packs.mix == pytest.approx(small_network().products[PACK].mix)


def test_a_stock_and_no_measure_change_no_object() -> None:
    network = small_network()
    stock = Stockpile(kind="stockpile", region="EU27", products=(CELL,), days=60, release_months=6)
    bare = graph_of_network(network, {})
    for after in (with_measure(network, measure_of(stock)), network_after(network, bare, bare)):
        assert changed_products(network, after) == frozenset()


def test_makers_from_scrap_take_no_ore_and_what_they_spare_counts_as_secondary() -> None:
    network = small_network()
    won_back = SecondarySupply(kind="secondary_supply", region="EU27", shares={CHEMICALS: 0.5})
    after = with_measure(network, measure_of(won_back))
    assert lanes(after, CHEMICALS)[EU_UNSPECIFIED, "DEU"] == pytest.approx(4.0)
    assert after.coefficient(ORE, CHEMICALS)[after.places.index[EU_UNSPECIFIED]] == 0.0
    # 14 packs take 28 chemicals, and 42 ore; 4 of the 8 chemicals of German cells are from scrap, which spares 6 ore.
    before = look_through(network, used_in(network, (PACK,), "EU27"))
    looked = look_through(after, used_in(after, (PACK,), "EU27"))
    assert looked.secondary[ORE] == pytest.approx(6.0)
    assert looked.made[ORE].sum() + 6.0 == pytest.approx(before.made[ORE].sum())


def test_a_maker_with_its_own_mine_mines_at_its_place() -> None:
    network = small_network()
    own = IntegratedSupply(kind="integrated_supply", region="EU27", place="NLD", quantities_per_year={CHEMICALS: 2.0})
    after = with_measure(network, measure_of(own))
    # 2 of the 8 chemicals that Germany takes from Chile come from the Netherlands, which mines 3 of ore for them.
    assert lanes(after, CHEMICALS)["NLD", "DEU"] == pytest.approx(2.0)
    assert lanes(after, ORE)["NLD", "NLD"] == pytest.approx(3.0)
    assert lanes(after, ORE)["CHL", "CHL"] == pytest.approx(16.5)
    used = used_in(after, (PACK,), "EU27")
    before, looked = look_through(network, used), look_through(after, used)
    assert looked.made[ORE].sum() == pytest.approx(before.made[ORE].sum())
    assert looked.made[ORE][after.places.index["NLD"]] == pytest.approx(3.0)


def test_on_a_network_it_was_not_written_for_a_measure_may_find_nothing_to_do() -> None:
    bare = graph_of_network(small_network(), {})
    nowhere = away(CHEMICALS, 0.5)  # the EU buys no chemicals from China
    with pytest.raises(InputError, match="touches nothing in the network"):
        apply_measures(bare, [nowhere])
    assert apply_measures(bare, [nowhere], lenient=True).named.graph is bare.graph


def test_graphs_of_other_networks_are_refused() -> None:
    network = small_network()
    other = graph_of_network(one_product({"CHN": 1.0}, {"DEU": 1.0}), {})
    with pytest.raises(ValueError, match="one is not the other with measures in place"):
        network_after(network, graph_of_network(network, {}), other)


def three_suppliers() -> Network:
    lanes = {("CHN", "DEU"): 6.0, ("CHL", "DEU"): 3.0, ("NLD", "DEU"): 1.0}
    return one_product({"CHN": 6.0, "CHL": 3.0, "NLD": 1.0}, {"DEU": 10.0}, lanes)


@pytest.mark.parametrize("measure", [away(ORE, 0.4), away(ORE, 0.4, to=("CHL",)), away(ORE, 1.0)])
def test_every_draw_is_what_the_measure_makes_of_the_network_of_that_draw(measure: Measure) -> None:
    network = three_suppliers()
    drawn = first_draws(moved_draws(network, draws=50), 20)
    after = draws_after(drawn, with_measure(network, measure))
    found = after.lanes[ORE]
    flows, lanes_before = network.products[ORE], drawn.lanes[ORE]
    for draw in range(20):
        moved = np.zeros_like(flows.flows)
        moved[lanes_before.suppliers, lanes_before.users] = lanes_before.shares[:, draw]
        moved *= flows.demand
        product = replace(flows, flows=moved, supply=moved.sum(axis=1), published_supply=moved.sum(axis=1))
        plain = with_measure(replace(network, products={ORE: product}), measure).products[ORE].mix
        assert found.shares[:, draw] == pytest.approx(plain[found.suppliers, found.users], abs=1e-12)


def test_draws_of_what_nothing_moves_are_the_same_object_and_shares_add_up() -> None:
    network = small_network()
    drawn = moved_draws(network)
    after = draws_after(drawn, with_measure(network, away(CELL, 0.5)))
    assert after.lanes[PACK] is drawn.lanes[PACK]
    for own in after.lanes.values():
        total = np.zeros((len(network.places.codes), drawn.draws))
        np.add.at(total, own.users, own.shares)
        assert total[np.unique(own.users)] == pytest.approx(1.0)


def supply_of(shares: dict[str, float], residuals: dict[str, float]) -> Supply:
    def draws(some: dict[str, float]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        return np.repeat(np.array([*some.values()]).reshape(-1, 1), 3, axis=1)

    own, rest = np.array([*shares.values()]), np.array([*residuals.values()])
    names = (tuple(shares), own, draws(shares), tuple(residuals), rest, draws(residuals))
    return Supply(CELL, 2024, "edition", *names, (), "A")


def test_world_output_moves_unit_for_unit_and_new_makers_join() -> None:
    network = small_network()
    after = with_measure(network, away(CELL, 0.5))
    # Figures of 20 in all: 12 in China, 6 in Germany, 2 in the rest; 3 move from China to Germany.
    supply = supply_of({"CHN": 0.6, "DEU": 0.3}, {"ROW": 0.1})
    found = supply_after(supply, 20.0, network.products[CELL], after.products[CELL], network.places)
    assert dict(zip(found.countries, found.shares, strict=True)) == pytest.approx({"CHN": 0.45, "DEU": 0.45})
    assert found.residual_shares == pytest.approx([0.1])
    assert found.share_draws.sum(axis=0) + found.residual_draws.sum(axis=0) == pytest.approx(1.0)
    unnamed = supply_after(
        supply_of({"CHN": 0.9}, {"ROW": 0.1}), 20.0, network.products[CELL], after.products[CELL], network.places
    )
    assert dict(zip(unnamed.countries, unnamed.shares, strict=True)) == pytest.approx({"CHN": 0.75, "DEU": 0.15})
    same = supply_after(supply, 20.0, network.products[PACK], after.products[PACK], network.places)
    assert same is supply
