"""What a measure file may say (models/measures/*.yaml)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from supplyrisk.disruption.assumptions import SourcedAssumption, within
from supplyrisk.foundation.words import AnyNumber, Country, Product, Words
from supplyrisk.scenario.specification import Basis, Title

Eur = Annotated[SourcedAssumption, within(0.0, float("inf"))]
Share = Annotated[float, Field(gt=0.0, le=1.0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class Cost(_Strict):
    """What a measure costs: to set up, over so many years of life, and every year."""

    capex_eur: Eur | None = None
    lifetime_years: Annotated[float, Field(gt=0.0, le=60.0)] | None = None
    opex_eur_per_year: Eur | None = None

    @model_validator(mode="after")
    def _life_of_capital(self) -> Cost:
        if (self.capex_eur is None) != (self.lifetime_years is None):
            raise ValueError("capex_eur and lifetime_years belong together: capital is spread over its life")
        return self


class _Change(_Strict):
    region: Annotated[Country, Field(description="Whose purchases or use it changes: EU27 or a country.")]


class Stockpile(_Change):
    """A public stock of a product, in the form the product has, given out when deliveries fall short."""

    kind: Literal["stockpile"]
    products: Words[Product]
    days: Annotated[float, Field(gt=0.0, le=1080.0, description="Days of the region's normal use.")]
    release_months: Annotated[
        float, Field(ge=0.5, le=36.0, description="Months over which it can be given out as a whole.")
    ]


class Diversification(_Change):
    """Purchases move from some countries to the other suppliers, or to those named (EU27 for European makers)."""

    kind: Literal["diversification"]
    products: Words[Product]
    away_from: Words[Country]
    share: Annotated[Share, Field(description="Part of purchases from these countries that moves.")]
    to: Annotated[AnyNumber[Country], Field(description="Countries it moves to; empty for all others.")] = ()

    @model_validator(mode="after")
    def _somewhere_else(self) -> Diversification:
        if both := sorted(set(self.away_from) & set(self.to)):
            raise ValueError(f"it moves away from and to the same country: {', '.join(both)}")
        return self


class Substitution(_Change):
    """Final use moves from one product to another, in equal units."""

    kind: Literal["substitution"]
    from_product: Product
    to_product: Product
    share: Annotated[Share, Field(description="Part of the use of the first that moves.")]


class Demand(_Change):
    """Final use grows or shrinks."""

    kind: Literal["demand"]
    products: Words[Product]
    change_share: Annotated[float, Field(ge=-0.95, le=5.0)]


ChangeSpecification = Annotated[Stockpile | Diversification | Substitution | Demand, Field(discriminator="kind")]


class MeasureFile(_Strict):
    """One measure."""

    title: Title
    summary: Title
    lead_months: Annotated[int, Field(ge=0, le=240, description="Months from decision until it works in full.")]
    ramp_months: Annotated[int, Field(ge=0, le=240, description="Of these, months in which it grows.")] = 0
    rests_on: Basis
    cost: Annotated[
        Cost | None, Field(description="Without it the cost is not known; of stocks the carrying cost is worked out.")
    ] = None
    changes: Words[ChangeSpecification]

    @field_validator("ramp_months")
    @classmethod
    def _ramp_within_lead(cls, months: int, info: ValidationInfo) -> int:
        lead = info.data.get("lead_months")
        if lead is not None and months > lead:
            raise ValueError(f"{months} is longer than lead_months {lead}: it would work before its start")
        return months
