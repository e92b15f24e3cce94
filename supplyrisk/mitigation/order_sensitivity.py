"""What decides which measures come first per euro: the order at each end of every assumption behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.disruption.assumptions import End
from supplyrisk.mitigation.per_euro import ALL

FIRST = 3
SENSITIVITY = {
    "region": pl.String, "assumption": pl.String, "measure": pl.String, "end": pl.String, "value": pl.Float64,
    "first": pl.String, "second": pl.String, "third": pl.String, "changes": pl.String,
}  # fmt: skip
SAME, ORDER, OTHERS = "nothing", "order", "others"
"""What an assumption changes: nothing, the order of the same three, or which three they are."""
CENTRAL, AVOIDED = "central", "avoided"
"""The order as it is, and what a measure avoids by sets of uncertain numbers in the place of an assumption."""


@dataclass(frozen=True)
class Case:
    """An assumption at an end of its range, and what one or several measures cost or avoid then.

    ``measure``: whose it is, empty for that of all. ``cost`` by measure; ``avoided`` by (region, measure).
    """

    assumption: str
    measure: str
    end: End
    value: float | None
    cost: dict[str, float]
    avoided: dict[tuple[str, str], float]

    def in_region(self, region: str) -> dict[str, float]:
        """What is avoided in a region, by measure."""
        return {name: value for (place, name), value in self.avoided.items() if place == region}


def order_sensitivity(table: pl.DataFrame, cases: Sequence[Case]) -> pl.DataFrame:
    """The first three of each region in every case, beside the central ones (``CENTRAL``), in ``SENSITIVITY``.

    ``table`` of measures with ``rank_per_euro``. In order are the measures that lead there (``confirmed``), and one
    that a case says both cost and effect of: by cost over avoided, those that cost nothing or less first, the one that
    avoids more before the others; what avoids nothing falls out.
    """
    ranked = table.filter(pl.col("rank_per_euro").is_not_null() & (pl.col("measure") != ALL) & pl.col("confirmed"))
    usual = {(row["region"], row["measure"]): row for row in ranked.iter_rows(named=True)}
    regions = list(dict.fromkeys(region for region, _ in usual))
    rows = []
    for region in regions:
        own = {measure: row for (place, measure), row in usual.items() if place == region}
        cost = {measure: row["cost"] for measure, row in own.items()}
        avoided = {measure: row["avoided"] for measure, row in own.items()}
        central = first_by_euro(cost, avoided)
        rows.append((region, CENTRAL, "", "value", None, *_padded(central), SAME))
        for case in cases:
            here = case.in_region(region)
            if case.avoided and not here:
                continue
            effects = avoided | here
            costs = {name: value for name, value in (cost | case.cost).items() if name in effects}
            if case.measure and case.measure not in costs:
                continue
            then = first_by_euro(costs, effects)
            told = SAME if then == central else ORDER if set(then) == set(central) else OTHERS
            rows.append((region, case.assumption, case.measure, case.end, case.value, *_padded(then), told))
    return pl.DataFrame(rows, schema=SENSITIVITY, orient="row")


def first_by_euro(cost: dict[str, float], avoided: dict[str, float]) -> list[str]:
    """The first measures by cost over avoided, those that cost nothing or less before, the larger effect first."""
    helping = [name for name in cost if avoided[name] > 0.0]
    order = sorted(helping, key=lambda name: (max(0.0, cost[name] / avoided[name]), -avoided[name], name))
    return order[:FIRST]


def _padded(names: Sequence[str]) -> list[str | None]:
    return [*names, *[None] * (FIRST - len(names))]
