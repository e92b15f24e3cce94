"""Changes that cannot both be meant: use up and down, purchases to and away from the same makers, and the like."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.mitigation.specification import (
    ChangeSpecification,
    Demand,
    Diversification,
    EuContentRequirement,
    IntegratedSupply,
    Substitution,
)
from supplyrisk.network.places import EU_REGION

_Moving = EuContentRequirement | Diversification | IntegratedSupply


def tell_contradictions(
    changes: Mapping[str, Sequence[ChangeSpecification]], eu_members: Collection[str], collector: ProblemCollector
) -> None:
    """Tells all changes (by file) that contradict each other in a region, or in the EU and one of its members.

    Use of a product that grows and shrinks (where nothing takes it over); purchases of it that move to a country and
    away from it; European content asked for and purchases moved away from members of the EU; two products that replace
    each other.
    """
    members = frozenset(eu_members)
    everything = [(name, change) for name, own in changes.items() for change in own]
    told = {
        (other_name, text): None
        for (name, one), (other_name, other) in combinations(everything, 2)
        if _overlap(one.region, other.region, members)
        for text in _against(one, other, name, members)
    }
    for file, text in told:
        collector.add(file=file, where="changes", message=text, mend="Leave one of the two out.")


def _overlap(one: str, other: str, members: frozenset[str]) -> bool:
    both = {one, other}
    return len(both) == 1 or (EU_REGION in both and not both.isdisjoint(members))


def _against(one: ChangeSpecification, other: ChangeSpecification, name: str, members: frozenset[str]) -> list[str]:
    """What contradicts in two changes of overlapping regions, told of the second."""
    if isinstance(one, Demand) and isinstance(other, Demand):
        shared = set(one.applications) & set(other.applications)
        same_use = bool(shared) or not one.applications or not other.applications
        replaced = one.replaced_by is not None or other.replaced_by is not None
        if same_use and not replaced and one.change_share * other.change_share < 0.0:
            where = _where(other, one)
            return [
                f"use of {use} in {where} goes the other way in {name}" for use in other.products if use in one.products
            ]
    if (
        isinstance(one, Substitution)
        and isinstance(other, Substitution)
        and (one.from_product, one.to_product) == (other.to_product, other.from_product)
    ):
        where = _where(other, one)
        return [f"{other.from_product} becomes {other.to_product} in {where}, and the other way round in {name}"]
    if isinstance(one, _Moving) and isinstance(other, _Moving):
        to, away = _to_and_away(one, members)
        other_to, other_away = _to_and_away(other, members)
        if both := sorted((to & other_away) | (away & other_to)):
            return [
                f"purchases of {good} in {_where(other, one)} move to and away from {', '.join(both)} with {name}"
                for good in _goods(other)
                if good in _goods(one)
            ]
    return []


def _goods(change: _Moving) -> tuple[str, ...]:
    return tuple(change.quantities_per_year) if isinstance(change, IntegratedSupply) else change.products


def _to_and_away(change: _Moving, members: frozenset[str]) -> tuple[set[str], set[str]]:
    """Countries that purchases move to and away from; the EU with its members."""
    if isinstance(change, IntegratedSupply):
        return {change.place}, set()
    if isinstance(change, EuContentRequirement):
        return {EU_REGION, *members}, set()
    to, away = set(change.to), set(change.away_from)
    return (to | members if EU_REGION in to else to), (away | members if EU_REGION in away else away)


def _where(own: ChangeSpecification, other: ChangeSpecification) -> str:
    return own.region if own.region == other.region else f"{own.region} (and {other.region})"
