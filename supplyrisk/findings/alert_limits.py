"""Thresholds of alerts, a block of the config; a threshold that is null is off."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class AlertLimits(BaseModel):
    """When something is told on top of the report, and how much of it.

    Lines that sentences and charts use too (65 % of one country, high concentration) stand in
    models/assumptions/thresholds.yaml, the line of criticality in the method of the Commission.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    shown: int = Field(12, ge=1, le=50, description="Alerts told on top of the report; the rest is counted.")
    regions: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] | None = Field(
        None, description="Regions in focus that alerts look at; null = the first one in focus."
    )
    single_country_margin: float | None = Field(
        0.0,
        ge=0.0,
        le=0.5,
        description="How far below the line single_country_share an alert begins, as a share of use.",
    )
    supply_risk_rise: float | None = Field(
        0.7,
        gt=0.0,
        le=10.0,
        description="Rise of live supply risk above the last published score; or crossing 1.",
    )
    concentration_rise: float | None = Field(
        150.0, gt=0.0, le=10_000.0, description="Yearly rise of the HHI of world output above the line hhi_high."
    )
    shortfall_days: float | None = Field(
        7.0, gt=0.0, le=365.0, description="Days of normal use expected to be lost a year."
    )
    new_control_quarters: int | None = Field(
        1, ge=1, le=20, description="A control on exports is new if it started within so many quarters."
    )
    price_change_months: float | None = Field(
        0.25, gt=0.0, le=10.0, description="Change of a monthly price over three months, up or down."
    )
    price_change_year: float | None = Field(
        0.5, gt=0.0, le=10.0, description="Change of a yearly price against the year before, up or down."
    )
    reopen_change: float = Field(
        0.1, ge=0.0, le=1.0, description="An accepted alert opens again when its value moved by more than this part."
    )
