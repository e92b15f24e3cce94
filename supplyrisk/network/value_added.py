"""European value added: which part of the value in batteries is made in the EU."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ValueAdded:
    """Value behind a use (or an output): in all, in the region, and by product; EUR.

    ``missing``: products on the way without a value per unit; their value is left out on both sides.
    """

    total: float
    inside: float
    by_product: Mapping[str, tuple[float, float]]
    missing: tuple[str, ...]

    @property
    def share(self) -> float:
        """Σ_p v_p·u[p, region] / Σ_p v_p·Σ_i u[p, i]."""
        return self.inside / self.total if self.total > 0.0 else float("nan")


def value_added(
    made: Mapping[str, Array], value_per_unit: Mapping[str, float], inside: NDArray[np.bool_]
) -> ValueAdded:
    """Value added by place of making, from a look-through.

    ``made``: product → volume by place; ``value_per_unit``: EUR per unit of product (price less bought inputs of the
    chain). An upper bound on value added proper, because bought energy and chemicals outside the chain are inside.
    """
    by_product = {
        product: (value_per_unit[product] * float(volume.sum()), value_per_unit[product] * float(volume[inside].sum()))
        for product, volume in made.items()
        if product in value_per_unit
    }
    return ValueAdded(
        total=sum(total for total, _ in by_product.values()),
        inside=sum(own for _, own in by_product.values()),
        by_product=by_product,
        missing=tuple(sorted(set(made) - set(value_per_unit))),
    )
