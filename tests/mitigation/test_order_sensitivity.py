"""Which measures come first per euro at the ends of assumptions, from a table of hand."""

from __future__ import annotations

import polars as pl
import pytest

from supplyrisk.disruption.assumptions import SourcedAssumption
from supplyrisk.disruption.from_network import graph_of_network
from supplyrisk.mitigation.apply import Applied, Quantity
from supplyrisk.mitigation.cost import annuity, cost_assumptions, cost_at
from supplyrisk.mitigation.order_sensitivity import Case, first_by_euro, order_sensitivity
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.specification import Cost, Diversification, MeasureFile
from supplyrisk.scenario.specification import Basis, Title
from tests.mitigation.test_measures import COSTS, assumed
from tests.network_builders import CELL, PACK, small_network


def table() -> pl.DataFrame:
    rows = [("EU27", name, cost, avoided, rank, True) for name, cost, avoided, rank in (
        ("a", 10.0, 10.0, 1), ("b", 20.0, 10.0, 2), ("c", 30.0, 10.0, 3), ("d", 40.0, 10.0, 4))]  # fmt: skip
    # What is not confirmed, and what has no rank, takes no part.
    rows += [("EU27", "few", 1.0, 10.0, 5, False), ("EU27", "unsure", 1.0, 10.0, None, True)]  # type: ignore[list-item]
    rows += [("NLD", "a", 10.0, 1.0, 1, True)]
    schema = {
        "region": pl.String, "measure": pl.String, "cost": pl.Float64, "avoided": pl.Float64,
        "rank_per_euro": pl.Int64, "confirmed": pl.Boolean,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_each_case_gives_an_order_of_its_own() -> None:
    cases = [
        Case("discount_rate", "", "high", 0.05, {"a": 11.0, "b": 22.0, "c": 33.0, "d": 44.0}, {}),
        Case("premium_share", "b", "low", 0.0, {"b": 5.0}, {}),
        Case("premium_share", "d", "low", 0.0, {"d": 15.0}, {}),
        Case("avoided", "a", "low", -1.0, {}, {("EU27", "a"): -1.0}),
        Case("retaliation_probability", "e", "low", 0.1, {"e": 1.0}, {("EU27", "e"): 5.0}),
    ]
    found = order_sensitivity(table(), cases)
    own = found.filter(pl.col("region") == "EU27")
    told = [("".join(row[:3]), row[3]) for row in own.select("first", "second", "third", "changes").iter_rows()]
    assert told == [
        ("abc", "nothing"), ("abc", "nothing"), ("bac", "order"), ("adb", "others"), ("bcd", "others"),
        ("eab", "others"),
    ]  # fmt: skip
    # In the Netherlands one measure has a place; what is avoided in the EU says nothing there.
    there = found.filter(pl.col("region") == "NLD")
    assert there.select("assumption", "first", "second", "changes").rows() == [
        ("central", "a", None, "nothing"), ("discount_rate", "a", None, "nothing"),
    ]  # fmt: skip


def test_what_costs_nothing_or_less_comes_first_by_what_it_avoids() -> None:
    cost = {"a": -5.0, "b": -1.0, "c": 1.0, "d": -9.0}
    assert first_by_euro(cost, {"a": 1.0, "b": 2.0, "c": 9.0, "d": -1.0}) == ["b", "a", "c"]


def test_one_number_at_a_time_moves_the_cost() -> None:
    bare = graph_of_network(small_network(), {})
    text = Title(en="a", nl="b")
    change = Diversification(kind="diversification", region="EU27", products=(CELL,), away_from=("CHN",), share=0.5)
    cost = Cost(
        capex_eur=assumed(1000.0), lifetime_years=10.0, premium_share=assumed(0.5), prices={CELL: assumed(20.0)}
    )
    file = MeasureFile(
        title=text, summary=text, lead_months=1, rests_on=Basis(reason="why"), cost=cost, changes=(change,)
    )
    measure, applied = Measure("one", file), Applied(bare, (Quantity(PACK, 5.0),), (Quantity(CELL, 3.0),))
    worth = {PACK: 10.0}
    known = cost_assumptions(measure, applied, COSTS)
    assert list(known) == ["discount_rate", "storage_share", "premium_share", "capex_eur", f"prices.{CELL}"]
    assert isinstance(known["capex_eur"], SourcedAssumption)

    def at(**ends: str) -> float:
        return cost_at(measure, applied, worth, COSTS, {name.replace("__", "."): end for name, end in ends.items()})  # type: ignore[misc]

    held, moved = 50.0, 60.0
    central = 0.06 * held + 0.5 * moved + annuity(1000.0, 0.04, 10.0)
    assert at() == pytest.approx(central)
    assert at(discount_rate="high") == pytest.approx(0.1 * held + 0.5 * moved + annuity(1000.0, 0.08, 10.0))
    assert at(storage_share="low") == pytest.approx(central - 0.01 * held)
    assert at(premium_share="high") == pytest.approx(central + 0.5 * moved)
    assert at(**{f"prices__{CELL}": "low"}) == pytest.approx(central - 0.5 * moved / 2)
