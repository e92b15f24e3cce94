"""What recycling of permanent magnets assumes (models/assumptions/magnet_recycling.yaml)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from supplyrisk.disruption.assumptions import End, ShareAssumption, SourcedAssumption, within
from supplyrisk.foundation.model_reader import read_model
from supplyrisk.foundation.words import MATERIAL, PRODUCT, ROW, Material, Product, RowId, Words
from supplyrisk.mitigation.specification import MOST_SCRAP

Years = Annotated[SourcedAssumption, within(1.0, 60.0)]
Growth = Annotated[SourcedAssumption, within(-0.5, 1.0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class MagnetUse(_Strict):
    """A use: rows of its world demand by year, and how long magnets are in it."""

    demand: Annotated[dict[int, RowId], Field(min_length=2)]
    lifetime_years: Years


class MagnetAssumptions(_Strict):
    """See the comments of the file."""

    product: Product
    used: RowId
    material: Material
    metals: Words[Product]
    lost_in_making: Annotated[SourcedAssumption, within(0.0, 0.9)]
    benchmark: RowId
    first_year: Annotated[int, Field(ge=1980, le=2024)]
    shown_from: Annotated[int, Field(ge=2000, le=2040)]
    uses: Annotated[dict[str, MagnetUse], Field(min_length=1)]
    lifetime_shape: Annotated[SourcedAssumption, within(0.5, 10.0)]
    growth_before: Growth
    growth_after: Growth
    made_from: Annotated[int, Field(ge=2025, le=2040)]
    made: Annotated[SourcedAssumption, within(0.0, 1e6)]
    scrap_share: Annotated[SourcedAssumption, within(0.0, MOST_SCRAP)]
    collected_share: ShareAssumption
    exported_share: ShareAssumption
    kept_by_treatment: ShareAssumption
    recovery: ShareAssumption

    @model_validator(mode="after")
    def _same_years(self) -> MagnetAssumptions:
        if len({tuple(sorted(use.demand)) for use in self.uses.values()}) > 1:
            raise ValueError("uses: demand of every use is given for the same years")
        return self

    @property
    def numbers(self) -> tuple[str, ...]:
        """Names of the numbers that move shares; the lifetime of a use goes under its name."""
        own = tuple(
            name
            for name in type(self).model_fields
            if name != "lost_in_making" and isinstance(getattr(self, name), SourcedAssumption)
        )
        return (*(f"{use}_years" for use in self.uses), *own)

    def number(self, name: str, end: End = "value") -> float:
        """A number at an end of its range."""
        lifetimes = {f"{use}_years": of_use.lifetime_years for use, of_use in self.uses.items()}
        return float(getattr(lifetimes[name] if name in lifetimes else getattr(self, name), end))


class _File(_Strict):
    magnet_recycling: MagnetAssumptions


def read_magnet_assumptions(
    path: Path, products: Collection[str], materials: Collection[str], row_ids: Collection[str]
) -> MagnetAssumptions:
    """The assumptions. Raises ``InputError`` with every problem: file, line, what, nearest word."""
    found = read_model(
        path,
        _File,
        "The assumptions of recycling of magnets cannot be used",
        {PRODUCT: products, MATERIAL: materials, ROW: row_ids},
    )
    return found.magnet_recycling
