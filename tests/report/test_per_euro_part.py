"""What the report says on measures per euro, from a table of hand."""

from __future__ import annotations

import polars as pl
import pytest

from supplyrisk.mitigation.per_euro import with_cost_per_avoided
from supplyrisk.report.per_euro_part import cost_figure, first_three, per_euro
from supplyrisk.report.wording import Names, Wording

SCHEMA = {
    "region": pl.String, "measure": pl.String, "avoided": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "cost": pl.Float64, "cost_low": pl.Float64, "cost_high": pl.Float64, "missing_reason": pl.String,
}  # fmt: skip
TITLES = {name: name.upper() for name in "abcde"}
NAMES = Names({"EU27": "European Union"}, {}, {})


@pytest.fixture(scope="module")
def english() -> Wording:
    return Wording("en", NAMES)


def table(again: dict[str, int], **costs: float) -> pl.DataFrame:
    rows = [("EU27", name, 10.0, 5.0, 20.0, cost, cost / 2, cost * 2, "") for name, cost in costs.items()]
    found = with_cost_per_avoided(pl.DataFrame(rows, schema=SCHEMA, orient="row"))
    return found.with_columns(
        pl.col("measure").replace_strict(again, default=None).cast(pl.Int64).alias("rank_screened"),
        place_low=pl.col("rank_per_euro"),
        place_high=pl.col("rank_per_euro"),
    )


def test_the_first_three_are_told_with_what_an_avoided_euro_costs(english: Wording) -> None:
    own = table({"a": 1, "b": 2, "c": 3, "d": 4}, a=10.0, b=20.0, c=30.0, d=40.0)
    told = first_three(own, TITLES, "the EU", english)
    assert (
        "of the EU falls most with (1) “A”, 1.0 (0.2 to 4.0); (2) “B”, 2.0 (0.5 to 8.0); (3) “C”, 3.0 (0.8 to 12.0)"
        in told
    )
    assert "(4)" not in told
    assert "those of the screening give the same first three, in the same order." in told
    assert told.endswith("Draws leave none of these places open.")


@pytest.mark.parametrize(
    ("language", "opening", "near"),
    [
        ("en", "the cheapest costs EUR 1.5 (0.4 to 6.0) per euro avoided.", "avoided in the EU alone."),
        ("nl", "de goedkoopste kost 1,5 (0,4 tot 6,0) euro per vermeden euro.", "alleen in the EU wordt vermeden."),
    ],
)
def test_that_no_measure_pays_for_itself_comes_first(language: str, opening: str, near: str) -> None:
    told = first_three(table({"a": 1, "b": 2}, a=15.0, b=20.0), TITLES, "the EU", Wording(language, NAMES))
    assert opening in told
    assert told.index(opening) < told.index(near) < told.index("(1)")


def test_measures_that_pay_for_themselves_are_named(english: Wording) -> None:
    told = first_three(table({"a": 1, "b": 2}, a=9.0, b=20.0, c=10.0), TITLES, "the EU", english)
    assert told.startswith("In the central case these pay for themselves on the losses they avoid alone: “A”; “C”.")


def test_a_measure_that_saves_money_pays_for_itself_beside_others_and_alone(english: Wording) -> None:
    beside = first_three(table({"a": 1, "b": 2}, a=-5.0, b=20.0), TITLES, "the EU", english)
    alone = first_three(table({"a": 1}, a=-5.0), TITLES, "the EU", english)
    for told in (beside, alone):
        assert told.startswith("In the central case these pay for themselves on the losses they avoid alone: “A”. ")


def test_an_order_that_changes_with_fresh_draws_is_said(english: Wording) -> None:
    costs = {"a": 10.0, "b": 20.0, "c": 30.0, "d": 40.0}
    swapped = first_three(table({"b": 1, "a": 2, "c": 3, "d": 4}, **costs), TITLES, "the EU", english)
    assert "give the same three in another order: (1) “B”; (2) “A”; (3) “C”." in swapped
    other = first_three(table({"a": 1, "b": 2, "d": 3, "c": 4}, **costs), TITLES, "the EU", english)
    assert "others lead: (1) “A”; (2) “B”; (3) “D”." in other


def test_places_that_draws_leave_open_are_named(english: Wording) -> None:
    own = table({"a": 1, "b": 2, "c": 3}, a=10.0, b=20.0, c=30.0)
    tied = own.with_columns(place_low=pl.Series([1, 1, 3]), place_high=pl.Series([2, 2, 3]))
    told = first_three(tied, TITLES, "the EU", english)
    assert told.endswith("open are the places of “A”, 1\u20132; “B”, 1\u20132.")


def test_what_costs_a_thousand_times_what_it_avoids_does_not_lead(english: Wording) -> None:
    own = table({"a": 1, "b": 2}, a=10.0, b=20_000.0)
    told = first_three(own, TITLES, "the EU", english)
    assert "(2)" not in told
    row = own.filter(pl.col("measure") == "b").row(0, named=True)
    assert per_euro(row, english) == "> 1,000 (500 to > 1,000)"
    nothing = first_three(table({}, b=20_000.0), TITLES, "the EU", english)
    assert nothing == english.page("measures_none_per_euro", region="the EU")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "1.0 (at best saves money, at worst 4.0)"),
        ("nl", "1,0 (levert in het gunstigste geval geld op, kost in het ongunstigste 4,0)"),
    ],
)
def test_a_low_end_that_saves_money_is_said_in_words(language: str, told: str) -> None:
    own = with_cost_per_avoided(
        pl.DataFrame([("EU27", "a", 10.0, 5.0, 20.0, 10.0, -400.0, 20.0, "")], schema=SCHEMA, orient="row")
    )
    wording = Wording(language, NAMES)
    assert per_euro(own.row(0, named=True), wording) == told
    figure = cost_figure(own, TITLES, "EU27", wording)
    assert figure is not None
    assert figure.data.splitlines()[1] == "A,1.0,,4.0"


def test_the_chart_holds_what_can_be_told_cheapest_first(english: Wording) -> None:
    figure = cost_figure(table({}, a=30.0, b=20.0), TITLES, "EU27", english)
    assert figure is not None
    assert figure.data.splitlines()[:2] == ["measure,cost_per_avoided,low,high", "B,2.0,0.5,8.0"]
    assert "It costs least with B: EUR 2.0." in figure.alt
    assert cost_figure(table({}).clear(), TITLES, "EU27", english) is None
