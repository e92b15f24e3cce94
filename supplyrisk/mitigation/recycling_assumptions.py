"""What recycling assumes (models/assumptions/recycling.yaml)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from supplyrisk.disruption.assumptions import ShareAssumption, SourcedAssumption, within
from supplyrisk.foundation.model_reader import load_model
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.words import MATERIAL, PRODUCT, ROW, Material, Product, RowId, Words


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class MetalAssumptions(_Strict):
    """A metal: its battery-grade product, and the rows of its targets for recovery and for recycled content."""

    product: Product
    recovery: Words[RowId]
    content: Words[RowId]


class RecyclingAssumptions(_Strict):
    """See the comments of the file."""

    lifetime_shape: Annotated[SourcedAssumption, within(0.5, 10.0)]
    lifetime_years: Annotated[SourcedAssumption, within(1.0, 40.0)]
    sales_growth_before: Annotated[SourcedAssumption, within(-0.5, 2.0)]
    cells_growth_after: Annotated[SourcedAssumption, within(-0.5, 2.0)]
    lfp_share: Annotated[dict[int, ShareAssumption], Field(min_length=1)]
    scrap_share: Annotated[SourcedAssumption, within(0.0, 0.9)]
    collected_share: ShareAssumption
    exported_share: ShareAssumption
    kept_by_treatment: ShareAssumption
    metals: Annotated[dict[Material, MetalAssumptions], Field(min_length=1)]


NUMBERS = tuple(name for name in RecyclingAssumptions.model_fields if name != "metals")
"""Names of the numbers with a range; the shares of LFP of all years together."""


class _File(_Strict):
    recycling: RecyclingAssumptions


def read_recycling_assumptions(
    path: Path, products: Collection[str], materials: Collection[str], row_ids: Collection[str]
) -> RecyclingAssumptions:
    """The assumptions. Raises ``InputError`` with every problem: file, line, what, nearest word."""
    collector = ProblemCollector()
    found = load_model(path, _File, collector, {PRODUCT: products, MATERIAL: materials, ROW: row_ids})
    collector.raise_if_any("The assumptions of recycling cannot be used")
    assert found is not None
    return found.recycling
