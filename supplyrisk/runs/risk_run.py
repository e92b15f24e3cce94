"""The simulation of risk of a project: hazards of its events, its network, and everything that is told of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import monotonic

import numpy as np
import polars as pl

from supplyrisk.disruption.assumptions import PARAMETERS, WITH_MEASURES
from supplyrisk.disruption.engine import final_slots
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.parametrise import with_assumptions
from supplyrisk.disruption.running_measures import running_measures
from supplyrisk.disruption.supply_graph import Floats
from supplyrisk.disruption.value import unit_values
from supplyrisk.hazards.events import SET_APART
from supplyrisk.hazards.model import HazardModel
from supplyrisk.network.places import WORLD
from supplyrisk.risk.assumptions import RiskAssumptions, read_risk_assumptions
from supplyrisk.risk.causes import causes_of, exact_parts, groups_of_causes, places_of_loss
from supplyrisk.risk.draw_shocks import HazardDraw
from supplyrisk.risk.drivers import drivers
from supplyrisk.risk.metrics import product_risk, value_risk, yearly_values
from supplyrisk.risk.price_signal import price_signals
from supplyrisk.risk.simulate import (
    BATCH,
    Group,
    OuterSet,
    Simulated,
    Watched,
    groups_of,
    simulate_risk,
    watched_groups,
)
from supplyrisk.risk.targets import HitMap, InForce, hit_map
from supplyrisk.risk.uncertain import Numbers, drawn_numbers, hazard_at
from supplyrisk.runs.disruption_run import DisruptionModel
from supplyrisk.runs.network_inputs import BASE_YEAR
from supplyrisk.runs.network_run import latest_values
from supplyrisk.runs.opening import Progress

SUPPLY_LOSS = {"product_id": pl.String, "lost_share_per_year": pl.Float64}

Share = Callable[[float], None]


@dataclass(frozen=True)
class RiskModel:
    """Everything the simulation needs; ``running``: measures in force on the as-of day act in every draw."""

    model: DisruptionModel
    hazards: HazardModel
    assumptions: RiskAssumptions
    seed: int
    running: bool = False

    @property
    def named(self) -> NamedGraph:
        """The graph that events fall on."""
        return self.model.base

    @cached_property
    def where(self) -> HitMap:
        """What events can hit, and the measures in force if they act."""
        return hit_map(self.named, self.hazards, self._in_force() if self.running else ())

    def _in_force(self) -> tuple[InForce, ...]:
        """Measures in force on the as-of day that started after the base year, as their change since then."""
        restrictions = self.model.package.table("export_restrictions")
        country = dict(restrictions.select("measure_id", "iso3").iter_rows())
        found = running_measures(
            self.named,
            restrictions,
            self.model.products_of,
            self.model.assumptions.running_measures,
            BASE_YEAR,
            self.model.package.as_of,
            self.assumptions.horizon_months,
        )
        return tuple(
            InForce(country[named.name], tuple(sorted(named.hit_per_month)), named.shock) for named in found.shocks
        )

    @cached_property
    def groups(self) -> list[Group]:
        """Final use that is watched."""
        named = self.named
        return groups_of(named, self.model.regions(named), final_slots(named.graph))

    @cached_property
    def worth(self) -> dict[str, float]:
        """EUR per unit of product."""
        values = latest_values(self.model.package.frames["value_added"])
        return unit_values(self.model.chain, dict(values.select("product_id", "value").iter_rows()))

    @cached_property
    def yearly(self) -> dict[str, Floats]:
        """EUR a year of the use of each group, by region."""
        return yearly_values(self.groups, self.worth)

    @cached_property
    def watched(self) -> Watched:
        """Groups, what their losses are attributed by, and what they are worth."""
        weights = np.column_stack([np.zeros((len(self.groups), 0)), *self.yearly.values()])
        return watched_groups(self.named, self.where, self.groups, self.assumptions.outbid_weight.value, weights)

    def numbers(self, sets: int) -> list[Numbers]:
        """Sets of uncertain numbers of the outer loop; the first ones are the same whatever their number."""
        return [drawn_numbers(self.seed, number, len(self.where.cells)) for number in range(sets)]

    def graph(self, bare: NamedGraph, numbers: Numbers) -> NamedGraph:
        """A graph with the parameters of disruption at their quantiles."""
        quantiles = {name: numbers.of(name) for name in (*PARAMETERS, *WITH_MEASURES)}
        return with_assumptions(bare, self.model.assumptions.at_quantiles(quantiles))

    def hazard(self, numbers: Numbers) -> HazardDraw:
        """Hazards with every uncertain number at its quantile."""
        return hazard_at(
            self.hazards,
            self.where.cells,
            self.assumptions.copper_loss_share,
            self.assumptions.licence_fall_months.value,
            self.model.assumptions.running_measures.licence,
            numbers,
        )

    def outer_set(self, numbers: Numbers) -> OuterSet:
        """Both."""
        return OuterSet(self.graph(self.named, numbers), self.hazard(numbers))

    def simulate(self, draws: int, progress: Share, threads: int = 2, batch: int = BATCH) -> Simulated:
        """Both loops."""
        sets = [self.outer_set(numbers) for numbers in self.numbers(self.assumptions.sets)]
        return self._run(sets, draws, progress, None, threads, batch)

    def at_centre(self, numbers: Numbers, draws: int, causes: frozenset[int] | None = None) -> Simulated:
        """One set of numbers, for drivers and causes."""
        return self._run([self.outer_set(numbers)], draws, lambda part: None, causes, 2, BATCH)

    def _run(
        self,
        sets: list[OuterSet],
        draws: int,
        progress: Share,
        causes: frozenset[int] | None,
        threads: int,
        batch: int,
    ) -> Simulated:
        return simulate_risk(
            sets, self.where, self.watched, draws, self.assumptions, self.seed, threads, batch, progress, causes
        )


@dataclass(frozen=True)
class RiskResult:
    """Tables of one simulation; see risk.metrics, risk.causes, risk.drivers and risk.price_signal.

    ``digest``: hash of all draws. ``supply``: product_id, lost_share_per_year (part of world output that events take
    away a year, before anything reacts).
    """

    draws: int
    months: int
    sets: int
    digest: str
    products: pl.DataFrame
    value: pl.DataFrame
    causes: pl.DataFrame
    places: pl.DataFrame
    supply: pl.DataFrame
    price: pl.DataFrame
    drivers: pl.DataFrame | None
    exact: pl.DataFrame | None


class RiskProgress:
    """Tells how far a step is and how long it will still take, at most every few seconds."""

    def __init__(self, progress: Progress, every_seconds: float = 3.0) -> None:
        self.progress, self.every = progress, every_seconds
        self.step, self.began, self.told = "", 0.0, 0.0

    def __call__(self, step: str, part: float) -> None:
        """Step of a name is at ``part`` of its way."""
        now = monotonic()
        if step != self.step:
            self.step, self.began, self.told = step, now, now
            self.progress(step)
        elif now - self.told >= self.every and 0.0 < part < 1.0:
            self.told = now
            left = (now - self.began) * (1.0 - part) / part
            self.progress(f"{step}: {part:.0%}, about {left:.0f} s left")


def risk_model(model: DisruptionModel, hazards: HazardModel, seed: int, running: bool = False) -> RiskModel:
    """The model of risk of a project. Raises ``InputError`` for assumptions that cannot be used."""
    path: Path = model.project.models / "assumptions" / "risk.yaml"
    return RiskModel(model, hazards, read_risk_assumptions(path, model.rows), seed, running)


def run_risk(
    risk: RiskModel,
    draws: int,
    driver_draws: int,
    exact_draws: int,
    progress: Callable[[str, float], None],
) -> RiskResult:
    """Simulate, and tell what drives it; ``driver_draws`` and ``exact_draws`` of zero leave those parts out."""
    run = risk.simulate(draws, lambda part: progress("simulating", part))
    assumed = risk.assumptions
    driven = exact = None
    if driver_draws:
        driven = drivers(
            lambda numbers: risk.at_centre(numbers, driver_draws),
            risk.seed,
            lambda part: progress("varying assumptions", part),
        )
    if exact_draws:
        progress("separating causes", 0.0)
        groups = groups_of_causes(risk.where.cells, SET_APART)
        exact = exact_parts(lambda causes: risk.at_centre(Numbers({}), exact_draws, causes), groups)
    products = product_risk(run, round(assumed.short_months.value))
    return RiskResult(
        draws=run.of_draws.draws,
        months=assumed.horizon_months,
        sets=assumed.sets,
        digest=run.of_draws.digest,
        products=products,
        value=value_risk(run, risk.yearly),
        causes=causes_of(run, risk.where.cells),
        places=places_of_loss(run, risk.where),
        supply=supply_loss(risk, run),
        price=price_signals(products, risk.model.package.table("parameters"), WORLD),
        drivers=driven,
        exact=exact,
    )


def supply_loss(risk: RiskModel, run: Simulated) -> pl.DataFrame:
    """Part of each product's world output that events take away a year, by the draws; copper within its yardstick."""
    named = risk.named
    lost = np.zeros(len(named.products))
    for (product, country), target in risk.where.targets.output.items():
        nodes = named.nodes_of(frozenset([product]), named.places.of_region(country))
        lost[named.products.index(product)] += run.hit_share[target] * named.graph.node_base[nodes].sum()
    made = np.bincount(named.node_product, named.graph.node_base, len(named.products))
    share = np.divide(lost, made, out=np.zeros_like(lost), where=made > 0.0)
    return pl.DataFrame({"product_id": named.products, "lost_share_per_year": share}, schema=SUPPLY_LOSS).sort(
        "lost_share_per_year", "product_id", descending=[True, False]
    )
