"""Simulation on the small network with hazards made by hand: what must hold whatever the numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from supplyrisk.disruption.assumptions import DisruptionAssumptions, SourcedAssumption, read_disruption_assumptions
from supplyrisk.disruption.engine import final_slots, simulate_groups, simulate_months
from supplyrisk.disruption.from_network import graph_of_network
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.parametrise import with_assumptions
from supplyrisk.disruption.shocks import Hit, Shock, shock_table
from supplyrisk.hazards.duration import Durations
from supplyrisk.hazards.events import CLASSES
from supplyrisk.hazards.measures import Licences
from supplyrisk.hazards.severity import Severity
from supplyrisk.risk.assumptions import RiskAssumptions
from supplyrisk.risk.causes import causes_of, exact_parts, places_of_loss
from supplyrisk.risk.draw_shocks import HazardDraw, draw_shocks
from supplyrisk.risk.exposure import exposure_of
from supplyrisk.risk.simulate import Group, OuterSet, Simulated, groups_of, simulate_risk, watched_groups
from supplyrisk.risk.targets import NOTHING, Cell, HitMap, Standing, Targets
from tests.network_builders import CELL, CHEMICALS, PACK, small_network

MONTHS = 24
SHIPPED = Path(__file__).parents[2] / "models" / "assumptions" / "disruption.yaml"


class _Anything(tuple[str, ...]):
    """Contains every word: these tests are not about words."""

    def __contains__(self, word: object) -> bool:
        return True


@pytest.fixture(scope="module")
def assumptions() -> DisruptionAssumptions:
    return read_disruption_assumptions(SHIPPED, _Anything(), _Anything())


@pytest.fixture(scope="module")
def named(assumptions: DisruptionAssumptions) -> NamedGraph:
    return with_assumptions(graph_of_network(small_network(), {}), assumptions)


@pytest.fixture(scope="module")
def targets(named: NamedGraph) -> Targets:
    """Chinese and German cells, Chinese chemicals; exports of Chinese cells."""
    china, germany = named.places.of_region("CHN"), named.places.of_region("DEU")
    sets = [
        named.nodes_of(frozenset([CELL]), china),
        named.nodes_of(frozenset([CELL]), germany),
        named.nodes_of(frozenset([CHEMICALS]), china),
        named.links_of(frozenset([CELL]), china, ~china),
    ]
    starts = np.cumsum([0, *map(len, sets)]).astype(np.int64)
    output = {(CELL, "CHN"): 0, (CELL, "DEU"): 1, (CHEMICALS, "CHN"): 2}
    hits = [Hit.CAPACITY, Hit.CAPACITY, Hit.CAPACITY, Hit.LANE]
    return Targets(starts, np.concatenate(sets).astype(np.int64), hits, output, {(CELL, "CHN"): 3})


@pytest.fixture(scope="module")
def where(targets: Targets) -> HitMap:
    """Strikes in China and Germany, and Chinese export restrictions."""
    china, share = (CELL, CHEMICALS), np.array([0.6, 0.5])
    cells = (
        Cell("export_restriction", "CHN", china, np.array([0.8, 0.0]), share, np.array([3, NOTHING])),
        Cell("strike", "CHN", china, np.array([0.3, 0.3]), share, np.array([0, 2])),
        Cell("strike", "DEU", (CELL,), np.array([0.5]), np.array([0.2]), np.array([1])),
    )
    return HitMap(targets, cells)


def of(value: float) -> SourcedAssumption:
    return SourcedAssumption(value=value, low=value, high=value, basis="assumed", reason="a test")


SEVERITY = Severity(0.0, -0.3, -1.0, 0.2, 2.0, 20, 0.5, 0.4, 0.6)
ASSUMED = RiskAssumptions(
    copper_loss_share=of(0.03), short_share=of(0.05), short_months=of(3.0), licence_fall_months=of(3.0),
    outbid_weight=of(0.1),     horizon_months=MONTHS, sets=2,
)  # fmt: skip
HAZARD = HazardDraw(
    rates=np.array([0.5, 1.0, 0.5]),
    severity={"output": SEVERITY, "exports": SEVERITY},
    durations=Durations(
        dict.fromkeys(CLASSES, 3.0), 1.0, dict.fromkeys(CLASSES, 0), dict.fromkeys(CLASSES, 0),
        dict.fromkeys(CLASSES, 0.3),
    ),
    frailty=0.3,
    licences=Licences(0.0, 3.0, 0.25),
)  # fmt: skip


@pytest.fixture(scope="module")
def groups(named: NamedGraph) -> list[Group]:
    regions = {code: named.places.of_region(code) for code in ("EU27", "NLD", "WLD")}
    return groups_of(named, regions, final_slots(named.graph))


@pytest.fixture(scope="module")
def run(named: NamedGraph, where: HitMap, groups: list[Group]) -> Simulated:
    return simulate(named, where, groups)


def simulate(
    named: NamedGraph,
    where: HitMap,
    groups: list[Group],
    hazard: HazardDraw = HAZARD,
    threads: int = 2,
    batch: int = 100,
    causes: frozenset[int] | None = None,
) -> Simulated:
    sets = [OuterSet(named, hazard), OuterSet(named, replace(hazard, rates=1.5 * hazard.rates))]
    watched = watched_groups(named, where, groups, ASSUMED.outbid_weight.value, np.zeros((len(groups), 0)))
    return simulate_risk(sets, where, watched, 400, ASSUMED, 11, threads, batch, lambda part: None, causes)


def test_batches_and_threads_change_no_bit(
    named: NamedGraph, where: HitMap, groups: list[Group], run: Simulated
) -> None:
    for threads, batch in ((1, 7), (2, 1000)):
        other = simulate(named, where, groups, threads=threads, batch=batch).of_draws
        assert other.digest == run.of_draws.digest
        assert np.array_equal(np.sort(other.worst, axis=0), np.sort(run.of_draws.worst, axis=0))


def test_without_events_nothing_is_lost(named: NamedGraph, where: HitMap, groups: list[Group]) -> None:
    still = simulate(named, where, groups, replace(HAZARD, rates=np.zeros(3)))
    assert still.of_draws.worst.max() < 1e-9
    assert still.of_draws.runs[:, :, 1:].max() == 0
    assert still.shocks == 0


def test_licences_loosen_and_nothing_else_does(where: HitMap) -> None:
    lasts = replace(HAZARD.durations, median_months=dict.fromkeys(CLASSES, 12.0 - 1e-9), log_spread=1e-14)
    held = draw_shocks(where, replace(HAZARD, durations=lasts), np.arange(200), MONTHS, 5)
    licences = replace(HAZARD, durations=lasts, licences=Licences(1.0, 3.0, 0.25))
    loosened = draw_shocks(where, licences, np.arange(200), MONTHS, 5)
    exports = held.table.hit == int(Hit.LANE)
    full, less = held.table.severity, loosened.table.severity
    assert np.array_equal(full[~exports], less[~exports])
    within = np.minimum(12, MONTHS - held.table.start)
    rest = np.minimum(full, 0.25) * np.maximum(within - 3, 0)
    by_hand = (full * np.minimum(within, 3) + rest) / within
    assert less[exports] == pytest.approx(by_hand[exports])
    assert less[exports].mean() < full[exports].mean()


def test_more_events_cost_more(run: Simulated, groups: list[Group]) -> None:
    few, many = run.of_draws.mean_by_set
    assert (many > few).all()
    assert (few > 0.0).all()


def test_parts_of_causes_and_places_add_up(run: Simulated, where: HitMap) -> None:
    for frame in (causes_of(run, where.cells), places_of_loss(run, where)):
        sums = frame.group_by("region", "product_id").agg(pl.col("part").sum())
        assert sums["part"].to_list() == pytest.approx([1.0] * sums.height, abs=1e-6)
    causes = causes_of(run, where.cells).filter(pl.col("region") == "NLD")
    assert set(causes["country"]) == {"CHN", "DEU"}


def test_exact_parts_add_up_and_agree_on_the_order(
    named: NamedGraph, where: HitMap, groups: list[Group], run: Simulated
) -> None:
    parts = exact_parts(
        lambda causes: simulate(named, where, groups, causes=causes),
        {"china": frozenset({0, 1}), "germany": frozenset({2})},
    )
    whole = {(group.region, group.product): run.of_draws.mean[k] for k, group in enumerate(groups)}
    for (region, product), own in parts.group_by(["region", "product_id"]):
        assert own["part"].sum() == pytest.approx(float(whole[str(region), str(product)]), rel=1e-5)
        by_name = dict(own.select("cause", "part").iter_rows())
        assert by_name["china"] > by_name["germany"] > 0.0


def test_events_come_at_their_rate_wherever_draws_begin(where: HitMap) -> None:
    number = 4000
    drawn = draw_shocks(where, replace(HAZARD, frailty=0.0), np.arange(number), MONTHS, 3)
    table = drawn.table
    per_draw = np.bincount(drawn.cell, minlength=3) / number
    # Export restrictions: 0.5 a year for 2 years, always on cells (0.8, or the only one drawn otherwise).
    assert per_draw[0] == pytest.approx(1.0, abs=0.05)
    # Strikes in Germany: 0.5 a year; in China 1.0 a year, 0.3 + 0.3 + 0.49 hits an event.
    assert per_draw[2] == pytest.approx(1.0, abs=0.05)
    assert per_draw[1] == pytest.approx(2.0 * 1.09, abs=0.1)
    assert ((table.start >= 0) & (table.start < MONTHS)).all()
    assert table.start.mean() == pytest.approx((MONTHS - 1) / 2, abs=0.3)
    assert (table.length >= 1).all()
    assert ((table.severity > 0.0) & (table.severity <= 1.0)).all()
    part = draw_shocks(where, replace(HAZARD, frailty=0.0), np.arange(1000, 1100), MONTHS, 3)
    first, last = table.draw_start[1000], table.draw_start[1100]
    assert np.array_equal(part.table.severity, table.severity[first:last])
    assert np.array_equal(part.table.target, table.target[first:last])


def test_waves_leave_the_mean_and_widen_the_spread(where: HitMap) -> None:
    def counts(frailty: float) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        hazard = replace(HAZARD, frailty=frailty)
        drawn = draw_shocks(where, hazard, np.arange(6000), MONTHS, 3).only(frozenset({0}))
        return np.diff(drawn.table.draw_start)

    steady, waves = counts(0.0), counts(1.0)
    assert waves.mean() == pytest.approx(steady.mean(), rel=0.06)
    assert waves.var() > 1.6 * steady.var()  # Poisson of mean 1: variance 1; with a factor of variance 1: 2


@pytest.mark.parametrize(("length", "months"), [(3, 3), (MONTHS, MONTHS), (2 * MONTHS, MONTHS)])
def test_a_measure_in_force_acts_in_every_draw_until_it_ends(where: HitMap, length: int, months: int) -> None:
    running = replace(where, standing=(Standing(0, 3, 0.25, length),))
    still = replace(HAZARD, rates=np.zeros(3))
    table = draw_shocks(running, still, np.arange(5), MONTHS, 3).table
    assert table.draw_start.tolist() == [0, 1, 2, 3, 4, 5]
    assert set(zip(table.start, table.length, table.severity, table.target, strict=True)) == {(0, months, 0.25, 3)}


def test_exposure_is_the_part_of_need_that_passes(named: NamedGraph, targets: Targets, groups: list[Group]) -> None:
    share = exposure_of(named, targets, [group.slots for group in groups])
    dutch = next(k for k, group in enumerate(groups) if (group.region, group.product) == ("NLD", PACK))
    # Half of Dutch packs are Chinese (with Chinese cells), half German (four of ten cells German, six Chinese).
    assert share[0, dutch] == pytest.approx(0.5 + 0.5 * 0.6)
    assert share[1, dutch] == pytest.approx(0.5 * 0.4)
    assert share[3, dutch] == pytest.approx(0.5 * 0.6)  # exports of Chinese cells: those that go to Germany


def test_groups_see_the_months_of_the_plain_run(named: NamedGraph, groups: list[Group]) -> None:
    nodes = tuple(int(node) for node in named.nodes_of(frozenset([CELL]), named.places.of_region("CHN")))
    draws = [[Shock(Hit.CAPACITY, nodes, 2, 8, 0.9)], [Shock(Hit.CAPACITY, nodes, 0, 2, 0.2)], []]
    found = simulate_groups(
        named.graph, shock_table(draws), MONTHS, named.rules, [group.slots for group in groups], 0.05
    )
    for draw, shocks in enumerate(draws):
        months = simulate_months(named.graph, shocks, MONTHS, named.rules)
        for number, group in enumerate(groups):
            share = months.shortage[:, group.slots].sum(axis=1) / group.demand
            short = share > 0.05
            assert found.lost[draw, number] == pytest.approx(months.unserved[group.slots].sum(), rel=1e-12)
            assert found.short_months[draw, number] == short.sum()
            assert found.first_month[draw, number] == (np.flatnonzero(short)[0] + 1 if short.any() else 0)
            runs = "".join("x" if month else " " for month in short).split()
            assert found.longest_run[draw, number] == max(map(len, runs), default=0)
            assert found.worst[draw, number] == pytest.approx(share.max(), abs=1e-12)
    assert found.short_months[0].max() > 3
