"""What the way to more European value assumes (models/assumptions/value_path.yaml)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from supplyrisk.disruption.assumptions import ShareAssumption, SourcedAssumption, within
from supplyrisk.foundation.model_reader import read_model
from supplyrisk.foundation.units import MONTHS_PER_YEAR
from supplyrisk.foundation.words import PRODUCT, ROW, Product, RowId
from supplyrisk.scenario.specification import Title


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class StageAssumptions(_Strict):
    """New makers of one product: EUR per unit of yearly capacity, and months until the first stands."""

    capex_eur: Annotated[SourcedAssumption, within(0.0, float("inf"))]
    lead_months: Annotated[SourcedAssumption, within(0.0, 240.0)]


class ValuePathAssumptions(_Strict):
    """See the comments of the file."""

    title: Title
    summary: Title
    target: RowId
    utilisation: Annotated[SourcedAssumption, within(0.05, 1.0)]
    yearly_share: ShareAssumption
    stages: Annotated[dict[Product, StageAssumptions], Field(min_length=1)]


class _File(_Strict):
    value_path: ValuePathAssumptions


def read_value_path_assumptions(
    path: Path, products: Collection[str], row_ids: Collection[str]
) -> ValuePathAssumptions:
    """The assumptions. Raises ``InputError`` with every problem: file, line, what, nearest word."""
    found = read_model(
        path, _File, "The assumptions of the value path cannot be used", {PRODUCT: products, ROW: row_ids}
    )
    return found.value_path


def most_share(yearly_share: float, lead_months: float, years_left: float) -> float:
    """Part of the need that new makers can meet in the target year: yearly share × years after the first stands.

    ``years_left``: from the as-of day to the middle of the target year.
    """
    return yearly_share * max(0.0, years_left - lead_months / MONTHS_PER_YEAR)
