"""What a chain file may say (models/chains/*.yaml)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Names(_Strict):
    """A title in the two languages of the reports."""

    en: str
    nl: str


class RangedAssumption(_Strict):
    """A number that no source gives: value with a range, and on what it rests."""

    value: float
    low: float
    high: float
    basis: Literal["observed", "derived", "assumed"]

    @model_validator(mode="after")
    def _ordered(self) -> RangedAssumption:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"low {self.low:g}, value {self.value:g} and high {self.high:g} must be in rising order")
        return self


Share = Annotated[float, Field(ge=0.0, le=1.0)]


class RangedShare(RangedAssumption):
    """An assumed share of a whole."""

    value: Share
    low: Share
    high: Share


class SecondaryInput(_Strict):
    """A product that is also made from scrap.

    Its recipe in data/recipes.csv is a world mean over metal from ore and metal from scrap; ``primary_coefficient``
    is the amount of ``input`` per unit made from ore (absent: the recipe already is that). ``follows:
    apparent_use`` takes as made from ore what the country's apparent use of ``input`` allows; the rest is secondary.
    """

    input: str
    primary_coefficient: RangedAssumption | None = None
    follows: Literal["apparent_use"]


class ProductSpecification(_Strict):
    """One product: what goes into it and what its surplus over the need of the chain is."""

    inputs: tuple[str, ...] = Field(default=(), strict=False)
    surplus: Literal["other_uses", "statistical"]
    trade: Literal["prior", "none"] = "prior"
    trade_reason: str | None = None
    secondary: SecondaryInput | None = None

    @model_validator(mode="after")
    def _reason_for_no_trade(self) -> ProductSpecification:
        if self.trade == "none" and not self.trade_reason:
            raise ValueError("trade: none needs a trade_reason")
        return self


class GroupSpecification(_Strict):
    """Inputs of one product that can replace each other up to a limit a year."""

    title: Names
    product: str
    members: Annotated[tuple[str, ...], Field(min_length=2, strict=False)]
    switching_limit_share: RangedAssumption


class SubstituteSpecification(_Strict):
    """End products that can replace each other up to a limit a year."""

    title: Names
    members: Annotated[tuple[str, ...], Field(min_length=2, strict=False)]
    switching_limit_share: RangedAssumption


class ChainSpecification(_Strict):
    """One chain file.

    ``bundled``: its final products are one good in several kinds (packs by chemistry), looked through together under
    the name of the chain, with value added and an outlook.
    """

    chain: str
    title: Names
    final_products: Annotated[tuple[str, ...], Field(min_length=1, strict=False)]
    bundled: bool = False
    products: dict[str, ProductSpecification]
    input_groups: dict[str, GroupSpecification] = Field(default_factory=dict)
    substitute_products: dict[str, SubstituteSpecification] = Field(default_factory=dict)
