"""Leaders looked at once more: which places draws leave open, and the order that follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
import polars as pl
import pytest

from supplyrisk.mitigation.compare import Losses, effects, pairs_of, with_leading_pairs
from supplyrisk.mitigation.cost import YearlyCost
from supplyrisk.mitigation.leaders import PLACES, leaders, open_places, places, with_confirmed
from supplyrisk.mitigation.per_euro import ALL, UNSURE, with_cost_per_avoided
from supplyrisk.risk.simulate import Group
from supplyrisk.runs.mitigate_run import measure_rows

SCHEMA = {
    "region": pl.String, "measure": pl.String, "avoided": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "cost": pl.Float64, "cost_low": pl.Float64, "cost_high": pl.Float64, "missing_reason": pl.String,
}  # fmt: skip
BASE = np.array([4.0, 8.0, 12.0, 16.0])
GROUP = Group("EU27", "pack", np.array([0]), 1.0)


def losses(lost: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Losses:
    return Losses([GROUP], np.array([0, 0, 1, 1]), lost[:, None])


def test_places_are_open_where_sets_of_numbers_disagree() -> None:
    means = {
        "first": BASE,
        # Half as much for the same money: the lead of 2, 4, 6 and 8 is 5 in the mean, with a standard error of
        # sqrt(20 / 3) / 2 = 1.29, of which 2.35 (t, 3 degrees of freedom) make 3.04.
        "second": BASE / 2.0,
        # The lead of the second is 2, 1, 1 and -2: 0.5 in the mean, with a standard error of 0.87.
        "third": BASE / 2.0 - np.array([2.0, 1.0, 1.0, -2.0]),
    }
    found = places(means, dict.fromkeys(means, 10.0))
    assert found == {"first": (1, 1), "second": (2, 3), "third": (2, 3)}
    # Twice the cost for twice the effect: no order at all.
    assert places({"a": BASE, "b": BASE / 2.0}, {"a": 20.0, "b": 10.0}) == {"a": (1, 2), "b": (1, 2)}
    # What saves money is ahead whatever it avoids, and of two who save the one that avoids more.
    saving = places({"a": BASE, "b": 0.1 * BASE, "c": 0.2 * BASE}, {"a": 1.0, "b": -5.0, "c": -1.0})
    assert saving == {"c": (1, 1), "b": (2, 2), "a": (3, 3)}


def test_places_are_told_on_the_draws_of_the_table() -> None:
    lost = np.array([0.19, 0.20, 0.20, 0.21])
    left = {"a": np.array([0.5, 0.5, 0.5, 0.5]), "b": np.array([1.2, 1.2, 0.1, 0.1])}

    def run(names: frozenset[str]) -> Losses:
        return losses(lost * np.prod([left[name] for name in names], axis=0))

    confirmed = effects(run, ["a", "b"], ["a", "b"], ["EU27"], {"pack": 100.0}, lambda part: None)
    own = confirmed.filter(pl.col("how") != "last").rename({"measures": "measure"})
    # What makes losses larger in some sets has no place, and all together none either.
    found = open_places(run, own, {"a": 10.0, "b": 1.0}, {"pack": 100.0})
    assert found.rows() == [("EU27", "a", 1, 1)]


def screened() -> pl.DataFrame:
    costs = zip("abcdefg", (10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0), strict=True)
    rows: list[tuple[object, ...]] = [
        ("EU27", name, 10.0, 5.0, 20.0, cost, cost / 2, cost * 2, "") for name, cost in costs
    ]
    rows.append(("EU27", "x", 10.0, 5.0, 20.0, None, None, None, "no_cost_figure"))
    return with_cost_per_avoided(pl.DataFrame(rows, schema=SCHEMA, orient="row"))


def test_leaders_come_first_in_the_order_of_the_fresh_draws() -> None:
    table = screened()
    assert leaders(table) == ["a", "b", "c", "d", "e"]
    # What few draws say may make losses larger is looked at again; what avoids nothing, or has no cost, is not.
    unsure = table.with_columns(
        rank_per_euro=pl.when(pl.col("measure") == "c").then(None).otherwise("rank_per_euro"),
        avoided=pl.when(pl.col("measure") == "a").then(-1.0).otherwise("avoided"),
    )
    assert leaders(unsure) == ["b", "c", "d", "e", "f"]
    told = [(5.0, 4.0, 6.0), (40.0, 30.0, 50.0), (1.0, 0.5, 2.0), (-2.0, -9.0, 3.0), (10.0, 5.0, 20.0)]
    costs = [(cost, cost / 2, 2 * cost, "") for cost in (10.0, 20.0, 30.0, 40.0, 50.0)]
    rows = [("EU27", name, *own, *cost) for name, own, cost in zip("abcde", told, costs, strict=True)]
    fresh = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    spans = [("EU27", "a", 1, 2), ("EU27", "b", 1, 2), ("EU27", "c", 3, 4), ("EU27", "e", 3, 4)]
    open_to = pl.DataFrame(spans, schema=PLACES, orient="row")
    found = {row["measure"]: row for row in with_confirmed(table, fresh, open_to).iter_rows(named=True)}
    # EUR 0.5, 2, 5 and 30 for an avoided euro of b, a, e and c; d makes losses larger; f and g stay behind, though a
    # euro avoided costs less with them (6 and 7) than with c.
    order = {name: row["rank_per_euro"] for name, row in found.items()}
    assert order == {"b": 1, "a": 2, "e": 3, "c": 4, "f": 5, "g": 6, "d": None, "x": None}
    assert [found[name]["rank_screened"] for name in "abf"] == [1, 2, 6]
    assert found["b"]["cost_per_avoided"] == pytest.approx(0.5)
    assert (found["b"]["confirmed"], found["f"]["confirmed"]) == (True, False)
    assert (found["d"]["missing_reason"], found["d"]["place_low"]) == (UNSURE, None)
    assert found["x"]["missing_reason"] == "no_cost_figure"
    assert (found["f"]["avoided"], found["f"]["place_low"]) == (10.0, None)


def test_all_of_a_row_is_told_on_one_set_of_draws() -> None:
    """On the fresh draws everything is lost four times as often: no column of a confirmed row may be of the others."""
    lost = np.array([0.014, 0.015, 0.015, 0.016])

    def draws(times: float) -> Callable[[frozenset[str]], Losses]:
        return lambda names: losses(times * lost * 0.5 ** len(names))

    def table(times: float, names: Sequence[str]) -> pl.DataFrame:
        joined = ["a", "b", "c"]
        found = effects(draws(times), names, joined, ["EU27"], {"pack": 100.0}, lambda part: None)
        cost = {name: YearlyCost(10.0, 5.0, 20.0) for name in joined}
        return measure_rows(found, dict.fromkeys(joined, 12), joined, cost)

    few, many = with_cost_per_avoided(table(1.0, "abc")), table(4.0, "ab")
    found = {
        row["measure"]: row for row in with_confirmed(few, many, pl.DataFrame(schema=PLACES)).iter_rows(named=True)
    }
    for name, times in (("a", 4.0), ("b", 4.0), (ALL, 4.0), ("c", 1.0)):
        row = found[name]
        left = 0.125 if name == ALL else 0.5
        # A unit a month at EUR 100: 1,200 a year, of which 1.5 % are lost in the mean, 1.6 % in the worst draw.
        assert row["avoided"] == pytest.approx(times * (1.0 - left) * 0.015 * 1200.0), name
        assert row["avoided_cvar95"] == pytest.approx(times * (1.0 - left) * 0.016 * 1200.0), name
        if name != ALL:
            assert row["avoided_last"] == pytest.approx(times * 0.125 * 0.015 * 1200.0), name
            assert row["cost_per_avoided"] == pytest.approx(10.0 / row["avoided"]), name


def test_the_first_pairs_are_told_once_more_and_whole() -> None:
    lost = np.array([0.0, 0.2, 0.1, 0.3])
    worth = {"pack": 100.0}

    def draws(times: float) -> Callable[[frozenset[str]], Losses]:
        left = {"a": 0.5, "b": 0.6, "c": 0.7, "d": 0.99}
        return lambda names: losses(times * lost * float(np.prod([left[name] for name in names])))

    pairs = pairs_of(draws(1.0), list(combinations("abcd", 2)), ["EU27"], worth, lambda part: None)
    rows = {row["measure"] + row["other"]: row for row in with_leading_pairs(pairs, draws(2.0), worth).rows(named=True)}
    assert list(rows) == ["ab", "ac", "ad", "bc", "bd", "cd"]
    assert [name for name, row in rows.items() if row["confirmed"]] == ["ab", "ac", "bc"]
    # 15 % of 1,200 are lost, twice as much on the fresh draws: of it a half, 0.4 and 0.3 are avoided by a, b and c.
    assert rows["ab"]["together"] == pytest.approx(2.0 * 180.0 * 0.7)
    assert rows["ab"]["alone_sum"] == pytest.approx(2.0 * 180.0 * 0.9)
    assert rows["bc"]["interaction"] == pytest.approx(2.0 * 180.0 * (1.0 - 0.42 - 0.7))
    assert rows["cd"]["interaction"] == pytest.approx(180.0 * (1.0 - 0.7 * 0.99 - 0.31))
