"""Which base metals are followed to where they were melted (models/assumptions/base_metals.yaml)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from supplyrisk.foundation.model_reader import read_model
from supplyrisk.foundation.words import PRODUCT, ROW, Product, RowId


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class BaseMetal(_Strict):
    """A metal: its product, the customs heading of its scrap, and the row of exports of scrap where there is one."""

    product: Product
    scrap_heading: Annotated[str, Field(pattern=r"^\d{4}$")]
    scrap_exports: RowId | None = None


class _File(_Strict):
    base_metals: Annotated[dict[str, BaseMetal], Field(min_length=1)]


def read_base_metals(path: Path, products: Collection[str], row_ids: Collection[str]) -> dict[str, BaseMetal]:
    """Metals by name. Raises ``InputError`` with every problem: file, line, what, nearest word."""
    found = read_model(path, _File, "The base metals cannot be used", {PRODUCT: products, ROW: row_ids})
    return found.base_metals
