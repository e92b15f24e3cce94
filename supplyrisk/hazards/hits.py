"""Which products an event hits: the chance of each product of a country, given an event there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import betaln

from supplyrisk.hazards.events import PHYSICAL, EventSet, Share

Array = NDArray[np.float64]

GROUPS = {"export_restriction": ("export_restriction",), "policy": ("policy", "sanction"), "physical": PHYSICAL}
"""Classes that choose what they hit alike."""
GROUP_OF = {hazard: group for group, classes in GROUPS.items() for hazard in classes}
_TERMS = ("constant", "log_share", "refined")
_WEAKEST, _STRONGEST = 0.5, 500.0


@dataclass(frozen=True)
class HitChances:
    """Chances of products to be hit.

    ``coefficients``: group, name, value, standard_error, sample (event × product cells). ``strength``: how many
    events the regression is worth against a country's own record, by group. ``hit`` and ``events``: that record.
    """

    coefficients: pl.DataFrame
    strength: Mapping[str, float]
    hit: Mapping[tuple[str, str, str], int]
    events: Mapping[tuple[str, str], int]

    @cached_property
    def _values(self) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = {}
        for group, name, value in self.coefficients.select("group", "name", "value").iter_rows():
            found.setdefault(group, {})[name] = value
        return found

    def chance(self, hazard: str, country: str, products: Sequence[str], share: Array, refined: Array) -> Array:
        """Chance that an event of a class hits each of a country's products: (hits + r·m)/(events + r), m regressed."""
        group = GROUP_OF[hazard]
        of = self._values[group]
        mean = _logistic(of["constant"] + of["log_share"] * np.log(share) + of["refined"] * refined)
        own = np.array([self.hit.get((group, country, product), 0) for product in products])
        strength = self.strength[group]
        return np.asarray((own + strength * mean) / (self.events.get((group, country), 0) + strength))


def fit_hits(found: EventSet, made: Mapping[str, Sequence[str]], stages: Mapping[str, str], share: Share) -> HitChances:
    """One logistic regression a group: every event against every product its country makes.

    logit P(hit) = constant + slope·log(share of world output) + refined. An event that hits several materials at once
    (a package of export controls) is one event with several hits. Products of a country differ around it by a beta
    distribution whose strength r is fitted by maximum likelihood (beta-binomial). A term on which all cells agree has
    coefficient 0. ``made``: products of each country.
    """
    import statsmodels.api as sm

    hit = set(found.hits.iter_rows())
    rows: list[tuple[str, str, float, float, int]] = []
    strength: dict[str, float] = {}
    record: dict[tuple[str, str, str], int] = {}
    number: dict[tuple[str, str], int] = {}
    for group, classes in GROUPS.items():
        own = found.events.filter(pl.col("hazard").is_in(classes)).select("event_no", "country")
        cells = [
            (country, product, float((event, product) in hit))
            for event, country in own.iter_rows()
            if any((event, product) in hit for product in made.get(country, ()))
            for product in made[country]
        ]
        terms = np.array(
            [(1.0, np.log(share(product, c)), float(stages[product] != "extraction")) for c, product, _ in cells]
        )
        observed = np.array([cell[2] for cell in cells])
        told = np.array([True, *(np.ptp(terms[:, 1:], axis=0) > 0.0)])
        fitted = sm.GLM(observed, terms[:, told], family=sm.families.Binomial()).fit()
        values, errors = np.zeros(len(_TERMS)), np.zeros(len(_TERMS))
        values[told], errors[told] = fitted.params, fitted.bse
        rows += [
            (group, name, float(value), float(error), len(cells))
            for name, value, error in zip(_TERMS, values, errors, strict=True)
        ]
        mean: dict[tuple[str, str], float] = {}
        for (country, product, was_hit), expected in zip(cells, fitted.predict(terms[:, told]), strict=True):
            record[group, country, product] = record.get((group, country, product), 0) + int(was_hit)
            mean[country, product] = float(expected)
        for country in {country for country, _, _ in cells}:
            first = made[country][0]
            number[group, country] = sum(1 for c, product, _ in cells if (c, product) == (country, first))
        strength[group] = _strength(
            np.array([record[group, *key] for key in mean]),
            np.array([number[group, country] for country, _ in mean]),
            np.array(list(mean.values())),
        )
    schema = ["group", "name", "value", "standard_error", "sample"]
    return HitChances(pl.DataFrame(rows, schema=schema, orient="row"), strength, record, number)


def _strength(hit: Array, events: Array, mean: Array) -> float:
    """R of the beta-binomial by maximum likelihood, the means being given."""

    def loss(log_strength: float) -> float:
        a, b = np.exp(log_strength) * mean, np.exp(log_strength) * (1.0 - mean)
        return -float((betaln(hit + a, events - hit + b) - betaln(a, b)).sum())

    bounds = (np.log(_WEAKEST), np.log(_STRONGEST))
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded").x))


def _logistic(score: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-score)))
