"""Every assumption behind the order of measures per euro, at each end of its range."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

import polars as pl

from supplyrisk.disruption.assumptions import End
from supplyrisk.mitigation.compare import Losses, mean_and_range, yearly_loss
from supplyrisk.mitigation.cost import DISCOUNT_RATE, PRICES, STORAGE, MeasureAssumptions, cost_assumptions, cost_at
from supplyrisk.mitigation.in_place import InPlace
from supplyrisk.mitigation.order_sensitivity import AVOIDED, Case
from supplyrisk.mitigation.per_euro import helps
from supplyrisk.runs.common_draws import DRAWN, Ends

ENDS: tuple[End, ...] = ("low", "high")
CROWDING_OUT, PROBABILITY, CUT = "crowding_out_share", "retaliation_probability", "retaliation_share"
RunAt = Callable[[frozenset[str], Ends], Losses]


def order_cases(
    table: pl.DataFrame,
    cost: Mapping[str, float],
    place: InPlace,
    worth: Mapping[str, float],
    assumed: MeasureAssumptions,
    run: RunAt,
) -> list[Case]:
    """Assumptions on cost, on crowding-out and retaliation, and what each leader avoids, at the ends of their ranges.

    ``table`` as in ``order_sensitivity``; ``cost``: EUR a year of measures where it is known; ``run``: the simulation
    on whose draws the table tells what leaders avoid, so that a case differs from it by the assumption alone. A leader
    that makes losses larger in some sets has no place in the order, and gets one in a case where it helps
    (per_euro.helps). Not one by one, but in the range of what is avoided (``AVOIDED``), stand the numbers that each set
    draws: the idle capacity that a requirement of European content uses is one of them. What a measure is made of (its
    shares, days, months) has no range.
    """
    told = table.filter(pl.col("confirmed") & pl.col("measure").is_in(list(cost)))
    led = told.filter(pl.col("rank_per_euro").is_not_null())
    leading = [name for name in cost if name in set(led["measure"])]
    cases = [*_of_costs(leading, place, worth, assumed)]
    for region, name, low, high in led.select("region", "measure", "low", "high").iter_rows():
        cases += [
            Case(AVOIDED, name, end, value, {}, {(region, name): value})
            for end, value in zip(ENDS, (low, high), strict=True)
        ]
    confirmed = [name for name in cost if name in set(told["measure"])]
    regions = table["region"].unique(maintain_order=True).to_list()
    stocks = [name for name in leading if place.alone(name).held]
    for end in ENDS if stocks else ():
        at = Ends(crowding_out_share=end)
        found = {key: value for name in stocks for key, value in _avoided(run, name, at, regions, worth).items()}
        cases.append(Case(CROWDING_OUT, "", end, getattr(assumed.crowding_out_share, end), {}, found))
    for name, end in product((name for name in confirmed if place.alone(name).retaliations), ENDS):
        answers = [one.retaliation for one in place.alone(name).retaliations]
        for assumption, numbers, at in (
            (PROBABILITY, [own.probability for own in answers], Ends(retaliation_probability=end)),
            (CUT, [own.share for own in answers], Ends(retaliation_share=end)),
        ):
            found = _avoided(run, name, at, regions, worth)
            # All answers to a measure stand at that end together, each with a number of its own.
            for value in dict.fromkeys(float(getattr(number, end)) for number in numbers):
                cases.append(Case(assumption, name, end, value, {name: cost[name]}, found))
    return cases


def _of_costs(
    leading: Sequence[str], place: InPlace, worth: Mapping[str, float], assumed: MeasureAssumptions
) -> Iterator[Case]:
    def at(name: str, assumption: str, end: End) -> float:
        return cost_at(place.by_name[name], place.alone(name), worth, assumed, {assumption: end})

    known = {name: cost_assumptions(place.by_name[name], place.alone(name), assumed) for name in leading}
    common = {DISCOUNT_RATE: assumed.discount_rate, STORAGE: assumed.storage_share}
    common |= {f"{PRICES}{product}": price for product, price in assumed.prices.items()}
    for assumption, end in product(common, ENDS):
        shared = [name for name in leading if known[name].get(assumption) is common[assumption]]
        if shared:
            value = float(getattr(common[assumption], end))
            yield Case(assumption, "", end, value, {name: at(name, assumption, end) for name in shared}, {})
    for name in leading:
        for (assumption, number), end in product(known[name].items(), ENDS):
            if number is not common.get(assumption):
                yield Case(assumption, name, end, float(getattr(number, end)), {name: at(name, assumption, end)}, {})


def _avoided(
    run: RunAt, name: str, ends: Ends, regions: Sequence[str], worth: Mapping[str, float]
) -> dict[tuple[str, str], float]:
    """What a measure avoids in each region; nothing where it does not help."""
    before, after = run(frozenset(), DRAWN), run(frozenset([name]), ends)
    found = {}
    for region in regions:
        loss = yearly_loss(before, worth, region) - yearly_loss(after, worth, region)
        mean, low, _ = mean_and_range(loss, before.set_of)
        found[region, name] = mean if helps(mean, low) else 0.0
    return found
