"""The back-test of a project: hazards fitted on the years before each one, and the events that then came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from supplyrisk.hazards.backtest import Backtest, backtest
from supplyrisk.hazards.covariates import compare_models
from supplyrisk.hazards.events import event_set
from supplyrisk.hazards.model import FIRST_YEAR, fit_occurrence
from supplyrisk.runs.hazard_run import classes, makers_before, products_of
from supplyrisk.scores.governance import latest_governance_risk
from supplyrisk.tables.package import DataPackage

TRAINED_TO = 2022
HELD_OUT = (2023, 2024, 2025)
_COMPARED = tuple(range(2016, 2026))


@dataclass(frozen=True)
class BacktestResult:
    """Both protocols.

    ``frozen``: fitted once on events up to ``TRAINED_TO``; ``rolling``: anew for every year; ``models``: log scores
    of the rate models (hazards.covariates).
    """

    frozen: Backtest
    rolling: Backtest
    models: pl.DataFrame


def run_backtest(package: DataPackage, seed: int) -> BacktestResult:
    """Back-test on the events known on the as-of day that started by the end of the last year held out."""
    product_map = products_of(package)
    table, allowed = package.table("events"), classes(package)
    makers = {year: makers_before(package, year) for year in (*_COMPARED, *HELD_OUT)}

    last_day = min(package.as_of, date(HELD_OUT[-1], 12, 31))
    latest = makers[HELD_OUT[-1]]
    all_events = event_set(table, product_map, latest.share, FIRST_YEAR, last_day, allowed)
    frozen = fit_occurrence(table, product_map, makers[TRAINED_TO + 1], date(TRAINED_TO, 12, 31), allowed)
    rolling = {
        year: fit_occurrence(table, product_map, makers[year], date(year - 1, 12, 31), allowed) for year in HELD_OUT
    }
    return BacktestResult(
        frozen=backtest(dict.fromkeys(HELD_OUT, frozen), all_events, seed),
        rolling=backtest(rolling, all_events, seed),
        models=compare_models(
            all_events,
            {year: makers[year].size for year in _COMPARED},
            {year: _standardised(package, year, makers[year].size) for year in _COMPARED},
        ),
    )


def _standardised(package: DataPackage, year: int, size: Mapping[str, float]) -> dict[str, float]:
    """Governance risk of the year before, with mean 0 and standard deviation 1 over makers; 0 where it is missing."""
    risk = latest_governance_risk(package.frames["governance"].filter(pl.col("year") < year))
    own = {code: value for code, value in risk.select("iso3", "governance_risk").iter_rows() if code in size}
    values = np.array(list(own.values()))
    return {code: float((value - values.mean()) / values.std()) for code, value in own.items()}
