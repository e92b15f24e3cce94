"""What the simulation assumes (models/assumptions/risk.yaml)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from supplyrisk.disruption.assumptions import Bounds, SourcedAssumption, check_entry
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.yaml_reader import load_model, read_yaml


class RiskAssumptions(BaseModel):
    """See the comments of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    copper_loss_share: SourcedAssumption
    short_share: SourcedAssumption
    short_months: SourcedAssumption
    outbid_weight: SourcedAssumption
    horizon_months: Annotated[int, Field(ge=6, le=120)]
    sets: Annotated[int, Field(ge=2, le=200)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    risk: RiskAssumptions


_BOUNDS: Mapping[str, Bounds] = {
    "copper_loss_share": Bounds(0.001, 0.5),
    "short_share": Bounds(0.0, 1.0),
    "short_months": Bounds(1.0, 120.0),
    "outbid_weight": Bounds(0.0, 1.0),
}


def read_risk_assumptions(path: Path, row_ids: Collection[str]) -> RiskAssumptions:
    """The assumptions. Raises ``InputError`` with every problem: file, line, what, nearest word."""
    collector = ProblemCollector()
    found = load_model(path, _File, collector)
    collector.raise_if_any("The assumptions of risk cannot be used")
    assert found is not None
    document = read_yaml(path)
    for key, bounds in _BOUNDS.items():
        check_entry(collector, path, document, ("risk", key), getattr(found.risk, key), bounds, row_ids)
    collector.raise_if_any("The assumptions of risk cannot be used")
    return found.risk
