"""Supply from scrap and own mines on the hand-made network: idle makers change nothing, others outlast mines."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from supplyrisk.disruption.assumptions import DisruptionAssumptions
from supplyrisk.disruption.engine import simulate_months
from supplyrisk.disruption.from_network import graph_of_network
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.parametrise import with_assumptions
from supplyrisk.disruption.shocks import Hit, Shock
from supplyrisk.foundation.errors import InputError, NotKnownError
from supplyrisk.mitigation.apply import apply_measures
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.specification import IntegratedSupply, MeasureFile, Recycling, SecondarySupply
from supplyrisk.mitigation.standalone import with_standalone, with_standalone_for
from supplyrisk.mitigation.worked_out import Workings, worked_out
from supplyrisk.network.places import EU_UNSPECIFIED
from supplyrisk.risk.uncertain import drawn_numbers
from supplyrisk.runs.project import Project
from supplyrisk.runs.quarterly import Run
from supplyrisk.runs.recycling_run import more_won_back, recycling, recycling_model
from supplyrisk.scenario.specification import Basis, Title
from tests.network_builders import CELL, CHEMICALS, ORE, PACK, small_network

MONTHS = 6
SCRAP = EU_UNSPECIFIED


@pytest.fixture(scope="module")
def bare() -> NamedGraph:
    return graph_of_network(small_network(), {})


def with_scrap(named: NamedGraph, *products: str) -> NamedGraph:
    return with_standalone(named, [(product, SCRAP) for product in products])


def measure_of(*changes: SecondarySupply | IntegratedSupply | Recycling) -> Measure:
    text = Title(en="a", nl="b")
    return Measure(
        "one", MeasureFile(title=text, summary=text, lead_months=12, rests_on=Basis(reason="why"), changes=changes)
    )


@pytest.fixture(scope="module")
def assumptions(run_2026q1: Run) -> DisruptionAssumptions:
    return run_2026q1.model.assumptions


def won_back(share: float, product: str = CHEMICALS) -> Measure:
    return measure_of(SecondarySupply(kind="secondary_supply", region="EU27", shares={product: share}))


def stop_of_chile(named: NamedGraph, product: str) -> Shock:
    return Shock(Hit.CAPACITY, (named.node_of[product, "CHL"],), 0, MONTHS, 1.0)


def test_idle_makers_from_scrap_change_no_bit(bare: NamedGraph) -> None:
    more = with_scrap(with_scrap(bare, CHEMICALS), CHEMICALS, CELL, ORE)
    assert set(more.standalone) == {(CHEMICALS, SCRAP), (CELL, SCRAP)}  # nobody in the EU buys ore
    assert [more.products[more.node_product[node]] for node in more.standalone.values()] == [CHEMICALS, CELL]
    more.graph.check()
    assert more.graph.nodes == bare.graph.nodes + 2
    for product in (ORE, CHEMICALS):
        before = simulate_months(bare.graph, [stop_of_chile(bare, product)], MONTHS, bare.rules)
        after = simulate_months(more.graph, [stop_of_chile(more, product)], MONTHS, more.rules)
        assert before.unserved.sum() > 0.1
        assert np.array_equal(before.unserved, after.unserved)


def test_scrap_takes_the_place_of_purchases_and_of_what_they_need(bare: NamedGraph) -> None:
    found = apply_measures(with_scrap(bare, CHEMICALS), [won_back(0.25)])
    found.named.graph.check()
    made = 12 * found.named.graph.node_base
    # Germany takes 8 from Chile: 2 of them from scrap now, which need no 3 of ore.
    assert made[found.named.standalone[CHEMICALS, SCRAP]] == pytest.approx(2.0)
    assert made[found.named.node_of[CHEMICALS, "CHL"]] == pytest.approx(11.0)
    assert made[found.named.node_of[ORE, "CHL"]] == pytest.approx(19.5 - 3.0 + 15.0)
    (moved,) = found.moved
    assert (moved.product, moved.quantity) == (CHEMICALS, pytest.approx(2.0))


def test_two_measures_of_recycling_win_back_the_same_scrap(bare: NamedGraph) -> None:
    for shares in ((0.25, 0.5), (0.5, 0.25)):
        found = apply_measures(bare, [won_back(share) for share in shares]).named
        assert 12 * float(found.graph.node_base[found.standalone[CHEMICALS, SCRAP]]) == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("quantile", "spare", "of_others"),
    # Idle at others 0.10 to 0.41 to 0.62, of which makers from scrap have 0 to 0.5 to 1: at a quarter of both ranges
    # half of the way to the middle, 0.255 and 0.25, a product.
    [(0.0, 0.0, 0.10), (0.25, 0.25 * 0.255, 0.255), (0.5, 0.205, 0.41), (1.0, 0.62, 0.62)],
)
def test_makers_from_scrap_have_a_part_of_the_idle_capacity_of_others(
    bare: NamedGraph, assumptions: DisruptionAssumptions, quantile: float, spare: float, of_others: float
) -> None:
    named = with_scrap(bare, CHEMICALS)
    both = dict.fromkeys(("spare_share", "standalone_spare_part"), quantile)
    found = with_assumptions(named, assumptions.at_quantiles(both)).graph.node_spare_share
    assert found[named.standalone[CHEMICALS, SCRAP]] == pytest.approx(spare)
    assert found[named.node_of[CHEMICALS, "CHL"]] == pytest.approx(of_others)


def test_sets_draw_the_idle_capacity_of_makers_from_scrap_by_its_name() -> None:
    drawn = [drawn_numbers(1, number, 0).of("standalone_spare_part") for number in range(50)]
    assert len(set(drawn)) == 50
    assert 0.0 < min(drawn) < 0.2 < 0.8 < max(drawn) < 1.0


def test_scrap_goes_on_when_the_mine_stops(bare: NamedGraph) -> None:
    named = apply_measures(with_scrap(bare, CHEMICALS), [won_back(0.25)]).named
    cells = named.node_of[CELL, "DEU"]
    for product, left in ((CHEMICALS, 0.25), (ORE, 0.25)):
        run = simulate_months(named.graph, [stop_of_chile(named, product)], MONTHS, named.rules)
        assert run.output[-1, cells] / named.graph.node_base[cells] == pytest.approx(left)


def test_scrap_of_what_nobody_buys_is_refused(bare: NamedGraph) -> None:
    with pytest.raises(InputError, match=rf"nobody in EU27 is known to use {ORE}, so the secondary supply of it"):
        apply_measures(with_scrap(bare, ORE), [won_back(0.5, ORE)])


def own_mine(quantity: float, place: str = "NLD", product: str = CHEMICALS) -> Measure:
    quantities = {product: quantity}
    return measure_of(
        IntegratedSupply(kind="integrated_supply", region="EU27", place=place, quantities_per_year=quantities)
    )


def test_a_maker_with_a_mine_of_its_own_takes_its_part_of_what_the_union_buys(bare: NamedGraph) -> None:
    """Germany takes 8 of chemicals a year from Chile: 2 of them from the Netherlands now, which need no 3 of ore."""
    found = apply_measures(bare, [own_mine(2.0)])
    named = found.named
    named.graph.check()
    made = 12 * named.graph.node_base
    node = named.standalone[CHEMICALS, "NLD"]
    assert named.places.codes[named.node_place[node]] == "NLD"
    assert made[node] == pytest.approx(2.0)
    assert made[named.node_of[CHEMICALS, "CHL"]] == pytest.approx(11.0)
    assert made[named.node_of[ORE, "CHL"]] == pytest.approx(19.5 - 3.0 + 15.0)
    assert [(one.product, one.quantity) for one in found.moved] == [(CHEMICALS, pytest.approx(2.0))]
    for product in (CHEMICALS, ORE):
        run = simulate_months(named.graph, [stop_of_chile(named, product)], MONTHS, named.rules)
        cells = named.node_of[CELL, "DEU"]
        assert run.output[-1, cells] / named.graph.node_base[cells] == pytest.approx(0.25)


def test_events_in_the_country_of_a_new_maker_hit_it(bare: NamedGraph) -> None:
    named = apply_measures(bare, [own_mine(2.0)]).named
    hit = named.nodes_of(frozenset([CHEMICALS]), named.places.of_region("NLD"))
    assert hit.tolist() == [named.standalone[CHEMICALS, "NLD"]]


def test_new_makers_and_scrap_stand_beside_each_other(bare: NamedGraph) -> None:
    """Of the 8 that Germany takes from Chile, 2 come from one mine, 3 from another, 2 from scrap: 1 is left."""
    named = apply_measures(bare, [own_mine(2.0), own_mine(3.0, "DEU"), won_back(0.25)]).named
    made = 12 * named.graph.node_base
    own = [made[named.standalone[CHEMICALS, place]] for place in ("NLD", "DEU", SCRAP)]
    assert own == pytest.approx([2.0, 3.0, 2.0])
    assert made[named.node_of[CHEMICALS, "CHL"]] == pytest.approx(5.0 + 1.0)


def test_of_all_that_is_bought_no_more_than_all_is_replaced(bare: NamedGraph) -> None:
    named = apply_measures(bare, [own_mine(6.0), won_back(0.5)]).named
    named.graph.check()
    made = 12 * named.graph.node_base
    assert made[named.standalone[CHEMICALS, SCRAP]] == pytest.approx(2.0)
    with pytest.raises(InputError, match=r"4 a year of .* where 2 is bought"):
        apply_measures(apply_measures(bare, [own_mine(6.0)]).named, [own_mine(4.0, "DEU")])


def test_more_than_is_bought_or_what_nobody_buys_is_refused(bare: NamedGraph) -> None:
    with pytest.raises(
        InputError, match=r"one\.yaml: 9 a year of .* made in NLD for EU27, where 8 is bought\. Make less"
    ):
        apply_measures(bare, [own_mine(9.0)])
    with pytest.raises(InputError, match=rf"nobody in EU27 is known to use {ORE}, so the integrated supply of it"):
        apply_measures(bare, [own_mine(1.0, product=ORE)])
    with pytest.raises(ValidationError, match="new makers are modelled for EU27 alone"):
        IntegratedSupply(kind="integrated_supply", region="DEU", place="NLD", quantities_per_year={CHEMICALS: 1.0})


def test_a_measure_of_recycling_becomes_the_supply_it_adds(bare: NamedGraph) -> None:
    change = Recycling(kind="recycling", region="EU27", year=2035, numbers={"exported_share": 0.0})
    more = {CHEMICALS: 0.1, ORE: 0.2, PACK: -0.1}
    (measure,) = worked_out([measure_of(change)], Workings(lambda asked: more, {CHEMICALS, PACK}, lambda asked: (), ()))
    (found,) = measure.file.changes
    assert isinstance(found, SecondarySupply)
    assert found.shares == {CHEMICALS: 0.1}
    assert set(with_standalone_for(bare, [measure]).standalone) == {(CHEMICALS, SCRAP)}
    with pytest.raises(NotKnownError, match=rf"one\.yaml: nobody in EU27 is known to use {CHEMICALS}, {ORE}"):
        worked_out([measure_of(change)], Workings(lambda asked: more, {PACK}, lambda asked: (), ()))
    with pytest.raises(InputError, match=r"one\.yaml: with these numbers no more is won back in 2035"):
        worked_out([measure_of(change)], Workings(lambda asked: {CHEMICALS: 0.0}, {CHEMICALS}, lambda asked: (), ()))
    told = rf"one\.yaml: .* 125% of {CHEMICALS} that is bought would be won back .* models/assumptions/recycling\.yaml"
    with pytest.raises(InputError, match=told):
        worked_out([measure_of(change)], Workings(lambda asked: {CHEMICALS: 1.25}, {CHEMICALS}, lambda asked: (), ()))
    magnets = change.model_copy(update={"goods": "magnets"})
    with pytest.raises(InputError, match=r"no more is won back .* See models/assumptions/magnet_recycling\.yaml"):
        worked_out([measure_of(magnets)], Workings(lambda asked: {}, {CHEMICALS}, lambda asked: (), ()))


def test_a_measure_cannot_make_scrap_of_everything() -> None:
    with pytest.raises(ValidationError, match=r"scrap_share: 1 is more than 0\.9 of what is started"):
        Recycling(kind="recycling", region="EU27", year=2035, numbers={"scrap_share": 1.0})


def test_without_exports_twice_as_much_is_won_back_where_recyclers_can_take_it(run_2026q1: Run) -> None:
    model = recycling_model(run_2026q1.project, run_2026q1.network, run_2026q1.package)
    assumed = model.assumed
    assert assumed.exported_share.value == 0.5
    change = Recycling(kind="recycling", region="EU27", year=2035, numbers={"exported_share": 0.0}, capacity="enough")
    more = more_won_back(model, change)
    recyclers_alone = more_won_back(model, change.model_copy(update={"numbers": {"exported_share": 0.5}}))
    usual = recycling(model).supply.filter(pl.col("year") == 2035)
    shares = dict(usual.select("material_id", "share").iter_rows())
    for name, metal in assumed.metals.items():
        with_recyclers = shares[name] + recyclers_alone[metal.product]
        assert shares[name] + more[metal.product] == pytest.approx(2.0 * with_recyclers)
    with pytest.raises(InputError, match="are known to 2035, not to 2038"):
        more_won_back(model, change.model_copy(update={"year": 2038}))


def test_aluminium_that_stays_is_half_of_what_is_exported(project: Project, run_2026q1: Run) -> None:
    text = (project.models / "measures" / "aluminium_scrap_stays.yaml").read_text(encoding="utf-8")
    row = "parameters.scrap_exports.aluminium_scrap_eu27.2024.ea_scrap_2025"
    exported = run_2026q1.package.table("parameters").filter(pl.col("row_id") == row)["value"][0]
    network = run_2026q1.network.network
    used = network.products["aluminium_primary"].demand[network.places.in_eu].sum()
    assert row in text
    assert f"aluminium_primary: {0.5 * 0.95 * exported / used:.3f}" in text


def test_shares_of_the_regulation_are_those_of_the_targets(project: Project, run_2026q1: Run) -> None:
    text = (project.models / "measures" / "battery_regulation_recycling.yaml").read_text(encoding="utf-8")
    targets = run_2026q1.package.table("policy_targets")
    for product, material in (("lithium_chemicals", "lithium"),):
        row = f"policy_targets.battreg_recycled_content_{material}_2036"
        value = targets.filter(pl.col("row_id") == row)["value"][0] / 100
        assert f"{product}: {value:g}" in text
