"""The network: for every product who supplies whom, and what that rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.chain.graph import Chain
from supplyrisk.network.places import Places

Array = NDArray[np.float64]

Evidence = Literal["trade", "prior"]
"""What lanes rest on: a trade table, or the assumed home preference alone."""


@dataclass(frozen=True)
class ProductFlows:
    """One product: flows between places and the parts they balance.

    Arrays run over the places of the network, in the unit of the product; ``flows`` rows suppliers, columns users.
    ``needs`` by using product, as met; ``coefficients`` by using product: units of this product per unit of it, primary
    input only; ``secondary_share`` by using product: part of its need that scrap or other input meets instead.
    ``remainder``: final demand that is only what output leaves over (stocks, goods under way), in ``final_demand``.
    ``dispatch`` is trade before re-exports were removed (trade evidence only), with the same meaning as ``flows`` but
    of goods as last dispatched. ``published_supply`` is supply before a statistical surplus was scaled away;
    ``shortage_factor`` < 1 scales recipe needs that supply cannot meet. ``trade_dropped``: exports by country above
    what it could have had.
    """

    product_id: str
    unit: str
    year: int
    edition: str
    published_supply: Array
    supply: Array
    needs: Mapping[str, Array]
    final_demand: Array
    other_uses: Array
    statistical_surplus: float
    remainder: float
    shortage_factor: float
    coefficients: Mapping[str, Array]
    secondary_share: Mapping[str, Array]
    flows: Array
    dispatch: Array | None
    evidence: Evidence
    use_place_known: bool
    moved_mass: float
    residual: float
    truncated_share: float
    home_preference: float | None
    trade_year: int | None
    trade_codes: tuple[str, ...]
    trade_mended_tonnes: float
    trade_weighed_tonnes: float
    trade_dropped: Mapping[str, float]
    trade_dropped_share: float
    re_export_share: float
    input_row_ids: tuple[str, ...]

    @property
    def demand(self) -> Array:
        """Use by place: recipe needs met, final demand and other uses."""
        return np.asarray(self.flows.sum(axis=0))

    @cached_property
    def mix(self) -> Array:
        """m_ij = T_ij / Σ_i T_ij: where users get the product from; columns without use are zero."""
        total = self.flows.sum(axis=0)
        return np.asarray(np.divide(self.flows, total[None, :], out=np.zeros_like(self.flows), where=total > 0.0))


@dataclass(frozen=True)
class Network:
    """Flows of every product of the chains for one year.

    ``gaps``: products without flows, with the reason; ``home_preference``: the value used where there is no trade
    table; ``year`` the year the network stands for (single products may rest on an earlier one);
    ``partly_known_demand``: products whose final demand was public only in part and is left out.
    """

    chain: Chain
    places: Places
    products: Mapping[str, ProductFlows]
    gaps: Mapping[str, str]
    home_preference: float
    year: int
    variant: str = "base"
    partly_known_demand: frozenset[str] = frozenset()

    def coefficient(self, input_product: str, output_product: str) -> Array:
        """Units of primary input per unit of output by place: the recipe times one less the secondary share."""
        return self.products[input_product].coefficients[output_product]

    @cached_property
    def links(self) -> pl.DataFrame:
        """All lanes: product_id, supplier, user, quantity, unit, share_of_user, share_of_supplier, evidence."""
        parts = []
        codes = np.array(self.places.codes)
        for product in self.products.values():
            rows, columns = np.nonzero(product.flows)
            quantity = product.flows[rows, columns]
            parts.append(
                pl.DataFrame(
                    {
                        "product_id": [product.product_id] * len(rows),
                        "supplier": codes[rows],
                        "user": codes[columns],
                        "quantity": quantity,
                        "unit": [product.unit] * len(rows),
                        "share_of_user": quantity / product.flows.sum(axis=0)[columns],
                        "share_of_supplier": quantity / product.flows.sum(axis=1)[rows],
                        "evidence": [product.evidence] * len(rows),
                    }
                )
            )
        return pl.concat(parts).sort("product_id", "supplier", "user")


def recipe_coefficients(chain: Chain, places: Places, input_product: str, output_product: str) -> Array:
    """Units of ``input_product`` per unit of ``output_product`` by place.

    A place without a recipe of its own uses the general one; EU_UNSPECIFIED asks under the code EU27.
    """
    recipes = chain.recipes_of(input_product, output_product)
    if recipes.keys() == {None}:
        return np.full(len(places.codes), recipes[None].coefficient)
    codes = ["EU27" if code == "EU_UNSPECIFIED" else code for code in places.codes]
    return np.array([chain.recipe(input_product, output_product, code).coefficient for code in codes])


def primary_coefficients(chain: Chain, places: Places, input_product: str, output_product: str) -> Array:
    """Units of ``input_product`` per unit of ``output_product`` by place if nothing secondary stood in for it.

    The recipe, or the coefficient given for makers without scrap where the recipe holds the scrap of the world.
    """
    recipe = recipe_coefficients(chain, places, input_product, output_product)
    secondary = chain.specifications[output_product].secondary
    if secondary is None or secondary.input != input_product or secondary.primary_coefficient is None:
        return recipe
    return np.full_like(recipe, secondary.primary_coefficient.value)
