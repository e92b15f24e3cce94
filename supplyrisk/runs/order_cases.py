"""Every assumption behind the order of measures per euro, at each end of its range."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

import numpy as np
import polars as pl

from supplyrisk.disruption.assumptions import End
from supplyrisk.mitigation.apply import Applied
from supplyrisk.mitigation.compare import Losses, yearly_loss
from supplyrisk.mitigation.cost import MeasureAssumptions, cost_assumptions, cost_at
from supplyrisk.mitigation.order_sensitivity import AVOIDED, Case
from supplyrisk.mitigation.read import Measure
from supplyrisk.runs.common_draws import DRAWN, Ends

ENDS: tuple[End, ...] = ("low", "high")
OF_ALL = ("discount_rate", "storage_share")
CROWDING_OUT, PROBABILITY = "crowding_out_share", "retaliation_probability"
RunAt = Callable[[frozenset[str], Ends], Losses]


def order_cases(
    table: pl.DataFrame,
    measures: Mapping[str, Measure],
    applied: Mapping[str, Applied],
    worth: Mapping[str, float],
    assumed: MeasureAssumptions,
    run: RunAt,
) -> list[Case]:
    """Assumptions on cost, on crowding-out and retaliation, and what each measure avoids, at the ends of their ranges.

    ``table`` as in ``order_sensitivity``; ``measures`` of known cost and ``applied`` alone, by name; ``run``: the
    simulation of the screening. What a measure avoids changes by as much, as a part of it, as on those draws.
    """
    led = table.filter(pl.col("confirmed") & pl.col("rank_per_euro").is_not_null())
    leading = [name for name in measures if name in set(led["measure"])]
    cases = [*_of_costs(leading, measures, applied, worth, assumed)]
    for region, name, low, high in led.select("region", "measure", "low", "high").iter_rows():
        cases += [
            Case(AVOIDED, name, end, value, {}, {(region, name): value})
            for end, value in zip(ENDS, (low, high), strict=True)
        ]
    regions = table["region"].unique().to_list()
    stocks = [name for name in leading if applied[name].held]
    if stocks:
        before = run(frozenset(), DRAWN)
        usual = {name: _avoided(before, run(frozenset([name]), DRAWN), regions, worth) for name in stocks}
        confirmed = {(row["region"], row["measure"]): row["avoided"] for row in led.iter_rows(named=True)}
        for end in ENDS:
            found = {}
            for name in stocks:
                then = _avoided(before, run(frozenset([name]), Ends(crowding_out_share=end)), regions, worth)
                for region in regions:
                    if (region, name) in confirmed and usual[name][region] > 0.0:
                        found[region, name] = confirmed[region, name] * then[region] / usual[name][region]
            cases.append(Case(CROWDING_OUT, "", end, getattr(assumed.crowding_out_share, end), {}, found))
    for name, end in product((name for name in measures if applied[name].answers), ENDS):
        then = _avoided(
            run(frozenset(), DRAWN), run(frozenset([name]), Ends(retaliation_probability=end)), regions, worth
        )
        cost = cost_at(measures[name], applied[name], worth, assumed, {})
        value = float(getattr(applied[name].answers[0].retaliation.probability, end))
        cases.append(Case(PROBABILITY, name, end, value, {name: cost}, {(place, name): then[place] for place in then}))
    return cases


def _of_costs(
    leading: Sequence[str],
    measures: Mapping[str, Measure],
    applied: Mapping[str, Applied],
    worth: Mapping[str, float],
    assumed: MeasureAssumptions,
) -> Iterator[Case]:
    def at(name: str, assumption: str, end: End) -> dict[str, float]:
        return {name: cost_at(measures[name], applied[name], worth, assumed, {assumption: end})}

    known = {name: cost_assumptions(measures[name], applied[name], assumed) for name in leading}
    for assumption, end in product(OF_ALL, ENDS):
        own = [name for name in leading if assumption in known[name]]
        if own:
            value = float(getattr(known[own[0]][assumption], end))
            costs = {key: cost for name in own for key, cost in at(name, assumption, end).items()}
            yield Case(assumption, "", end, value, costs, {})
    for name in leading:
        for (assumption, number), end in product(known[name].items(), ENDS):
            if assumption not in OF_ALL:
                yield Case(assumption, name, end, float(getattr(number, end)), at(name, assumption, end), {})


def _avoided(before: Losses, after: Losses, regions: Sequence[str], worth: Mapping[str, float]) -> dict[str, float]:
    return {
        region: float(np.mean(yearly_loss(before, worth, region) - yearly_loss(after, worth, region)))
        for region in regions
    }
