"""All alerts of a quarter, from its scores, tables and simulated risk."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from supplyrisk.findings.alert import FoundAlerts, together
from supplyrisk.findings.alert_limits import AlertLimits
from supplyrisk.findings.alerts_events import control_alerts, shortfall_alerts
from supplyrisk.findings.alerts_prices import price_alerts
from supplyrisk.findings.alerts_scores import Since, concentration_alerts, single_country_alerts, supply_risk_alerts
from supplyrisk.foundation.errors import NotKnown
from supplyrisk.foundation.quarters import Quarter


@dataclass(frozen=True)
class AlertInput:
    """What alerts are found in; tables as known on the day ``as_of``.

    ``single_country``: as in scores.single_country, of all regions in focus; ``known_from``: first day of the rows
    behind scores, by id; ``risk``: products of the simulation, or why there is none, of the run ``risk_run`` of the
    history where it is none of this run; ``lines``: thresholds by name; ``buyers``: codes of the EU, its members and
    the regions in focus.
    """

    quarter: Quarter
    as_of: date
    regions: Sequence[str]
    buyers: Collection[str]
    lines: Mapping[str, float]
    scores: pl.DataFrame
    single_country: pl.DataFrame
    known_from: Mapping[str, date]
    restrictions: pl.DataFrame
    prices: pl.DataFrame
    products: pl.DataFrame
    risk: pl.DataFrame | str | NotKnown
    risk_run: str | None = None


def find_alerts(given: AlertInput, limits: AlertLimits) -> FoundAlerts:
    """Every line of ``limits`` that is crossed, and what was looked at for each."""
    since = Since(given.known_from, given.as_of)
    margin = limits.single_country_margin
    share = None if margin is None else given.lines["single_country_share"] - margin
    quarters = limits.new_control_quarters
    seen_until = given.quarter.back(quarters or 1).last_day
    months, year = price_alerts(
        given.prices, given.products, limits.price_change_months, limits.price_change_year, given.as_of
    )
    return together(
        (
            control_alerts(given.restrictions, quarters, seen_until, given.as_of, given.buyers),
            months,
            year,
            single_country_alerts(given.single_country, given.scores, given.regions, share, since),
            supply_risk_alerts(given.scores, limits.supply_risk_rise, since),
            concentration_alerts(given.scores, limits.concentration_rise, given.lines["hhi_high"], since),
            shortfall_alerts(given.risk, given.regions, limits.shortfall_days, given.as_of, given.risk_run),
        )
    )
