"""One way to the target, with every assumption at its value or at an end of its range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from supplyrisk.disruption.assumptions import End
from supplyrisk.mitigation.chain_products import chain_products
from supplyrisk.mitigation.value_path import BuildOption, ChainProduct, ValuePath, value_path
from supplyrisk.mitigation.value_path_assumptions import ValuePathAssumptions, most_share
from supplyrisk.network.model import Network

ENDS = ("utilisation", "yearly_share", "lead_months", "capex_eur")
"""Assumptions that can stand at an end of their range; those of stages all together."""


@dataclass(frozen=True)
class PathQuestion:
    """A region, a year and a target (a share); ``years_left`` from the as-of day to the middle of that year."""

    region: str
    end_products: tuple[str, ...]
    target: float
    years_left: float
    assumed: ValuePathAssumptions


@dataclass(frozen=True)
class PathAnswer:
    """The way, and the products it starts from."""

    path: ValuePath
    products: tuple[ChainProduct, ...]


@dataclass(frozen=True)
class Ends:
    """Where assumptions stand: ``value`` unless named; ``value_per_unit`` EUR that replace those of single products."""

    at: Mapping[str, End] = field(default_factory=dict)
    value_per_unit: Mapping[str, float] = field(default_factory=dict)

    def of(self, name: str) -> End:
        """Where one of ``ENDS`` stands."""
        return self.at.get(name, "value")


def find_path(
    network: Network, question: PathQuestion, value_per_unit: Mapping[str, float], ends: Ends | None = None
) -> PathAnswer | None:
    """The cheapest way on a network; None where the region uses none of the end products."""
    ends = Ends() if ends is None else ends
    products = chain_products(
        network, question.end_products, question.region, {**value_per_unit, **ends.value_per_unit}
    )
    if not products:
        return None
    assumed = question.assumed
    used: float = getattr(assumed.utilisation, ends.of("utilisation"))
    yearly: float = getattr(assumed.yearly_share, ends.of("yearly_share"))
    options = []
    for item in products:
        if item.product in assumed.stages:
            stage = assumed.stages[item.product]
            capex: float = getattr(stage.capex_eur, ends.of("capex_eur"))
            lead: float = getattr(stage.lead_months, ends.of("lead_months"))
            most = most_share(yearly, lead, question.years_left) * item.total
            options.append(BuildOption(item.product, capex / used, most))
    return PathAnswer(value_path(products, options, question.target), tuple(products))
