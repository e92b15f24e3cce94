"""Formulas of GeoPolRisk.

Source: Koyamparambath et al. 2024, Resources, Conservation and Recycling 209, 107801; geopolrisk-py 2.0.1, Journal of
Open Source Software, 10.21105/joss.09600.
"""

from __future__ import annotations

import polars as pl

COPPER_REFERENCE = 0.409412948
"""Mean score · price of copper over OECD countries 2017 to 2021, USD/kg, as fixed in geopolrisk-py 2.0.1."""


def instability(estimate: pl.Expr) -> pl.Expr:
    """(2.5 − PV)/5 held within 0 … 1, PV the estimate of political stability and absence of violence."""
    return ((2.5 - estimate) / 5.0).clip(0.0, 1.0)


def concentration(quantity: pl.Expr) -> pl.Expr:
    """Σ P²/(Σ P)² on 0 … 1, an aggregation over producers; missing where nothing is produced."""
    total = quantity.sum()
    return pl.when(total > 0.0).then(quantity.pow(2).sum() / total.pow(2))


def import_risk(weighted_imports: pl.Expr, imports: pl.Expr, domestic: pl.Expr) -> pl.Expr:
    """Σ g·f/(Σ f + p): imports weighted by instability over imports and domestic production, on 0 … 1.

    Missing where neither is known.
    """
    supply = imports + domestic
    return pl.when(supply > 0.0).then(weighted_imports / supply)


def characterization_factor(score: pl.Expr, price: pl.Expr, reference: pl.Expr | float) -> pl.Expr:
    """Score · price/reference in kg copper equivalent a kg; ``price`` in thousand USD a tonne."""
    return score * price / reference
