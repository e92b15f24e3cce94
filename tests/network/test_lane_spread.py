"""The spread of traded lanes is the one that the trade table shows from one year to the next."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import yaml

from tests.conftest import ROOT

TEXT = {"hs6": pl.String, "cn8": pl.String}
SMALLEST_IMPORTER = 0.01


def spread(years_that_count: tuple[int, ...]) -> tuple[float, int]:
    """Spread, and over how many lanes; importers count with a hundredth of the code's trade in each of these years."""
    content = pl.read_csv(ROOT / "data" / "hs_content.csv", schema_overrides=TEXT).filter(pl.col("use") == "prior")
    trade = pl.read_csv(ROOT / "data" / "trade.csv", infer_schema_length=None, schema_overrides=TEXT).filter(
        (pl.col("record_kind") == "reconciled")
        & (pl.col("quantity_t") > 0)
        & pl.col("hs6").is_in(content["hs6"].implode())
        & (pl.col("importer_iso3") != "ROW")
        & pl.col("year").is_in([2023, 2024])
    )
    taken = pl.col("quantity_t").sum().over("hs6", "year", "importer_iso3")
    traded = pl.col("quantity_t").sum().over("hs6", "year")
    matters = (taken >= SMALLEST_IMPORTER * traded) | ~pl.col("year").is_in(list(years_that_count))
    shares = trade.with_columns((pl.col("quantity_t") / taken).alias("share")).filter(matters)
    keys = ["hs6", "exporter_iso3", "importer_iso3"]
    before, after = (shares.filter(pl.col("year") == year) for year in (2023, 2024))
    both = before.join(after, on=keys, suffix="_after")
    change = np.log((both["share_after"] / both["share"]).to_numpy())
    weight = np.sqrt((both["share_after"] * both["share"]).to_numpy())
    return float(np.sqrt(np.average(np.square(change), weights=weight) / 2.0)), both.height


def test_spread_of_traded_lanes_is_recomputed_from_the_trade_table() -> None:
    found, lanes = spread((2023, 2024))
    file = ROOT / "models" / "assumptions" / "network.yaml"
    assumed = yaml.safe_load(file.read_text(encoding="utf-8"))["network"]["lane_spread"]["trade"]["value"]
    assert lanes > 1000
    assert found == pytest.approx(assumed, abs=0.005)


def test_importers_that_fell_below_a_hundredth_widen_the_spread_within_its_range() -> None:
    # Chosen by 2023 alone the same figures give 0.41: importers whose trade collapsed in 2024 are then among them.
    assert spread((2023,))[0] == pytest.approx(0.414, abs=0.005)
