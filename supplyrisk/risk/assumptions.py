"""What the simulation assumes (models/assumptions/risk.yaml)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from supplyrisk.disruption.assumptions import SourcedAssumption
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.yaml_reader import load_model, read_yaml


class RiskAssumptions(BaseModel):
    """See the comments of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    copper_loss_share: SourcedAssumption
    short_share: SourcedAssumption
    short_months: SourcedAssumption
    horizon_months: Annotated[int, Field(ge=6, le=120)]
    sets: Annotated[int, Field(ge=2, le=200)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    risk: RiskAssumptions


def read_risk_assumptions(path: Path, row_ids: Collection[str]) -> RiskAssumptions:
    """The assumptions. Raises ``InputError`` with every problem: file, line, what, nearest word."""
    collector = ProblemCollector()
    found = load_model(path, _File, collector)
    collector.raise_if_any("The assumptions of risk cannot be used")
    assert found is not None
    document = read_yaml(path)
    for key in ("copper_loss_share", "short_share", "short_months"):
        entry: SourcedAssumption = getattr(found.risk, key)
        for position, row in enumerate(entry.rows):
            where = document.where(("risk", key, "rows", position))
            collector.unknown(file=path.name, where=where, word=row, kind="row of the data package", known=row_ids)
        if entry.low < 0.0 or (key != "short_months" and entry.high > 1.0):
            where = document.where(("risk", key))
            collector.add(file=path.name, where=where, message="it must lie between 0 and 1", mend="")
    collector.raise_if_any("The assumptions of risk cannot be used")
    return found.risk
