"""Shares of supply and their draws."""

from __future__ import annotations

from itertools import pairwise
from math import log
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from supplyrisk.scores.supply import log_widths, supplies
from tests.score_builders import KINDS, WIDTHS, outputs, production_rows, supply_of


def test_countries_and_residuals_stand_apart_largest_first() -> None:
    supply = supply_of(production_rows({"ROW": 300.0, "AUS": 100.0, "CHN": 500.0, "EU27": 100.0}))
    assert supply.countries == ("CHN", "AUS")
    assert supply.residuals == ("ROW", "EU27")
    assert supply.shares.tolist() == pytest.approx([0.5, 0.1])
    assert supply.residual_shares.tolist() == pytest.approx([0.3, 0.1])


def test_row_ids_are_those_of_every_row_countries_first() -> None:
    supply = supply_of(production_rows({"ROW": 3.0, "AUS": 1.0, "CHN": 5.0}))
    assert supply.row_ids == tuple(f"production.metal.{code}.2024.edition_a" for code in ("chn", "aus", "row"))


@given(outputs())
def test_shares_of_countries_and_residuals_add_up_to_one(values: dict[str, float]) -> None:
    supply = supply_of(production_rows(values), draws=20)
    assert supply.shares.sum() + supply.residual_shares.sum() == pytest.approx(1.0)
    drawn = supply.share_draws.sum(axis=0) + supply.residual_draws.sum(axis=0)
    assert drawn.tolist() == pytest.approx([1.0] * 20)


@given(outputs(), st.randoms())
def test_order_of_rows_does_not_matter(values: dict[str, float], random: Random) -> None:
    rows = production_rows(values)
    order = list(range(rows.height))
    random.shuffle(order)
    one, other = supply_of(rows, draws=20), supply_of(rows[order], draws=20)
    assert one.row_ids == other.row_ids
    assert np.array_equal(one.share_draws, other.share_draws)


@given(outputs(), st.floats(1e-3, 1e3))
def test_scaling_every_tonnage_changes_no_share(values: dict[str, float], scale: float) -> None:
    # Two makers a rounding error apart may change places, and their numbers with them.
    assume(all(low == high or high > low * (1.0 + 1e-9) for low, high in pairwise(sorted(values.values()))))
    one = supply_of(production_rows(values), draws=20)
    other = supply_of(production_rows({code: value * scale for code, value in values.items()}), draws=20)
    assert (other.countries, other.residuals) == (one.countries, one.residuals)
    assert other.shares.tolist() == pytest.approx(one.shares.tolist())
    assert other.share_draws.ravel().tolist() == pytest.approx(one.share_draws.ravel().tolist())
    assert other.residual_draws.ravel().tolist() == pytest.approx(one.residual_draws.ravel().tolist())


def test_smallest_named_country_leaves_out_zeros_and_residuals() -> None:
    supply = supply_of(production_rows({"CHN": 70.0, "AUS": 20.0, "BRA": 0.0, "ROW": 10.0}))
    assert supply.smallest_named == pytest.approx(0.2)


def test_smallest_named_is_zero_where_only_a_residual_is_known() -> None:
    assert supply_of(production_rows({"ROW": 10.0})).smallest_named == 0.0


def test_largest_is_the_country_with_the_largest_share() -> None:
    assert supply_of(production_rows({"AUS": 35.0, "CHN": 45.0, "ROW": 20.0})).largest == "CHN"


def test_residual_larger_than_every_country_leaves_the_largest_unknown() -> None:
    # ROW and EU27 hold 0.35 together, more than the 0.33 of China.
    values = {"CHN": 33.0, "AUS": 32.0, "ROW": 20.0, "EU27": 15.0}
    assert supply_of(production_rows(values)).largest is None


def test_residual_alone_has_no_largest() -> None:
    assert supply_of(production_rows({"ROW": 10.0})).largest is None


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ({"CHN": ("A", 80.0), "AUS": ("D", 20.0)}, "A"),  # grade A reaches exactly four fifths
        ({"CHN": ("A", 79.0), "AUS": ("D", 21.0)}, "D"),
        ({"CHN": ("A", 50.0), "AUS": ("B", 29.0), "ROW": ("C", 21.0)}, "C"),
        ({"CHN": ("B", 81.0), "AUS": ("C", 19.0)}, "B"),
    ],
)
def test_grade_is_the_one_that_four_fifths_of_the_output_reach(
    output: dict[str, tuple[str, float]], expected: str
) -> None:
    rows = production_rows(
        {code: value for code, (_, value) in output.items()},
        quality={code: grade for code, (grade, _) in output.items()},
    )
    assert supply_of(rows).quality == expected


