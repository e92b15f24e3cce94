"""Choke points by a planner: what is lost at least when makers fall away, by whom, and how long one can do without.

A benevolent planner is a lower bound on losses; the propagation of disruption.engine, where nobody coordinates, stands
beside it. The difference is what coordination is worth. After Simchi-Levi et al. 2015 (Interfaces 45(5)), multi-tier.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from supplyrisk.disruption.planner_model import PlannerModel
from supplyrisk.disruption.supply_graph import Floats

_SLACK = 1e-5
"""By which a plan may miss the least loss and still count among the best: absolute and relative."""
_NOTHING = 1e-4
"""Loss that counts as none: a ten-millionth of all weighted use of the world."""
_SERVED_LAST = 1e-4
"""What the whole output of a product without a weight counts in finding a plan, all weighted use being one."""
_FOCUS_FIRST = 1e4
"""How much more a loss of the focus counts than one elsewhere in the focus-first plan."""


@dataclass(frozen=True)
class Removal:
    """What the planner loses when some makers are gone, in value a month over the window.

    ``loss``: least loss of the world; ``focus_low``, ``focus_high``: range of the focus region's loss among the plans
    that reach it; ``focus_first``: the focus region's loss in a plan that serves it first (another plan, not a bound);
    ``lost``: units of the product a month by final slot, of a plan that reaches the least loss and in which uses
    without a weight count a little, so that they are served last rather than not at all; no loss has them in it.
    """

    loss: float
    focus_low: float
    focus_high: float
    focus_first: float
    lost: Floats


class Planner:
    """One programme kept alive: bounds are changed and the solver goes on from the basis of the plan at rest.

    ``focus``: which final slots belong to the focus region (in the order of the model's final slots).
    """

    def __init__(self, model: PlannerModel, window_months: float, focus: np.ndarray[Any, np.dtype[np.bool_]]) -> None:
        import highspy

        self.model, self.window, self.focus = model, window_months, focus
        with _without_banner():
            self.solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self.solver.silent()
        self.solver.setOptionValue("threads", 1)
        self.solver.setOptionValue("presolve", "off")
        # Bounds change and costs stay: the dual simplex goes on from a basis that is still dual feasible.
        self.solver.setOptionValue("simplex_strategy", 1)
        self.solver.passModel(_highs_model(model))
        self.tau = model.first["tau"]
        self.objective_row = len(model.row_low) - 1
        self.plan_weight = np.where(model.weight > 0.0, model.weight, _SERVED_LAST)
        self._set_window(window_months)
        self._solve()
        self.basis = self.solver.getBasis()
        self.at_rest = float(self.solver.getInfo().objective_function_value)
        self._with_costs(self.plan_weight)
        self.plan_basis = self.solver.getBasis()
        self._costs(model.weight)

    def removal(self, nodes: Sequence[int], ranges: bool = True) -> Removal:
        """Loss without ``nodes``; with ``ranges`` also who of the focus loses how much among the best plans."""
        self._restart()
        self._close(nodes)
        loss = self._solve()
        lost = self._lost()
        low = high = first = float((lost * self.model.weight)[self.focus].sum())
        self.solver.changeRowBounds(self.objective_row, -np.inf, loss * (1.0 + _SLACK) + _SLACK)
        if (self.model.weight == 0.0).any():
            self.solver.setBasis(self.plan_basis)
            self._with_costs(self.plan_weight)
            lost = self._lost()
        if ranges and loss > _NOTHING:
            own = np.where(self.focus, self.model.weight, 0.0)
            low = self._with_costs(own)
            high = -self._with_costs(-own)
            self.solver.changeRowBounds(self.objective_row, -np.inf, np.inf)
            self._with_costs(np.where(self.focus, self.model.weight * _FOCUS_FIRST, self.model.weight))
            first = float((self._lost() * self.model.weight)[self.focus].sum())
        self.solver.changeRowBounds(self.objective_row, -np.inf, np.inf)
        self._costs(self.model.weight)
        self._open(nodes)
        value = self.model.value_unit
        return Removal(
            loss * value,
            max(0.0, min(low, high)) * value,
            max(low, high) * value,
            max(0.0, first) * value,
            lost * self.model.unit,
        )

    def capacity_values(self, nodes: Sequence[int] = ()) -> Floats:
        """Value a month that one more unit of capacity a month saves, by node, with ``nodes`` gone (duals)."""
        self._restart()
        self._close(nodes)
        self._solve()
        duals = np.array(self.solver.getSolution().col_dual[: self.model.first["link"]])
        self._open(nodes)
        return np.asarray(np.maximum(0.0, -duals) * self.model.value_unit / self.model.node_unit)

    def months_to_survive(self, nodes: Sequence[int], most: float) -> float:
        """Longest window in which the focus region loses nothing without ``nodes``; infinite from ``most`` months on.

        Found by bisection to a twentieth of a month: with rates, a longer window only thins stocks, so the loss can
        but rise with it.
        """
        self._restart()
        self._costs(np.where(self.focus, self.model.weight, 0.0))

        def loses(months: float) -> bool:
            self._set_window(months)
            self._close(nodes, months)
            return self._solve() > _NOTHING

        low, high = 0.0, most
        if not loses(most):
            low = float("inf")
        else:
            while high - low > 0.05:
                middle = 0.5 * (low + high)
                low, high = (low, middle) if loses(middle) else (middle, high)
        self._set_window(self.window)
        self._open(nodes)
        self._costs(self.model.weight)
        return low

    def _set_window(self, months: float) -> None:
        self.solver.changeColBounds(self.tau, 1.0 / months, 1.0 / months)

    def _restart(self) -> None:
        # Every question starts from the plan at rest, so that its answer does not depend on what was asked before.
        self.solver.setBasis(self.basis)

    def _close(self, nodes: Sequence[int], months: float | None = None) -> None:
        """Nodes make nothing any more; what they had sent still arrives."""
        for node in nodes:
            rest = float(self.model.under_way[node]) / (months or self.window)
            self.solver.changeColBounds(self.model.first["output"] + node, 0.0, rest)

    def _open(self, nodes: Sequence[int]) -> None:
        for node in nodes:
            column = self.model.first["output"] + node
            self.solver.changeColBounds(column, 0.0, float(self.model.high[column]))

    def _costs(self, weight: Floats) -> None:
        columns = np.arange(self.model.first["loss"], self.model.first["loss"] + len(weight), dtype=np.int32)
        self.solver.changeColsCost(len(columns), columns, np.asarray(weight, dtype=float))

    def _with_costs(self, weight: Floats) -> float:
        self._costs(weight)
        return self._solve()

    def _solve(self) -> float:
        import highspy

        self.solver.run()
        status = self.solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            # A basis can lead astray numerically: once more from nothing before giving up.
            self.solver.clearSolver()
            self.solver.setOptionValue("presolve", "on")
            self.solver.run()
            self.solver.setOptionValue("presolve", "off")
            status = self.solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"the planner's programme was not solved ({self.solver.modelStatusToString(status)})")
        return float(self.solver.getInfo().objective_function_value)

    def _lost(self) -> Floats:
        first = self.model.first["loss"]
        return np.array(self.solver.getSolution().col_value[first : first + len(self.model.weight)])


@contextmanager
def _without_banner() -> Iterator[None]:
    """Nothing on standard output meanwhile: the solver greets there when it is made, below Python's own stream."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _highs_model(model: PlannerModel) -> Any:
    import highspy

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = model.columns, len(model.row_low)
    costs = np.zeros(model.columns)
    costs[model.first["loss"] : model.first["loss"] + len(model.weight)] = model.weight
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = costs, model.low, model.high
    lp.row_lower_, lp.row_upper_ = model.row_low, model.row_high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = model.matrix.indptr
    lp.a_matrix_.index_ = model.matrix.indices
    lp.a_matrix_.value_ = model.matrix.data
    return lp
