"""The range of what a shortage may do to a price, and the gap where no source says how markets answer."""

from __future__ import annotations

import polars as pl
import pytest

from supplyrisk.foundation.units import DAYS_PER_YEAR
from supplyrisk.risk.price_signal import NO_ANSWER, NO_ELASTICITY, price_rise, price_signals

PARAMETERS = pl.DataFrame(
    [
        ("price_elasticity_of_demand", "copper;tin", "estimate", -0.2, -0.3, -0.1, "one"),
        ("price_elasticity_of_supply", "copper", "observed", 0.1, None, None, "two"),
        ("price_elasticity_of_supply", "copper", "estimate", 0.2, None, None, "three"),
        ("price_elasticity_of_supply", "tin", "model_default", 0.5, None, None, "four"),
        ("price_elasticity_of_supply", None, "estimate", 0.5, None, None, "five"),
        ("other", "tin", "estimate", 0.5, None, None, "six"),
    ],
    schema=["parameter", "product_ids", "nature", "value", "low", "high", "source_ids"],
    orient="row",
)
PRODUCTS = pl.DataFrame(
    {
        "region": ["WLD", "WLD", "EU27"],
        "product_id": ["tin", "copper", "copper"],
        "lost_days_per_year": [0.01 * DAYS_PER_YEAR, 0.04 * DAYS_PER_YEAR, 0.5 * DAYS_PER_YEAR],
        "lost_low": [0.0, 0.02 * DAYS_PER_YEAR, 0.0],
        "lost_high": [0.02 * DAYS_PER_YEAR, 0.06 * DAYS_PER_YEAR, 1.0],
    }
)


def test_the_range_spans_the_least_and_the_most_elastic_market() -> None:
    assert price_rise((0.02, 0.06), (0.1, 0.3), (0.1, 0.2)) == pytest.approx((0.02 / 0.5, 0.06 / 0.2))
    # Where both may be nothing, no price clears the most that may be missing.
    assert price_rise((0.03, 0.1), (0.0, 0.3), (0.0, 0.0)) == (pytest.approx(0.1), None)
    assert price_rise((0.0, 0.1), (0.0, 0.0), (0.0, 0.0)) == (None, None)


def test_only_products_with_both_elasticities_from_a_source_have_a_range() -> None:
    copper, tin = price_signals(PRODUCTS, PARAMETERS, "WLD").iter_rows(named=True)
    assert (copper["product_id"], copper["source_ids"], copper["missing_reason"]) == ("copper", "one;three;two", None)
    assert (copper["price_rise_low"], copper["price_rise_high"]) == pytest.approx((0.04, 0.3))
    assert copper["shortage_share"] == pytest.approx(0.04)
    stiff = PARAMETERS.with_columns(low=pl.when(pl.col("product_ids").is_not_null()).then(0.0))
    open_end = price_signals(PRODUCTS, stiff, "WLD").row(0, named=True)
    assert (open_end["price_rise_high"], open_end["missing_reason"]) == (None, NO_ANSWER)
    assert open_end["price_rise_low"] == pytest.approx(0.02 / 0.4)
    # A default of a model is no evidence.
    assert (tin["price_rise_low"], tin["source_ids"], tin["missing_reason"]) == (None, None, NO_ELASTICITY)
