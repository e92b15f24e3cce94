"""What the simulation assumes (models/assumptions/risk.yaml)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from supplyrisk.disruption.assumptions import ShareAssumption, SourcedAssumption, within
from supplyrisk.foundation.model_reader import read_model
from supplyrisk.foundation.words import ROW


class RiskAssumptions(BaseModel):
    """See the comments of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    copper_loss_share: Annotated[SourcedAssumption, within(0.001, 0.5)]
    short_share: ShareAssumption
    short_months: Annotated[SourcedAssumption, within(1.0, 120.0)]
    licence_fall_months: Annotated[SourcedAssumption, within(0.0, 36.0)]
    outbid_weight: ShareAssumption
    horizon_months: Annotated[int, Field(ge=6, le=120)]
    sets: Annotated[int, Field(ge=2, le=200)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    risk: RiskAssumptions


def read_risk_assumptions(path: Path, row_ids: Collection[str]) -> RiskAssumptions:
    """The assumptions. Raises ``InputError`` with every problem: file, line, what, nearest word."""
    found = read_model(path, _File, "The assumptions of risk cannot be used", {ROW: row_ids})
    return found.risk
