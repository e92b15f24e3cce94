"""Export restrictions in force that the base year did not know yet, as shocks from the first month on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from supplyrisk.disruption.assumptions import RunningMeasures
from supplyrisk.disruption.from_scenario import NamedShock, touched
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.shocks import Hit, Shock
from supplyrisk.foundation.units import MONTHS_PER_YEAR
from supplyrisk.network.places import WORLD
from supplyrisk.scores.criticality.restrictions import NOT_SURE, first_day, last_day, state_on

_SAME = ("iso3", "good_id", "measure", "subject", "target_iso3", "reach")
_TONNES_A_YEAR = "t/y"


@dataclass(frozen=True)
class Running:
    """Measures as shocks, and ids of those in force that touch nothing in the network."""

    shocks: tuple[NamedShock, ...]
    without_lane: tuple[str, ...]


def running_measures(
    named: NamedGraph,
    restrictions: pl.DataFrame,
    products_of: Mapping[str, Collection[str]],
    cuts: RunningMeasures,
    base_year: int,
    as_of: date,
    months: int,
) -> Running:
    """Measures on goods as of ``acting_measures`` as shocks from the first month on: the change since ``base_year``.

    ``restrictions``: rows of data/export_restrictions.csv; ``products_of``: products of a material, for measures that
    name a material and no product. A quota of tonnes a year cuts exports at rest to it, other kinds by ``cuts``.
    Measures on the same lanes (elements of one product, each under its own licence) count once, with the largest cut.
    One with an end acts up to the month in which it ends.
    """
    found: dict[tuple[int, ...], NamedShock] = {}
    idle = []
    for row in acting_measures(restrictions, base_year, as_of):
        products = frozenset((row["product_ids"] or "").split(";")) - {""} or frozenset(
            products_of.get(row["material_id"], ())
        )
        target = row["target_iso3"]
        buyers = named.places.of_region(target or WORLD)
        links = named.links_of(products, named.places.of_region(row["iso3"]), buyers)
        if len(links) == 0:
            idle.append(row["measure_id"])
            continue
        share = float(getattr(cuts, row["measure"]).value)
        usual = MONTHS_PER_YEAR * float(named.graph.link_flow[links].sum())
        if _has_tonnes(row):
            share = max(0.0, 1.0 - float(row["quota"]) / usual)
        members = tuple(int(link) for link in links)
        if members not in found or share > found[members].shock.severity:
            shock = Shock(Hit.LANE, members, 0, months_left(row["end"], as_of, months), share)
            found[members] = NamedShock(row["measure_id"], shock, touched(named, Hit.LANE, links))
    return Running(tuple(found.values()), tuple(idle))


def acting_measures(restrictions: pl.DataFrame, base_year: int, as_of: date) -> list[dict[str, Any]]:
    """Rows of measures on goods that are in force on ``as_of`` by their dates and started after ``base_year``.

    Where one ends and another of the same country, good and kind, known by then, follows it without a gap, the latter
    stands in its place: it holds for most of the time looked at. What only renews a measure of the base year is no
    change, but for a quota of tonnes, which may be another one. Measures of which it is not known whether they are in
    force are left out.
    """
    goods = (pl.col("subject") == "goods") & (pl.col("status") != NOT_SURE) & pl.col("start").is_not_null()
    kinds = pl.col("measure").is_in(list(RunningMeasures.model_fields))
    rows = restrictions.filter(goods & kinds).sort("measure_id").to_dicts()
    found = {}
    for row in rows:
        if state_on(row, as_of) == "in_force":
            last = _followed_by(row, rows) or row
            began = last if _has_tonnes(last) else _first_of(row, rows)
            if first_day(began["start"]) > f"{base_year}-12-31":
                found[last["measure_id"]] = last
    return list(found.values())


def _has_tonnes(row: Mapping[str, Any]) -> bool:
    return row["quota"] is not None and row["quota_unit"] == _TONNES_A_YEAR


def _first_of(row: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The measure that a row renews, or the first of several that each renew the one before; else the row itself."""
    while (before := _followed_before(row, rows)) is not None:
        row = before
    return row


def _followed_before(row: Mapping[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    day_before = (date.fromisoformat(first_day(row["start"])) - timedelta(days=1)).isoformat()
    ended = (other for other in rows if other["end"] is not None and last_day(other["end"]) == day_before)
    return next((other for other in ended if all(other[name] == row[name] for name in _SAME)), None)


def _followed_by(row: Mapping[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The measure of the same kind that starts on the day after a measure ends."""
    if row["end"] is None:
        return None
    next_day = (date.fromisoformat(last_day(row["end"])) + timedelta(days=1)).isoformat()
    for other in rows:
        if first_day(other["start"]) == next_day and all(other[name] == row[name] for name in _SAME):
            return other if state_on(other, date.fromisoformat(next_day)) == "in_force" else None
    return None


def months_left(end: str | None, as_of: date, months: int) -> int:
    """Months from that of ``as_of`` to that in which a measure ends, both counted; ``months`` at most."""
    if end is None:
        return months
    last = date.fromisoformat(last_day(end))
    return min(months, (last.year - as_of.year) * int(MONTHS_PER_YEAR) + last.month - as_of.month + 1)
