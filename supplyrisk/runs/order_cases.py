"""Every assumption behind the order of measures per euro, at each end of its range."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

import numpy as np
import polars as pl

from supplyrisk.disruption.assumptions import End
from supplyrisk.mitigation.compare import Losses, yearly_loss
from supplyrisk.mitigation.cost import DISCOUNT_RATE, PRICES, STORAGE, MeasureAssumptions, cost_assumptions, cost_at
from supplyrisk.mitigation.in_place import InPlace
from supplyrisk.mitigation.order_sensitivity import AVOIDED, Case
from supplyrisk.runs.common_draws import DRAWN, Ends

ENDS: tuple[End, ...] = ("low", "high")
CROWDING_OUT, PROBABILITY = "crowding_out_share", "retaliation_probability"
RunAt = Callable[[frozenset[str], Ends], Losses]


def order_cases(
    table: pl.DataFrame,
    screened: pl.DataFrame,
    costed: Sequence[str],
    place: InPlace,
    worth: Mapping[str, float],
    assumed: MeasureAssumptions,
    run: RunAt,
) -> list[Case]:
    """Assumptions on cost, on crowding-out and retaliation, and what each leader avoids, at the ends of their ranges.

    ``table`` as in ``order_sensitivity``, ``screened`` the same before leaders were confirmed; ``costed``: measures of
    known cost; ``run``: the simulation of the screening. What a stock avoids under another crowding-out changes by as
    large a part of it as on those draws.
    """
    led = table.filter(pl.col("confirmed") & pl.col("rank_per_euro").is_not_null())
    leading = [name for name in costed if name in set(led["measure"])]
    cases = [*_of_costs(leading, place, worth, assumed)]
    for region, name, low, high in led.select("region", "measure", "low", "high").iter_rows():
        cases += [
            Case(AVOIDED, name, end, value, {}, {(region, name): value})
            for end, value in zip(ENDS, (low, high), strict=True)
        ]
    regions = table["region"].unique().to_list()
    usual = {(row["region"], row["measure"]): row["avoided"] for row in screened.iter_rows(named=True)}
    stocks = [name for name in leading if place.alone(name).held]
    for end in ENDS if stocks else ():
        then = {
            (region, name): value
            for name in stocks
            for region, value in _avoided(run, name, Ends(crowding_out_share=end), regions, worth).items()
        }
        found = {
            (region, name): avoided * then[region, name] / usual[region, name]
            for region, name, avoided in led.select("region", "measure", "avoided").iter_rows()
            if name in stocks and usual[region, name] > 0.0
        }
        cases.append(Case(CROWDING_OUT, "", end, getattr(assumed.crowding_out_share, end), {}, found))
    for name, end in product((name for name in costed if place.alone(name).answers), ENDS):
        effect = _avoided(run, name, Ends(retaliation_probability=end), regions, worth)
        cost = cost_at(place.by_name[name], place.alone(name), worth, assumed, {})
        value = float(getattr(place.alone(name).answers[0].retaliation.probability, end))
        avoided = {(region, name): effect[region] for region in regions}
        cases.append(Case(PROBABILITY, name, end, value, {name: cost}, avoided))
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


def _avoided(run: RunAt, name: str, ends: Ends, regions: Sequence[str], worth: Mapping[str, float]) -> dict[str, float]:
    before, after = run(frozenset(), DRAWN), run(frozenset([name]), ends)
    return {
        region: float(np.mean(yearly_loss(before, worth, region) - yearly_loss(after, worth, region)))
        for region in regions
    }
