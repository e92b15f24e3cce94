"""Export restrictions in force on a day, and the trade parameter they give a country."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from supplyrisk.scores.criticality.assumptions import TradeParameters

MEASURES = ("tax", "licence", "quota", "ban")
INSIDE_THE_EU = 0.8
NO_RESTRICTION = 1.0
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

    def covers(self, materials: Collection[str], product: str) -> bool:
        """Whether it names the product, or, naming none, one of the materials."""
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
        if row["measure"] not in MEASURES or row["subject"] != "goods" or row["status"] in _NEVER_APPLIED:
            continue
        if row["target_iso3"] is not None and row["target_iso3"] not in buyers:
            continue
        if not _holds(row, as_of.isoformat(), seen_until.isoformat()):
            continue
        products = frozenset(row["product_ids"].split(";")) if row["product_ids"] else frozenset()
        certain = row["reach"] == "all" and row["status"] != "unknown"
        found.append(Restriction(row["iso3"], row["measure"], row["material_id"], products, certain, row["row_id"]))
    return found


def _holds(row: Mapping[str, str | None], day: str, seen_until: str) -> bool:
    start = row["start"]
    if start is None or not seen_until < _first(start) <= day:
        return False
    end = row["end"]
    if (end is not None and _last(end) < day) or (end is None and row["status"] == "ended"):
        return False
    suspended, until = row["suspended_from"], row["suspended_until"]
    return suspended is None or not (_first(suspended) <= day and (until is None or day <= _last(until)))


def _first(text: str) -> str:
    return text + "-01-01"[3 * (text.count("-")) :]


def _last(text: str) -> str:
    return text + "-12-31"[3 * (text.count("-")) :]


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
