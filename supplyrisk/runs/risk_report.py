"""Simulated risk and back-test as the report needs them."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from supplyrisk.findings.backtest import backtest_findings, forecast_finding
from supplyrisk.findings.risk import risk_findings
from supplyrisk.foundation.errors import NotKnown, NotKnownError
from supplyrisk.foundation.units import DAYS_PER_YEAR
from supplyrisk.hazards.backtest import first_ranked, missed
from supplyrisk.hazards.model import HazardModel
from supplyrisk.report.backtest_part import BacktestGiven
from supplyrisk.report.risk_chapter import RiskGiven
from supplyrisk.runs.backtest_run import MISSED_BEYOND, run_backtest
from supplyrisk.runs.config import Config
from supplyrisk.runs.disruption_run import DisruptionModel
from supplyrisk.runs.hazard_run import hazards_of
from supplyrisk.runs.opening import Progress
from supplyrisk.runs.risk_run import RiskProgress, risk_model, run_risk
from supplyrisk.tables.package import DataPackage


def _silent(part: float) -> None:
    """No word on the way."""


def hazards_known(package: DataPackage) -> HazardModel | NotKnown:
    """Hazards as known on the day, or why too few events were. Package opened with hazard_run.TABLES."""
    try:
        return hazards_of(package)
    except NotKnownError as error:
        return error.why


def risk_given(
    model: DisruptionModel, hazards: HazardModel | NotKnown, package: DataPackage, config: Config, progress: Progress
) -> RiskGiven | NotKnown:
    """The chapter's figures, or why there can be none on the day."""
    if isinstance(hazards, NotKnown):
        return hazards
    try:
        tested = run_backtest(package, config.seed)
    except NotKnownError as error:
        return error.why
    risk = risk_model(model, hazards, config.seed)
    result = run_risk(risk, config.risk_draws, config.driver_draws, 0, RiskProgress(progress))
    assumed = risk.assumptions
    long_months = round(assumed.short_months.value)
    findings = [
        finding
        for region in model.focus
        for finding in risk_findings(
            region,
            result.products,
            result.value,
            result.causes,
            result.places,
            result.drivers,
            long_months,
            result.months,
        )
    ]
    standing = replace(risk, running=True)
    fewer = max(assumed.sets, config.risk_draws // 4)
    parts = [(name, one.simulate(fewer, _silent)) for name, one in (("without", risk), ("with", standing))]
    frozen, forecast = tested.frozen, hazards.yearly_chances()
    return RiskGiven(
        draws=result.draws,
        sets=result.sets,
        horizon_months=result.months,
        long_months=long_months,
        short_share=assumed.short_share.value,
        products=result.products,
        value=result.value,
        causes=result.causes,
        supply=result.supply,
        copper=(assumed.copper_loss_share.low, assumed.copper_loss_share.high),
        findings=findings,
        events=hazards.events.events.height,
        first_year=hazards.events.first_year,
        exposure_years=hazards.rates.exposure_years,
        false_alarms=hazards.events.false_alarms,
        outside=hazards.events.outside,
        one_buyer=hazards.events.one_buyer,
        unplaced=hazards.events.unplaced,
        union_wide=hazards.events.union_wide,
        backtest=BacktestGiven(
            results=frozen.results,
            rolling=tested.rolling.results,
            reliability=frozen.reliability,
            models=tested.models,
            first=first_ranked(frozen.pairs, MISSED_BEYOND),
            missed=missed(frozen.pairs, MISSED_BEYOND),
            trained_to=tested.trained_to,
            years=(tested.held_out[0], tested.held_out[-1]),
            described=tested.described,
            findings=list(backtest_findings(frozen.results, frozen.pairs, frozen.reliability)),
        ),
        forecast=forecast,
        forecast_size=forecast_finding(forecast, frozen.pairs),
        running=pl.DataFrame(
            {
                "region": [group.region for group in risk.groups],
                "product_id": [group.product for group in risk.groups],
                **{name: DAYS_PER_YEAR * run.of_draws.mean for name, run in parts},
            }
        ),
        price=result.price,
        measures=len(standing.where.standing),
        cut=[product for product in model.chain.final_products if product in model.base.cut],
    )
