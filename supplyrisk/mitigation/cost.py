"""What measures cost a year: capital over its life, running cost, and the carrying cost of stocks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from supplyrisk.disruption.assumptions import End, ShareAssumption, SourcedAssumption
from supplyrisk.foundation.model_reader import read_model
from supplyrisk.foundation.words import PRODUCT, ROW, Product
from supplyrisk.mitigation.apply import Applied, Quantity
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.specification import Cost, Eur, Stockpile


class MeasureAssumptions(BaseModel):
    """See models/assumptions/measures.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    discount_rate: ShareAssumption
    storage_share: ShareAssumption
    crowding_out_share: ShareAssumption
    prices: dict[Product, Eur] = Field(default_factory=dict)
    sets: Annotated[int, Field(ge=2, le=200)]
    leader_sets: Annotated[int, Field(ge=2, le=200)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    measures: MeasureAssumptions


DISCOUNT_RATE, STORAGE, PRICE_REDUCTION, PRICES = "discount_rate", "storage_share", "price_reduction_share", "prices."
_ENDS: tuple[End, End] = ("low", "high")
_OTHER_END: Mapping[End, End] = {"low": "high", "high": "low"}


@dataclass(frozen=True)
class YearlyCost:
    """EUR a year with its range; without a value ``missing_reason`` says why."""

    value: float | None
    low: float | None
    high: float | None
    missing_reason: str = ""


def read_measure_assumptions(path: Path, products: Collection[str], row_ids: Collection[str]) -> MeasureAssumptions:
    """The assumptions. Raises ``InputError`` with every problem: file, line, what, nearest word."""
    found = read_model(path, _File, "The assumptions of measures cannot be used", {PRODUCT: products, ROW: row_ids})
    return found.measures


def annuity(capital: float, rate: float, years: float) -> float:
    """Yearly payment that repays capital with interest over its life: C·r/(1 − (1 + r)^−n)."""
    return capital / years if rate == 0.0 else capital * rate / (1.0 - (1.0 + rate) ** -years)


def yearly_cost(
    measure: Measure, applied: Applied, worth: Mapping[str, float], assumed: MeasureAssumptions
) -> YearlyCost:
    """Cost a year: (discount rate + storage) × worth of what is held, premium × worth of what moves, capital, running.

    Less price reduction × worth of what is bought together. ``applied``: the measure alone. The range is the least and
    the most with every number at an end of its own: rates, premium and outlays at the same end, price reductions at the
    other one, and the price of each product at whichever end makes it cheaper (or dearer), as a reduction or a premium
    below zero saves more the higher the price is. The price is that of the measure, else that of the assumptions, else
    the worth on the chain. Missing where a product that is held, or that moves at a premium or a reduction, has none,
    and where a measure that is no stock names no cost: a part would look like the whole.
    """
    others = not all(isinstance(change, Stockpile) for change in measure.file.changes)
    cost = measure.file.cost or Cost()
    named = (cost.capex_eur, cost.opex_eur_per_year, cost.premium_share, cost.price_reduction_share)
    if others and all(part is None for part in named):
        return YearlyCost(None, None, None, "no_cost_figure")
    if unpriced := _priced(cost, applied) - set(worth) - set(assumed.prices) - set(cost.prices):
        return YearlyCost(None, None, None, f"no_price:{';'.join(sorted(unpriced))}")

    def at(ends: Mapping[str, End]) -> float:
        return cost_at(measure, applied, worth, assumed, ends)

    def bound(end: End, extreme: Callable[..., End]) -> float:
        ends = {**dict.fromkeys(cost_assumptions(measure, applied, assumed), end), PRICE_REDUCTION: _OTHER_END[end]}
        for price in [name for name in ends if name.startswith(PRICES)]:
            # Prices add up, so that the end of one is chosen whatever the others are.
            ends[price] = extreme(_ENDS, key=lambda one, price=price: at({**ends, price: one}))
        return at(ends)

    return YearlyCost(at({}), bound("low", min), bound("high", max))


def cost_assumptions(measure: Measure, applied: Applied, assumed: MeasureAssumptions) -> dict[str, SourcedAssumption]:
    """What the cost of a measure hangs on, by name: those of all measures and its own (prices as prices.PRODUCT)."""
    cost = measure.file.cost or Cost()
    found: dict[str, SourcedAssumption] = {}
    if applied.held or cost.capex_eur is not None:
        found[DISCOUNT_RATE] = assumed.discount_rate
    if applied.held:
        found[STORAGE] = assumed.storage_share
    for name in ("premium_share", PRICE_REDUCTION, "capex_eur", "opex_eur_per_year"):
        own = getattr(cost, name)
        if own is not None:
            found[name] = own
    prices = {**assumed.prices, **cost.prices}
    return found | {f"{PRICES}{product}": prices[product] for product in sorted(_priced(cost, applied) & set(prices))}


def _priced(cost: Cost, applied: Applied) -> set[str]:
    """Products whose price the cost needs: what is held, and what moves at a premium or is bought at a reduction."""
    moved = applied.moved if cost.premium_share is not None else ()
    together = applied.together if cost.price_reduction_share is not None else ()
    return {item.product for item in (*applied.held, *moved, *together)}


def cost_at(
    measure: Measure,
    applied: Applied,
    worth: Mapping[str, float],
    assumed: MeasureAssumptions,
    ends: Mapping[str, End],
) -> float:
    """EUR a year with assumptions at an end of their range, the central value where none is named."""
    cost = measure.file.cost or Cost()
    number = {
        name: float(getattr(one, ends.get(name, "value")))
        for name, one in cost_assumptions(measure, applied, assumed).items()
    }
    own = {name.removeprefix(PRICES): value for name, value in number.items() if name.startswith(PRICES)}
    prices = {**worth, **own}
    rate = number.get(DISCOUNT_RATE, 0.0)
    total = number.get("opex_eur_per_year", 0.0)
    if applied.held:
        total += (rate + number[STORAGE]) * _worth_of(applied.held, prices)
    if "premium_share" in number:
        total += number["premium_share"] * _worth_of(applied.moved, prices)
    if PRICE_REDUCTION in number:
        total -= number[PRICE_REDUCTION] * _worth_of(applied.together, prices)
    if cost.lifetime_years is not None:
        total += annuity(number["capex_eur"], rate, cost.lifetime_years)
    return total


def _worth_of(items: Sequence[Quantity], prices: Mapping[str, float]) -> float:
    return sum(item.quantity * prices[item.product] for item in items)
