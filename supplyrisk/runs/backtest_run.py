"""The back-test of a project: hazards fitted on the years before each one, and the events that then came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from supplyrisk.foundation.errors import InputError, NotKnownError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.quarters import parse_date
from supplyrisk.hazards.backtest import Backtest, backtest, missed
from supplyrisk.hazards.covariates import compare_models
from supplyrisk.hazards.events import EventSet, event_set
from supplyrisk.hazards.model import FIRST_YEAR, Occurrence
from supplyrisk.runs.config import read_config
from supplyrisk.runs.hazard_run import TABLES as HAZARDS
from supplyrisk.runs.hazard_run import chains_of, known_events, makers_before, measures_of, occurrence_of
from supplyrisk.runs.opening import Progress, open_project_data
from supplyrisk.runs.project import find_project
from supplyrisk.scores.governance import latest_governance_risk
from supplyrisk.tables.package import DataPackage

MOST_HELD_OUT = 3
"""So many whole years before the as-of day are held out at most."""
MISSED_BEYOND = 20
"""Large events at pairs beyond this rank of their year count as missed."""
_COMPARED_FROM = 2016


@dataclass(frozen=True)
class BacktestResult:
    """Both protocols.

    ``frozen``: fitted once on events up to the year before the first one held out; ``rolling``: anew for every year;
    ``models``: log scores of the rate models (hazards.covariates); ``later``: the events that came.
    """

    frozen: Backtest
    rolling: Backtest
    models: pl.DataFrame
    later: EventSet

    @property
    def trained_to(self) -> int:
        """Last year of the events that ``frozen`` is fitted on."""
        return self.frozen.origins[0][0]

    @property
    def held_out(self) -> tuple[int, ...]:
        """Years that are looked up."""
        return tuple(year for _, year in self.frozen.origins)

    @property
    def described(self) -> dict[tuple[str, str], tuple[str, str, str]]:
        """Start, hazard and words by number of the event and product hit: those of the first row about it."""
        found: dict[tuple[str, str], tuple[str, str, str]] = {}
        columns = ("event_no", "hit_products", "start", "hazard", "what")
        for event, products, *told in self.later.rows.select(columns).iter_rows():
            for product in products:
                found.setdefault((event, product), (told[0], told[1], told[2]))
        return found


def run_backtest(package: DataPackage, seed: int) -> BacktestResult:
    """Back-test on the years of ``held_out``, with the events known on the as-of day. Raises as it does."""
    years, before = held_out(package)
    rolling = {years[0]: before} | {year: _before(package, year) for year in years[1:]}
    later = _all_events(package)
    return BacktestResult(
        frozen=backtest(dict.fromkeys(years, before), later, seed),
        rolling=backtest(rolling, later, seed),
        models=compare_rate_models(package),
        later=later,
    )


def held_out(package: DataPackage) -> tuple[tuple[int, ...], Occurrence]:
    """The last whole years before the as-of day, and what is fitted on the events before them.

    ``MOST_HELD_OUT`` years, or fewer where those before them hold too few events to fit. Raises ``NotKnownError`` where
    not even one can be held out.
    """
    last = last_whole_year(package.as_of)
    for first in range(last - MOST_HELD_OUT + 1, last):
        try:
            return tuple(range(first, last + 1)), _before(package, first)
        except NotKnownError:
            continue
    try:
        return (last,), _before(package, last)
    except NotKnownError as error:
        raise error.retold(f"No year can be held out for a back-test. {error}") from error


def last_whole_year(day: date) -> int:
    """The last year that is over on a day; its last day counts as over."""
    return day.year if (day.month, day.day) == (12, 31) else day.year - 1


def _before(package: DataPackage, year: int) -> Occurrence:
    return occurrence_of(package, makers_before(package, year), date(year - 1, 12, 31))


def compare_rate_models(package: DataPackage) -> pl.DataFrame:
    """Log scores of the rate models year by year (hazards.covariates)."""
    years = range(_COMPARED_FROM, last_whole_year(package.as_of) + 1)
    size = {year: makers_before(package, year).size for year in years}
    governance = {year: _standardised(package, year, size[year]) for year in years}
    return compare_models(_all_events(package), size, governance)


def _all_events(package: DataPackage) -> EventSet:
    last = last_whole_year(package.as_of)
    share = makers_before(package, last).share
    in_force = measures_of(package).in_force
    return event_set(known_events(package), chains_of(package), share, in_force, FIRST_YEAR, date(last, 12, 31))


def _standardised(package: DataPackage, year: int, size: Mapping[str, float]) -> dict[str, float]:
    """Governance risk of the year before, with mean 0 and standard deviation 1 over makers; 0 where it is missing."""
    risk = latest_governance_risk(package.table("governance").filter(pl.col("year") < year))
    own = {code: value for code, value in risk.select("iso3", "governance_risk").iter_rows() if code in size}
    values = np.array(list(own.values()))
    return {code: float((value - values.mean()) / values.std()) for code, value in own.items()}


VIEWS = ("results", "rolling", "reliability", "pairs", "missed", "models")


def backtest_view(folder: Path | None, view: str, as_of: str | None, progress: Progress) -> pl.DataFrame:
    """A table of the back-test, on what was known on a day (today). Raises ``InputError`` for a view there is not."""
    if view not in VIEWS:
        raise InputError(f"--view: '{view}' is not a view of the back-test. {did_you_mean(view, VIEWS)}")
    project = find_project(folder)
    config = read_config(project.config_file)
    day = date.today() if as_of is None else parse_date(as_of, "--as-of")
    progress("fitting and looking up what happened")
    result = run_backtest(open_project_data(project, config, day, HAZARDS), config.seed)
    return {
        "results": result.frozen.results,
        "rolling": result.rolling.results,
        "reliability": result.frozen.reliability,
        "pairs": result.frozen.pairs.sort("year", "rank"),
        "missed": missed(result.frozen.pairs, MISSED_BEYOND),
        "models": result.models,
    }[view]
