"""The hazards of a day, fitted together: what the simulation draws from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.foundation.errors import NotKnownError
from supplyrisk.foundation.units import MONTHS_PER_YEAR
from supplyrisk.hazards.contagion import frailty
from supplyrisk.hazards.duration import Durations, fit_durations
from supplyrisk.hazards.events import CLASSES, ON_EXPORTS, EventSet, HitProducts, event_set
from supplyrisk.hazards.hits import GROUPS, HitChances, fit_hits
from supplyrisk.hazards.measures import licence_part
from supplyrisk.hazards.rates import Rates, fit_rates
from supplyrisk.hazards.reporting import Reporting, reporting
from supplyrisk.hazards.severity import FEWEST_EVENTS, Severity, fit_severity

FIRST_YEAR = 2010
LONGEST_YEARS = 3.0
"""The horizon of a draw: what lies beyond it is no part of the yearly loss."""
SMALLEST_SHARE = 0.005
"""A country counts as a maker of a product from this part of world output on."""

YEARLY_CHANCES = {"country": pl.String, "product_id": pl.String, "chance": pl.Float64}

CALIBRATED_ON = "copper_mine"
"""The product whose loss of output is known from yardsticks."""


@dataclass(frozen=True)
class Makers:
    """Who made what: ``shares`` of world output by product and country, ``stages`` of products."""

    shares: Mapping[tuple[str, str], float]
    stages: Mapping[str, str]

    def share(self, product: str, country: str) -> float:
        """Part of world output of a product that a country makes."""
        return self.shares.get((product, country), 0.0)

    @cached_property
    def made(self) -> dict[str, list[str]]:
        """Products of each country."""
        found: dict[str, list[str]] = {}
        for product, country in sorted(self.shares):
            found.setdefault(country, []).append(product)
        return found

    @cached_property
    def size(self) -> dict[str, float]:
        """Output of each country as a sum of world shares over products."""
        return {country: sum(self.shares[product, country] for product in own) for country, own in self.made.items()}


@dataclass(frozen=True)
class Occurrence:
    """What happens where, fitted on the events of a window."""

    events: EventSet
    reporting: Reporting
    rates: Rates
    hits: HitChances
    makers: Makers

    def chances(self, hazard: str, country: str) -> tuple[Sequence[str], NDArray[np.float64]]:
        """Products of a country, and the chance of each to be hit by an event of a class there."""
        return self._chances[hazard, country]

    @cached_property
    def _chances(self) -> dict[tuple[str, str], tuple[Sequence[str], NDArray[np.float64]]]:
        return {(hazard, country): self._of(hazard, country) for hazard in CLASSES for country in self.makers.made}

    def _of(self, hazard: str, country: str) -> tuple[Sequence[str], NDArray[np.float64]]:
        own = self.makers.made[country]
        share = np.array([self.makers.share(product, country) for product in own])
        refined = np.array([float(self.makers.stages[product] != "extraction") for product in own])
        return own, self.hits.chance(hazard, country, own, share, refined)

    def yearly_chances(self) -> pl.DataFrame:
        """Chance of at least one event within a year by country and product_id; columns as in ``YEARLY_CHANCES``.

        1 − exp(−Σ_h rate·P(hit)), hit chances scaled so that an event hits at least one product (as it is drawn).
        """
        rate = {(hazard, country): value for hazard, country, value in self.rates.table.select(
            "hazard", "country", "rate").iter_rows()}  # fmt: skip
        rows = []
        for country in self.makers.made:
            own, _ = self.chances(CLASSES[0], country)
            total = np.zeros(len(own))
            for hazard in CLASSES:
                total += rate[hazard, country] * at_least_one(self.chances(hazard, country)[1])
            rows += [(country, product, 1.0 - float(np.exp(-value))) for product, value in zip(own, total, strict=True)]
        return pl.DataFrame(rows, schema=YEARLY_CHANCES, orient="row").sort("country", "product_id")


@dataclass(frozen=True)
class HazardModel(Occurrence):
    """With how hard and how long.

    ``frailty``: variance of the factor that all measures share; ``licence_part``: see hazards.measures.
    """

    severity: Mapping[str, Severity]
    durations: Durations
    frailty: float
    licence_part: float

    @cached_property
    def calibrated_loss(self) -> float:
        """Part of world output of ``CALIBRATED_ON`` that listed events take away a year."""
        return yearly_loss(self, CALIBRATED_ON)


def yearly_loss(model: HazardModel, product: str) -> float:
    """Part of world output of a product that is lost a year on average, before anything reacts.

    Σ_c share·Σ_h rate·P(hit)·P(biting)·mean severity·mean length in years, over classes that take output away; of each
    event as much as lies in the window of a draw (``LONGEST_YEARS``) that it starts in, as in the simulation.
    """
    severity = model.severity["output"]
    rates = {(h, c): rate for h, c, rate in model.rates.table.select("hazard", "country", "rate").iter_rows()}
    total = 0.0
    for country, own in model.makers.made.items():
        if product not in own:
            continue
        for hazard in CLASSES:
            if hazard not in ON_EXPORTS:
                chance = at_least_one(model.chances(hazard, country)[1])[own.index(product)]
                years = model.durations.mean_months_in_window(hazard, MONTHS_PER_YEAR * LONGEST_YEARS) / MONTHS_PER_YEAR
                share = model.makers.share(product, country)
                total += share * float(severity.mean(share)) * rates[hazard, country] * chance * years
    return total * severity.biting


def at_least_one(chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chance of each to be hit when, where none is by its own chance, one is drawn in proportion to the chances."""
    none = float(np.prod(1.0 - chance))
    return np.asarray(chance + none * chance / chance.sum())


def _check_enough(found: EventSet) -> None:
    """Raise ``NotKnownError`` where the window holds too few events to fit every group of classes."""
    for group, own in GROUPS.items():
        number = found.events.filter(pl.col("hazard").is_in(own)).height
        if number < FEWEST_EVENTS:
            raise NotKnownError(
                f"data/events.csv: events of the group {group} known that started between {found.first_year} and "
                f"{found.last_day}: {number}; {FEWEST_EVENTS} are needed. Choose a later --as-of.",
                "events",
            )


def fit_occurrence(
    table: pl.DataFrame,
    chains: HitProducts,
    in_force: Collection[str],
    makers: Makers,
    last_day: date,
    first_year: int = FIRST_YEAR,
) -> Occurrence:
    """Fit rates and hits on the events that started from ``first_year`` to ``last_day``.

    ``table``: rows of data/events.csv; ``in_force`` as in ``event_set``. Raises ``NotKnownError`` where the
    window holds too little.
    """
    found = event_set(table, chains, makers.share, in_force, first_year, last_day)
    _check_enough(found)
    report = reporting(found)
    return Occurrence(
        events=found,
        reporting=report,
        rates=fit_rates(found, makers.size, report.exposure_years),
        hits=fit_hits(found, makers.made, makers.stages, makers.share),
        makers=makers,
    )


def fit_hazards(what: Occurrence, licences: frozenset[str]) -> HazardModel:
    """The same with severity and durations.

    ``licences``: numbers of events that are licences alone. Raises ``NotKnownError`` where too few events tell a
    loss.
    """
    return HazardModel(
        events=what.events,
        reporting=what.reporting,
        rates=what.rates,
        hits=what.hits,
        makers=what.makers,
        severity=fit_severity(what.events),
        durations=fit_durations(what.events),
        frailty=frailty(what.events, what.reporting),
        licence_part=licence_part(what.events, licences),
    )
