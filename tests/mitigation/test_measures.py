"""Measures on the hand-made network: what they change, what they cost, and how they are told to be wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from supplyrisk.disruption.assumptions import SourcedAssumption
from supplyrisk.disruption.from_network import graph_of_network
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.foundation.errors import InputError, NotKnownError
from supplyrisk.mitigation.apply import Applied, Quantity, apply_measures
from supplyrisk.mitigation.compare import Losses, days_lost, effects, mean_and_range, pairs_of
from supplyrisk.mitigation.cost import MeasureAssumptions, annuity, yearly_cost
from supplyrisk.mitigation.per_euro import ALL
from supplyrisk.mitigation.read import Measure, read_measures
from supplyrisk.risk.simulate import Group
from supplyrisk.scenario.compose import Vocabulary
from tests.network_builders import CELL, CHEMICALS, ORE, PACK, small_network

WORDS = Vocabulary(
    products=(PACK, CELL, CHEMICALS, ORE),
    countries=("CHL", "CHN", "DEU", "EU27", "NLD"),
    hazards=(),
    parameters={},
    rows=frozenset({"parameters.x"}),
    eu_members=("DEU", "NLD"),
)
HEAD = "title: {en: a, nl: b}\nsummary: {en: a, nl: b}\nlead_months: 12\nrests_on: {reason: why}\n"

Write = Callable[..., Measure]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(change: str, name: str = "one", head: str = HEAD) -> Measure:
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"{head}changes:\n  - {{{change}}}\n", encoding="utf-8")
        return read_measures([path], WORDS)[0]

    return to_file


@pytest.fixture(scope="module")
def bare() -> NamedGraph:
    return graph_of_network(small_network(), {})


def yearly(named: NamedGraph) -> dict[tuple[str, str], float]:
    return {key: 12 * float(named.graph.node_base[node]) for key, node in named.node_of.items()}


def test_rows_of_a_measure_are_those_of_its_reasons_and_its_cost(tmp_path: Path) -> None:
    words = Vocabulary(**{**WORDS.__dict__, "rows": ("a.one", "b.two", "c.three")})
    path = tmp_path / "one.yaml"
    premium = "{value: 0.5, low: 0.25, high: 1.0, basis: derived, rows: [b.two, a.one]}"
    path.write_text(
        f"{HEAD.replace('rests_on: {reason: why}', 'rests_on: {rows: [a.one]}')}cost: {{premium_share: {premium}}}\n"
        f"changes:\n  - {{kind: diversification, region: EU27, products: [{CELL}], away_from: [CHN], share: 0.5}}\n",
        encoding="utf-8",
    )
    (measure,) = read_measures([path], words)
    assert measure.rows == ("a.one", "b.two")


def test_purchases_move_and_everything_upstream_follows(bare: NamedGraph, write: Write) -> None:
    measure = write(f"kind: diversification, region: EU27, products: [{CELL}], away_from: [CHN], share: 0.5")
    after = apply_measures(bare, [measure]).named
    after.graph.check()
    made = yearly(after)
    # German packs took 4 cells from Germany and 6 from China; 3 of the 6 move. Chinese packs still take 4.
    assert made[CELL, "DEU"] == pytest.approx(7.0)
    assert made[CELL, "CHN"] == pytest.approx(3.0 + 4.0)
    # A cell takes 2 of chemicals: 14 for Germany, all from Chile; 14 for China, three quarters its own.
    assert made[CHEMICALS, "CHN"] == pytest.approx(14 * 0.75)
    assert made[CHEMICALS, "CHL"] == pytest.approx(14 + 14 * 0.25)
    assert yearly(bare)[CELL, "DEU"] == pytest.approx(4.0)
    ratio = after.graph.node_capacity / after.graph.node_base
    assert ratio == pytest.approx(bare.graph.node_capacity / bare.graph.node_base)


def test_purchases_move_to_those_named(bare: NamedGraph, write: Write) -> None:
    measure = write(f"kind: diversification, region: NLD, products: [{PACK}], away_from: [CHN], share: 1.0, to: [EU27]")
    made = yearly(apply_measures(bare, [measure]).named)
    assert made[PACK, "DEU"] == pytest.approx(12.0)
    assert made[PACK, "CHN"] == pytest.approx(2.0)


def test_a_quantity_moves_as_far_as_it_is_there(bare: NamedGraph, write: Write) -> None:
    words = f"kind: diversification, region: EU27, products: [{CELL}], away_from: [CHN]"
    found = apply_measures(bare, [write(f"{words}, quantity_per_year: 1.5, to: [EU27]")])
    # German packs take 6 cells from China, 4 from Germany.
    assert yearly(found.named)[CELL, "DEU"] == pytest.approx(5.5)
    assert [(item.product, item.quantity) for item in found.moved] == [(CELL, pytest.approx(1.5))]
    all_of_it = apply_measures(bare, [write(f"{words}, quantity_per_year: 6, to: [EU27]")])
    assert yearly(all_of_it.named)[CELL, "DEU"] == pytest.approx(10.0)
    with pytest.raises(InputError, match=r"one\.yaml: 100 a year of .* in EU27, and 6 is bought there from CHN"):
        apply_measures(bare, [write(f"{words}, quantity_per_year: 100, to: [EU27]")])
    for wrong in (words, f"{words}, share: 0.5, quantity_per_year: 2"):
        with pytest.raises(InputError, match="say either share or quantity_per_year"):
            write(wrong)


def test_use_grows_and_what_is_needed_with_it(bare: NamedGraph, write: Write) -> None:
    measure = write(f"kind: demand, region: NLD, products: [{PACK}], change_share: 0.5")
    after = apply_measures(bare, [measure]).named
    after.graph.check()
    made = yearly(after)
    assert made[PACK, "DEU"] == pytest.approx(11.0)  # half of the Netherlands' two more
    assert made[CELL, "CHN"] == pytest.approx(11 * 0.6 + 5.0)
    assert made[ORE, "CHL"] > yearly(bare)[ORE, "CHL"]


def test_a_stock_is_sized_on_the_use_that_other_measures_leave(bare: NamedGraph, write: Write) -> None:
    stock = write(f"kind: stockpile, region: NLD, products: [{PACK}], days: 30.4375, release_months: 2", "stock")
    more = write(f"kind: demand, region: NLD, products: [{PACK}], change_share: 0.5", "more")
    found = apply_measures(bare, [stock])
    (held,) = found.held
    assert (held.product, held.quantity) == (PACK, pytest.approx(4 / 12))
    pool = np.flatnonzero(found.named.graph.pool_stockpile > 0.0)
    assert len(pool) == 1
    assert found.named.graph.pool_release[pool[0]] == pytest.approx(4 / 12 / 2)
    for order in ([stock, more], [more, stock]):
        assert apply_measures(bare, order).held[0].quantity == pytest.approx(6 / 12)


def test_a_measure_that_touches_nothing_is_refused(bare: NamedGraph, write: Write) -> None:
    nothing = write(f"kind: diversification, region: NLD, products: [{CELL}], away_from: [CHN], share: 0.5")
    with pytest.raises(
        NotKnownError, match=rf"one\.yaml: nobody in NLD is known to use {CELL}, so the diversification"
    ):
        apply_measures(bare, [nothing])
    # A product that stays as it is would be costed and told as if it moved.
    half = write(f"kind: diversification, region: EU27, products: [{CELL}, {CHEMICALS}], away_from: [CHN], share: 0.5")
    with pytest.raises(InputError, match=rf"the diversification of {CHEMICALS} in EU27 touches nothing"):
        apply_measures(bare, [half])
    other = write(f"kind: substitution, region: EU27, from_product: {PACK}, to_product: {CELL}, share: 0.5")
    with pytest.raises(InputError, match="no place there uses both"):
        apply_measures(bare, [other])
    grams = replace(bare, unit={**bare.unit, CELL: "GWh"})
    with pytest.raises(InputError, match=f"{PACK} is counted in t and {CELL} in GWh"):
        apply_measures(grams, [other])
    elsewhere = replace(bare, place_known={**bare.place_known, CELL: False})
    stock = write(f"kind: stockpile, region: EU27, products: [{CELL}], days: 30, release_months: 2")
    with pytest.raises(NotKnownError, match=rf"one\.yaml: nobody in EU27 is known to use {CELL}, so the stockpile"):
        apply_measures(elsewhere, [stock])
    chemicals = f"kind: diversification, region: EU27, products: [{CHEMICALS}], away_from: [CHL], share: 1.0"
    with pytest.raises(NotKnownError, match=rf"one\.yaml: no maker of {CHEMICALS} in NLD is known"):
        apply_measures(bare, [write(f"{chemicals}, to: [NLD]")])


def test_the_order_of_files_changes_nothing(bare: NamedGraph, write: Write) -> None:
    away = write(f"kind: diversification, region: EU27, products: [{CELL}], away_from: [CHN], share: 0.5", "away")
    more = write(f"kind: demand, region: EU27, products: [{PACK}], change_share: 0.5", "more")
    scrap = write(f"kind: secondary_supply, region: EU27, shares: {{{CHEMICALS}: 0.25}}", "scrap")
    first, second = (apply_measures(bare, order) for order in ([away, more, scrap], [scrap, more, away]))
    assert np.array_equal(first.named.graph.node_base, second.named.graph.node_base)
    assert first.moved == second.moved
    # Use grows before a part of purchases moves.
    assert first.moved[0].quantity == pytest.approx(0.5 * 6.0 * 1.5)


def test_two_measures_of_one_name_are_refused(tmp_path: Path) -> None:
    change = f"changes:\n  - {{kind: demand, region: EU27, products: [{PACK}], change_share: 0.2}}\n"
    paths = [tmp_path / "a" / "one.yaml", tmp_path / "b" / "one.yaml", tmp_path / "a" / "all.yaml"]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_text(HEAD + change, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_measures(paths, WORDS)
    assert "two measures would be called 'one'" in str(caught.value)
    assert "two measures would be called 'all'" in str(caught.value)


def test_wrong_measures_are_told_all_at_once(tmp_path: Path) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text(
        HEAD + "changes:\n"
        "  - {kind: stockpile, region: EU72, products: [battery_pack_lpf], days: 30, release_months: 2}\n"
        f"  - {{kind: diversification, region: EU27, products: [{CELL}], away_from: [CHM], share: 0.5}}\n"
        f"  - {{kind: demand, region: EU27, products: [{PACK}], change_share: 0.2}}\n",
        encoding="utf-8",
    )
    two.write_text(
        HEAD.replace("reason: why", "rows: [parameters.y]")
        + f"changes:\n  - {{kind: demand, region: EU27, products: [{PACK}], change_share: -0.1}}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        read_measures([one, two], WORDS)
    told = str(caught.value)
    assert "5 problems" in told
    assert "line 6, changes[0].region: 'EU72' is not a country. Did you mean 'EU27'?" in told
    assert f"'battery_pack_lpf' is not a product of the chains. Did you mean '{PACK}'?" in told
    assert "'CHM' is not a country. Did you mean 'CHN'?" in told
    assert "'parameters.y' is not a row of the data package. Did you mean 'parameters.x'?" in told
    assert f"two.yaml, changes: use of {PACK} in EU27 goes the other way in one.yaml" in told


def test_wrong_keys_words_and_ranges_of_a_measure_are_told_together(write: Write) -> None:
    wrong = "kind: stockpile, region: EU72, products: [battery_pack_lpf], day: 30, release_months: 0"
    with pytest.raises(InputError) as caught:
        write(wrong)
    told = str(caught.value)
    for part in ("'EU72' is not a country", "'battery_pack_lpf' is not a product", "'day' is not a key", "0 is "):
        assert part in told, told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (f"kind: diversification, region: EU27, products: [{CELL}], away_from: [CHN], share: 1.5", "above the maximum"),
        (
            f"kind: diversification, region: EU27, products: [{CELL}], away_from: [CHN], to: [CHN], share: 0.5",
            "it moves away from and to the same country: CHN",
        ),
        ("kind: stockpil, region: EU27", "'stockpile'"),
        (
            f"kind: integrated_supply, region: EU27, place: CHN, quantities_per_year: {{{CHEMICALS}: 1}}",
            "line 6, changes[0].place: 'CHN' is no member state of the EU. New makers are modelled in the EU alone.",
        ),
        (
            f"kind: demand, region: EU27, products: [{PACK}], change_share: 0.1, replaced_by: {{en: a, nl: b}}",
            "replaced_by: nothing is replaced where use grows",
        ),
    ],
)
def test_numbers_and_kinds_that_cannot_be(write: Write, change: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        write(change)
    assert told in str(caught.value)


def test_a_ramp_longer_than_the_lead_and_capital_without_life_are_refused(write: Write) -> None:
    change = f"kind: demand, region: EU27, products: [{PACK}], change_share: 0.2"
    with pytest.raises(
        InputError, match=r"line 5, ramp_months: 24 is longer than lead_months 12: it would work before"
    ):
        write(change, head=HEAD + "ramp_months: 24\n")
    with pytest.raises(InputError, match="capex_eur and lifetime_years belong together"):
        write(change, head=HEAD + "cost: {lifetime_years: 10}\n")


def test_mistakes_of_a_file_are_told_once_and_plainly(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    change = f"changes:\n  - {{kind: stockpile, region: EU27, products: [{PACK}], days: -3, release_months: 2}}\n"
    path.write_text(HEAD.replace("lead_months", "lead_month") + change, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_measures([path], WORDS)
    told = str(caught.value)
    assert "3 problems" in told
    assert "changes[0].days: -3 is not above 0" in told
    assert "'lead_month' is not a key here. Did you mean 'lead_months'?" in told
    assert "the key 'lead_months' is missing" in told
    path.write_text(HEAD + "ramp_months: 24\n" + change.replace("-3", "30"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_measures([path], WORDS)
    assert "1 problem." in str(caught.value)
    path.write_text(HEAD + "changes: []\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"changes: .*at least 1 item"):
        read_measures([path], WORDS)


def assumed(value: float) -> SourcedAssumption:
    return SourcedAssumption(value=value, low=value / 2, high=value * 2, basis="assumed", reason="a test")


COSTS = MeasureAssumptions(
    discount_rate=assumed(0.04), storage_share=assumed(0.02), crowding_out_share=assumed(0.1), sets=2, leader_sets=2
)


def test_capital_is_paid_back_over_its_life() -> None:
    assert annuity(1000.0, 0.05, 10.0) == pytest.approx(129.5046, abs=1e-4)
    assert annuity(1000.0, 0.0, 10.0) == 100.0


def test_costs_of_stocks_and_of_works(bare: NamedGraph, write: Write) -> None:
    stock = write(f"kind: stockpile, region: NLD, products: [{PACK}], days: 30, release_months: 2")
    holding = Applied(bare, (Quantity(PACK, 50.0),), ())
    nothing = Applied(bare, (), ())
    cost = yearly_cost(stock, holding, {PACK: 10.0}, COSTS)
    assert (cost.value, cost.low, cost.high) == (pytest.approx(30.0), pytest.approx(15.0), pytest.approx(60.0))
    unknown = yearly_cost(stock, holding, {}, COSTS)
    assert (unknown.value, unknown.missing_reason) == (None, f"no_price:{PACK}")
    change = f"kind: demand, region: EU27, products: [{PACK}], change_share: 0.2"
    assert yearly_cost(write(change), nothing, {}, COSTS).missing_reason == "no_cost_figure"
    priced = write(
        change,
        head=HEAD + "cost:\n  lifetime_years: 10\n"
        "  capex_eur: {value: 1000.0, low: 1000.0, high: 1000.0, basis: assumed, reason: a test}\n"
        "  opex_eur_per_year: {value: 5.0, low: 5.0, high: 5.0, basis: assumed, reason: a test}\n",
    )
    assert yearly_cost(priced, nothing, {}, COSTS).value == pytest.approx(annuity(1000.0, 0.04, 10.0) + 5.0)


def test_what_moves_costs_its_premium(bare: NamedGraph, write: Write) -> None:
    change = f"kind: diversification, region: EU27, products: [{CELL}], away_from: [CHN], share: 0.5"
    head = HEAD + "cost:\n  premium_share: {value: 0.5, low: 0.25, high: 1.0, basis: assumed, reason: a test}\n"
    measure = write(change, head=head)
    cost = yearly_cost(measure, apply_measures(bare, [measure]), {CELL: 20.0}, COSTS)
    # 3 cells move, at 20 each.
    assert (cost.value, cost.low, cost.high) == (pytest.approx(30.0), pytest.approx(15.0), pytest.approx(60.0))
    unpriced = yearly_cost(measure, apply_measures(bare, [measure]), {}, COSTS)
    assert (unpriced.value, unpriced.missing_reason) == (None, f"no_price:{CELL}")
    priced = write(
        change,
        head=head + f"  prices: {{{CELL}: {{value: 10.0, low: 10.0, high: 40.0, basis: assumed, reason: a test}}}}\n",
    )
    own = yearly_cost(priced, apply_measures(bare, [priced]), {}, COSTS)
    assert (own.value, own.low, own.high) == (pytest.approx(15.0), pytest.approx(7.5), pytest.approx(120.0))
    known = COSTS.model_copy(update={"prices": {CELL: assumed(30.0)}})
    shared = yearly_cost(measure, apply_measures(bare, [measure]), {CELL: 20.0}, known)
    assert (shared.value, shared.low, shared.high) == (pytest.approx(45.0), pytest.approx(11.25), pytest.approx(180.0))
    assert yearly_cost(priced, apply_measures(bare, [priced]), {}, known) == own
    without = write(change, head=HEAD + "cost: {}\n")
    assert yearly_cost(without, apply_measures(bare, [without]), {CELL: 20.0}, COSTS).missing_reason == "no_cost_figure"
    with pytest.raises(InputError, match=r"cost\.premium_share: nothing moves that could cost a premium"):
        write(f"kind: demand, region: EU27, products: [{PACK}], change_share: 0.2", head=head)
    with pytest.raises(InputError, match=r"premium_share.*outside the range -0\.9 to 5"):
        write(change, head=head.replace("high: 1.0", "high: 7.0"))


def test_what_saves_money_saves_most_where_prices_are_high(bare: NamedGraph, write: Write) -> None:
    price = f"  prices: {{{CELL}: {{value: 1000.0, low: 500.0, high: 1500.0, basis: assumed, reason: a test}}}}\n"
    many = Quantity(CELL, 100.0)

    def cost(change: str, name: str, value: float, low: float, high: float) -> tuple[float | None, ...]:
        share = f"  {name}: {{value: {value}, low: {low}, high: {high}, basis: assumed, reason: a test}}\n"
        measure = write(f"{change}, region: EU27, products: [{CELL}]", head=HEAD + "cost:\n" + share + price)
        found = yearly_cost(measure, Applied(bare, (), (many,), (many,)), {}, COSTS)
        return found.value, found.low, found.high

    joint = "kind: joint_purchasing, share: 0.5"
    # 100 at 1,000 with 2 % off; at best 2.5 % of 1,500, at worst 1.5 % of 500.
    assert cost(joint, "price_reduction_share", 0.02, 0.015, 0.025) == pytest.approx((-2000.0, -3750.0, -750.0))
    moved = "kind: diversification, away_from: [CHN], share: 0.5"
    assert cost(moved, "premium_share", -0.02, -0.025, -0.015) == pytest.approx((-2000.0, -3750.0, -750.0))
    # A premium of either sign: the high price makes both the best and the worst of it.
    assert cost(moved, "premium_share", 0.01, -0.01, 0.03) == pytest.approx((1000.0, -1500.0, 4500.0))


T_OF_TWO_SETS = 6.313752
"""t(0.95, 1)."""


def test_effects_last_in_and_pairs_of_a_known_run() -> None:
    group = Group("EU27", PACK, np.array([0]), 10.0)
    base = np.array([0.0, 0.1, 0.2, 0.4])
    less = {"a": 0.5, "b": 0.5}

    def run(names: frozenset[str]) -> Losses:
        left = float(np.prod([1.0 - less[name] for name in names]))
        return Losses([group], np.array([0, 0, 1, 1]), left * base[:, None])

    told: list[float] = []
    given = (["EU27"], {PACK: 2.0}, told.append)
    table, pairs = effects(run, ["a", "b"], ["a", "b"], *given), pairs_of(run, [("a", "b")], *given)
    days = days_lost(run, ["a", "b"], ["EU27"], confirmed=True)
    rows = {(row["measures"], row["how"]): row for row in table.iter_rows(named=True)}
    yearly_use = 12 * 2.0 * 10.0
    assert rows["a", "alone"]["avoided"] == pytest.approx(0.5 * base.mean() * yearly_use)
    assert rows["a", "last"]["avoided"] == pytest.approx(0.25 * base.mean() * yearly_use)
    assert rows[ALL, "together"]["avoided"] == pytest.approx(0.75 * base.mean() * yearly_use)
    assert rows["a", "alone"]["avoided_cvar95"] == pytest.approx(0.2 * yearly_use)
    assert rows["a", "alone"]["loss_before"] == pytest.approx(base.mean() * yearly_use)
    # Means of the two sets are 5 and 30 % lost, 12.5 points to either side of 17.5, which two sets leave as it is: 5 %
    # of two values lies a twentieth of the way from the lower one. Within them the variances are 0.005 and 0.02, a mean
    # of 0.0125: 0.003125 is chance in the mean of four draws.
    apart, chance = 0.9 * 0.125, T_OF_TWO_SETS * 0.003125**0.5
    assert rows["a", "alone"]["low"] == pytest.approx(0.5 * (0.175 - (apart**2 + chance**2) ** 0.5) * yearly_use)
    pair = pairs.row(0, named=True)
    assert pair["interaction"] == pytest.approx(-0.25 * base.mean() * yearly_use)  # the same work twice
    day = days.filter(pl.col("measures") == "a").row(0, named=True)
    assert day["days_after"] == pytest.approx(365.25 * 0.5 * base.mean())
    assert day["change"] == pytest.approx(-365.25 * 0.5 * base.mean())
    # What is saved by day has the range of what is avoided in euros, with its ends exchanged.
    assert -day["change_high"] * yearly_use == pytest.approx(365.25 * rows["a", "alone"]["low"])
    assert day["confirmed"]
    assert told[-1] == 1.0
    # What stands apart is told alone, and is no part of all together.
    only = effects(run, ["a", "b"], ["a"], *given)
    assert only.select("measures", "how").rows() == [("a", "alone"), ("b", "alone")]


def test_a_range_holds_what_sets_differ_by_and_chance_in_the_mean_of_all_draws() -> None:
    # Two sets of -1 ± 1.2 and 1 ± 1.2: V = 2, of which 1.44 is chance in a mean of two draws; but two sets tell that so
    # poorly (V·√2 more) that their distances of 1 stay, of which 5 and 95 % lie at nine tenths. 0.72 is chance in the
    # mean of four.
    found = mean_and_range(np.array([-2.2, 0.2, -0.2, 2.2]), np.array([0, 0, 1, 1]))
    end = (0.81 + T_OF_TWO_SETS**2 * 0.72) ** 0.5
    assert found == pytest.approx((0.0, -end, end))
    # 201 sets of four draws, a hundred at 2 and at -2, within which draws lie 2 to either side: V = 4, of which
    # 4/3 is chance, and a tenth of V its standard error. t(0.95, 200) = 1.65251.
    means, within = np.array([*[-2.0, 2.0] * 100, 0.0]), np.array([-2.0, -2.0, 2.0, 2.0])
    found = mean_and_range((means[:, None] + within).ravel(), np.repeat(np.arange(201), 4))
    variance = 16.0 / 3.0
    end = (4.0 * (1.0 - variance / 4.0 / 4.0 + 0.1) + 1.65251**2 * variance / 804.0) ** 0.5
    assert found == pytest.approx((0.0, -end, end), rel=1e-4)
    # 400 sets of four draws that differ by no more than chance: of V = 400/399 the standard error is left.
    means = np.tile([-1.0, 1.0], 200)
    found = mean_and_range((means[:, None] + within).ravel(), np.repeat(np.arange(400), 4))
    end = ((2.0 / 399.0) ** 0.5 + 1.6487**2 * variance / 1600.0) ** 0.5
    assert found == pytest.approx((0.0, -end, end), rel=1e-4)
    # With a draw a set nobody can tell the two apart: all of it stays in the range.
    assert mean_and_range(np.array([0.0, 1.0]), np.array([0, 1])) == pytest.approx((0.5, 0.05, 0.95))
    assert mean_and_range(np.full(4, 3.0), np.array([0, 0, 1, 1])) == (3.0, 3.0, 3.0)


def test_no_sign_rests_on_one_draw() -> None:
    # t(0.95, 2) = 2.91999. Of all six draws: means 3, 4 and 2, of which 5 % lie 0.9 below 3, and c = t·sqrt(16/3/6):
    # the low end is 0.10. Without the 6: mean 2.4, means 3, 2 and 2, variance within 4, c = t·sqrt(4/5): it lies below
    # nothing.
    values, set_of = np.array([1.0, 5.0, 6.0, 2.0, 2.0, 2.0]), np.repeat(np.arange(3), 2)
    mean, low, high = mean_and_range(values, set_of)
    assert (mean, low) == pytest.approx((3.0, 2.4 - (0.4**2 + 2.919986**2 * 0.8) ** 0.5), rel=1e-5)
    of_all = (0.9**2 + 2.919986**2 * 16.0 / 18.0) ** 0.5
    assert low < 0.0 < 3.0 - of_all
    assert high == pytest.approx(3.0 + of_all)
    assert mean_and_range(-values, set_of) == pytest.approx((-3.0, -high, -low))


def test_ranges_of_rare_events_hold_the_truth_and_tell_no_sure_wrong_sign() -> None:
    # In a tenth of draws a euro is lost; in eight of a thousand (none to sixteen, by set) 30 are won. Set means that
    # are only drawn together hold 57 of a hundred means that numbers can give, and the mean of all in 86.
    random, sets, each, times = np.random.default_rng(7), 20, 50, 1000
    chances = 0.008 * np.linspace(0.0, 2.0, 201)
    truths = 30.0 * chances - 0.1 * (1.0 - chances)
    of_numbers, of_all, wrong = [], [], 0
    for _ in range(times):
        chance = 0.008 * random.uniform(0.0, 2.0, (sets, 1))
        small = np.where(random.random((sets, each)) < 0.1, -1.0, 0.0)
        values = np.where(random.random((sets, each)) < chance, 30.0, small)
        _, low, high = mean_and_range(values.ravel(), np.repeat(np.arange(sets), each))
        of_numbers.append(float(((low <= truths) & (truths <= high)).mean()))
        of_all.append(low <= truths.mean() <= high)
        wrong += high < 0.0
    assert 0.9 <= np.mean(of_numbers) < 1.0
    assert np.mean(of_all) >= 0.9
    assert wrong <= 0.005 * times


def test_use_taken_over_by_goods_outside_the_network_stands_alone(write: Write) -> None:
    change = f"kind: demand, region: EU27, products: [{PACK}], change_share: -0.1"
    assert not write(change).stands_alone
    measure = write(f"{change}, replaced_by: {{en: sodium-ion packs, nl: natrium-ionpakketten}}")
    assert measure.stands_alone
    assert [goods.nl for goods in measure.replaced_by] == ["natrium-ionpakketten"]
    assert write(change.replace("-0.1", "0.1")).stands_alone


def test_a_new_maker_and_purchases_away_from_its_country_contradict(write: Write, tmp_path: Path) -> None:
    write(f"kind: integrated_supply, region: EU27, place: DEU, quantities_per_year: {{{CHEMICALS}: 1}}")
    write(f"kind: diversification, region: EU27, products: [{CHEMICALS}], away_from: [DEU], share: 0.5", "two")
    with pytest.raises(
        InputError, match=rf"two\.yaml, changes: purchases of {CHEMICALS} in EU27 move to and away from"
    ):
        read_measures([tmp_path / "one.yaml", tmp_path / "two.yaml"], WORDS)
