"""Re-exports: from where goods were dispatched to where they were made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LARGEST_EXPORT_SHARE = 0.999
"""Exports are held just below output plus imports, so that the origin algebra has no singular loop."""

_CLIPPING_ROUNDS = 200


@dataclass(frozen=True)
class OriginView:
    """Use of a product by country of making.

    ``use_by_origin``: rows makers, columns users, in the unit of production; ``origin_share``: the same with
    columns that sum to one; ``trade``: the trade that was used (after clipping); ``dropped``: trade above what an
    exporter could have had, in the same unit, by exporter.
    """

    use_by_origin: Array
    origin_share: Array
    trade: Array
    dropped: Array


def clip_exports(production: Array, trade: Array) -> tuple[Array, Array]:
    """Exports held to ``LARGEST_EXPORT_SHARE`` of output plus imports; gives trade and what was dropped.

    Cutting one country's exports cuts another's imports, so it is repeated until nothing changes.
    ``trade`` rows exporters, columns importers; the diagonal is ignored.
    """
    kept = trade.astype(float).copy()
    np.fill_diagonal(kept, 0.0)
    for _ in range(_CLIPPING_ROUNDS):
        exports = kept.sum(axis=1)
        ceiling = LARGEST_EXPORT_SHARE * (production + kept.sum(axis=0))
        factor = np.divide(ceiling, exports, out=np.ones_like(exports), where=exports > ceiling)
        if np.all(factor >= 1.0 - 1e-12):
            break
        kept *= factor[:, None]
    without_diagonal = trade.astype(float).copy()
    np.fill_diagonal(without_diagonal, 0.0)
    return kept, without_diagonal.sum(axis=1) - kept.sum(axis=1)


def remove_re_exports(production: Array, trade: Array) -> OriginView:
    """Origin of what each country uses, seen through re-exporting hubs.

    With x_j = P_j + Σ_i T_ij and A_ij = T_ij / x_j the origin shares of the supply of j are
    O = diag(P/x)·(I − A)⁻¹, and tonnes of origin i used in j are O_ij·(x_j − Σ_k T_jk). Home-made and imported goods
    are taken to mix before anything leaves again. Source: Croft, West and Green 2018, also used for food trade.

    A country with neither output nor imports uses nothing. Shares of a column can sum to less than one only where
    imports come from a country without output or imports; such a rest is impossible after clipping.
    """
    kept, dropped = clip_exports(production, trade)
    available = production + kept.sum(axis=0)
    safe = np.where(available > 0.0, available, 1.0)
    inflow_share = kept / safe[None, :]
    reach = np.linalg.inv(np.eye(production.size) - inflow_share)
    origin_share = (production / safe)[:, None] * reach
    own_use = np.maximum(available - kept.sum(axis=1), 0.0)
    return OriginView(
        use_by_origin=origin_share * own_use[None, :],
        origin_share=origin_share,
        trade=kept,
        dropped=dropped,
    )
