"""Shares shaped for charts."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given

from supplyrisk.report.shares import (
    OTHER,
    RESIDUAL,
    draw_together,
    labels,
    large_elsewhere,
    leading_codes,
    region_shares,
    tier_shares,
)
from tests.score_builders import COUNTRY_TABLE, outputs, production_rows

# 100 t: Germany, the Netherlands and a row filed as EU27 make 20 together, ROW 10.
OUTPUT = {"CHN": 50.0, "AUS": 20.0, "DEU": 10.0, "NLD": 5.0, "EU27": 5.0, "ROW": 10.0}


def shares_of(*rows: pl.DataFrame) -> pl.DataFrame:
    return region_shares(pl.concat(rows), COUNTRY_TABLE)


def by_code(shares: pl.DataFrame) -> dict[str, float]:
    return dict(shares.select("code", "share").iter_rows())


def test_members_and_the_row_of_the_union_become_one() -> None:
    assert by_code(shares_of(production_rows(OUTPUT))) == pytest.approx(
        {"CHN": 0.5, "AUS": 0.2, "EU27": 0.2, RESIDUAL: 0.1}
    )


def test_shares_are_the_same_to_the_last_digit_every_time() -> None:
    countries = pl.DataFrame({"iso3": [f"C{n}" for n in range(300)], "kind": "country", "eu27": False})
    rows = [
        pl.DataFrame({"product_id": f"p{product}", "iso3": countries["iso3"]}).with_columns(
            value=(1.0 + pl.int_range(pl.len()) * (product + 0.1)) / 7.0
        )
        for product in range(40)
    ]
    found = {draw_together(region_shares(pl.concat(rows), countries), ["C1"]).write_csv() for _ in range(10)}
    assert len(found) == 1


def test_shares_come_largest_first_and_equal_ones_by_code() -> None:
    assert shares_of(production_rows(OUTPUT))["code"].to_list() == ["CHN", "AUS", "EU27", RESIDUAL]


def test_each_product_is_a_whole_of_its_own() -> None:
    shares = shares_of(
        production_rows({"CHN": 1.0, "AUS": 3.0}, product="one"), production_rows({"CHN": 50.0}, product="two")
    )
    assert shares.rows() == [("one", "AUS", 0.75), ("one", "CHN", 0.25), ("two", "CHN", 1.0)]


@given(outputs())
def test_shares_of_a_product_add_up_to_one(values: dict[str, float]) -> None:
    assert shares_of(production_rows(values))["share"].sum() == pytest.approx(1.0)


def test_leading_codes_are_those_with_the_largest_sums() -> None:
    shares = shares_of(
        production_rows({"CHN": 60.0, "AUS": 40.0}, product="one"),
        production_rows({"ZAF": 90.0, "CHN": 10.0}, product="two"),
    )
    assert leading_codes(shares, 2) == ["ZAF", "CHN"]  # 0.9 and 0.7, before Australia with 0.4


def test_union_is_among_the_leading_where_it_makes_anything() -> None:
    shares = shares_of(production_rows({"CHN": 60.0, "AUS": 30.0, "NLD": 10.0}))
    assert leading_codes(shares, 2) == ["CHN", "EU27"]


def test_residual_never_leads() -> None:
    assert leading_codes(shares_of(production_rows({"ROW": 90.0, "CHN": 10.0})), 3) == ["CHN"]


def test_codes_that_do_not_lead_are_drawn_together_and_residuals_stay_apart() -> None:
    drawn = draw_together(shares_of(production_rows(OUTPUT)), ["CHN"])
    assert by_code(drawn) == pytest.approx({"CHN": 0.5, OTHER: 0.4, RESIDUAL: 0.1})


@given(outputs())
def test_drawing_together_loses_nothing(values: dict[str, float]) -> None:
    drawn = draw_together(shares_of(production_rows(values)), ["CHN", "EU27"])
    assert drawn["share"].sum() == pytest.approx(1.0)
    assert set(drawn["code"]) <= {"CHN", "EU27", OTHER, RESIDUAL}


def test_country_outside_the_leading_with_a_large_part_of_one_product_keeps_its_name() -> None:
    shares = shares_of(
        production_rows({"CHN": 90.0, "AUS": 10.0}, product="one"),
        production_rows({"CHN": 60.0, "AUS": 25.0, "BRA": 15.0}, product="two"),
    )
    assert large_elsewhere(shares, ["CHN"], 0.25) == ["AUS"]
    assert large_elsewhere(shares, ["CHN"], 0.15) == ["AUS", "BRA"]


PRODUCTS = pl.DataFrame(
    {
        "product_id": ["one", "two", "sum"],
        "chain": ["battery"] * 3,
        "stage": ["refining"] * 3,
        "tier": [2] * 3,
        "reporting": [False, False, True],
    }
)


def test_mean_of_a_tier_counts_each_product_alike_and_leaves_sums_out() -> None:
    # China 0.9 of one and none of two: 0.45; Australia 0.1 and all of two: 0.55. Tonnage does not matter.
    shares = shares_of(
        production_rows({"CHN": 9.0, "AUS": 1.0}, product="one"),
        production_rows({"AUS": 5000.0}, product="two"),
        production_rows({"ZAF": 1.0}, product="sum"),
    )
    found = tier_shares(shares, PRODUCTS)
    assert by_code(found) == pytest.approx({"AUS": 0.55, "CHN": 0.45})
    assert found.select("chain", "stage", "tier").unique().rows() == [("battery", "refining", 2)]


def test_labels_are_codes_and_the_drawn_together_parts_have_their_word() -> None:
    assert labels(["CHN", "EU27"], {OTHER: "other"}) == {"CHN": "CHN", "EU27": "EU", OTHER: "other", RESIDUAL: ""}
