"""Export restrictions in force on a day, and the trade parameter they give a country."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from supplyrisk.scores.criticality.assumptions import TradeParameters

MEASURES = ("tax", "licence", "quota", "ban")
INSIDE_THE_EU = 0.8
NO_RESTRICTION = 1.0
NOT_SURE = "unknown"
"""Status of a restriction of which no source says whether it is still applied."""
_NEVER_APPLIED = ("announced", "not_enforced", "lifted")


@dataclass(frozen=True)
class Restriction:
    """One measure on exports of goods to the EU; ``certain``: it binds all exporters and is known to be in force."""

    iso3: str
    measure: str
    material_id: str | None
    product_ids: frozenset[str]
    certain: bool
    row_id: str

    def covers(self, materials: Collection[str], product: str | None) -> bool:
        """Whether it names the product, or, naming none, one of the materials.

        One that names products does not cover a material that no product stands for: magnets are no oxides.
        """
        return product in self.product_ids if self.product_ids else self.material_id in materials


def restrictions_in_force(
    table: pl.DataFrame, as_of: date, seen_until: date, buyers: Collection[str]
) -> list[Restriction]:
    """Measures that began after ``seen_until``, hold on ``as_of`` and bind exports to ``buyers`` (or to everyone).

    Dates given as month or year count from their first and to their last day. Royalties are no limit on exports, and
    controls on technology none on goods; both are left out.
    """
    found = []
    for row in table.sort("row_id").iter_rows(named=True):
        if row["measure"] not in MEASURES or row["subject"] != "goods":
            continue
        if row["target_iso3"] is not None and row["target_iso3"] not in buyers:
            continue
        if state_on(row, as_of) != "in_force" or first_day(row["start"]) <= seen_until.isoformat():
            continue
        products = frozenset(row["product_ids"].split(";")) if row["product_ids"] else frozenset()
        certain = row["reach"] == "all" and row["status"] != NOT_SURE
        found.append(Restriction(row["iso3"], row["measure"], row["material_id"], products, certain, row["row_id"]))
    return found


def state_on(row: Mapping[str, str | None], day: date) -> str | None:
    """What a row of export_restrictions is on a day: ``in_force``, ``suspended`` or, before or after it, None.

    Told by its dates; its status counts only where it has no end, as it is that of the day of collection.
    """
    today, start, end = day.isoformat(), row["start"], row["end"]
    if row["status"] in _NEVER_APPLIED or start is None or first_day(start) > today:
        return None
    if (end is not None and last_day(end) < today) or (end is None and row["status"] == "ended"):
        return None
    suspended, until = row["suspended_from"], row["suspended_until"]
    paused = suspended is not None and first_day(suspended) <= today and (until is None or today <= last_day(until))
    return "suspended" if paused else "in_force"


def first_day(text: str) -> str:
    """First day of a date that is given as year, month or day, as ISO text."""
    return text + "-01-01"[3 * (text.count("-")) :]


def last_day(text: str) -> str:
    """Last day of a date that is given as year, month or day, as ISO text."""
    year, *rest = (int(part) for part in text.split("-"))
    if len(rest) == 2:
        return text
    month = rest[0] if rest else 12
    return date(year, month, monthrange(year, month)[1]).isoformat()


@dataclass(frozen=True)
class TradeParameter:
    """t of one country with its range."""

    low: float
    value: float
    high: float


def trade_parameter_of(
    country: str,
    of_study: float | None,
    members: Collection[str],
    restrictions: Iterable[Restriction],
    assumed: TradeParameters,
) -> TradeParameter:
    """T today: that of the study (0.8 inside the EU and 1 elsewhere where it names none), raised by new measures.

    ``restrictions``: those that cover the good. A measure raises t to the one assumed for its kind if that is higher;
    where it is not certain, in the high end only. Members of the EU cannot restrict exports to it.
    """
    default = INSIDE_THE_EU if country in members else NO_RESTRICTION
    low = value = high = default if of_study is None else of_study
    if country in members:
        return TradeParameter(low, value, high)
    for restriction in restrictions:
        if restriction.iso3 == country:
            range_of = getattr(assumed, restriction.measure)
            high = max(high, range_of.high)
            if restriction.certain:
                low, value = max(low, range_of.low), max(value, range_of.value)
    return TradeParameter(low, value, high)
