"""Batteries sold on a path of demand, by year, application and pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from supplyrisk.disruption.assumptions import End

Application = Literal["cars", "trucks", "storage"]
CARS: Application = "cars"
TRUCKS: Application = "trucks"
STORAGE: Application = "storage"
APPLICATIONS: tuple[Application, ...] = (CARS, TRUCKS, STORAGE)
LFP, NMC = "battery_pack_lfp", "battery_pack_nmc"
PACKS = (LFP, NMC)
DEMAND_NUMBERS = (
    "vehicles", "trucks", "storage", "truck_kwh", "trucks_of_eu", "car_lfp_share", "truck_lfp_share",
    "storage_lfp_share",
)  # fmt: skip
"""Names of the numbers with a range; a series at one end of its range is so in all years."""
KWH_PER_GWH = 1e6

_SERIES: Mapping[Application, tuple[str, str]] = {
    CARS: ("vehicles", "car_lfp_share"),
    TRUCKS: ("trucks", "truck_lfp_share"),
    STORAGE: ("storage", "storage_lfp_share"),
}


@dataclass(frozen=True)
class Figure:
    """A number with its range, whether it is observed, derived or assumed, and the data rows it rests on."""

    value: float
    low: float
    high: float
    basis: str
    rows: tuple[str, ...] = ()

    def at(self, end: End) -> float:
        """The number at an end of its range."""
        return float(getattr(self, end))


Known = Mapping[int, Figure]


@dataclass(frozen=True)
class RegionDemand:
    """A path in a region: GWh in all vehicles, trucks sold in the EU, GWh in storage, and LFP in each, by known year.

    Empty where there is no figure, or none was asked for. ``inside``: battery-electric trucks sold in the EU and GWh in
    all vehicles there in the base year, whose part is in ``vehicles``; ``trucks_of_eu``: trucks of the region for each
    one in the EU.
    """

    vehicles: Known
    trucks: Known
    storage: Known
    car_lfp_share: Known
    truck_lfp_share: Known
    storage_lfp_share: Known
    truck_kwh: Figure
    trucks_of_eu: Figure
    inside: tuple[Figure, Figure]

    def _known(self, application: Application) -> tuple[Known, Known]:
        quantity, mix = _SERIES[application]
        return getattr(self, quantity), getattr(self, mix)

    def first_year(self, application: Application) -> int | None:
        """First year that is known of an application; None where there is no figure of it."""
        series = self._known(application)
        return max(min(one) for one in series) if all(series) else None

    def last_year(self, application: Application) -> int | None:
        """Last year that is known of an application; None where there is no figure of it."""
        series = self._known(application)
        return min(max(one) for one in series) if all(series) else None

    def gwh(self, application: Application, year: int, at: Mapping[str, End]) -> dict[str, float] | None:
        """GWh of each pack; None before the first known year and after the last.

        Cars: vehicles × (1 − trucks inside × kWh / vehicles of the base year); trucks: number × kWh.
        ``at``: numbers at an end of their range.
        """
        quantity_name, mix_name = _SERIES[application]
        series, mixes = self._known(application)
        quantity = between(series, year, at.get(quantity_name, "value"))
        lfp = between(mixes, year, at.get(mix_name, "value"))
        if quantity is None or lfp is None:
            return None
        kwh = self.truck_kwh.at(at.get("truck_kwh", "value"))
        if application == CARS:
            trucks, vehicles = self.inside
            quantity *= 1.0 - trucks.value * kwh / KWH_PER_GWH / vehicles.value
        elif application == TRUCKS:
            quantity *= self.trucks_of_eu.at(at.get("trucks_of_eu", "value")) * kwh / KWH_PER_GWH
        return {LFP: quantity * lfp, NMC: quantity * (1.0 - lfp)}

    def whole(self, year: int, at: Mapping[str, End]) -> dict[str, float] | None:
        """GWh of each pack in all applications that have a figure; None where one of them has none for the year."""
        found = [self.gwh(name, year, at) for name in APPLICATIONS if self.last_year(name) is not None]
        if any(one is None for one in found):
            return None
        return {pack: sum(one[pack] for one in found if one is not None) for pack in PACKS}

    def behind(self, application: Application, year: int) -> Iterator[Figure]:
        """The figures that the packs of an application and year come from."""
        for series in self._known(application):
            yield from (series[known] for known in sorted({_near(series, year, -1), _near(series, year, 1)}))
        if application == CARS:
            yield from (self.truck_kwh, *self.inside)
        elif application == TRUCKS:
            yield from (self.truck_kwh, self.trucks_of_eu)

    def is_between(self, application: Application, year: int) -> bool:
        """Whether the quantity of an application is read between two known years."""
        return year not in self._known(application)[0]


def between(series: Known, year: int, end: End) -> float | None:
    """A series at a year: straight between known years, None outside of them."""
    years = sorted(series)
    if not years or not years[0] <= year <= years[-1]:
        return None
    return float(np.interp(year, years, [series[known].at(end) for known in years]))


def span(values: list[float]) -> tuple[float, float]:
    """Smallest and largest of some numbers."""
    return min(values), max(values)


def one_at_an_end() -> tuple[dict[str, End], ...]:
    """What to set so that one number after the other is at the low and at the high end of its range."""
    ends: tuple[End, End] = ("low", "high")
    return tuple({number: end} for number in DEMAND_NUMBERS for end in ends)


@dataclass(frozen=True)
class PackChange:
    """How much more of a pack is used (as a part of all its use), and the applications it comes from."""

    pack: str
    share: float
    applications: tuple[Application, ...]


def changes_of(path: RegionDemand, central: RegionDemand, year: int) -> tuple[PackChange, ...]:
    """Use of each pack on a path over its use on the central path − 1.

    Packs whose use is the same are left out. Raises ``ValueError`` for a year that is not known of both.
    """
    then, usual = path.whole(year, {}), central.whole(year, {})
    if then is None or usual is None:
        raise ValueError(f"{year} is not known of both")
    moved: dict[str, list[Application]] = {pack: [] for pack in PACKS}
    for application in APPLICATIONS:
        own, other = path.gwh(application, year, {}), central.gwh(application, year, {})
        for pack in PACKS:
            if own is not None and other is not None and own[pack] != other[pack]:
                moved[pack].append(application)
    return tuple(PackChange(pack, then[pack] / usual[pack] - 1.0, tuple(moved[pack])) for pack in PACKS if moved[pack])


def _near(series: Known, year: int, side: int) -> int:
    """The nearest known year on a side: before or at the year, after or at it."""
    return max(y for y in series if y <= year) if side < 0 else min(y for y in series if y >= year)
