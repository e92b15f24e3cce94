"""Buying together, European content and what it may provoke, on the hand-made network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from supplyrisk.disruption.assumptions import DisruptionAssumptions, End, SourcedAssumption
from supplyrisk.disruption.at_rest import at_rest
from supplyrisk.disruption.from_network import graph_of_network
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.parametrise import with_assumptions
from supplyrisk.disruption.shocks import Hit, Shock, ShockTable, shock_table, with_more_shocks
from supplyrisk.disruption.supply_graph import SupplyGraph
from supplyrisk.foundation.errors import InputError, NotKnownError
from supplyrisk.mitigation import apply
from supplyrisk.mitigation.apply import MeasureRetaliation, apply_measures
from supplyrisk.mitigation.bought_together import capped_mix
from supplyrisk.mitigation.cost import yearly_cost
from supplyrisk.mitigation.european_content import central_idle
from supplyrisk.mitigation.in_place import InPlace
from supplyrisk.mitigation.market import market
from supplyrisk.mitigation.read import Measure, read_measures
from supplyrisk.mitigation.retaliation import with_retaliation
from supplyrisk.mitigation.specification import EuContentRequirement, Retaliation
from supplyrisk.runs.common_draws import idle_in_set
from supplyrisk.runs.quarterly import Run
from supplyrisk.scenario.compose import Vocabulary
from tests.mitigation.test_measures import COSTS
from tests.network_builders import CELL, CHEMICALS, ORE, PACK, one_product, small_network

WORDS = Vocabulary(
    products=(PACK, CELL, CHEMICALS, ORE),
    countries=("CHL", "CHN", "DEU", "EU27", "NLD"),
    hazards=(),
    parameters={},
    rows=(),
    eu_members=("DEU", "NLD"),
)
HEAD = "title: {en: a, nl: b}\nsummary: {en: a, nl: b}\nlead_months: 12\nrests_on: {reason: why}\n"
IDLE = "{value: 1.0, low: 0.5, high: 1.5, basis: assumed, reason: a test}"
PREMIUM = "cost:\n  premium_share: {value: 0.5, low: 0.25, high: 1.0, basis: assumed, reason: a test}\n"

Write = Callable[..., Measure]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(*changes: str, head: str = HEAD) -> Measure:
        path = tmp_path / "one.yaml"
        path.write_text(head + "changes:\n" + "".join(f"  - {{{change}}}\n" for change in changes), encoding="utf-8")
        return read_measures([path], WORDS)[0]

    return to_file


@pytest.fixture(scope="module")
def bare() -> NamedGraph:
    return graph_of_network(small_network(), {})


@pytest.fixture(scope="module")
def ores() -> NamedGraph:
    """Germany buys 6 of ore from China and 2 from Chile, the Netherlands one from each."""
    lanes = {("CHN", "DEU"): 6.0, ("CHL", "DEU"): 2.0, ("CHN", "NLD"): 1.0, ("CHL", "NLD"): 1.0}
    return graph_of_network(one_product({"CHN": 7.0, "CHL": 3.0}, {"DEU": 8.0, "NLD": 2.0}, lanes), {})


def flow(named: NamedGraph, product: str, seller: str, buyer: str) -> float:
    places = named.places
    links = named.links_of(frozenset([product]), places.of_region(seller), places.of_region(buyer))
    return 12.0 * float(named.graph.link_flow[links].sum())


def content(least: float, product: str = CELL, region: str = "EU27", more: str = "") -> str:
    return (
        f"kind: eu_content_requirement, region: {region}, products: [{product}], least_share: {least}, "
        f"idle_share: {IDLE}{more}"
    )


def test_a_mix_is_capped_until_nobody_is_above_the_line() -> None:
    countries = np.array([True, True, True, True])
    # 0.6 is cut to 0.4; the 0.6 left goes to 0.3, 0.09 and 0.01 by 0.6 / 0.4: 0.45 is above, and cut as well.
    found = capped_mix(np.array([0.6, 0.3, 0.09, 0.01]), countries, 0.4)
    assert found == pytest.approx([0.4, 0.4, 0.18, 0.02])
    # Makers without a name are many: they take what is beyond.
    unnamed = capped_mix(np.array([0.8, 0.2, 0.0, 0.0]), np.array([True, False, True, True]), 0.5)
    assert unnamed == pytest.approx([0.5, 0.5, 0.0, 0.0])


def test_buyers_who_buy_as_one_get_one_mix(ores: NamedGraph, write: Write) -> None:
    measure = write(f"kind: joint_purchasing, region: EU27, products: [{ORE}], share: 0.5")
    found = apply_measures(ores, [measure])
    # Together they buy 7 in 10 from China: half of the 8 of Germany at 0.7 is 2.8, the other half stays at 3.
    assert flow(found.named, ORE, "CHN", "DEU") == pytest.approx(5.8)
    assert flow(found.named, ORE, "CHN", "NLD") == pytest.approx(0.5 * 1.0 + 0.5 * 1.4)
    # Who in the EU buys from whom changes, what the EU buys from each country does not: no premium on anything.
    assert flow(found.named, ORE, "CHN", "EU27") == pytest.approx(7.0)
    assert found.moved == ()
    assert [(item.product, item.quantity) for item in found.together] == [(ORE, pytest.approx(5.0))]


def test_a_joint_contract_keeps_to_its_line(ores: NamedGraph, write: Write) -> None:
    words = f"kind: joint_purchasing, region: EU27, products: [{ORE}]"
    found = apply_measures(ores, [write(f"{words}, share: 0.5, most_from_one: 0.6")])
    # Half of 10 is bought together, 3 of it in China instead of 3.5.
    assert flow(found.named, ORE, "CHN", "EU27") == pytest.approx(6.5)
    assert [(item.product, item.quantity) for item in found.moved] == [(ORE, pytest.approx(0.5))]
    with pytest.raises(
        InputError, match="buys lithium_mine from 2 countries outside it: none of them can be kept to 40"
    ):
        apply_measures(ores, [write(f"{words}, share: 0.5, most_from_one: 0.4")])
    for wrong, told in (
        (f"{words.replace('EU27', 'NLD')}, share: 0.5", "buying together is modelled for EU27 alone"),
        (f"{words}, share: 1.5", "above the maximum of 1"),
    ):
        with pytest.raises(InputError, match=told):
            write(wrong)


def test_a_line_holds_where_some_buyers_have_one_supplier(write: Write) -> None:
    words = f"kind: joint_purchasing, region: EU27, products: [{ORE}], share: 1.0, most_from_one"

    def ores(chinese_of_netherlands: float) -> NamedGraph:
        lanes = {("CHN", "DEU"): 6.0, ("CHL", "DEU"): 2.0, ("CHN", "NLD"): chinese_of_netherlands}
        made = {"CHN": 6.0 + chinese_of_netherlands, "CHL": 2.0}
        return graph_of_network(one_product(made, {"DEU": 8.0, "NLD": chinese_of_netherlands}, lanes), {})

    # Of 10 at most 6 from China: 2 for the Netherlands, which has no other, so that Germany takes 4 and not 4.8.
    found = apply_measures(ores(2.0), [write(f"{words}: 0.6")])
    assert flow(found.named, ORE, "CHN", "EU27") == pytest.approx(6.0)
    assert flow(found.named, ORE, "CHN", "DEU") == pytest.approx(4.0)
    assert flow(found.named, ORE, "CHL", "DEU") == pytest.approx(4.0)
    assert [(item.product, item.quantity) for item in found.moved] == [(ORE, pytest.approx(2.0))]
    # Of 20 the Netherlands buys 12 in China: no contract brings that below 60 %, and 55 % is told as not reached.
    place = InPlace(ores(12.0), [write(f"{words}: 0.55")])
    ((_, product, _, country, share),) = place.mix_not_reached()
    assert (product, country) == (ORE, "CHN")
    assert share == pytest.approx(0.6, abs=1e-3)
    assert InPlace(ores(2.0), [write(f"{words}: 0.6")]).mix_not_reached() == []
    # 60 % can just be met if Germany buys nothing in China; fitting comes near it, and half a point is no shortfall.
    assert InPlace(ores(12.0), [write(f"{words}: 0.6")]).mix_not_reached() == []
    assert InPlace(ores(12.0), [write(f"{words}: 0.59")]).mix_not_reached() != []


def test_what_is_bought_together_may_cost_less(ores: NamedGraph, write: Write) -> None:
    words = f"kind: joint_purchasing, region: EU27, products: [{ORE}], share: 0.5"
    reduction = "  price_reduction_share: {value: 0.1, low: 0.0, high: 0.2, basis: assumed, reason: a test}\n"
    measure = write(f"{words}, most_from_one: 0.6", head=HEAD + PREMIUM + reduction)
    cost = yearly_cost(measure, apply_measures(ores, [measure]), {ORE: 20.0}, COSTS)
    # 0.5 moves at half of 20 more; 5 are bought together at a tenth of 20 less.
    assert cost.value == pytest.approx(0.5 * 0.5 * 20.0 - 0.1 * 5.0 * 20.0)
    assert (cost.low, cost.high) == (pytest.approx(2.5 - 20.0), pytest.approx(10.0))
    for head, change, told in (
        (HEAD + PREMIUM, words, "nothing moves that could cost a premium"),
        (HEAD + "cost:\n" + reduction, content(0.5), "nothing is bought together that could cost less"),
    ):
        with pytest.raises(InputError, match=told):
            write(change, head=head)


def test_european_content_moves_purchases_as_far_as_makers_can(bare: NamedGraph, write: Write) -> None:
    # German packs take 4 of 10 cells from Germany; its makers could make 4 more.
    found = apply_measures(bare, [write(content(0.6))])
    assert flow(found.named, CELL, "CHN", "DEU") == pytest.approx(4.0)
    assert [(item.product, item.quantity) for item in found.moved] == [(CELL, pytest.approx(2.0))]
    assert found.named.grown_within == {found.named.node_of[CELL, "DEU"]: pytest.approx(1.5)}
    # Two more cells need four more of chemicals from Chile.
    assert flow(found.named, CHEMICALS, "CHL", "DEU") == pytest.approx(12.0)
    assert flow(apply_measures(bare, [write(content(1.0))]).named, CELL, "CHN", "DEU") == pytest.approx(2.0)


def test_no_maker_gains_more_than_its_own_idle_capacity(write: Write) -> None:
    change = content(1.0, ORE).replace("value: 1.0, low: 0.5", "value: 0.5, low: 0.5")

    def made(
        lanes: dict[tuple[str, str], float], least: float = 1.0, idle: float | None = None
    ) -> tuple[dict[str, float], NamedGraph]:
        supply: dict[str, float] = {}
        demand: dict[str, float] = {}
        for (seller, buyer), quantity in lanes.items():
            supply[seller] = supply.get(seller, 0.0) + quantity
            demand[buyer] = demand.get(buyer, 0.0) + quantity
        graph = graph_of_network(one_product(supply, demand, lanes), {})
        measure = write(change.replace("least_share: 1.0", f"least_share: {least}"))
        found = apply_measures(graph, [measure])
        assert found.again is not None
        named = found.named if idle is None else found.again(lambda change, product: idle)
        return {place: 12.0 * float(named.graph.node_base[node]) for (_, place), node in named.node_of.items()}, named

    # The German maker sells 2 in Germany, the Dutch one 8 in its own country; half more of both is 5, of 2 it is 1.
    lanes = {("DEU", "DEU"): 2.0, ("CHN", "DEU"): 10.0, ("NLD", "NLD"): 8.0}
    found, named = made(lanes)
    assert found == pytest.approx({"CHN": 9.0, "DEU": 3.0, "NLD": 8.0})
    assert named.grown_within == {named.node_of[ORE, "DEU"]: pytest.approx(1.5)}
    # Germany buys from both: of 6 that are to move 3 are asked of its own maker, which can take 1; the Dutch one takes
    # the other 3 and, of the 2 left over, what it still can of half of 10.
    found, _ = made({("DEU", "DEU"): 2.0, ("NLD", "DEU"): 2.0, ("CHN", "DEU"): 6.0, ("NLD", "NLD"): 8.0})
    assert found == pytest.approx({"CHN": 0.0, "DEU": 3.0, "NLD": 15.0})
    # Of 20 bought 14 are to be European, 4 more than there are. Of 10 bought in China Germany would move 1.6, and its
    # maker can take 1; so the Netherlands moves 3.
    found, _ = made({("DEU", "DEU"): 2.0, ("CHN", "DEU"): 4.0, ("NLD", "NLD"): 8.0, ("CHN", "NLD"): 6.0}, 0.7)
    assert found == pytest.approx({"CHN": 6.0, "DEU": 3.0, "NLD": 11.0})
    # In a set of uncertain numbers with less idle capacity less moves; with none nothing does, and nothing is refused.
    assert made(lanes, idle=0.25)[0] == pytest.approx({"CHN": 9.5, "DEU": 2.5, "NLD": 8.0})
    assert made(lanes, idle=0.0)[0] == pytest.approx({"CHN": 10.0, "DEU": 2.0, "NLD": 8.0})


def test_only_what_hangs_on_idle_capacity_is_done_anew(
    bare: NamedGraph, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock = f"kind: stockpile, region: EU27, products: [{CELL}], days: 30, release_months: 1"
    less = f"kind: demand, region: EU27, products: [{PACK}], change_share: -0.1"
    found = apply_measures(bare, [write(less, stock, content(0.6))])
    times: list[SupplyGraph] = []

    def counted(changed: SupplyGraph, usual: SupplyGraph) -> SupplyGraph:
        times.append(changed)
        return at_rest(changed, usual)

    monkeypatch.setattr(apply, "at_rest", counted)
    assert found.again is not None
    same = found.again(central_idle)
    assert len(times) == 1
    for part in ("link_share", "link_flow", "node_base", "slot_demand", "pool_use", "pool_stockpile"):
        assert np.array_equal(getattr(same.graph, part), getattr(found.named.graph, part))
    assert same.grown_within == found.named.grown_within
    assert same.graph.pool_stockpile.sum() > 0.0


def test_idle_capacity_of_a_set_is_what_its_makers_can_ramp_up() -> None:
    idle = SourcedAssumption(value=0.6, low=0.2, high=1.0, basis="assumed", reason="a test")
    assert idle_in_set(idle, 0.25, 0.5) == pytest.approx(0.4)
    assert idle_in_set(idle, 0.75, 0.5) == pytest.approx(0.5)


def test_makers_that_use_idle_capacity_have_less_of_it_left(bare: NamedGraph, write: Write, run_2026q1: Run) -> None:
    assumptions: DisruptionAssumptions = run_2026q1.model.assumptions.with_fixed({"spare_share": 0.8})
    named = apply_measures(bare, [write(content(0.6))]).named
    spare = with_assumptions(named, assumptions).graph.node_spare_share
    assert spare[named.node_of[CELL, "DEU"]] == pytest.approx(1.8 / 1.5 - 1.0)
    assert spare[named.node_of[CELL, "CHN"]] == pytest.approx(0.8)


def test_the_end_product_comes_first_as_it_needs_the_rest(bare: NamedGraph, write: Write) -> None:
    change = content(0.9, f"{CELL}, {PACK}")
    found = {item.product: item.quantity for item in apply_measures(bare, [write(change)]).moved}
    # Of 14 packs the EU buys 10 from Germany: 2.6 more; Germany then takes 12.6 cells of which 5.04 are its own.
    assert found[PACK] == pytest.approx(2.6)
    assert found[CELL] == pytest.approx(min(0.9 * 12.6 - 5.04, 5.04))


def test_content_that_nobody_makes_or_that_is_there_is_refused(bare: NamedGraph, write: Write) -> None:
    with pytest.raises(NotKnownError, match=rf"one\.yaml: no maker of {CHEMICALS} in the EU is known"):
        apply_measures(bare, [write(content(0.5, CHEMICALS))])
    with pytest.raises(InputError, match=rf"one\.yaml: 40% of {CELL} bought in EU27 is made in the EU already"):
        apply_measures(bare, [write(content(0.3))])
    with pytest.raises(InputError, match=rf"nobody in NLD is known to use {CELL}"):
        apply_measures(bare, [write(content(0.5, region="NLD"))])
    with pytest.raises(InputError, match="above the maximum of 1"):
        write(content(1.5))


def test_retaliation_comes_in_its_part_of_the_draws_and_leaves_the_rest(bare: NamedGraph, write: Write) -> None:
    number = "{{value: {0}, low: {0}, high: {0}, basis: assumed, reason: a test}}"
    own = (
        f", retaliation: {{by: [CHN], products: [{CELL}, {PACK}], probability: {number.format(0.3)}, "
        f"share: {number.format(0.5)}, months: 6}}"
    )
    (change,) = write(content(0.6, more=own)).file.changes
    assert isinstance(change, EuContentRequirement)
    assert change.retaliation is not None
    found = apply_measures(bare, [write(content(0.6, more=own))])
    answer = MeasureRetaliation("one", "EU27", change.retaliation)
    assert found.retaliations == (answer,)
    draws = np.arange(100, 2100)
    base = shock_table([[Shock(Hit.CAPACITY, (0,), draw % 36, 3, 0.7)] for draw in range(2000)])
    table = with_retaliation(base, found.named, [answer], draws, 0, 36, 7, np.zeros(2000, dtype=np.int64))
    mine = table.target == len(base.set_start) - 1
    # Three standard errors of a share of 0.3 in 2000 draws.
    assert mine.sum() / 2000 == pytest.approx(0.3, abs=3 * (0.21 / 2000) ** 0.5)
    assert set(table.severity[mine]) == {0.5}
    assert table.start[mine].min() == 0
    assert table.start[mine].max() == 35
    links = found.named.links_of(
        frozenset([CELL, PACK]), found.named.places.of_region("CHN"), found.named.places.of_region("EU27")
    )
    assert table.members[table.set_start[-2] : table.set_start[-1]].tolist() == links.tolist()
    # Everything else is as it was, draw by draw, and a draw's own numbers do not hang on the others.
    assert np.array_equal(table.start[~mine], base.start)
    of_draw = np.repeat(np.arange(2000), np.diff(table.draw_start))
    assert np.array_equal(np.diff(table.draw_start) - 1, np.bincount(of_draw[mine], minlength=2000))
    half = shock_table([[Shock(Hit.CAPACITY, (0,), draw % 36, 3, 0.7)] for draw in range(1000)])
    first = with_retaliation(half, found.named, [answer], draws[:1000], 0, 36, 7, np.zeros(1000, dtype=np.int64))
    assert np.array_equal(first.start, table.start[: len(first.start)])
    # It answers what is there: from the month on in which the measure works, and never where that is after the run.
    before = np.where(draws % 2 == 0, 30, 36)
    late = with_retaliation(base, found.named, [answer], draws, 0, 36, 7, before)
    mine = late.target == len(base.set_start) - 1
    assert set(np.repeat(draws, np.diff(late.draw_start))[mine] % 2) == {0}
    assert late.start[mine].min() == 30
    # In six of 36 months it comes in one of seventeen of the 1000 draws, not in three of ten as in a whole run.
    assert mine.sum() / 1000 == pytest.approx(1.0 - 0.7 ** (6 / 36), abs=3 * (0.058 * 0.942 / 1000) ** 0.5)


def test_numbers_of_retaliation_lie_in_their_ranges_or_at_the_end_asked_for(bare: NamedGraph) -> None:
    draws, none = np.arange(4000), shock_table([[] for _ in range(4000)])
    chance = SourcedAssumption(value=0.3, low=0.1, high=0.6, basis="assumed", reason="a test")
    cut = SourcedAssumption(value=0.5, low=0.25, high=1.0, basis="assumed", reason="a test")
    one = Retaliation(by=("CHN",), products=(CELL,), probability=chance, share=cut, months=6)
    other = one.model_copy(update={"products": (PACK,)})
    before = np.zeros(4000, dtype=np.int64)

    def drawn(set_number: int, answers: list[Retaliation], **ends: End) -> ShockTable:
        own = [MeasureRetaliation("one", "EU27", answer) for answer in answers]
        return with_retaliation(none, bare, own, draws, set_number, 36, 7, before, ends)

    found = [drawn(number, [one]) for number in range(8)]
    cuts = {float(table.severity[0]) for table in found}
    assert len(cuts) == 8
    assert min(cuts) > 0.25
    assert max(cuts) < 1.0
    chances = [len(table.start) / 4000 for table in found]
    assert 0.1 - 0.02 < min(chances) < max(chances) < 0.6 + 0.02
    assert max(chances) - min(chances) > 0.1
    assert set(drawn(0, [one], share="high").severity) == {1.0}
    assert len(drawn(0, [one], probability="low").start) / 4000 == pytest.approx(0.1, abs=0.015)
    # Two answers to one measure come each in draws of their own: both in a part of 0.36, and not in 0.6.
    per_draw = np.diff(drawn(0, [one, other], probability="high").draw_start)
    assert (per_draw == 2).mean() == pytest.approx(0.36, abs=0.03)


def test_one_more_shock_stands_in_its_own_draws() -> None:
    base = shock_table([[Shock(Hit.LANE, (1, 2), 3, 4, 0.5)], [], [Shock(Hit.CAPACITY, (0,), 5, 6, 0.25)]])
    found = with_more_shocks(base, np.array([0, 1]), Hit.LANE, np.array([8, 9]), np.array([7, 11]), 2, 0.75)
    more = [Shock(Hit.LANE, (8, 9), start, 2, 0.75) for start in (7, 11)]
    wanted = shock_table(
        [[Shock(Hit.LANE, (1, 2), 3, 4, 0.5), more[0]], [more[1]], [Shock(Hit.CAPACITY, (0,), 5, 6, 0.25)]]
    )
    for name in ("draw_start", "hit", "start", "length", "recovery", "severity"):
        assert np.array_equal(getattr(found, name), getattr(wanted, name)), name
    assert found.members[found.set_start[found.target[1]] : found.set_start[found.target[1] + 1]].tolist() == [8, 9]


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (
            f"kind: demand, region: EU27, products: [{PACK}], change_share: 0.2",
            f"kind: demand, region: NLD, products: [{PACK}], change_share: -0.1",
            f"two.yaml, changes: use of {PACK} in NLD \\(and EU27\\) goes the other way in one.yaml",
        ),
        (
            content(0.6),
            f"kind: diversification, region: NLD, products: [{CELL}], away_from: [DEU], share: 0.5",
            f"purchases of {CELL} in NLD \\(and EU27\\) move to and away from DEU with one.yaml",
        ),
        (
            f"kind: diversification, region: EU27, products: [{CELL}], away_from: [CHN], share: 0.5, to: [CHL]",
            f"kind: diversification, region: EU27, products: [{CELL}], away_from: [CHL], share: 0.5",
            f"purchases of {CELL} in EU27 move to and away from CHL with one.yaml",
        ),
        (
            f"kind: substitution, region: EU27, from_product: {PACK}, to_product: {CELL}, share: 0.5",
            f"kind: substitution, region: NLD, from_product: {CELL}, to_product: {PACK}, share: 0.5",
            f"{CELL} becomes {PACK} in NLD \\(and EU27\\), and the other way round in one.yaml",
        ),
    ],
)
def test_measures_that_contradict_each_other_are_told(tmp_path: Path, one: str, other: str, told: str) -> None:
    paths = [tmp_path / "one.yaml", tmp_path / "two.yaml"]
    for path, change in zip(paths, (one, other), strict=True):
        path.write_text(f"{HEAD}changes:\n  - {{{change}}}\n", encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_measures(paths, WORDS)
    # Away from the EU no region lies within another.
    elsewhere = Vocabulary(**{**WORDS.__dict__, "eu_members": ()})
    if "NLD" in other:
        assert len(read_measures(paths, elsewhere)) == 2


def test_what_a_measure_asks_for_stands_beside_world_output(bare: NamedGraph, write: Write) -> None:
    moving = write(f"kind: diversification, region: EU27, products: [{CELL}], away_from: [CHN], share: 0.5")
    found = market(InPlace(bare, [moving])).row(0, named=True)
    # 3 of the world's 14 cells move to Germany, which made 4: three quarters more.
    assert (found["product_id"], found["what"], found["unit"]) == (CELL, "moved", "t")
    assert found["quantity_per_year"] == pytest.approx(3.0)
    assert found["share_of_world"] == pytest.approx(3 / 14)
    assert found["growth_of_sellers"] == pytest.approx(0.75)
    made = (found["growing_place"], found["made_before_per_year"], found["made_after_per_year"])
    assert made == ("DEU", pytest.approx(4.0), pytest.approx(7.0))
    slow = HEAD.replace("lead_months: 12", "lead_months: 36\nramp_months: 24")
    stock = write(f"kind: stockpile, region: NLD, products: [{PACK}], days: 365.25, release_months: 2", head=slow)
    held = market(InPlace(bare, [stock])).row(0, named=True)
    # A year of use is 4 of the world's 14 packs, bought over two years.
    assert (held["what"], held["growth_of_sellers"]) == ("held", None)
    assert held["share_of_world"] == pytest.approx(2 / 14)


def test_growth_is_that_of_one_place_also_of_what_replaces_another(write: Write) -> None:
    lanes = {("DEU", "DEU"): 1.0, ("CHN", "DEU"): 4.0, ("CHL", "DEU"): 0.05, ("DEU", "CHN"): 1.0, ("CHN", "CHN"): 95.0}
    supply, demand = {"CHL": 0.05, "CHN": 99.0, "DEU": 2.0}, {"CHN": 96.0, "DEU": 5.05}
    packs = one_product(supply, demand, lanes)
    ores = one_product(supply, demand, {("CHN", "DEU"): 10.1})
    both = {ORE: ores.products[ORE], PACK: replace(packs.products[ORE], product_id=PACK)}
    chain = replace(
        packs.chain, products=(ORE, PACK), specifications=dict.fromkeys(both, packs.chain.specifications[ORE]),
        chain_of=dict.fromkeys(both, "battery"),
    )  # fmt: skip
    bare = graph_of_network(replace(packs, chain=chain, products=both), {})
    shift = write(f"kind: substitution, region: EU27, from_product: {ORE}, to_product: {PACK}, share: 0.5")
    rows = {row["what"]: row for row in market(InPlace(bare, [shift])).iter_rows(named=True)}
    moved, received = rows["moved"], rows["received"]
    assert (moved["product_id"], moved["quantity_per_year"], moved["growth_of_sellers"]) == (
        ORE,
        pytest.approx(5.05),
        None,
    )
    # Use in Germany doubles from 5.05 to 10.1: of Germany's own makers 2 become 3, of the Chinese 99 become 103. Chile
    # doubles as well, but its 0.05 are a hundredth of what makers gain together.
    assert (received["product_id"], received["quantity_per_year"]) == (PACK, pytest.approx(5.05))
    assert received["share_of_world"] == pytest.approx(5.05 / 101.05)
    assert (received["growing_place"], received["growth_of_sellers"]) == ("DEU", pytest.approx(0.5))
    assert (received["made_before_per_year"], received["made_after_per_year"]) == pytest.approx((2.0, 3.0))
