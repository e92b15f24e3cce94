"""Which official scores are carried to today, and why the others are not."""

from __future__ import annotations

import polars as pl

from supplyrisk.runs.quarterly import Run


def test_a_material_without_a_product_is_carried_by_its_own_series(run_2026q1: Run) -> None:
    live = run_2026q1.scores.table.filter(pl.col("metric") == "supply_risk_live")
    silver = live.row(by_predicate=pl.col("material_id") == "silver", named=True)
    assert silver["product_id"] is None
    assert silver["edition"] == "ec_2023+world_mining_data+eu_mix_of_study"
    assert silver["low"] <= silver["value"] <= silver["high"]
    assert any(row.startswith("world_output.silver.mex.") for row in silver["input_row_ids"])


def test_the_whole_table_stands_for_the_top_five_of_the_same_edition(run_2026q1: Run) -> None:
    live = run_2026q1.scores.table.filter(pl.col("metric") == "supply_risk_live")
    baryte = live.row(by_predicate=pl.col("material_id") == "baryte", named=True)
    assert baryte["year"] == 2023  # the output of 2024 came out in April 2026
    rows = baryte["input_row_ids"]
    assert any(row.startswith("world_output.baryte.") for row in rows)
    assert not any(row.startswith("production.baryte.") and "wmd" in row for row in rows)


def test_a_series_of_other_makers_than_the_study_carries_nothing(run_2026q1: Run) -> None:
    live = run_2026q1.scores.table.filter(pl.col("metric") == "supply_risk_live")
    reasons = dict(live.select("material_id", "missing_reason").iter_rows())
    assert reasons["tellurium"] == reasons["lithium"] == reasons["perlite"] == "no_series_from_study_to_today"
    assert live["value"].is_not_null().sum() == 41
    assert live.height == 70
