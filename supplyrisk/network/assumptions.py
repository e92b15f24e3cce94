"""What a network assumes (models/assumptions/network.yaml)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from supplyrisk.chain.specification import RangedAssumption, RangedShare, Share
from supplyrisk.foundation.model_reader import read_model
from supplyrisk.foundation.words import PRODUCT, REGION, Product, Region, Words


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


AboveZero = Annotated[float, Field(gt=0.0)]
AboveOne = Annotated[float, Field(gt=1.0)]


class _Spread(RangedAssumption):
    value: AboveZero
    low: AboveZero
    high: AboveZero


class _Ratio(RangedAssumption):
    value: AboveOne
    low: AboveOne
    high: AboveOne


class ImportAnchor(_Strict):
    """A published import share that the home preference has to meet."""

    end_products: Words[Product]
    products: Words[Product]
    region: Region
    imported_share: RangedShare
    source_ids: Words[str]
    derivation: str


class HomePreference(_Strict):
    """Who is served first where there is no trade table; see network.prior."""

    anchor: ImportAnchor
    low: Share
    high: Share
    reserve: RangedShare

    @model_validator(mode="after")
    def _ordered(self) -> HomePreference:
        if not self.low < self.high:
            raise ValueError(f"low {self.low:g} must be below high {self.high:g}")
        return self


class LaneSpread(_Strict):
    """Standard deviation of the logarithm of a lane's share, by what the lane rests on."""

    trade: _Spread
    prior: _Spread


class NetworkAssumptions(_Strict):
    """All assumptions of a network."""

    home_preference: HomePreference
    support_weight: RangedShare
    base_lane_weight: RangedShare
    unit_value_ratio: _Ratio
    smallest_lane_share: Share
    smallest_user_share: Share
    lane_spread: LaneSpread


class _File(_Strict):
    network: NetworkAssumptions


def read_network_assumptions(path: Path, products: Collection[str], regions: Collection[str]) -> NetworkAssumptions:
    """The assumptions. Raises ``InputError`` with all problems, file and line.

    ``products`` and ``regions``: what the anchor may name. A mistyped one would pass as not known on the as-of day, and
    the reserve would quietly take the place of the anchor.
    """
    found = read_model(
        path, _File, "The assumptions of the network cannot be used", {PRODUCT: products, REGION: regions}
    )
    return found.network
