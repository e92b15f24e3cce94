"""Governance risk of countries, and concentration weighted by it.

Source: European Commission, Study on the critical raw materials for the EU 2023 (method of 2017): WGI scaled to 0 … 10.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

WORST = 10.0
DIMENSIONS = 6
LARGEST_MISSING_GOVERNANCE = 0.10
"""A governance-weighted index is not given when more than this part of Σ s² has no indicator."""


def governance_risk(estimate: pl.Expr) -> pl.Expr:
    """(2.5 − WGI)/5·10, held within 0 … 10; 10 is worst. ``estimate``: mean of the six indicators, about −2.5 … 2.5."""
    return ((2.5 - estimate) / 5.0 * WORST).clip(0.0, WORST)


def latest_governance_risk(governance: pl.DataFrame) -> pl.DataFrame:
    """Risk of each country in its latest year with all six dimensions: iso3, year, governance_risk, row_ids."""
    return (
        governance.group_by("iso3", "year")
        .agg(
            pl.col("value").mean().alias("estimate"), pl.len().alias("count"), pl.col("row_id").sort().alias("row_ids")
        )
        .filter(pl.col("count") == DIMENSIONS)
        .sort("iso3", "year")
        .group_by("iso3", maintain_order=True)
        .last()
        .select("iso3", "year", governance_risk(pl.col("estimate")).alias("governance_risk"), "row_ids")
    )


@dataclass(frozen=True)
class WeightedConcentration:
    """Governance-weighted index: centre by draw, and its ends."""

    centre: Array
    low: Array
    high: Array
    missing_part: Array


def governance_weighted_hhi(shares: ArrayLike, risks: ArrayLike, residual_terms: ArrayLike) -> WeightedConcentration:
    """Σ s_c²·g_c on 0 … 10, g the governance risk (10 worst).

    ``shares``: countries (first axis) × draws; ``risks``: by country, NaN where the indicators do not cover it;
    ``residual_terms``: Σ r·min(r, s_min) of the residuals on 0 … 1 by draw (``residual_contribution``/10 000).
    Countries without a risk and residuals enter the centre with the mean risk of the rest, weighted by s²; the low end
    takes 0 for them, the high end 10. ``missing_part`` is the share of Σ s² that rests on such countries.
    """
    squares = np.square(np.asarray(shares, dtype=float))
    risk = np.asarray(risks, dtype=float)
    covered = ~np.isnan(risk)
    weight = risk[covered] if squares.ndim == 1 else risk[covered][:, None]
    known, base = (squares[covered] * weight).sum(axis=0), squares[covered].sum(axis=0)
    unknown = squares[~covered].sum(axis=0)
    residual = np.asarray(residual_terms, dtype=float)
    total = base + unknown
    mean = np.divide(known, base, out=np.full_like(base, np.nan), where=base > 0.0)
    return WeightedConcentration(
        centre=np.asarray(known + (unknown + residual) * mean),
        low=np.asarray(known),
        high=np.asarray(known + (unknown + residual) * WORST),
        missing_part=np.asarray(np.divide(unknown, total, out=np.ones_like(total), where=total > 0.0)),
    )
