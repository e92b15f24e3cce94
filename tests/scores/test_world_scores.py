"""Scores of world supply: values worked by hand, and what holds for any supply."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from supplyrisk.scores.table import ScoreRow
from supplyrisk.scores.world import (
    WORLD_METRICS,
    Region,
    hhi_interval,
    hhi_point,
    missing_scores,
    world_scores,
)
from tests.score_builders import COUNTRIES, EU27, outputs, production_rows, supply_of

REGIONS = (Region("EU27", EU27), Region("NLD", frozenset({"NLD"})))
RISKS = dict.fromkeys(COUNTRIES, 5.0)


def scores_of(
    values: Mapping[str, float], risks: Mapping[str, float] | None = None, draws: int = 200
) -> dict[str, ScoreRow]:
    """Scores by metric; shares by metric and country."""
    supply = supply_of(production_rows(values), draws=draws)
    risks = RISKS if risks is None else risks
    rows = world_scores(supply, "extraction", risks, {code: [f"governance.{code}"] for code in risks}, REGIONS)
    return {f"share {row.country}" if row.metric == "share_of_world_output" else row.metric: row for row in rows}


def value(row: ScoreRow) -> float:
    assert row.value is not None
    return row.value


def ends(row: ScoreRow) -> tuple[float, float]:
    assert row.low is not None
    assert row.high is not None
    return row.low, row.high


# 100 t: China 50, Australia 20, the Netherlands 10, Germany 5, not named 15.
MIXED = {"CHN": 50.0, "AUS": 20.0, "NLD": 10.0, "DEU": 5.0, "ROW": 15.0}


def test_index_has_the_residual_thin_at_the_centre_and_as_one_country() -> None:
    # Named: 2500 + 400 + 100 + 25 = 3025; centre + 0.15·0.05 = 75; one country + 0.15² = 225.
    assert hhi_point(supply_of(production_rows(MIXED))) == pytest.approx((3025.0, 3100.0, 3250.0))


def test_index_is_the_centre_and_its_interval_holds_both_ends_of_the_residual() -> None:
    row = scores_of(MIXED)["hhi"]
    low, high = ends(row)
    assert value(row) == pytest.approx(3100.0)
    assert low < 3025.0
    assert high > 3250.0


def test_effective_suppliers_mirror_the_index() -> None:
    scores = scores_of(MIXED)
    low, high = ends(scores["hhi"])
    assert value(scores["effective_suppliers"]) == pytest.approx(10_000.0 / 3100.0)
    assert ends(scores["effective_suppliers"]) == pytest.approx((10_000.0 / high, 10_000.0 / low))


def test_largest_share_names_its_country() -> None:
    row = scores_of(MIXED)["top1_share"]
    assert (row.country, value(row)) == ("CHN", pytest.approx(0.5))


def test_three_largest_leave_the_residual_out() -> None:
    assert value(scores_of(MIXED)["top3_share"]) == pytest.approx(0.8)  # 50 + 20 + 10, not the unnamed 15


def test_output_left_without_the_largest() -> None:
    row = scores_of(MIXED)["n_minus_one_output"]
    assert (row.country, value(row)) == ("CHN", pytest.approx(0.5))


def test_share_of_the_european_union_adds_its_members_and_may_hide_in_the_residual() -> None:
    row = scores_of(MIXED)["share EU27"]
    low, high = ends(row)
    assert value(row) == pytest.approx(0.15)
    assert low < 0.15
    assert high > 0.30  # members 0.15 and all of the unnamed 0.15


def test_share_of_a_named_country_does_not_hide_in_the_residual() -> None:
    row = scores_of(MIXED)["share NLD"]
    _, high = ends(row)
    assert value(row) == pytest.approx(0.10)
    assert high < 0.13


def test_region_without_a_named_producer_is_unknown_while_something_is_unnamed() -> None:
    row = scores_of({"CHN": 85.0, "ROW": 15.0})["share EU27"]
    assert (row.value, row.missing_reason) == (None, "region_not_named")
    assert ends(row) == pytest.approx((0.0, 0.15))


def test_region_without_a_named_producer_makes_nothing_when_all_are_named() -> None:
    row = scores_of({"CHN": 85.0, "AUS": 15.0})["share EU27"]
    assert (row.value, row.low, row.high) == (0.0, 0.0, 0.0)


def test_row_filed_as_the_european_union_counts_as_its_share() -> None:
    scores = scores_of({"CHN": 80.0, "EU27": 12.0, "ROW": 8.0})
    assert value(scores["share EU27"]) == pytest.approx(0.12)
    assert scores["share EU27"].missing_reason is None


def test_row_filed_as_the_european_union_hides_at_most_itself_and_the_rest_from_a_member() -> None:
    row = scores_of({"CHN": 80.0, "EU27": 12.0, "ROW": 8.0})["share NLD"]
    assert row.missing_reason == "region_not_named"
    assert ends(row) == pytest.approx((0.0, 0.20))


def test_row_filed_as_the_european_union_is_no_country_in_the_index() -> None:
    # 0.8² = 6400; thin 6400; as one country + 0.12² + 0.08² = 144 + 64; centre the same, both are below s_min = 0.8.
    supply = supply_of(production_rows({"CHN": 80.0, "EU27": 12.0, "ROW": 8.0}))
    assert hhi_point(supply) == pytest.approx((6400.0, 6608.0, 6608.0))


def test_every_named_country_gets_a_share() -> None:
    names = {row.country for name, row in scores_of(MIXED).items() if name.startswith("share")}
    assert names == {"CHN", "AUS", "NLD", "DEU", "EU27"}


def test_residual_larger_than_the_largest_leaves_shares_of_the_largest_out() -> None:
    scores = scores_of({"CHN": 30.0, "AUS": 25.0, "ROW": 45.0})
    for metric in ("top1_share", "top3_share", "n_minus_one_output"):
        assert (scores[metric].value, scores[metric].missing_reason) == (None, "unnamed_larger_than_largest")
    assert scores["hhi"].value is not None


def test_governance_weighs_the_squares_of_shares() -> None:
    # 0.6²·6 + 0.4²·2 = 2.16 + 0.32
    row = scores_of({"CHN": 60.0, "AUS": 40.0}, {"CHN": 6.0, "AUS": 2.0})["hhi_governance"]
    assert value(row) == pytest.approx(2.48)


def test_governance_rows_are_listed_with_the_production_rows() -> None:
    row = scores_of({"CHN": 60.0, "AUS": 40.0}, {"CHN": 6.0, "AUS": 2.0})["hhi_governance"]
    assert list(row.basis.input_row_ids) == [
        "production.metal.chn.2024.edition_a",
        "production.metal.aus.2024.edition_a",
        "governance.CHN",
        "governance.AUS",
    ]


def test_countries_without_governance_enter_with_the_mean_of_the_rest() -> None:
    # Σs² known 0.64·6 = 3.84; without indicator 0.04, weighed with the mean 6: 3.84 + 0.24. Missing: 0.04/0.68 = 5.9 %.
    row = scores_of({"CHN": 80.0, "AUS": 20.0}, {"CHN": 6.0})["hhi_governance"]
    assert value(row) == pytest.approx(4.08)


def test_governance_is_missing_when_a_tenth_of_the_squares_has_no_indicator() -> None:
    # 0.25²/(0.75² + 0.25²) = 0.0625/0.625: exactly a tenth still passes; 0.26²/(0.74² + 0.26²) = 0.0676/0.6152 = 11 %.
    assert scores_of({"CHN": 75.0, "AUS": 25.0}, {"CHN": 6.0})["hhi_governance"].value is not None
    row = scores_of({"CHN": 74.0, "AUS": 26.0}, {"CHN": 6.0})["hhi_governance"]
    assert (row.value, row.missing_reason) == (None, "governance_missing")


def test_governance_interval_runs_to_the_worst_governance_of_what_is_not_named() -> None:
    # Named 0.8²·5 = 3.2; residual as one country of risk 10: + 0.2²·10 = 0.4.
    row = scores_of({"CHN": 80.0, "ROW": 20.0}, {"CHN": 5.0})["hhi_governance"]
    low, high = ends(row)
    assert value(row) == pytest.approx(3.4)  # at the centre r·min(r, s_min) = 0.04 with the mean risk 5
    assert low < 3.2
    assert high > 3.6


def test_single_supplier_has_no_uncertainty() -> None:
    scores = scores_of({"CHN": 123.0})
    assert value(scores["hhi"]) == 10_000.0
    assert ends(scores["hhi"]) == pytest.approx((10_000.0, 10_000.0))
    assert value(scores["effective_suppliers"]) == 1.0
    assert value(scores["n_minus_one_output"]) == 0.0


def test_residual_alone_gives_an_index_between_nothing_and_one_country() -> None:
    scores = scores_of({"ROW": 10.0})
    low, high = ends(scores["hhi"])
    assert value(scores["hhi"]) == pytest.approx(10_000.0)
    assert low < 1.0
    assert high == pytest.approx(10_000.0)
    assert scores["hhi_governance"].missing_reason == "governance_missing"


def test_named_countries_that_make_nothing_beside_a_residual_are_scored_as_a_residual_alone() -> None:
    assert value(scores_of({"CHN": 0.0, "ROW": 10.0})["hhi"]) == pytest.approx(10_000.0)


@given(outputs(), st.dictionaries(st.sampled_from(COUNTRIES), st.floats(0.0, 10.0)))
def test_low_value_and_high_are_finite_and_in_order_for_any_supply(
    values: dict[str, float], risks: dict[str, float]
) -> None:
    for row in scores_of(values, risks, draws=40).values():
        assert (row.value is None) != (row.missing_reason is None)
        found = [end for end in (row.low, row.value, row.high) if end is not None]
        assert np.isfinite(found).all()
        assert found == sorted(found)


@example({"DEU": 69.8468609547161, "NLD": 27.438667860935023, "POL": 22.22563069594694, "EU27": 37.40075545982766})
@given(st.dictionaries(st.sampled_from([*sorted(EU27), "EU27"]), st.floats(0.01, 1e6), min_size=1))
def test_region_that_makes_everything_has_a_share_of_one(values: dict[str, float]) -> None:
    row = scores_of(values, draws=40)["share EU27"]  # shares of a whole can add up to 1 + 2e-16
    assert value(row) == pytest.approx(1.0)
    assert ends(row)[0] <= value(row) <= ends(row)[1] <= 1.0


@given(outputs())
def test_index_lies_between_its_thin_and_its_one_country_end(values: dict[str, float]) -> None:
    supply = supply_of(production_rows(values), draws=40)
    thin, centre, one_country = hhi_point(supply)
    low, point, high = hhi_interval(supply)
    assert thin <= centre <= one_country * (1 + 1e-12) <= 10_000.0 * (1 + 1e-9)
    assert low <= max(thin, 1e-6)
    assert point == centre
    assert high >= min(one_country, 10_000.0)


@given(outputs())
def test_draws_for_ranks_are_centred_on_the_value(values: dict[str, float]) -> None:
    for metric in ("hhi", "top1_share"):
        row = scores_of(values, draws=40)[metric]
        if row.value is not None and row.draws is not None:
            assert float(np.median(row.draws)) == pytest.approx(min(row.value, 10_000.0), rel=1e-9)


def test_missing_product_gives_every_world_score_with_the_reason() -> None:
    rows = list(missing_scores("metal", "refining", "no_edition_known"))
    assert {row.metric for row in rows} == set(WORLD_METRICS)
    assert {(row.value, row.missing_reason) for row in rows} == {(None, "no_edition_known")}
