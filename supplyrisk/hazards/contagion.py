"""Measures come in waves: the factor that all of them share in one stretch of time."""

from __future__ import annotations

from datetime import date

import polars as pl

from supplyrisk.hazards.events import MEASURES, EventSet
from supplyrisk.hazards.reporting import Reporting


def frailty(found: EventSet, report: Reporting) -> float:
    """Variance of a gamma factor of mean 1 on the yearly number of measures, from its spread beyond Poisson.

    v = max(0, Σ((n − μ)² − μ)/Σμ²), with μ the number expected in each whole year at constant rates and the reporting
    of its period.
    """
    own = found.events.filter(pl.col("hazard").is_in(MEASURES))
    by_year = dict(own.group_by(pl.col("start").dt.year()).len().iter_rows())
    periods = report.periods.sort("first_year").select("first_year", "detected").rows()
    whole = found.last_day.year + (found.last_day == date(found.last_day.year, 12, 31))
    years = range(found.first_year, whole)
    if not years or own.is_empty():
        return 0.0
    seen = [next(part for first, part in reversed(periods) if first <= year) for year in years]
    total = sum(by_year.get(year, 0) for year in years)
    expected = [total * part / sum(seen) for part in seen]
    beyond = sum((by_year.get(year, 0) - mean) ** 2 - mean for year, mean in zip(years, expected, strict=True))
    return max(0.0, float(beyond) / float(sum(mean**2 for mean in expected)))
