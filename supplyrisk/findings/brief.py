"""Findings of a policy brief: its message, why now, what a scenario would cost, and what the measures change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from supplyrisk.findings.exposure import Exposure, Share
from supplyrisk.findings.finding import Finding, confidence_of, score_key
from supplyrisk.scores.trend import FALLING, RISING, ROBUST_90, TREND

TOPIC = "brief"
SHOWN_DAYS = 0.5
"""Days of use from which a loss, or a change of one, is told."""

_RESTRICTIONS = ("ban", "quota", "licence", "tax")
_TOLD_RESTRICTIONS = 3
_BESIDE_THE_GOODS = ("market_collapse", "logistics")
"""Classes of events that take no supply of the goods themselves away."""

_MONTHS = 24


@dataclass(frozen=True)
class Loss:
    """Days of normal use of a product that a region loses in a scenario, and the first short month.

    ``low`` and ``high``: with the one assumption that moves it most at the ends of its range; None where that was
    worked out for another product.
    """

    region: str
    product_id: str
    use: str
    days: float
    first_month: int
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Hardest:
    """The ready scenario that hits the topic hardest, of ``touching`` that touch it; ``losses`` by region.

    ``others``: further scenarios with a loss in the leading region, most first, with its days and product.
    """

    scenario_id: str
    touching: int
    losses: Mapping[str, Loss] = field(default_factory=dict)
    others: tuple[tuple[str, float, str], ...] = ()


@dataclass(frozen=True)
class Effect:
    """What a measure does: EUR a year of expected loss avoided with its range, and the days lost in the scenario.

    All by region; ``days``: with the measure in place, for the product of ``Hardest.losses``; ``names``: products of
    the topic that the measure is about.
    """

    measure_id: str
    lead_months: int
    names: tuple[str, ...]
    avoided: Mapping[str, tuple[float, float, float]]
    days: Mapping[str, float]


def message_findings(found: Sequence[Exposure], region: str, line: float) -> Iterator[Finding]:
    """Where dependence on one country outside the EU is strongest, and at how many products it passes ``line``."""
    best = max(
        ((one, share) for one in found for share in _shares(one, region)),
        key=lambda pair: (pair[1].value, pair[1].end is None, -pair[0].tier, pair[0].product_id),
        default=None,
    )
    if best is None:
        yield from _of_the_world(found, region)
        return
    one, share = best
    numbers = {
        "region": region, "product": one.product_id, "country": share.country, "share": share.value, "low": share.low,
        "high": share.high, "end": share.end,
    }  # fmt: skip
    message = "weakest_direct" if share.end is None else "weakest_behind"
    yield Finding(TOPIC, message, numbers, (share.key,), confidence_of([share.quality]))
    known = [share for one in found if (share := one.strongest(region)) is not None]
    above = [share for share in known if share.value >= line]
    if len(known) > 1:
        numbers = {
            "region": region, "line": line, "count": len(above), "total": len(known),
            "surely": sum(share.low >= line for share in known), "possibly": sum(share.high >= line for share in known),
        }  # fmt: skip
        keys = tuple(share.key for share in above)
        yield Finding(TOPIC, "above_line", numbers, keys, confidence_of([share.quality for share in known]))


def _shares(one: Exposure, region: str) -> Iterator[Share]:
    for listed in (one.direct, one.behind):
        if region in listed:
            yield listed[region]


def _of_the_world(found: Sequence[Exposure], region: str) -> Iterator[Finding]:
    """Without a figure on the region: who makes most in the world, and that no more can be said."""
    made = [(one, one.maker) for one in found if one.maker is not None]
    best = max(made, key=lambda pair: (pair[1].value, pair[0].product_id), default=None)
    if best is None:
        yield Finding(TOPIC, "weakest_unknown", {"region": region}, (), "high")
        return
    one, maker = best
    numbers = {
        "region": region, "product": one.product_id, "country": maker.country, "share": maker.value, "low": maker.low,
        "high": maker.high, "reason": one.untold.get(region, "no_supply_known"),
    }  # fmt: skip
    yield Finding(TOPIC, "weakest_world", numbers, (maker.key,), confidence_of([maker.quality]))


def status_finding(materials: pl.DataFrame, about: Sequence[str]) -> Finding | None:
    """How many of the materials are strategic and critical by Regulation (EU) 2024/1252; None without materials."""
    rows = materials.filter(pl.col("material_id").is_in(list(about)))
    if rows.is_empty():
        return None
    numbers = {"total": rows.height, "strategic": rows["strategic_2024"].sum(), "critical": rows["critical_2024"].sum()}
    kind = "strategic" if numbers["strategic"] else "critical" if numbers["critical"] else "neither"
    message = f"status_{kind}" if rows.height == 1 else "status_several"
    return Finding(TOPIC, message, numbers, (), "high")


def restriction_findings(
    table: pl.DataFrame, products: Sequence[str], materials: frozenset[str], makers: Sequence[str], day: date
) -> Iterator[Finding]:
    """Export restrictions on the goods that hold for all buyers: in force on the day, or suspended with an end.

    Those of countries that are the largest maker of a product come first, then the newest. Each kind of a country is
    one finding, with its goods, the first and the last start, and the rows it comes from. Taxes and quotas count,
    royalties do not.
    """
    today = day.isoformat()
    own = [
        row
        for row in table.filter(
            (pl.col("subject") == "goods")
            & (pl.col("reach") == "all")
            & pl.col("target_iso3").is_null()
            & pl.col("measure").is_in(_RESTRICTIONS)
            & pl.col("status").is_in(["in_force", "suspended"])
        ).iter_rows(named=True)
        if _is_about(row, products, materials) and (row["start"] or "") <= today <= (row["end"] or today)
    ]
    groups: dict[tuple[str, str, str | None], list[Mapping[str, Any]]] = {}
    for row in own:
        paused = (row["suspended_from"] or "9") <= today <= (row["suspended_until"] or "0")
        until = str(row["suspended_until"]) if paused else None
        groups.setdefault((row["iso3"], row["measure"], until), []).append(row)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0], item[0][1], item[0][2] or ""))
    ordered.sort(key=lambda item: max(row["start"] for row in item[1]), reverse=True)
    ordered.sort(key=lambda item: item[0][0] not in makers)
    for (country, measure, until), rows in ordered[:_TOLD_RESTRICTIONS]:
        starts = sorted(row["start"] for row in rows)
        goods = sorted({name for row in rows for name in _goods(row)})
        numbers = {"country": country, "measure": measure, "goods": goods, "first": starts[0], "last": starts[-1]}
        message = "restriction" if until is None else "restriction_suspended"
        if starts[0] != starts[-1]:
            message += "_several"
        keys = tuple(sorted(row["row_id"] for row in rows))
        confidence = confidence_of([row["quality"] for row in rows])
        yield Finding(TOPIC, message, numbers | {"until": until}, keys, confidence)
    if len(ordered) > _TOLD_RESTRICTIONS:
        yield Finding(TOPIC, "restriction_more", {"count": len(ordered) - _TOLD_RESTRICTIONS}, (), "high")
    if not ordered:
        yield Finding(TOPIC, "restriction_none", {"day": today}, (), "medium")


def _is_about(row: Mapping[str, Any], products: Sequence[str], materials: frozenset[str]) -> bool:
    named = {product for product in (row["product_ids"] or "").split(";") if product}
    return bool(named & set(products)) if named else row["material_id"] in materials


def _goods(row: Mapping[str, Any]) -> list[str]:
    """Products named, else the material."""
    return [product for product in (row["product_ids"] or "").split(";") if product] or [row["material_id"]]


def trend_finding(scores: pl.DataFrame, products: Sequence[str]) -> Finding | None:
    """The product whose concentration surely rises or falls most a year; None where none does."""
    rows = scores.filter(
        (pl.col("metric") == TREND)
        & pl.col("product_id").is_in(list(products))
        & pl.col("interval_kind").is_in([f"{ROBUST_90}{way}" for way in (RISING, FALLING)])
        & pl.col("value").is_not_null()
    ).sort(pl.col("value").abs(), "product_id", descending=[True, False])
    if rows.is_empty():
        return None
    row = rows.row(0, named=True)
    numbers = {
        "product": row["product_id"], "value": row["value"], "low": row["low"], "high": row["high"],
        "year": row["year"],
    }  # fmt: skip
    way = row["interval_kind"].removeprefix(ROBUST_90)
    return Finding(TOPIC, f"trend_{way}", numbers, (score_key(row),), confidence_of([row["quality"]]))


def events_finding(
    events: pl.DataFrame, products: Sequence[str], materials: frozenset[str], day: date
) -> Finding | None:
    """Events of the last 24 months that took supply of these goods away or held it back; None where none did."""
    year, month = divmod(day.year * 12 + day.month - 1 - _MONTHS, 12)
    since = f"{year}-{month + 1:02d}"
    rows = [
        row
        for row in events.filter(
            (pl.col("status") == "realised")
            & (pl.col("subject") == "goods")
            & ~pl.col("hazard").is_in(_BESIDE_THE_GOODS)
            & (pl.col("start") >= since)
        ).iter_rows(named=True)
        if _is_about(row, products, materials)
    ]
    if not rows:
        return None
    countries = pl.Series([row["iso3"] for row in rows]).drop_nulls().value_counts()
    first = countries.sort("count", countries.columns[0], descending=[True, False]).row(0)
    numbers = {"count": len(rows), "months": _MONTHS, "country": first[0], "most": first[1]}
    keys = tuple(sorted(row["row_id"] for row in rows))
    return Finding(TOPIC, "events", numbers, keys, confidence_of([row["quality"] for row in rows]))


def loss_finding(hardest: Hardest | None, region: str) -> Finding:
    """What the hardest scenario takes from the region, or that none does, or that none touches the topic."""
    if hardest is None or not hardest.touching:
        return Finding(TOPIC, "loss_no_scenario", {}, (), "high")
    loss = hardest.losses.get(region)
    if loss is None:
        return Finding(TOPIC, "loss_none", {"count": hardest.touching, "region": region}, (), "medium")
    numbers = {
        "scenario": hardest.scenario_id, "region": region, "product": loss.product_id, "days": loss.days,
        "month": loss.first_month, "low": loss.low, "high": loss.high,
    }  # fmt: skip
    message = "loss" if loss.use == "final" else "loss_other"
    if loss.low is not None and loss.high is not None:
        message += "_range"
        wide = loss.high - loss.low > SHOWN_DAYS * loss.days
    else:
        wide = True
    key = f"whatif/{hardest.scenario_id}/{region}/{loss.product_id}"
    return Finding(TOPIC, message, numbers, (key,), "low" if wide else "medium")


def help_finding(effects: Sequence[Effect], hardest: Hardest | None, region: str) -> Finding:
    """The measure that takes most off the loss in the scenario; without one, how many lower expected losses surely."""
    if not effects:
        return Finding(TOPIC, "help_none_touches", {}, (), "high")
    loss = hardest.losses.get(region) if hardest is not None else None
    if loss is None or hardest is None:
        surely = [one for one in effects if region in one.avoided and one.avoided[region][1] > 0.0]
        numbers: dict[str, Any] = {"count": len(effects), "surely": len(surely), "region": region}
        return Finding(TOPIC, "help_expected", numbers, _measure_keys(surely, region), "low")
    known = [one for one in effects if region in one.days]
    best = min(known, key=lambda one: (one.days[region], one.measure_id), default=None)
    if best is None or loss.days - best.days[region] < SHOWN_DAYS:
        numbers = {"count": len(effects), "region": region}
        return Finding(TOPIC, "help_nothing", numbers, _measure_keys(effects, region), "low")
    numbers = {
        "count": len(effects), "measure": best.measure_id, "before": loss.days, "after": best.days[region],
        "region": region, "product": loss.product_id, "months": best.lead_months,
    }  # fmt: skip
    return Finding(TOPIC, "help_most", numbers, _measure_keys([best], region), "low")


def limits_of_help(effects: Sequence[Effect], hardest: Hardest | None, region: str) -> Iterator[Finding]:
    """What the measures do not do: those without effect in the scenario, those that add to it, and doubtful ones."""
    loss = hardest.losses.get(region) if hardest is not None else None
    if loss is not None:
        change = {one.measure_id: one.days[region] - loss.days for one in effects if region in one.days}
        for message, names in (
            ("help_without_effect", [name for name, days in change.items() if abs(days) < SHOWN_DAYS]),
            ("help_worse", [name for name, days in change.items() if days >= SHOWN_DAYS]),
        ):
            if names:
                keys = tuple(f"measure/{region}/{name}" for name in names)
                yield Finding(TOPIC, message, {"measures": names, "region": region}, keys, "low")
    doubtful = [one for one in effects if region in one.avoided and one.avoided[region][1] <= 0.0]
    if doubtful:
        numbers = {"count": len(doubtful), "total": len(effects), "region": region}
        yield Finding(TOPIC, "help_doubtful", numbers, _measure_keys(doubtful, region), "medium")


def _measure_keys(effects: Sequence[Effect], region: str) -> tuple[str, ...]:
    return tuple(f"measure/{region}/{one.measure_id}" for one in effects)
