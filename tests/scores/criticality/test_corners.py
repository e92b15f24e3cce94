"""The live score under all choices of governance at once equals plain loops over them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.plain_corners import plain_corners
from supplyrisk.scores.criticality.carried import CarriedMix
from supplyrisk.scores.criticality.formulas import SupplyData, one_decimals
from supplyrisk.scores.criticality.live import live_corners
from supplyrisk.scores.criticality.live_core import Governance, LiveInput, RiskTable
from supplyrisk.scores.criticality.reading import Reading
from supplyrisk.scores.criticality.restrictions import Restriction
from supplyrisk.scores.criticality.study import Mix, fill_missing_risks
from tests.scores.criticality.test_live_and_restrictions import SAME, later

COUNTRIES = ("CHN", "AUS", "DEU", "MMR", "ZAF")

shares = st.dictionaries(st.sampled_from(COUNTRIES), st.floats(0.01, 1.0), min_size=1, max_size=5)
risks = st.dictionaries(st.sampled_from(COUNTRIES), st.floats(0.5, 9.5), max_size=5)
measures = st.sampled_from(["tax", "licence", "quota", "ban"])
of_countries = st.sampled_from(COUNTRIES)
no_product = st.just(frozenset[str]())
restrictions = st.lists(
    st.builds(Restriction, of_countries, measures, st.none(), no_product, st.booleans(), st.just("row")), max_size=3
).map(tuple)


def mix(given_shares: dict[str, float]) -> Mix:
    t = np.array([0.8 if code == "DEU" else 1.1 for code in given_shares])
    return Mix(tuple(given_shares), np.array(list(given_shares.values())), t, ())


def carried(given_shares: dict[str, float] | None) -> CarriedMix | None:
    if given_shares is None:
        return None
    return CarriedMix(later(**given_shares), later(**given_shares), "survey", 2024)


members = st.builds(
    LiveInput,
    shares.map(mix),
    shares.map(mix),
    (st.none() | shares).map(carried),
    (st.none() | shares).map(carried),
    restrictions,
)


@given(
    st.lists(members, min_size=1, max_size=3),
    st.lists(st.tuples(risks, risks), min_size=1, max_size=4),
    st.sampled_from(["both", "global", "eu"]),
)
def test_corners_are_those_of_plain_loops(
    inputs: list[LiveInput], choices: list[tuple[dict[str, float], dict[str, float]]], data: SupplyData
) -> None:
    reading = Reading(data, 0.2, 0.9, 0.5, 0.6)
    governance = Governance(*(RiskTable.of([choice[end] for choice in choices]) for end in (0, 1)))
    found = live_corners(2.0, inputs, SAME, governance, reading)
    plain = plain_corners(2.0, inputs, SAME, choices, reading)
    assert found.shape == (len(choices), 3, 3)
    expected = np.array([[np.nan if one is None else one for one in corners] for corners in plain])
    np.testing.assert_allclose(found.reshape(expected.shape), expected, rtol=1e-12)


@given(st.floats(0.0, 10.0) | st.integers(0, 200).map(lambda n: n / 20))
def test_rounding_of_an_array_is_that_of_each_number(value: float) -> None:
    by_hand = float(Decimal(repr(value)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
    assert one_decimals(np.array([value, 1.25])).tolist() == [by_hand, 1.3]


def test_a_choice_with_too_little_governance_is_left_out_and_the_others_stand() -> None:
    table = np.array([[6.0, 6.0, np.nan], [2.0, np.nan, 2.0]])
    # Squares 0.81 and 0.01: the second country may be missing, and takes the risk of the first; the first may not.
    filled = fill_missing_risks(np.array([0.9, 0.1]), table)
    np.testing.assert_array_equal(filled, [[6.0, 6.0, np.nan], [2.0, 6.0, np.nan]])


def test_countries_without_a_share_give_their_plain_mean() -> None:
    assert fill_missing_risks(np.array([0.0, 0.0, 0.0]), np.array([4.0, 6.0, np.nan])).tolist() == [4.0, 6.0, 5.0]
    assert np.isnan(fill_missing_risks(np.array([0.5, 0.5]), np.array([np.nan, np.nan]))).all()


@pytest.mark.parametrize("country", ["CHN", "QAT"])
def test_a_country_without_a_risk_has_none_in_the_table(country: str) -> None:
    found = RiskTable.of([{"CHN": 6.0}, {}]).by([country])
    np.testing.assert_array_equal(found, [[6.0 if country == "CHN" else np.nan, np.nan]])
