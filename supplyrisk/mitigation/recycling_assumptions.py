"""What recycling assumes (models/assumptions/recycling.yaml)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from supplyrisk.disruption.assumptions import ShareAssumption, SourcedAssumption, within
from supplyrisk.foundation.model_reader import load_model
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.words import (
    DEMAND_PATH,
    MATERIAL,
    PRODUCT,
    ROW,
    DemandPathName,
    Material,
    Product,
    RowId,
    Words,
)
from supplyrisk.mitigation.demand_paths import PACKS, Application
from supplyrisk.mitigation.recycler_capacity import RecyclerCapacity
from supplyrisk.mitigation.specification import MOST_SCRAP


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class MetalAssumptions(_Strict):
    """A metal: its battery-grade product, and the rows of its targets for recovery and for recycled content.

    ``lost_in_making``: part of the metal that recipes count as needed and that does not end up in cells.
    """

    product: Product
    lost_in_making: Annotated[SourcedAssumption, within(0.0, 0.9)]
    recovery: Words[RowId]
    content: Words[RowId]


def _every_pack(cells: dict[str, str]) -> dict[str, str]:
    if set(cells) != set(PACKS):
        raise ValueError(f"the packs of paths of demand are {', '.join(PACKS)}: name a cell for each, and no other")
    return cells


class Sales(_Strict):
    """Batteries sold: a path of demand, and which of its applications."""

    path: DemandPathName
    applications: Words[Application]


Packs = Annotated[dict[Product, Product], AfterValidator(_every_pack)]


class RecyclingAssumptions(_Strict):
    """See the comments of the file."""

    sales: Sales
    cells: Packs
    first_year: Annotated[int, Field(ge=1990, le=2024)]
    shown_from: Annotated[int, Field(ge=2024, le=2040)]
    lifetime_shape: Annotated[SourcedAssumption, within(0.5, 10.0)]
    lifetime_years: Annotated[SourcedAssumption, within(1.0, 40.0)]
    second_life_share: ShareAssumption
    second_life_years: Annotated[SourcedAssumption, within(1.0, 40.0)]
    sales_growth_before: Annotated[SourcedAssumption, within(-0.5, 2.0)]
    cells_growth_after: Annotated[SourcedAssumption, within(-0.5, 2.0)]
    scrap_share: Annotated[SourcedAssumption, within(0.0, MOST_SCRAP)]
    collected_share: ShareAssumption
    exported_share: ShareAssumption
    kept_by_treatment: ShareAssumption
    capacity: RecyclerCapacity
    capacity_of_eu: ShareAssumption
    capacity_built_share: ShareAssumption
    capacity_growth_after: Annotated[SourcedAssumption, within(-0.5, 1.0)]
    tonnes_per_gwh: Annotated[SourcedAssumption, within(1000.0, 20000.0)]
    metals: Annotated[dict[Material, MetalAssumptions], Field(min_length=1)]


_SETTINGS = ("sales", "cells", "first_year", "shown_from", "capacity", "metals")
RECYCLING_NUMBERS = tuple(name for name in RecyclingAssumptions.model_fields if name not in _SETTINGS)
"""Names of the numbers with a range; those of sales are numbers of the path of demand."""


class _File(_Strict):
    recycling: RecyclingAssumptions


def read_recycling_assumptions(
    path: Path,
    products: Collection[str],
    materials: Collection[str],
    row_ids: Collection[str],
    demand_paths: Collection[str],
) -> RecyclingAssumptions:
    """The assumptions. Raises ``InputError`` with every problem: file, line, what, nearest word."""
    collector = ProblemCollector()
    found = load_model(
        path, _File, collector, {PRODUCT: products, MATERIAL: materials, ROW: row_ids, DEMAND_PATH: demand_paths}
    )
    collector.raise_if_any("The assumptions of recycling cannot be used")
    assert found is not None
    return found.recycling
