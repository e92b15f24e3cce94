"""Metal from goods that come back and from the scrap of their makers, beside what goes into those sold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from supplyrisk.disruption.supply_graph import Floats
from supplyrisk.mitigation.cohorts import outflow_of, weibull_survival


@dataclass(frozen=True)
class GoodsYears:
    """Goods year by year in their unit: rows years, columns kinds, as chemistries of batteries in GWh.

    ``sold`` in the region; ``made`` there of what scrap arises in, as cells.
    """

    years: tuple[int, ...]
    sold: Floats
    made: Floats


@dataclass(frozen=True)
class SecondLife:
    """Of what leaves its first use, the ``share`` used on elsewhere, for ``years`` (scale of a Weibull lifetime)."""

    share: float
    years: float


@dataclass(frozen=True)
class TreatmentLosses:
    """What happens to goods that come back; all but the lifetimes (shape and scale of a Weibull) are shares.

    ``scrap``: of what makers start, so that s/(1 − s) go with those made; ``collected``: of what leaves use for good;
    ``exported``: of collected goods and scrap, lost to the region before anyone there treats them;
    ``kept_by_treatment``: of the rest, before metals are recovered. ``second_life`` has the shape of the first; None
    where all is scrap when its use ends.
    """

    lifetime_shape: float
    lifetime_years: float
    scrap: float
    collected: float
    exported: float
    kept_by_treatment: float
    second_life: SecondLife | None = None


def treatment_losses(
    number: Callable[[str], float],
    lifetime_years: str = "lifetime_years",
    scrap: str = "scrap_share",
    second_life: SecondLife | None = None,
) -> TreatmentLosses:
    """Losses from numbers of assumptions by their names; ``lifetime_years`` and ``scrap``: names of these two there."""
    return TreatmentLosses(
        lifetime_shape=number("lifetime_shape"),
        lifetime_years=number(lifetime_years),
        scrap=number(scrap),
        collected=number("collected_share"),
        exported=number("exported_share"),
        kept_by_treatment=number("kept_by_treatment"),
        second_life=second_life,
    )


@dataclass(frozen=True)
class Arising:
    """Goods year by year in their unit: in scrap of makers, and leaving use for good; rows years, columns kinds."""

    scrap: Floats
    returned: Floats


@dataclass(frozen=True)
class Secondary:
    """Tonnes of one metal a year: in goods sold, in scrap, in what leaves use, and where these two go.

    ``collected``: all scrap and what is collected of what leaves use; of it ``exported`` leaves the region,
    ``over_capacity`` leaves it too as recyclers cannot take it, and ``won_back`` is what the rest gives.
    """

    sold: Floats
    scrap: Floats
    returned: Floats
    collected: Floats
    exported: Floats
    over_capacity: Floats
    won_back: Floats

    @property
    def share(self) -> Floats:
        """Won back over what is in goods sold; above one where more comes back than is sold."""
        return np.divide(self.won_back, self.sold, out=np.full_like(self.sold, np.nan), where=self.sold > 0.0)

    @property
    def lost(self) -> dict[str, Floats]:
        """Tonnes that do not become metal again in the region, by where they are lost; all but ``won_back``."""
        return {
            "collection": self.scrap + self.returned - self.collected,
            "exports": self.exported,
            "capacity": self.over_capacity,
            "treatment": self.collected - self.exported - self.over_capacity - self.won_back,
        }


def arising_of(goods: GoodsYears, losses: TreatmentLosses) -> Arising:
    """Scrap s/(1 − s)·made, and what leaves use by a Weibull lifetime, those with a second life when that ends."""
    survival = weibull_survival(losses.lifetime_shape, losses.lifetime_years, len(goods.years))
    leaving = np.column_stack([outflow_of(column, survival) for column in goods.sold.T])
    if losses.second_life is not None:
        leaving = _leaving_later(leaving, losses.second_life, losses.lifetime_shape)
    return Arising(losses.scrap / (1.0 - losses.scrap) * goods.made, leaving)


def treated_part(arising: Arising, losses: TreatmentLosses, capacity: Floats) -> Floats:
    """Part of what stays in the region that recyclers can take, year by year: min(1, capacity/(collected − exported)).

    ``capacity``: goods a year, in their unit. What is beyond it leaves the region and does not wait for a later year.
    """
    stays = (arising.scrap + losses.collected * arising.returned).sum(axis=1) * (1.0 - losses.exported)
    found: Floats = np.divide(capacity, stays, out=np.ones_like(stays), where=stays > capacity)
    return found


def secondary_supply(
    goods: GoodsYears, content: Floats, recovery: Floats, losses: TreatmentLosses, capacity: Floats | None = None
) -> Secondary:
    """Won back = (scrap + collected·returned)·(1 − exported)·treated·kept by treatment·recovery, in tonnes of a metal.

    ``content``: tonnes per unit by kind; ``recovery``: share by year; ``capacity``: goods that recyclers can take a
    year, in their unit, no limit where it is None: a limit of what stays, as exports are taken first. Scrap is treated
    in the year it arises; goods leave use by a Weibull lifetime, kind by kind, and come back when they leave it for
    good: those with a second life when that ends.
    """
    arising = arising_of(goods, losses)
    treated = np.ones(len(goods.years)) if capacity is None else treated_part(arising, losses, capacity)
    scrap, returned = arising.scrap @ content, arising.returned @ content
    collected = scrap + losses.collected * returned
    stays = collected * (1.0 - losses.exported)
    won_back = stays * treated * losses.kept_by_treatment * recovery
    return Secondary(
        goods.sold @ content, scrap, returned, collected, collected - stays, stays * (1.0 - treated), won_back
    )


def together(parts: Sequence[Secondary]) -> Secondary:
    """One metal in several goods: tonnes added up."""
    return Secondary(*(np.sum([getattr(part, field.name) for part in parts], axis=0) for field in fields(Secondary)))


def _leaving_later(first: Floats, second_life: SecondLife, shape: float) -> Floats:
    """What leaves use for good, kind by kind: without a second life when the first ends, else when the second does."""
    survival = weibull_survival(shape, second_life.years, len(first))
    again = [outflow_of(second_life.share * column, survival) for column in first.T]
    found: Floats = (1.0 - second_life.share) * first + np.column_stack(again)
    return found


def between_years(known: Mapping[int, float], years: tuple[int, ...], growth_before: float) -> Floats:
    """A series through known years: straight lines between them, and ``growth_before`` a year before the first.

    Raises ``ValueError`` for a year after the last known one: nothing is carried on.
    """
    at = sorted(known)
    if years[-1] > at[-1]:
        raise ValueError(f"nothing is known after {at[-1]}")
    level = np.interp(years, at, [known[year] for year in at])
    before = np.minimum(0.0, np.array(years) - at[0])
    found: Floats = level * (1.0 + growth_before) ** before
    return found
