"""When measures work in a run, and what they avoid in it from then on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import polars as pl

from supplyrisk.mitigation.compare import Losses, alone, mean_and_range, yearly_loss
from supplyrisk.mitigation.in_place import InPlace
from supplyrisk.mitigation.per_euro import ALL
from supplyrisk.mitigation.schedule import first_month, full_month, phases
from supplyrisk.runs.common_draws import CommonDraws

TIMING = {
    "region": pl.String, "measure": pl.String, "first_month": pl.Int64, "full_month": pl.Int64,
    "avoided_in_run": pl.Float64, "low": pl.Float64, "high": pl.Float64, "avoided_in_place": pl.Float64,
}  # fmt: skip


def timing_of(
    draws: CommonDraws,
    place: InPlace,
    table: pl.DataFrame,
    names: Collection[str],
    asked: Collection[str],
    regions: Sequence[str],
    worth: Mapping[str, float],
    progress: Callable[[float], None],
) -> pl.DataFrame:
    """Months of measures (``names``), and what those ``asked`` for avoid a year of the run, in ``TIMING``.

    ``table``: what they avoid in place, told on the same ``draws``. What is too late to work within the run avoids
    nothing in it.
    """
    files = {name: place.by_name[name].file for name in names}
    without: dict[tuple[int, int], Losses] = {}

    def run(name: str) -> tuple[Losses, Losses]:
        file = files[name]
        when = first_month(file), full_month(file)  # measures that start together share what is without them
        if when not in without:
            without[when] = draws.losses(place.together(frozenset()), [file])
        return without[when], draws.losses(place.alone(name), [file])

    within = [name for name in files if name in asked and first_month(files[name]) <= draws.months]
    found = alone(run, within, regions, worth, progress).rename({"avoided": "avoided_in_run"})
    months = pl.DataFrame(
        [(name, first_month(file), full_month(file)) for name, file in files.items()],
        schema={name: TIMING[name] for name in ("measure", "first_month", "full_month")},
        orient="row",
    )
    nothing = pl.when(pl.col("measure").is_in(sorted(set(asked) - set(within)))).then(0.0)
    return (
        table.filter(pl.col("measure").is_in(list(files)))
        .select("region", "measure", pl.col("avoided").alias("avoided_in_place"))
        .join(months, on="measure")
        .join(found, on=["region", "measure"], how="left", maintain_order="left")
        .with_columns(pl.coalesce(name, nothing).alias(name) for name in ("avoided_in_run", "low", "high"))
        .select(list(TIMING))
    )


def timing_together(
    draws: CommonDraws,
    place: InPlace,
    table: pl.DataFrame,
    joined: Collection[str],
    regions: Sequence[str],
    worth: Mapping[str, float],
) -> pl.DataFrame:
    """What all measures that are ``joined`` avoid a year of the run, each from when it works, a row a region (TIMING).

    Phase by phase (mitigation.schedule): what the measures of a phase avoid of breaks that begin in its months is
    A(S, from its start) − A(S, from the start of the next), A what a set avoids of breaks from a month on. Breaks that
    begin in one phase and last into the next are met by the measures of the first.
    """
    files = {name: place.by_name[name].file for name in joined}
    sets = phases(files, draws.months)
    starts = [[files[name] for name in sorted(names)] for names in sets]
    nothing = frozenset[str]()
    avoided = {region: np.zeros(draws.count) for region in regions}
    without = [draws.losses(place.together(nothing), start) for start in starts]
    for number, names in enumerate(sets):
        phases_of_set = zip(starts[number : number + 2], without[number : number + 2], (1.0, -1.0), strict=False)
        for start, base, sign in phases_of_set:
            then = draws.losses(place.together(names), start)
            for region in regions:
                part = yearly_loss(base, worth, region) - yearly_loss(then, worth, region)
                avoided[region] += sign * part
    first, full = (int(choose(month(file) for file in files.values()))
                   for month, choose in ((first_month, min), (full_month, max)))  # fmt: skip
    in_place = dict(table.filter(pl.col("measure") == ALL).select("region", "avoided").iter_rows())
    set_of = np.repeat(np.arange(len(draws.numbers)), draws.each)
    rows = [
        (region, ALL, first, full, *mean_and_range(avoided[region], set_of), in_place[region]) for region in regions
    ]
    return pl.DataFrame(rows, schema=TIMING, orient="row")
