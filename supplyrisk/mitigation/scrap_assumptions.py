"""What scrap of base metals assumes (models/assumptions/base_metal_scrap.yaml)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from supplyrisk.disruption.assumptions import ShareAssumption, SourcedAssumption, within
from supplyrisk.foundation.model_reader import read_model
from supplyrisk.foundation.words import EDITION, PRODUCT, ROW, AnyNumber, Edition, Product, RowId, Words
from supplyrisk.mitigation.specification import MOST_SCRAP

Figure = Literal[
    "old_scrap", "old_scrap_collected", "exported", "scrap_used", "old_scrap_used", "in_use_stock", "recycled_share",
    "input_rate",
]  # fmt: skip
Area = Literal["eu27", "eu28", "europe"]
Missing = Literal["output", "use_today", "use_before", "lifetimes", "collection"]
Growth = Annotated[SourcedAssumption, within(-0.1, 0.2)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Published(_Strict):
    """A published figure of an area to stand beside the model's; ``fitted``: one that an assumption was chosen by."""

    figure: Figure
    year: int
    area: Area
    row: RowId
    fitted: bool = False


class MetalScrapAssumptions(_Strict):
    """See the comments of the file; use is known by EU output of some editions, or by single rows of figures."""

    product: Product
    output_editions: AnyNumber[Edition] = ()
    use_rows: dict[int, RowId] = Field(default_factory=dict)
    use_over_known: Annotated[SourcedAssumption, within(0.1, 5.0)]
    growth_before: Growth
    growth_after: Growth
    new_scrap_share: Annotated[SourcedAssumption, within(0.0, MOST_SCRAP)]
    left_in_goods: Annotated[SourcedAssumption, within(-1.0, 0.9)]
    lifetime_years: Annotated[SourcedAssumption, within(1.0, 100.0)]
    lifetime_shape: Annotated[SourcedAssumption, within(0.5, 10.0)]
    collected_share: ShareAssumption
    exported_share: ShareAssumption
    kept_by_treatment: ShareAssumption
    published: AnyNumber[Published] = ()

    @model_validator(mode="after")
    def _known_by_one_thing(self) -> MetalScrapAssumptions:
        if bool(self.output_editions) == bool(self.use_rows):
            raise ValueError("give output_editions or use_rows: use is known by one of the two")
        return self


SCRAP_NUMBERS = tuple(
    name
    for name in MetalScrapAssumptions.model_fields
    if name not in ("product", "output_editions", "use_rows", "published")
)
"""Names of the numbers with a range."""


class BaseMetalScrapAssumptions(_Strict):
    """Metals with a model, and those without: what the data have no figure of."""

    first_year: Annotated[int, Field(ge=1850, le=1990)]
    shown_from: Annotated[int, Field(ge=2000, le=2040)]
    last_year: Annotated[int, Field(ge=2025, le=2060)]
    sensitivity_year: Annotated[int, Field(ge=2020, le=2060)]
    metals: Annotated[dict[str, MetalScrapAssumptions], Field(min_length=1)]
    gaps: dict[str, Words[Missing]]

    @model_validator(mode="after")
    def _in_order(self) -> BaseMetalScrapAssumptions:
        if not self.shown_from <= self.sensitivity_year <= self.last_year:
            raise ValueError("shown_from, sensitivity_year and last_year follow each other")
        if twice := sorted(set(self.metals) & set(self.gaps)):
            raise ValueError(f"{', '.join(twice)}: has a model, so that it is no gap")
        if beyond := [
            f"{name} {one.figure} of {one.year}"
            for name, metal in self.metals.items()
            for one in metal.published
            if not self.first_year <= one.year <= self.last_year
        ]:
            raise ValueError(
                f"published: {', '.join(beyond)}: years are worked out from {self.first_year} to {self.last_year}; "
                "choose one of them, or leave the figure out"
            )
        return self


class _File(_Strict):
    base_metal_scrap: BaseMetalScrapAssumptions


def read_scrap_assumptions(
    path: Path, products: Collection[str], editions: Collection[str], row_ids: Collection[str]
) -> BaseMetalScrapAssumptions:
    """The assumptions. Raises ``InputError`` with every problem: file, line, what, nearest word."""
    found = read_model(
        path,
        _File,
        "The assumptions of scrap of base metals cannot be used",
        {PRODUCT: products, EDITION: editions, ROW: row_ids},
    )
    return found.base_metal_scrap
