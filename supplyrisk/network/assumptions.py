"""What a network assumes (models/assumptions/network.yaml)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from supplyrisk.chain.specification import RangedAssumption
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.yaml_reader import load_model


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Names = Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class ImportAnchor(_Strict):
    """A published import share that the home preference has to meet."""

    end_products: Names
    products: Names
    region: str
    imported_share: RangedAssumption
    source_ids: Names
    derivation: str


class HomePreference(_Strict):
    """Who is served first where there is no trade table; see network.prior."""

    anchor: ImportAnchor
    low: Share
    high: Share
    reserve: RangedAssumption


class LaneSpread(_Strict):
    """Standard deviation of the logarithm of a lane's share, by what the lane rests on."""

    trade: RangedAssumption
    prior: RangedAssumption


class NetworkAssumptions(_Strict):
    """All assumptions of a network."""

    home_preference: HomePreference
    support_weight: RangedAssumption
    unit_value_ratio: RangedAssumption
    smallest_lane_share: Share
    smallest_user_share: Share
    lane_spread: LaneSpread


class _File(_Strict):
    network: NetworkAssumptions


def read_network_assumptions(path: Path) -> NetworkAssumptions:
    """The assumptions. Raises ``InputError`` with all problems, file and line."""
    collector = ProblemCollector()
    found = load_model(path, _File, collector)
    collector.raise_if_any("The assumptions of the network cannot be used")
    assert found is not None
    return found.network
