"""What the live supply risk assumes (models/assumptions/live_supply_risk.yaml)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from supplyrisk.chain.specification import RangedAssumption
from supplyrisk.foundation.model_reader import read_model
from supplyrisk.foundation.words import EDITION, MATERIAL, PRODUCT, AnyNumber, Edition, Material, Product
from supplyrisk.scores.criticality.formulas import ECONOMIC_IMPORTANCE_THRESHOLD, SUPPLY_RISK_THRESHOLD


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Stage = Literal["extraction", "processing"]


def _in_order(years: tuple[int, int]) -> tuple[int, int]:
    if years[0] > years[1]:
        raise ValueError(f"the first year {years[0]} lies after the last, {years[1]}")
    return years


YearRange = Annotated[tuple[int, int], Field(strict=False), AfterValidator(_in_order)]


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


class Thresholds(_Strict):
    """Lines of the Commission's list, with the range over which the design varies them.

    The lines themselves are those of its method (criticality.formulas), by which the list is reproduced.
    """

    supply_risk: RangedAssumption
    economic_importance: RangedAssumption

    @model_validator(mode="after")
    def _lines_are_those_of_the_method(self) -> Thresholds:
        for name, line in (
            ("supply_risk", SUPPLY_RISK_THRESHOLD), ("economic_importance", ECONOMIC_IMPORTANCE_THRESHOLD),
        ):  # fmt: skip
            given = getattr(self, name).value
            if given != line:
                raise ValueError(f"{name}: value {given:g} is not the line of the Commission's method. Write {line:g}")
        return self

    @property
    def pairs(self) -> list[tuple[float, float]]:
        """Every pair of a line of supply risk and one of economic importance: low, as printed, high."""
        risk, importance = self.supply_risk, self.economic_importance
        return [
            (line, other)
            for line in (risk.low, risk.value, risk.high)
            for other in (importance.low, importance.value, importance.high)
        ]


class CarriedShares(_Strict):
    """Which series may carry the study's shares to today (share_series and import_series in scores.criticality).

    ``reference_years``: first and last year of the study's figures, of which a series has to hold
    ``fewest_reference_years``; its last year may lie ``years_behind`` before the day; years in which more than
    ``largest_unnamed_share`` of output has no country are not used, nor a series of world output or of imports that
    overlaps the study's shares by less than ``least_overlap`` (scores.criticality.carried). ``publishers``: editions of
    each, newest first; of two that reach the same year the first listed is the central one.
    """

    reference_years: YearRange
    fewest_reference_years: int = Field(ge=1)
    years_behind: int = Field(ge=0)
    largest_unnamed_share: float = Field(ge=0.0, lt=1.0)
    least_overlap: float = Field(gt=0.0, le=1.0)
    import_years: int = Field(ge=1)
    publishers: dict[str, AnyNumber[Edition]] = Field(min_length=1)


class LiveSupplyRisk(_Strict):
    """All assumptions of the live supply risk."""

    reference_edition: int
    reference_governance_year: int
    restrictions_seen_until: str
    products: dict[Material, LiveProduct]
    stages: dict[Material, Stage]
    groups: dict[Material, LiveGroup]
    trade_parameter: TradeParameters
    carried: CarriedShares
    thresholds: Thresholds

    @field_validator("restrictions_seen_until")
    @classmethod
    def _is_day(cls, text: str) -> str:
        date.fromisoformat(text)
        return text


class _File(_Strict):
    live_supply_risk: LiveSupplyRisk


def read_live_supply_risk(
    path: Path, materials: Collection[str], products: Collection[str], editions: Collection[str]
) -> LiveSupplyRisk:
    """The assumptions. Raises ``InputError`` with all problems, file and line.

    ``materials``, ``products`` and ``editions`` (of production): what may be named.
    """
    found = read_model(
        path,
        _File,
        "The assumptions of the live supply risk cannot be used",
        {MATERIAL: materials, PRODUCT: products, EDITION: editions},
    )
    return found.live_supply_risk
