"""What other countries may do because of a measure, as one more hazard in the draws of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from supplyrisk.disruption.assumptions import End, between
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.shocks import Hit, Integers, ShockTable, with_more_shocks
from supplyrisk.foundation.hashed_draws import hashed_uniforms
from supplyrisk.mitigation.apply import MeasureRetaliation
from supplyrisk.mitigation.purchase_masks import places_mask


def with_retaliation(
    table: ShockTable,
    named: NamedGraph,
    retaliations: Sequence[MeasureRetaliation],
    draws: Integers,
    set_number: int,
    months: int,
    seed: int,
    before: Integers,
    ends: Mapping[str, End | None] = MappingProxyType({}),
) -> ShockTable:
    """The shocks of ``draws`` (their numbers) with retaliation in some of them.

    In each draw it comes at most once, from a month that is uniform over those in which the measure works (not in the
    first ones, ``before`` by draw). ``probability`` p is that of a run in which it works throughout; where it works in
    the last ``months`` − before alone it is 1 − (1 − p)^((months − before)/months), at a constant rate, and nothing
    where it does not work within the run. Probability and part of
    deliveries cut (``probability``, ``share``) are at quantiles of their ranges, drawn for each set of uncertain
    numbers, or at the end that ``ends`` says. All numbers are looked up by (seed, measure and what it answers, draw):
    the other shocks stay what they are.
    """
    for one in retaliations:
        own = one.retaliation
        name = "|".join(("retaliation", one.measure, one.region, *sorted(own.by), *sorted(own.products)))
        buyers = named.places.of_region(one.region)
        links = named.links_of(frozenset(own.products), places_mask(named, own.by), buyers)
        chance, cut = (
            between(number, float(hashed_uniforms(seed, f"{name}|{what}", set_number)))
            if (end := ends.get(what)) is None
            else float(getattr(number, end))
            for what, number in (("probability", own.probability), ("share", own.share))
        )
        works = np.maximum(months - before, 0) / months
        hit = np.flatnonzero(hashed_uniforms(seed, f"{name}|comes", draws) < 1.0 - (1.0 - chance) ** works)
        span = months - before[hit]
        start = before[hit] + np.floor(hashed_uniforms(seed, f"{name}|start", draws[hit]) * span).astype(np.int64)
        if len(links) > 0 and len(hit) > 0:
            table = with_more_shocks(table, hit, Hit.LANE, links, start, own.months, cut)
    return table
