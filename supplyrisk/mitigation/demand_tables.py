"""Paths of demand for batteries in tables."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from supplyrisk.mitigation.demand_paths import (
    APPLICATIONS,
    DEMAND_NUMBERS,
    PACKS,
    RegionDemand,
    one_at_an_end,
    span,
)

PATH = {
    "path": pl.String, "region": pl.String, "year": pl.Int64, "application": pl.String, "pack": pl.String,
    "gwh": pl.Float64, "low": pl.Float64, "high": pl.Float64, "basis": pl.String, "between_years": pl.Boolean,
    "missing_reason": pl.String, "rows": pl.String,
}  # fmt: skip
MATERIALS = {
    "path": pl.String, "region": pl.String, "year": pl.Int64, "product_id": pl.String, "tonnes": pl.Float64,
    "low": pl.Float64, "high": pl.Float64, "in_base_year": pl.Float64, "times": pl.Float64,
    "without_figure": pl.String, "use_today": pl.Float64, "use_today_row": pl.String,
}  # fmt: skip
SENSITIVITY = {
    "path": pl.String, "region": pl.String, "year": pl.Int64, "pack": pl.String, "number": pl.String,
    "gwh": pl.Float64, "at_low": pl.Float64, "at_high": pl.Float64, "swing": pl.Float64,
}  # fmt: skip
NO_FIGURE = "no_figure_in_the_data"
_WEAKEST_LAST = ("observed", "derived", "assumed")


def path_table(name: str, region: str, demand: RegionDemand, years: range) -> pl.DataFrame:
    """A row a year, application and pack.

    ``low`` and ``high``: the smallest and largest GWh with one number at an end of its range. ``basis``: the weakest of
    the figures behind it; ``rows``: those of the data that they rest on. What is not known has a reason.
    """
    rows: list[tuple[object, ...]] = []
    for year in years:
        for application in APPLICATIONS:
            found = demand.gwh(application, year, {})
            last = demand.last_year(application)
            if found is None:
                reason = NO_FIGURE if last is None else f"known_to_{last}"
                told = (None, None, None, None, None, reason, None)
                rows += [(name, region, year, application, pack, *told) for pack in PACKS]
                continue
            ends = [one for at in one_at_an_end() if (one := demand.gwh(application, year, at)) is not None]
            behind = list(demand.behind(application, year))
            basis = max((figure.basis for figure in behind), key=_WEAKEST_LAST.index)
            rested = ";".join(dict.fromkeys(row for figure in behind for row in figure.rows))
            for pack in PACKS:
                low, high = span([found[pack], *(one[pack] for one in ends)])
                between_years = demand.is_between(application, year)
                rows.append(
                    (name, region, year, application, pack, found[pack], low, high, basis, between_years, None, rested)
                )
    return pl.DataFrame(rows, schema=PATH, orient="row")


def material_table(
    name: str,
    region: str,
    demand: RegionDemand,
    years: range,
    contents: Mapping[str, Mapping[str, float]],
    today: Mapping[str, tuple[str, float]],
) -> pl.DataFrame:
    """Tonnes behind the packs, a row a year and product, beside those of the first year.

    ``contents``: tonnes per GWh by product and pack; ``today``: row and tonnes of what the region uses for all
    purposes. ``without_figure``: applications that are not in it; null in years that others are not known of.
    """
    missing = [one for one in APPLICATIONS if demand.last_year(one) is None]
    rows = []
    for product, content in contents.items():

        def tonnes(packs: Mapping[str, float] | None, content: Mapping[str, float] = content) -> float | None:
            return None if packs is None else sum(packs[pack] * content[pack] for pack in PACKS)

        first = tonnes(demand.whole(years[0], {}))
        row, use = today.get(product, (None, None))
        for year in years:
            found = tonnes(demand.whole(year, {}))
            ends = [one for at in one_at_an_end() if (one := tonnes(demand.whole(year, at))) is not None]
            low, high = (None, None) if found is None else span([found, *ends])
            times = None if found is None or not first else found / first
            rows.append(
                (name, region, year, product, found, low, high, first, times, ";".join(missing) or None, use, row)
            )
    return pl.DataFrame(rows, schema=MATERIALS, orient="row")


def sensitivity_table(name: str, region: str, demand: RegionDemand, year: int) -> pl.DataFrame:
    """GWh of each pack in a year with one number at the ends of its range, widest first; those without one left out."""
    centre, *ends = (demand.whole(year, at) for at in ({}, *one_at_an_end()))
    rows = []
    for pack in PACKS:
        for place, number in enumerate(DEMAND_NUMBERS):
            low, high = ends[2 * place : 2 * place + 2]
            if centre is None or low is None or high is None:
                raise ValueError(f"{year} is not known")
            if low[pack] != high[pack]:
                swing = abs(high[pack] - low[pack])
                rows.append((name, region, year, pack, number, centre[pack], low[pack], high[pack], swing))
    return pl.DataFrame(rows, schema=SENSITIVITY, orient="row").sort(
        "pack", "swing", "number", descending=[False, True, False]
    )


def last_whole_year(demand: RegionDemand) -> int:
    """Last year in which every application that has a figure is known."""
    found = [last for name in APPLICATIONS if (last := demand.last_year(name)) is not None]
    return min(found)
