"""When measures work: months of a run, parts in place, and events cut to what a measure meets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.disruption.shocks import Hit, Shock, ShockTable, shock_table, strength, without_first_months
from supplyrisk.mitigation.compare import Losses
from supplyrisk.mitigation.in_place import InPlace
from supplyrisk.mitigation.per_euro import ALL
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.schedule import first_month, full_month, months_before, part_in_place, phases
from supplyrisk.mitigation.specification import Demand, MeasureFile
from supplyrisk.risk.metrics import yearly_values
from supplyrisk.risk.simulate import Group
from supplyrisk.runs.common_draws import CommonDraws
from supplyrisk.runs.measure_timing import TIMING, timing_of, timing_together
from supplyrisk.scenario.specification import Basis, Title


def file(lead: int, ramp: int, start: int = 1) -> MeasureFile:
    text = Title(en="a", nl="b")
    change = Demand(kind="demand", region="EU27", products=("x",), change_share=-0.1)
    return MeasureFile(
        title=text, summary=text, lead_months=lead, ramp_months=ramp, start_month=start,
        rests_on=Basis(reason="why"), changes=(change,),
    )  # fmt: skip


def shocks_of(table: ShockTable, draw: int) -> list[Shock]:
    return [
        Shock(
            Hit(int(table.hit[row])),
            tuple(table.members[table.set_start[table.target[row]] : table.set_start[table.target[row] + 1]].tolist()),
            int(table.start[row]),
            int(table.length[row]),
            float(table.severity[row]),
            int(table.recovery[row]),
        )
        for row in range(table.draw_start[draw], table.draw_start[draw + 1])
    ]


def test_a_measure_works_in_full_after_its_lead_and_grows_before() -> None:
    ramped = file(lead=24, ramp=18)
    # Decided in month 1, all of it works from month 25 on, a part of it from the month 18 months of growth start in.
    assert (first_month(ramped), full_month(ramped)) == (8, 25)
    parts = [part_in_place(ramped, month) for month in (1, 7, 8, 16, 24, 25, 36)]
    assert parts == pytest.approx([0.0, 0.0, 1 / 18, 9 / 18, 17 / 18, 1.0, 1.0])
    at_once = file(lead=11, ramp=0)
    assert (first_month(at_once), full_month(at_once)) == (12, 12)
    assert [part_in_place(at_once, month) for month in (11, 12)] == [0.0, 1.0]
    assert first_month(file(lead=24, ramp=18, start=7)) == 14


@given(lead=st.integers(0, 60), short=st.integers(0, 60), start=st.integers(1, 12), first=st.integers(0, 500))
def test_in_every_month_it_is_there_in_its_part_of_the_draws(lead: int, short: int, start: int, first: int) -> None:
    own = file(lead, max(0, lead - short), start)
    before = months_before(own, np.arange(first, first + 500))
    for month in range(1, 80, 7):
        assert (before < month).mean() == pytest.approx(part_in_place(own, month), abs=0.01)


def test_what_is_in_force_later_stays_so_and_nothing_is_before() -> None:
    members = (0,)
    draws = [
        [Shock(Hit.CAPACITY, members, 2, 3, 0.8), Shock(Hit.CAPACITY, members, 9, 4, 0.4, 2)],
        [Shock(Hit.LANE, members, 4, 10, 0.5), Shock(Hit.CAPACITY, members, 1, 3, 0.9, 4)],
        [],
    ]
    months = np.array([5, 6, 36])
    found = without_first_months(shock_table(draws), months)
    # The first is over by month 5; the licence is still on from month 6; the fading one has lost 3/5 of its strength.
    assert shocks_of(found, 0) == [Shock(Hit.CAPACITY, members, 9, 4, 0.4, 2)]
    licence, fading = shocks_of(found, 1)
    assert licence == Shock(Hit.LANE, members, 6, 8, 0.5)
    assert (fading.start, fading.length, fading.recovery) == (6, 1, 1)
    assert fading.severity == pytest.approx(0.9 * 2 / 5)
    assert shocks_of(found, 2) == []


@given(
    start=st.integers(0, 20), length=st.integers(1, 12), recovery=st.integers(0, 8), first=st.integers(0, 40),
    severity=st.floats(0.1, 1.0),
)  # fmt: skip
def test_the_strength_of_every_month_is_kept_or_nothing(
    start: int, length: int, recovery: int, first: int, severity: float
) -> None:
    shock = Shock(Hit.CAPACITY, (0,), start, length, severity, recovery)
    found = shocks_of(without_first_months(shock_table([[shock]]), np.array([first])), 0)
    for month in range(45):
        left = sum(strength(one, month) for one in found)
        assert left == pytest.approx(strength(shock, month) if month >= first else 0.0)


def test_measures_join_each_other_in_the_order_in_which_all_of_them_work() -> None:
    files = {"late": file(24, 0), "soon": file(12, 6), "same": file(12, 0), "never": file(60, 12)}
    assert phases(files, 36) == [frozenset({"soon", "same"}), frozenset({"soon", "same", "late"})]
    assert phases({"never": file(60, 12)}, 36) == []
    assert phases({"grows": file(40, 12)}, 36) == [frozenset({"grows"})]


class _Draws:
    """Losses of one unit of worth 1,000 for each month left; each measure halves what is lost."""

    months, each, numbers = 36, 4, (0, 1)
    count = 8

    def losses(self, names: frozenset[str], files: Sequence[MeasureFile]) -> Losses:
        before = np.max([months_before(one, np.arange(8)) for one in files], axis=0)
        lost = np.maximum(36 - before, 0)[:, None] / 36.0 * 0.5 ** len(names)
        return Losses((Group("EU27", "x", np.zeros(1, dtype=np.int64), 1.0),), np.repeat([0, 1], 4), lost)


class _Place:
    """Sets of measures by their names."""

    def __init__(self, **files: MeasureFile) -> None:
        self.by_name = {name: Measure(name, one) for name, one in files.items()}

    def together(self, names: frozenset[str]) -> frozenset[str]:
        return names


def test_all_together_in_a_run_adds_up_phase_by_phase() -> None:
    """By hand: from month 13 on one halves the loss, from month 25 on two quarter it: (12·½ + 12·¾)/36 of the whole."""
    table = pl.DataFrame({"region": ["EU27"], "measure": [ALL], "avoided": [9.0]})
    place = _Place(one=file(12, 0), two=file(24, 0), never=file(100, 0))
    found = timing_together(
        cast(CommonDraws, _Draws()), cast(InPlace, place), table, ["one", "two", "never"], ["EU27"], {"x": 1000.0}
    ).row(0, named=True)
    whole = float(yearly_values((Group("EU27", "x", np.zeros(1, dtype=np.int64), 1.0),), {"x": 1000.0})["EU27"][0])
    assert found["avoided_in_run"] == pytest.approx(15.0 / 36.0 * whole)
    assert (found["first_month"], found["full_month"], found["avoided_in_place"]) == (13, 101, 9.0)


def test_where_all_measures_lead_nothing_is_left_to_tell_on_the_other_draws() -> None:
    table = pl.DataFrame({"region": ["EU27"], "measure": ["one"], "avoided": [9.0]})
    draws, place = cast(CommonDraws, _Draws()), cast(InPlace, _Place(one=file(12, 0)))
    found = timing_of(draws, place, table, [], [], ["EU27"], {"x": 1000.0}, lambda part: None)
    assert found.is_empty()
    assert dict(found.schema) == TIMING
