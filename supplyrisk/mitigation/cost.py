"""What measures cost a year: capital over its life, running cost, and the carrying cost of stocks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from supplyrisk.disruption.assumptions import ShareAssumption
from supplyrisk.foundation.model_reader import load_model
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.words import ROW
from supplyrisk.mitigation.apply import Held
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.specification import Stockpile


class MeasureAssumptions(BaseModel):
    """See models/assumptions/measures.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    discount_rate: ShareAssumption
    storage_share: ShareAssumption
    sets: Annotated[int, Field(ge=2, le=200)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    measures: MeasureAssumptions


@dataclass(frozen=True)
class YearlyCost:
    """EUR a year with its range; without a value ``missing_reason`` says why."""

    value: float | None
    low: float | None
    high: float | None
    missing_reason: str = ""


def read_measure_assumptions(path: Path, row_ids: Collection[str]) -> MeasureAssumptions:
    """The assumptions. Raises ``InputError`` with every problem: file, line, what, nearest word."""
    collector = ProblemCollector()
    found = load_model(path, _File, collector, {ROW: row_ids})
    collector.raise_if_any("The assumptions of measures cannot be used")
    assert found is not None
    return found.measures


def annuity(capital: float, rate: float, years: float) -> float:
    """Yearly payment that repays capital with interest over its life: C·r/(1 − (1 + r)^−n)."""
    return capital / years if rate == 0.0 else capital * rate / (1.0 - (1.0 + rate) ** -years)


def yearly_cost(
    measure: Measure, held: Sequence[Held], worth: Mapping[str, float], assumed: MeasureAssumptions
) -> YearlyCost:
    """Cost a year; of a stock (discount rate + storage) × worth of what is held.

    Missing where a stocked product has no price on its whole chain, and where a measure that is no stock names no cost:
    a part would look like the whole.
    """
    stocks = any(isinstance(change, Stockpile) for change in measure.file.changes)
    others = not all(isinstance(change, Stockpile) for change in measure.file.changes)
    cost = measure.file.cost
    if others and cost is None:
        return YearlyCost(None, None, None, "no_cost_figure")
    unpriced = [item.product for item in held if item.product not in worth]
    if stocks and unpriced:
        return YearlyCost(None, None, None, f"no_price:{';'.join(sorted(set(unpriced)))}")
    capital = sum(item.quantity * worth[item.product] for item in held)
    total = dict.fromkeys(("value", "low", "high"), 0.0)
    for end in total:
        rate, storage = getattr(assumed.discount_rate, end), getattr(assumed.storage_share, end)
        total[end] += capital * (rate + storage)
        if cost is not None:
            if cost.capex_eur is not None and cost.lifetime_years is not None:
                total[end] += annuity(getattr(cost.capex_eur, end), rate, cost.lifetime_years)
            if cost.opex_eur_per_year is not None:
                total[end] += getattr(cost.opex_eur_per_year, end)
    return YearlyCost(total["value"], total["low"], total["high"])
