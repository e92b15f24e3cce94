"""Formulas of the European Commission's criticality assessment: supply risk and economic importance.

Source: European Commission, Methodology for establishing the EU list of critical raw materials (2017), as used for the
lists of 2017, 2020 and 2023; Regulation (EU) 2024/1252, Annex II. Which parts were seen: docs/method.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
SupplyData = Literal["both", "global", "eu"]

SUPPLY_RISK_THRESHOLD = 1.0
ECONOMIC_IMPORTANCE_THRESHOLD = 2.8
SCALE = 10.0


def governance_trade_hhi(shares: ArrayLike, risks: ArrayLike, trade_parameters: ArrayLike) -> Array:
    """Σ s²·g·t over countries (first axis), on 0 … 10 with t = 1.

    ``shares``: fractions, with or without a second axis of draws; ``risks``: governance risk 0 … 10 (10 worst);
    ``trade_parameters``: t, 0.8 inside the EU, above 1 for restricted exports.
    """
    weight = np.asarray(risks, dtype=float) * np.asarray(trade_parameters, dtype=float)
    squares = np.square(np.asarray(shares, dtype=float))
    return np.asarray(np.tensordot(weight, squares, axes=(0, 0)))


def core(hhi_global: ArrayLike, hhi_eu: ArrayLike, reliance: float, supply_data: SupplyData) -> Array:
    """HHI(global)·IR/2 + HHI(EU sourcing)·(1 − IR/2), or one of the two alone where the other mix is not used."""
    if supply_data == "global":
        return np.asarray(hhi_global, dtype=float)
    if supply_data == "eu":
        return np.asarray(hhi_eu, dtype=float)
    weight = reliance / 2.0
    return np.asarray(np.asarray(hhi_global, dtype=float) * weight + np.asarray(hhi_eu, dtype=float) * (1.0 - weight))


def supply_risk(core_index: ArrayLike, eol_rir: float, substitution_index: float) -> Array:
    """Core·(1 − EoL-RIR)·SI_SR, on 0 … 10."""
    return np.asarray(np.asarray(core_index, dtype=float) * (1.0 - eol_rir) * substitution_index)


def group_mean(scores: Sequence[float]) -> float:
    """Plain mean over the members of a group, each scored alone (rare earths, platinum metals)."""
    return float(np.mean(np.asarray(scores, dtype=float)))


def economic_importance(
    shares: Sequence[float], value_added_meur: Sequence[float], largest_meur: float, substitution_index: float
) -> float:
    """10·Σ A·Q/Q_max·SI_EI: A the share of a use, Q the value added of its NACE division, Q_max the largest of all.

    Uses without a division add nothing, so they are left out of both lists.
    """
    weighted = float(np.dot(np.asarray(shares, dtype=float), np.asarray(value_added_meur, dtype=float)))
    return SCALE * weighted / largest_meur * substitution_index


def one_decimal(value: float) -> float:
    """Rounded half up to one decimal, as printed by the studies."""
    return float(Decimal(repr(value)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def one_decimals(values: Array) -> Array:
    """``one_decimal`` of an array: by floating point, and by its decimal digits where it lies on a half."""
    tenths = values * SCALE
    rounded = np.floor(tenths + 0.5) / SCALE
    on_half = np.abs(tenths - np.floor(tenths) - 0.5) < 1e-6
    rounded[on_half] = [one_decimal(value) for value in values[on_half].tolist()]
    return np.asarray(rounded)


def reaches_line(risk: float) -> bool:
    """Supply risk ≥ 1.0 at one decimal."""
    return one_decimal(risk) >= SUPPLY_RISK_THRESHOLD


def is_critical(risk: float, importance: float) -> bool:
    """Supply risk ≥ 1.0 and economic importance ≥ 2.8, both at one decimal."""
    return reaches_line(risk) and one_decimal(importance) >= ECONOMIC_IMPORTANCE_THRESHOLD
