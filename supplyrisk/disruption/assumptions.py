"""What disruption assumes (models/assumptions/disruption.yaml): stocks, idle capacity, switching, shipping."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from supplyrisk.chain.specification import RangedAssumption
from supplyrisk.foundation.model_reader import load_model
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.words import PRODUCT, ROW, AnyNumber, Product, RowId
from supplyrisk.foundation.yaml_reader import read_yaml

Allocation = Literal["proportional", "home_first", "price"]
End = Literal["value", "low", "high"]
Given = TypeVar("Given")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SourcedAssumption(RangedAssumption):
    """A number with its range: the data rows it rests on, or the reason why it is assumed."""

    rows: AnyNumber[RowId] = ()
    reason: str = ""

    @model_validator(mode="after")
    def _rests_on_something(self) -> SourcedAssumption:
        if self.basis != "assumed" and not self.rows:
            raise ValueError(f"basis {self.basis} needs rows, the ids of the data rows it rests on")
        if self.basis == "assumed" and not self.reason:
            raise ValueError("basis assumed needs a reason")
        return self


@dataclass(frozen=True)
class Bounds:
    """Between which values a parameter makes sense."""

    low: float
    high: float

    def violated_by(self, entry: SourcedAssumption) -> str:
        """What is wrong with a range that reaches beyond; empty where nothing is."""
        if self.low <= entry.low and entry.high <= self.high:
            return ""
        beyond = entry.low if entry.low < self.low else entry.high
        return f"{beyond:g} is outside the range {self.low:g} to {self.high:g}"


def within(low: float, high: float) -> AfterValidator:
    """Mark of an assumption whose whole range must lie between two numbers."""
    bounds = Bounds(low, high)

    def check(entry: SourcedAssumption) -> SourcedAssumption:
        if told := bounds.violated_by(entry):
            raise ValueError(told)
        return entry

    return AfterValidator(check)


ShareAssumption = Annotated[SourcedAssumption, within(0.0, 1.0)]


class Parameter(_Strict):
    """One parameter: the value for every product, and that of single products."""

    value: SourcedAssumption
    products: dict[Product, SourcedAssumption] = Field(default_factory=dict)

    def of(self, product: str) -> SourcedAssumption:
        """What holds for a product."""
        return self.products.get(product, self.value)


class RunningMeasures(_Strict):
    """Part of usual deliveries that a measure in force keeps from passing, by its kind."""

    ban: ShareAssumption
    quota: ShareAssumption
    licence: ShareAssumption
    tax: ShareAssumption


class PlannerAssumptions(_Strict):
    """Window of an outage, what the planner may do within it, and how long an outage usually lasts."""

    window_months: Annotated[SourcedAssumption, within(1.0, 60.0)]
    new_lane_share: ShareAssumption
    recover_months: Annotated[SourcedAssumption, within(0.0, 120.0)]


class _Parameters(_Strict):
    allocation: Literal["proportional", "home_first"]
    cover_days: Parameter
    final_cover_days: Parameter
    spare_share: Parameter
    standalone_spare_part: Parameter
    ramp_months: Parameter
    unramp_months: Parameter
    switch_share: Parameter
    lag_months: Parameter
    refill_months: Parameter
    backorder_share: Parameter
    signal_weight: Parameter
    running_measures: RunningMeasures
    planner: PlannerAssumptions


class _File(_Strict):
    disruption: _Parameters


BOUNDS: Mapping[str, Bounds] = {
    "cover_days": Bounds(0.0, 720.0),
    "final_cover_days": Bounds(0.0, 720.0),
    "spare_share": Bounds(0.0, 5.0),
    "standalone_spare_part": Bounds(0.0, 1.0),
    "ramp_months": Bounds(1.0, 120.0),
    "unramp_months": Bounds(1.0, 120.0),
    "switch_share": Bounds(0.0, 1.0),
    "lag_months": Bounds(0.0, 12.0),
    "refill_months": Bounds(1.0, 24.0),
    "backorder_share": Bounds(0.0, 1.0),
    "signal_weight": Bounds(0.0, 1.0),
}
WITH_MEASURES = ("standalone_spare_part",)
"""Parameters of makers that stand in a graph only where a measure put them there."""
PARAMETERS = tuple(name for name in BOUNDS if name not in WITH_MEASURES)
"""Those that move every graph."""


@dataclass(frozen=True)
class DisruptionAssumptions:
    """All parameters; ``ends``: those taken at an end of their range, ``fixed``: those that a run sets.

    ``quantiles``: those taken at a quantile of their range (``between``), for every product.
    ``bids``: what buyers of a country or of EU27 offer as a multiple of what others do, for allocation by price.
    """

    parameters: Mapping[str, Parameter]
    allocation: Allocation
    ends: Mapping[str, End]
    fixed: Mapping[str, float]
    running_measures: RunningMeasures
    planner: PlannerAssumptions
    bids: Mapping[str, float] = field(default_factory=dict)
    quantiles: Mapping[str, float] = field(default_factory=dict)

    def number(self, name: str, product: str = "") -> float:
        """The number that holds for a product."""
        if name in self.fixed:
            return self.fixed[name]
        found = self.parameters[name].of(product)
        if name in self.quantiles:
            return between(found, self.quantiles[name])
        return float(getattr(found, self.ends.get(name, "value")))

    def at(self, name: str, end: End) -> DisruptionAssumptions:
        """The same with one parameter at an end of its range, for every product."""
        return replace(self, ends={**self.ends, name: end})

    def at_quantiles(self, quantiles: Mapping[str, float]) -> DisruptionAssumptions:
        """The same with parameters at quantiles of their ranges, for every product."""
        return replace(self, quantiles={**self.quantiles, **quantiles})

    def with_fixed(
        self,
        fixed: Mapping[str, float],
        allocation: Allocation | None = None,
        bids: Mapping[str, float] | None = None,
    ) -> DisruptionAssumptions:
        """The same with some parameters set to one number for every product."""
        return replace(
            self, allocation=allocation or self.allocation, fixed={**self.fixed, **fixed}, bids=bids or self.bids
        )


def between(assumed: RangedAssumption, quantile: float) -> float:
    """The number at a quantile of its range: straight from low to value below the middle, and on to high above it."""
    low, value, high = assumed.low, assumed.value, assumed.high
    return low + 2.0 * quantile * (value - low) if quantile < 0.5 else value + (2.0 * quantile - 1.0) * (high - value)


def at_ends(numbers: Iterable[str], given: Callable[[Mapping[str, End]], Given]) -> dict[str, tuple[Given, Given]]:
    """By number: what is given with it alone at the low and at the high end of its range."""
    return {number: (given({number: "low"}), given({number: "high"})) for number in numbers}


def read_disruption_assumptions(
    path: Path, products: Collection[str], row_ids: Collection[str]
) -> DisruptionAssumptions:
    """The assumptions. Raises ``InputError`` with every problem: file, line, what, range or nearest word.

    ``products`` and ``row_ids``: what the file may name.
    """
    collector = ProblemCollector()
    found = load_model(path, _File, collector, {PRODUCT: products, ROW: row_ids})
    if found is not None:
        _check_numbers(path, found.disruption, collector)
    collector.raise_if_any("The assumptions of disruption cannot be used")
    assert found is not None
    parameters = found.disruption
    return DisruptionAssumptions(
        {name: getattr(parameters, name) for name in BOUNDS},
        parameters.allocation,
        ends={},
        fixed={},
        running_measures=parameters.running_measures,
        planner=parameters.planner,
    )


def _check_numbers(path: Path, parameters: _Parameters, collector: ProblemCollector) -> None:
    document = read_yaml(path)
    for name, bounds in BOUNDS.items():
        parameter: Parameter = getattr(parameters, name)
        entries = {("value",): parameter.value} | {("products", key): part for key, part in parameter.products.items()}
        for keys, entry in entries.items():
            if told := bounds.violated_by(entry):
                collector.add(file=path.name, where=document.where(("disruption", name, *keys)), message=told)
