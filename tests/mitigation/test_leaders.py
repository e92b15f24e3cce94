"""Leaders looked at once more: which places draws leave open, and the order that follows."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from supplyrisk.mitigation.compare import Losses, with_leading_pairs
from supplyrisk.mitigation.leaders import confirm, leaders, places, with_confirmed
from supplyrisk.mitigation.per_euro import UNSURE, with_cost_per_avoided
from supplyrisk.risk.simulate import Group

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


def test_leaders_are_set_against_the_same_run_without_them() -> None:
    left = {"a": 0.5, "b": 0.75, "c": 0.25}
    lost = np.array([0.0, 0.2, 0.1, 0.3])
    asked: list[str] = []

    def run(name: str) -> tuple[Losses, Losses]:
        asked.append(name)
        return losses(lost), losses(left[name] * lost)

    found = confirm(run, {"EU27": ["a", "b"]}, {"a": 10.0, "b": 10.0}, {"pack": 100.0}, lambda part: None)
    assert asked == ["a", "b"]
    rows = {row["measure"]: row for row in found.iter_rows(named=True)}
    # A unit a month at EUR 100: 1,200 a year, of which 15 % are lost in the mean of draws, 10 and 20 % in the sets.
    assert rows["a"]["avoided"] == pytest.approx(0.5 * 0.15 * 1200.0)
    assert rows["a"]["low"] == pytest.approx(0.5 * 0.105 * 1200.0)
    assert rows["a"]["high"] == pytest.approx(0.5 * 0.195 * 1200.0)


def test_what_makes_losses_larger_in_some_sets_has_no_place() -> None:
    lost = np.array([0.1, 0.2, 0.1, 0.3])

    def run(name: str) -> tuple[Losses, Losses]:
        left = np.array([0.5, 0.5, 0.5, 0.5]) if name == "a" else np.array([1.2, 1.2, 0.1, 0.1])
        return losses(lost), losses(left * lost)

    cost = {"a": 10.0, "b": 1.0}
    found = confirm(run, {"EU27": ["a", "b"]}, cost, {"pack": 100.0}, lambda part: None)
    assert found.select("measure", "place_low", "place_high").rows() == [("a", 1, 1), ("b", None, None)]


def screened() -> pl.DataFrame:
    costs = zip("abcdefg", (10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0), strict=True)
    rows: list[tuple[object, ...]] = [
        ("EU27", name, 10.0, 5.0, 20.0, cost, cost / 2, cost * 2, "") for name, cost in costs
    ]
    rows.append(("EU27", "x", 10.0, 5.0, 20.0, None, None, None, "no_cost_figure"))
    return with_cost_per_avoided(pl.DataFrame(rows, schema=SCHEMA, orient="row"))


def test_leaders_come_first_in_the_order_of_the_fresh_draws() -> None:
    table = screened()
    assert leaders(table) == {"EU27": ["a", "b", "c", "d", "e", "f"]}
    # What few draws say may make losses larger is looked at again; what avoids nothing, or has no cost, is not.
    unsure = table.with_columns(
        rank_per_euro=pl.when(pl.col("measure") == "c").then(None).otherwise("rank_per_euro"),
        avoided=pl.when(pl.col("measure") == "a").then(-1.0).otherwise("avoided"),
    )
    assert leaders(unsure) == {"EU27": ["b", "c", "d", "e", "f", "g"]}
    fresh = pl.DataFrame(
        {
            "region": ["EU27"] * 5,
            "measure": list("abcde"),
            "avoided": [5.0, 40.0, 1.0, -2.0, 10.0],
            "low": [4.0, 30.0, 0.5, -9.0, 5.0],
            "high": [6.0, 50.0, 2.0, 3.0, 20.0],
            "place_low": [1, 1, 3, None, 3],
            "place_high": [2, 2, 4, None, 4],
        }
    )
    found = {row["measure"]: row for row in with_confirmed(table, fresh).iter_rows(named=True)}
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


def test_the_first_pairs_are_looked_at_once_more() -> None:
    lost = np.array([0.0, 0.2, 0.1, 0.3])
    pairs = pl.DataFrame(
        {
            "region": ["EU27"] * 4, "measure": ["a", "a", "a", "b"], "other": ["b", "c", "d", "c"],
            "together": [4.0, 3.0, 1.0, 2.0], "alone_sum": [5.0, 3.0, 1.0, 2.0], "interaction": [-1.0, 0.0, 0.0, 0.0],
        }
    )  # fmt: skip
    found = with_leading_pairs(pairs, lambda names: losses(lost if not names else 0.5 * lost), {"pack": 100.0})
    told = dict(zip(found["measure"] + found["other"], found["together_confirmed"], strict=True))
    assert told == {"ab": pytest.approx(90.0), "ac": pytest.approx(90.0), "bc": pytest.approx(90.0), "ad": None}
