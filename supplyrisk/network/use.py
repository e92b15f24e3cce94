"""Whether a region uses a product at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from supplyrisk.network.model import ProductFlows

_SMALLEST_USE = 1e-5
"""Part of world use up to which a region uses nothing to speak of: what trade and output leave over is of that size."""


def uses_nothing(flows: ProductFlows, inside: NDArray[np.bool_]) -> bool:
    """Whether the places ``inside`` use so little of a product that shares of it say nothing about dependence."""
    return bool(flows.demand[inside].sum() <= _SMALLEST_USE * flows.demand.sum())
