"""Headline scores before and after: against the scores themselves, by hand, and what stays with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.mitigation.changed_draws import draws_after
from supplyrisk.mitigation.origin_values import origin_values
from supplyrisk.mitigation.score_changes import (
    BELOW_ROUNDING,
    CENTRE_ONLY,
    NOT_TOUCHED,
    ONLY_STOCKS,
    SCORES,
    score_rows,
)
from supplyrisk.mitigation.score_values import (
    INDEX_PART_MISSING,
    ScoreKey,
    ScoreValue,
    index_values,
    largest_of,
    sourcing_values,
    third_countries,
)
from supplyrisk.network.look_through import used_in
from supplyrisk.scores.headline_index import IndexPart, headline_rows
from supplyrisk.scores.intervals import interval
from supplyrisk.scores.origin import origin_scores
from supplyrisk.scores.sourcing import sourcing_scores
from supplyrisk.scores.table import Basis, ScoreRow, score_table
from tests.mitigation.test_changed_network import away, with_measure
from tests.network_builders import CELL, CHEMICALS, ORE, PACK, STAGES, moved_draws, small_network

DEPENDENCE = ScoreKey("import_dependence", CELL)


def told(
    before: Mapping[ScoreKey, ScoreValue],
    after: Mapping[ScoreKey, ScoreValue],
    at_ends: tuple[Mapping[ScoreKey, ScoreValue], ...] = (),
    only_stocks: bool = False,
) -> list[dict[str, object]]:
    rows = score_rows("EU27", "one", before, after, at_ends, only_stocks)
    return pl.DataFrame(list(rows), schema=SCORES, orient="row").to_dicts()


@pytest.mark.parametrize("region", ["EU27", "NLD"])
def test_numbers_before_are_those_of_the_scores(region: str) -> None:
    network = small_network()
    drawn = moved_draws(network)
    used = used_in(network, (PACK,), region)
    found = sourcing_values(drawn, STAGES, region) | origin_values(drawn, "battery", (PACK,), used, region)
    rows = [row for name in STAGES for row in sourcing_scores(drawn, name, "", region)]
    rows += origin_scores(drawn, "battery", (PACK,), used, region, STAGES)
    third = third_countries(network.places, region)
    compared = 0
    for key, value in found.items():
        own = [
            row
            for row in rows
            if (row.metric, row.product_id, row.end_product) == (key.score, key.product_id, key.end_product)
            and (row.metric != "sourcing_share" or row.country in third)
            and (row.metric != "look_through_share" or row.country not in (region, "ROW", "EU_UNSPECIFIED"))
        ]
        if not own:  # shares below a hundredth are no rows, and none where the product is not used
            assert value.value == 0.0 or value.reason == "nothing_used_in_region"
            continue
        row = max(own, key=lambda row: row.value or 0.0)
        assert (row.value, row.missing_reason) == (value.value and pytest.approx(value.value), value.reason)
        assert value.country in (None, row.country)
        # Of a score by country draws are those of the largest in each, and not of the one at the centre.
        if value.draws is not None and value.value is not None and len(own) == 1 and key.score != "n_minus_one":
            least = -1.0 if key.score == "hidden_dependency" else 0.0
            low, high = interval(value.draws, value.value, least, 10_000.0 if "hhi" in key.score else 1.0)
            # The low end of import dependence counts what has no name as the region's own.
            assert row.high == pytest.approx(high)
            assert row.low == pytest.approx(low) or key.score == "import_dependence"
            compared += 1
    assert compared >= 6


def test_draws_of_the_largest_share_are_those_of_whoever_is_the_largest_in_each() -> None:
    first = ScoreValue(0.41, np.array([0.50, 0.41, 0.32]), country="CHN")
    other = ScoreValue(0.38, np.array([0.30, 0.38, 0.45]), country="KOR")
    half = ScoreValue(0.205, np.array([0.25, 0.205, 0.16]), country="CHN")
    before, after = largest_of([other, first]), largest_of([half, other])
    assert (before.country, after.country) == ("CHN", "KOR")
    assert before.draws == pytest.approx([0.50, 0.41, 0.45])
    assert after.draws == pytest.approx([0.30, 0.38, 0.45])
    key = ScoreKey("sourcing_share", CELL)
    (row,) = told({key: before}, {key: after})
    # After less before is -0.20, -0.03 and 0; China before against Korea after would be -0.20, -0.03 and +0.13.
    assert (row["change"], row["low"], row["high"]) == pytest.approx((-0.03, -0.183, -0.003))


def test_draws_without_the_largest_are_without_the_largest_of_each_draw() -> None:
    network = small_network()
    drawn = moved_draws(network)
    found = sourcing_values(drawn, [PACK], "NLD")
    rows = {row.country: row for row in sourcing_scores(drawn, PACK, "", "NLD") if row.metric == "sourcing_share"}
    abroad = [row.draws for code, row in rows.items() if code not in ("NLD", "ROW", "EU_UNSPECIFIED")]
    outside = [draws for draws in abroad if draws is not None]
    assert len(outside) > 1
    assert found[ScoreKey("n_minus_one", PACK)].draws == pytest.approx(1.0 - np.max(outside, axis=0))


def test_a_measure_moves_shares_on_the_same_draws() -> None:
    network = small_network()
    drawn = moved_draws(network)
    after = draws_after(drawn, with_measure(network, away(CELL, 0.5)))
    (row,) = (
        row
        for row in told(sourcing_values(drawn, [CELL], "EU27"), sourcing_values(after, [CELL], "EU27"))
        if row["score"] == "sourcing_share"
    )
    # Half of the Chinese share goes in every draw: 60 to 30 %, between half of what China has there.
    assert (row["before"], row["after"], row["change"]) == pytest.approx((0.6, 0.3, -0.3))
    lanes, index = drawn.lanes[CELL], network.places.index
    (share,) = lanes.shares[(lanes.suppliers == index["CHN"]) & (lanes.users == index["DEU"])]
    low, high = interval(-0.5 * share, -0.3)
    assert (row["low"], row["high"]) == pytest.approx((low, high))


def test_what_stays_is_counted_with_its_reason() -> None:
    before = {
        DEPENDENCE: ScoreValue(0.5, np.array([0.4, 0.5, 0.6])),
        ScoreKey("import_dependence", PACK): ScoreValue(0.5, np.array([0.4, 0.5, 0.6])),
        ScoreKey("import_dependence", ORE): ScoreValue(None, reason="place_of_use_unknown"),
        ScoreKey("sourcing_hhi", CELL): ScoreValue(5000.0, np.array([5000.0])),
        ScoreKey("self_sufficiency", CELL): ScoreValue(0.5),
        ScoreKey("n_minus_one", CELL): ScoreValue(0.4, np.array([0.4])),
    }
    after = {
        DEPENDENCE: ScoreValue(0.496, np.array([0.396, 0.496, 0.596])),
        ScoreKey("sourcing_hhi", CELL): ScoreValue(5049.0, np.array([5049.0])),
        ScoreKey("self_sufficiency", CELL): ScoreValue(0.6),
        ScoreKey("n_minus_one", CELL): ScoreValue(None, reason="unnamed_larger_than_largest"),
    }
    rows = told(before, after)
    counted = {(row["score"], row["reason"]): row["scores"] for row in rows if row["product_id"] is None}
    assert counted == {
        ("import_dependence", BELOW_ROUNDING): 1,
        ("import_dependence", NOT_TOUCHED): 1,
        ("import_dependence", "place_of_use_unknown"): 1,
        ("sourcing_hhi", BELOW_ROUNDING): 1,
    }
    alone = {str(row["score"]): row for row in rows if row["product_id"] is not None}
    assert set(alone) == {"self_sufficiency", "n_minus_one"}
    assert (alone["self_sufficiency"]["low"], alone["self_sufficiency"]["reason"]) == (None, CENTRE_ONLY)
    assert (alone["n_minus_one"]["before"], alone["n_minus_one"]["after"]) == (0.4, None)
    assert alone["n_minus_one"]["reason"] == "unnamed_larger_than_largest"
    stocks = told(before, {}, only_stocks=True)
    assert {row["reason"] for row in stocks} == {ONLY_STOCKS, "place_of_use_unknown"}
    assert sum(int(str(row["scores"])) for row in stocks) == len(before)


def test_ends_of_home_preference_and_of_idle_capacity_widen_a_change() -> None:
    key = ScoreKey("value_added_share", None, "battery")
    before, after = {key: ScoreValue(0.36, ends=(0.1, 0.4))}, {key: ScoreValue(0.40, ends=(0.12, 0.47))}
    (row,) = told(before, after)
    assert (row["change"], row["low"], row["high"]) == pytest.approx((0.04, 0.02, 0.07))
    at_low = {key: ScoreValue(0.37, ends=(0.105, 0.41))}
    (row,) = told(before, after, (at_low,))
    assert (row["change"], row["low"], row["high"]) == pytest.approx((0.04, 0.005, 0.07))


@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=30), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_no_change_is_no_row_and_ranges_hold_the_change(draws: list[float], value: float, other: float) -> None:
    own = {DEPENDENCE: ScoreValue(value, np.array(draws))}
    (row,) = told(own, own)
    assert (row["reason"], row["scores"]) == (BELOW_ROUNDING, 1)
    (row,) = told(own, {DEPENDENCE: ScoreValue(other, np.array(draws)[::-1])})
    if row["reason"] is None:
        assert float(str(row["low"])) <= float(str(row["change"])) <= float(str(row["high"]))


def test_the_index_is_that_of_the_scores_and_takes_its_parts_draw_by_draw() -> None:
    parts = (IndexPart("hhi_governance", 1.0, 10.0), IndexPart("import_dependence", 1.0, 1.0),
             IndexPart("n_minus_one", 2.0, 1.0, True))  # fmt: skip
    values = {
        ScoreKey("hhi_governance", CELL): ScoreValue(5.0, np.array([4.0, 6.0])),
        DEPENDENCE: ScoreValue(0.8, np.array([0.7, 0.9])),
        ScoreKey("n_minus_one", CELL): ScoreValue(0.3, np.array([0.2, 0.4])),
    }
    found = index_values(values, parts, [CELL, PACK])
    own = found[ScoreKey("headline_index", CELL)]
    assert own.value == pytest.approx((0.5 + 0.8 + 2 * 0.7) / 4)
    assert own.draws == pytest.approx([(0.4 + 0.7 + 2 * 0.8) / 4, (0.6 + 0.9 + 2 * 0.6) / 4])
    assert found[ScoreKey("headline_index", PACK)].reason == INDEX_PART_MISSING
    rows = [
        ScoreRow(key.score, CELL, "cell", Basis(2024), value.value, scope="world" if "hhi" in key.score else "EU27")
        for key, value in values.items()
    ]
    (index,) = headline_rows(score_table(rows, date(2026, 3, 31)), parts, ["EU27"])
    assert index.value == pytest.approx(own.value)


def test_gaps_of_the_network_keep_their_reason() -> None:
    network = small_network(without=CHEMICALS)
    found = sourcing_values(moved_draws(network), [CHEMICALS], "EU27")
    assert {value.reason for value in found.values()} == {"no_supply_known"}
