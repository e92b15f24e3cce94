"""From words on the command line to choke points."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.runs.chokepoints import choke_points
from supplyrisk.runs.open_disruption import open_model
from supplyrisk.runs.opening import Progress, tell_compiling
from supplyrisk.runs.project import find_project
from supplyrisk.runs.supplier_sweep import supplier_sweep

VIEWS = ("countries", "pairs", "capacity", "suppliers")


def run_chokepoints(
    folder: Path | None,
    chokepoints: bool,
    view: str,
    countries: Sequence[str],
    focus: Sequence[str],
    quarter: str | None,
    as_of: str | None,
    progress: Progress,
) -> tuple[pl.DataFrame, str]:
    """The table of a view for each region in focus, and what has to be read beside it.

    Raises ``InputError`` for words that are wrong, and where nothing is asked for.
    """
    if not chokepoints:
        raise InputError("risk: say what to work out; --chokepoints takes every country out in turn.")
    if view not in VIEWS:
        raise InputError(f"--view: '{view}' is not a view. {did_you_mean(view, VIEWS)}")
    project = find_project(folder)
    progress("reading the data package")
    model = open_model(project, quarter, as_of, focus)
    tell_compiling(progress)
    names = model.package.country_names()
    codes = [names.resolve(text) for text in countries]
    places = model.base.places.codes
    unknown = [code for code in codes if code not in places]
    if unknown:
        raise InputError(f"--country: {', '.join(unknown)} has no place of its own in the network.")
    if view == "suppliers":
        progress("taking out the largest maker of every product")
        return supplier_sweep(
            model
        ), "Days of normal use lost within three years; only where the place of use is known.\n"
    found = []
    for region in model.focus:
        progress(f"taking countries out: {region}")
        found.append(choke_points(model, region, codes))
    tables = {
        "countries": [result.single for result in found],
        "pairs": [result.pairs for result in found],
        "capacity": [result.capacity.select(pl.lit(result.region).alias("region"), pl.all()) for result in found],
    }
    note = (
        f"EUR a year over a window of {found[0].window_months:g} months; the country's own use stays. Without a price, "
        f"so not in the sums: {', '.join(found[0].unpriced)}.\n"
    )
    return pl.concat(tables[view]), note
