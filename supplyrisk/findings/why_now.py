"""Findings on why a topic matters now: its legal status, export restrictions in force, trend, and recent events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from supplyrisk.findings.finding import Finding, confidence_of, score_key
from supplyrisk.scores.criticality.restrictions import MEASURES, NOT_SURE, state_on
from supplyrisk.scores.trend import FALLING, RISING, ROBUST_90, TREND

TOPIC = "why_now"

_TOLD_RESTRICTIONS = 2
_LARGE = 0.05
"""Part of world output from which a country's restriction is told."""
_RAW = "unprocessed"
_BESIDE_THE_GOODS = ("market_collapse", "logistics")
"""Classes of events that take no supply of the goods themselves away."""

_MONTHS = 24


def status_finding(products: pl.DataFrame, materials: pl.DataFrame) -> Finding | None:
    """How many of the products with a material are strategic and critical by Regulation (EU) 2024/1252.

    By their own material, or by that of the EU's assessment: the group "heavy rare earths" is not listed as strategic,
    dysprosium is. None where no product has a material.
    """
    listed = {kind: set(materials.filter(pl.col(f"{kind}_2024"))["material_id"]) for kind in ("strategic", "critical")}
    rows = products.filter(pl.col("material_id").is_not_null()).select("material_id", "ec_material_id").rows()
    if not rows:
        return None
    numbers = {kind: sum(bool(names & set(row)) for row in rows) for kind, names in listed.items()}
    numbers["total"] = len(rows)
    kinds = ("strategic", "critical")
    kind = next((name for name in kinds if numbers[name] == len(rows)), "several")
    message = f"status_{kind}" if any(numbers[name] for name in kinds) else "status_neither"
    return Finding(TOPIC, message, numbers, (), "high")


def large_makers(production: pl.DataFrame, products: Sequence[str]) -> frozenset[str]:
    """Countries that make a twentieth or more of world output of one of the products; ``production`` as in Scores."""
    own = production.filter(pl.col("product_id").is_in(list(products)))
    share = pl.col("value") / pl.col("value").sum().over("product_id")
    return frozenset(own.filter(share >= _LARGE)["iso3"])


def restriction_findings(
    table: pl.DataFrame,
    products: Sequence[str],
    materials: frozenset[str],
    makers: frozenset[str],
    day: date,
) -> Iterator[Finding]:
    """Export restrictions on the goods that hold for all buyers: in force on the day, or suspended with an end.

    Those of ``makers`` are told, the newest first; the rest is counted. Each kind of a country is one finding, with its
    goods, their ``form`` (all, raw, some), the first and the last start, and the rows it comes from. Taxes and quotas
    count, royalties do not.
    """
    today = day.isoformat()
    own = [
        row
        for row in table.filter(
            (pl.col("subject") == "goods")
            & (pl.col("reach") == "all")
            & pl.col("target_iso3").is_null()
            & pl.col("measure").is_in(MEASURES)
        ).iter_rows(named=True)
        if _is_about(row, products, materials) and _told_on(row, day)
    ]
    groups: dict[tuple[str, str, str | None], list[Mapping[str, Any]]] = {}
    for row in own:
        until = row["suspended_until"] if state_on(row, day) == "suspended" else None
        groups.setdefault((row["iso3"], row["measure"], until), []).append(row)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0], item[0][1], item[0][2] or ""))
    ordered.sort(key=lambda item: max(row["start"] for row in item[1]), reverse=True)
    told = [item for item in ordered if item[0][0] in makers][:_TOLD_RESTRICTIONS]
    for (country, measure, until), rows in told:
        starts = sorted(row["start"] for row in rows)
        goods = sorted({name for row in rows for name in _goods(row)})
        numbers = {
            "country": country, "measure": measure, "goods": goods, "form": _form(rows), "first": starts[0],
            "last": starts[-1],
        }  # fmt: skip
        message = "restriction" if until is None else "restriction_suspended"
        if starts[0] != starts[-1]:
            message += "_several"
        keys = tuple(sorted(row["row_id"] for row in rows))
        confidence = confidence_of([row["quality"] for row in rows])
        yield Finding(TOPIC, message, numbers | {"until": until}, keys, confidence)
    rest = len(ordered) - len(told)
    if rest:
        keys = tuple(sorted(row["row_id"] for item in ordered if item not in told for row in item[1]))
        yield Finding(TOPIC, "restriction_more" if told else "restriction_small", {"count": rest}, keys, "medium")
    if not ordered:
        yield Finding(TOPIC, "restriction_none", {"day": today}, (), "medium")


def _told_on(row: Mapping[str, Any], day: date) -> bool:
    if row["status"] == NOT_SURE:
        return False
    state = state_on(row, day)
    return state == "in_force" or (state == "suspended" and row["suspended_until"] is not None)


def _form(rows: Sequence[Mapping[str, Any]]) -> str:
    """Whether the rows hold for all forms of the goods, for raw ones alone, or for some."""
    forms = [row["covers"] for row in rows]
    if not any(forms):
        return "all"
    return "raw" if all(form and form.startswith(_RAW) for form in forms) else "some"


def _is_about(row: Mapping[str, Any], products: Sequence[str], materials: frozenset[str]) -> bool:
    named = {product for product in (row["product_ids"] or "").split(";") if product}
    return bool(named & set(products)) if named else row["material_id"] in materials


def _goods(row: Mapping[str, Any]) -> list[str]:
    """Products named, else the material."""
    return [product for product in (row["product_ids"] or "").split(";") if product] or [row["material_id"]]


def trend_finding(scores: pl.DataFrame, products: Sequence[str]) -> Finding | None:
    """The product whose concentration surely rises or falls most a year, by how much; None where none does."""
    rows = scores.filter(
        (pl.col("metric") == TREND)
        & pl.col("product_id").is_in(list(products))
        & pl.col("interval_kind").is_in([f"{ROBUST_90}{way}" for way in (RISING, FALLING)])
        & pl.col("value").is_not_null()
    ).sort(pl.col("value").abs(), "product_id", descending=[True, False])
    if rows.is_empty():
        return None
    row = rows.row(0, named=True)
    way = row["interval_kind"].removeprefix(ROBUST_90)
    ends = [row[name] for name in ("value", "low", "high")]
    value, low, high = ends if way == RISING else (-ends[0], -ends[2], -ends[1])
    numbers = {"product": row["product_id"], "value": value, "low": low, "high": high, "year": row["year"]}
    return Finding(TOPIC, f"trend_{way}", numbers, (score_key(row),), confidence_of([row["quality"]]))


def events_finding(
    events: pl.DataFrame, products: Sequence[str], materials: frozenset[str], day: date
) -> Finding | None:
    """Events of the last 24 months that took supply of these goods away or held it back; None where none did.

    An event is counted once, whatever the number of its rows: one that hits several materials has a row for each.
    """
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
    place = {row["event_no"]: row["iso3"] for row in rows}
    country, most = min(Counter(place.values()).items(), key=lambda pair: (-pair[1], pair[0]))
    numbers = {"count": len(place), "months": _MONTHS, "country": country, "most": most}
    keys = tuple(sorted(row["row_id"] for row in rows))
    message = "events_one" if len(place) == 1 else "events_there" if most == len(place) else "events"
    return Finding(TOPIC, message, numbers, keys, confidence_of([row["quality"] for row in rows]))
