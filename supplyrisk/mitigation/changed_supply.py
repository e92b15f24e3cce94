"""World supply with measures in place: output by country of the figures, with what measures move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from supplyrisk.network.model import ProductFlows
from supplyrisk.network.places import EU_REGION, EU_UNSPECIFIED, REST_OF_WORLD, Places
from supplyrisk.scores.supply import Supply

_NOTHING = 1e-9


def supply_after(supply: Supply, total: float, before: ProductFlows, after: ProductFlows, places: Places) -> Supply:
    """The supply of a product with the output that measures move, unit for unit.

    ``total``: output of the figures, in the unit of the flows. A maker of the figures grows or shrinks in every draw by
    the same factor; codes that share a place share its change. A country that made nothing becomes a maker; what is
    made somewhere in the EU without a known member is filed under EU27, which is no country.
    """
    moved = after.supply - before.supply
    if np.abs(moved).max() <= _NOTHING * max(total, 1e-300):
        return supply
    codes = (*supply.countries, *supply.residuals)
    amounts = total * np.concatenate([supply.shares, supply.residual_shares])
    place = np.array([places.index[places.place_of(code)] for code in codes], dtype=np.int64)
    there = np.bincount(place, amounts, len(places.codes))
    growth = 1.0 + np.divide(moved, there, out=np.zeros_like(moved), where=there > 0.0)
    factor = np.maximum(growth, 0.0)[place]
    new = np.flatnonzero((moved > _NOTHING * total) & (there <= 0.0)).tolist()
    drawn = np.concatenate([supply.share_draws, supply.residual_draws]) * factor[:, None]
    shares = np.concatenate([supply.shares, supply.residual_shares]) * factor
    added = moved[new] / total
    names = (*codes, *(EU_REGION if places.codes[one] == EU_UNSPECIFIED else places.codes[one] for one in new))
    shares = np.concatenate([shares, added])
    drawn = np.concatenate([drawn, np.repeat(added[:, None], drawn.shape[1], axis=1)])
    is_country = np.array(
        [*(True for _ in supply.countries), *(False for _ in supply.residuals),
         *(name not in (EU_REGION, REST_OF_WORLD) for name in names[len(codes):])]
    )  # fmt: skip
    shares, drawn = shares / shares.sum(), drawn / drawn.sum(axis=0)
    order = np.lexsort((np.array(names), -shares))
    own, rest = order[is_country[order]], order[~is_country[order]]
    return replace(
        supply,
        countries=tuple(names[one] for one in own),
        shares=shares[own],
        share_draws=drawn[own],
        residuals=tuple(names[one] for one in rest),
        residual_shares=shares[rest],
        residual_draws=drawn[rest],
    )
