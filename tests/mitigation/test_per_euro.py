"""What an avoided euro costs, and the order of measures that gives."""

from __future__ import annotations

import polars as pl
import pytest

from supplyrisk.mitigation.per_euro import ALL, SAVES, UNSURE, with_cost_per_avoided

SCHEMA = {
    "region": pl.String, "measure": pl.String, "avoided": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "cost": pl.Float64, "cost_low": pl.Float64, "cost_high": pl.Float64, "missing_reason": pl.String,
}  # fmt: skip


def ranked(*rows: tuple[object, ...]) -> dict[tuple[str, str], dict[str, object]]:
    found = with_cost_per_avoided(pl.DataFrame(rows, schema=SCHEMA, orient="row"))
    return {(row["region"], row["measure"]): row for row in found.iter_rows(named=True)}


def test_cost_per_avoided_euro_and_order_by_region() -> None:
    rows = ranked(
        ("EU27", "stock", 10.0, 5.0, 20.0, 20.0, 10.0, 30.0, ""),
        ("EU27", "makers", 40.0, 10.0, 50.0, 40.0, 0.0, 90.0, ""),
        ("EU27", "cheap", 1.0, 0.5, 2.0, -3.0, -5.0, -1.0, ""),
        ("EU27", "cheaper", 2.0, 0.5, 3.0, 0.0, 0.0, 0.0, ""),
        ("EU27", "unsure", 30.0, -1.0, 90.0, 1.0, 1.0, 1.0, ""),
        ("EU27", "priceless", 30.0, 9.0, 90.0, None, None, None, "no_cost_figure"),
        ("EU27", ALL, 80.0, 30.0, 99.0, 160.0, 80.0, 300.0, ""),
        ("NLD", "stock", 1.0, 0.5, 2.0, 20.0, 10.0, 30.0, ""),
        ("NLD", "hardly", 1.0, 0.0001, 2.0, 40.0, 10.0, 50.0, ""),
        ("NLD", "just", 1.0, -0.0009, 2.0, 50.0, 10.0, 60.0, ""),
        ("NLD", "not", 1.0, -0.0011, 2.0, 5.0, 1.0, 6.0, ""),
    )
    stock = rows["EU27", "stock"]
    ends = [stock[name] for name in ("cost_per_avoided", "cost_per_avoided_low", "cost_per_avoided_high")]
    assert ends == pytest.approx([2.0, 10.0 / 20.0, 30.0 / 5.0])
    # What saves money comes first, the larger effect before the smaller; then by cost of an avoided euro.
    order = {measure: row["rank_per_euro"] for (region, measure), row in rows.items() if region == "EU27"}
    assert order == {
        "cheaper": 1, "cheap": 2, "makers": 3, "stock": 4, "unsure": None, "priceless": None, ALL: None,
    }  # fmt: skip
    assert rows["NLD", "stock"]["rank_per_euro"] == 1
    assert rows["NLD", "just"]["rank_per_euro"] == 3
    assert (rows["NLD", "not"]["rank_per_euro"], rows["NLD", "not"]["missing_reason"]) == (None, UNSURE)
    hardly = rows["NLD", "hardly"]
    assert (hardly["rank_per_euro"], hardly["cost_per_avoided"], hardly["cost_per_avoided_high"]) == (2, 40.0, None)
    assert rows["EU27", ALL]["cost_per_avoided"] == pytest.approx(2.0)
    reasons = {measure: row["missing_reason"] for (region, measure), row in rows.items() if region == "EU27"}
    assert reasons["cheap"] == SAVES
    assert rows["EU27", "cheap"]["cost_per_avoided"] is None
    assert reasons["unsure"] == UNSURE
    assert reasons["priceless"] == "no_cost_figure"
    assert reasons["stock"] == ""


def test_a_low_end_that_saves_money_has_no_ratio() -> None:
    # 20/10 at the centre and 30/5 at the high end; at the low one it saves money, be the effect small or large.
    row = ranked(("EU27", "joint", 10.0, 5.0, 20.0, 20.0, -0.001, 30.0, ""))["EU27", "joint"]
    assert (row["cost_per_avoided"], row["cost_per_avoided_low"], row["cost_per_avoided_high"]) == (2.0, None, 6.0)
    assert (row["rank_per_euro"], row["missing_reason"]) == (1, "")
    free = ranked(("EU27", "joint", 10.0, 5.0, 20.0, 20.0, 0.0, 30.0, ""))["EU27", "joint"]
    assert free["cost_per_avoided_low"] == 0.0
