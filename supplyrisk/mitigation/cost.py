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
from supplyrisk.foundation.words import PRODUCT, ROW, Product
from supplyrisk.mitigation.apply import Applied, Quantity
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.specification import Cost, Eur, Stockpile


class MeasureAssumptions(BaseModel):
    """See models/assumptions/measures.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    discount_rate: ShareAssumption
    storage_share: ShareAssumption
    prices: dict[Product, Eur] = Field(default_factory=dict)
    sets: Annotated[int, Field(ge=2, le=200)]
    leader_sets: Annotated[int, Field(ge=2, le=200)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    measures: MeasureAssumptions


_OTHER_END = {"value": "value", "low": "high", "high": "low"}


@dataclass(frozen=True)
class YearlyCost:
    """EUR a year with its range; without a value ``missing_reason`` says why."""

    value: float | None
    low: float | None
    high: float | None
    missing_reason: str = ""


def read_measure_assumptions(path: Path, products: Collection[str], row_ids: Collection[str]) -> MeasureAssumptions:
    """The assumptions. Raises ``InputError`` with every problem: file, line, what, nearest word."""
    collector = ProblemCollector()
    found = load_model(path, _File, collector, {PRODUCT: products, ROW: row_ids})
    collector.raise_if_any("The assumptions of measures cannot be used")
    assert found is not None
    return found.measures


def annuity(capital: float, rate: float, years: float) -> float:
    """Yearly payment that repays capital with interest over its life: C·r/(1 − (1 + r)^−n)."""
    return capital / years if rate == 0.0 else capital * rate / (1.0 - (1.0 + rate) ** -years)


def yearly_cost(
    measure: Measure, applied: Applied, worth: Mapping[str, float], assumed: MeasureAssumptions
) -> YearlyCost:
    """Cost a year: (discount rate + storage) × worth of what is held, premium × worth of what moves, capital, running.

    Less discount × worth of what is bought together. ``applied``: the measure alone. Each end takes the same end of
    every number, of discounts the other one. The price of a product is that of the measure, else that of the
    assumptions, else its worth on the chain. Missing where a product that is held, or that moves at a premium or a
    discount, has none, and where a measure that is no stock names no cost: a part would look like the whole.
    """
    others = not all(isinstance(change, Stockpile) for change in measure.file.changes)
    cost = measure.file.cost or Cost()
    named = (cost.capex_eur, cost.opex_eur_per_year, cost.premium_share, cost.discount_share)
    if others and all(part is None for part in named):
        return YearlyCost(None, None, None, "no_cost_figure")
    moving = applied.moved if cost.premium_share is not None else ()
    together = applied.together if cost.discount_share is not None else ()
    own_prices = {**assumed.prices, **cost.prices}
    unpriced = {item.product for item in (*applied.held, *moving, *together)} - set(worth) - set(own_prices)
    if unpriced:
        return YearlyCost(None, None, None, f"no_price:{';'.join(sorted(unpriced))}")
    total = {}
    for end in ("value", "low", "high"):
        prices = dict(worth) | {product: getattr(price, end) for product, price in own_prices.items()}
        rate, storage = getattr(assumed.discount_rate, end), getattr(assumed.storage_share, end)
        total[end] = (rate + storage) * _worth_of(applied.held, prices)
        if cost.premium_share is not None:
            total[end] += getattr(cost.premium_share, end) * _worth_of(moving, prices)
        if cost.discount_share is not None:
            total[end] -= getattr(cost.discount_share, _OTHER_END[end]) * _worth_of(together, prices)
        if cost.capex_eur is not None and cost.lifetime_years is not None:
            total[end] += annuity(getattr(cost.capex_eur, end), rate, cost.lifetime_years)
        if cost.opex_eur_per_year is not None:
            total[end] += getattr(cost.opex_eur_per_year, end)
    return YearlyCost(total["value"], total["low"], total["high"])


def _worth_of(items: Sequence[Quantity], prices: Mapping[str, float]) -> float:
    return sum(item.quantity * prices[item.product] for item in items)