def test_width_of_a_row_with_a_range_of_its_own_reads_it_as_5_to_95_percent() -> None:
    # ln(200/100) / (2·1.6449) = 0.6931/3.2897 = 0.2107
    rows = production_rows({"CHN": 150.0}, ranges={"CHN": (100.0, 200.0)})
    assert log_widths(rows, WIDTHS).tolist() == pytest.approx([0.2107], abs=1e-4)


@pytest.mark.parametrize("limits", [(0.0, 200.0), (150.0, 150.0)])
def test_range_that_gives_no_width_leaves_it_to_the_grade(limits: tuple[float, float]) -> None:
    rows = production_rows({"CHN": 150.0}, ranges={"CHN": limits}, quality="C")
    assert log_widths(rows, WIDTHS).tolist() == [0.15]


def test_width_follows_the_grade_where_no_range_is_printed() -> None:
    rows = production_rows({"CHN": 1.0, "AUS": 1.0}, quality={"CHN": "A", "AUS": "D"})
    assert log_widths(rows, WIDTHS).tolist() == [0.03, 0.30]


def test_spread_of_drawn_tonnage_is_that_of_the_row() -> None:
    # Log of the ratio of two independent draws of width 0.06 has the standard deviation 0.06·√2 = 0.0849.
    supply = supply_of(production_rows({"CHN": 60.0, "AUS": 40.0}), draws=20_000)
    ratio = np.log(supply.share_draws[0] / supply.share_draws[1])
    assert float(ratio.mean()) == pytest.approx(log(1.5), abs=0.003)
    assert float(ratio.std()) == pytest.approx(0.0849, abs=0.002)


def test_draws_are_equal_on_repetition() -> None:
    rows = production_rows({"CHN": 60.0, "AUS": 40.0})
    assert np.array_equal(supply_of(rows).share_draws, supply_of(rows).share_draws)


def test_draws_differ_by_seed() -> None:
    rows = production_rows({"CHN": 60.0, "AUS": 40.0})
    assert not np.allclose(supply_of(rows, seed=1).share_draws, supply_of(rows, seed=2).share_draws)


def test_draws_of_a_product_do_not_depend_on_the_other_products() -> None:
    one = production_rows({"CHN": 60.0, "AUS": 40.0}, product="one")
    other = production_rows({"CHN": 10.0, "ZAF": 40.0, "ROW": 5.0}, product="other")
    together = list(supplies(pl.concat([other, one]), KINDS, WIDTHS, 7, 200))
    assert [supply.product_id for supply in together] == ["other", "one"]
    assert np.array_equal(together[1].share_draws, supply_of(one).share_draws)


def test_draws_of_a_row_do_not_depend_on_the_other_rows() -> None:
    two = supply_of(production_rows({"CHN": 60.0, "AUS": 40.0}))
    three = supply_of(production_rows({"ZAF": 500.0, "CHN": 60.0, "AUS": 40.0}))
    ratio = two.share_draws[0] / two.share_draws[1]
    assert (three.share_draws[1] / three.share_draws[2]).tolist() == pytest.approx(ratio.tolist())


def test_two_products_with_equal_output_have_draws_of_their_own() -> None:
    one, other = (supply_of(production_rows({"CHN": 60.0, "AUS": 40.0}, product=name)) for name in ("one", "other"))
    assert not np.allclose(one.share_draws, other.share_draws)


def test_more_draws_go_on_where_fewer_ended() -> None:
    rows = production_rows({"CHN": 60.0, "AUS": 40.0})
    assert np.array_equal(supply_of(rows, draws=300).share_draws[:, :100], supply_of(rows, draws=100).share_draws)


def test_each_product_and_year_is_a_supply_of_its_own() -> None:
    rows = pl.concat([production_rows({"CHN": 1.0}, year=2023), production_rows({"AUS": 1.0}, year=2024)])
    found = [(supply.year, supply.countries) for supply in supplies(rows, KINDS, WIDTHS, 7, 10)]
    assert found == [(2023, ("CHN",)), (2024, ("AUS",))]
