"""Cases behind the order per euro, and when measures work, with a simulation of hand on the hand-made network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import polars as pl
import pytest

from supplyrisk.disruption.assumptions import SourcedAssumption
from supplyrisk.disruption.from_network import graph_of_network
from supplyrisk.foundation.errors import InputError
from supplyrisk.mitigation.apply import Applied
from supplyrisk.mitigation.compare import Losses
from supplyrisk.mitigation.in_place import InPlace
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.specification import (
    Cost,
    Diversification,
    EuContentRequirement,
    MeasureFile,
    Retaliation,
    Stockpile,
)
from supplyrisk.risk.simulate import Group
from supplyrisk.runs.common_draws import DRAWN, CommonDraws, Ends
from supplyrisk.runs.measure_timing import TIMING, timing_of
from supplyrisk.runs.order_cases import order_cases
from supplyrisk.scenario.specification import Basis, Title
from tests.mitigation.test_measures import COSTS, assumed
from tests.network_builders import CELL, ORE, PACK, small_network

BARE = graph_of_network(small_network(), {})
WORTH = {PACK: 10.0, CELL: 20.0}
GROUP = Group("EU27", PACK, np.array([0]), 1.0)
YEARLY = 12 * WORTH[PACK]
LOST = np.array([0.24, 0.25, 0.25, 0.26])
NONE = frozenset[str]()


def measure(name: str, change: Stockpile | Diversification | EuContentRequirement, lead: int = 24) -> Measure:
    text = Title(en="a", nl="b")
    cost = None if isinstance(change, Stockpile) else Cost(premium_share=assumed(0.5))
    file = MeasureFile(
        title=text, summary=text, lead_months=lead, rests_on=Basis(reason="why"), cost=cost, changes=(change,)
    )
    return Measure(name, file)


STOCK = measure("stock", Stockpile(kind="stockpile", region="NLD", products=(PACK,), days=30.4375, release_months=1.0))
AWAY = measure(
    "away",
    Diversification(kind="diversification", region="EU27", products=(CELL,), away_from=("CHN",), share=0.5),
    lead=40,
)
SHARE = SourcedAssumption(value=0.3, low=0.1, high=0.6, basis="assumed", reason="a test")
RULE = measure(
    "rule",
    EuContentRequirement(
        kind="eu_content_requirement",
        region="EU27",
        products=(CELL,),
        least_share=0.6,
        idle_share=assumed(1.0),
        retaliation=Retaliation(by=("CHN",), products=(CELL,), probability=SHARE, share=SHARE, months=6),
    ),
)


def losses(left: float) -> Losses:
    return Losses([GROUP], np.array([0, 0, 1, 1]), left * LOST[:, None])


def run(names: frozenset[str], ends: Ends = DRAWN) -> Losses:
    """Half is lost with the stock, all of it with high crowding-out; the rule helps where nobody answers."""
    left = 1.0
    if "stock" in names:
        left = {"low": 0.4, "high": 1.0, None: 0.5}[cast(str, ends.crowding_out_share)]
    if "rule" in names:
        left = {"low": 0.9, "high": 1.4, None: 1.1}[cast(str, ends.retaliation_probability)]
        left = {"low": 0.95, "high": 1.2, None: left}[cast(str, ends.retaliation_share)]
    return losses(left)


def table(stock: float) -> pl.DataFrame:
    rows = [
        ("EU27", "stock", stock, 0.5 * stock, 2.0 * stock, 1, True),
        ("EU27", "away", 1.0, 0.5, 2.0, 2, True),
        ("EU27", "rule", -2.0, -9.0, 1.0, None, True),
        ("EU27", "far", -2.0, -9.0, 1.0, None, False),
    ]
    names = ["region", "measure", "avoided", "low", "high", "rank_per_euro", "confirmed"]
    return pl.DataFrame(rows, schema=names, orient="row")


def test_every_assumption_gives_a_case_at_each_end() -> None:
    place = InPlace(BARE, [STOCK, AWAY, RULE, Measure("far", RULE.file)])
    found = order_cases(table(8.0), {"stock": 1.0, "away": 2.0, "rule": 3.0, "far": 4.0}, place, WORTH, COSTS, run)
    cases = {(case.assumption, case.measure, case.end): case for case in found}
    # A month of the 4 packs a year of the Netherlands at 10: 3.33 lie there, at 4 % and 2 % a year.
    held = 4 / 12 * 10.0
    assert cases["discount_rate", "", "high"].cost == {"stock": pytest.approx((0.08 + 0.02) * held)}
    assert cases["storage_share", "", "low"].cost == {"stock": pytest.approx((0.04 + 0.01) * held)}
    # 3 cells move at 20; the rule, which does not lead, has no case of its own for its premium.
    assert cases["premium_share", "away", "high"].cost == {"away": pytest.approx(1.0 * 3.0 * 20.0)}
    assert ("premium_share", "rule", "high") not in cases
    assert cases["avoided", "stock", "low"].avoided == {("EU27", "stock"): 4.0}
    # Low crowding-out leaves 0.6 avoided on the draws of the table, and high crowding-out nothing.
    whole = float(LOST.mean()) * YEARLY
    assert cases["crowding_out_share", "", "low"].avoided == {("EU27", "stock"): pytest.approx(0.6 * whole)}
    assert cases["crowding_out_share", "", "high"].avoided == {("EU27", "stock"): 0.0}
    # The rule has no place at the centre, as it makes losses larger; where nobody answers it helps, and gets one.
    unlikely = cases["retaliation_probability", "rule", "low"]
    assert (unlikely.value, unlikely.cost) == (0.1, {"rule": 3.0})
    assert unlikely.avoided == {("EU27", "rule"): pytest.approx(0.1 * whole)}
    assert cases["retaliation_probability", "rule", "high"].avoided == {("EU27", "rule"): 0.0}
    assert cases["retaliation_share", "rule", "low"].avoided == {("EU27", "rule"): pytest.approx(0.05 * whole)}
    # Both answers to a measure are told, each with its own number.
    likely = SourcedAssumption(value=0.5, low=0.4, high=0.9, basis="assumed", reason="a test")
    (change,) = RULE.file.changes
    assert isinstance(change, EuContentRequirement)
    assert change.retaliation is not None
    packs = change.model_copy(
        update={
            "products": (PACK,),
            "least_share": 0.9,
            "retaliation": change.retaliation.model_copy(update={"products": (PACK,), "probability": likely}),
        }
    )
    two = Measure("rule", RULE.file.model_copy(update={"changes": (change, packs)}))
    twice = order_cases(table(8.0), {"rule": 3.0}, InPlace(BARE, [two]), WORTH, COSTS, run)
    told = [(case.end, case.value) for case in twice if case.assumption == "retaliation_probability"]
    assert sorted(told) == [("high", 0.6), ("high", 0.9), ("low", 0.1), ("low", 0.4)]
    # What was told on the draws of the screening alone takes no part.
    assert not [case for case in found if case.measure == "far"]


def test_content_that_idle_capacity_cannot_reach_is_named() -> None:
    asked = RULE.file.changes[0].model_copy(update={"least_share": 0.9})
    far = Measure("far", RULE.file.model_copy(update={"changes": (asked,)}))
    place = InPlace(BARE, [RULE, far])
    # European makers made 4 of 10 cells and can make 4 more.
    assert [(name, product, share) for name, product, _, share in place.content_not_reached()] == [
        ("far", CELL, pytest.approx(0.8))
    ]


class HandDraws:
    """Stands in for common draws of three years: what is lost falls to half with a measure in place."""

    months = 36

    def __init__(self) -> None:
        self.asked: list[tuple[bool, str]] = []

    def losses(self, applied: Applied, files: Sequence[MeasureFile]) -> Losses:
        self.asked.append((bool(applied.held or applied.moved), files[0].title.en))
        return losses(0.5 if applied.held or applied.moved else 1.0)


def test_a_measure_that_works_after_the_run_avoids_nothing_in_it() -> None:
    place, draws = InPlace(BARE, [STOCK, AWAY, RULE]), HandDraws()
    found = timing_of(
        cast(CommonDraws, draws),
        place,
        table(8.0),
        ["stock", "away", "rule"],
        ["stock", "away"],
        ["EU27"],
        WORTH,
        lambda part: None,
    )
    rows = {row["measure"]: row for row in found.iter_rows(named=True)}
    assert (rows["stock"]["first_month"], rows["away"]["full_month"]) == (25, 41)
    assert rows["stock"]["avoided_in_run"] == pytest.approx(0.5 * float(LOST.mean()) * YEARLY)
    assert (rows["away"]["avoided_in_run"], rows["away"]["low"]) == (0.0, 0.0)
    assert rows["rule"]["avoided_in_run"] is None
    assert rows["stock"]["avoided_in_place"] == 8.0
    assert len(draws.asked) == 2
    # Where every measure leads, none is left for the draws of the screening.
    none = timing_of(cast(CommonDraws, draws), place, table(8.0), [], ["stock"], ["EU27"], WORTH, lambda part: None)
    assert none.is_empty()
    assert none.schema == pl.Schema(TIMING)


def test_what_touches_nothing_is_told_before_anything_is_run() -> None:
    nothing = measure(
        "nothing", Diversification(kind="diversification", region="NLD", products=(ORE,), away_from=("CHN",), share=0.5)
    )
    with pytest.raises(InputError, match=r"nothing\.yaml: nobody in NLD is known to use"):
        InPlace(BARE, [STOCK, nothing])
