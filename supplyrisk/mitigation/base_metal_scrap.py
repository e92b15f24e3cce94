"""Scrap of a base metal: what goes into use, how much leaves it, and what is melted again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplyrisk.disruption.supply_graph import Floats
from supplyrisk.mitigation.cohorts import outflow_of, stock_of, weibull_survival
from supplyrisk.mitigation.recycling import GoodsYears, Secondary, TreatmentLosses, between_years, secondary_supply


@dataclass(frozen=True)
class MetalUse:
    """Tonnes of a metal, from ore and scrap, that makers of goods in a region take a year.

    ``is_known``: years from the first to the last of which the data have a figure; the others are assumed.
    """

    years: tuple[int, ...]
    used: Floats
    is_known: NDArray[np.bool_]


def metal_use(
    known: Mapping[int, float],
    years: tuple[int, ...],
    over_known: float,
    growth_before: float,
    growth_after: float,
) -> MetalUse:
    """Use = known figure·``over_known``, straight between known years, growing so much a year before and after them.

    ``known``: output or use by year; ``over_known``: all metal used over that figure.
    """
    first, last = min(known), max(known)
    end = max(years[-1], last)
    steady = between_years({**known, end: known[last]}, years, growth_before)
    later = [(1.0 + growth_after) ** max(0, year - last) for year in years]
    is_known = np.array([first <= year <= last for year in years])
    return MetalUse(years, over_known * steady * later, is_known)


@dataclass(frozen=True)
class MetalScrap:
    """Tonnes of a metal a year: use, its flows (``Secondary``: goods that stay, scrap of makers, old scrap), the stock.

    ``unseen``: old scrap of goods from years without data; ``old_collected``, ``old_treated`` and ``old_won_back``: of
    old scrap alone.
    """

    use: MetalUse
    flows: Secondary
    stock: Floats
    unseen: Floats
    old_collected: Floats
    old_treated: Floats
    old_won_back: Floats

    @property
    def share(self) -> Floats:
        """Melted again over use."""
        return self.flows.won_back / self.use.used

    @property
    def input_rate(self) -> Floats:
        """End-of-life recycling input rate: from old scrap, over all that comes in from outside the making of goods."""
        return self.old_won_back / (self.use.used - (self.flows.won_back - self.old_won_back))

    @property
    def figures(self) -> dict[str, Floats]:
        """What published figures can be held against, by name."""
        return {
            "old_scrap": self.flows.returned,
            "old_scrap_collected": self.old_collected,
            "exported": self.flows.exported,
            "scrap_used": self.flows.collected - self.flows.exported,
            "old_scrap_used": self.old_treated,
            "in_use_stock": self.stock,
            "recycled_share": self.share,
            "input_rate": self.input_rate,
        }


def metal_scrap(use: MetalUse, left_in_goods: float, losses: TreatmentLosses) -> MetalScrap:
    """Goods made = use·(1 − new scrap); of them all but ``left_in_goods`` stay and leave use by their lifetime.

    ``left_in_goods``: net exports inside goods over goods made; below zero where more comes in. Old and new scrap are
    exported alike, and melted again with the same yield. What is unseen has no figure behind it, only growth before.
    """
    made = use.used * (1.0 - losses.scrap)
    stay = made * (1.0 - left_in_goods)
    ones = np.ones(len(use.years))
    flows = secondary_supply(GoodsYears(use.years, stay[:, None], made[:, None]), np.ones(1), ones, losses)
    survival = weibull_survival(losses.lifetime_shape, losses.lifetime_years, len(use.years))
    collected = losses.collected * flows.returned
    old = collected * (1.0 - losses.exported)
    return MetalScrap(
        use,
        flows,
        stock_of(stay, survival),
        outflow_of(np.where(use.is_known, 0.0, stay), survival),
        collected,
        old,
        old * losses.kept_by_treatment,
    )
