"""From words on the command line to choke points, and to the simulation of risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import polars as pl

from supplyrisk.findings.risk import why_ranked
from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.report.compose import names_in
from supplyrisk.report.wording import Wording
from supplyrisk.runs.chokepoints import choke_points
from supplyrisk.runs.open_disruption import open_model
from supplyrisk.runs.open_risk import open_risk
from supplyrisk.runs.opening import Progress, tell_compiling
from supplyrisk.runs.project import find_project
from supplyrisk.runs.risk_run import RiskModel, RiskProgress, RiskResult, run_risk
from supplyrisk.runs.supplier_sweep import supplier_sweep
from supplyrisk.store.atomic import check_replaceable, replace_folder

CHOKE_VIEWS = ("countries", "pairs", "capacity", "suppliers")
RISK_VIEWS = ("products", "why", "value", "causes", "places", "drivers", "exact", "supply", "price")
_NAMED = ("countries", "products", "sources")
_MOST_DRAWS = 1_000_000
_PRICE_NOTE = (
    "Indicative: share of world use missing over the sum of the published elasticities of demand and supply "
    "(data/parameters.csv: price_elasticity_of_demand, price_elasticity_of_supply; defaults of models do not count).\n"
)


def run_simulation(
    folder: Path | None,
    view: str,
    focus: Sequence[str],
    draws: int,
    seed: int | None,
    driver_draws: int,
    running: bool,
    quarter: str | None,
    as_of: str | None,
    out: Path | None,
    progress: Progress,
) -> tuple[pl.DataFrame, str]:
    """The table of a view, and what has to be read beside it; ``out``: a folder for all of them.

    Raises ``InputError`` for words and numbers that are wrong, before anything runs.
    """
    if view not in RISK_VIEWS:
        told = " (with --chokepoints)" if view in CHOKE_VIEWS else ""
        raise InputError(f"--view: '{view}' is not a view of the simulation{told}. {did_you_mean(view, RISK_VIEWS)}")
    if not 1 <= draws <= _MOST_DRAWS:
        raise InputError(f"--draws: {draws} is not between 1 and {_MOST_DRAWS}.")
    if out is not None:
        check_replaceable(out)
    project = find_project(folder)
    progress("reading the data package")
    risk = open_risk(project, quarter, as_of, focus, seed, running)
    tell_compiling(progress)
    wanted = view == "drivers" or out is not None
    exact = view == "exact" or out is not None
    result = run_risk(risk, draws, driver_draws if wanted else 0, driver_draws if exact else 0, RiskProgress(progress))
    if out is not None:
        write_risk(result, out)
    table = _why(result, risk) if view == "why" else getattr(result, view)
    assert isinstance(table, pl.DataFrame)
    hazards = risk.hazards
    listed = hazards.events.events.height
    note = (
        f"{result.draws} draws of {result.months} months over {result.sets} sets of uncertain numbers; hash "
        f"{result.digest}. {listed} events since {hazards.events.first_year}, worth "
        f"{hazards.rates.exposure_years:.1f} years of complete reports. World use (WLD) includes uses at unknown "
        "places.\n"
    )
    return table, note + (_PRICE_NOTE if view == "price" else "")


def _why(result: RiskResult, risk: RiskModel) -> pl.DataFrame:
    """A sentence for every product of every region: what its rank comes from."""
    wording = Wording("en", names_in("en", {name: risk.model.package.table(name) for name in _NAMED}))
    rows = [
        (row["region"], row["rank"], row["product_id"], wording.sentence(finding))
        for row in result.products.iter_rows(named=True)
        for finding in why_ranked(row, result.causes, result.places)
    ]
    return pl.DataFrame(rows, schema=["region", "rank", "product_id", "why"], orient="row")


def write_risk(result: RiskResult, folder: Path) -> None:
    """A folder with every table as CSV and Parquet, all or nothing."""
    with replace_folder(folder) as draft:
        for field in fields(result):
            table = getattr(result, field.name)
            if isinstance(table, pl.DataFrame):
                table.write_csv(draft / f"risk_{field.name}.csv")
                table.write_parquet(draft / f"risk_{field.name}.parquet")


def run_chokepoints(
    folder: Path | None,
    view: str,
    countries: Sequence[str],
    focus: Sequence[str],
    quarter: str | None,
    as_of: str | None,
    progress: Progress,
) -> tuple[pl.DataFrame, str]:
    """The table of a view for each region in focus, and what has to be read beside it.

    Raises ``InputError`` for words that are wrong.
    """
    if view not in CHOKE_VIEWS:
        raise InputError(f"--view: '{view}' is not a view of choke points. {did_you_mean(view, CHOKE_VIEWS)}")
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
        note = "Days of normal use lost within three years; only where the place of use is known.\n"
        return supplier_sweep(model), note
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
