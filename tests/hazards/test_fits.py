"""Fits of hazards against values worked out by hand, and properties that must hold for any data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.hazards.contagion import frailty
from supplyrisk.hazards.duration import fit_durations
from supplyrisk.hazards.events import CLASSES, EventSet
from supplyrisk.hazards.hits import fit_hits
from supplyrisk.hazards.measures import Licences, licence_part
from supplyrisk.hazards.model import at_least_one
from supplyrisk.hazards.rates import _dispersion, fit_rates
from supplyrisk.hazards.reporting import Reporting, reporting
from supplyrisk.hazards.severity import Severity

LAST = date(2025, 12, 31)
SCHEMA = {
    "event_no": pl.String, "hazard": pl.String, "country": pl.String, "start": pl.Date, "months": pl.Float64,
    "censored": pl.Boolean, "large": pl.Boolean, "biting": pl.Boolean,
}  # fmt: skip


def event_set(rows: Sequence[tuple[object, ...]], hits: list[tuple[str, str]] | None = None) -> EventSet:
    """``rows``: hazard, country, year, months, censored, large."""
    table = [
        (f"E{number:04}", hazard, country, date(int(str(year)), 7, 1), months, censored, large, True)
        for number, (hazard, country, year, months, censored, large) in enumerate(rows)
    ]
    frame = pl.DataFrame(table, schema=SCHEMA, orient="row")
    found = pl.DataFrame(hits or [], schema={"event_no": pl.String, "product_id": pl.String}, orient="row")
    return EventSet(frame, pl.DataFrame(), found, 2010, LAST, 0, 0, (), (), ())


def many(number: int, year: int, large: bool, hazard: str = "strike", country: str = "CHL") -> list[tuple[object, ...]]:
    return [(hazard, country, year, None, False, large)] * number


def test_small_events_of_sparse_periods_count_by_what_large_ones_tell() -> None:
    # 2010-2019: 10 large, 5 small in 10 years; 2020-2022: none; 2023-2025: 6 large, 12 small in 3 years.
    # Detected of small ones: (5/10)/(12/6) = 1/4 at first; large 16/16 a year; small 17/(10/4 + 3 + 3) a year.
    rows = [*many(10, 2015, True), *many(5, 2015, False), *many(6, 2024, True), *many(12, 2024, False)]
    found = reporting(event_set(rows))
    assert found.periods["detected"].to_list() == pytest.approx([0.25, 1.0, 1.0])
    assert found.exposure_years == pytest.approx(33 / (1.0 + 17 / 8.5), rel=1e-3)


def test_a_last_period_with_few_large_events_is_taken_together_with_the_one_before() -> None:
    rows = [*many(10, 2015, True), *many(4, 2021, True), *many(4, 2021, False), *many(1, 2024, True)]
    assert reporting(event_set(rows)).periods["first_year"].to_list() == [2010, 2020]
    with pytest.raises(InputError, match="hold no large one"):
        reporting(event_set(many(10, 2015, False)))


def test_a_country_lies_between_its_own_record_and_the_pooled_rate_and_never_at_zero() -> None:
    size = {"CHL": 1.0, "PER": 1.0, "AUS": 1.0, "ZMB": 1.0}
    rows = [*many(8, 2015, False), *many(1, 2016, False, country="PER"), *many(1, 2018, False, country="AUS")]
    rates = fit_rates(event_set(rows), size, 10.0)
    strike = {row["country"]: row for row in rates.table.filter(pl.col("hazard") == "strike").iter_rows(named=True)}
    pooled = 10 / 4 / 10.0  # events a country and year
    assert strike["CHL"]["pooled"] == pytest.approx(pooled, rel=1e-6)
    assert pooled < strike["CHL"]["rate"] < 8 / 10.0
    assert 0.0 < strike["ZMB"]["low"] < strike["ZMB"]["rate"] < pooled
    r = 1.0 / rates.dispersion
    assert strike["CHL"]["rate"] == pytest.approx(pooled * (8 + r) / (pooled * 10.0 + r), rel=1e-9)
    assert (rates.table.filter(pl.col("hazard") == "accident")["rate"] == 0.0).all()  # no event of the class at all


def test_equal_records_need_no_dispersion() -> None:
    counts = {"CHL": 4, "PER": 3, "AUS": 3, "ZMB": 4}
    rows = [row for country, number in counts.items() for row in many(number, 2015, False, country=country)]
    rates = fit_rates(event_set(rows), dict.fromkeys(counts, 1.0), 10.0)
    assert rates.dispersion < 0.01


def test_negative_binomial_of_the_method_note() -> None:
    # Mean 0.3, dispersion 1.5: P(0) = 0.780587, variance 0.435 (Poisson: 0.740818).
    rng = np.random.default_rng(3)
    drawn = rng.poisson(rng.gamma(1 / 1.5, 1.5 * 0.3, 200_000))
    assert (drawn == 0).mean() == pytest.approx((1.0 + 1.5 * 0.3) ** (-1 / 1.5), abs=0.003)
    assert pytest.approx(0.780587, abs=1e-6) == (1.0 + 1.5 * 0.3) ** (-1 / 1.5)
    assert _dispersion(drawn[:20_000].astype(float), np.full(20_000, 0.3)) == pytest.approx(1.5, rel=0.12)


def test_hits_follow_shares_and_a_countrys_own_record() -> None:
    shares = {("big", "CHL"): 0.5, ("small", "CHL"): 0.01, ("big", "PER"): 0.5, ("small", "PER"): 0.01}
    rows = [*many(6, 2015, False), *many(6, 2016, False, country="PER")]
    rows += [*many(2, 2015, False, "policy"), *many(2, 2015, False, "export_restriction")]
    hits = [(f"E{number:04}", "big") for number in range(12)] + [("E0000", "small")]
    hits += [(f"E{number:04}", "small") for number in range(12, 14)]
    hits += [(f"E{number:04}", "big") for number in range(14, 16)] + [("E0012", "big"), ("E0014", "small")]
    made = {"CHL": ["big", "small"], "PER": ["big", "small"]}
    found = fit_hits(
        event_set(rows, hits), made, {"big": "extraction", "small": "extraction"},
        lambda product, country: shares.get((product, country), 0.0),
    )  # fmt: skip
    share, refined = np.array([0.5, 0.01]), np.zeros(2)
    chile = found.chance("strike", "CHL", made["CHL"], share, refined)
    peru = found.chance("strike", "PER", made["PER"], share, refined)
    assert chile[0] > 0.8 > 0.3 > chile[1]
    assert chile[1] > peru[1] > 0.0  # Chile's own record holds a hit of the small one
    other = found.chance("strike", "ZMB", ["big"], np.array([0.5]), np.zeros(1))
    assert 0.0 < other[0] < 1.0


def test_one_product_at_least_is_hit() -> None:
    chance = np.array([0.2, 0.1])
    assert at_least_one(chance) == pytest.approx([0.2 + 0.72 * 2 / 3, 0.1 + 0.72 / 3])
    assert at_least_one(np.array([1.0, 0.3])) == pytest.approx([1.0, 0.3])


def test_lengths_recover_the_median_and_running_events_lengthen_it() -> None:
    rng = np.random.default_rng(5)
    lengths = np.exp(np.log(4.0) + 0.9 * rng.standard_normal(400))
    rows = [("strike", "CHL", 2015, float(value), False, False) for value in lengths]
    ended = fit_durations(event_set(rows))
    assert ended.median_months["strike"] == pytest.approx(4.0, rel=0.1)
    assert ended.log_spread == pytest.approx(0.9, rel=0.1)
    cut = [("strike", "CHL", 2015, min(float(value), 3.0), bool(value > 3.0), False) for value in lengths]
    assert fit_durations(event_set(cut)).median_months["strike"] == pytest.approx(4.0, rel=0.15)
    as_if_over = [(*row[:4], False, False) for row in cut]
    assert fit_durations(event_set(as_if_over)).median_months["strike"] < 3.0
    assert ended.ended["strike"] == 400
    # A class without events takes the common median, with the spread between classes as its error.
    assert ended.median_months["accident"] == pytest.approx(4.0, rel=0.3)
    assert set(ended.median_months) == set(CLASSES)


def test_mean_length_is_cut_at_the_longest() -> None:
    found = fit_durations(event_set([("strike", "CHL", 2015, 4.0, False, False)] * 50))
    sample = np.minimum(found.quantile("strike", (np.arange(200_000) + 0.5) / 200_000), 36.0)
    assert found.mean_months("strike", 36.0) == pytest.approx(sample.mean(), rel=1e-3)


def test_of_an_event_a_window_sees_what_lies_in_it() -> None:
    found = fit_durations(event_set([("strike", "CHL", 2015, 12.0, False, False)] * 50))
    lengths = found.quantile("strike", (np.arange(2000) + 0.5) / 2000)
    left = 36.0 * (np.arange(500) + 0.5) / 500
    seen = np.minimum(lengths[:, None], left[None, :]).mean()
    assert found.mean_months_in_window("strike", 36.0) == pytest.approx(seen, rel=2e-3)
    # All of twelve months: the last third of starts loses half of it on average, 12 − 12²/72 = 10 months.
    exact = replace(found, median_months=dict.fromkeys(CLASSES, 12.0), log_spread=1e-3)
    assert exact.mean_months_in_window("strike", 36.0) == pytest.approx(10.0, rel=1e-3)


def test_severity_is_a_beta_whose_mean_falls_with_the_share() -> None:
    severity = Severity(-0.5, -0.4, -1.8, 0.25, 2.0, 20, 0.5, 0.4, 0.6)
    assert severity.mean(0.5) == pytest.approx(1 / (1 + np.exp(0.5 - 0.4 * np.log(2.0))))
    assert severity.mean(0.02) > severity.mean(0.5)
    uniform = (np.arange(4000) + 0.5) / 4000
    drawn = severity.quantile(uniform, np.full(4000, 0.5))
    assert drawn.mean() == pytest.approx(float(severity.mean(0.5)), abs=2e-3)
    assert (np.diff(drawn) >= 0.0).all()
    assert (drawn >= 0.0).all()
    assert (drawn <= 1.0).all()


def test_measures_that_come_in_waves_have_a_common_factor() -> None:
    even = event_set([row for year in range(2010, 2025) for row in many(4, year, False, "policy")])
    waves = event_set(
        [row for year in range(2010, 2025) for row in many(12 if year % 5 == 0 else 2, year, False, "policy")]
    )
    complete = Reporting(pl.DataFrame({"first_year": [2010], "detected": [1.0]}), 16.0)
    assert frailty(even, complete) == 0.0
    counts = np.array([12 if year % 5 == 0 else 2 for year in range(2010, 2025)])
    mean = counts.mean()
    expected = (((counts - mean) ** 2 - mean).sum()) / (15 * mean**2)
    quiet = np.append(counts, 0)  # 2025 is over at the end of the window, and nothing happened in it
    level = quiet.mean()
    with_it = (((quiet - level) ** 2 - level).sum()) / (16 * level**2)
    assert frailty(waves, complete) == pytest.approx(with_it)
    # Of a year that is not over yet nothing can be said.
    assert frailty(replace(waves, last_day=date(2025, 6, 30)), complete) == pytest.approx(expected)


def test_licences_loosen_after_their_first_months() -> None:
    licences = Licences(0.5, 3.0, 0.25)
    fall, months = np.array([0.8, 0.8, 0.8, 0.1]), np.array([2.0, 3.0, 12.0, 12.0])
    # Twelve months: three at 0.8 and nine at 0.25 make 4.65 months' worth; a fall below 0.25 stays what it is.
    assert licences.mean_loss(fall, months) == pytest.approx([0.8, 0.8, 4.65 / 12.0, 0.1])


def test_licences_are_a_part_of_export_restrictions() -> None:
    rows = [*many(2, 2024, False, "export_restriction"), *many(1, 2024, False, "sanction"), *many(5, 2024, False)]
    # One of two, as E0003 is a strike and sanctions are no licences: (1 + 1/2)/(2 + 1).
    assert licence_part(event_set(rows), frozenset({"E0000", "E0003"})) == pytest.approx(0.5)
