"""Scores recomputed from the rows listed with them."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from supplyrisk.runs.quarterly import Run
from supplyrisk.runs.score_queries import rows_by_id
from supplyrisk.scores.explain import recompute
from supplyrisk.scores.headline_index import HEADLINE
from supplyrisk.scores.metrics import LIVE_METRICS, METRICS, NETWORK_METRICS
from tests.score_builders import COUNTRY_TABLE, governance_rows, production_rows, score

# China 60, Australia 20, Germany 5, a European rest 5, not named 10.
OUTPUT = {"CHN": 60.0, "AUS": 20.0, "DEU": 5.0, "EU27": 5.0, "ROW": 10.0}
RESERVES = pl.DataFrame(
    {
        "row_id": ["r.chl", "r.aus", "r.usa"],
        "iso3": ["CHL", "AUS", "USA"],
        "value": [600.0, 300.0, None],
        "unit": ["t", "t", "t"],
        "output_value": [10.0, 20.0, 2.0],
        "output_unit": ["t", "t", "t"],
    }
)


def recomputed(metric: str, output: dict[str, float] | None = None, **given: Any) -> float:
    rows = {"production": production_rows(output or OUTPUT), "governance": governance_rows({"CHN": 6.0, "AUS": 2.0})}
    found = recompute(score(metric, "metal", **given), rows, COUNTRY_TABLE)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        # 3600 + 400 + 25, and each rest counted with min(r, 0.05): 0.05·0.05 + 0.1·0.05 = 0.0075.
        ("hhi", 4100.0),
        ("hhi_series", 4100.0),
        ("effective_suppliers", 10_000.0 / 4100.0),
        ("top1_share", 0.6),
        ("top3_share", 0.85),
        ("n_minus_one_output", 0.4),
    ],
)
def test_metric_from_its_rows_worked_by_hand(metric: str, expected: float) -> None:
    assert recomputed(metric) == pytest.approx(expected)


def test_share_of_a_country_and_of_the_union_with_its_members_and_its_own_row() -> None:
    assert recomputed("share_of_world_output", country="AUS") == pytest.approx(0.2)
    assert recomputed("share_of_world_output", country="EU27") == pytest.approx(0.1)


def test_governance_from_production_and_indicator_rows() -> None:
    # 0.36·6 + 0.04·2 = 2.24; Germany without indicators 0.0025 and the rests 0.0075 with the mean 2.24/0.40 = 5.6.
    assert recomputed("hhi_governance") == pytest.approx(2.24 + 0.01 * 5.6)


@pytest.mark.parametrize(
    ("metric", "expected"),
    [("reserves_hhi", 5555.5556), ("reserves_top1_share", 0.6667), ("reserves_years", 30.0)],
)
def test_reserves_leave_out_what_is_not_printed(metric: str, expected: float) -> None:
    found = recompute(score(metric, "metal_mine"), {"reserves": RESERVES}, COUNTRY_TABLE)
    assert found == pytest.approx(expected, rel=1e-4)


def test_another_number_in_a_row_gives_another_value() -> None:
    assert recomputed("top1_share", OUTPUT | {"CHN": 40.0}) == pytest.approx(0.5)


def test_every_score_of_a_run_is_recomputed_from_the_rows_listed_with_it(run_2026q1: Run) -> None:
    countries = run_2026q1.package.frames["countries"]
    valued = run_2026q1.scores.table.filter(pl.col("value").is_not_null())
    assert set(valued["metric"]) == set(METRICS)
    put_together = {*NETWORK_METRICS, *LIVE_METRICS, HEADLINE}
    from_rows = valued.filter(~pl.col("metric").is_in(list(put_together)))
    assert set(from_rows["metric"]) == set(METRICS) - put_together
    wrong = [
        (row["metric"], row["product_id"], row["country"], row["value"], found)
        for row in from_rows.iter_rows(named=True)
        if (found := recompute(row, rows_by_id(run_2026q1.package, row["input_row_ids"]), countries))
        != pytest.approx(row["value"], rel=1e-9, abs=1e-9)
    ]
    assert wrong == []
