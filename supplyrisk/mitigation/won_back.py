"""Measures of recycling turned into the supply that they add."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from supplyrisk.foundation.errors import InputError
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.specification import ChangeSpecification, Recycling, SecondarySupply


def with_won_back(
    measures: Sequence[Measure], more_of: Callable[[Recycling], Mapping[str, float]], bought: Collection[str]
) -> tuple[Measure, ...]:
    """Measures with each change of recycling as secondary supply.

    ``more_of``: part of use won back on top, by product; ``bought``: products that the region buys, as no other metal
    has anyone to go to. Raises ``InputError`` for a measure that wins back nothing more.
    """
    return tuple(_in_full(measure, more_of, bought) for measure in measures)


def _in_full(measure: Measure, more_of: Callable[[Recycling], Mapping[str, float]], bought: Collection[str]) -> Measure:
    changes: list[ChangeSpecification] = []
    for change in measure.file.changes:
        if not isinstance(change, Recycling):
            changes.append(change)
            continue
        shares = {product: share for product, share in more_of(change).items() if share > 0.0 and product in bought}
        if not shares:
            raise InputError(
                f"{measure.measure_id}.yaml: with these numbers no more is won back in {change.year} than is expected "
                "anyway, of what somebody buys. See models/assumptions/recycling.yaml for what is."
            )
        changes.append(SecondarySupply(kind="secondary_supply", region=change.region, shares=shares))
    return replace(measure, file=measure.file.model_copy(update={"changes": tuple(changes)}))
