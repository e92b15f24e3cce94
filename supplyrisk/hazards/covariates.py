"""Whether a covariate of countries helps to predict events: log score of later counts, with and without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
from scipy.stats import poisson

from supplyrisk.hazards.events import EventSet
from supplyrisk.hazards.rates import Rates, fit_rates
from supplyrisk.hazards.reporting import reporting

MODELS = ("one_rate", "size", "size_and_record", "size_record_and_governance")
MODEL_SCORES = {"model": pl.String, "year": pl.Int64, "log_score": pl.Float64, "events": pl.Int64}


def compare_models(
    found: EventSet, size: Mapping[int, Mapping[str, float]], governance: Mapping[int, Mapping[str, float]]
) -> pl.DataFrame:
    """Log score (higher is better) of counts by class and country in each year, fitted on the years before.

    ``one_rate``: a rate for each class that all countries share; ``size``: pooled, growing with a country's output;
    ``size_and_record``: moved by its own record; the last also with governance risk (standardised). ``size`` and
    ``governance``: by predicted year, as of the year before.
    """
    rows = []
    for year in sorted(size):
        past = _before(found, year)
        now = found.events.filter(pl.col("start").dt.year() == year)
        exposure = reporting(past).exposure_years
        counts = {(h, c): k for h, c, k in now.group_by("hazard", "country").len().iter_rows()}
        plain = fit_rates(past, size[year], exposure)
        known = {country: governance[year].get(country, 0.0) for country in size[year]}
        with_extra = fit_rates(past, size[year], exposure, known)
        level = plain.table.with_columns(pl.col("pooled").mean().over("hazard").alias("one_rate"))
        expected = {
            "one_rate": level["one_rate"].to_numpy(),
            "size": plain.table["pooled"].to_numpy(),
            "size_and_record": plain.table["rate"].to_numpy(),
            "size_record_and_governance": with_extra.table["rate"].to_numpy(),
        }
        observed = _observed(plain, counts)
        for model, rate in expected.items():
            score = float(poisson.logpmf(observed, np.maximum(rate, 1e-9)).sum())
            rows.append((model, year, score, int(observed.sum())))
    return pl.DataFrame(rows, schema=MODEL_SCORES, orient="row")


def _before(found: EventSet, year: int) -> EventSet:
    events = found.events.filter(pl.col("start") < date(year, 1, 1))
    hits = found.hits.join(events.select("event_no"), on="event_no", how="semi")
    return replace(found, events=events, hits=hits, last_day=date(year - 1, 12, 31))


def _observed(rates: Rates, counts: Mapping[tuple[str, str], int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([counts.get(cell, 0) for cell in rates.table.select("hazard", "country").iter_rows()])
