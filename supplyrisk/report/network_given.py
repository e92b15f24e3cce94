"""What the network chapter is made from besides scores and findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.findings.network import NetworkFacts
from supplyrisk.network.look_through import used_in
from supplyrisk.network.model import Network
from supplyrisk.scores.melted import MeltedTables


@dataclass(frozen=True)
class NetworkGiven:
    """The network of a run, and the ``bounds`` between which the assumed home preference leaves it open.

    ``bundles``: end products that are looked through, by the name they go under; ``values``: EUR of value added per
    unit of product; ``facts``: what the findings were made from; ``checks``: published self-sufficiency beside that of
    the network (network.checks); ``metals``: base metals by where they were melted; ``outlook_moved``: products whose
    lanes had to move far to fit the base year or the outlook.
    """

    network: Network
    bounds: tuple[Network, ...]
    bundles: Mapping[str, tuple[str, ...]]
    values: Mapping[str, float]
    facts: NetworkFacts
    checks: pl.DataFrame = field(default_factory=pl.DataFrame)
    metals: MeltedTables | None = None
    outlook_moved: tuple[str, ...] = ()

    def used(self, end: str, region: str, network: Network | None = None) -> dict[str, NDArray[np.float64]]:
        """Use of an end product in a region by place, also at a bound; empty where there is none or it is not known."""
        return used_in(network or self.network, self.bundles.get(end, ()), region)

    @property
    def told_rows(self) -> frozenset[str]:
        """Rows of single figures that the chapter sets beside the network: published self-sufficiency, scrap."""
        frames = [self.checks, *([] if self.metals is None else [self.metals.scrap])]
        return frozenset(row for frame in frames if frame.width for row in frame["row_id"].drop_nulls())

    def is_cut(self, end: str) -> bool:
        """Whether a product behind the end product has no output known, so that nothing is looked through beyond it."""
        return bool(self.facts.cut.get(end))
