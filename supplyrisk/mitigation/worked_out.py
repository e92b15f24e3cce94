"""Measures that say what is aimed at turned into changes of supply and use, before they are applied."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from supplyrisk.foundation.errors import InputError, NotKnownError
from supplyrisk.mitigation.demand_paths import PackChange
from supplyrisk.mitigation.read import Measure, check_together
from supplyrisk.mitigation.specification import (
    LEAST_CHANGE,
    MOST_CHANGE,
    ChangeSpecification,
    Demand,
    DemandPath,
    Recycling,
    SecondarySupply,
)

_ASSUMPTIONS: Mapping[str, str] = {"batteries": "recycling.yaml", "magnets": "magnet_recycling.yaml"}
_OF_METALS = "base_metal_scrap.yaml"
MoreWonBack = Callable[[Recycling], Mapping[str, float]]
"""Part of purchases of each product that a measure of recycling, of any goods, wins back on top."""


@dataclass(frozen=True)
class Workings:
    """What it takes to work measures out.

    ``more_won_back``: part of purchases won back on top, by product; ``bought``: products that the region of recycling
    buys, as no other metal has anyone to go to; ``more_used``: packs of which a path of demand asks for more or less;
    ``eu_members``: countries of EU27.
    """

    more_won_back: MoreWonBack
    bought: Collection[str]
    more_used: Callable[[DemandPath], Sequence[PackChange]]
    eu_members: Collection[str]


def worked_out(measures: Sequence[Measure], workings: Workings) -> tuple[Measure, ...]:
    """Measures with each change of recycling as secondary supply, and each path of demand as changes of use.

    Raises ``InputError`` for a measure that changes nothing or wins back more than is bought, and for two that
    contradict each other.
    """
    found = tuple(_in_full(measure, workings) for measure in measures)
    check_together(found, workings.eu_members)
    return found


def _in_full(measure: Measure, workings: Workings) -> Measure:
    changes = tuple(done for change in measure.file.changes for done in _done(measure, change, workings))
    return replace(measure, file=measure.file.model_copy(update={"changes": changes}))


def _done(measure: Measure, change: ChangeSpecification, workings: Workings) -> Iterator[ChangeSpecification]:
    if isinstance(change, Recycling):
        yield _won_back(measure, change, workings)
    elif isinstance(change, DemandPath):
        yield from _used(measure, change, workings)
    else:
        yield change


def _won_back(measure: Measure, change: Recycling, workings: Workings) -> SecondarySupply:
    try:
        more = workings.more_won_back(change)
    except InputError as error:
        told = f"{measure.measure_id}.yaml: {error} Leave the measure out, or choose a later --as-of."
        raise error.retold(told) from error
    gained = {product: share for product, share in more.items() if share > 0.0}
    if not gained:
        raise InputError(
            f"{measure.measure_id}.yaml: with these numbers no more is won back in {change.year} than is expected "
            f"anyway. See models/assumptions/{_ASSUMPTIONS.get(change.goods, _OF_METALS)} for what is."
        )
    shares = {product: share for product, share in gained.items() if product in workings.bought}
    if not shares:
        raise NotKnownError(
            f"{measure.measure_id}.yaml: nobody in {change.region} is known to use {', '.join(sorted(gained))}, "
            "so what is won back has no one to go to. Leave the measure out.",
            "won_back",
        )
    if over := {product: share for product, share in shares.items() if share > 1.0}:
        told = ", ".join(f"{share:.0%} of {product}" for product, share in sorted(over.items()))
        raise InputError(
            f"{measure.measure_id}.yaml: with these numbers {told} that is bought would be won back on top of what is "
            f"expected in {change.year}, more than there is to replace. Choose smaller numbers, or another year; see "
            f"models/assumptions/{_ASSUMPTIONS.get(change.goods, _OF_METALS)} for what is expected."
        )
    return SecondarySupply(kind="secondary_supply", region=change.region, shares=shares)


def _used(measure: Measure, change: DemandPath, workings: Workings) -> Iterator[Demand]:
    try:
        packs = workings.more_used(change)
    except InputError as error:
        raise error.retold(f"{measure.measure_id}.yaml: {error}") from error
    for one in packs:
        if not LEAST_CHANGE <= one.share <= MOST_CHANGE:
            raise InputError(
                f"{measure.measure_id}.yaml: use of {one.pack} would change by {one.share:.0%}; a measure may change "
                f"it by {LEAST_CHANGE:.0%} to {MOST_CHANGE:.0%}. Choose another path or year."
            )
        yield Demand(
            kind="demand",
            region=change.region,
            products=(one.pack,),
            change_share=one.share,
            applications=one.applications,
        )
