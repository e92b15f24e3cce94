"""Balancing: the flows closest to a prior that meet given supply and demand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplyrisk.foundation.errors import SupplyRiskError

Array = NDArray[np.float64]

RESIDUAL_TOLERANCE = 1e-9
"""Largest relative difference between a row or column total and its target (design §4)."""

_SWEEPS = 60
_NEWTON_STEPS = 60


class BalanceError(SupplyRiskError):
    """No flows exist that meet supply and demand on the admissible lanes."""


@dataclass(frozen=True)
class BalancedFlows:
    """Flows with prescribed totals, and how far they had to move.

    ``flows``: rows suppliers, columns users, in the unit of the product.
    ``residual``: largest deviation of a total from its target, relative to the world total.
    ``moved_mass``: half the summed absolute change against the prior of equal world total, as a
    share of the world total (0 = the prior already met every total, 1 = nothing left in place).
    """

    flows: Array
    residual: float
    moved_mass: float


def balance_flows(
    prior: Array,
    supply: Array,
    demand: Array,
    label: str,
    tolerance: float = RESIDUAL_TOLERANCE,
) -> BalancedFlows:
    """Flows of least relative entropy to ``prior`` with row totals ``supply`` and column totals ``demand``.

    Minimises Σ T·ln(T/prior) subject to the totals; the solution has the form
    T_ij = r_i·prior_ij·c_j. Alternate scaling (iterative proportional fitting) comes first; where it is
    slow, Newton's method on the dual finishes the work.

    Arguments: ``prior`` suppliers × users, not negative; ``supply`` and ``demand`` in the same unit, equal
    in total; ``label`` names the product in messages.

    Raises ``BalanceError`` when totals differ by more than 1e-9 of the world total, when a supplier or user has no
    admissible lane, or when the tolerance is not reached.
    """
    total = float(supply.sum())
    if total <= 0.0:
        raise BalanceError(f"{label}: there is no supply to balance.")
    if abs(float(demand.sum()) - total) > 1e-9 * total:
        raise BalanceError(
            f"{label}: demand ({demand.sum():.6g}) and supply ({total:.6g}) differ; scale one of them first."
        )
    rows, columns = supply > 0.0, demand > 0.0
    kernel = prior[np.ix_(rows, columns)].astype(float)
    for axis, word, keep in ((1, "supplier", rows), (0, "user", columns)):
        empty = np.flatnonzero(kernel.sum(axis=axis) <= 0.0)
        if empty.size:
            position = int(np.flatnonzero(keep)[empty[0]])
            raise BalanceError(f"{label}: {word} number {position} has no admissible lane in the prior.")
    kernel *= total / kernel.sum()
    row_target = supply[rows] / total
    column_target = demand[columns] / total * (supply.sum() / demand.sum())
    scaled = kernel / total
    fitted = _scale_alternately(scaled, row_target, column_target, tolerance)
    if _residual(fitted, row_target, column_target) > tolerance:
        fitted = _newton_on_dual(fitted, row_target, column_target, tolerance)
    residual = _residual(fitted, row_target, column_target)
    if not residual <= tolerance:
        raise BalanceError(
            f"{label}: flows miss their totals by {residual:.2e} of the world total (allowed {tolerance:.0e})."
        )
    flows = np.zeros_like(prior, dtype=float)
    flows[np.ix_(rows, columns)] = fitted * total
    moved = 0.5 * float(np.abs(fitted - scaled).sum())
    return BalancedFlows(flows=flows, residual=residual, moved_mass=moved)


def _residual(flows: Array, row_target: Array, column_target: Array) -> float:
    return float(max(np.abs(flows.sum(axis=1) - row_target).max(), np.abs(flows.sum(axis=0) - column_target).max()))


def _scale_alternately(flows: Array, row_target: Array, column_target: Array, tolerance: float) -> Array:
    flows, rows = flows.copy(), flows.sum(axis=1)
    for _ in range(_SWEEPS):
        flows *= (row_target / rows)[:, None]
        flows *= (column_target / flows.sum(axis=0))[None, :]
        rows = flows.sum(axis=1)
        # Columns are met exactly here.
        if np.abs(rows - row_target).max() <= tolerance * 1e-2:
            break
    return flows


def _newton_on_dual(flows: Array, row_target: Array, column_target: Array, tolerance: float) -> Array:
    """Damped Newton steps on the convex dual Σ T·exp(u_i + v_j) − u·row − v·column.

    The last column multiplier is fixed at zero, because adding a constant to u and subtracting it from v
    changes nothing.
    """
    n_rows, n_columns = flows.shape
    base, size = flows, n_rows + n_columns - 1
    multipliers = np.zeros(size)

    def current(point: Array) -> Array:
        exponent = point[:n_rows, None] + np.append(point[n_rows:], 0.0)[None, :]
        return np.asarray(base * np.exp(np.clip(exponent, -60.0, 60.0)))

    def dual(point: Array, value: Array) -> float:
        return float(value.sum() - point[:n_rows] @ row_target - point[n_rows:] @ column_target[:-1])

    value = current(multipliers)
    reached = dual(multipliers, value)
    for _ in range(_NEWTON_STEPS):
        totals = np.concatenate([value.sum(axis=1), value.sum(axis=0)])
        excess = totals - np.concatenate([row_target, column_target])
        if np.abs(excess).max() <= tolerance * 1e-2:
            break
        gradient = excess[:-1]
        hessian = np.zeros((size, size))
        hessian.flat[:: size + 1] = totals[:-1] + 1e-300
        hessian[:n_rows, n_rows:] = value[:, :-1]
        hessian[n_rows:, :n_rows] = value[:, :-1].T
        step = -np.linalg.lstsq(hessian, gradient, rcond=None)[0]
        before, slope, length = reached, float(gradient @ step), 1.0
        while length > 1e-6:
            trial = multipliers + length * step
            trial_value = current(trial)
            reached = dual(trial, trial_value)
            if reached <= before + 1e-4 * length * slope + 1e-15:
                break
            length *= 0.5
        multipliers, value = trial, trial_value
    return value
