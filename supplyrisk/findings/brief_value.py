"""Findings of a policy brief on European value added: how far the goal is, what it takes, what that does to risk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from supplyrisk.findings.brief import TOPIC
from supplyrisk.findings.brief_measures import surely_lowers, surely_raises
from supplyrisk.findings.finding import Finding
from supplyrisk.foundation.errors import NotKnown
from supplyrisk.mitigation.value_path_tables import ValuePathTables

_SHOWN_DAYS = 0.1
"""Days of use a year from which a change of an expected loss is told."""
_MOST_TOLD = 2


@dataclass(frozen=True)
class PlanEffect:
    """What the way to the goal does to risk in a region: EUR a year of expected loss avoided, with its range.

    ``days``: of products, days of use expected to be lost a year without and with it.
    """

    region: str
    avoided: tuple[float, float, float]
    days: Sequence[tuple[str, float, float]]


def reach_finding(path: ValuePathTables | NotKnown, region: str) -> Finding:
    """What the outlook expects, what further makers can add in time, and what reaching the goal takes."""
    if isinstance(path, NotKnown) or region not in path.answers:
        return Finding(TOPIC, "reach_gap", {"region": region}, (), "high")
    answer, shares = path.answers[region].path, path.cases.filter(pl.col("region") == region)["share"].drop_nulls()
    numbers: dict[str, Any] = {
        "region": region, "year": path.year, "share": answer.share, "target": path.target, "reach": answer.reachable,
        "range": (answer.share, shares.min(), shares.max()),
    }  # fmt: skip
    message = "reach_out" if answer.built is None else "reach_within" if answer.built else "reach_met"
    if answer.built:
        low, high = path.capex_range[region]
        numbers |= {"capex": answer.capex, "low": low, "high": high}
    return Finding(TOPIC, message, numbers, (f"value_path/{region}",), "low")


def cases_finding(path: ValuePathTables, region: str) -> Finding:
    """In how many cases of the outlook the goal is met, can be met in time, and cannot."""
    cases = path.cases.filter(pl.col("region") == region)
    met = cases.filter(pl.col("share") >= path.target).height
    out = cases.filter(pl.col("capex_eur").is_null()).height
    numbers = {"count": cases.height, "met": met, "within": cases.height - met - out, "out": out}
    return Finding(TOPIC, "cases", numbers, (f"value_path/{region}",), "medium")


def time_finding(path: ValuePathTables) -> Finding:
    """How much time is left."""
    return Finding(TOPIC, "time_left", {"months": path.months_left, "year": path.year, "goal": path.target}, (), "high")


def risk_findings(effect: PlanEffect | None) -> Iterator[Finding]:
    """What the plan does to expected losses in euros, and for which products; that there is no plan to run."""
    if effect is None:
        yield Finding(TOPIC, "plan_none", {}, (), "high")
        return
    avoided = effect.avoided
    way = "plan_falls" if surely_lowers(avoided) else "plan_rises" if surely_raises(avoided) else "plan_unsure"
    keys = (f"measure/{effect.region}/value_path",)
    numbers: dict[str, Any] = {"region": effect.region, **dict(zip(("value", "low", "high"), avoided, strict=True))}
    yield Finding(TOPIC, way, numbers, keys, "low")
    changed = sorted(effect.days, key=lambda one: (-abs(one[2] - one[1]), one[0]))
    told = [one for one in changed if abs(one[2] - one[1]) >= _SHOWN_DAYS][:_MOST_TOLD]
    if not told:
        yield Finding(TOPIC, "plan_no_days", {"region": effect.region}, keys, "low")
    for product, before, after in told:
        numbers = {"region": effect.region, "product": product, "before": before, "after": after}
        yield Finding(TOPIC, "plan_days", numbers, keys, "low")
