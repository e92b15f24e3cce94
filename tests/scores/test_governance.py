"""Governance risk and the index weighted by it."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.scores.concentration import herfindahl_hirschman_index
from supplyrisk.scores.governance import governance_risk, governance_weighted_hhi, latest_governance_risk
from tests.score_builders import governance_rows, named_outputs


def risk_of(estimate: float) -> float:
    return float(pl.DataFrame({"wgi": [estimate]}).select(governance_risk(pl.col("wgi"))).item())


@pytest.mark.parametrize(
    ("estimate", "expected"),
    [
        (2.5, 0.0),
        (0.0, 5.0),
        (-2.5, 10.0),
        (-0.96, 6.92),  # Nigeria's scaled value as printed in the EU criticality study of 2017: (2.5 + 0.96)/5·10
    ],
)
def test_risk_scales_the_mean_indicator_to_ten(estimate: float, expected: float) -> None:
    assert risk_of(estimate) == pytest.approx(expected)


@pytest.mark.parametrize(("estimate", "expected"), [(2.7, 0.0), (-2.9, 10.0)])
def test_risk_stays_between_zero_and_ten(estimate: float, expected: float) -> None:
    assert risk_of(estimate) == expected


def test_risk_of_a_country_is_that_of_the_mean_of_six_indicators() -> None:
    # Mean of −1, −1, −1, 0, 0, 0 is −0.5: (2.5 + 0.5)/5·10 = 6.
    rows = governance_rows({"CHN": 5.0}).with_columns(pl.Series("value", [-1.0, -1.0, -1.0, 0.0, 0.0, 0.0]))
    assert latest_governance_risk(rows)["governance_risk"].to_list() == pytest.approx([6.0])


def test_latest_complete_year_counts() -> None:
    complete = governance_rows({"CHN": 6.0}, year=2022)
    incomplete = governance_rows({"CHN": 1.0}, year=2023).filter(pl.col("dimension") != "va")
    found = latest_governance_risk(pl.concat([incomplete, complete]))
    assert found.select("iso3", "year").rows() == [("CHN", 2022)]
    assert found["governance_risk"].to_list() == pytest.approx([6.0])


def test_rows_of_the_year_that_counts_are_listed() -> None:
    rows = pl.concat([governance_rows({"CHN": 6.0}, year=year) for year in (2021, 2022)])
    listed = latest_governance_risk(rows)["row_ids"].to_list()
    assert listed == [[f"governance.chn.2022.{dimension}" for dimension in ("cc", "ge", "pv", "rl", "rq", "va")]]


def test_country_without_a_complete_year_has_no_risk() -> None:
    rows = governance_rows({"CHN": 6.0, "AUS": 1.0}).filter((pl.col("iso3") != "AUS") | (pl.col("dimension") != "rl"))
    assert latest_governance_risk(rows)["iso3"].to_list() == ["CHN"]


def test_weighted_index_worked_by_hand() -> None:
    # 0.5²·6 + 0.3²·2 + 0.2²·8 = 1.5 + 0.18 + 0.32
    found = governance_weighted_hhi([0.5, 0.3, 0.2], [6.0, 2.0, 8.0], 0.0)
    assert [float(part) for part in (found.low, found.centre, found.high)] == pytest.approx([2.0, 2.0, 2.0])
    assert float(found.missing_part) == 0.0


def test_weighted_index_takes_the_mean_risk_none_and_the_worst_for_what_has_no_risk() -> None:
    # Known 0.6²·5 = 1.8, mean risk 5; unknown 0.3² = 0.09, residual term 0.01: 0.1·5 and 0.1·10 on top.
    found = governance_weighted_hhi([0.6, 0.3], [5.0, np.nan], 0.01)
    assert [float(part) for part in (found.low, found.centre, found.high)] == pytest.approx([1.8, 2.3, 2.8])
    assert float(found.missing_part) == pytest.approx(0.2)  # 0.09 of 0.45


def test_mean_risk_is_weighed_by_squared_shares() -> None:
    # Known 0.5²·8 + 0.1²·0 = 2; mean 2/0.26; the unknown 0.4² = 0.16 enters with it.
    found = governance_weighted_hhi([0.5, 0.1, 0.4], [8.0, 0.0, np.nan], 0.0)
    assert float(found.centre) == pytest.approx(2.0 + 0.16 * 2.0 / 0.26)


def test_everything_without_risk_is_missing_whole() -> None:
    assert float(governance_weighted_hhi([0.6, 0.4], [np.nan, np.nan], 0.0).missing_part) == 1.0


def test_each_draw_is_weighed_apart() -> None:
    shares = np.array([[0.6, 0.5], [0.4, 0.5]])
    found = governance_weighted_hhi(shares, [5.0, 2.0], np.zeros(2))
    assert found.centre.tolist() == pytest.approx([1.8 + 0.32, 1.25 + 0.5])


@given(named_outputs(), st.floats(0.0, 10.0))
def test_equal_risk_everywhere_gives_that_risk_times_the_plain_index(values: dict[str, float], risk: float) -> None:
    amounts = np.array(list(values.values()))
    shares = amounts / amounts.sum()
    found = governance_weighted_hhi(shares, [risk] * len(shares), 0.0)
    assert float(found.centre) == pytest.approx(risk * float(herfindahl_hirschman_index(shares)) / 10_000.0)
