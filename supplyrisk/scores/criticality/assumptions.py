"""What the live supply risk assumes (models/assumptions/live_supply_risk.yaml)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from supplyrisk.chain.specification import RangedAssumption
from supplyrisk.foundation.model_reader import load_model
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.words import MATERIAL, PRODUCT, Material, Product


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Stage = Literal["extraction", "processing"]


class LiveProduct(_Strict):
    """The product whose supply today stands for a material at one stage."""

    stage: Stage
    product: Product


class LiveGroup(_Strict):
    """A group scored as the mean of its members, with the product that stands for each."""

    stage: Stage
    members: dict[Material, Product] = Field(min_length=1)


class TradeParameters(_Strict):
    """t by kind of measure, with its range."""

    tax: RangedAssumption
    licence: RangedAssumption
    quota: RangedAssumption
    ban: RangedAssumption


class LiveSupplyRisk(_Strict):
    """All assumptions of the live supply risk."""

    reference_edition: int
    reference_governance_year: int
    restrictions_seen_until: str
    products: dict[Material, LiveProduct]
    groups: dict[Material, LiveGroup]
    trade_parameter: TradeParameters

    @field_validator("restrictions_seen_until")
    @classmethod
    def _is_day(cls, text: str) -> str:
        date.fromisoformat(text)
        return text


class _File(_Strict):
    live_supply_risk: LiveSupplyRisk


def read_live_supply_risk(path: Path, materials: Collection[str], products: Collection[str]) -> LiveSupplyRisk:
    """The assumptions. Raises ``InputError`` with all problems, file and line.

    ``materials`` and ``products``: what may be named.
    """
    collector = ProblemCollector()
    found = load_model(path, _File, collector, {MATERIAL: materials, PRODUCT: products})
    collector.raise_if_any("The assumptions of the live supply risk cannot be used")
    assert found is not None
    return found.live_supply_risk
