"""A hand-made chain through a shock: who goes short, of what, and why; expected numbers worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from supplyrisk.disruption.assumptions import DisruptionAssumptions, read_disruption_assumptions
from supplyrisk.disruption.engine import simulate_months
from supplyrisk.disruption.from_network import Hosts, graph_of_network
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.outcome import Outcome, outcome_of
from supplyrisk.disruption.parametrise import with_assumptions
from supplyrisk.disruption.shocks import Hit, Shock
from supplyrisk.foundation.errors import InputError
from supplyrisk.mitigation.standalone import with_standalone
from supplyrisk.network.places import EU_UNSPECIFIED
from tests.data_words import every_row, first_cells
from tests.network_builders import CELL, CHEMICALS, ORE, PACK, small_network

SHIPPED = Path(__file__).parents[2] / "models" / "assumptions" / "disruption.yaml"
STIFF = {
    "cover_days": 0.0, "final_cover_days": 0.0, "spare_share": 0.0, "switch_share": 0.0, "lag_months": 0.0,
    "backorder_share": 0.0,
}  # fmt: skip


class _Anything(tuple[str, ...]):
    """Contains every word: these tests are not about words."""

    def __contains__(self, word: object) -> bool:
        return True


@pytest.fixture(scope="module")
def assumptions() -> DisruptionAssumptions:
    return read_disruption_assumptions(SHIPPED, _Anything(), _Anything())


def stiff(assumptions: DisruptionAssumptions, **fixed: float) -> NamedGraph:
    """The small network without stocks, idle capacity, switching or shipping times."""
    return with_assumptions(graph_of_network(small_network(), {}), assumptions.with_fixed({**STIFF, **fixed}))


def run(named: NamedGraph, shocks: list[Shock], months: int = 6) -> Outcome:
    regions = {code: named.places.of_region(code) for code in ("EU27", "NLD", "CHN")}
    return outcome_of(named, simulate_months(named.graph, shocks, months, named.rules), shocks, regions)


def chinese_cells(named: NamedGraph, start: int, length: int, severity: float = 1.0) -> list[Shock]:
    nodes = named.nodes_of(frozenset({CELL}), named.places.of_region("CHN"))
    return [Shock(Hit.CAPACITY, tuple(int(node) for node in nodes), start, length, severity)]


def test_the_graph_at_rest_is_a_twelfth_of_the_year(assumptions: DisruptionAssumptions) -> None:
    named = stiff(assumptions)
    base = {key: float(named.graph.node_base[node]) for key, node in named.node_of.items()}
    assert base[PACK, "DEU"] == pytest.approx(10 / 12)
    assert base[CELL, "CHN"] == pytest.approx(10 / 12)
    assert base[ORE, "CHL"] == pytest.approx(34.5 / 12)
    pools = {
        (named.products[product], named.places.codes[place]): float(use)
        for product, place, use in zip(named.pool_product, named.pool_place, named.graph.pool_use, strict=True)
    }
    assert pools[CHEMICALS, "CHN"] == pytest.approx(20 / 12)
    assert named.graph.stages == 4
    final = named.graph.slot_demand.sum()
    assert final == pytest.approx(14 / 12)


def test_without_chinese_cells_packs_fall_short_as_worked_out_by_hand(assumptions: DisruptionAssumptions) -> None:
    # German packs take 4 of 10 cells from Germany: two fifths are left. Germany uses 8 of its own and 2 Chinese packs,
    # so 3.2 of 10 arrive; the Netherlands 2 and 2, so 0.8 of 4. Chinese makers of packs get nothing.
    named = stiff(assumptions)
    found = run(named, chinese_cells(named, 1, 3)).final_use
    by_region = {row["region"]: row for row in found.iter_rows(named=True)}
    assert by_region["NLD"]["worst_share"] == pytest.approx(0.8)
    assert by_region["EU27"]["worst_share"] == pytest.approx(1.0 - (3.2 + 0.8) / 14.0)
    assert by_region["NLD"]["lost_quantity"] == pytest.approx(3 * 0.8 * 4 / 12)
    assert by_region["NLD"]["lost_days"] == pytest.approx(3 * 0.8 * 365.25 / 12)
    assert (by_region["NLD"]["first_short_month"], by_region["NLD"]["months_short"]) == (2, 3)
    assert by_region["NLD"]["recovered_month"] == 5


def test_makers_are_held_up_by_the_input_that_is_missing(assumptions: DisruptionAssumptions) -> None:
    named = stiff(assumptions)
    found = run(named, chinese_cells(named, 1, 3)).makers
    rows = {(row["region"], row["product_id"]): row for row in found.iter_rows(named=True)}
    assert rows["CHN", CELL]["reason"] == "capacity"
    assert (rows["EU27", PACK]["reason"], rows["EU27", PACK]["input_id"]) == ("input", CELL)
    assert rows["EU27", PACK]["lost_days"] == pytest.approx(3 * 0.6 * 365.25 / 12)
    assert rows["CHN", CHEMICALS]["reason"] == "orders"


def test_a_stock_carries_over_as_many_days_as_it_holds(assumptions: DisruptionAssumptions) -> None:
    # A month and a half of cells at makers of packs: the first month is served whole, the second by half of the
    # missing part, the third by none of it.
    named = stiff(assumptions, cover_days=1.5 * 0.6 * 365.25 / 12, refill_months=24.0)
    shares = simulate_months(named.graph, chinese_cells(named, 1, 3), 4, named.rules)
    pack = named.node_of[PACK, "DEU"]
    met = shares.output[:, pack] / named.graph.node_base[pack]
    assert met[:2] == pytest.approx([1.0, 1.0])
    assert 0.6 < met[2] < 0.75
    assert met[3] == pytest.approx(0.4, abs=0.03)
    table = run(named, chinese_cells(named, 1, 3)).stocks
    cells = table.filter((pl.col("region") == "EU27") & (pl.col("product_id") == CELL))
    assert cells["first_month"][0] == 3
    assert cells["user_id"][0] == PACK


def test_buyers_switch_to_who_still_delivers_and_back(assumptions: DisruptionAssumptions) -> None:
    named = stiff(assumptions, switch_share=1.0, spare_share=1.0, ramp_months=1.0)
    found = run(named, chinese_cells(named, 1, 3), months=12).switching
    rows = {(row["region"], row["product_id"], row["country"]): row for row in found.iter_rows(named=True)}
    german = rows["EU27", CELL, "DEU"]
    assert german["share_before"] == pytest.approx(0.4)
    assert german["share_then"] == pytest.approx(0.8)  # twice its capacity and no more
    assert german["share_end"] == pytest.approx(0.4, abs=1e-3)
    assert german["gained_share"] == pytest.approx(0.4)


def test_a_ban_on_one_buyer_is_no_ban_on_all(assumptions: DisruptionAssumptions) -> None:
    named = stiff(assumptions)
    chile, china = named.places.of_region("CHL"), named.places.of_region("CHN")
    links = named.links_of(frozenset({CHEMICALS}), chile, named.places.of_region("EU27"))
    found = run(named, [Shock(Hit.LANE, tuple(int(link) for link in links), 0, 2, 1.0)])
    rows = {row["region"]: row for row in found.final_use.iter_rows(named=True)}
    # Only the 6 Chinese of 10 cells are left in Germany: 4 of the 14 packs used in the EU are missing.
    assert rows["EU27"]["worst_share"] == pytest.approx(4 / 14)
    assert len(named.links_of(frozenset({CHEMICALS}), chile, china)) == 1
    # Chinese cells still get Chilean chemicals, so packs made in China from them are all there.
    chinese = found.makers.filter((pl.col("region") == "CHN") & (pl.col("reason") != "orders"))
    assert chinese.is_empty()
    surplus = found.surplus.filter((pl.col("product_id") == CHEMICALS) & (pl.col("country") == "CHL"))
    assert surplus["worst_share"][0] == pytest.approx(8 / 13)


def test_more_demand_than_can_be_made_is_a_shortage(assumptions: DisruptionAssumptions) -> None:
    named = stiff(assumptions)
    slots = named.final_slots_of(frozenset({PACK}), named.places.of_region("NLD"))
    found = run(named, [Shock(Hit.DEMAND, tuple(int(slot) for slot in slots), 1, 2, -0.5)])
    rows = {row["region"]: row for row in found.final_use.iter_rows(named=True)}
    assert rows["NLD"]["worst_share"] == pytest.approx(1.0 - _served_to_netherlands(), abs=1e-9)


def _served_to_netherlands() -> float:
    """Half more is asked from both: Germany makes 10 and is asked 8 + 3, China makes 4 and is asked 2 + 3."""
    german, chinese = 10.0 / (8.0 + 3.0), 4.0 / (2.0 + 3.0)
    return (3.0 * german + 3.0 * chinese) / 6.0


def test_a_by_product_falls_with_its_host(assumptions: DisruptionAssumptions) -> None:
    bare = graph_of_network(small_network(), {CELL: Hosts({ORE: 0.5}, 0.5)})
    named = with_assumptions(bare, assumptions.with_fixed(STIFF))
    # Only Chile and the rest of the world mine ore and neither makes cells: no host there, nothing to fall with.
    assert set(named.graph.node_host.tolist()) == {-1}
    bare = graph_of_network(small_network(), {CHEMICALS: Hosts({ORE: 0.5}, 0.5)})
    named = with_assumptions(bare, assumptions.with_fixed(STIFF))
    node, host = named.node_of[CHEMICALS, "CHL"], named.node_of[ORE, "CHL"]
    assert (named.graph.node_host[node], named.graph.node_host_share[node]) == (host, 0.5)
    shock = [Shock(Hit.CAPACITY, (host,), 1, 3, 0.4)]
    months = simulate_months(named.graph, shock, 4, named.rules)
    assert months.available[2, node] / named.graph.node_base[node] == pytest.approx(1.0 - 0.5 * 0.4)


def test_home_first_serves_the_own_country_then_the_single_market(assumptions: DisruptionAssumptions) -> None:
    fixed = assumptions.with_fixed(STIFF, "home_first")
    named = with_assumptions(graph_of_network(small_network(), {}), fixed)
    pack = named.node_of[PACK, "DEU"]
    shocks = [Shock(Hit.CAPACITY, (pack,), 0, 3, 0.2)]
    rows = {row["region"]: row for row in run(named, shocks).final_use.iter_rows(named=True)}
    # Of 10 packs 8 are left: all go to German users, none to Dutch ones.
    assert rows["NLD"]["worst_share"] == pytest.approx(0.5)
    assert rows["EU27"]["worst_share"] == pytest.approx(2 / 14)


def test_by_price_the_highest_bid_is_served_first(assumptions: DisruptionAssumptions) -> None:
    fixed = assumptions.with_fixed(STIFF, "price", {"EU27": 1.1, "NLD": 1.2})
    named = with_assumptions(graph_of_network(small_network(), {}), fixed)
    shocks = [Shock(Hit.CAPACITY, (named.node_of[PACK, "DEU"],), 0, 3, 0.2)]
    rows = {row["region"]: row for row in run(named, shocks).final_use.iter_rows(named=True)}
    # Of 10 packs 8 are left: the Dutch users, who pay most, get all of theirs, the German ones the rest.
    assert rows["NLD"]["worst_share"] == pytest.approx(0.0, abs=1e-12)
    assert rows["EU27"]["worst_share"] == pytest.approx(2 / 14)


def test_assumptions_that_cannot_be_used_are_told_all_at_once(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    text = text.replace("cobalt_mine: {value: 105", "cobalt_mines: {value: 105", 1)
    text = text.replace("value: {value: 30, low: 15, high: 60", "value: {value: 30, low: 15, high: 6000", 1)
    text = text.replace("large_cobalt_smelters_normal", "large_cobalt_smelter_normal", 1)
    path = tmp_path / "disruption.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_disruption_assumptions(path, first_cells()["products"], every_row())
    told = str(caught.value)
    assert "The assumptions of disruption cannot be used: 3 problems." in told
    assert "disruption.cover_days.value: 6000 is outside the range 0 to 720" in told
    assert "'cobalt_mines' is not a product of the chains. Did you mean 'cobalt_mine'?" in told
    assert "is not a row of the data package. Did you mean 'parameters.inventory_days.large_cobalt_smelters" in told


def test_every_range_of_the_shipped_assumptions_moves_the_graph(assumptions: DisruptionAssumptions) -> None:
    bare = with_standalone(graph_of_network(small_network(), {}), [(CHEMICALS, EU_UNSPECIFIED)])
    for name in assumptions.parameters:
        low = with_assumptions(bare, assumptions.at(name, "low"))
        high = with_assumptions(bare, assumptions.at(name, "high"))
        same = all(np.array_equal(getattr(low.graph, field), getattr(high.graph, field)) for field in vars(bare.graph))
        assert not same or low.rules != high.rules, name
